"""The card of a dataset: what it is, how it was made, what it cannot show, and twenty of its samples to look at.

Written beside the dataset as ``card.html``, a page that needs nothing beside itself, and ``card.md``.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.artifacts import DatasetManifest, DataSummary, Sample, SnapshotDocument, TrainingExample
from schemas.experiment import Experiment
from shared.pages.markup import bullets, escaped, grid, link, section
from shared.pages.wording import seen, text_language
from shared.services import Services
from shared.store import keys
from shared.text import numbers
from shared.text.quotes import around
from workers.dataset_builder.planning import Plan
from workers.dataset_builder.showing.chunks import ChunkReader
from workers.dataset_builder.showing.labels import labels
from workers.dataset_builder.showing.page import CONTEXT, environment
from workers.dataset_builder.showing.sections import CardFacts, Histogram, Section, sections
from workers.dataset_builder.showing.views import Passage, SampleView, kept_view, original_view
from workers.dataset_builder.split import seeded

SHOWN = 20
"""Random samples on a card."""


async def write_cards(
    services: Services, run: str, experiment: Experiment, plan: Plan, samples: Sequence[Sample],
    examples: Mapping[str, Sequence[TrainingExample]], spending: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Writes the card of every arm that is trained, beside its manifest.

    ``examples`` by the arm's slug; ``samples`` are those that its synthetic examples were made of.
    """
    artifacts, by_id = services.artifacts, {sample.id: sample for sample in samples}
    documents = await artifacts.read_lines(keys.run(run, "snapshot.jsonl"), SnapshotDocument)
    summary = await artifacts.read(keys.run(run, "summary.json"), DataSummary)
    corpus, chunking = experiment.corpus.name, experiment.chunking.fingerprint()
    reader = ChunkReader(artifacts, corpus, chunking, {document.document: document for document in documents})
    for arm in experiment.arms:
        if arm.train is None:
            continue
        manifest = await artifacts.read(keys.dataset(run, arm.slug, "manifest.json"), DatasetManifest)
        own = examples[arm.slug]
        card = CardFacts(run, arm, experiment, manifest, own, plan.split, plan.recipe, summary, spending or {})
        views = await drawn_views(reader, drawn(own, experiment.seed, arm.slug), by_id, manifest.arm)
        for name, text, content_type in (
            ("card.html", render_html(card, views), "text/html; charset=utf-8"),
            ("card.md", render_markdown(card, views), "text/markdown; charset=utf-8"),
        ):
            await artifacts.write_bytes(keys.dataset(run, arm.slug, name), text.encode(), content_type)


def drawn(examples: Sequence[TrainingExample], seed: int, arm: str) -> list[TrainingExample]:
    """Twenty examples, or all of fewer, drawn by the run's seed, in the order of the dataset."""
    places = random.Random(seeded(seed, f"card:{arm}")).sample(range(len(examples)), min(SHOWN, len(examples)))
    return [examples[place] for place in sorted(places)]


async def drawn_views(
    reader: ChunkReader, examples: Sequence[TrainingExample], samples: Mapping[str, Sample], arm: str
) -> list[SampleView]:
    """The examples as they are shown: synthetic ones with their evidence."""
    library = await reader.library([samples[example.id] for example in examples if example.id in samples])
    return [
        kept_view(samples[example.id], library, "used", [arm]) if example.id in samples else original_view(example)
        for example in examples
    ]


def render_html(card: CardFacts, views: Sequence[SampleView]) -> str:
    """The card as a page, in the card's language."""
    return environment().get_template("card.html").render(
        t=labels(card.language), language=card.language, card=card, sections=sections(card), views=views,
        foreign=lambda text: text_language(text, card.language), samples_heading=_samples_heading(card, views),
        samples_why=_samples_why(card),
    )  # fmt: skip


def render_markdown(card: CardFacts, views: Sequence[SampleView]) -> str:
    """The card as Markdown, evidence in bold."""
    parts = [f"# {card.words['title']}: {escaped(seen(card.manifest.arm))}", *map(_section, sections(card))]
    parts.append(section(_samples_heading(card, views), escaped(_samples_why(card)), *(_view(card, v) for v in views)))
    return "\n\n".join(parts) + "\n"


def _samples_heading(card: CardFacts, views: Sequence[SampleView]) -> str:
    return str(card.words["headings"]["samples"].format(count=len(views)))


def _samples_why(card: CardFacts) -> str:
    all = numbers.count(len(card.examples))
    return str(card.words["samples_why"].format(seed=card.experiment.seed, all=all))


def _section(found: Section) -> str:
    facts = [f"**{_safe(name)}**: {_safe(value)}" for name, value in found.facts]
    text = [_safe(sentence) for sentence in found.text]
    items = bullets([_safe(item) for item in found.items], ready=True)
    return section(found.heading, *text, bullets(facts, ready=True), items, *map(_histogram, found.histograms))


def _histogram(found: Histogram) -> str:
    rows = [(_safe(bar.name), numbers.count(bar.count)) for bar in found.rows]
    caption = "" if found.caption in ("", found.head[0]) else f"**{_safe(found.caption)}**\n\n"
    return caption + grid(found.head, rows, right=1)


def _view(card: CardFacts, view: SampleView) -> str:
    t = labels(card.language)
    kind = t["types"].get(view.type, view.type) if view.type else t["sample"]["original"]
    difficulty = t["difficulties"].get(view.difficulty, view.difficulty)
    facts = [view.id, kind, difficulty, view.persona, t["languages"].get(view.language, view.language)]
    lines = [
        f"### {_safe(view.question)}",
        _safe(" · ".join(fact for fact in facts if fact)),
        _safe(view.answer),
        *(_passage(passage, t["sample"]) for passage in view.passages),
    ]
    return "\n\n".join(lines)


def _passage(passage: Passage, words: Mapping[str, str]) -> str:
    title = _safe(passage.title)
    withheld = f"**{words['withheld']}**: " if passage.withheld else ""
    where = f"{withheld}{title} {link(seen(passage.url))}".rstrip()
    shown = [(_safe(piece.text), piece) for piece in around(passage.pieces, CONTEXT)] if passage.pieces else []
    text = " ".join(f"**{said}**" if piece.marked else said for said, piece in shown if said)
    missing = [f"{words['missing']} {_safe(quote)}" for quote in passage.missing]
    return "\n>\n".join(f"> {line}" for line in [where, text, *missing] if line)


def _safe(text: str) -> str:
    return escaped(seen(text))
