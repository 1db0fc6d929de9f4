"""Links in a text: found, made canonical, and taken out before words are compared.

Rules follow the project's definition of citations: Markdown links, autolinks and bare URLs (http, https, and s3 for
documents that have no source of their own); a bare URL ends at white space, a closing bracket or quote, or the first
raw Hangul letter ("https://x/a를"), without trailing punctuation, and where a comma or semicolon begins another one.
Where the links of documents are known, the longest of them that a bare URL begins with is what is meant: it may have
Hangul letters of its own, and what is glued to it is not part of it. An address in code (`http://192.168.0.1`) is a
value that the text speaks of, not a link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import count, islice
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_URL = r"(?:https?|s3)://[^\s<>\"'`|\\^{}\[\]ᄀ-ᇿ㄰-㆏가-힣]+"
_TARGET = r"[a-z][a-z0-9+.-]*://(?:[^()\s>]|\([^()\s]*\))+"
_MARKDOWN = re.compile(rf"\[(?P<label>[^\]\n]*)\]\(\s*<?(?P<url>{_TARGET})>?(?:\s+\"[^\"]*\")?\s*\)")
_BARE = re.compile(_URL)
_START = re.compile(r"(?:https?|s3)://")
_GLUED = re.compile(r"[,;|](?=(?:https?|s3)://)")
_GOES_ON = re.compile(r"[A-Za-z0-9_%/&=+@~$#-]|\.[A-Za-z0-9]|\?\w+=|:\d")
"""After a known URL: what makes it another URL."""
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_FIRST_SHIELD, _SHIELDS = 0xF0000, 0x20000
_SHIELD = re.compile("[\U000f0000-\U0010ffff]")  # private-use: one for each code span while links are taken out
_SHIELDED = re.compile(f"{_CODE.pattern}|{_SHIELD.pattern}", re.DOTALL)
_LINK_LINE = re.compile(r"^[\s\-*•·\d.,;:()<>|]*$")
_TRACKING = re.compile(r"^(utm_\w+|gclid|fbclid|msclkid|mc_cid|mc_eid|igshid)$")
_ENCODED_SLASH = re.compile("%2[Ff]")
_PORTS = {"http": ":80", "https": ":443"}


class KnownLinks:
    """Links that documents are known by, in every spelling in which a text may write them."""

    def __init__(self, urls: Iterable[str] = (), base: KnownLinks | None = None) -> None:
        self._base = base
        self._spellings = {spelling for url in urls for spelling in (url, unquote(url), url.rstrip("/"))}
        self._lengths = sorted({len(spelling) for spelling in self._spellings}, reverse=True)

    def extended(self, urls: Iterable[str]) -> KnownLinks:
        """These and more, without looking at all of these again."""
        return KnownLinks(urls, base=self)

    def at(self, text: str, start: int) -> str | None:
        """The longest known link that the text holds at ``start`` and that ends there."""
        found = [self._base.at(text, start) if self._base else None, self._own(text, start)]
        return max((link for link in found if link is not None), key=len, default=None)

    def _own(self, text: str, start: int) -> str | None:
        for length in self._lengths:
            if (found := text[start : start + length]) in self._spellings and not _GOES_ON.match(text, start + length):
                return found
        return None


NONE_KNOWN = KnownLinks()


def find_links(text: str, known: KnownLinks = NONE_KNOWN) -> list[str]:
    """URLs in order of appearance, as written (trailing punctuation of bare ones removed), repeats kept."""
    text = _blank(_CODE, text)
    found = [(m.start(), m["url"]) for m in _MARKDOWN.finditer(text)]
    found += _bare(_blank(_MARKDOWN, text), known)
    return [url for _, url in sorted(found)]


def canonical_url(url: str) -> str:
    """One spelling per address: lower-case scheme and host, no default port, fragment, tracking keys or last slash."""
    parts = urlsplit(unicodedata.normalize("NFC", url.strip()))
    scheme, host = parts.scheme.lower(), parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme.lower(), "\0"))
    path = "%2F".join(map(_spelled, _ENCODED_SLASH.split(parts.path))).rstrip("/")
    keys = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    return urlunsplit((scheme, host, path, urlencode(keys), ""))


def _spelled(path: str) -> str:
    """One percent-encoding for each path; bytes that are no UTF-8 stay themselves, letters are composed."""
    decoded = unicodedata.normalize("NFC", unquote(path, errors="surrogateescape"))
    return quote(decoded, safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")


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


def _bare(text: str, known: KnownLinks) -> list[tuple[int, str]]:
    found, place = list[tuple[int, str]](), 0
    while (begin := _START.search(text, place)) is not None:
        start = begin.start()
        if url := known.at(text, start) or _unknown(text, start):
            found.append((start, url))
        place = max(begin.end(), start + len(url))
    return found


def _unknown(text: str, start: int) -> str:
    whole = _BARE.match(text, start)
    return _end_properly(_GLUED.split(whole.group(), maxsplit=1)[0]) if whole else ""


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
