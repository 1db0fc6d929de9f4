"""What the operations share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from localcloud.bedrock.catalog import Catalog
from localcloud.bedrock.cloud import Cloud
from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.knowledge.bases import KnowledgeBases
from localcloud.bedrock.tables import Tables
from localcloud.engines.engines import Engines

if TYPE_CHECKING:
    from localcloud.bedrock.invoker import Invoker
    from localcloud.bedrock.trainer import Trainer


@dataclass(frozen=True)
class Backend:
    account: str
    catalog: Catalog
    tables: Tables
    cloud: Cloud
    engine: Engines
    trainer: Trainer
    invoker: Invoker
    faults: Faults = field(default_factory=Faults)
    knowledge: KnowledgeBases = field(default_factory=KnowledgeBases)
