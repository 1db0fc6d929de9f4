"""A section as Markdown. All text of it is escaped here."""

from __future__ import annotations

from collections.abc import Iterator

from shared.pages.markup import bullets, escaped, grid, section
from workers.scorer.report.sections import Labels, Section, Table
from workers.scorer.report.sections.model import Cell


def laid_out(part: Section, t: Labels) -> str:
    """Everything of the section, in its order; a chart is a picture and left to the page."""
    return section(part.heading, *_parts(part, t))


def _parts(part: Section, t: Labels) -> Iterator[str]:
    yield from (f"**{escaped(alarm)}**" for alarm in part.alarms)
    yield from map(escaped, part.intro)
    yield bullets([f"{escaped(name)}: {escaped(value)}" for name, value in part.facts], ready=True)
    if part.commands:
        yield "\n".join(["```sh", *(" ".join(command.split()) for command in part.commands), "```"])
    for table in [*part.tables, *part.folded]:
        yield from table_parts(table, t)
    yield bullets(part.notes)


def table_parts(table: Table, t: Labels) -> list[str]:
    """Caption and table."""
    rows = [[_cell(cell, t) for cell in row] for row in table.rows]
    return [f"{escaped(table.caption)}:", grid([escaped(name) for name in table.head], rows, table.right)]


def _cell(cell: Cell, t: Labels) -> str:
    return str(t["not_available"]) if cell is None else "<br>".join(map(escaped, cell.split("\n")))
