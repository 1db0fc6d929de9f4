"""``groundtune rank``: people rank the answers of a run without knowing whose they are."""

from cli.rank.command import command

__all__ = ["command"]
