"""What Markdown's dialects add, brought down to CommonMark: MDX, admonitions, tabs, shortcodes. Fences stay untouched.

MDX (mdxjs.com): ``import`` and ``export`` go, components give way to what they hold and to their label or title.
Docusaurus and MkDocs admonitions and tabs become a line with their name before what they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_ESM = re.compile(
    r"^(?:import\s+(?:[\w*{][^\n'\"]*\sfrom\s+)?['\"][^'\"]+['\"];?\s*$|import\s+(?:\w+,\s*)?\{[^}]*$"
    r"|export\s+(?:const|default|function|let|var|async|\{|\*)(?:\s|$))"
)
_ESM_ENDS = re.compile(r"['\"];?\s*$")
_COMPONENT = re.compile(
    r"</?[A-Z]\w*[a-z][\w.]*(?P<attributes>(?:\s(?:[^<>\"'{}`]|\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)?)/?>"
)
_CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?:[^`]|(?!(?P=ticks)(?!`))`+)*?(?P=ticks)(?!`)")
_SHOWN = re.compile(r"\b(?:label|title)=(?:\"([^\"]*)\"|'([^']*)')")
_COMMENT = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_STRING = re.compile(r"\{\s*([\"'])([^\"'{}\n]*)\1\s*\}")
"""A string as an expression, ``{' '}``, which is shown."""
_SHORTCODE = re.compile(r"\{\{[<%].*?[>%]\}\}")
_CONTAINER = re.compile(r"^(\s*):{3,}\s*([A-Za-z][\w-]*)?(?:\[([^\]]*)\]|\s+(.*?))?\s*$")
_INDENTED = re.compile(r"^(\s*)(?:!!!|\?\?\?\+?|===[!+]?)\s+([\w-]+(?:\s+[\w-]+)*)?\s*(?:\"([^\"]*)\")?\s*$")
_ALERT = re.compile(r"^(\s*(?:>\s*)+)\[!(\w+)\][-+]?\s*(.*)$")
_BODY_INDENT = 4


def is_mdx(text: str) -> bool:
    """Whether a text has what only MDX has. In MDX, indented lines are no code."""
    outside = "\n".join(line for line, fenced in _lines(text.split("\n")) if not fenced)
    starts = re.findall(r"(?:\A|\n\n|\n(?=import))((?:import|export)\s[^\n]*)", outside)
    return (
        any(_ESM.match(line) for line in starts)
        or re.search(r"^\s*</?[A-Z]\w*[a-z][\w.]*(?:[\s/>]|$)", outside, re.MULTILINE) is not None
    )


def to_commonmark(text: str, mdx: bool) -> str:
    """The text in CommonMark with tables."""
    lines = _without_esm(text.split("\n")) if mdx else text.split("\n")
    lines = _opened(lines)
    pieces: list[str] = []
    prose: list[str] = []
    for line, fenced in _lines(lines):
        if fenced:
            pieces += [*_prose(prose, mdx), line]
            prose = []
        else:
            prose.append(line)
    return "\n".join([*pieces, *_prose(prose, mdx)])


def _lines(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """(line, whether it is part of a fence), the fence's own lines included."""
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if fence:
            yield line, True
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and not (match[1][0] == "`" and "`" in match[2]):
            fence = match[1]
            yield line, True
        else:
            yield line, False


def _without_esm(lines: list[str]) -> list[str]:
    """Without the imports and exports that start a block of their own."""
    kept: list[str] = []
    inside = False
    before = ""
    for line, fenced in _lines(lines):
        starts = not fenced and (not before.strip() or _ESM.match(before) is not None) and _ESM.match(line) is not None
        if starts:
            inside = not (line.startswith("import") and _ESM_ENDS.search(line))
        elif inside and (not line.strip() or fenced):
            inside = False
            kept.append(line)
        elif not inside:
            kept.append(line)
        before = line
    return kept


def _opened(lines: list[str]) -> list[str]:
    """Admonitions and tabs as their name and what they hold."""
    found: list[str] = []
    held = list(_lines(lines))
    position = 0
    while position < len(held):
        line, fenced = held[position]
        position += 1
        match = None if fenced else _INDENTED.match(line)
        if match and (match[2] or match[3]):
            body = _body(lines, position, len(match[1]) + _BODY_INDENT)
            position += len(body)
            inside = [inner[_BODY_INDENT:] if inner.strip() else "" for inner in body]
            found += ["", match[1] + _name(match[2], match[3]), "", *_opened(inside), ""]
        else:
            found += [line] if fenced else _marked(line)
    return found


def _body(lines: list[str], start: int, indent: int) -> list[str]:
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" " * indent)):
        end += 1
    return lines[start:end]


def _marked(line: str) -> list[str]:
    """A line that opens or ends a Docusaurus container, or marks a quotation as a note, without its marks."""
    alert = _ALERT.match(line)
    if alert:
        return [f"{alert[1]}{_name(alert[2], alert[3])}"]
    match = _CONTAINER.match(line)
    if not match:
        return [line]
    title = match[3] or match[4]
    return ["", match[1] + _name(match[2], title), ""] if match[2] else [""]


def _name(kind: str | None, title: str | None) -> str:
    word = (kind or "").split(" ")[0].capitalize()
    return f"{word}: {title}" if word and title else f"{word}:" if word else title or ""


def _prose(lines: list[str], mdx: bool) -> list[str]:
    text = "\n".join(lines)
    if "{{" in text:
        text = _SHORTCODE.sub("", text)
    if mdx:
        text = _outside_code(_COMMENT.sub("", text))
    return text.split("\n") if lines else []


def _outside_code(text: str) -> str:
    """Components replaced, paragraph by paragraph, but not inside code spans."""
    paragraphs = re.split(r"(\n[ \t]*\n)", text)
    return "".join(_plain(part) if "<" in part or "{" in part else part for part in paragraphs)


def _plain(text: str) -> str:
    found = ""
    position = 0
    for span in _CODE_SPAN.finditer(text):
        found += _without_components(text[position : span.start()]) + span.group()
        position = span.end()
    return found + _without_components(text[position:])


def _without_components(text: str) -> str:
    return _COMPONENT.sub(_component, _STRING.sub(r"\2", text))


def _component(match: re.Match[str]) -> str:
    """A component's label; nothing inside a line, a blank line where it stands on lines of its own."""
    shown = _SHOWN.search(match["attributes"] or "")
    before = match.string[: match.start()].rpartition("\n")[2]
    after = match.string[match.end() :].partition("\n")[0]
    label = (shown[1] or shown[2] or "") if shown else ""
    return f"\n\n{label}\n\n" if not before.strip() and (label or not after.strip()) else label
