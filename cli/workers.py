"""The six workers by name; a class is imported when its worker runs."""

from __future__ import annotations

import importlib

from shared.errors import BadInput
from shared.nearest import nearest
from shared.runtime.worker import Worker

WORKERS: dict[str, str] = {
    "doc-ingest": "workers.doc_ingest.worker:DocIngest",
    "synthetic-gen": "workers.synthetic_gen.worker:SyntheticGen",
    "dataset-builder": "workers.dataset_builder.worker:DatasetBuilder",
    "finetune-launcher": "workers.finetune_launcher.worker:FinetuneLauncher",
    "inference": "workers.inference.worker:Inference",
    "scorer": "workers.scorer.worker:Scorer",
}
OURS = ("workers", "shared", "schemas")


def load_worker(name: str) -> type[Worker]:
    """The worker's class. Raises BadInput for an unknown name, and naming the extra that is not installed."""
    if name not in WORKERS:
        raise BadInput(f"no worker is named {name!r}{nearest(name, WORKERS)}; workers are {', '.join(WORKERS)}")
    module, _, attribute = WORKERS[name].partition(":")
    try:
        found: type[Worker] = getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] in OURS:
            raise
        message = f"worker {name} needs the package {error.name}, which is not installed"
        raise BadInput(f"{message}; pip install 'groundtune[{name}]'") from error
    return found
