"""One turn of a model, known before anything is sent: so that many can go into one batch inference job."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from schemas.base import content_hash
from shared.bedrock.requests import converse_request


@dataclass(frozen=True)
class Turn:
    """What ``Bedrock.converse`` is asked."""

    model: str
    system: str
    user: str
    max_tokens: int

    @property
    def digest(self) -> str:
        """The name that ``Bedrock.converse`` gives the answer in the cache."""
        return content_hash(converse_request(**asdict(self)))
