"""What each model family accepts for customization: one table of profiles.

Sources: Amazon Bedrock user guide, "Prepare data for fine-tuning your models" and "Prepare your training datasets for
distillation"; Amazon Nova user guide, "Preparing data for fine-tuning understanding models" and "Fine-tune Amazon Nova
models with supervised fine-tuning"; AWS's published validators (Claude 3 Haiku, Nova, distillation). A limit that none
of them gives is None and is not checked: Bedrock has the last word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shared.bedrock.ports import Deploys
from shared.datasets import reserved
from shared.errors import BadInput
from shared.nearest import nearest

Customization = Literal["fine-tuning", "distillation"]
CUSTOMIZATIONS: tuple[Customization, ...] = ("fine-tuning", "distillation")

GB = 10**9
"""Bytes. The guides say "GB"; the smaller reading is safe under either."""


@dataclass(frozen=True)
class Validation:
    """What a validation file may hold. ``max_bytes`` is None where nothing is published."""

    max_rows: int
    max_bytes: int | None = None


@dataclass(frozen=True)
class Family:
    """A family of base models. ``pattern`` matches its model ids, ARNs and inference profiles.

    ``models`` are ids that Bedrock lists for customization, ``title`` names them to people. ``max_tokens`` is what one
    record may have, question and answer together; None: nothing is published but the model's own context.
    ``max_bytes`` bounds the training file. ``validation`` is None when no validation file is taken. ``reserved`` words
    end a job, ``blocks`` are the kinds of content that a Converse message may hold. ``schema_version`` is the one value
    that is taken; None: any text. ``multi_turn`` is whether a record may hold more than one question.
    ``deploys`` is how a custom model of the family is served, the way to prefer first (Amazon Bedrock user guide,
    "Deploy a custom model for on-demand inference" lists the bases; all others take provisioned throughput).
    ``epochs`` is how often a job reads its dataset where ``epochCount`` is not said (user guide, "Custom model
    hyperparameters").
    """

    name: str
    pattern: re.Pattern[str]
    format: str
    min_rows: int
    max_rows: int
    title: str
    models: tuple[str, ...]
    max_tokens: int | None = None
    max_bytes: int | None = None
    validation: Validation | None = None
    reserved: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ("text",)
    schema_version: str | None = "bedrock-conversation-2024"
    multi_turn: bool = True
    customization: Customization = "fine-tuning"
    deploys: tuple[Deploys, ...] = ("provisioned",)
    epochs: int = 2


_NOVA = re.compile(r"amazon\.nova-(micro|lite|pro)")
_HAIKU = re.compile(r"anthropic\.claude-3-haiku")
_NOVA_MODELS = ("amazon.nova-lite-v1:0:300k", "amazon.nova-micro-v1:0:128k", "amazon.nova-pro-v1:0:300k")
_HAIKU_MODELS = ("anthropic.claude-3-haiku-20240307-v1:0:200k",)
_LLAMA_31_MODELS = ("meta.llama3-1-8b-instruct-v1:0:128k", "meta.llama3-1-70b-instruct-v1:0:128k")
_LLAMA_32_MODELS = (
    "meta.llama3-2-1b-instruct-v1:0:128k", "meta.llama3-2-3b-instruct-v1:0:128k",
    "meta.llama3-2-11b-instruct-v1:0:128k",
)  # fmt: skip
_LLAMA_33_MODELS = ("meta.llama3-3-70b-instruct-v1:0:128k",)
_ON_DEMAND: tuple[Deploys, ...] = ("on_demand",)
_MEDIA = ("text", "image", "video", "document")

FAMILIES = (
    # supervised fine-tuning; reinforcement fine-tuning starts at 100. Validation sets "will not be supported" (guide)
    Family(
        "nova-2-lite", re.compile(r"amazon\.nova-2-lite"), "converse", 200, 20_000, title="Nova 2 Lite",
        models=("amazon.nova-2-lite-v1:0:256k",), reserved=reserved.NOVA, blocks=(*_MEDIA, "reasoningContent"),
        schema_version=None, deploys=_ON_DEMAND,
    ),
    # 20,000 is for training and validation together
    Family(
        "nova", _NOVA, "converse", 8, 20_000, title="Nova Micro, Lite and Pro", models=_NOVA_MODELS,
        validation=Validation(20_000), reserved=reserved.NOVA, blocks=_MEDIA, schema_version=None,
        deploys=_ON_DEMAND,
    ),
    Family(
        "llama-3.1", re.compile(r"meta\.llama3-1-"), "completion", 100, 10_000, title="Llama 3.1",
        models=_LLAMA_31_MODELS, max_tokens=16_000, validation=Validation(1_000), epochs=5,
    ),
    Family(
        "llama-3.2-90b", re.compile(r"meta\.llama3-2-90b"), "converse", 100, 10_000, title="Llama 3.2 90B",
        models=("meta.llama3-2-90b-instruct-v1:0:128k",), max_tokens=10_000, validation=Validation(1_000),
        blocks=("text", "image"), epochs=5,
    ),
    Family(
        "llama-3.2", re.compile(r"meta\.llama3-2-"), "converse", 100, 10_000, title="Llama 3.2",
        models=_LLAMA_32_MODELS, max_tokens=16_000, validation=Validation(1_000), blocks=("text", "image"),
        epochs=5,
    ),
    Family(
        "llama-3.3", re.compile(r"meta\.llama3-3-"), "converse", 100, 10_000, title="Llama 3.3",
        models=_LLAMA_33_MODELS, max_tokens=16_000, validation=Validation(1_000), blocks=("text", "image"),
        deploys=_ON_DEMAND, epochs=5,
    ),
    # the guide's 32,000 tokens; AWS's validator for it counts 3 characters a token, the guide's own table 6
    Family(
        "claude-3-haiku", _HAIKU, "claude", 32, 10_000, title="Claude 3 Haiku", models=_HAIKU_MODELS,
        max_tokens=32_000, max_bytes=10 * GB, validation=Validation(1_000, GB), reserved=reserved.CLAUDE,
    ),
    Family(
        "local", re.compile(r"^local\."), "converse", 1, 20_000, title="the local models", models=("local.reader-v1",),
        validation=Validation(20_000), deploys=_ON_DEMAND,
    ),
)  # fmt: skip


def _distillation(
    name: str, pattern: re.Pattern[str], title: str, models: tuple[str, ...], *, multi_turn: bool
) -> Family:
    """At least 100 valid prompts, at most 15,000, less than 1 GB: AWS's distillation validator and recipe."""
    words = reserved.NOVA if name == "nova" else ()
    return Family(
        f"distillation-{name}", pattern, "distillation", 100, 15_000, title=f"{title} as a student", models=models,
        max_bytes=GB, reserved=words, customization="distillation", multi_turn=multi_turn,
    )  # fmt: skip


STUDENTS = (
    _distillation("nova", _NOVA, "Nova Micro, Lite and Pro", _NOVA_MODELS, multi_turn=True),
    _distillation("claude-3-haiku", _HAIKU, "Claude 3 Haiku", _HAIKU_MODELS, multi_turn=False),
    _distillation(
        "llama-3", re.compile(r"meta\.llama3-[123]-"), "Llama 3.1, 3.2 and 3.3",
        (*_LLAMA_31_MODELS, *_LLAMA_32_MODELS, *_LLAMA_33_MODELS), multi_turn=False,
    ),
)  # fmt: skip
"""Models that learn from a teacher's answers. Claude and Llama take one question a record, Nova whole conversations
("Option 1: Provide your own prompts for data preparation")."""

_TABLES: dict[Customization, tuple[Family, ...]] = {"fine-tuning": FAMILIES, "distillation": STUDENTS}


def family_of(model: str, customization: Customization = "fine-tuning") -> Family | None:
    """The family of a model id, the first that matches; None when groundtune knows none that can be customized so."""
    return next((family for family in _TABLES[customization] if family.pattern.search(model)), None)


def require_family(model: str, customization: Customization = "fine-tuning") -> Family:
    """The family of a model id. Raises BadInput that names the models which can be customized so."""
    family = family_of(model, customization)
    if family is not None:
        return family
    table = _TABLES[customization]
    hint = nearest(model, [known for entry in table for known in entry.models])
    raise BadInput(
        f"base model {model!r} is none that groundtune knows for {customization}{hint}; use an id such as "
        f"{table[0].models[0]!r}, of one of these: {'; '.join(family.title for family in table)}"
    )


def families_taking(format: str) -> list[Family]:
    """Every family, for fine-tuning or as a student, whose files have this format."""
    return [family for table in _TABLES.values() for family in table if family.format == format]


def deploys(model: str) -> Deploys:
    """How a custom model of this base is served; provisioned throughput where groundtune does not know the base."""
    family = family_of(model)
    return family.deploys[0] if family is not None else "provisioned"
