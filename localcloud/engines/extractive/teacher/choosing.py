"""Which pair fills which slot: the type asked for, else another; each question and each answer once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from localcloud.engines.extractive.teacher.hops import join
from localcloud.engines.extractive.teacher.pair import Pair, Type
from localcloud.engines.extractive.teacher.personas import worded_for, wordings
from localcloud.engines.extractive.teacher.task import Slot, Task, question_key
from shared.text.language import detect_language

_INSTEAD: tuple[Type, ...] = ("fact", "table", "definition", "troubleshooting", "procedure", "comparison", "multi_hop")
"""In which order other types are tried where the type asked for is not to be had."""


@dataclass(frozen=True)
class Choice:
    """A pair in the wording that was chosen, counted as a type."""

    pair: Pair
    question: str
    type: Type


class Chooser:
    """Fills slots one after the other. ``pairs`` are those of each document, in the task's order."""

    def __init__(self, task: Task, pairs: Sequence[Sequence[Pair]]) -> None:
        self._task = task
        self._pairs = pairs
        self._asked = set(task.avoid)
        self._said = set[str]()

    def take(self, slot: Slot) -> Choice | str:
        """A pair not used before; else a sentence that says why there is none."""
        about = slot.about or tuple(range(1, len(self._pairs) + 1))
        if wrong := [number for number in about if number > len(self._pairs)]:
            return f"there is no document {wrong[0]}"
        held = self._held(about, slot)
        free = [pair for pair in held if self._fits(pair) and not self._used(pair)]
        if not free:
            return self._why(about, held)
        for kind in dict.fromkeys((slot.type, *_INSTEAD)):
            if fitting := [pair for pair in free if kind in pair.types]:
                return self._use(_best(fitting, slot.difficulty, self._task.usual), kind, slot.persona)
        raise AssertionError("every pair has a type")

    def _held(self, about: Sequence[int], slot: Slot) -> list[Pair]:
        single = [pair for number in about for pair in self._pairs[number - 1]]
        if slot.type != "multi_hop" or len(about) < 2:
            return single
        return [*join([self._pairs[number - 1] for number in about]), *single]

    def _fits(self, pair: Pair) -> bool:
        task = self._task
        own = detect_language(f"{pair.questions[0]} {pair.answer}")
        return task.least <= len(pair.answer.split()) <= task.most and task.language in ("", "auto", own)

    def _used(self, pair: Pair) -> bool:
        return pair.answer in self._said or any(key in self._asked for key in _keys(pair))

    def _use(self, pair: Pair, kind: Type, persona: str) -> Choice:
        self._asked.update(_keys(pair))
        self._said.add(pair.answer)
        return Choice(pair, worded_for(persona, pair.questions), kind)

    def _why(self, about: Sequence[int], held: Sequence[Pair]) -> str:
        named = f"document{'s' if len(about) > 1 else ''} {', '.join(map(str, about))}"
        if not held:
            return f"nothing in {named} can be asked about"
        if not any(self._fits(pair) for pair in held):
            least, most = self._task.least, self._task.most
            return f"nothing in {named} gives an answer of {least} to {most} words in the language asked for"
        return f"all that {named} can be asked about has been asked"


def _keys(pair: Pair) -> Iterable[str]:
    """Of every wording for any persona: the same question in other words is no new one."""
    return (question_key(wording) for wording in wordings(pair.questions))


def _best(pairs: Sequence[Pair], difficulty: str, usual: int | None) -> Pair:
    """Of the difficulty asked for where there is one, and of those not the first: a table is not asked row by row.

    Without a difficulty, an answer that can go on does so where house answers are longer.
    """
    level = [pair for pair in pairs if pair.level == difficulty]
    wanted = level or list(pairs)
    best = wanted[(len(wanted) * 3) // 7]
    if level or usual is None:
        return best
    same = [pair for pair in wanted if pair.questions == best.questions]
    return min(same, key=lambda pair: abs(len(pair.answer.split()) - usual))
