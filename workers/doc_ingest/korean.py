"""Korean sentences by kiwipiepy, for text whose writer left out the full stops: 설치한다 그리고 실행한다.

The model takes 0.5 GB and 1.6 s to load, so it lives in one process that all parsers share (``pool.py``), and is asked
only about what the rules of ``shared.text.sentences`` take for one sentence over the budget.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from schemas.recipe import Chunking
from shared.errors import BadInput
from shared.text.language import is_hangul
from shared.text.sentences import protected_spans, split_sentences
from workers.doc_ingest.ingest import Ingested, cut
from workers.doc_ingest.model import Parsed
from workers.doc_ingest.pieces import fits
from workers.doc_ingest.prose import Split


def check_installed() -> None:
    """Raises BadInput when the extra is missing: a corpus must not be cut in two ways."""
    if importlib.util.find_spec("kiwipiepy") is None:
        raise BadInput("korean_sentences: kiwi needs kiwipiepy; pip install 'groundtune[korean]', or say rules")


def cut_korean(kind: str, parsed: Parsed, digest: str, chunking: Chunking) -> Ingested:
    """As ``ingest.cut``, with the model looking into sentences that the rules leave too long."""
    return cut(kind, parsed, digest, chunking, korean_split(_model(), chunking.max_tokens))


def korean_split(model: Any, max_tokens: int) -> Split:
    """``split_sentences`` with longer Korean ones split again by ``model`` (a ``kiwipiepy.Kiwi``)."""

    def split(text: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for start, end in split_sentences(text):
            long = not fits(text, start, end, max_tokens) and any(map(is_hangul, text[start:end]))
            inner = _inside(model, text[start:end]) if long else [(0, end - start)]
            found += [(start + first, start + last) for first, last in inner]
        return found

    return split


def _inside(model: Any, sentence: str) -> Iterator[tuple[int, int]]:
    """The model's sentences, but none that ends within code or a link."""
    protected = protected_spans(sentence)
    begin = None
    for found in model.split_into_sents(sentence):
        begin = found.start if begin is None else begin
        if not any(start < found.end < end for start, end in protected):
            yield begin, found.end
            begin = None
    if begin is not None:
        yield begin, len(sentence)


@lru_cache(maxsize=1)
def _model() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)
