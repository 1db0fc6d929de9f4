"""Answers as the judge sees them: nothing that tells who wrote one, and the same marks for the same layout."""

from __future__ import annotations

import re
import unicodedata

MODEL_NAMES = (
    "Claude", "Amazon Nova", "Nova", "Amazon Titan", "Titan", "Llama", "Mistral", "ChatGPT", "GPT", "Gemini", "Gemma",
    "Qwen", "DeepSeek",
)  # fmt: skip
"""What models call themselves."""

_NAMES = "|".join(re.escape(name) for name in MODEL_NAMES)
_ENGLISH = re.compile(rf"\b(I am|I'm|I’m|As)\s+(?:{_NAMES})[\w.-]*(?:\s+\d[\w.]*)?")
_KOREAN = re.compile(rf"(저는|나는)\s+(?:{_NAMES})[A-Za-z0-9.-]*")
_BULLET = re.compile(r"^([ \t]*)[*+•·‣▪][ \t]+", re.MULTILINE)
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{2,}")


def blind(answer: str) -> str:
    """The answer without a model's name for itself, its lists and blank lines written in one way."""
    text = unicodedata.normalize("NFC", answer).replace("\r\n", "\n").replace("\r", "\n")
    text = _KOREAN.sub(r"\1 어시스턴트", _ENGLISH.sub(r"\1 an assistant", text))
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", _BULLET.sub(r"\1- ", text))).strip()
