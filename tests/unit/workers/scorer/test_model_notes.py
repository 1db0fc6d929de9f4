from __future__ import annotations

from schemas.experiment import Models
from shared.bedrock.ports import ModelCard
from shared.testing.bedrock import FakeBedrock
from workers.scorer.model_notes import ask_cards, model_notes

READER = ModelCard("groundtune", "Local reader")


def test_local_models_are_no_language_models_and_are_told_once() -> None:
    models = Models(student="local.reader-v1", teacher="local.teacher-v1", judge="local.reader-v1")
    cards = {"local.reader-v1": READER, "local.teacher-v1": ModelCard("groundtune", "Local teacher")}
    notes = model_notes(models, cards)
    assert len(notes) == 2
    assert notes[0].startswith("local.reader-v1 is groundtune's small extractive reader, not a language model")


def test_a_real_id_that_a_local_model_answers_for_is_said_to_be_one() -> None:
    models = Models(student="amazon.nova-lite-v1:0", teacher="amazon.nova-pro-v1:0")
    (note,) = model_notes(models, {"amazon.nova-lite-v1:0": READER})
    assert note.startswith("amazon.nova-lite-v1:0 was not called: the local cloud answered in its stead")


def test_a_model_of_an_added_engine_is_named_and_not_called_something_that_it_is_not() -> None:
    models = Models(student="amazon.nova-lite-v1:0", teacher="amazon.nova-pro-v1:0")
    cards = {
        models.student: ModelCard("groundtune", "llama3.1:8b"),
        models.teacher: ModelCard("groundtune", "Local judge"),
    }
    named, own = model_notes(models, cards)
    assert named.endswith("answered in its stead with the model llama3.1:8b of an engine that was added to it.")
    assert own.endswith("with a model of groundtune's local cloud, not a language model.")


def test_real_models_need_no_note() -> None:
    cards = {"amazon.nova-lite-v1:0": ModelCard("Amazon", "Nova Lite")}
    assert model_notes(Models(student="amazon.nova-lite-v1:0", teacher="amazon.nova-pro-v1:0"), cards) == []


async def test_bedrock_is_asked_for_each_model_once_and_may_not_know_it() -> None:
    bedrock = FakeBedrock()
    bedrock.cards["local.reader-v1"] = READER
    assert await ask_cards(bedrock, Models(student="local.reader-v1", teacher="t")) == {"local.reader-v1": READER}
