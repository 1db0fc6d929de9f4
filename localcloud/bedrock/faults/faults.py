"""Decides what trouble a call or a job gets, by a file that is read again whenever it has changed."""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from localcloud.bedrock import clock
from localcloud.bedrock.errors import AwsError, ThrottlingException
from localcloud.bedrock.faults.chance import Bucket, strikes
from localcloud.bedrock.faults.reading import ANSWER_WITH, BadFaults, read
from localcloud.bedrock.faults.rules import EndOfLife, FaultFile, Rule
from localcloud.bedrock.faults.wording import made
from localcloud.errors import BadOption

log = logging.getLogger(__name__)

USES = frozenset(
    [
        "Converse", "ConverseStream", "InvokeModel", "CountTokens", "CreateModelCustomizationJob",
        "CreateCustomModelDeployment", "CreateProvisionedModelThroughput", "CreateModelInvocationJob",
    ]
)  # fmt: skip
"""What a model does no more after the end of its life."""


Kind = Literal["customization_jobs", "invocation_jobs", "deployments", "throughputs"]
"""What has a name and fails on its own, after the call that made it."""


@dataclass(frozen=True)
class Trouble:
    """First wait, then raise."""

    latency_s: float = 0.0
    error: AwsError | None = None


class Faults:
    """``path`` None: there is no trouble. ``operations``: those that are served.

    Raises BadOption, at first, for a file with mistakes. Later the last good one stays in force, and the log says why.
    """

    def __init__(
        self, path: Path | None = None, operations: Collection[str] = (), now: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._operations = operations
        self._now = now
        self._file = FaultFile()
        self._seen: object = None
        self._counts: Counter[object] = Counter()
        self._buckets: dict[object, Bucket] = {}
        if path:
            try:
                self._read(path)
            except (OSError, ValueError) as error:
                raise BadOption(f"faults of {path}: {_why(error)}") from None

    @property
    def possible(self) -> bool:
        """Whether there is a file at all."""
        return self._path is not None

    def of_call(self, operation: str, models: tuple[str, ...]) -> Trouble:
        """``models``: the names of the call's model, its foundation model's id last; none when it has none."""
        rules = [(at, rule) for at, rule in enumerate(self._rules()) if rule.fits(operation, models)]
        if operation in USES:
            for _, rule in rules:
                if rule.end_of_life and rule.end_of_life.at <= datetime.now(UTC):
                    return Trouble(error=made(rule.end_of_life.error))
        if any([self._throttled(at, rule, models[-1:]) for at, rule in rules]):  # a list: every rule counts the call
            return Trouble(error=ThrottlingException("Too many requests, please wait before trying again."))
        errors = [rule.failure.error for at, rule in rules if rule.failure and self._fails(at, rule, operation)]
        latency_s = sum(rule.latency_ms for _, rule in rules) / 1000
        return Trouble(latency_s, made(errors[0]) if errors else None)

    def failing(self, kind: Kind, base: str, name: str) -> str | None:
        """The message with which something of this kind, base model and name fails."""
        for at, rule in enumerate(self._rules()):
            failure = rule.failing(kind)
            if not (failure and rule.fits_model(base) and failure.fits(name)):
                continue
            if strikes(failure.share, self._file.seed, at, name):
                return failure.message
        return None

    def quota(self, kind: str, base: str) -> int | None:
        """How many there may be of a kind and a base model: the least that a rule says, None without one."""
        said = [getattr(rule.quota, kind) for rule in self._rules() if rule.quota and rule.fits_model(base)]
        return min((most for most in said if most is not None), default=None)

    def lifecycle(self, model: str) -> dict[str, str]:
        """A foundation model's ``modelLifecycle``."""
        ends = [rule.end_of_life for rule in self._rules() if rule.end_of_life and rule.fits_model(model)]
        if not ends or (ends[0].legacy and datetime.now(UTC) < ends[0].legacy):
            return {"status": "ACTIVE"}
        return _legacy(ends[0])

    def _throttled(self, at: int, rule: Rule, model: tuple[str, ...]) -> bool:
        if rule.throttle is None:
            return False
        by_chance = strikes(rule.throttle.share, self._file.seed, at, "throttle", self._count(at, "throttle"))
        limit = rule.throttle.requests_per_minute
        if by_chance or limit is None:
            return by_chance
        bucket = self._buckets.setdefault((at, model), Bucket(limit, self._now()))
        return not bucket.take(self._now())

    def _fails(self, at: int, rule: Rule, operation: str) -> bool:
        assert rule.failure is not None
        if operation not in ANSWER_WITH.get(rule.failure.error, (operation,)):
            return False
        return strikes(rule.failure.share, self._file.seed, at, "failure", self._count(at, "failure"))

    def _count(self, *what: object) -> int:
        self._counts[what] += 1
        return self._counts[what]

    def _rules(self) -> tuple[Rule, ...]:
        if self._path:
            try:
                self._read(self._path)
            except (OSError, ValueError) as error:
                log.error("faults of %s: %s; what it said before stays in force", self._path, _why(error))
        return self._file.faults

    def _read(self, path: Path) -> None:
        """Reads a file that has changed; all counts begin anew. Raises OSError and ValueError once for each change."""
        seen = _stamp(path)
        if seen == self._seen:
            return
        self._seen = seen
        self._file = read(path.read_text("utf-8"), self._operations)
        self._counts.clear()
        self._buckets.clear()


def _stamp(path: Path) -> object:
    try:
        found = os.stat(path)
    except OSError as error:
        return error.errno
    return found.st_mtime_ns, found.st_size, found.st_ino


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror})"
    return str(error) if isinstance(error, BadFaults) else f"it is not UTF-8 text ({error})"


def _legacy(end: EndOfLife) -> dict[str, str]:
    times = {"endOfLifeTime": end.at, "legacyTime": end.legacy}
    return {"status": "LEGACY"} | {name: clock.written(moment) for name, moment in times.items() if moment}
