"""Whether Bedrock would take a dataset: every problem with its line, found in one pass that holds one row at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from shared.bedrock.families import Family, families_taking
from shared.datasets import parquet
from shared.datasets.formats import FORMATS
from shared.datasets.lines import read_lines
from shared.datasets.problem import Level, Problem
from shared.datasets.row_check import RowCheck
from shared.datasets.row_limits import check_length, check_reserved
from shared.datasets.shapes import SHAPES, detect

_FILE_NAME = re.compile(r"[\w./-]+\.jsonl", re.ASCII)


class Validation:
    """One check of one file, which must be seekable and stand at its start. Iterate it once: problems come in the
    order of their lines; counts and ``format`` are complete when it ends.

    ``validation`` is whether the file is to be a job's validation dataset; ``name`` is the file's name, if it has one.
    """

    def __init__(self, file: IO[bytes], family: Family, *, validation: bool = False, name: str | None = None) -> None:
        self.records = 0
        self.tokens = 0
        """Estimated."""
        self.bytes = 0
        self.errors = 0
        self.warnings = 0
        self.format: str | None = None
        """Name in ``FORMATS``; None while no row has told it."""
        self._file = file
        self._family = family
        self._validation = validation
        self._name = name
        self._unit = "line"
        self._seen: dict[int, int] = {}

    def __iter__(self) -> Iterator[Problem]:
        for problem in self._problems():
            self.errors += problem.level == "error"
            self.warnings += problem.level == "warning"
            yield problem

    def _problems(self) -> Iterator[Problem]:
        yield from self._before()
        is_parquet = self._file.read(len(parquet.MAGIC)) == parquet.MAGIC
        self._file.seek(0)
        yield from self._parquet() if is_parquet else self._lines()

    def _before(self) -> Iterator[Problem]:
        title = self._family.title
        if self._validation and self._family.validation is None:
            what = f"a job for {title} takes no validation file; leave it out, and hold questions back for evaluation"
            yield self._problem(1, "no_validation_file", what)
        if self._name is not None and not _FILE_NAME.fullmatch(self._name):
            what = f"the file name {self._name!r} has other characters than A-Z, a-z, 0-9, '_', '-', '.', or no .jsonl"
            yield self._problem(
                1, "file_name", f"{what}; Bedrock may refuse it in S3: rename it there", level="warning"
            )

    def _lines(self) -> Iterator[Problem]:
        number = 1
        for line in read_lines(self._file):
            number = line.number
            yield from self._counted_bytes(number, line.size)
            yield from line.problems
            if line.hopeless:
                return
            if not any(problem.code == "blank_line" for problem in line.problems):
                yield from self._record(number, line.row)
        yield from self._after(number)

    def _parquet(self) -> Iterator[Problem]:
        """Structure only: no Bedrock job takes Parquet, so its limits say nothing about the file."""
        self.format, self._unit = "parquet", "row"
        yield self._wrong_format(1)
        self.bytes = self._file.seek(0, 2)
        self._file.seek(0)
        try:
            for number, row in enumerate(parquet.read(self._file), start=1):
                yield from self._record(number, row)
        except parquet.Unreadable as error:
            yield self._problem(max(self.records, 1), "parquet", f"the file cannot be read as Parquet ({error})")

    def _record(self, number: int, row: dict[str, Any] | None) -> Iterator[Problem]:
        self.records += 1
        if self.records == self._max_rows() + 1:
            yield self._too_many(number)
        if row is None:
            return
        yield from self._told_format(number, row)
        check = RowCheck(self._family)
        SHAPES[self.format or self._family.format](row, check)
        check_reserved(check)
        self.tokens += check_length(check)
        for level, code, where, message in check.found:
            yield self._problem(number, code, message, where=where, level=level)
        yield from self._repeated(number, check)

    def _told_format(self, number: int, row: dict[str, Any]) -> Iterator[Problem]:
        """The first row tells the file's format; one row of another is a problem of its own."""
        if self.format == "parquet":
            return
        found = detect(row, self.format or self._family.format)
        if found is None or found == self.format:
            return
        if self.format is not None:
            row_is = f"is in the format {FORMATS[found].title}, the rows before it in {FORMATS[self.format].title}"
            yield self._problem(number, "mixed_format", f"{row_is}; write all rows in one")
            return
        self.format = found
        if found != self._family.format:
            yield self._wrong_format(number)

    def _wrong_format(self, number: int) -> Problem:
        assert self.format is not None
        takers = "; ".join(family.title for family in families_taking(self.format))
        other = f", or choose one that takes this file ({takers})" if takers else ""
        what = f"the file is in the format {FORMATS[self.format].title}"
        wanted = f"{self._family.title} takes {FORMATS[self._family.format].title}"
        return self._problem(number, "format", f"{what}; {wanted}: write the dataset anew for this base model{other}")

    def _repeated(self, number: int, check: RowCheck) -> Iterator[Problem]:
        """A hash of 64 bits stands for a row: a million rows hold a false pair with a chance of 1 in 30 million."""
        if not check.texts:
            return
        first = self._seen.setdefault(hash(tuple(text for _, text in check.texts)), number)
        if first != number:
            what = f"the record says the same as {self._unit} {first}, and would weigh twice; take one out"
            yield self._problem(number, "duplicate_row", what, level="warning")

    def _counted_bytes(self, number: int, size: int) -> Iterator[Problem]:
        before, self.bytes = self.bytes, self.bytes + size
        accepted = self._family.validation if self._validation else self._family
        limit = accepted.max_bytes if accepted else None
        if limit is not None and before <= limit < self.bytes:
            what = f"here the file passes {limit:,} bytes, the most that {self._family.title} takes"
            yield self._problem(number, "too_big", f"{what}; leave the rest out")

    def _max_rows(self) -> int:
        accepted = self._family.validation if self._validation else None
        return (accepted or self._family).max_rows

    def _too_many(self, number: int) -> Problem:
        kind = "validation" if self._validation else "training"
        most = f"{self._family.title} takes at most {self._max_rows():,} {kind} records"
        return self._problem(number, "too_many", f"here begins one record too many: {most}; leave the rest out")

    def _after(self, number: int) -> Iterator[Problem]:
        least = 1 if self._validation else self._family.min_rows
        if self.records < least:
            count = f"{self.records} record{'s' * (self.records != 1)}"
            needs = f"{self._family.title} needs at least {least:,}; add {least - self.records:,} more"
            yield self._problem(number, "too_few", f"the file ends with {count}; {needs}")

    def _problem(self, number: int, code: str, message: str, *, where: str = "", level: Level = "error") -> Problem:
        return Problem(number, code, where, message, level, "row" if self._unit == "row" else "line")
