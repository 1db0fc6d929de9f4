"""What most commands start from: settings of the environment, and the topology they name."""

from __future__ import annotations

import os

from shared import settings
from shared.settings import Settings
from shared.topology import Topology, load_topology


def configured() -> tuple[Settings, Topology]:
    """Raises BadInput naming the variable or the line of queues.yaml that is wrong."""
    found = settings.load(os.environ)
    return found, load_topology(found.topology)
