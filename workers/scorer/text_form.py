"""What of a text is measured: its words as they stand, or composed (NFC) and without links."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from shared.text.links import strip_links


@dataclass(frozen=True)
class TextForm:
    """How reference and answer are prepared, alike, before words are compared. Links are scored as citations."""

    nfc: bool = True
    strip_links: bool = True

    def of(self, text: str) -> str:
        if self.nfc:
            text = unicodedata.normalize("NFC", text)
        return strip_links(text) if self.strip_links else text

    def signature(self) -> str:
        """As in a metric's signature: ``nfc|url=strip``."""
        return f"{'nfc' if self.nfc else 'nfc=no'}|url={'strip' if self.strip_links else 'keep'}"


REPORT = TextForm()
"""Of every run's report."""
RAW = TextForm(nfc=False, strip_links=False)
"""As other scorers take texts."""
