"""Samples on the terminal. All text is shown as it is: nothing of it is markup, and no escape code gets through."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from cli.samples.survey import Survey
from shared.pages.wording import seen
from shared.text.quotes import around
from workers.dataset_builder.showing.counts import Counts, falling
from workers.dataset_builder.showing.views import Passage, SampleView

CONTEXT = 160
"""Characters shown on each side of a passage's evidence."""

OUTCOMES = {"kept": "", "used": "", "unused": "used by no arm", "removed": "taken out later", "rejected": "rejected"}


class Terminal:
    """Prints samples one by one; ``printed`` counts them. Where there is no colour, evidence stands in ``[[ ]]``."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._brackets = not console.is_terminal or console.no_color
        self.printed = 0

    def head(self, survey: Survey, counts: Counts) -> None:
        """What there is in all, in a few lines."""
        for line in head_lines(survey, counts):
            self._print(line)

    def sample(self, view: SampleView) -> None:
        """One sample: what was asked and answered, what became of it, what it rests on."""
        self.printed += 1
        title = f"reply that could not be read ({view.code})" if view.unreadable else view.question or "(no question)"
        self._print("")
        self._print(title, style="bold", before=f"{self.printed}. ")
        self._print(" · ".join(_facts(view)), style="dim", indent=3)
        if view.code:
            self._print(f"{view.code}: {view.message}", style="red", indent=3)
        if view.like:
            self._print(f"too like{_whom(view)}: {view.like}", style="red", indent=3)
        self._print(view.question if view.unreadable else view.answer or "(no answer)", indent=3)
        for passage in view.passages:
            self._passage(passage)

    def _passage(self, passage: Passage) -> None:
        page = [f"page {passage.page}"] if passage.page else []
        place = " › ".join([passage.title, *passage.section, *page])
        withheld = "withheld: " if passage.withheld else ""
        self._print(f"{withheld}{place}{f' <{passage.url}>' if passage.url else ''}", style="cyan", indent=5)
        text = Text()
        for piece in around(passage.pieces, CONTEXT) if passage.pieces else ():
            shown = re.sub(r"\s+", " ", seen(piece.text))
            bracketed = f"[[{shown}]]" if piece.marked and self._brackets else shown
            text.append(bracketed, style="bold black on yellow" if piece.marked else "")
        if text:
            self._lines(text, 7)
        for quote in passage.missing:
            self._print(f"does not stand there: {quote}", style="red", indent=7)

    def _print(self, text: str, *, style: str = "", indent: int = 0, before: str = "") -> None:
        self._lines(Text(before + seen(text), style=style), indent)

    def _lines(self, text: Text, indent: int) -> None:
        """Wrapped by hand: what is piped into a file shall have no blanks at its lines' ends."""
        for line in text.wrap(self._console, max(20, self._console.width - indent)) or [Text()]:
            line.rstrip()
            self._console.print(Text(" " * indent).append_text(line) if line else line, highlight=False, soft_wrap=True)


def head_lines(survey: Survey, counts: Counts) -> list[str]:
    """Kept, taken out later, rejected by code, used by arm."""
    lines = [
        f"Run {survey.run.run} is {survey.run.status.replace('_', ' ')}. {counts.asked:,} questions asked, "
        f"{counts.kept:,} samples kept, {counts.refused:,} rejected{_in_brackets(counts.rejected)}.",
    ]
    if counts.removed:
        listed = "" if survey.removed is not None else "; the run does not list which"
        out = sum(counts.removed.values())
        lines.append(f"Taken out later: {out:,}{_in_brackets(counts.removed)}{listed}.")
    if counts.arms:
        lines.append("Used by arm: " + ", ".join(f"{name} {count:,}" for name, count in counts.arms.items()) + ".")
    else:
        lines.append("No dataset is built yet.")
    if counts.of_evaluation:
        lines.append(f"Left out, written earlier about evaluation documents: {counts.of_evaluation:,}.")
    return lines


def _in_brackets(counts: Mapping[str, int]) -> str:
    """`` (evidence 4, language 1)``, or nothing."""
    told = ", ".join(f"{name} {count:,}" for name, count in falling(counts).items())
    return f" ({told})" if told else ""


def _facts(view: SampleView) -> list[str]:
    used = f"used by {', '.join(view.arms)}" if view.arms else ""
    documents = "" if view.passages else ", ".join(view.documents)
    facts = [view.id, view.type or "", view.difficulty, view.persona, view.language, documents, used]
    return [fact for fact in [*facts, OUTCOMES[view.outcome]] if fact]


def _whom(view: SampleView) -> str:
    pair = f" evaluation pair {view.evaluation}" if view.evaluation else ""
    return pair if view.similarity is None else f"{pair} (similarity {view.similarity:.2f})"
