"""Method and path to operation, generated from botocore's own models of the four services that sign as ``bedrock``."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

SERVICES = ("bedrock", "bedrock-runtime", "bedrock-agent-runtime", "bedrock-agent")

_LABEL = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    operation: OperationModel


@dataclass(frozen=True)
class Match:
    operation: OperationModel
    labels: dict[str, str]
    """Values of the path, percent-decoded (an ARN arrives as one encoded segment)."""


def match(method: str, path: str) -> Match | None:
    """The operation at this raw path, or None. Services later in the list are loaded only when none before has it."""
    for service in SERVICES:
        for route in _routes(service):
            found = route.pattern.fullmatch(path) if route.method == method else None
            if found:
                return Match(route.operation, {name: unquote(value) for name, value in found.groupdict().items()})
    return None


def is_namesake(operation: OperationModel) -> bool:
    """Whether an earlier service has another operation of this name (TagResource): that one is meant by the name."""
    own = SERVICES.index(operation.service_model.service_name)
    return any(route.operation.name == operation.name for service in SERVICES[:own] for route in _routes(service))


@functools.cache
def _routes(service: str) -> list[Route]:
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    operations = [model.operation_model(name) for name in model.operation_names]
    # The more literal text, the more particular: `/x/list` is tried before `/x/{id}`.
    operations.sort(key=lambda operation: -len(_LABEL.sub("", operation.http["requestUri"])))
    return [Route(each.http["method"], _compile(each.http["requestUri"]), each) for each in operations]


def _compile(uri: str) -> re.Pattern[str]:
    template = uri.split("?")[0].rstrip("/")
    parts, end = [], 0
    for label in _LABEL.finditer(template):
        parts.append(re.escape(template[end : label.start()]))
        parts.append(f"(?P<{label[1]}>{'.+' if label[2] else '[^/]+'})")
        end = label.end()
    return re.compile("".join(parts) + re.escape(template[end:]) + "/?")
