"""How pages are made of templates: everything escaped but our own style and script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared.pages.wording import safe_link, seen
from shared.text import numbers

NO_SCRIPT = Markup("default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'")
"""Content security policy of a page that runs nothing and asks for nothing."""


def page_environment(package: str, folder: str = "templates") -> Environment:
    """Templates of a package's folder with its ``style``, numbers and links. What they put out is ``seen`` and escaped,
    and nothing may be undefined. They begin with ``document_head.html``, which wants ``language`` and ``page_title``,
    and takes another ``policy`` where a page has a script. ``style``: what all pages share, then the folder's own
    ``style.css``, if it has one.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, folder), PackageLoader("shared.pages", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["policy"] = NO_SCRIPT
    environment.globals.update(style=Markup("\n").join(_styles(package, folder)), safe_link=safe_link)
    environment.globals.update(decimal=numbers.decimal, signed=numbers.signed_decimal, count=numbers.count)
    return environment


def own_text(package: str, *path: str) -> Markup:
    """A file of ours that goes into a page unescaped."""
    return Markup(files(package).joinpath(*path).read_text("utf-8"))  # noqa: S704


@cache
def base_style() -> Markup:
    """The style sheet that all pages share."""
    return own_text("shared.pages", "base.css")


def _shown(value: Any) -> Any:
    """Markup is ours; any other text may be anybody's."""
    return seen(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _styles(package: str, folder: str) -> Iterator[Markup]:
    yield base_style()
    if files(package).joinpath(folder, "style.css").is_file():
        yield own_text(package, folder, "style.css")
