"""What is kept of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.artifacts import GroundTruth, Prediction, RetrievedDocument
from shared.bedrock.ports import Answer
from shared.errors import Poison
from shared.testing.bedrock import FakeBedrock
from workers.inference.answering import answer, prompt_hash

QUESTION = GroundTruth(id="q", question="How long?", answer="A day.", references=["https://x.example"])
DOCUMENT = RetrievedDocument(chunk="c", url="https://x.example", title="T", text="It lasts a day.")


async def asked(said: Answer | Exception, bedrock: FakeBedrock | None = None, system: str = "Answer.") -> Prediction:
    """The prediction of a model that takes a quarter of a second."""
    ticks: Iterator[float] = iter((7.0, 7.25))
    return await answer(
        bedrock or FakeBedrock([said]), model="m", system=system, question=QUESTION, documents=[DOCUMENT],
        timer=lambda: next(ticks),
    )  # fmt: skip


async def test_tokens_stop_reason_and_latency_are_kept() -> None:
    found = await asked(Answer("A d", "max_tokens", 11, 3, cache_read_tokens=1_024, cache_write_tokens=5))
    assert (found.answer, found.stop_reason, found.input_tokens, found.output_tokens) == ("A d", "max_tokens", 11, 3)
    assert (found.cache_read_tokens, found.cache_write_tokens) == (1_024, 5)
    assert (found.latency_ms, found.cached) == (250.0, False)


async def test_an_answer_out_of_the_store_has_no_latency_and_says_why() -> None:
    found = await asked(Answer("A day.", "end_turn", 11, 3, cached=True))
    assert (found.latency_ms, found.cached) == (None, True)


async def test_the_prompt_hash_is_that_of_what_the_model_was_sent() -> None:
    bedrock = FakeBedrock()
    found, other = await asked(Answer("", "", 0, 0), bedrock), await asked(Answer("", "", 0, 0), system="Be brief.")
    assert found.prompt_sha256 == prompt_hash(bedrock.calls[0].system, bedrock.calls[0].user) != other.prompt_sha256
    assert len(found.prompt_sha256) == 64


async def test_a_question_without_answer_keeps_what_was_asked_and_why_there_is_none() -> None:
    found = await asked(Poison("content refused"))
    assert (found.error, found.stop_reason, found.latency_ms) == ("content refused", "error", None)
    assert found.prompt_sha256 == (await asked(Answer("", "", 0, 0))).prompt_sha256
