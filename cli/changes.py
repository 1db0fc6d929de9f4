"""What provisioning did, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from shared.provision import Change


def show_changes(changes: Sequence[Change]) -> None:
    """One row per resource, and a last line that counts."""
    table = Table(box=None, pad_edge=False)
    for heading in ("resource", "name", "", "detail"):
        table.add_column(heading, overflow="fold")
    for change in changes:
        table.add_row(change.kind, change.name, change.action, change.detail)
    console = Console()
    console.print(table)
    console.print(summary(changes))


def summary(changes: Sequence[Change]) -> str:
    """``nothing changed``, or how many resources were created, updated, deleted."""
    actions = [change.action for change in changes if change.action != "unchanged"]
    counted = [f"{actions.count(action)} {action}" for action in dict.fromkeys(actions)]
    return ", ".join(counted) or "nothing changed"
