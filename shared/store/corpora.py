"""What is known of a corpus: the outcome of each object, the samples of each unit, waiting runs, arrivals."""

from __future__ import annotations

from schemas.base import content_hash
from schemas.state import ObjectRecord, SamplesRecord, WaitingRun
from shared.store.ports import Item, Table


class Corpora:
    """Corpus state in the table, in the partition ``corpus#<name>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def put_object(self, record: ObjectRecord) -> bool:
        """Stores an object's outcome unless a newer version's (by S3 sequencer) is there. True when stored."""
        sk = _object_sk(record.bucket, record.key, record.chunking)
        item = _item(record.corpus, sk, record.model_dump(mode="json"))
        for _ in range(10):
            there = await self._table.create(item)
            if there is None:
                return True
            if not _newer(record.sequencer, there.get("sequencer")):
                return False
            if await self._table.replace(item, expected={"etag": there["etag"], "sequencer": there.get("sequencer")}):
                return True
        raise RuntimeError(f"object record of {record.key} changes without end")

    async def get_object(self, corpus: str, bucket: str, key: str, chunking: str) -> ObjectRecord | None:
        item = await self._table.get(_pk(corpus), _object_sk(bucket, key, chunking))
        return None if item is None else ObjectRecord.model_validate(item)

    async def objects(self, corpus: str, chunking: str) -> list[ObjectRecord]:
        """Every object's record under one chunking, in key order."""
        items = await self._table.query(_pk(corpus), f"object#{chunking}#")
        return sorted((ObjectRecord.model_validate(item) for item in items), key=lambda r: (r.bucket, r.key))

    async def put_samples(self, record: SamplesRecord) -> None:
        sk = _samples_sk(record.recipe, record.chunking, record.round) + record.unit
        await self._table.put(_item(record.corpus, sk, record.model_dump(mode="json")))

    async def samples(self, corpus: str, recipe: str, chunking: str, round: int) -> dict[str, SamplesRecord]:
        """Sample records of one recipe, chunking and round, by unit."""
        items = await self._table.query(_pk(corpus), _samples_sk(recipe, chunking, round))
        records = [SamplesRecord.model_validate(item) for item in items]
        return {record.unit: record for record in records}

    async def get_samples(self, corpus: str, recipe: str, chunking: str, round: int, unit: str) -> SamplesRecord | None:
        """The record of one unit and round; None when nothing was written yet."""
        item = await self._table.get(_pk(corpus), _samples_sk(recipe, chunking, round) + unit)
        return None if item is None else SamplesRecord.model_validate(item)

    async def put_waiting(self, corpus: str, waiting: WaitingRun) -> None:
        """Registers a run that waits for documents or samples of the corpus, replacing what it waited for before."""
        await self._table.put(_item(corpus, f"run#{waiting.run}", waiting.model_dump(mode="json")))

    async def remove_waiting(self, corpus: str, run: str) -> None:
        await self._table.delete(_pk(corpus), f"run#{run}")

    async def waiting_runs(self, corpus: str) -> list[WaitingRun]:
        return [WaitingRun.model_validate(item) for item in await self._table.query(_pk(corpus), "run#")]

    async def add_arrival(self, corpus: str, arrival: str, at: float) -> Item:
        """Remembers a newly ingested object version for pipeline.yaml's triggers; returns it as it is stored."""
        item = _item(corpus, f"arrival#{arrival}", {"arrival": arrival, "at": at, "run": None})
        return await self._table.create(item) or item

    async def get_arrival(self, corpus: str, arrival: str) -> Item | None:
        return await self._table.get(_pk(corpus), f"arrival#{arrival}")

    async def new_arrivals(self, corpus: str) -> list[Item]:
        """Arrivals that no automatic run has taken yet, oldest first."""
        items = await self._table.query(_pk(corpus), "arrival#")
        return sorted((item for item in items if item["run"] is None), key=lambda item: (item["at"], item["arrival"]))

    async def take_arrival(self, corpus: str, arrival: str, run: str) -> None:
        """Gives an arrival to an automatic run."""
        await self._table.update(_pk(corpus), f"arrival#{arrival}", {"run": run})


def _pk(corpus: str) -> str:
    return f"corpus#{corpus}"


def _item(corpus: str, sk: str, values: Item) -> Item:
    return {"pk": _pk(corpus), "sk": sk, **values}


def _object_sk(bucket: str, key: str, chunking: str) -> str:
    return f"object#{chunking}#{content_hash([bucket, key])[:32]}"


def _samples_sk(recipe: str, chunking: str, round: int) -> str:
    return f"samples#{recipe}#{chunking}#{round:03d}#"


def _newer(mine: str | None, theirs: str | None) -> bool:
    """Whether my S3 sequencer is the same or later. Sequencers compare as hex, right-padded (S3 user guide)."""
    if mine is None or theirs is None:
        return True
    width = max(len(mine), len(theirs))
    return mine.ljust(width, "0").lower() >= theirs.ljust(width, "0").lower()
