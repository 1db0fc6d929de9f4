"""The page of samples and a dataset's card in a real browser: phone, desktop, dark, print, keyboard, filters."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from shared.store import keys
from shared.testing.services import memory_services
from tests.acceptance.test_report_page import LANGUAGES, LOOKS, Scheme, opened, overflow
from tests.unit.workers import sampled
from tests.unit.workers.dataset_builder.showing.pages import samples_page
from workers.dataset_builder.card import write_cards
from workers.dataset_builder.planning import load_plan

pytestmark = pytest.mark.browser

NAMES = [f"{name}.{language}.html" for name in ("samples", "card") for language in LANGUAGES]
SAMPLES = [f"samples.{language}.html" for language in LANGUAGES]


async def _write(folder: Path, language: str) -> None:
    services, changes = memory_services(), {"language": language if language == "ko" else "auto"}
    await sampled.put_built(services, **changes)
    (folder / f"samples.{language}.html").write_text(await samples_page(services, language), encoding="utf-8")
    experiment, plan = sampled.experiment(**changes), await load_plan(services, sampled.RUN)
    slug, samples = experiment.arms[1].slug, [sample for own in sampled.kept().values() for sample in own]
    await write_cards(services, sampled.RUN, experiment, plan, samples, {slug: sampled.examples()})
    card = await services.artifacts.read_bytes(keys.dataset(sampled.RUN, slug, "card.html"))
    (folder / f"card.{language}.html").write_bytes(card)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both pages in both languages. Made before the browser opens: no asyncio runs beside it."""
    folder = tmp_path_factory.mktemp("pages")
    for language in LANGUAGES:
        asyncio.run(_write(folder, language))
    return folder


def shown(page: Page) -> list[str]:
    """Ids of the samples that can be seen."""
    return page.locator("article.sample:visible .scores > code:first-child").all_inner_texts()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_page_fits_its_window_and_asks_for_nothing(
    pages: Path, chromium: Browser, name: str, width: int, scheme: Scheme
) -> None:
    with opened(chromium, pages / name, width, scheme) as (page, complaints):
        assert overflow(page) <= 0
        assert page.locator("article.sample").first.is_visible()
        assert page.locator("mark").first.is_visible()
        assert complaints == []


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    ("field", "value", "ids"),
    [
        ("outcome", "unused", ["s-extra"]),
        ("type", "unanswerable", ["s-ko-2"]),
        ("code", "evidence", ["r-4", "r-1"]),
        ("language", "ko", ["s-ko-1", "s-ko-2", "s-near", "r-3", "r-4"]),
        ("document", "inbox/telco/guides/strange.md", ["s-evil"]),
    ],
)
def test_a_filter_shows_what_it_says_and_its_reset_all(
    pages: Path, chromium: Browser, name: str, field: str, value: str, ids: list[str]
) -> None:
    with opened(chromium, pages / name) as (page, complaints):
        everything = shown(page)
        page.locator(f"select[name={field}]").select_option(value)
        assert sorted(shown(page)) == sorted(ids)
        assert str(len(ids)) in page.locator("[role=status]").inner_text()
        page.locator("button[type=reset]").click()
        page.wait_for_timeout(50)
        assert shown(page) == everything
        assert complaints == []


@pytest.mark.parametrize("name", SAMPLES)
def test_search_and_filter_work_together_by_keyboard(pages: Path, chromium: Browser, name: str) -> None:
    with opened(chromium, pages / name) as (page, _):
        page.locator("input[type=search]").focus()
        page.keyboard.type("A-1024")
        assert sorted(shown(page)) == ["r-1", "s-en-1"]
        page.keyboard.press("Enter")
        page.locator("select[name=outcome]").select_option("used")
        assert shown(page) == ["s-en-1"]
        assert not page.locator("#rejected-heading").is_visible()


@pytest.mark.parametrize("name", SAMPLES)
def test_without_script_the_page_is_read_whole(pages: Path, chromium: Browser, name: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / name).as_uri())
    assert len(shown(page)) == 11
    assert not page.locator("form").is_visible()
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_focused_element_shows_it(pages: Path, chromium: Browser, name: str) -> None:
    with opened(chromium, pages / name) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.parametrize("name", NAMES)
def test_print_is_on_white_and_without_controls(pages: Path, chromium: Browser, name: str) -> None:
    with opened(chromium, pages / name, 688, "dark") as (page, _):
        page.emulate_media(media="print", color_scheme="dark")
        assert overflow(page) <= 0
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.locator("form:visible").count() == 0
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
