"""The foundation models of the local Bedrock, and real model ids that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from localcloud.bedrock import arns
from localcloud.engines.families import OPENAI, Family
from localcloud.errors import BadOption

_REGION = re.compile(r"^(us-gov|us|eu|apac|global|jp|au|ca)\.(?=[a-z0-9-]+\.)")
"""What the id of a cross-region inference profile has before the model's."""
_NAME_LENGTH = 20
"""AWS's limit for the name of a model."""


@dataclass(frozen=True)
class Local:
    """A model that an engine has. ``output`` is Bedrock's modality: TEXT or EMBEDDING. ``untrainable`` may say why
    it is not ``customizable``."""

    id: str
    name: str
    output: str = "TEXT"
    customizable: bool = False
    untrainable: str = ""


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
    """``aliases`` maps real ids to local ones, or to models of a family: ``openai/llama3.1:8b``.

    A family's model has no id of its own, since AWS's ids hold no slash. Raises BadOption for an alias of nothing.
    """

    def __init__(self, aliases: Mapping[str, str], families: Sequence[Family] = ()) -> None:
        known = {family.name: family for family in families}
        self._offered = {id_: Foundation(id_, local) for id_, local in LOCAL.items()}
        for real, local_id in aliases.items():
            self._offered[real] = Foundation(real, LOCAL.get(local_id) or _of_family(real, local_id, known))

    def __iter__(self) -> Iterator[Foundation]:
        return iter(self._offered.values())

    def find(self, identifier: str) -> Foundation | None:
        """By id or ARN of a model or of an inference profile. A profile may have an alias of its own; else it is the
        model that it serves in several regions."""
        name = identifier
        if identifier.startswith("arn:"):
            kind, _, name = arns.resource_of(identifier).partition("/")
            if kind not in ("foundation-model", "inference-profile"):
                return None
        return self._offered.get(name) or self._offered.get(_REGION.sub("", name))


def _of_family(real: str, local_id: str, known: Mapping[str, Family]) -> Local:
    """The real id tells what the model is asked for: Bedrock's models for embeddings have it in theirs."""
    name, _, model = local_id.partition("/")
    if name not in known or not model:
        raise BadOption(f"alias {real}={local_id}: there is no {local_id}; {_remedy(name, model, known)}")
    family = known[name]
    embeds = "embed" in real
    return Local(
        local_id,
        model.rpartition("/")[2][:_NAME_LENGTH],
        output="EMBEDDING" if embeds else "TEXT",
        customizable=not (embeds or family.untrainable),
        untrainable=family.untrainable,
    )


def _remedy(name: str, model: str, known: Mapping[str, Family]) -> str:
    if name == OPENAI and model and OPENAI not in known:
        return "give the server that has it by --openai URL"
    others = "".join(f", {other}/…" for other in known)
    return f"local models are {', '.join(LOCAL)}{others}"
