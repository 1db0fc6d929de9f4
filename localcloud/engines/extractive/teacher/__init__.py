"""The teacher: writes question-answer pairs from headings, definitions, tables, limits, procedures and commands."""

from localcloud.engines.extractive.teacher.teaching import teach

__all__ = ["teach"]
