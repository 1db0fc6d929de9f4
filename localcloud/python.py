"""Child processes that import what this one imports, whatever folder they are started in."""

from __future__ import annotations

import os
import sys


def module_command(module: str) -> list[str]:
    """Runs a module without putting the working folder first: a user's ``shared/`` must not hide ours."""
    return [sys.executable, "-P", "-m", module]


def environment() -> dict[str, str]:
    """This environment, with this process's import path."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in sys.path)}
