"""All of MiniStack's state as of one moment, on disk whole or not at all.

MiniStack itself writes at a clean stop only, one file a service.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

from localcloud.bases import objects

Snapshot = dict[str, Any]
"""State by the name of its file: deep copies, so that they can be written while the services go on."""


def take() -> Snapshot:
    from ministack.app import _build_persistence_save_dict

    services = {name: get_state() for name, get_state in _build_persistence_save_dict().items()}
    return services | {objects.FILE: copy.deepcopy(objects.state())}


def write(snapshot: Snapshot, folder: Path) -> None:
    """Replaces ``folder``, from which MiniStack starts. A kill in between leaves what ``recover`` puts right."""
    from ministack.core import persistence

    new, old = _beside(folder)
    shutil.rmtree(new, ignore_errors=True)
    persistence.STATE_DIR = str(new)
    try:
        for name, state in snapshot.items():
            persistence.save_state(name, state)
    finally:
        persistence.STATE_DIR = str(folder)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> None:
    """Before MiniStack starts: the state of the last ``write`` that was finished, or of a clean stop."""
    new, old = _beside(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)


def _beside(folder: Path) -> tuple[Path, Path]:
    return folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
