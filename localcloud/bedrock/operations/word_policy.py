"""A guardrail's words: which of them a text has. Case does not count, and a word within another one is none."""

from __future__ import annotations

import re
from typing import Any

from localcloud.bedrock.errors import ValidationException

POLICY = "wordPolicyConfig"


def check(request: dict[str, Any]) -> None:
    """Raises ValidationException for lists that AWS manages, and for words of one direction only."""
    policy = request.get(POLICY, {})
    if "managedWordListsConfig" in policy:
        raise ValidationException(f"{POLICY}.managedWordListsConfig is not emulated by the local Bedrock")
    for word in policy.get("wordsConfig", []):
        if more := sorted(set(word) - {"text"}):
            raise ValidationException(f"{POLICY}.wordsConfig.{more[0]} is not emulated by the local Bedrock")


def words_of(request: dict[str, Any]) -> list[str]:
    """The words that a guardrail was created with."""
    return [word["text"] for word in request.get(POLICY, {}).get("wordsConfig", [])]


def found_words(words: list[str], text: str) -> list[dict[str, Any]]:
    """``{match, action, detected}`` of each word that the text has. Letters of Korean may follow: its particles do."""
    return [
        {"match": word, "action": "BLOCKED", "detected": True}
        for word in words
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text, re.IGNORECASE)
    ]
