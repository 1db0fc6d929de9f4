"""Links in a text: found, made canonical, and taken out before words are compared.

Rules follow the project's definition of citations: Markdown links, autolinks and bare URLs (http, https, and s3 for
documents that have no source of their own); a bare URL ends at white space, a closing bracket or quote, or the first
raw Hangul letter ("https://x/a를"), without trailing punctuation. An address in code (`http://192.168.0.1`) is a value
that the text speaks of, not a link.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import count, islice
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_URL = r"(?:https?|s3)://[^\s<>\"'`|\\^{}\[\]ᄀ-ᇿ㄰-㆏가-힣]+"
_MARKDOWN = re.compile(r"\[(?P<label>[^\]\n]*)\]\(\s*<?(?P<url>[a-z][a-z0-9+.-]*://[^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_BARE = re.compile(_URL)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_FIRST_SHIELD, _SHIELDS = 0xF0000, 0x20000
_SHIELD = re.compile("[\U000f0000-\U0010ffff]")  # private-use: one for each code span while links are taken out
_SHIELDED = re.compile(f"{_CODE.pattern}|{_SHIELD.pattern}", re.DOTALL)
_LINK_LINE = re.compile(r"^[\s\-*•·\d.,;:()<>|]*$")
_TRACKING = re.compile(r"^(utm_\w+|gclid|fbclid)$")
_PORTS = {"http": ":80", "https": ":443"}


def find_links(text: str) -> list[str]:
    """URLs in order of appearance, as written (trailing punctuation of bare ones removed), repeats kept."""
    text = _blank(_CODE, text)
    found = [(m.start(), m["url"]) for m in _MARKDOWN.finditer(text)]
    rest = _blank(_MARKDOWN, text)
    found += [(m.start(), _end_properly(m.group())) for m in _BARE.finditer(rest)]
    return [url for _, url in sorted(found)]


def canonical_url(url: str) -> str:
    """One spelling per address: lower-case scheme and host, no default port, fragment, tracking keys or last slash."""
    parts = urlsplit(unicodedata.normalize("NFC", url.strip()))
    scheme, host = parts.scheme.lower(), parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme.lower(), "\0"))
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    keys = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    return urlunsplit((scheme, host, path, urlencode(keys), ""))


def strip_links(text: str) -> str:
    """The text without links. A Markdown link leaves its label; a line of nothing but links (and a label with a
    colon before them, as in "Sources:") goes whole."""
    if "://" not in text:
        return text.strip()
    code = [found.group() for found in islice(_SHIELDED.finditer(text), _SHIELDS)]
    numbers = count(_FIRST_SHIELD)
    shielded = _SHIELDED.sub(lambda _: chr(next(numbers)), text, count=_SHIELDS)
    kept = [stripped for line in shielded.split("\n") if (stripped := _strip_line(line)) is not None]
    return _SHIELD.sub(lambda found: code[ord(found.group()) - _FIRST_SHIELD], "\n".join(kept)).strip()


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """The text with every match blanked out, so that places stay the same."""
    return pattern.sub(lambda m: " " * len(m.group()), text)


def _strip_line(line: str) -> str | None:
    if "://" not in line:
        return line
    without = _BARE.sub("", _MARKDOWN.sub("", line))
    label, colon, rest = without.rpartition(":")
    if _LINK_LINE.match(rest if colon and len(label.split()) <= 3 else without):
        return None
    return re.sub(r"[ \t]{2,}", " ", _BARE.sub("", _MARKDOWN.sub(lambda m: m["label"], line)))


def _end_properly(url: str) -> str:
    while url and (url[-1] in ".,;:!?*_" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url
