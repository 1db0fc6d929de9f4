"""What every model that travels or is stored has in common."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen model: unknown fields are ignored, so that an older reader understands a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StrictModel(BaseModel):
    """A frozen model for what people write: an unknown key is a mistake to report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text, hence equal hashes."""
    return _encode(value)


def content_hash(value: Any) -> str:
    """SHA-256 (64 hex digits) of a value's canonical JSON, of a text, or of bytes."""
    if isinstance(value, bytes):
        data = value
    elif isinstance(value, str):
        data = value.encode()
    else:
        data = canonical_json(value).encode()
    return hashlib.sha256(data).hexdigest()
