"""``groundtune samples``: people look through a run's samples, kept and refused, on the terminal or on a page."""

from cli.samples.command import command

__all__ = ["command"]
