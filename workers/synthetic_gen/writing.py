"""Samples of one unit and round: the teacher is asked, its drafts are filtered and checked. No queue, no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.artifacts import Chunk, Evidence, RejectedSample, Sample
from schemas.base import content_hash
from schemas.recipe import AnswerLength, Recipe, Unit
from shared.bedrock.ports import Account, Bedrock
from shared.bedrock.turns import Turn
from shared.concurrency import gathered
from shared.quotas import size_of
from shared.text.duplicates import NearDuplicates
from workers.synthetic_gen.asking import ask, turn_of
from workers.synthetic_gen.checks import Checker
from workers.synthetic_gen.filters import Setting, judge, question_key
from workers.synthetic_gen.plan import Call, plan_calls
from workers.synthetic_gen.replies import Draft, Malformed


@dataclass(frozen=True)
class Material:
    """What a round of a unit is written from. ``titles``: by document; ``avoid``: questions of earlier rounds."""

    unit: Unit
    chunks: Sequence[Chunk]
    titles: Mapping[str, str]
    language: str
    round: int
    avoid: Sequence[str] = ()


@dataclass
class Written:
    """What became of a round: ``asked`` questions, of which ``nothing`` could not be had."""

    asked: int = 0
    nothing: int = 0
    kept: list[Sample] = field(default_factory=list)
    rejected: list[RejectedSample] = field(default_factory=list)
    everywhere: bool = False

    @property
    def exhausted(self) -> bool:
        """Asked about all of the unit, and the teacher found nothing: another round would bring nothing either."""
        return self.everywhere and self.nothing == self.asked


def requests(material: Material, recipe: Recipe) -> list[tuple[Call, Turn]]:
    """The first turns of a round's calls: they follow from material and recipe alone."""
    calls = plan_calls(material.unit, material.chunks, recipe, material.round)
    titles = dict(material.titles)
    return [(call, turn_of(call, recipe, material.language, titles, material.avoid)) for call in calls]


async def write_samples(bedrock: Bedrock, recipe: Recipe, material: Material, account: Account) -> Written:
    """Asks for a round's samples, filters and checks them. Raises what Bedrock's calls raise."""
    planned = requests(material, recipe)
    replies = await gathered(ask(bedrock, call, request, account) for call, request in planned)
    asked_about = {call.chunks[place - 1].id for call, _ in planned for slot in call.slots for place in slot.about}
    written = Written(
        asked=sum(len(call.slots) for call, _ in planned),
        nothing=sum(len(reply.nothing) for reply in replies),
        everywhere=len(asked_about) >= size_of(chunk.text for chunk in material.chunks).chunks,
    )
    sorting = _Sorting(recipe, material, written)
    found = [(draft, sorting.setting(call, draft)) for (call, _), reply in zip(planned, replies, strict=True)
             for draft in reply.drafts]  # fmt: skip
    checker = Checker(bedrock, recipe, dict(material.titles), account)
    refusals = await gathered(_refusal(draft, setting, checker) for draft, setting in found)
    sorting.reject([part for reply in replies for part in reply.malformed])
    for (draft, setting), refusal in zip(found, refusals, strict=True):
        sorting.sort(draft, setting, refusal)
    return written


async def _refusal(draft: Draft, setting: Setting, checker: Checker) -> tuple[str, str] | None:
    """By the filters, which cost nothing, and only then by a model."""
    return judge(draft, setting) or await checker.refuses(draft, setting)


class _Sorting:
    """Sorts drafts into kept and rejected, in their order: of two that are alike the first is kept."""

    def __init__(self, recipe: Recipe, material: Material, written: Written) -> None:
        self._recipe = recipe
        self._material = material
        self._written = written
        self._keys = {question_key(question) for question in material.avoid}
        self._near = NearDuplicates(material.avoid, recipe.filters.near_duplicate)
        for question in material.avoid:
            self._near.add(question)

    def reject(self, malformed: Sequence[Malformed]) -> None:
        self._written.rejected += [self._rejected(part.code, part.problem, text=part.text) for part in malformed]

    def _known(self, draft: Draft) -> tuple[str, str] | None:
        if question_key(draft.question) in self._keys:
            return "duplicate", "the question was asked before"
        if self._near.find(draft.question) is not None:
            return "near_duplicate", "almost the same question was asked before"
        return None

    def sort(self, draft: Draft, setting: Setting, refusal: tuple[str, str] | None) -> None:
        refusal = refusal or self._known(draft)
        if refusal is not None:
            self._written.rejected.append(self._rejected(*refusal, draft=draft, setting=setting))
            return
        self._keys.add(question_key(draft.question))
        self._near.add(draft.question)
        self._written.kept.append(self._kept(draft, setting))

    def setting(self, call: Call, draft: Draft) -> Setting:
        slot = next(slot for slot in call.slots if slot.number == draft.slot)
        language = self._material.language
        length = self._recipe.lengths.get(language, AnswerLength())
        return Setting(call, slot, language, length, self._recipe.filters)

    def _kept(self, draft: Draft, setting: Setting) -> Sample:
        cited = setting.cited(draft)
        withheld = setting.slot.type == "unanswerable"
        answer = self._recipe.refusals[setting.language] if withheld else draft.answer
        name = content_hash([self._material.unit.name, draft.question, answer])[:16]
        return Sample(
            id=name,
            documents=list(dict.fromkeys(chunk.document for chunk in cited)),
            type="unanswerable" if withheld else draft.type,
            persona=setting.slot.persona,
            difficulty=setting.slot.difficulty,
            question=draft.question,
            answer=answer,
            citations=[] if withheld else [chunk.id for chunk in cited],
            evidence=_evidence(draft, setting),
            withheld=[chunk.id for chunk in cited] if withheld else [],
            language=setting.language,
        )

    def _rejected(
        self, code: str, message: str, *, text: str = "", draft: Draft | None = None, setting: Setting | None = None
    ) -> RejectedSample:
        unit = self._material.unit
        told = [unit.name, self._material.round, code, message, text, draft.model_dump() if draft else None]
        rejected = RejectedSample(
            id=content_hash(told)[:16], documents=unit.documents, code=code, message=message, question=text
        )
        if draft is None or setting is None:
            return rejected
        shown = range(1, len(setting.call.chunks) + 1)
        cited = [setting.call.chunks[number - 1].id for number in dict.fromkeys(draft.citations) if number in shown]
        values = {"type": draft.type, "question": draft.question, "answer": draft.answer, "citations": cited}
        return rejected.model_copy(update={**values, "evidence": _evidence(draft, setting)})


def _evidence(draft: Draft, setting: Setting) -> list[Evidence]:
    """The quotes, as far as they name documents that were shown."""
    chunks = setting.call.chunks
    return [
        Evidence(chunk=chunks[part.document - 1].id, quote=part.quote)
        for part in draft.evidence
        if 1 <= part.document <= len(chunks)
    ]
