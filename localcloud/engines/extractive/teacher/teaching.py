"""The teacher's reply: pairs of all kinds, filtered and mixed, as a JSON array and nothing else."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from localcloud.engines.extractive.teacher.items import from_items
from localcloud.engines.extractive.teacher.pair import Page, Pair, read_page
from localcloud.engines.extractive.teacher.procedures import from_commands, from_steps
from localcloud.engines.extractive.teacher.statements import from_sentences
from localcloud.engines.extractive.teacher.tables import from_tables
from localcloud.engines.extractive.teacher.task import Task, question_key, read_task
from localcloud.engines.extractive.terms import content_terms
from shared.text.language import detect_language
from shared.text.links import find_links

MAKERS: tuple[Callable[[Page], Iterator[Pair]], ...] = (
    from_steps,
    from_items,
    from_sentences,
    from_tables,
    from_commands,
)
"""Where pairs come from, best first."""
_DEICTIC = re.compile(
    r"\b(?:this|these|those|above|below|following|the (?:last|previous) (?:command|one|step))\b|(?:위"
    r"|아래|다음)(?:의|와| 표| 그림)",
    re.IGNORECASE,
)
_LEAST_EVIDENCE = 8
_MOST_HOUSE = 2.5
"""An answer may be this many times as long as the examples' median."""


def teach(system: str, user: str) -> str:
    """The JSON array; ``[]`` when the documents give nothing. The house style is in the examples, not in ``system``."""
    task = read_task(user)
    pages = [read_page(number, document) for number, document in enumerate(task.documents, 1)]
    pairs = [_in_house_length(pair, pages[pair.document - 1], task) for page in pages for pair in _pairs(page)]
    kept = _mixed([pair for pair in pairs if _good(pair, task)], task.samples, task.avoid)
    return json.dumps(
        [{"question": p.question, "answer": p.answer, "citations": [p.document], "evidence": p.evidence} for p in kept],
        ensure_ascii=False,
    )


def _pairs(page: Page) -> Iterator[Pair]:
    for make in MAKERS:
        yield from make(page)


def _good(pair: Pair, task: Task) -> bool:
    """Whether a pair stands by itself, is of a fair length, in one language, and tells more than its question."""
    most = task.max_answer_words
    if task.house_words and pair.kind != "steps":
        most = min(most, round(_MOST_HOUSE * task.house_words))
    told = content_terms(pair.answer) - content_terms(pair.question)
    return (
        len(pair.answer.split()) <= most
        and len(pair.evidence) >= _LEAST_EVIDENCE
        and bool(told)
        and len(content_terms(pair.question)) >= 1
        and len(pair.question) <= 220
        and not _DEICTIC.search(pair.question)
        and not find_links(pair.question + " " + pair.answer)
        and detect_language(pair.question) == detect_language(pair.answer)
    )


def _mixed(pairs: Sequence[Pair], samples: int, avoid: frozenset[str]) -> list[Pair]:
    """Kinds and documents in turn, each question and each answer once."""
    queues: dict[tuple[int, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        queues[pair.document, pair.kind].append(pair)
    kept: list[Pair] = []
    seen, said = set(avoid), set[str]()
    while len(kept) < samples and any(queues.values()):
        for queue in queues.values():
            while queue:
                pair = _next(queue)
                key = question_key(pair.question)
                if key not in seen and pair.answer not in said:
                    seen.add(key)
                    said.add(pair.answer)
                    kept.append(pair)
                    break
    return kept[:samples]


def _next(queue: list[Pair]) -> Pair:
    """Every third of a long queue, so that a large table is not asked row by row."""
    return queue.pop((len(queue) * 3) // 7)


def _in_house_length(pair: Pair, page: Page, task: Task) -> Pair:
    """A one-sentence answer goes on with the sentence after it where house answers are clearly longer."""
    place = next((i for i, piece in enumerate(page.pieces) if piece.text == pair.answer), None)
    if task.house_words is None or place is None or place + 1 >= len(page.pieces):
        return pair
    following = page.pieces[place + 1]
    longer = f"{pair.answer} {following.text}"
    fits = len(longer.split()) <= 1.2 * task.house_words
    same = following.kind == "sentence" and following.block == page.pieces[place].block
    return Pair(pair.kind, pair.question, longer, pair.document, pair.evidence) if same and fits else pair
