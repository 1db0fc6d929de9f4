"""What a person gets wrong: each mistake is named with what to do about it, before anything is started."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.clouds import OperatedCloud, local_cloud
from tests.acceptance.terminal import Terminal

Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `groundtune init` writes."""
    folder = tmp_path_factory.mktemp("starter")
    with Terminal(folder) as terminal:
        terminal.call("init", "experiment")
        assert "experiment/run.yaml: fine." in terminal.call("check", "experiment/run.yaml").stdout
    return folder / "experiment"


@pytest.fixture
def terminal(starter: Path, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a folder with a starter experiment; afterwards nothing may run."""
    shutil.copytree(starter, tmp_path / "experiment")
    with Terminal(tmp_path) as terminal:
        yield terminal
        terminal.assert_nothing_runs()


def replaced(old: str, new: str, name: str = "run.yaml") -> Change:
    """Puts ``new`` for ``old``, which the file must hold."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def removed(name: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def written(name: str, body: bytes) -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(body)

    return change


FT = "{name: ft-2+6syn, prompt: optimized, train: {original: 2, synthetic: 6}}"

# A mistake by name: how it is made, and what the message must hold; ``@text`` stands for the line that holds the text.
MISTAKES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "wrong key": (replaced("retrieval:", "retreival:"), ("@retreival", "retreival", "did you mean 'retrieval'")),
    "wrong inner key": (replaced("top_k:", "topk:"), ("@topk", "topk", "did you mean 'top_k'")),
    "key twice": (replaced("seed: 7", "seed: 7\nseed: 8"), ("seed is written twice", "keep one")),
    "wrong type": (replaced("evaluation: 2", "evaluation: two"), ("@two", "split.evaluation", "'two'")),
    "no YAML": (replaced("arms:", "arms: ["), ("run.yaml", "line")),
    "not UTF-8": (written("run.yaml", "name: 시험".encode("cp949")), ("run.yaml", "UTF-8")),
    "no run file": (removed("run.yaml"), ("run.yaml: no such file", "groundtune init")),
    "no prompt": (removed("prompts/optimized.md"), ("@prompts/opt", "prompts/optimized.md", "write the prompt")),
    "no ground truth": (removed("ground_truth.jsonl"), ("@ground_truth.jsonl", "no ground-truth file", "jsonl")),
    "no documents folder": (removed("documents"), ("@  documents:", "no folder", "documents")),
    "empty corpus": (removed("documents/example.md"), ("@  documents:", "holds no documents", "put some there")),
    "too many samples": (replaced("original: 2", "original: 3"), ("ft-2+6syn", "asks for 3", "at most 2 are left")),
    "too many questions": (replaced("evaluation: 2", "evaluation: 9"), ("asks for 9 questions", "only 4 pairs")),
    "unknown prompt": (replaced("prompt: optimized}", "prompt: optimised}"), ("'optimised'", "baseline, optimized")),
    "arm twice": (replaced("{name: prompt,", "{name: baseline,"), ("two arms are named 'baseline'",)),
    "unknown metric": (replaced("# metrics: [rougeL,", "metrics: [rouge4,"), ("unknown metric 'rouge4'", "rouge3")),
    "duplicate id": (replaced("wifi-2", "wifi-1", "ground_truth.jsonl"), ("line 2", "'wifi-1'", "already on line 1")),
    "no given documents": (
        replaced("  top_k: 4", "  by: ground_truth"),
        ("@by: ground_truth", "4 of 4 pairs name no `documents`, the first is 'wifi-1'", "or write `search`"),
    ),
    "no reference": (
        replaced('["https://docs.example.com/wifi"]', "[]", "ground_truth.jsonl"),
        ("ground_truth.jsonl line 1", "references is empty"),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_check_names_a_mistake_with_its_remedy(name: str, terminal: Terminal) -> None:
    assert_named("check", *MISTAKES[name], terminal)


@pytest.mark.parametrize("name", ["wrong key", "no run file", "empty corpus", "too many samples", "duplicate id"])
def test_run_names_a_mistake_before_it_starts_anything(name: str, terminal: Terminal) -> None:
    assert_named("run", *MISTAKES[name], terminal)
    assert not (terminal.folder / ".groundtune").exists()


def assert_named(command: str, change: Change, words: tuple[str, ...], terminal: Terminal) -> None:
    folder = terminal.folder / "experiment"
    change(folder)
    expected = [at_line(folder / "run.yaml", word[1:]) if word.startswith("@") else word for word in words]
    said = terminal.call(command, "experiment/run.yaml", code=2).said
    assert [word for word in expected if word not in said] == [], said


def at_line(file: Path, text: str) -> str:
    """``run.yaml line N:``, N being the first line that holds the text and is no comment."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = next(number for number, line in enumerate(lines, 1) if text in line and not line.startswith("#"))
    return f"{file.name} line {found}:"


def test_every_mistake_is_reported_at_once(terminal: Terminal) -> None:
    for change in (replaced("top_k:", "topk:"), replaced("seed: 7", "seed: x"), removed("prompts/baseline.md")):
        change(terminal.folder / "experiment")
    said = terminal.call("check", "experiment/run.yaml", code=2).said
    assert [word for word in ("topk", "seed", "prompts/baseline.md") if word not in said] == [], said


def test_check_names_a_reference_to_no_document(terminal: Terminal) -> None:
    replaced("com/wifi", "com/wlan", "ground_truth.jsonl")(terminal.folder / "experiment")
    said = terminal.call("check", "experiment/run.yaml", code=2).said
    for word in ("'wifi-1'", "https://docs.example.com/wlan", "the URL of no document", "sources.csv"):
        assert word in said


WRONG_WORDS: dict[str, tuple[str, ...]] = {
    "rum": ("no command is named 'rum'", "did you mean 'run'", "groundtune --help"),
    "run experiment/run.yaml --scale scorrer=2": ("no worker is named 'scorrer'", "did you mean 'scorer'"),
    "run experiment/run.yaml --scale scorer=many": ("'scorer=many'", "N from 0 to 100"),
    "run experiment/run.yaml --alias nova": ("--alias 'nova'", "REAL=LOCAL"),
    "run experiment/run.yaml --alias nova=local.no-such-model": ("local.no-such-model", "local.reader-v1"),
    "run": ("Missing argument", "RUN.yaml"),
    "run experiment": ("experiment: is a folder", "such as experiment/run.yaml"),
    "run experiment/run.yaml --out experiment/run.yaml": ("'--out'", "is a file"),
    "run experiment/run.yaml --out experiment/run.yaml/out": ("experiment/run.yaml/out", "name another folder"),
    "worker scorrer": ("no worker is named 'scorrer'", "did you mean 'scorer'"),
    "init experiment": ("run.yaml exists already", "name another folder"),
    "submit experiment/run.yaml": ("AWS_ENDPOINT_URL", "--aws", "groundtune run"),
    "local up --alias nova": ("--alias 'nova'", "REAL=LOCAL"),
    "import squad experiment/run.yaml --out imported": ("run.yaml is not in SQuAD format",),
}


@pytest.mark.parametrize("line", WRONG_WORDS)
def test_a_command_that_cannot_be_meant_is_explained(line: str, terminal: Terminal) -> None:
    said = terminal.call(*line.split(), code=2).said
    assert [word for word in WRONG_WORDS[line] if word not in said] == [], said


@pytest.mark.cloud
def test_a_run_that_does_not_exist_is_said_so(cloud: OperatedCloud) -> None:
    cloud.terminal.call("provision")
    for command in ("show", "watch", "cancel"):
        said = cloud.terminal.call("runs", command, "telco-1", code=2).said
        assert "there is no run 'telco-1'" in said and "groundtune runs list" in said


CLOUD_COMMANDS = [
    "run experiment/run.yaml",
    "submit experiment/run.yaml",
    "runs list",
    "queues",
    "dlq list",
    "models",
    "fleet up",
    "worker scorer",
]


@pytest.mark.parametrize("line", [*CLOUD_COMMANDS, "provision", "destroy --yes"])
def test_an_endpoint_where_nothing_listens_is_named_with_the_remedy(line: str, terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets it, and nobody answers
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        terminal.environ |= {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        said = terminal.call(*line.split(), code=2).said
    assert f"nothing answers at {endpoint}" in said and "groundtune local up" in said


def test_missing_credentials_are_named_with_the_remedy(terminal: Terminal) -> None:
    terminal.environ |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_EC2_METADATA_DISABLED": "true"}
    terminal.environ["HOME"] = str(terminal.folder)
    said = terminal.call("queues", code=2).said
    assert "no AWS credentials" in said and "AWS_ACCESS_KEY_ID=test" in said


@pytest.fixture(scope="module")
def cloud(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatedCloud]:
    """A cloud that runs; nothing is provisioned under any name yet."""
    folder = tmp_path_factory.mktemp("cloud")
    shutil.copytree(starter, folder / "experiment")
    with Terminal(folder) as terminal, local_cloud(terminal) as cloud:
        yield cloud


@pytest.mark.cloud
@pytest.mark.parametrize("line", [line for line in CLOUD_COMMANDS if not line.startswith("run ")])
def test_a_cloud_where_nothing_is_provisioned_is_told_apart(
    line: str, cloud: OperatedCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cloud.terminal.environ, "GROUNDTUNE_NAME", "nobody")
    said = cloud.terminal.call(*line.split(), code=2).said
    assert "nobody" in said and "groundtune provision" in said


def test_check_names_given_documents_that_are_too_many_or_unknown(terminal: Terminal) -> None:
    folder = terminal.folder / "experiment"
    documents = '"documents": ["https://docs.example.com/wifi", "https://docs.example.com/wlan"], "references":'
    truth = folder / "ground_truth.jsonl"
    truth.write_text(truth.read_text("utf-8").replace('"references":', documents), "utf-8")
    replaced("top_k: 4", "by: ground_truth\n  top_k: 1")(folder)
    said = terminal.call("check", "experiment/run.yaml", code=2).said
    assert "retrieval.top_k is 1, but pair 'wifi-1' names 2 documents; raise it to that, or name fewer" in said
    replaced("top_k: 1", "top_k: 2")(folder)
    said = terminal.call("check", "experiment/run.yaml", code=2).said
    assert "refers to https://docs.example.com/wlan, which is the URL of no document" in said
