"""Which documents an answer names, and how the links are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np

from localcloud.engines.extractive.instructions import Instructions
from localcloud.engines.extractive.pool import Pool
from localcloud.engines.extractive.ranker import Vector, softmax
from localcloud.engines.extractive.terms import content_terms
from shared.prompting.citations import LABELS
from shared.text.language import Language, detect_language
from shared.text.links import canonical_url, find_links

CITE_NAMES = ("bias", "said", "said_first", "mass", "best", "rank_first", "rank", "title", "only")
"""What tells whether a document is cited; a positive sum cites it."""
_PRIOR = {"bias": -2.0, "said": 4.0, "said_first": 2.0}
T = TypeVar("T")


@dataclass(frozen=True)
class LinkStyle:
    """``before`` and ``after`` stand around a link; with ``titled`` it is a Markdown link. Labels by language."""

    labels: Mapping[str, str]
    before: str = "<"
    after: str = ">"
    between: str = " "
    titled: bool = False

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "labels": dict(self.labels)}


def prior() -> Vector:
    """Weights before training, in the order of the names."""
    return np.asarray([_PRIOR.get(name, 0.0) for name in CITE_NAMES])


def addresses(pool: Pool) -> list[str]:
    """The documents' URLs in order, each once: several chunks may come from one page."""
    return list(dict.fromkeys(document.url for document in pool.documents))


def cite_by_rule(pool: Pool, picks: Sequence[int], asked: Instructions) -> list[str]:
    """A base model gives every link it was given when asked for links, unless told to name only what it used."""
    if asked.cite in ("none", "unasked"):
        return []
    if asked.cite == "all":
        return addresses(pool)
    return list(dict.fromkeys(pool.documents[pool.pieces[i].document].url for i in picks))


def cite_by_model(pool: Pool, picks: Sequence[int], scores: Vector, weights: Vector) -> list[str]:
    """The documents that a trained model cites, best first: of those that it quoted, and always one."""
    rows = cite_features(pool, picks, scores)
    values = rows @ weights
    quoted = [i for i in range(len(values)) if rows[i, CITE_NAMES.index("said")] > 0]
    order = sorted(quoted, key=lambda i: (-values[i], i))
    known = addresses(pool)
    return [known[i] for place, i in enumerate(order) if place == 0 or values[i] > 0]


def cite_features(pool: Pool, picks: Sequence[int], scores: Vector) -> Vector:
    """One row per address of the pool."""
    known = addresses(pool)
    place = {url: n for n, url in enumerate(known)}
    rows = np.zeros((len(known), len(CITE_NAMES)))
    home = [place[pool.documents[piece.document].url] for piece in pool.pieces]
    said = [len(pool.pieces[i].view.terms) for i in picks]
    for i, size in zip(picks, said, strict=True):
        rows[home[i], 1] += size / (sum(said) or 1)
    if picks:
        rows[home[picks[0]], 2] = 1.0
    if len(scores):
        np.add.at(rows[:, 3], home, softmax(scores))
        np.maximum.at(rows[:, 4], home, np.exp(scores - scores.max()))
    asked = pool.question_terms
    for n, url in enumerate(known):
        titles = {t for d in pool.documents if d.url == url for t in content_terms(d.title)}
        title = pool.weight(frozenset(titles) & asked) / (pool.weight(asked) or 1.0)
        rows[n, [0, 5, 6, 7, 8]] = 1.0, float(n == 0), 1 / (1 + n), title, float(len(known) == 1)
    return np.round(rows, 9)


def write_links(answer: str, urls: Sequence[str], pool: Pool, asked: Instructions) -> str:
    """The answer with its links as the prompt wants them; Markdown links where it does not say."""
    if not urls:
        return answer
    if asked.links == "numbers":
        numbers = sorted({n for n, d in enumerate(pool.documents, 1) if d.url in urls})
        return f"{answer.rstrip()} {''.join(f'[{n}]' for n in numbers)}"
    own = asked.label if asked.label not in LABELS.values() else None  # the house's labels follow the language
    labels = {language: own or label for language, label in LABELS.items()}
    style = LinkStyle(labels, titled=asked.links == "markdown")
    return write_style(answer, urls, pool, style)


def write_style(answer: str, urls: Sequence[str], pool: Pool, style: LinkStyle) -> str:
    """The answer, a blank line, and one line of links in the given style."""
    if not urls:
        return answer
    titles = {document.url: document.title for document in reversed(pool.documents)}
    links = (f"[{titles[u] or u}]({u})" if style.titled else f"{style.before}{u}{style.after}" for u in urls)
    line = f"{style.labels.get(pool.question.language, '')} {style.between.join(links)}"
    return f"{answer.rstrip()}\n\n{line.strip()}"


_LINE = re.compile(r"^(?P<label>[^\n<\[(]*?:)?[ \t]*(?P<links>\S*https?://.*)$", re.MULTILINE)
_BETWEEN = re.compile(r"https?://[^\s<>)\]]+[>)\]]?(?P<between>\W+?)[<\[(]?https?://")


def learn_link_style(answers: Iterable[str]) -> LinkStyle | None:
    """The most frequent way in which answers write their line of links; None when fewer than half have links."""
    total, shapes = 0, Counter[tuple[str, str, bool]]()
    labels: dict[Language, Counter[str]] = {"en": Counter(), "ko": Counter()}
    between: Counter[str] = Counter()
    for answer in answers:
        total += 1
        lines = [m for m in _LINE.finditer(answer) if find_links(m["links"])]
        if not lines:
            continue
        line = lines[-1]
        shapes[_shape(line["links"])] += 1
        labels[detect_language(answer[: line.start()] or answer)][(line["label"] or "").strip()] += 1
        between.update(m["between"].strip("<[(>])") for m in _BETWEEN.finditer(line["links"]))
    if 2 * sum(shapes.values()) < total or not shapes:
        return None
    before, after, titled = _most(shapes)
    return LinkStyle(
        {language: _most(found) if found else LABELS[language] for language, found in labels.items()},
        before,
        after,
        _most(between) if between else " ",
        titled,
    )


def cited(pool: Pool, answer: str) -> Vector:
    """1 for every address of the pool that the answer links to, else 0."""
    links = {canonical_url(url) for url in find_links(answer)}
    return np.asarray([float(canonical_url(url) in links) for url in addresses(pool)])


def _shape(links: str) -> tuple[str, str, bool]:
    url = find_links(links)[0]
    start = links.find(url)
    before, after = links[max(0, start - 1) : start].strip(), links[start + len(url) :][:1].strip()
    if links[:start].endswith("]("):
        return "", "", True
    return (before, after, False) if before in ("<", "[", "(") and after in (">", "]", ")") else ("", "", False)


def _most(counter: Counter[T]) -> T:
    """The most frequent; the first of equals in the order of their text, so that order of rows does not matter."""
    return min(counter, key=lambda key: (-counter[key], str(key)))
