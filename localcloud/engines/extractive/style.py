"""How picks become an answer: openings, lists, commands, and what is left out of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from localcloud.engines.extractive.instructions import Instructions
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.pool import Piece, Pool
from localcloud.engines.extractive.selection import reading_order
from localcloud.engines.extractive.terms import content_terms
from shared.text.language import detect_language

PREAMBLE = {
    "en": "Based on the documents that you provided, here is what I found about your question.",
    "ko": "제공해 주신 문서를 바탕으로 질문하신 내용에 대해 확인한 사항을 안내해 드리겠습니다.",
}
REFUSAL = {"en": "The documents do not answer this question.", "ko": "제공된 문서에서 답을 찾을 수 없습니다."}

_CONNECTIVE = re.compile(
    r"^(?:however|therefore|thus|moreover|furthermore|in addition|additionally|also|besides|instead|then|finally|"
    r"for example|for instance|note that|in this case|as a result)\b,?\s+|^(?:또한|따라서|그러나"
    r"|하지만|그리고|또|다만|단|이때|이 경우|즉|참고로|예를 들어),?\s+",
    re.IGNORECASE,
)
_PARENTHETICAL = re.compile(r"\s*\((?![^()]*https?://)[^()]*\)")
_LABEL = re.compile(r"^[^.:!?\n]{2,60}[.:]\s+(?=\S.{20,})", re.DOTALL)
_ASIDE = re.compile(
    r"(?:;| –| —|, which|, so that|, for example|, because)\s[^.]*(?=\.?$)|,\s*(?:예를 들어"
    r"|즉)\s[^.]*(?=\.?$)"
)
_ROW_HEADER = re.compile(r"(?:(?<= – )|(?<=\. ))[^:.]{2,30}: ")
_END = re.compile(r"[.!?…:。]['\"”’)\]`]*$")

Rule = Callable[[str], str]
COMPRESSIONS: dict[str, Rule] = {
    "connectives": lambda text: _upper_first(_CONNECTIVE.sub("", text)),
    "parentheticals": lambda text: _PARENTHETICAL.sub("", text),
    "labels": lambda text: _LABEL.sub("", text),
    "asides": lambda text: _ASIDE.sub("", text),
    "row headers": lambda text: _ROW_HEADER.sub("", text),
    "code marks": lambda text: text.replace("`", ""),
}
"""What house answers may leave out; training turns on those that bring answers nearer to the references."""


@dataclass(frozen=True)
class Style:
    """``openings`` come first, by language; ``echo`` takes up what was asked; ``leave_out`` names compressions."""

    openings: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = False
    commands: bool = False
    echo: bool = False
    leave_out: tuple[str, ...] = ()


def prompted_style(asked: Instructions) -> Style:
    """A base model's style. Asked to be brief, or for anything particular, it drops its preamble."""
    plain = asked.tone == "brief" or asked.sentences is not None or asked.words is not None
    preamble = asked.preamble if asked.preamble is not None else not plain
    return Style(PREAMBLE if preamble else {}, bool(asked.steps), bool(asked.commands), bool(asked.echo))


def write(pool: Pool, picks: Sequence[int], style: Style) -> str:
    """The text of an answer, without links."""
    pieces = [pool.pieces[i] for i in reading_order(pool, list(picks))]
    steps = [piece for piece in pieces if piece.candidate.kind == "step"]
    numbered = style.numbered and len(steps) > 1
    parts: list[str] = []
    lines: list[str] = []
    for piece in pieces:
        said = _say(piece, style)
        if numbered and piece.candidate.kind == "step":
            lines.append(f"{len(lines) + 1}. {said}")
        else:
            parts.append(said)
    if style.echo and parts:
        parts[0] = echo(pool.question.text, parts[0])
    if opening := style.openings.get(pool.question.language):
        parts.insert(0, opening)
    return "\n".join(part for part in (_join(parts), *lines) if part)


def echo(question: str, answer: str) -> str:
    """The answer opened with the purpose that the question names: "How do I reset X?" gives "To reset X, …"."""
    opening = _opening(question)
    terms = content_terms(opening)
    if not terms or len(terms & content_terms(answer)) >= 0.8 * len(terms):
        return answer
    return f"{opening} {_lower_first(answer)}"


_HOW = re.compile(
    r"\bhow (?:do|can|should|would|could|does|to)(?: (?:i|we|you|one|a \w+|an \w+|the \w+))? "
    r"(?P<what>[^?,]+)",
    re.IGNORECASE,
)
_KOREAN_PURPOSE = re.compile(r"^(?P<what>[^?,]*?(?:하|되|으|[가-힣])려면)(?=[\s,])")


def _opening(question: str) -> str:
    if purpose := _KOREAN_PURPOSE.search(question):
        return purpose["what"]
    if how := _HOW.search(question):
        return (
            f"To {how['what'].strip()},"
            if re.search(r"\bhow (?:do|can|should|to|would|could)\b(?! the| an?\b)", question, re.I)
            else ""
        )
    return ""


def _say(piece: Piece, style: Style) -> str:
    candidate = piece.candidate
    if candidate.kind == "code":
        return _command(piece, style)
    text = piece.wording
    for name in style.leave_out:
        if name == "row headers" and candidate.kind != "row":
            continue
        text = COMPRESSIONS[name](text) or text
    return text.strip() if _END.search(text.strip()) else f"{text.strip()}."


def _command(piece: Piece, style: Style) -> str:
    candidate = piece.candidate
    if not style.commands:
        return candidate.text
    if "\n" in candidate.text:
        lead = candidate.lead.rstrip(".:： ") + ":" if candidate.lead else ""
        return f"{lead}\n```\n{candidate.text}\n```\n".lstrip("\n")
    command = f"`{candidate.text.strip()}`"
    if candidate.lead:
        return f"{candidate.lead.rstrip('.:： ')}: {command}"
    korean = detect_language(candidate.heading) == "ko"
    return f"{with_particle(command + ' 명령', '을')} 사용합니다." if korean else f"Use {command}."


def _join(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        text += part if not text or text.endswith("\n") else f"{chr(10) if part.startswith('```') else ' '}{part}"
    return text.strip()


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    first = text.split(" ", 1)[0].rstrip(",.")
    return text[:1].lower() + text[1:] if first[:1].isupper() and first[1:].islower() else text
