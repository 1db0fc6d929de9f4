"""The foundation models of the local Bedrock, and real model ids that stand for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from localcloud.bedrock import arns
from localcloud.errors import BadOption


@dataclass(frozen=True)
class Local:
    """A model that an engine has. ``output`` is Bedrock's modality: TEXT or EMBEDDING."""

    id: str
    name: str
    output: str = "TEXT"
    customizable: bool = False


LOCAL = {
    model.id: model
    for model in (
        Local("local.reader-v1", "Local reader", customizable=True),
        Local("local.teacher-v1", "Local teacher"),
        Local("local.judge-v1", "Local judge"),
        Local("local.embed-v1", "Local embeddings", output="EMBEDDING"),
    )
}


@dataclass(frozen=True)
class Foundation:
    """A model as it is offered: under its own id, or under the real id that an alias maps to it."""

    id: str
    local: Local


class Catalog:
    """``aliases`` maps real ids to local ones. Raises BadOption for an alias of a model that does not exist."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._offered = {id_: Foundation(id_, local) for id_, local in LOCAL.items()}
        for real, local_id in aliases.items():
            if local_id not in LOCAL:
                raise BadOption(f"alias {real}={local_id}: there is no {local_id}; local models are {', '.join(LOCAL)}")
            self._offered[real] = Foundation(real, LOCAL[local_id])

    def __iter__(self) -> Iterator[Foundation]:
        return iter(self._offered.values())

    def find(self, identifier: str) -> Foundation | None:
        """By id, by foundation-model ARN, or by the ARN of an inference profile whose id is an alias."""
        if identifier.startswith("arn:"):
            kind, _, name = arns.resource_of(identifier).partition("/")
            return self._offered.get(name) if kind in ("foundation-model", "inference-profile") else None
        return self._offered.get(identifier)
