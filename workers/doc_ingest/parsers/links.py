"""Links as Markdown writes them."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[\s()<>]")
_MAX_ADDRESS_CHARS = 4096
"""A longer address is data and no place to go; a document may use one many times over."""

_LABEL = re.compile(r"\s+")


def link(label: str, address: str) -> str:
    """``[label](address)``, ``<address>`` where that is the label, the label alone where there is no address to keep.

    White space around the label stays outside the link; square brackets in it stay balanced or are left out.
    """
    words, address = _LABEL.sub(" ", label).strip(), address.strip()
    if (
        not words
        or not 0 < len(address) <= _MAX_ADDRESS_CHARS
        or address.startswith("#")
        or address.lower().startswith("javascript:")
    ):
        return label
    before = " " if label[:1].isspace() else ""
    after = " " if label[-1:].isspace() else ""
    escaped = _UNSAFE.sub(_escaped, address)
    if words in (address, address.removeprefix("mailto:")):
        return f"{before}<{escaped.removeprefix('mailto:')}>{after}"
    if words.count("[") != words.count("]"):
        words = words.replace("[", "").replace("]", "")
    return f"{before}[{words}]({escaped}){after}"


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
