"""Local models are called what they are."""

from __future__ import annotations

from schemas.experiment import Models
from workers.scorer.model_notes import model_notes


def test_local_models_are_no_language_models_and_are_told_once() -> None:
    notes = model_notes(Models(student="local.reader-v1", teacher="local.teacher-v1", judge="local.reader-v1"))
    assert len(notes) == 2
    assert notes[0].startswith("local.reader-v1 is groundtune's small extractive reader, not a language model")
    assert notes[1].startswith("local.teacher-v1 is groundtune's small question writer")


def test_real_models_need_no_note() -> None:
    assert model_notes(Models(student="amazon.nova-lite-v1:0", teacher="amazon.nova-pro-v1:0")) == []
