"""How answers ended, what they were given, and the most telling ones side by side."""

from __future__ import annotations

from schemas.report import Example, Report, RetrievalQuality
from shared.pages.markup import escaped, grid, link, section
from shared.text import numbers
from workers.scorer.report.endings import endings as ends
from workers.scorer.report.retrieval import SLICED, origin, recall_row, slice_row, slice_sizes
from workers.scorer.report.sections import Labels


def endings(report: Report, t: Labels) -> str:
    """A sentence where the model ended every answer itself, else a table."""
    words, found = t["endings"], ends(report)
    if not found.rows:
        return ""
    if found.all_whole:
        return section(words["heading"], words["whole"])
    head = [words["arm"], *(words["reasons"].get(reason, escaped(reason)) for reason in found.reasons)]
    rows = [[escaped(arm), *counts] for arm, counts in found.rows]
    return section(words["heading"], words["why"], grid(head, rows, len(found.reasons)))


def retrieval(report: Report, t: Labels) -> str:
    """Recall, and the arms with and without what they needed."""
    words, quality = t["retrieval"], report.retrieval
    if quality is None:
        return ""
    caption = words["caption"].format(n=numbers.count(quality.n))
    recall = grid([words[name] for name in ("k", "all", "any")], map(recall_row, quality.recall), 3)
    return section(words["heading"], words["why"], origin(quality, words), f"{caption}:", recall, *_slices(quality, t))


def _slices(quality: RetrievalQuality, t: Labels) -> list[str]:
    words = t["retrieval"]
    if not quality.slices:
        return []
    sides = ("retrieved", "not_retrieved")
    head = [words["arm"], *(f"{t['metrics'][metric]}, {words[side]}" for metric in SLICED for side in sides)]
    rows = [
        [escaped(found.arm), *(shown or t["not_available"] for shown in slice_row(found))] for found in quality.slices
    ]
    return [f"{words['slices'].format(**slice_sizes(quality))}:", grid(head, rows, len(head) - 1)]


def examples(report: Report, t: Labels) -> str:
    """The largest losses first."""
    words = t["examples"]
    parts = []
    for key, found in (("worst", report.worst), ("best", report.best)):
        parts += [f"### {words[key]}", *((_example(one, t) for one in found) if found else [words[f"no_{key}"]])]
    return section(words["heading"], *parts) if report.worst or report.best else ""


def _example(example: Example, t: Labels) -> str:
    words, absent = t["examples"], t["not_available"]
    head = ["", words["answer"], t["metrics"]["rougeL"], t["metrics"]["citation_accuracy"]]
    links = ", ".join(map(link, example.references)) or words["no_links"]
    reference = [words["reference"], f"{escaped(example.reference)} ({links})", "", ""]
    answers = [
        [
            escaped(a.arm),
            escaped(a.answer),
            numbers.decimal(a.rougeL) or absent,
            numbers.decimal(a.citation, 2) or absent,
        ]
        for a in example.answers
    ]
    title = f"**{escaped(example.question)}** ({escaped(example.id)}, {numbers.signed_decimal(example.change)})"
    return f"{title}\n\n{grid(head, [reference, *answers], 2)}"
