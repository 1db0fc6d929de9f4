"""rouge-score, asked about many pairs, and compared bit by bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rouge_score.rouge_scorer import RougeScorer

from tests.unit.workers.scorer.rouge.pairs import Pair
from workers.scorer.rouge import Prf, Tokenizer

Hex = dict[str, tuple[str, str, str]]
"""Type → precision, recall and F-measure, in a spelling that shows every bit."""


def oracle(
    pairs: Sequence[Pair], types: Sequence[str], *, stem: bool = False, tokenizer: Tokenizer | None = None
) -> list[Hex]:
    scorer = RougeScorer(list(types), use_stemmer=stem, tokenizer=tokenizer and _Adapter(tokenizer))
    return [{name: _hex(*values) for name, values in scorer.score(*pair).items()} for pair in pairs]


def ours(found: Mapping[str, Prf]) -> Hex:
    return {name: _hex(values.precision, values.recall, values.fmeasure) for name, values in found.items()}


class _Adapter:
    """A tokenizer in the shape that rouge-score calls."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenize = tokenizer


def _hex(precision: float, recall: float, fmeasure: float) -> tuple[str, str, str]:
    return float(precision).hex(), float(recall).hex(), float(fmeasure).hex()
