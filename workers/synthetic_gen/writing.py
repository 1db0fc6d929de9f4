"""Samples of one document: the teacher is asked, its drafts are filtered. No queue, no store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.artifacts import Chunk, Document, RejectedSample, RetrievedDocument, Sample
from schemas.base import content_hash
from schemas.recipe import Recipe
from shared.bedrock.ports import Bedrock
from shared.prompting.teaching import TeacherTask, render_task
from shared.retrieval.corpus import with_headings
from workers.synthetic_gen.filters import Setting, judge, question_key
from workers.synthetic_gen.plan import Call, plan_calls
from workers.synthetic_gen.replies import Draft, Malformed, parse_reply

MAX_TOKENS = 4_096
"""Longest reply asked of the teacher, tokens."""


@dataclass
class Written:
    """What became of a document's drafts."""

    kept: list[Sample] = field(default_factory=list)
    rejected: list[RejectedSample] = field(default_factory=list)


async def write_samples(
    bedrock: Bedrock, recipe: Recipe, document: Document, chunks: Sequence[Chunk], *, avoid: Sequence[str]
) -> Written:
    """Asks the teacher for ``recipe.per_document`` samples; ``avoid`` holds questions of earlier rounds."""
    if recipe.language != "auto":
        document = document.model_copy(update={"language": recipe.language})
    written = Written()
    seen = {question_key(question) for question in avoid}
    for call in plan_calls(chunks, recipe.per_document):
        task = TeacherTask(
            samples=call.samples,
            language=document.language,
            max_answer_words=recipe.max_answer_words,
            avoid=[*avoid, *(sample.question for sample in written.kept)],
        )
        user = render_task(_as_shown(document, call), recipe.style, task)
        reply = await bedrock.converse(model=recipe.teacher, system=recipe.prompt, user=user, max_tokens=MAX_TOKENS)
        setting = Setting(call.chunks, document.language, recipe.max_answer_words)
        for draft in parse_reply(reply.text):
            _sort(draft, document, setting, seen, written)
    return written


def _sort(draft: Draft | Malformed, document: Document, setting: Setting, seen: set[str], written: Written) -> None:
    if isinstance(draft, Malformed):
        written.rejected.append(_rejected(document, "schema", draft.problem, question=draft.text))
        return
    refusal = judge(draft, setting)
    if refusal is None and question_key(draft.question) in seen:
        refusal = ("duplicate", "the question was asked before")
    if refusal is not None:
        written.rejected.append(_rejected(document, *refusal, question=draft.question, answer=draft.answer))
        return
    seen.add(question_key(draft.question))
    written.kept.append(_kept(draft, document, setting))


def _kept(draft: Draft, document: Document, setting: Setting) -> Sample:
    return Sample(
        id=content_hash([document.document, draft.question, draft.answer])[:16],
        document=document.document,
        question=draft.question,
        answer=draft.answer,
        citations=[setting.chunks[number - 1].id for number in dict.fromkeys(draft.citations)],
        evidence=draft.evidence,
        language=document.language,
    )


def _rejected(document: Document, code: str, message: str, *, question: str = "", answer: str = "") -> RejectedSample:
    name = content_hash([document.document, code, question, answer])[:16]
    return RejectedSample(
        id=name, document=document.document, code=code, message=message, question=question, answer=answer
    )


def _as_shown(document: Document, call: Call) -> list[RetrievedDocument]:
    title = document.title or ""
    return [
        RetrievedDocument(chunk=chunk.id, url=f"urn:chunk:{chunk.id}", title=title, text=with_headings(chunk))
        for chunk in call.chunks
    ]
