"""A run's samples, file by file: as many files are read as the samples that are shown lie in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from typing import Literal, TypeVar

from cli.samples.survey import Survey
from cli.samples.wanted import Wanted
from schemas.artifacts import RejectedSample, RemovedSample, Sample
from schemas.state import SamplesRecord
from shared.concurrency import in_order
from shared.services import Services
from shared.store import keys
from workers.dataset_builder.showing.chunks import ChunkReader
from workers.dataset_builder.showing.counts import Counts
from workers.dataset_builder.showing.views import Library, SampleView, kept_view, rejected_view, removed_view

Group = Literal["kept", "removed", "rejected"]
AnySample = Sample | RemovedSample | RejectedSample
S = TypeVar("S", Sample, RejectedSample)
T = TypeVar("T")

AHEAD = 8
"""Files of samples under way or waiting to be looked at."""

AT_ONCE = 16
"""Samples whose documents are read together."""


@dataclass(frozen=True)
class Reading:
    """Reads what is wanted of one run; ``limit``: how many of a group will be looked at, so that little more is read.

    Without ``seed`` they come in order; with it each of the first comes from another file, as far as there are files.
    """

    services: Services
    survey: Survey
    wanted: Wanted
    seed: int | None = None
    limit: int = AT_ONCE

    async def views(self, group: Group) -> AsyncGenerator[SampleView, None]:
        """The wanted samples of a group, ready to be shown."""
        run, chunking = self.survey.run, self.survey.experiment.chunking.fingerprint()
        reader = ChunkReader(self.services.artifacts, run.corpus, chunking, self.survey.documents)
        async with aclosing(_grouped(self._samples(group), min(AT_ONCE, self.limit))) as groups:
            async for samples in groups:
                library = await reader.library([s.sample if isinstance(s, RemovedSample) else s for s in samples])
                for sample in samples:
                    yield self._view(sample, library)

    def _view(self, sample: AnySample, library: Library) -> SampleView:
        match sample:
            case RemovedSample():
                return removed_view(sample, library)
            case RejectedSample():
                return rejected_view(sample, library)
        return kept_view(sample, library, self.survey.outcome(sample.id), self.survey.arms_of(sample.id))

    def _samples(self, group: Group) -> AsyncGenerator[AnySample, None]:
        wanted, survey = self.wanted, self.survey
        if group == "removed":
            return self._removed()
        if group == "rejected":
            return self._from_files("rejected", RejectedSample, wanted.rejected)
        gone = survey.removed_ids
        return self._from_files("kept", Sample, lambda s: s.id not in gone and wanted.kept(s, survey))

    async def _removed(self) -> AsyncGenerator[AnySample, None]:
        found = [removed for removed in self.survey.removed or () if self.wanted.removed(removed)]
        for removed in _shuffled(found, self.seed):
            yield removed

    async def _from_files(
        self, kind: str, model: type[S], takes: Callable[[S], bool]
    ) -> AsyncGenerator[AnySample, None]:
        document = self.wanted.document
        records = [
            record
            for record in self.survey.records
            if getattr(record, kind) and (document is None or document in record.documents)
        ]
        rest: list[list[S]] = []
        async with aclosing(_files(self.services, _shuffled(records, self.seed), kind, model)) as files:
            async for samples in files:
                found = _shuffled([sample for sample in samples if takes(sample)], self.seed)
                at_once = found if self.seed is None else found[:1]
                for sample in at_once:
                    yield sample
                if len(found) > len(at_once):
                    rest.append(found[len(at_once) :])
        for sample in chain.from_iterable(zip_longest(*rest)):
            if sample is not None:
                yield sample


async def count(services: Services, survey: Survey) -> Counts:
    """Counts by record; rejection codes by the summary, or of the files themselves before there is one."""
    used = frozenset[str]().union(*survey.arms.values())
    return Counts(
        asked=sum(record.asked for record in survey.records),
        kept=sum(record.kept for record in survey.records),
        rejected=survey.summary.samples_rejected if survey.summary else await _codes(services, survey),
        removed=survey.removed_codes,
        arms={name: len(ids) for name, ids in survey.arms.items()},
        used=len(used) if survey.arms else None,
        of_evaluation=survey.summary.samples_of_evaluation if survey.summary else 0,
    )


async def _codes(services: Services, survey: Survey) -> dict[str, int]:
    records, codes = [record for record in survey.records if record.rejected], Counter[str]()
    async for samples in _files(services, records, "rejected", RejectedSample):
        codes.update(sample.code for sample in samples)
    return dict(codes)


async def _files(
    services: Services, records: Sequence[SamplesRecord], kind: str, model: type[S]
) -> AsyncGenerator[list[S], None]:
    calls = [partial(services.artifacts.read_lines, keys.samples_of(record, kind), model) for record in records]
    async for samples in in_order(calls, ahead=AHEAD):
        yield samples


def _shuffled(values: Sequence[T], seed: int | None) -> list[T]:
    """In their order without a seed."""
    return list(values) if seed is None else random.Random(seed).sample(values, len(values))


async def _grouped(samples: AsyncIterator[AnySample], size: int) -> AsyncGenerator[list[AnySample], None]:
    group: list[AnySample] = []
    async for sample in samples:
        group.append(sample)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
