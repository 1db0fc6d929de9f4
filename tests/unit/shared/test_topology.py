from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import event_types
from shared import topology
from shared.errors import BadTopology
from shared.topology import Concurrency, load_topology, parse
from shared.topology_checks import TO_THE_BUS, WORKERS

SHIPPED = Path(topology.__file__).parents[1] / "queues.yaml"


def text(**changes: Any) -> str:
    """The shipped topology with its first queue (doc-ingest, from line 5 on) changed."""
    data = yaml.safe_load(SHIPPED.read_text())
    data["queues"][0].update(changes)
    return yaml.safe_dump(data, sort_keys=False)


def problems(content: str) -> list[str]:
    with pytest.raises(BadTopology) as caught:
        parse(content)
    return caught.value.problems


def test_the_shipped_topology_gives_every_worker_a_queue() -> None:
    assert tuple(queue.worker for queue in load_topology(SHIPPED).queues) == WORKERS


def test_every_event_has_one_consumer_or_goes_to_the_bus() -> None:
    loaded = load_topology(SHIPPED)
    unconsumed = {name for name in event_types() if loaded.consumer_of(name) is None}
    assert unconsumed == TO_THE_BUS
    consumer = loaded.consumer_of("groundtune.report.due.v1")
    assert consumer is not None and consumer.worker == "scorer"


def test_a_queue_is_found_by_its_worker_and_a_typo_is_answered_with_the_nearest() -> None:
    loaded = load_topology(SHIPPED)
    assert loaded.queue("scorer").concurrency == 2
    with pytest.raises(BadTopology, match="did you mean 'scorer'"):
        loaded.queue("scorrer")


def test_the_working_directory_comes_before_the_copy_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_topology().queue("scorer").concurrency == 2
    (tmp_path / "queues.yaml").write_text(SHIPPED.read_text().replace("concurrency: 2", "concurrency: 3"))
    assert load_topology().queue("scorer").concurrency == 3


def test_an_installed_copy_is_found_without_the_source_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "share" / "groundtune"
    installed.mkdir(parents=True)
    shutil.copy(SHIPPED, installed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(topology, "__file__", str(tmp_path / "site-packages" / "shared" / "topology.py"))
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert len(load_topology().queues) == 6


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTopology, match=r"absent\.yaml.*GROUNDTUNE_TOPOLOGY"):
        load_topology(tmp_path / "absent.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadTopology, match=r"binary\.yaml"):
        load_topology(tmp_path / "binary.yaml")


def test_broken_yaml_is_reported_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "queues.yaml").write_text("version: 1\nqueues: [\n")
    with pytest.raises(BadTopology, match="line 3, column 1"):
        load_topology(tmp_path / "queues.yaml")


def test_every_mistake_is_reported_at_once_with_its_line() -> None:
    content = """version: 2
queues:
  - worker: scorrer
    consume: [groundtune.report.due.v1]
    visibility_timeout_s: 50000
    consumes: [groundtune.report.due]
    emits: [groundtune.dataset.ready.v1]
    retention_days: '4'
    max_receive_count: 2
    scaling: {min: 20, mx: 3}
    concurrency: 1
    concurrency: 2
  - 5
"""
    found = problems(content)
    for line, words in (
        (1, "version is 2"),
        (3, "unknown worker 'scorrer' (did you mean 'scorer'?)"),
        (4, "unknown key 'consume' in queues[0] (did you mean 'consumes'?)"),
        (5, "queues[0].visibility_timeout_s is 50000"),
        (6, "unknown event type 'groundtune.report.due' (did you mean 'groundtune.report.due.v1'?)"),
        (7, "'groundtune.dataset.ready.v1' is emitted, but no queue consumes it"),
        (8, "queues[0].retention_days is '4'"),
        (9, "max_receive_count is 2: it must be above max_attempts (4)"),
        (10, "unknown key 'mx' in queues[0].scaling (did you mean 'max'?)"),
        (10, "scaling.max is 10: it is below scaling.min (20)"),
        (12, "'concurrency' is written twice"),
        (13, "queues[1] is 5: it must be a mapping"),
    ):
        assert any(one.startswith(f"queues.yaml:{line}: ") and words in one for one in found), words
    assert len(found) == 12


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"visibility_timeout_s": -1}, "visibility_timeout_s is -1"),
        ({"visibility_timeout_s": 43_201}, "visibility_timeout_s is 43201"),
        ({"visibility_timeout_s": True}, "visibility_timeout_s is True"),
        ({"retention_days": 0}, "retention_days is 0"),
        ({"retention_days": 15}, "retention_days is 15"),
        ({"max_receive_count": 1001}, "max_receive_count is 1001"),
        ({"max_attempts": 0}, "max_attempts is 0"),
        ({"max_attempts": 9, "max_receive_count": 9}, "it must be above max_attempts (9)"),
        ({"concurrency": 0}, "queues.yaml:14: queues[0].concurrency is 0"),
        ({"concurrency": 1001}, "concurrency is 1001"),
        ({"concurrency": True}, "concurrency is True"),
        ({"concurrency": "four"}, "concurrency is 'four': it must be a whole number, or a mapping of min and max"),
        ({"concurrency": None}, "concurrency is None: it must be a whole number, or a mapping of min and max"),
        ({"concurrency": {"min": 0, "max": 4}}, "queues.yaml:15: queues[0].concurrency.min is 0"),
        ({"concurrency": {"min": 1, "max": "4"}}, "queues.yaml:16: queues[0].concurrency.max is '4'"),
        ({"concurrency": {"min": 4}}, "queues.yaml:14: queues[0].concurrency.max is missing"),
        (
            {"concurrency": {"min": 4, "max": 3}},
            "queues.yaml:16: concurrency.max is 3: it is below concurrency.min (4)",
        ),
        ({"concurrency": {"min": 2, "mx": 4}}, "unknown key 'mx' in queues[0].concurrency (did you mean 'max'?)"),
        ({"consumes": []}, "queues[0].consumes is empty"),
        ({"consumes": "groundtune.document.submitted.v1"}, "queues[0].consumes is 'groundtune.document"),
        ({"worker": "scorer"}, "worker 'scorer' has two queues"),
        ({"worker": None}, "queues[0].worker is None"),
        ({"job_state_events": True}, "a second queue has job_state_events"),
        ({"scaling": 3}, "queues[0].scaling is 3"),
    ],
)
def test_a_wrong_value_is_named(changes: dict[str, Any], words: str) -> None:
    found = problems(text(**changes))
    assert any(words in problem for problem in found), found


@pytest.mark.parametrize("days", [1, 14])
def test_the_bounds_themselves_are_accepted(days: int) -> None:
    accepted = parse(text(retention_days=days, visibility_timeout_s=43_200, max_receive_count=5))
    assert accepted.queues[0].retention_days == days


def test_concurrency_is_a_number_or_bounds() -> None:
    fixed, tuned = (parse(text(concurrency=value)).queues[0] for value in (3, {"min": 2, "max": 16}))
    assert (fixed.concurrency, fixed.concurrency_min, fixed.concurrency_max) == (3, 3, 3)
    assert (tuned.concurrency, tuned.concurrency_min, tuned.concurrency_max) == (Concurrency(min=2, max=16), 2, 16)


def test_an_event_with_two_consumers_is_refused_and_names_the_first() -> None:
    types = ["groundtune.document.submitted.v1", "groundtune.report.due.v1"]
    [problem] = problems(text(consumes=types))
    assert "'groundtune.report.due.v1' is consumed by 'doc-ingest' already" in problem


def test_a_worker_without_a_queue_is_named() -> None:
    data = yaml.safe_load(SHIPPED.read_text())
    data["queues"].pop()
    found = problems(yaml.safe_dump(data))
    assert any("worker 'scorer' has no queue" in problem for problem in found)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["version", "queues", "worker", "consumes", "emits", "scaling", "x"]), inner, max_size=4
    ),
))  # fmt: skip
def test_whatever_is_written_there_the_answer_is_a_list_of_mistakes(data: Any) -> None:
    assert problems(yaml.safe_dump(data))
