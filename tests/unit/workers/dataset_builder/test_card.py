"""A dataset's card: complete, safe, the same for equal runs, in the experiment's language."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from schemas.artifacts import TrainingExample
from schemas.events import RunRequested
from schemas.recipe import Recipe
from shared.services import Services
from shared.store import keys
from shared.testing.services import memory_services
from tests.unit.workers import sampled, world
from tests.unit.workers.driving import Pipeline
from workers.dataset_builder.card import SHOWN, drawn, render_html, render_markdown, write_cards
from workers.dataset_builder.planning import load_plan
from workers.dataset_builder.showing.sections import CardFacts, flat, sections
from workers.dataset_builder.worker import DatasetBuilder

SAMPLES = [sample for own in sampled.kept().values() for sample in own]


async def written(spending: dict[str, Any] | None = None, **changes: Any) -> tuple[str, str]:
    """HTML and Markdown as dataset-builder leaves them."""
    services = memory_services()
    await sampled.put_built(services, **changes)
    experiment = sampled.experiment(**changes)
    slug, plan = experiment.arms[1].slug, await load_plan(services, sampled.RUN)
    await write_cards(services, sampled.RUN, experiment, plan, SAMPLES, {slug: sampled.examples()}, spending)
    return await text(services, slug, "card.html"), await text(services, slug, "card.md")


async def text(services: Services, slug: str, name: str) -> str:
    return (await services.artifacts.read_bytes(keys.dataset(sampled.RUN, slug, name))).decode()


def facts(**changes: Any) -> CardFacts:
    experiment = sampled.experiment()
    card = CardFacts(sampled.RUN, experiment.arms[1], experiment, sampled.manifest(), sampled.examples(),
                     sampled.split(), sampled.recipe(), sampled.summary())  # fmt: skip
    return replace(card, **changes)


def told(card: CardFacts, key: str) -> str:
    section = next(section for section in sections(card) if section.key == key)
    rows = [f"{bar.name} {bar.count}" for histogram in section.histograms for bar in histogram.rows]
    return "\n".join([*section.text, *(": ".join(fact) for fact in section.facts), *section.items, *rows])


async def test_the_card_tells_what_a_person_must_know() -> None:
    html, markdown = await written({"usd": 1.25, "teacher": {"input_tokens": 123456}})
    for said in (
        "amazon.nova-lite-v1:0", "12 rows", "anthropic.claude-v9", "amazon.nova-pro-v1:0", "CC-BY-4.0",
        sampled.recipe().fingerprint(), "1.2500", "123,456", "ab" * 32, "document group", "troubleshooting",
        "Samples written earlier about evaluation documents", "evidence does not stand in the text",
    ):  # fmt: skip
        assert said in html, said
        assert said in markdown, said


async def test_the_samples_show_their_evidence() -> None:
    html, markdown = await written()
    marks = [mark.text() for mark in LexborHTMLParser(html).css("mark")]
    assert "변경은 매월 1일 0시에 적용되며" in marks
    assert "**변경은 매월 1일 0시에 적용되며**" in markdown
    assert "**Withheld**" in markdown
    links = {node.attributes["href"] for node in LexborHTMLParser(html).css("article a")}
    assert links == {"https://docs.example/ko/plans", "https://docs.example/alarms#a-1024"}


async def test_the_page_loads_nothing_and_hostile_text_is_text() -> None:
    html, markdown = await written()
    tree = LexborHTMLParser(html)
    assert not tree.css("script, img, iframe, object, form, base")
    assert "default-src 'none'" in html and "script-src" not in html
    assert sampled.HOSTILE_LINK not in [node.attributes.get("href") for node in tree.css("a")]
    assert not re.search(r"(?<!\\)<(?!https?://)", markdown)
    assert not {"\x1b", "\u202e"} & {*html, *markdown}
    levels = [int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4, h5")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


async def test_every_name_of_an_arm_recipe_or_licence_is_escaped() -> None:
    evil = "<b>x</b>"
    recipe = sampled.recipe(teacher=evil, personas=[evil], prompts={evil: evil})
    manifest = sampled.manifest().model_copy(
        update={"arm": evil, "licences": {evil: 1}, "lineage": {evil: evil}, "removed": {evil: 1}}
    )
    card = facts(recipe=recipe, manifest=manifest, spending={evil: {evil: evil}}, run=evil)
    assert not LexborHTMLParser(render_html(card, [])).css("b")
    assert not re.search(r"(?<!\\)<", render_markdown(card, []))


async def test_a_korean_experiment_has_a_korean_card() -> None:
    html, markdown = await written(language="ko")
    assert '<html lang="ko">' in html
    assert "무작위 샘플 6개" in html and "## 무작위 샘플 6개" in markdown
    assert not re.search(r"\bNone\b|Undefined", html + markdown)


async def test_equal_runs_have_equal_cards() -> None:
    assert await written() == await written()


async def test_an_arm_that_is_not_trained_has_no_card() -> None:
    services = memory_services()
    await sampled.put_built(services)
    experiment, plan = sampled.experiment(), await load_plan(services, sampled.RUN)
    examples = {arm.slug: sampled.examples() if arm.train else [] for arm in experiment.arms}
    await write_cards(services, sampled.RUN, experiment, plan, SAMPLES, examples)
    assert not await services.artifacts.exists(keys.dataset(sampled.RUN, experiment.arms[0].slug, "card.html"))


def test_twenty_are_drawn_by_seed_in_the_order_of_the_dataset() -> None:
    example = sampled.examples()[0]
    many = [example.model_copy(update={"id": f"{number:03d}"}) for number in range(100)]
    ids = [found.id for found in drawn(many, 7, "arm")]
    assert len(ids) == SHOWN and ids == sorted(ids)
    assert ids == [found.id for found in drawn(many, 7, "arm")]
    assert ids != [found.id for found in drawn(many, 8, "arm")]
    assert drawn(many[:3], 7, "arm") == many[:3]


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"split": sampled.split("question")}, "split", "may have been seen in training"),
        ({"split": sampled.split("question")}, "limits", "say nothing about documents"),
        ({}, "limits", "17% of the examples teach to refuse"),
        ({"recipe": sampled.recipe(checker=None)}, "limits", "No model checked the claims"),
        ({"recipe": sampled.recipe(checker=None)}, "filters", "Claims are checked by a model: no"),
        ({"recipe": sampled.recipe(teacher="local.teacher-v1")}, "limits", "small local stand-in"),
        ({"recipe": None}, "recipe", "No samples were written for this run."),
        ({"spending": {}}, "cost", "Not recorded."),
        ({}, "places", "1 3\n2 1\n3 1"),
        ({}, "left_out", "refers to documents of both sets 1"),
        ({"summary": sampled.summary().model_copy(update={"samples_rejected": {}})}, "rejected", "refused nothing"),
    ],
)
def test_a_card_says_what_holds(changes: dict[str, Any], key: str, said: str) -> None:
    assert said in told(facts(**changes), key)


def test_a_run_without_samples_says_nothing_of_filters() -> None:
    examples: list[TrainingExample] = sampled.examples()[:2]
    manifest = sampled.manifest().model_copy(update={"synthetic": 0, "types": {}, "removed": {}, "repeat": 1})
    card = facts(recipe=None, manifest=manifest, examples=examples)
    assert not {"prompts", "filters", "rejected"} & {section.key for section in sections(card)}
    assert told(card, "limits") == "All examples were written by people; how many are enough, only other arms can show."


def test_spending_is_shown_however_deep() -> None:
    spending = {"teacher": {"input_tokens": 1200, "usd": 0.5}, "cached": True, "nothing": None}
    assert flat(spending) == [("teacher · input tokens", "1,200"), ("teacher · usd", "0.5000"), ("cached", "True")]


def test_a_recipe_has_the_same_fingerprint_after_it_was_stored() -> None:
    recipe = sampled.recipe()
    assert Recipe.model_validate_json(recipe.model_dump_json()).fingerprint() == recipe.fingerprint()


async def test_dataset_builder_leaves_a_card_beside_every_dataset() -> None:
    services = memory_services()
    arms = [{"name": "base", "prompt": "plain"}, {"name": "ft", "prompt": "good", "train": {"original": 4}}]
    await world.put_run(services, arms=arms)
    for number in range(6):
        await world.ingest(services, number)
    await Pipeline([DatasetBuilder(services)]).run(RunRequested(run=world.RUN, corpus=world.CORPUS))
    slug = world.experiment(arms=arms).arms[1].slug
    html = LexborHTMLParser((await services.artifacts.read_bytes(keys.dataset(world.RUN, slug, "card.html"))).decode())
    assert len(html.css("article")) == 4
    assert (await services.artifacts.read_bytes(keys.dataset(world.RUN, slug, "card.md"))).startswith(b"# Dataset card")
