"""What is read of a run's samples, in which order, and how little of it."""

from __future__ import annotations

from collections import Counter
from contextlib import aclosing

import pytest

from cli.samples.reading import AHEAD, Group, Reading, count
from cli.samples.survey import Survey, survey
from cli.samples.wanted import Wanted, known_arm, known_document
from shared.errors import BadInput
from shared.services import Services
from shared.store import keys
from shared.testing.objects import MemoryObjectStore
from shared.testing.services import memory_services
from tests.unit.workers import sampled


class CountingStore(MemoryObjectStore):
    """Remembers what was read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: Counter[str] = Counter()

    async def get(self, key: str, *, bucket: str | None = None, limit: int | None = None) -> bytes:
        self.read[key] += 1
        return await super().get(key, bucket=bucket, limit=limit)


async def built() -> tuple[Services, Survey]:
    services = memory_services()
    await sampled.put_built(services)
    return services, await survey(services, sampled.RUN)


async def ids(reading: Reading, group: Group, limit: int | None = None) -> list[str]:
    found: list[str] = []
    async with aclosing(reading.views(group)) as views:
        async for view in views:
            found.append(view.id)
            if len(found) == limit:
                break
    return found


@pytest.mark.parametrize(
    ("wanted", "group", "found"),
    [
        (Wanted(), "kept", ["s-ko-1", "s-ko-2", "s-en-1", "s-extra", "s-evil"]),
        (Wanted(), "removed", ["s-near", "s-leak"]),
        (Wanted(), "rejected", ["r-3", "r-4", "r-1", "r-2"]),
        (Wanted(type="unanswerable"), "kept", ["s-ko-2"]),
        (Wanted(language="ko"), "kept", ["s-ko-1", "s-ko-2"]),
        (Wanted(language="ko"), "rejected", ["r-3", "r-4"]),
        (Wanted(code="evidence"), "rejected", ["r-4", "r-1"]),
        (Wanted(code="contaminated"), "removed", ["s-leak"]),
        (Wanted(code="nothing"), "rejected", []),
        (Wanted(document=sampled.document("alarms.md")), "kept", ["s-en-1", "s-extra"]),
        (Wanted(document=sampled.document("alarms.md")), "removed", ["s-leak"]),
        (Wanted(arm=sampled.ARM), "kept", ["s-ko-1", "s-ko-2", "s-en-1", "s-evil"]),
    ],
)
async def test_what_is_wanted_comes_and_nothing_else(wanted: Wanted, group: Group, found: list[str]) -> None:
    services, seen = await built()
    assert sorted(await ids(Reading(services, seen, wanted), group)) == sorted(found)


async def test_the_outcome_of_a_kept_sample_is_known() -> None:
    _, found = await built()
    assert (found.outcome("s-ko-1"), found.outcome("s-extra")) == ("used", "unused")
    assert found.arms_of("s-ko-1") == [sampled.ARM]


async def test_a_seed_draws_the_same_samples_again_and_another_one_others() -> None:
    services, found = await built()
    drawn = [await ids(Reading(services, found, Wanted(), seed), "kept") for seed in range(6)]
    again = [await ids(Reading(services, found, Wanted(), seed), "kept") for seed in range(6)]
    assert drawn == again
    assert len({tuple(order) for order in drawn}) > 1
    assert all(sorted(order) == sorted(drawn[0]) for order in drawn)


async def test_drawn_samples_come_from_all_documents_before_any_comes_twice() -> None:
    services, found = await built()
    for seed in range(6):
        first = await ids(Reading(services, found, Wanted(), seed), "kept", limit=3)
        documents = {name for name, own in sampled.kept().items() for sample in own if sample.id in first}
        assert len(documents) == 3


@pytest.mark.parametrize("seed", [None, 1])
async def test_of_a_large_run_only_the_first_files_are_read(seed: int | None) -> None:
    store = CountingStore()
    services = memory_services(objects=store)
    await sampled.put_built(services)
    fingerprint, chunking = sampled.recipe().fingerprint(), sampled.experiment().chunking.fingerprint()
    for round in range(1, 12):
        for name in sampled.TEXTS:
            more = [sample.model_copy(update={"id": f"{sample.id}-{round}"}) for sample in sampled.kept()[name]]
            await sampled.put_round(services, fingerprint, chunking, name, more, [], round)
    found = await survey(services, sampled.RUN)
    store.read.clear()
    assert len(await ids(Reading(services, found, Wanted(), seed, 2), "kept", limit=2)) == 2
    files = [key for key in store.read if key.endswith("kept.jsonl")]
    assert len(files) <= AHEAD + 2
    assert len(files) < len(found.records)
    assert keys.run(sampled.RUN, "chunks.jsonl") not in store.read
    assert max(store.read.values()) == 1


async def test_a_document_whose_chunks_are_gone_is_shown_without_them() -> None:
    services, found = await built()
    chunking = found.experiment.chunking.fingerprint()
    gone = keys.document(sampled.CORPUS, sampled.document("alarms.md"), chunking, "chunks.jsonl")
    await services.artifacts.objects.delete(gone)
    views = [view async for view in Reading(services, found, Wanted(type="troubleshooting")).views("kept")]
    assert [len(view.passages[0].missing) for view in views] == [2]


async def test_counts_come_from_the_records_and_the_summary() -> None:
    services, found = await built()
    counts = await count(services, found)
    assert (counts.asked, counts.kept, counts.refused, counts.used) == (14, 7, 4, 4)
    assert counts.arms == {sampled.ARM: 4}
    assert counts.removed == {"near_duplicate": 1, "contaminated": 1}
    assert counts.of_evaluation == 3


async def test_before_the_build_codes_are_counted_of_the_files_and_nothing_is_used() -> None:
    services = memory_services()
    await sampled.put_planned(services, recipe=sampled.recipe())
    await sampled.put_samples(services)
    found = await survey(services, sampled.RUN)
    counts = await count(services, found)
    assert counts.rejected == {"evidence": 2, "language": 1, "schema": 1}
    assert (counts.used, counts.arms, found.outcome("s-ko-1")) == (None, {}, "kept")
    assert await ids(Reading(services, found, Wanted()), "removed") == []


async def test_without_a_list_of_the_removed_the_summary_counts_them() -> None:
    services, _ = await built()
    await services.artifacts.objects.delete(keys.run(sampled.RUN, "removed.jsonl"))
    found = await survey(services, sampled.RUN)
    assert found.removed is None
    assert (await count(services, found)).removed == {"contaminated": 1, "near_duplicate": 1}
    assert "s-near" in await ids(Reading(services, found, Wanted()), "kept")


@pytest.mark.parametrize(
    "name", ["plans.md", "inbox/telco/guides/plans.md", "https://docs.example/ko/plans", sampled.TITLES["plans.md"],
             sampled.document("plans.md"), sampled.document("plans.md")[:12]]
)  # fmt: skip
async def test_a_document_is_known_by_whatever_a_person_calls_it(name: str) -> None:
    _, found = await built()
    assert known_document(name, found) == sampled.document("plans.md")


async def test_an_unknown_document_or_arm_is_named_with_the_nearest() -> None:
    _, found = await built()
    with pytest.raises(BadInput, match=r"no document 'plan\.md' \(did you mean 'plans\.md'\?\)"):
        known_document("plan.md", found)
    with pytest.raises(BadInput, match=r"no arm 'ft 4\+5' \(did you mean 'ft 4\+4'\?\); its arms: baseline, ft 4\+4"):
        known_arm("ft 4+5", found)
    with pytest.raises(BadInput, match=r"'baseline' .* not trained on synthetic samples"):
        known_arm("baseline", found)
    assert known_arm(found.experiment.arms[1].slug, found) == sampled.ARM


async def test_a_name_that_fits_several_documents_is_not_guessed_at() -> None:
    _, found = await built()
    doubled = [document.model_copy(update={"key": f"inbox/telco/{n}/same.md"})
               for n, document in enumerate(found.documents.values())]  # fmt: skip
    several = Survey(found.run, found.experiment, [], {d.document: d for d in doubled}, {}, None, None)
    with pytest.raises(BadInput, match=r"3 documents fit 'same\.md'"):
        known_document("same.md", several)


async def test_a_run_that_has_no_samples_says_why() -> None:
    services = memory_services()
    with pytest.raises(BadInput, match="there is no run 'telco-1'; `groundtune runs list` shows"):
        await survey(services, sampled.RUN)
    await sampled.put_planned(services, recipe=None)
    with pytest.raises(BadInput, match=r"has no synthetic samples: no arm asks for any"):
        await survey(services, sampled.RUN)
    await services.artifacts.objects.delete(keys.run(sampled.RUN, "split.json"))
    with pytest.raises(BadInput, match="is synthesizing: samples are planned once its documents are read"):
        await survey(services, sampled.RUN)
    await services.runs.advance(sampled.RUN, "failed", reason="none of the 3 documents could be read")
    with pytest.raises(BadInput, match=r"is failed \(none of the 3 documents .*\): it ended before"):
        await survey(services, sampled.RUN)


async def test_an_arm_without_a_dataset_says_so() -> None:
    services = memory_services()
    await sampled.put_planned(services, recipe=sampled.recipe())
    with pytest.raises(BadInput, match="has no dataset yet; leave --arm out"):
        known_arm(sampled.ARM, await survey(services, sampled.RUN))
