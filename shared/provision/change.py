"""What provisioning did to one resource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Action = Literal["created", "updated", "unchanged", "deleted"]


@dataclass(frozen=True)
class Change:
    """``detail`` says which of the resource's properties changed."""

    kind: Literal["queue", "bucket", "table", "role", "rule"]
    name: str
    action: Action
    detail: str = ""


def action(created: bool, changed: Sequence[str]) -> Action:
    """``created`` wins over what was changed afterwards."""
    if created:
        return "created"
    return "updated" if changed else "unchanged"
