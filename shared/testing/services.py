"""Services made of what lives in memory."""

from __future__ import annotations

from shared.bedrock.batches import Batches
from shared.bedrock.knowledge_bases import KnowledgeBases
from shared.bedrock.ledger import Ledger
from shared.bedrock.model_table import ModelTable
from shared.bedrock.ports import Bedrock
from shared.bedrock.premises import Premises
from shared.clock import Clock, SystemClock
from shared.graveyards import Graveyards
from shared.services import Services
from shared.settings import Settings
from shared.store.artifacts import Artifacts
from shared.store.corpora import Corpora
from shared.store.fanin import FanIn
from shared.store.ports import ObjectStore, Table
from shared.store.runs import Runs
from shared.testing.batches import FakeBatches
from shared.testing.bedrock import FakeBedrock
from shared.testing.graveyards import MemoryGraveyards
from shared.testing.knowledge_bases import FakeKnowledgeBases
from shared.testing.objects import MemoryObjectStore
from shared.testing.premises import FakePremises
from shared.testing.table import MemoryTable


def memory_services(
    *, bedrock: Bedrock | None = None, clock: Clock | None = None, objects: ObjectStore | None = None,
    table: Table | None = None, settings: Settings | None = None, graveyards: Graveyards | None = None,
    batches: Batches | None = None, premises: Premises | None = None,
    knowledge_bases: KnowledgeBases | None = None,
) -> Services:  # fmt: skip
    """What a worker needs, without a cloud; each part can be replaced."""
    clock = clock or SystemClock()
    bedrock = bedrock or FakeBedrock()
    objects = MemoryObjectStore() if objects is None else objects
    table = MemoryTable() if table is None else table
    return Services(
        settings=settings or Settings(bucket=objects.bucket), artifacts=Artifacts(objects), corpora=Corpora(table),
        runs=Runs(table, clock.now), fanin=FanIn(table), bedrock=bedrock, models=ModelTable(objects, clock),
        batches=batches or FakeBatches(objects, bedrock), ledger=Ledger(table),
        premises=premises or FakePremises(objects, bedrock), graveyards=graveyards or MemoryGraveyards(),
        knowledge_bases=knowledge_bases or FakeKnowledgeBases(),
    )  # fmt: skip
