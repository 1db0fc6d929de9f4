"""A name for a bug: the same for every message that dies of it, so that dead letters can be grouped."""

from __future__ import annotations

import sysconfig
import traceback
from types import FrameType

from schemas.base import content_hash

DIGITS = 12
"""Hexadecimal; of a thousand different bugs no two share them, but for once in half a billion times."""

OURS = frozenset({"schemas", "shared", "workers", "cli", "localcloud"})
"""Our packages, which are ours also where they are installed among the libraries."""

_LIBRARIES = tuple({sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")})


def stack_hash(error: BaseException) -> str:
    """12 hexadecimal digits of the error's class and the functions of our code that it came through.

    Neither line numbers nor messages nor frames of libraries count: a bug keeps its name when lines move, when it meets
    another document, and when a library is updated. A function that calls itself counts once.
    """
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if _ours(frame)]
    functions = dict.fromkeys((_module(frame), frame.f_code.co_qualname) for frame in frames)
    kind = type(error)
    return content_hash([kind.__module__, kind.__qualname__, *functions])[:DIGITS]


def _ours(frame: FrameType) -> bool:
    """Of our packages, or of a program that uses them: in any case neither a library's nor generated code."""
    file = frame.f_code.co_filename
    return _module(frame).partition(".")[0] in OURS or not file.startswith(("<", *_LIBRARIES))


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
