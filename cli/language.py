"""The language that people read a report in."""

from __future__ import annotations

import click

LANG = click.option(
    "--lang",
    type=click.Choice(["en", "ko"]),
    default="en",
    show_default=True,
    help="Language of the report's page and Markdown.",
)
