"""What can go wrong when a local cloud is started.

CloudError (shared.errors)
└── LocalCloudError     the local cloud cannot run: exit 2
    ├── PortTaken       another process listens there
    ├── StateInUse      another local cloud keeps its state in that folder
    ├── BadOption       an unknown base, or an alias that means nothing
    └── DidNotStart     the child process ended, or stayed silent, before it was ready
"""

from __future__ import annotations

from pathlib import Path

from shared.errors import CloudError


class LocalCloudError(CloudError):
    """Raised when a local cloud cannot be started."""


class PortTaken(LocalCloudError):
    """Raised when the port that was asked for is in use."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} of 127.0.0.1 is in use; stop what listens there or choose another")
        self.port = port


class StateInUse(LocalCloudError):
    """Raised when another local cloud has the state folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another local cloud keeps its state in {folder}; stop it or choose another folder")
        self.folder = folder


class BadOption(LocalCloudError):
    """Raised when an option names something that does not exist."""


class DidNotStart(LocalCloudError):
    """Raised when the local cloud's process does not become ready; carries the last lines that it wrote."""
