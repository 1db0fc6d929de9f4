"""Texts as they are tokenized."""

from __future__ import annotations

import unicodedata

from shared.text.links import strip_links


def words_only(text: str) -> str:
    """A text as ROUGE and similarity see it: NFC, without links. Links are scored as citations, never as words."""
    return prepared(text, nfc=True, without_links=True)


def prepared(text: str, *, nfc: bool, without_links: bool) -> str:
    """NFC since a decomposed "é" or "가" is not another word; without links since an address is no wording."""
    text = unicodedata.normalize("NFC", text) if nfc else text
    return strip_links(text) if without_links else text
