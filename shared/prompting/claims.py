"""The reply to a check of an answer's claims, as the prompt ``groundedness`` asks for it."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from shared.prompting.fences import bare


class Claim(BaseModel):
    """One statement of an answer; ``quote`` are words of a document, empty for one that is unsupported."""

    claim: str
    verdict: Literal["supported", "unsupported"]
    quote: str = ""


class _Claims(BaseModel):
    claims: list[Claim] = Field(min_length=1)


def read_claims(reply: str) -> list[Claim] | str:
    """The claims, or what is wrong with the reply."""
    try:
        return _Claims.model_validate(json.loads(bare(reply))).claims
    except (json.JSONDecodeError, RecursionError) as error:
        return f"it is no JSON: {error}"
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
