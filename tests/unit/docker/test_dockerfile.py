from __future__ import annotations

import json
import re
import tomllib

import pytest

from shared.topology import load_topology
from tests.unit.docker.dockerfile import ROOT, ancestry, setting, stages

WORKERS = [queue.worker for queue in load_topology(ROOT / "queues.yaml").queues]
TARGETS = [*WORKERS, "local"]


def extras_of(target: str) -> set[str]:
    """The extras that the builder of an image's virtual environment installs."""
    [copied] = [copy for copy in stages()[target].all("COPY") if copy.startswith("--from=")]
    builder = copied.removeprefix("--from=").split()[0]
    runs = " ".join(run for stage in ancestry(builder) for run in stage.all("RUN"))
    return set(re.findall(r"\.\[([a-z-]+)\]", runs))


def test_every_worker_of_the_topology_has_a_target() -> None:
    assert set(TARGETS) <= set(stages())


@pytest.mark.parametrize("worker", WORKERS)
def test_a_worker_image_runs_its_worker_in_exec_form(worker: str) -> None:
    assert json.loads(setting(worker, "ENTRYPOINT") or "") == ["groundtune", "worker", worker]


@pytest.mark.parametrize("target", TARGETS)
def test_images_run_as_an_unprivileged_user_and_stop_on_sigterm(target: str) -> None:
    assert setting(target, "USER") == "groundtune"
    assert setting(target, "STOPSIGNAL") == "SIGTERM"


def declared_extras() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    return extras


def test_only_scorer_and_local_cloud_install_torch() -> None:
    torch = re.compile(r"torch\b")
    with_torch = {name for name, packages in declared_extras().items() if any(map(torch.match, packages))}
    assert {target for target in TARGETS if extras_of(target) & with_torch} == {"scorer", "local"}


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_installs_its_own_extra_when_that_asks_for_packages(target: str) -> None:
    assert extras_of(target) == ({target} if declared_extras()[target] else set())


def test_the_base_image_is_pinned_to_a_patch_version() -> None:
    bases = {stage.base for stage in stages().values()} - set(stages())
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases), bases


def test_every_install_is_constrained() -> None:
    installs = [run for stage in stages().values() for run in stage.all("RUN") if "pip install" in run]
    assert installs
    assert all("--constraint constraints.txt" in run for run in installs)


def test_no_secret_and_no_host_is_written_into_an_image() -> None:
    text = (ROOT / "docker" / "Dockerfile").read_text()
    assert not re.search(r"https?://", text)
    assert not re.search(r"(?i)(secret|password|token|access_key)", text)


def test_whatever_is_copied_is_let_through_to_the_builder() -> None:
    ignore = (ROOT / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    copied = {path for copy in stages()["builder"].all("COPY") for path in copy.split()[:-1]}
    assert ignore[1] == "*"
    assert copied == {line.removeprefix("!") for line in ignore if line.startswith("!")}
