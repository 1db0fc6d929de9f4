"""One local cloud at a time in a state folder: two would overwrite each other's state."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localcloud.errors import StateInUse


@contextmanager
def locked(state: Path | None) -> Iterator[None]:
    """Holds the folder, which is made when missing; the lock goes with the process. Raises StateInUse."""
    if state is None:
        yield
        return
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateInUse(state) from None
        yield
