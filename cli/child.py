"""Child processes that run our own command, and that end when their parent does, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

PARENT = "GROUNDTUNE_PARENT_PID"
PR_SET_PDEATHSIG = 1


def child_command(*arguments: str) -> list[str]:
    """``groundtune ARGUMENTS…`` with this interpreter.

    ``-P`` keeps the working directory off the import path: a folder there may well be called ``shared``.
    """
    return [sys.executable, "-P", "-m", "cli", *arguments]


def child_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` with the parent that a child should not outlive."""
    return {**environ, PARENT: str(os.getpid())}


def end_with_parent() -> None:
    """Has the kernel send us SIGTERM when the parent that started us as a child dies (Linux only)."""
    parent = os.environ.get(PARENT)
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        # It died before we could ask.
        sys.exit(f"parent process {parent} is gone")
