"""Prompts that ship with groundtune, one readable file each: ``<name>.<language>.md``."""

from __future__ import annotations

from importlib.resources import files

from shared.text.language import Language

LANGUAGES: tuple[Language, ...] = ("en", "ko")
NAMES = ("teacher", "groundedness", "closed_book")
"""Prompts by which samples are written and checked."""


def prompt(name: str, language: str) -> str:
    """The text of a shipped prompt, such as ``teacher`` in ``ko``."""
    return files("shared.prompting").joinpath("prompts", f"{name}.{language}.md").read_text(encoding="utf-8").strip()


def shipped_prompts() -> dict[str, str]:
    """All of ``NAMES`` in all languages, by ``<name>.<language>``."""
    return {f"{name}.{language}": prompt(name, language) for name in NAMES for language in LANGUAGES}


def refusals() -> dict[str, str]:
    """By language: what is said when the documents say nothing."""
    return {language: prompt("refusal", language) for language in LANGUAGES}
