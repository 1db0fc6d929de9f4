"""SQuAD-format JSON (SQuAD 1 and 2, KorQuAD 1, XQuAD) as documents, their sources and ground truth: pure.

Format: https://rajpurkar.github.io/SQuAD-explorer/ — ``data[].{title, paragraphs[].{context, qas[].{id, question,
answers[].text, is_impossible}}}``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import quote

from schemas.artifacts import GroundTruth
from shared.errors import BadInput

BASE_URL = "https://squad.example"

_INLINE = re.compile(r"([\\`*_\[\]<>|&])")
_LINE_START = re.compile(r"^(\s*)([#+~=-]|\d+(?=[.)]))", re.MULTILINE)


@dataclass(frozen=True)
class Article:
    """One article as a document, with its questions."""

    slug: str
    title: str
    paragraphs: list[str]
    pairs: list[GroundTruth]
    unanswerable: int

    @property
    def url(self) -> str:
        return url_of(self.slug)

    @property
    def path(self) -> str:
        """The document's path within the corpus."""
        return f"{self.slug}.md"

    def markdown(self) -> str:
        """The document: the title as its heading, each paragraph a section."""
        sections = (f"## Section {n}\n\n{_escaped(text)}\n" for n, text in enumerate(self.paragraphs, start=1))
        return "\n".join([f"# {_escaped(self.title)}\n", *sections])


def url_of(slug: str) -> str:
    return f"{BASE_URL}/{quote(slug)}"


def read_squad(name: str, body: bytes) -> list[Article]:
    """The articles of a file. Questions without an answer are left out and counted. Raises BadInput."""
    try:
        data = json.loads(body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(f"{name} is not in SQuAD format: it is no JSON object with a list `data`; see --help") from None
    slugs: set[str] = set()
    ids: set[str] = set()
    articles = []
    for number, entry in enumerate(data if isinstance(data, list) else [], start=1):
        try:
            articles.append(_article(entry, number, slugs, ids))
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise BadInput(f"{name}: article {number} is not in SQuAD format ({error!r}); see --help") from None
    if not any(article.pairs for article in articles):
        raise BadInput(f"{name} holds no question with an answer; the file must be one with answers, as dev or train")
    return articles


def take_evenly(articles: list[Article], questions: int) -> list[Article]:
    """So many questions in all, one from each article in turn; articles left without any stay as documents."""
    turns = chain.from_iterable(zip_longest(*(article.pairs for article in articles)))
    kept = {pair.id for pair, _ in zip((pair for pair in turns if pair is not None), range(questions), strict=False)}
    return [
        Article(a.slug, a.title, a.paragraphs, [pair for pair in a.pairs if pair.id in kept], a.unanswerable)
        for a in articles
    ]


def _article(entry: Any, number: int, slugs: set[str], ids: set[str]) -> Article:
    title = " ".join(str(entry.get("title") or "").replace("_", " ").split()) or f"Article {number}"
    slug = _slug(title, slugs)
    pairs: list[GroundTruth] = []
    unanswerable = 0
    for qa in (qa for paragraph in entry["paragraphs"] for qa in paragraph["qas"]):
        answer = _answer(qa)
        if answer is None:
            unanswerable += 1
        elif str(qa["id"]) not in ids:  # SQuAD-like sets repeat a question under several paragraphs
            ids.add(str(qa["id"]))
            question = " ".join(str(qa["question"]).split())
            pairs.append(GroundTruth(id=str(qa["id"]), question=question, answer=answer, references=[url_of(slug)]))
    return Article(slug, title, list(_paragraphs(entry)), pairs, unanswerable)


def _paragraphs(entry: Any) -> Iterator[str]:
    for paragraph in entry["paragraphs"]:
        context = str(paragraph["context"]).strip()
        if context:
            yield context


def _answer(qa: Any) -> str | None:
    """The first answer; None for an unanswerable question."""
    answers = [] if qa.get("is_impossible") else qa["answers"]
    texts = [text for answer in answers if (text := " ".join(str(answer["text"]).split()))]
    return texts[0] if texts else None


def _slug(title: str, taken: set[str]) -> str:
    stem = re.sub(r"\W+", "-", unicodedata.normalize("NFC", title).lower()).strip("-_")[:60] or "article"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    taken.add(slug)
    return slug


def _escaped(text: str) -> str:
    """Text as Markdown that reads as just this text."""
    return _LINE_START.sub(_marked, _INLINE.sub(r"\\\1", text))


def _marked(match: re.Match[str]) -> str:
    """``# x`` becomes ``\\# x``; ``1. x`` becomes ``1\\. x``."""
    return match.group() + "\\" if match.group(2).isdigit() else f"{match.group(1)}\\{match.group(2)}"
