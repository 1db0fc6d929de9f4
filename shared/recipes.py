"""Recipes where they lie: the corpus's own as a person writes it, and those in use by their fingerprint."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

from schemas.recipe import Recipe
from shared.errors import BadInput
from shared.prompting.library import refusals, shipped_prompts
from shared.store import keys
from shared.store.artifacts import Artifacts


async def corpus_recipe(artifacts: Artifacts, corpus: str) -> Recipe | None:
    """The corpus's own recipe.yaml, prompts and refusals that it does not name being ours; None when it has none.

    Raises BadInput that says what is wrong with it.
    """
    key = keys.corpus_config(corpus, "recipe.yaml")
    try:
        body = await artifacts.read_bytes(key)
    except KeyError:
        return None
    try:
        return completed(yaml.safe_load(body))
    except (yaml.YAMLError, ValidationError, ValueError) as error:
        raise BadInput(f"{key} is no recipe: {error}") from error


def completed(written: Any) -> Recipe:
    """A recipe as a person wrote it, with what it leaves out. Raises ValueError (pydantic's too) when it is wrong."""
    if not isinstance(written, dict):
        raise ValueError("it must name `teacher` and what else differs from the defaults")
    unknown = sorted(set(map(str, written)) - set(Recipe.model_fields))
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(Recipe.model_fields)}")
    prompts = {**shipped_prompts(), **(written.get("prompts") or {})}
    said = {**refusals(), **(written.get("refusals") or {})}
    return Recipe.model_validate({**written, "prompts": prompts, "refusals": said})


async def store_recipe(artifacts: Artifacts, corpus: str, recipe: Recipe) -> None:
    """Puts a recipe where ``load_recipe`` finds it, unless it is there: its key is its hash."""
    key = keys.recipe(corpus, recipe.fingerprint())
    if not await artifacts.exists(key):
        await artifacts.write(key, recipe)


async def load_recipe(artifacts: Artifacts, corpus: str, fingerprint: str) -> Recipe:
    """The recipe with this fingerprint. Raises KeyError when it was never stored."""
    return await artifacts.read(keys.recipe(corpus, fingerprint), Recipe)
