"""The bases by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from localcloud.bases.base import Base
from localcloud.errors import BadOption

DEFAULT = "ministack"


def _ministack(state: Path | None) -> Base:
    from localcloud.bases.ministack import MiniStack

    return MiniStack(state)


def _moto(state: Path | None) -> Base:
    from localcloud.bases.moto import Moto

    return Moto()


BASES: dict[str, Callable[[Path | None], Base]] = {"ministack": _ministack, "moto": _moto}


def make(name: str, state: Path | None) -> Base:
    """The base of this name, not started. Raises BadOption when there is none."""
    if name not in BASES:
        raise BadOption(f"no base is called {name!r}; there are {', '.join(sorted(BASES))}")
    return BASES[name](state)
