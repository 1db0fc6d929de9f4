"""What a worker may use: stores, state and model calls, made once per process and passed in."""

from __future__ import annotations

from dataclasses import dataclass

from shared.bedrock.batches import Batches
from shared.bedrock.knowledge_bases import KnowledgeBases
from shared.bedrock.ledger import Ledger
from shared.bedrock.model_table import ModelTable
from shared.bedrock.ports import Bedrock
from shared.bedrock.premises import Premises
from shared.graveyards import Graveyards
from shared.settings import Settings
from shared.store.artifacts import Artifacts
from shared.store.corpora import Corpora
from shared.store.fanin import FanIn
from shared.store.runs import Runs


@dataclass(frozen=True)
class Services:
    """Ports and stores of one process; tests build one from the in-memory fakes of ``shared.testing``."""

    settings: Settings
    artifacts: Artifacts
    corpora: Corpora
    runs: Runs
    fanin: FanIn
    bedrock: Bedrock
    models: ModelTable
    ledger: Ledger
    batches: Batches
    premises: Premises
    knowledge_bases: KnowledgeBases
    graveyards: Graveyards
