"""Prompts that ship with groundtune, one readable file each."""

from __future__ import annotations

from importlib.resources import files


def prompt(name: str) -> str:
    """The text of a shipped prompt: ``teacher``."""
    return files("shared.prompting").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8").strip()
