"""A run whose datasets are built: three arms of two shards each wait for their launch."""

from __future__ import annotations

from schemas.artifacts import DatasetManifest, GroundTruth
from schemas.events import DatasetReady
from schemas.state import ArmRecord, RunRecord
from shared.runs import scores_group
from shared.services import Services
from shared.sharding import DEFAULT_SIZE
from shared.store import keys
from shared.store.artifacts import JSON_LINES
from tests.unit.shared.datasets.rows import lines, rows
from tests.unit.workers import snapshots, world

ARMS = world.experiment().arms
TRAINED = ARMS[2].slug
QUESTIONS = DEFAULT_SIZE + 2
READY = [DatasetReady(run=world.RUN, arm=arm.slug, examples=10 if arm.slug == TRAINED else 0) for arm in ARMS]


async def put_built(services: Services) -> None:
    """Stores what dataset-builder leaves behind."""
    await world.put_run(services)
    for number in range(6):
        await world.ingest(services, number)
    artifacts = services.artifacts
    await snapshots.put_snapshot(services)
    truth = [
        GroundTruth(id=f"q{n:02d}", question=f"What is gadget{n % 6}?", answer="ZX", references=[world.url(n % 6)])
        for n in range(QUESTIONS)
    ]
    await artifacts.write_lines(keys.run(world.RUN, "evaluation.jsonl"), truth)
    await artifacts.write_bytes(keys.dataset(world.RUN, TRAINED), lines(rows("converse", 10)), JSON_LINES)
    manifest = DatasetManifest(arm="ft", format="nova", original=4, synthetic=6, sha256="0" * 64, examples=[])
    await artifacts.write(keys.dataset(world.RUN, TRAINED, "manifest.json"), manifest)
    await services.runs.create(RunRecord(run=world.RUN, name="demo", corpus=world.CORPUS, created=1, updated=1))
    for arm in ARMS:
        await services.runs.put_arm(ArmRecord(run=world.RUN, arm=arm.slug, name=arm.name))
    await services.fanin.expect(scores_group(world.RUN), 2 * len(ARMS))
    await services.runs.advance(world.RUN, "running", shards=2, arms=[arm.slug for arm in ARMS])
