"""Names that Bedrock gives to things."""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_lowercase + string.digits


def new_id() -> str:
    """Twelve letters and digits, as Bedrock's regexes demand."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def foundation_model(region: str, model: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


def customization_job(region: str, account: str, model: str, unique: str) -> str:
    return f"arn:aws:bedrock:{region}:{account}:model-customization-job/{model}/{unique}"


def custom_model(region: str, account: str, model: str, unique: str) -> str:
    return f"arn:aws:bedrock:{region}:{account}:custom-model/{model}/{unique}"


def deployment(region: str, account: str, unique: str) -> str:
    return f"arn:aws:bedrock:{region}:{account}:custom-model-deployment/{unique}"


def throughput(region: str, account: str, unique: str) -> str:
    return f"arn:aws:bedrock:{region}:{account}:provisioned-model/{unique}"


def invocation_job(region: str, account: str, unique: str) -> str:
    return f"arn:aws:bedrock:{region}:{account}:model-invocation-job/{unique}"


def guardrail(region: str, account: str, unique: str) -> str:
    return f"arn:aws:bedrock:{region}:{account}:guardrail/{unique}"


def last_part(identifier: str) -> str:
    """The id at the end of an ARN; an id without slashes is its own."""
    return identifier.rsplit("/", 1)[-1]


def region_of(arn: str) -> str:
    return arn.split(":")[3]


def resource_of(arn: str) -> str:
    """``custom-model/local.reader-v1/abc…``: what follows the account."""
    return arn.split(":", 5)[5]
