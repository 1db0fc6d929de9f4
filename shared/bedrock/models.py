"""What is known of models: prices, limits, sizes; the table that ships and a user's own over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from schemas.base import StrictModel
from shared import marked_yaml
from shared.bedrock.model_names import model_name, without_region
from shared.errors import BadModels
from shared.marked_yaml import Mistakes
from shared.nearest import nearest

SHIPPED = Path(__file__).with_name("models.yaml")


class Facts(StrictModel):
    """What is known of one model. Prices are in US dollars per million tokens; None means unknown, or no limit."""

    usd_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_output: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_cache_read: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_cache_write: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_batch_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_batch_output: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_flex_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_flex_output: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_priority_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_priority_output: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_training: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    usd_hosting_hour: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="US dollars per hour")
    usd_storage_month: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="of a custom model")
    usd_text_unit: float | None = Field(default=None, ge=0, allow_inf_nan=False, description="of a guardrail")
    rpm: int | None = Field(default=None, ge=1, le=1_000_000, description="requests per minute, whole fleet")
    tpm: int | None = Field(default=None, ge=1, le=10_000_000_000, description="tokens per minute, whole fleet")
    tpm_output_weight: int | None = Field(default=None, ge=1, le=100)
    prompt_cache_min_tokens: int | None = Field(default=None, ge=1)
    batch_min_records: int | None = Field(default=None, ge=1)
    context_tokens: int | None = Field(default=None, ge=1)
    checked: date | None = Field(default=None, description="the day on which the prices were looked up")


class ModelsFile(StrictModel):
    """A models.yaml: facts by pattern of model ids."""

    models: dict[str, Facts]


class Models:
    """Tables laid over one another, the first one on top."""

    def __init__(self, *tables: ModelsFile) -> None:
        self.entries = [entry for table in tables for entry in table.models.items()]

    def of(self, model: str) -> Facts:
        """What is known of a model id or ARN: for each fact, what the first entry says that matches and says it."""
        name = model_name(model)
        names = (name, without_region(name))
        facts: dict[str, Any] = {}
        for pattern, said in self.entries:
            if any(fnmatchcase(name, pattern) for name in names):
                facts = {field: getattr(said, field) for field in said.model_fields_set} | facts
        return Facts.model_construct(**facts)


@cache
def shipped() -> ModelsFile:
    """The table that comes with groundtune."""
    return parse(SHIPPED.read_text(encoding="utf-8"), name=str(SHIPPED))


def parse(text: str, *, name: str) -> ModelsFile:
    """The table in a text; ``name`` is what messages call it. Raises BadModels with every mistake and its line."""
    try:
        marked = marked_yaml.read(text)
    except marked_yaml.BadYaml as error:
        raise BadModels(f"{name}: {error}") from None
    table, found = _validated(marked.data)
    found += [(path, f"{path[-1]!r} is written twice; keep one") for path in marked.doubled]
    if table is None or found:
        lines = sorted({(marked.line(path), sentence) for path, sentence in found})
        raise BadModels([f"{name} line {line}: {sentence}" for line, sentence in lines])
    return table


def _validated(data: Any) -> tuple[ModelsFile | None, Mistakes]:
    try:
        return ModelsFile.model_validate(data), []
    except ValidationError as error:
        errors: Sequence[Any] = error.errors(include_url=False)
        return None, [_mistake(found) for found in errors]


def _mistake(found: Mapping[str, Any]) -> tuple[tuple[str | int, ...], str]:
    """Patterns hold dots and colons, so that they are quoted and not joined as a path."""
    path = tuple(found["loc"])
    if len(path) < 3:
        return path, _of_the_file(path, found)
    pattern, field = path[1], str(path[2])
    if found["type"] == "extra_forbidden":
        known = list(Facts.model_fields)
        return path, f"{pattern!r} has the unknown key {field!r}{nearest(field, known)}; keys are {', '.join(known)}"
    said = str(found["msg"]).removeprefix("Input ")
    return path, f"{field} of {pattern!r} is {found['input']!r}: it {said}"


def _of_the_file(path: tuple[str | int, ...], found: Mapping[str, Any]) -> str:
    if len(path) == 2:
        return f"{path[1]!r} must be a mapping, such as {{usd_input: 0.06, usd_output: 0.24}}"
    if found["type"] == "extra_forbidden":
        return f"unknown key {path[0]!r}; a table has the one key `models`"
    return "a table is a mapping with the one key `models`, which maps patterns of model ids to what is known of them"
