"""What stands on a dataset's card, section by section, for HTML and Markdown alike. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.artifacts import DatasetManifest, DataSummary, SplitPlan, TrainingExample
from schemas.base import content_hash
from schemas.experiment import Arm, Experiment
from schemas.recipe import Recipe
from shared.text import numbers
from workers.dataset_builder.showing.counts import Bar, bars, falling
from workers.dataset_builder.showing.labels import labels

Fact = tuple[str, str]


@dataclass(frozen=True)
class Histogram:
    """Counts by name, under a heading of two columns."""

    caption: str
    head: tuple[str, str]
    rows: Sequence[Bar]


@dataclass(frozen=True)
class Section:
    """A heading with sentences, facts, a list and histograms under it, as far as it has them."""

    key: str
    heading: str
    text: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    items: Sequence[str] = ()
    histograms: Sequence[Histogram] = ()


@dataclass(frozen=True)
class CardFacts:
    """All that a card tells but its samples. ``spending`` is shown as it comes, nested or not."""

    run: str
    arm: Arm
    experiment: Experiment
    manifest: DatasetManifest
    examples: Sequence[TrainingExample]
    split: SplitPlan
    recipe: Recipe | None = None
    summary: DataSummary | None = None
    spending: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """Of the card: Korean where the experiment is."""
        return "ko" if self.experiment.language == "ko" else "en"

    @property
    def words(self) -> dict[str, Any]:
        """The card's labels."""
        found: dict[str, Any] = labels(self.language)["card"]
        return found


def sections(card: CardFacts) -> list[Section]:
    """The card's sections in the order in which they are read; those that say nothing are left out."""
    made = (make(card) for make in _SECTIONS)
    return [section for section in made if section is not None]


def _what(card: CardFacts) -> Section:
    t, manifest = card.words, card.manifest
    count = manifest.original + manifest.synthetic
    said = t["what"].format(
        arm=manifest.arm, run=card.run, all=numbers.count(count), original=numbers.count(manifest.original),
        synthetic=numbers.count(manifest.synthetic),
    )  # fmt: skip
    rows = t["rows"].format(
        rows=numbers.count(count * manifest.repeat), examples=numbers.count(count), repeat=manifest.repeat
    )
    facts = [
        (t["run"], card.run),
        (t["arm"], manifest.arm),
        (t["base_model"], manifest.base_model),
        (t["format"], manifest.format),
        (t["file"], rows),
    ]
    return _section(card, "what", text=[said], facts=facts)


def _counts(card: CardFacts) -> Section:
    t, manifest, found = card.words, card.manifest, labels(card.language)
    train = card.arm.train
    asked = {"original": train.original, "synthetic": train.synthetic} if train else {}
    facts = [(f"{t['asked']}, {t[kind]}", numbers.count(count)) for kind, count in asked.items()]
    kinds = {t["original"]: manifest.original, t["synthetic"]: manifest.synthetic}
    return _section(
        card,
        "counts",
        facts=facts,
        histograms=[
            _histogram(card, "kind", kinds),
            _histogram(card, "type", _named(manifest.types, found["types"])),
            _histogram(card, "language", _named(manifest.languages, found["languages"])),
        ],
    )


def _places(card: CardFacts) -> Section:
    places = {str(place): count for place, count in card.manifest.oracle_places.items()}
    without = numbers.count(len(card.examples) - sum(places.values()))
    return _section(
        card, "places", text=[card.words["places_why"].format(without=without)],
        histograms=[_histogram(card, "place", places)],
    )  # fmt: skip


def _recipe(card: CardFacts) -> Section:
    t, recipe, found = card.words, card.recipe, labels(card.language)
    if recipe is None:
        return _section(card, "recipe", text=[t["no_recipe"]])
    facts = [
        (t["fingerprint"], recipe.fingerprint()),
        (t["teacher"], recipe.teacher),
        (t["checker"], recipe.checker or t["by_words"]),
        (t["closed_book"], recipe.closed_book or t["not_asked"]),
        (t["types"], _weights(_named(recipe.types, found["types"]))),
        (t["difficulties"], _weights(_named(recipe.difficulties, found["difficulties"]))),
        (t["personas"], ", ".join(recipe.personas)),
        (t["style"], numbers.count(len(recipe.style))),
        (t["lengths"], "; ".join(_length(card, language, recipe) for language in sorted(recipe.lengths))),
    ]
    return _section(card, "recipe", facts=[fact for fact in facts if fact[1]])


def _prompts(card: CardFacts) -> Section | None:
    if card.recipe is None:
        return None
    facts = [(name, content_hash(text)) for name, text in sorted(card.recipe.prompts.items())]
    return _section(card, "prompts", facts=facts)


def _filters(card: CardFacts) -> Section | None:
    recipe = card.recipe
    if recipe is None:
        return None
    asked = {"claims": recipe.checker is not None, "closed_book": recipe.closed_book is not None}
    filters = recipe.filters.model_dump(exclude_none=True)
    thresholds = {**filters, **{name: filters[name] and asked[name] for name in asked}}
    thresholds |= card.experiment.decontamination.model_dump()
    names = card.words["filter_names"]
    facts = [(names.get(name, name), _threshold(card, value)) for name, value in thresholds.items()]
    return _section(card, "filters", facts=facts)


def _split(card: CardFacts) -> Section:
    t, split = card.words, card.split
    groups = t["groups_of"].format(all=split.groups, evaluation=split.evaluation_groups)
    facts = [
        (t["split_by"], t[f"split_{split.by}"]),
        (t["seed"], str(split.seed)),
        (t["groups"], groups),
        (t["train_pairs"], numbers.count(len(split.train))),
        (t["evaluation_pairs"], numbers.count(len(split.evaluation))),
        (t["left_pairs"], numbers.count(len(split.left_out))),
    ]
    return _section(card, "split", facts=facts)


def _left_out(card: CardFacts) -> Section:
    t, codes = card.words, labels(card.language)["codes"]
    pairs: dict[str, int] = {}
    for why in card.split.left_out.values():
        pairs[why] = pairs.get(why, 0) + 1
    earlier = card.summary.samples_of_evaluation if card.summary else 0
    samples = _named(card.manifest.removed, codes) | ({t["of_evaluation"]: earlier} if earlier else {})
    found = [
        Histogram(t[kind], (t["reason"], t["count"]), bars(falling(reasons)))
        for kind, reasons in (("left_samples", samples), ("left_pairs", pairs))
        if reasons
    ]
    return _section(card, "left_out", text=[] if found else [t["nothing_left_out"]], histograms=found)


def _rejected(card: CardFacts) -> Section | None:
    if card.summary is None or card.recipe is None:
        return None
    t, codes = card.words, labels(card.language)["codes"]
    rejected = card.summary.samples_rejected
    if not rejected:
        return _section(card, "rejected", text=[t["nothing_rejected"]])
    named = _named(falling(rejected), codes)
    return _section(card, "rejected", histograms=[Histogram("", (t["reason"], t["count"]), bars(named))])


def _sources(card: CardFacts) -> Section:
    t, found = card.words, labels(card.language)
    licences = _named(card.manifest.licences, {"not stated": found["not_stated"]})
    return _section(
        card,
        "sources",
        facts=[(t["documents"], numbers.count(sum(licences.values())))],
        histograms=[_histogram(card, "licence", licences)],
    )


def _cost(card: CardFacts) -> Section:
    facts = flat(card.spending)
    return _section(card, "cost", text=[] if facts else [card.words["no_cost"]], facts=facts)


def _limits(card: CardFacts) -> Section:
    said, manifest, recipe = card.words["limits"], card.manifest, card.recipe
    refusing = manifest.types.get("unanswerable", 0)
    share = f"{refusing / max(1, manifest.original + manifest.synthetic):.0%}"
    teacher = recipe.teacher if recipe else ""
    holds = {
        "filtered": manifest.synthetic > 0,
        "teacher": manifest.synthetic > 0,
        "evidence": manifest.synthetic > 0,
        "by_words": manifest.synthetic > 0 and recipe is not None and recipe.checker is None,
        "refusals": refusing > 0,
        "local": manifest.synthetic > 0 and teacher.startswith("local."),
        "question": card.split.by == "question",
        "repeat": manifest.repeat > 1,
        "no_synthetic": manifest.synthetic == 0,
    }
    items = [
        said[name].format(share=share, teacher=teacher, repeat=manifest.repeat) for name, true in holds.items() if true
    ]
    return _section(card, "limits", items=items)


def _lineage(card: CardFacts) -> Section:
    manifest, summary = card.manifest, card.summary
    hashes = {"sha256": manifest.sha256, **{f"{name} sha256": digest for name, digest in manifest.exports.items()}}
    data = (
        {} if summary is None else {name: getattr(summary, name) for name in ("snapshot_sha256", "evaluation_sha256")}
    )
    facts = [(name.replace("_", " "), value) for name, value in {**manifest.lineage, **data, **hashes}.items()]
    return _section(card, "lineage", facts=facts)


_SECTIONS: tuple[Callable[[CardFacts], Section | None], ...] = (
    _what, _counts, _places, _recipe, _prompts, _filters, _split, _left_out, _rejected, _sources, _cost, _limits,
    _lineage,
)  # fmt: skip


def flat(value: Mapping[str, Any], path: str = "") -> list[Fact]:
    """Every leaf with the path to it: ``{"teacher": {"input_tokens": 1200}}`` → ``teacher · input tokens``, 1,200."""
    found: list[Fact] = []
    for name, item in value.items():
        told = f"{path} · {name}" if path else str(name)
        if isinstance(item, Mapping):
            found += flat(item, told)
        elif item is not None:
            found.append((told.replace("_", " "), _text(item)))
    return found


def _text(item: Any) -> str:
    if isinstance(item, int) and not isinstance(item, bool):
        return numbers.count(item)
    return f"{item:,.4f}" if isinstance(item, float) else str(item)


def _section(card: CardFacts, key: str, **parts: Any) -> Section:
    histograms = [histogram for histogram in parts.pop("histograms", []) if histogram.rows]
    return Section(key, card.words["headings"][key], histograms=histograms, **parts)


def _histogram(card: CardFacts, key: str, counts: Mapping[str, int]) -> Histogram:
    return Histogram(card.words[key], (card.words[key], card.words["count"]), bars(counts))


def _named(values: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in values.items()}


def _weights(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {weight:g}" for name, weight in weights.items())


def _length(card: CardFacts, language: str, recipe: Recipe) -> str:
    name = labels(card.language)["languages"].get(language, language)
    said: str = card.words["length"].format(language=name, **recipe.lengths[language].model_dump())
    return said


def _threshold(card: CardFacts, value: Any) -> str:
    if isinstance(value, bool):
        return str(card.words["yes" if value else "no"])
    if isinstance(value, Mapping):
        return ", ".join(f"{name.replace('_', ' ')} {item}" for name, item in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
