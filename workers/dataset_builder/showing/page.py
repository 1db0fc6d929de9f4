"""The samples of a run as one HTML page that needs nothing beside itself, written part by part.

Samples and documents are untrusted text: Jinja2 escapes all of it, only http(s) links become links, and the page's own
content security policy forbids every request and every script but its own, which only filters what is there.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment

from shared.pages.environment import own_text, page_environment
from shared.pages.wording import text_language
from shared.text.quotes import around
from workers.dataset_builder.showing.counts import Counts, bars, falling, steps
from workers.dataset_builder.showing.labels import labels
from workers.dataset_builder.showing.views import SampleView

PACKAGE = "workers.dataset_builder.showing"
CONTEXT = 240
"""Characters shown on each side of a passage's evidence."""


def page_head(run: str, status: str, counts: Counts, *, language: str = "en") -> str:
    """The page up to its samples. Raises BadInput for a language that has no labels."""
    most = max([*counts.rejected.values(), *counts.removed.values()], default=0)
    return _rendered(
        "page_head.html",
        language,
        run=run,
        status=labels(language)["statuses"].get(status, status),
        counts=counts,
        steps=steps(counts),
        rejected=bars(falling(counts.rejected), most),
        removed=bars(falling(counts.removed), most),
        arms=bars(counts.arms),
        policy=_policy(),
    )


def section_head(group: str, *, language: str = "en") -> str:
    """The beginning of a group of samples: ``kept``, ``removed`` or ``rejected``."""
    return _rendered("section_head.html", language, group=group)


def sample_card(view: SampleView, *, language: str = "en") -> str:
    """One sample."""
    return _rendered("sample_card.html", language, view=view)


def section_tail(shown: int, total: int | None = None, *, language: str = "en") -> str:
    """The end of a group, of which ``shown`` of ``total`` samples (None: unknown) were written."""
    return _rendered("section_tail.html", language, shown=shown, total=total)


def page_tail(*, language: str = "en") -> str:
    """The page after its samples: the script that filters them."""
    return _rendered("page_tail.html", language, script=_script())


@cache
def environment() -> Environment:
    """The templates of pages and cards."""
    made = page_environment(PACKAGE)
    made.globals.update(around=around, context=CONTEXT)
    return made


def _rendered(template: str, language: str, **values: object) -> str:
    found = labels(language)
    return environment().get_template(template).render(
        t=found, language=language, foreign=lambda text: text_language(text, language), **values
    )  # fmt: skip


@cache
def _script() -> str:
    return own_text(PACKAGE, "templates", "filter.js").strip()


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
