"""ROUGE of a pair, of a batch, and of a stream that never ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from workers.scorer.rouge.batch import score_pairs
from workers.scorer.rouge.columns import RougeColumns
from workers.scorer.rouge.encoding import Encoder
from workers.scorer.rouge.pairwise import score_pair
from workers.scorer.rouge.preparing import prepared
from workers.scorer.rouge.prf import Prf
from workers.scorer.rouge.stemming import stemmer
from workers.scorer.rouge.token_cache import TokenCache
from workers.scorer.rouge.tokenizers import REPORT_TOKENIZER, made
from workers.scorer.rouge.types import TYPES, checked

BLOCK = 250_000
"""Characters of texts that are scored together: their arrays fit a processor's cache."""
PAIR = 100
"""Characters that a pair counts for, beside those it has."""


class Rouge:
    """Scores pairs, as rouge-score 0.1.2 does to the last bit, with one tokenizer of the registry.

    ``nfc`` and ``strip_links`` say how texts are prepared; with neither, ``default`` scores raw text exactly as
    rouge-score. ``stem`` is its ``use_stemmer``. ``cache`` keeps tokens that are slow to make (``ko-morph``).
    Threads may share a scorer. Raises BadInput for a tokenizer or type that does not exist.
    """

    def __init__(
        self,
        tokenizer: str = REPORT_TOKENIZER,
        types: Sequence[str] = TYPES,
        *,
        stem: bool = False,
        nfc: bool = True,
        strip_links: bool = True,
        cache: TokenCache | None = None,
    ) -> None:
        self.name = tokenizer
        self.types = checked(types)
        self.tokenizer = made(tokenizer, cache)
        self._options = f"{'nfc' if nfc else 'raw'}|url={'strip' if strip_links else 'keep'}|stem={int(stem)}"
        prepare = partial(prepared, nfc=nfc, without_links=strip_links)
        self._encoder = Encoder(self.tokenizer, prepare, stemmer() if stem else None)

    def score(self, reference: str, answer: str) -> dict[str, Prf]:
        """Type → precision, recall and F-measure of the answer against the reference."""
        return score_pair(self.types, *self._encoder.encode([reference, answer]))

    def score_batch(self, references: Sequence[str], answers: Sequence[str]) -> RougeColumns:
        """Pair by pair; many times as fast as one by one. Raises ValueError when the lengths differ."""
        return RougeColumns.joined(self.types, self.score_stream(zip(references, answers, strict=True)))

    def score_stream(self, pairs: Iterable[tuple[str, str]]) -> Iterator[RougeColumns]:
        """The same over (reference, answer) pairs that need not fit into memory, block by block in their order."""
        return map(self._score_block, _blocks(pairs))

    def signature(self, metric: str) -> str:
        """How a metric's numbers came about, for whoever wants to compare with them."""
        return f"rouge|n={metric.removeprefix('rouge')}|tok={self.tokenizer.signature}|{self._options}"

    def _score_block(self, pairs: Sequence[tuple[str, str]]) -> RougeColumns:
        encoded = self._encoder.encode([text for pair in pairs for text in pair])
        return RougeColumns(score_pairs(self.types, list(zip(encoded[::2], encoded[1::2], strict=True))))


def _blocks(pairs: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    block: list[tuple[str, str]] = []
    size = 0
    for pair in pairs:
        block.append(pair)
        size += len(pair[0]) + len(pair[1]) + PAIR
        if size >= BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block
