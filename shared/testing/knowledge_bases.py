"""Knowledge bases in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.artifacts import RetrievedDocument
from shared.errors import Poison


@dataclass(frozen=True)
class RetrieveCall:
    """One ``retrieve``, as it was asked."""

    knowledge_base: str
    question: str
    top_k: int


class FakeKnowledgeBases:
    """Passages by the id of their knowledge base, always in the order given; an exception among them is raised."""

    def __init__(self, bases: Mapping[str, Sequence[RetrievedDocument | Exception]] | None = None) -> None:
        self._bases = dict(bases or {})
        self.calls: list[RetrieveCall] = []

    async def retrieve(self, *, knowledge_base: str, question: str, top_k: int) -> list[RetrievedDocument]:
        self.calls.append(RetrieveCall(knowledge_base, question, top_k))
        if knowledge_base not in self._bases:
            raise Poison(f"Retrieve from knowledge base {knowledge_base}: there is none of this id")
        found = self._bases[knowledge_base][:top_k]
        for entry in found:
            if isinstance(entry, Exception):
                raise entry
        return [entry for entry in found if isinstance(entry, RetrievedDocument)]
