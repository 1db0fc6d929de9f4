"""Peers' own virtual environment, outside of the checkout, made once for each content of a file of pins."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path


def pins(file: Path) -> dict[str, str]:
    """Version by package, extras left off, as the file pins them."""
    pairs = [line.split("==") for line in _wanted(file)]
    return {name.split("[")[0]: version for name, version in pairs}


def python(file: Path) -> tuple[Path, dict[str, str]]:
    """The environment's interpreter, and by package why it could not be installed."""
    key = hashlib.sha256(file.read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "groundtune" / f"peers-{key}"
    interpreter, failed = folder / "bin" / "python", folder / "failed"
    if not failed.exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        failed.write_text("".join(_failures(interpreter, _wanted(file))), encoding="utf-8")
    problems = dict(line.split("\t", 1) for line in failed.read_text(encoding="utf-8").splitlines())
    return interpreter, problems


def _failures(interpreter: Path, wanted: list[str]) -> list[str]:
    """All at once; where that fails one by one, so that a peer that cannot be had takes no other with it."""
    if _install(interpreter, wanted) is None:
        return []
    reasons = {line.split("==")[0].split("[")[0]: _install(interpreter, [line]) for line in wanted}
    return [f"{name}\t{reason}\n" for name, reason in reasons.items() if reason is not None]


def _wanted(file: Path) -> list[str]:
    lines = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line]


def _install(interpreter: Path, wanted: list[str]) -> str | None:
    """None when done, else pip's last line."""
    command = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    return (done.stderr.strip().splitlines() or ["pip failed without a word"])[-1]
