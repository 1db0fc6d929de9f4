"""Keeps resources by key: in memory, and with a state folder in SQLite, each change in a transaction of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from localcloud.bedrock.provisioned import ProvisionedThroughput
from localcloud.bedrock.resources import CustomModel, Deployment, Guardrail, InvocationJob, Job, Weights

Row = TypeVar("Row", Job, CustomModel, Deployment, Weights, InvocationJob, Guardrail, ProvisionedThroughput)


class Table(Generic[Row]):
    """Rows of one kind. A changed row is kept when it is ``put`` again."""

    def __init__(self, database: sqlite3.Connection, kind: type[Row]) -> None:
        self._database = database
        self._name = kind.__name__
        reader = TypeAdapter(kind)
        query = "SELECT key, body FROM resource WHERE kind = ? ORDER BY rowid"
        kept = database.execute(query, (self._name,))
        self._rows: dict[str, Row] = {key: reader.validate_json(body) for key, body in kept}

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def get(self, key: str) -> Row | None:
        return self._rows.get(key)

    def put(self, key: str, row: Row) -> None:
        statement = (
            "INSERT INTO resource (kind, key, body) VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
        )
        self._database.execute(statement, (self._name, key, json.dumps(asdict(row))))
        self._rows[key] = row

    def delete(self, key: str) -> None:
        self._database.execute("DELETE FROM resource WHERE kind = ? AND key = ?", (self._name, key))
        self._rows.pop(key, None)


class Tables:
    """All tables over one database; ``folder`` None keeps them in memory."""

    def __init__(self, folder: Path | None) -> None:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "bedrock.sqlite" if folder else ":memory:", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS resource (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )
        self.jobs = Table(self._database, Job)
        self.models = Table(self._database, CustomModel)
        self.deployments = Table(self._database, Deployment)
        self.weights = Table(self._database, Weights)
        self.invocation_jobs = Table(self._database, InvocationJob)
        self.guardrails = Table(self._database, Guardrail)
        self.throughputs = Table(self._database, ProvisionedThroughput)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Changes within are there after a crash all or none. Nothing may be awaited within."""
        self._database.execute("BEGIN")
        with self._database:
            yield

    def close(self) -> None:
        self._database.close()
