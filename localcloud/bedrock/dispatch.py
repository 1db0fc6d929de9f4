"""From a request, over the wire or of a batch, to its operation's answer; both are checked against AWS's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.bedrock.call import Call, Handler
from localcloud.bedrock.errors import UnknownOperationException
from localcloud.bedrock.request import parse
from localcloud.bedrock.response import Response, streamed, success
from localcloud.bedrock.routes import is_namesake, match
from localcloud.bedrock.shapes import check_input, check_output


@dataclass(frozen=True)
class Request:
    """``path`` is percent-encoded; names of ``headers`` are in lower case."""

    method: str
    path: str
    region: str
    body: bytes
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


async def perform(handlers: Mapping[str, Handler], request: Request) -> Response:
    """The answer. Raises AwsError for what AWS would refuse, and for what is not served here."""
    found = match(request.method, request.path)
    if found is None:
        raise UnknownOperationException(f"Bedrock has no operation at {request.method} {request.path}", status=404)
    operation = found.operation
    handler = handlers.get(operation.name)
    if handler is None or is_namesake(operation):
        raise UnknownOperationException(
            f"{operation.name} ({operation.service_model.service_name}) is not served by the local Bedrock"
        )
    params = parse(operation, found.labels, request.query, dict(request.headers), request.body)
    check_input(operation.input_shape, params)
    answer = await handler(Call(params, request.region))
    stream = operation.get_event_stream_output()
    if stream is None:
        check_output(operation.output_shape, answer)
        return success(operation, answer)
    events = answer[operation.output_shape.serialization["payload"]]
    for event in events:
        check_output(stream, event)
    return streamed(events)
