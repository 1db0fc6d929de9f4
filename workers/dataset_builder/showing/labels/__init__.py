"""The words of pages and cards in each language, one YAML file a language with the same keys."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shared.errors import BadInput
from shared.pages.names import sample_names

LANGUAGES = ("en", "ko")


@cache
def labels(language: str) -> dict[str, Any]:
    """All labels of one language, nested as in its file. Raises BadInput for a language that has no file."""
    if language not in LANGUAGES:
        raise BadInput(f"there are no labels in {language!r}; there are in {', '.join(LANGUAGES)}")
    loaded: dict[str, Any] = yaml.safe_load(files(__name__).joinpath(f"{language}.yaml").read_text("utf-8"))
    return loaded | sample_names(language)
