"""All of MiniStack's state as of one moment, on disk whole or not at all.

MiniStack itself writes at a clean stop only, one file a service, and reads a service's file when the service is first
asked. So the folder that it knows is a link, which is turned from one folder to another when that one is complete.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
from pathlib import Path
from typing import Any

from localcloud.bases import objects

Snapshot = dict[str, Any]
"""State by the name of its file: deep copies, so that they can be written while the services go on."""


def take() -> Snapshot:
    """Of the services that have been asked: what the others keep lies in the folder."""
    from ministack.app import _build_persistence_save_dict

    services = {name: get_state() for name, get_state in _build_persistence_save_dict().items()}
    return services | {objects.FILE: copy.deepcopy(objects.state())}


def write(snapshot: Snapshot, link: Path) -> None:
    """Into the folder that is not in use, which then is: a kill at any moment leaves one whole state."""
    from ministack.core.persistence import _json_default, _state_format_version

    used, other = sorted(_folders(link), key=lambda folder: folder.name != link.readlink().name)
    shutil.rmtree(other, ignore_errors=True)
    other.mkdir()
    for name, state in snapshot.items():
        content = {"__ministack_format__": _state_format_version(name), "payload": state}
        with (other / f"{name}.json").open("w") as file:
            json.dump(content, file, default=_json_default)
    for path in used.glob("*.json"):
        if path.stem not in snapshot:
            shutil.copyfile(path, other / path.name)
    _point(link, other)


def prepare(link: Path) -> None:
    """Before MiniStack starts: the link, to a folder that is empty or has the last state."""
    first, _ = _folders(link)
    if link.is_symlink():
        return
    if link.is_dir():  # of a local cloud that had one folder only
        shutil.rmtree(first, ignore_errors=True)
        link.rename(first)
    first.mkdir(parents=True, exist_ok=True)
    _point(link, first)


def _folders(link: Path) -> tuple[Path, Path]:
    return link.with_name(f"{link.name}.a"), link.with_name(f"{link.name}.b")


def _point(link: Path, folder: Path) -> None:
    new = link.with_name(f"{link.name}.link")
    new.unlink(missing_ok=True)
    new.symlink_to(folder.name)
    os.replace(new, link)
