"""What people call question types and rejection codes, in each language: report, samples page and card agree."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

LANGUAGES = ("en", "ko")


@cache
def sample_names(language: str) -> dict[str, dict[str, str]]:
    """``types`` and ``codes``: names by question type and by code. Raises KeyError for a language that has none."""
    if language not in LANGUAGES:
        raise KeyError(language)
    text = files("shared.pages").joinpath(f"names.{language}.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded
