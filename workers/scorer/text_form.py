"""What of a text is measured: its words as they stand, or composed (NFC) and without links."""

from __future__ import annotations

from dataclasses import dataclass

from workers.scorer.rouge.preparing import prepared


@dataclass(frozen=True)
class TextForm:
    """How reference and answer are prepared, alike, before words are compared. Links are scored as citations."""

    nfc: bool = True
    strip_links: bool = True

    def of(self, text: str) -> str:
        return prepared(text, nfc=self.nfc, without_links=self.strip_links)

    def signature(self) -> str:
        """As in ROUGE's signature: ``nfc|url=strip``."""
        return f"{'nfc' if self.nfc else 'raw'}|url={'strip' if self.strip_links else 'keep'}"


REPORT = TextForm()
"""Of every run's report."""
RAW = TextForm(nfc=False, strip_links=False)
"""As other scorers take texts."""
