"""The report's page in a real browser: phone, desktop, dark, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from schemas.report import Report
from tests.unit.workers.scorer.report.full import full_report
from tests.unit.workers.scorer.report.sample import failed_report, sample_report
from workers.scorer.report import render_html

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
LOOKS: list[tuple[int, Scheme]] = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
LANGUAGES = ["en", "ko"]
LONG = "an-arm-whose-name-has-eighty-letters-and-not-one-space-to-break-it-on-a-small-pho"[:80]


@contextmanager
def opened(
    browser: Browser, file: Path, width: int = 1280, scheme: Scheme = "light", *, bypass_csp: bool = False
) -> Iterator[tuple[Page, list[str]]]:
    """The page from a file, and a list of everything it did that it should not."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=bypass_csp)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
    page.goto(file.as_uri())
    yield page, complaints
    context.close()


def saved(folder: Path, report: Report, language: str = "en") -> Path:
    file = folder / "index.html"
    file.write_text(render_html(report, language=language), encoding="utf-8")
    return file


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def contrast(page: Page, selector: str) -> float:
    """Of an element's text with the nearest colour behind it, as WCAG 2 defines the ratio."""
    text, behind = page.locator(selector).first.evaluate(
        """element => {
            const behind = at => getComputedStyle(at).backgroundColor;
            let at = element;
            while (behind(at) === 'rgba(0, 0, 0, 0)') at = at.parentElement;
            return [getComputedStyle(element).color, behind(at)]
        }"""
    )
    low, high = sorted(map(luminance, (text, behind)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``rgb(r, g, b)``."""
    shares = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_its_window_and_asks_for_nothing(
    chromium: Browser, tmp_path: Path, width: int, scheme: Scheme, language: str
) -> None:
    report = full_report()
    with opened(chromium, saved(tmp_path, report, language), width, scheme) as (page, complaints):
        assert overflow(page) <= 0
        assert page.locator("table.comparison").first.is_visible()
        for arm in report.arms:
            assert page.locator("table.comparison").first.get_by_text(arm.name, exact=True).first.is_visible()
        assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_failed_run_and_a_very_long_name_fit_as_well(chromium: Browser, tmp_path: Path, width: int) -> None:
    long = [arm.model_copy(update={"name": LONG + str(n)}) for n, arm in enumerate(sample_report().arms)]
    for report in (failed_report(), sample_report(arms=long, name="x" * 40, baseline=LONG + "0", winner=LONG + "4")):
        with opened(chromium, saved(tmp_path, report), width) as (page, complaints):
            assert overflow(page) <= 0
            assert complaints == []


def test_a_wide_table_scrolls_inside_its_own_container_by_keyboard_too(chromium: Browser, tmp_path: Path) -> None:
    # Waiting for the end of the scroll evaluates a script, which the page's own policy rightly forbids.
    with opened(chromium, saved(tmp_path, sample_report()), 360, bypass_csp=True) as (page, _):
        container = page.locator(".scroll").first
        assert container.evaluate("element => element.scrollWidth > element.clientWidth")
        container.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")
        assert page.evaluate("window.scrollX") == 0


def test_a_focused_element_shows_it(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, saved(tmp_path, sample_report())) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0


def test_a_folded_table_opens_by_keyboard_and_keeps_the_page_in_its_window(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, saved(tmp_path, full_report()), 360) as (page, complaints):
        folded = page.locator("#slices details")
        table = folded.first.locator("table")
        assert not table.is_visible()
        folded.first.locator("summary").focus()
        page.keyboard.press("Enter")
        assert table.is_visible()
        assert overflow(page) <= 0
        assert complaints == []


def test_tab_goes_to_the_contents_then_through_the_page_in_its_order(chromium: Browser, tmp_path: Path) -> None:
    here = "document.activeElement.getAttribute('href') || document.activeElement.closest('section')?.id || ''"
    with opened(chromium, saved(tmp_path, full_report()), bypass_csp=True) as (page, _):
        visited: list[str] = []
        for _press in range(60):
            page.keyboard.press("Tab")
            visited.append(str(page.evaluate(here)))
        sections = [f"#{name}" for name in page.locator("main > section").evaluate_all("all => all.map(s => s.id)")]
        contents = visited.index(sections[0], 1)
        assert visited[0] == "#comparison"
        assert visited[contents : contents + len(sections)] == sections
        reached = [f"#{name}" for name in dict.fromkeys(visited[contents + len(sections) :]) if f"#{name}" in sections]
        assert len(reached) > 5
        assert reached == [name for name in sections if name in reached]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(chromium: Browser, tmp_path: Path, scheme: Scheme) -> None:
    with opened(chromium, saved(tmp_path, full_report()), scheme=scheme) as (page, _):
        for name in (".under", "caption", ".change.up", ".change.down", ".flag-valid", ".notes li", "nav a"):
            assert contrast(page, name) >= 4.5, name


def test_print_shows_the_whole_table_and_what_was_folded_away(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, saved(tmp_path, full_report()), 688, "dark") as (page, _):
        page.emulate_media(media="print", color_scheme="dark")
        assert overflow(page) <= 0
        cut = "tables => tables.filter(t => t.scrollWidth > t.parentElement.clientWidth).map(t => t.caption.innerText)"
        assert page.locator("table").evaluate_all(cut) == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.locator("details pre").first.evaluate("element => element.getBoundingClientRect().height") > 0
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
