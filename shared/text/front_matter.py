"""YAML front matter of a document: what it says about its source."""

from __future__ import annotations

import re

import yaml

_FENCED = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEYS = {"url": "url", "title": "title", "licence": "licence", "license": "licence"}


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """(url, title and licence as far as given, the text after the front matter).

    What is not a YAML mapping is no front matter but text: a document may well start with a rule.
    """
    match = _FENCED.match(text)
    values = _mapping(match.group(1)) if match else None
    if match is None or values is None:
        return {}, text
    found = {_KEYS[str(key)]: str(value).strip() for key, value in values.items() if _usable(key, value)}
    return found, text[match.end() :]


def _mapping(source: str) -> dict[object, object] | None:
    try:
        values = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _usable(key: object, value: object) -> bool:
    # scalars only: str() of a nested YAML alias could grow without bound
    return key in _KEYS and isinstance(value, str | int | float) and bool(str(value).strip())
