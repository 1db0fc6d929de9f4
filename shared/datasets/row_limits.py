"""What a family bounds in one record whatever its format: words that end a job, and tokens."""

from __future__ import annotations

from shared.datasets.problem import excerpt
from shared.datasets.reserved import find_reserved, make_safe
from shared.datasets.row_check import RowCheck
from shared.text.tokens import HANGUL_CHARS_PER_TOKEN, LATIN_CHARS_PER_TOKEN, estimate_tokens

NEAR = 0.75
"""Share of a token limit from which a record is worth a warning: AWS's own validator for Claude 3 Haiku counts 3
characters a token where we count 4, and no estimate replaces the model's tokenizer."""

ESTIMATE = f"by estimate, at {LATIN_CHARS_PER_TOKEN:g} characters a token and {HANGUL_CHARS_PER_TOKEN:g} in Korean"


def check_reserved(check: RowCheck) -> None:
    """Notes each reserved word once per text, where it first stands."""
    for where, text in check.texts:
        for word, place in find_reserved(text, check.family.reserved):
            safe, _ = make_safe(word, (word,))
            quoted = excerpt(text, place, place + len(word))
            what = f"holds {word!r} (in {quoted}), a word that ends a job for {check.family.title}"
            check.wrong("reserved_word", where, f"{what}; write {safe!r} or another word")


def check_length(check: RowCheck) -> int:
    """Estimated tokens of the record; notes when the family takes fewer, or when it comes near."""
    tokens = sum(estimate_tokens(text) for _, text in check.texts)
    limit = check.family.max_tokens
    if limit is None or tokens <= NEAR * limit:
        return tokens
    what = f"the record has about {tokens:,} tokens ({ESTIMATE}); {check.family.title} takes {limit:,}"
    if tokens > limit:
        check.wrong("too_long", "", f"{what}: give the question fewer or shorter documents, or leave it out")
    else:
        check.wrong("near_limit", "", f"{what}, and the estimate may be low", "warning")
    return tokens
