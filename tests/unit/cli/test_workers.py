from __future__ import annotations

import importlib
from typing import Any

import pytest

from cli.workers import WORKERS, load_worker
from shared.errors import BadInput
from shared.topology_checks import WORKERS as KNOWN


def test_there_is_a_class_for_every_worker_of_the_topology() -> None:
    assert tuple(WORKERS) == KNOWN


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_is_found_under_its_own_name(name: str) -> None:
    assert load_worker(name).name == name


def test_a_mistyped_worker_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="did you mean 'dataset-builder'"):
        load_worker("dataset_builder")


def test_a_missing_package_is_answered_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name}", name="pypdfium2")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(BadInput, match=r"pypdfium2.*pip install 'groundtune\[doc-ingest\]'"):
        load_worker("doc-ingest")


def test_a_broken_module_of_ours_is_a_bug_and_no_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name}", name="shared.gone")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        load_worker("doc-ingest")
