"""One call of the teacher: asked, read strictly, asked once more when the reply cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import Chunk, RetrievedDocument
from schemas.recipe import AnswerLength, Recipe
from shared.bedrock.ports import Account, Answer, Bedrock
from shared.bedrock.turns import Turn
from shared.prompting.teaching import AskedSlot, TeacherTask, render_repair, render_system, render_task
from shared.retrieval.passages import with_headings
from workers.synthetic_gen.plan import Call
from workers.synthetic_gen.replies import Malformed, Reply, parse_reply, salvage

MAX_TOKENS = 4_096
"""Longest reply asked of the teacher, tokens."""

REFUSED = frozenset({"content_filtered", "guardrail_intervened", "malformed_model_output"})
"""Stop reasons with which the model, or a guardrail before it, has said no."""


def turn_of(call: Call, recipe: Recipe, language: str, titles: dict[str, str], avoid: Sequence[str]) -> Turn:
    """The first turn of a call. ``titles``: by document. ``avoid``: questions of earlier rounds."""
    task = TeacherTask(
        language=language,
        answer_words=recipe.lengths.get(language, AnswerLength()),
        avoid=list(avoid),
        slots=[
            AskedSlot(
                slot=slot.number, type=slot.asked, persona=slot.persona, difficulty=slot.difficulty,
                about=list(slot.about),
            )
            for slot in call.slots
        ],
    )  # fmt: skip
    system = render_system(recipe.prompts[f"teacher.{language}"], recipe.style)
    return Turn(recipe.teacher, system, render_task(as_shown(call.chunks, titles), task), MAX_TOKENS)


async def ask(bedrock: Bedrock, call: Call, request: Turn, account: Account) -> Reply:
    """The teacher's drafts for a call. What it refuses, leaves out or garbles is in ``malformed``, by slot."""
    slots = [slot.number for slot in call.slots]
    answer = await _converse(bedrock, request, request.user, account)
    reply = _read(answer, slots)
    if reply.problem is None or answer.stop_reason in REFUSED or answer.stop_reason == "max_tokens":
        return reply
    again = await _converse(bedrock, request, render_repair(request.user, answer.text, reply.problem), account)
    mended = _read(again, slots)
    return mended if len(mended.drafts) + len(mended.nothing) > len(reply.drafts) + len(reply.nothing) else reply


async def _converse(bedrock: Bedrock, request: Turn, user: str, account: Account) -> Answer:
    return await bedrock.converse(
        model=request.model, system=request.system, user=user, max_tokens=request.max_tokens, account=account
    )


def _read(answer: Answer, slots: Sequence[int]) -> Reply:
    if answer.stop_reason in REFUSED:
        problem = f"the teacher did not answer ({answer.stop_reason})"
        return Reply(malformed=[Malformed(answer.text[:500], problem, "refused") for _ in slots])
    if answer.stop_reason == "max_tokens":
        return salvage(answer.text, slots)
    return parse_reply(answer.text, slots)


def as_shown(chunks: Sequence[Chunk], titles: Mapping[str, str]) -> list[RetrievedDocument]:
    """Chunks as teacher and checker see them: they are told no address, and so can write none."""
    return [
        RetrievedDocument(
            chunk=chunk.id, url=f"urn:chunk:{chunk.id}", title=titles[chunk.document], text=with_headings(chunk)
        )
        for chunk in chunks
    ]
