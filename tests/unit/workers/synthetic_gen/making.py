"""Chunks, recipes, calls and drafts for the tests of synthetic-gen."""

from __future__ import annotations

from typing import Any

from schemas.artifacts import Chunk
from schemas.recipe import AnswerLength, Recipe, Unit
from shared.prompting.library import refusals, shipped_prompts
from workers.synthetic_gen.filters import Setting
from workers.synthetic_gen.plan import Call, Slot
from workers.synthetic_gen.replies import Draft

TEXT = "An activation code is valid\nfor 14 days. After 3 wrong entries it is locked; `*#06#` shows the EID."


def chunk(id: str = "c1", text: str = TEXT, document: str = "d1", section: tuple[str, ...] = ()) -> Chunk:
    return Chunk(id=id, document=document, text=text, section=list(section), start=0, end=len(text))


def recipe(**changes: Any) -> Recipe:
    """A recipe without any model's check; keyword arguments replace its fields."""
    values: dict[str, Any] = {
        "teacher": "teacher-model",
        "prompts": shipped_prompts(),
        "refusals": refusals(),
        "per_1000_tokens": 50.0,
        "types": {"fact": 1},
        "lengths": {language: AnswerLength(least=1, usual=5, most=12) for language in ("en", "ko")},
    }
    return Recipe.model_validate({**values, **changes})


def unit(*documents: str, chunks: tuple[str, ...] = ()) -> Unit:
    return Unit(documents=list(documents) or ["d1"], chunks=list(chunks))


def slot(number: int = 1, about: tuple[int, ...] = (1,), **changes: Any) -> Slot:
    values: dict[str, Any] = {"type": "fact", "asked": "fact", "persona": "a developer", "difficulty": "easy"}
    return Slot(number=number, about=about, **{**values, **changes})


def setting(*chunks: Chunk, language: str = "en", wanted: Slot | None = None, **filters: Any) -> Setting:
    used = recipe(filters=filters)
    wanted = wanted or slot()
    return Setting(Call(chunks or (chunk(),), (wanted,)), wanted, language, used.lengths[language], used.filters)


def draft(**changes: Any) -> Draft:
    """A good answer to the question that ``chunk()`` answers."""
    values: dict[str, Any] = {
        "slot": 1,
        "type": "fact",
        "question": "How long is an activation code valid?",
        "answer": "It is valid for 14 days.",
        "citations": [1],
        "evidence": [{"document": 1, "quote": "valid for 14 days"}],
    }
    return Draft.model_validate({**values, **changes})
