"""ROUGE-N, -L and -Lsum (Lin 2004), value for value those of rouge-score, over tokenizers that do not drop Korean."""

from workers.scorer.rouge.columns import RougeColumns
from workers.scorer.rouge.coverage import MIN_COVERAGE, coverage, shorter_than
from workers.scorer.rouge.preparing import words_only
from workers.scorer.rouge.prf import Prf
from workers.scorer.rouge.scorer import Rouge
from workers.scorer.rouge.token_cache import Analysis, MemoryTokens, TokenCache
from workers.scorer.rouge.tokenizers import TOKENIZERS, Tokenizer
from workers.scorer.rouge.types import TYPES

__all__ = [
    "MIN_COVERAGE",
    "TOKENIZERS",
    "TYPES",
    "Analysis",
    "MemoryTokens",
    "Prf",
    "Rouge",
    "RougeColumns",
    "TokenCache",
    "Tokenizer",
    "coverage",
    "shorter_than",
    "words_only",
]
