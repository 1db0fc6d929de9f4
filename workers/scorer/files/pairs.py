"""References and predictions side by side, by id, in the order of the references.

The two files may be in any order and of any size: they wait in a database on disk that is gone with the process, so
that memory stays flat. Only the links of documents are held, once each.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from workers.scorer.documents import Documents
from workers.scorer.files.problems import TOLD, Problems
from workers.scorer.files.rows import Row, read_rows
from workers.scorer.measures.measure import Item

_TABLES = """
CREATE TABLE reference (line INTEGER PRIMARY KEY, id TEXT UNIQUE, answer TEXT, links TEXT, retrieved TEXT);
CREATE TABLE prediction (line INTEGER PRIMARY KEY, id TEXT UNIQUE, answer TEXT);
"""
_REFERENCE = "INSERT OR IGNORE INTO reference VALUES (?, ?, ?, ?, ?)"
_PREDICTION = "INSERT OR IGNORE INTO prediction VALUES (?, ?, ?)"
_JOINED = """
SELECT reference.id, prediction.answer, reference.answer, links, retrieved, prediction.id IS NOT NULL
FROM reference LEFT JOIN prediction USING (id) ORDER BY reference.line
"""
_STRAY = "FROM prediction WHERE NOT EXISTS (SELECT 1 FROM reference WHERE reference.id = prediction.id)"


class Pairs:
    """``problems`` hold what was left out and why."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self._urls: set[str] = set()
        self._database = sqlite3.connect("", isolation_level=None)  # a file of its own, removed when it is closed
        self._database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES} BEGIN;")

    def read_references(self, name: str, lines: Iterable[bytes]) -> None:
        """Rows of ``id``, ``answer``, perhaps ``references`` and ``retrieved``, both lists of links."""
        for row in read_rows(name, lines, self.problems):
            if not (answer := row.text("answer") or "").strip():
                self.problems.add("bad_row", f"{name} line {row.line}: its answer is empty, or no text")
                continue
            links, retrieved = row.links("references") or (), row.links("retrieved")
            self._urls.update(links, retrieved or ())
            given = None if retrieved is None else json.dumps(retrieved)
            self._put(_REFERENCE, name, row, (row.line, row.id, answer, json.dumps(links), given))

    def read_predictions(self, name: str, lines: Iterable[bytes]) -> None:
        """Rows of ``id`` and ``answer``; one without an answer counts as an empty one."""
        for row in read_rows(name, lines, self.problems):
            self._put(_PREDICTION, name, row, (row.line, row.id, row.text("answer") or ""))

    def documents(self) -> Documents:
        """All that the references speak of."""
        return Documents(frozenset(self._urls))

    def items(self) -> Iterator[Item]:
        """One for each reference; the answer is empty where there is none. Also counts what does not match."""
        count = self._database.execute(f"SELECT count(*) {_STRAY}").fetchone()[0]
        if count:
            first = self._database.execute(f"SELECT id {_STRAY} ORDER BY line LIMIT {TOLD}").fetchall()
            for place, (id,) in enumerate(first):
                self.problems.add("no_reference", repr(id), 1 if place else count - len(first) + 1)
        for id, answer, reference, links, retrieved, predicted in self._database.execute(_JOINED):
            if not (answer or "").strip():
                self.problems.add("empty_answer" if predicted else "no_prediction", repr(id))
            given = None if retrieved is None else tuple(json.loads(retrieved))
            yield Item(id, answer or "", reference, tuple(json.loads(links)), given)

    def matched(self) -> bool:
        """Whether there is anything to score."""
        return (
            self._database.execute("SELECT 1 FROM reference JOIN prediction USING (id) LIMIT 1").fetchone() is not None
        )

    def close(self) -> None:
        self._database.close()

    def _put(self, insert: str, name: str, row: Row, values: tuple[object, ...]) -> None:
        if not self._database.execute(insert, values).rowcount:
            self.problems.add("duplicate_id", f"{name} line {row.line}: {row.id!r}")
