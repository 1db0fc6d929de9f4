"""The ASGI application in front of the base: what is signed for ``bedrock`` is answered here, all else passes."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from localcloud.asgi import App, Receive, Scope, Send, read_body, respond
from localcloud.bedrock.call import Handler
from localcloud.bedrock.dispatch import Request, perform
from localcloud.bedrock.errors import AwsError
from localcloud.bedrock.response import Response, failure

log = logging.getLogger(__name__)

_SCOPE = re.compile(rb"/([a-z0-9-]+)/bedrock/aws4_request")


class Front:
    """``handlers``: operation name to the function that answers it. Bodies of other services stream through."""

    def __init__(self, base: App, handlers: Mapping[str, Handler]) -> None:
        self._base = base
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        region = signed_for_bedrock(scope) if scope["type"] == "http" else None
        if region is None:
            await self._base(scope, receive, send)
            return
        response = await self._respond(scope, await read_body(receive), region)
        await respond(send, response.status, response.headers, response.body)

    async def _respond(self, scope: Scope, body: bytes, region: str) -> Response:
        try:
            return await perform(self._handlers, _request(scope, body, region))
        except AwsError as error:
            return failure(error)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            return failure(AwsError("The local Bedrock failed; its log has the traceback"))


def _request(scope: Scope, body: bytes, region: str) -> Request:
    path = scope["raw_path"].split(b"?")[0].decode("latin-1")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], path, region, body, scope["query_string"].decode("latin-1"), headers)


def signed_for_bedrock(scope: Scope) -> str | None:
    """The region in the credential scope of a request signed for Bedrock, None for any other request."""
    for name, value in scope["headers"]:
        if name.lower() == b"authorization":
            found = _SCOPE.search(value)
            return found[1].decode() if found else None
    return None
