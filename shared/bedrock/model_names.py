"""What a model id says: the model behind an ARN, and the model behind a region's inference profile."""

from __future__ import annotations

import re

REGIONAL = re.compile(r"^(us-gov|us|eu|apac|global|jp|au|ca)\.")
"""Prefixes of cross-region inference profiles (Amazon Bedrock user guide, "Supported inference profiles")."""

CONTEXT = re.compile(r"(?<=:\d):\d+[km]$")

OPAQUE = ("custom-model-deployment/", "provisioned-model/", "application-inference-profile/", "imported-model/")
"""ARNs that do not say which foundation model is behind them."""


def model_name(model: str) -> str:
    """The id that an ARN ends with, region prefix included; an id is its own name.

    ``arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0/abc`` → ``amazon.nova-lite-v1:0``
    """
    if not model.startswith("arn:"):
        return model
    resource = model.split(":", 5)[-1]
    if resource.startswith(OPAQUE):
        return model
    parts = resource.split("/")
    return parts[1] if len(parts) > 1 else model


def without_region(name: str) -> str:
    """``us.amazon.nova-lite-v1:0`` → ``amazon.nova-lite-v1:0``"""
    return REGIONAL.sub("", name)


def base_of(model: str) -> str:
    """The foundation model's id: what customization takes where calls take an inference profile.

    ``us.amazon.nova-lite-v1:0`` and the ARN of that profile → ``amazon.nova-lite-v1:0``
    """
    return without_region(model_name(model))


def without_context(model: str) -> str:
    """``amazon.nova-lite-v1:0:300k`` → ``amazon.nova-lite-v1:0``: ids for fine-tuning may end with a context length."""
    return CONTEXT.sub("", model)


def is_opaque(model: str) -> bool:
    """Whether only Bedrock can say which foundation model is behind an ARN."""
    return model.startswith("arn:") and model.split(":", 5)[-1].startswith(OPAQUE)
