"""The documents that an answer may cite: by all their links, each under one canonical spelling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schemas.base import content_hash
from shared.text.links import KnownLinks, canonical_url


@dataclass(frozen=True)
class Documents:
    """``urls`` are what documents are cited by; ``aliases``: other URL of a document → the URL it is cited by."""

    urls: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def resolved(self, url: str) -> str:
        """The canonical URL of a document, whichever of its URLs is given; of any other link its canonical form."""
        canonical = canonical_or_same(url)
        return self._primaries.get(canonical, canonical)

    def knows(self, resolved: str) -> bool:
        """Whether a resolved URL is a document's."""
        return resolved in self._known

    def links(self, more: Iterable[str]) -> KnownLinks:
        """What a bare URL in an answer may begin with; ``more`` are links of the question itself."""
        return self._links.extended(more)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with any link or alias."""
        return content_hash([sorted(self.urls), dict(self.aliases)])

    @cached_property
    def _primaries(self) -> dict[str, str]:
        return {canonical_or_same(alias): canonical_or_same(primary) for alias, primary in self.aliases.items()}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(map(self.resolved, self.urls))

    @cached_property
    def _links(self) -> KnownLinks:
        return KnownLinks([*self.urls, *self.aliases, *self.aliases.values()])


def canonical_or_same(url: str) -> str:
    """A link that no URL parser accepts, such as http://[half, is cited as it stands."""
    try:
        return canonical_url(url)
    except ValueError:
        return url
