"""Traces through queues, by OpenTelemetry's messaging conventions (semantic conventions 1.44, in development).

A trace follows its events: what handles an event is a *child* of what emitted it, so that a run is one trace from the
first document to the report, although the conventions' default is a new trace per message. It is *linked* to it as
well, which is what the conventions ask for and what backends draw queues from. Handling is always of one event, so
there is one parent; a batch of sends has as many creation contexts as messages, hence one link each.

The creation context that travels in an envelope (``traceparent``) is that of the handling that emitted the event, noted
when its result is stored: sent again after a crash, it still says the same. There are no spans for receives: they are
long polls, most of them of nothing, and a message's wait shows as the gap before its handling.

Nothing is recorded until a tracer provider is set (``exporting.configure_tracing``, or the program's own). Until then
the incoming context is handed on, so that a trace passes through workers that do not trace.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from contextvars import ContextVar, Token
from functools import lru_cache
from types import TracebackType
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Tracer, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

SCOPE = "groundtune"
SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"
TRACEPARENT = "traceparent"

_w3c = TraceContextTextMapPropagator()
_incoming: ContextVar[str | None] = ContextVar("incoming traceparent", default=None)


class Handling:
    """The context in which one event is handled, or one batch sent. This one records nothing."""

    def __init__(self, traceparent: str | None) -> None:
        self._traceparent = traceparent
        self._token: Token[str | None] | None = None

    def failed(self, error: BaseException) -> None:
        """Notes an error that does not leave the ``with`` block."""

    def __enter__(self) -> Handling:
        self._token = _incoming.set(self._traceparent)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._token is not None
        _incoming.reset(self._token)


class _Recorded(Handling):
    """The same with a span."""

    def __init__(self, span: Span, traceparent: str | None) -> None:
        super().__init__(traceparent)
        self._span = span
        self._attached: Token[Context] | None = None

    def failed(self, error: BaseException) -> None:
        self._span.record_exception(error)
        self._span.set_attribute("error.type", _type_of(error))
        self._span.set_status(trace.StatusCode.ERROR, str(error))

    def __enter__(self) -> Handling:
        self._attached = contexts.attach(trace.set_span_in_context(self._span))
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, traceback)
        if error is not None:
            self.failed(error)
        assert self._attached is not None
        contexts.detach(self._attached)
        self._span.end()


def processing(
    queue: str, message_id: str, traceparent: str | None, event_type: str, event_id: str | None = None
) -> Handling:
    """A CONSUMER span for the handling of one event, as a context manager. ``traceparent`` is the event's own."""
    provider = trace.get_tracer_provider()
    if _unset(provider):
        return Handling(traceparent)
    attributes = {
        **_operation(queue, "process"), "messaging.message.id": message_id, "cloudevents.event_type": event_type,
    }  # fmt: skip
    if event_id is not None:
        attributes["cloudevents.event_id"] = event_id
    parent = _context(traceparent)
    span = _tracer(provider).start_span(
        f"process {queue}", context=parent, kind=SpanKind.CONSUMER, attributes=attributes, links=_links([parent])
    )
    return _Recorded(span, traceparent)


def sending(queue: str, traceparents: Sequence[str | None]) -> Handling:
    """A PRODUCER span for one batch of sends, as a context manager: one link per message that carries a context."""
    provider = trace.get_tracer_provider()
    if _unset(provider):
        return Handling(_incoming.get())
    attributes = {**_operation(queue, "send"), "messaging.batch.message_count": len(traceparents)}
    # most batches come of one handling: each header is read once
    known = {traceparent: _context(traceparent) for traceparent in set(traceparents)}
    links = _links(known[traceparent] for traceparent in traceparents)
    span = _tracer(provider).start_span(f"send {queue}", kind=SpanKind.PRODUCER, attributes=attributes, links=links)
    return _Recorded(span, _incoming.get())


def current_traceparent() -> str | None:
    """The W3C header for what is emitted now: of the current span, else of the event being handled."""
    carrier: dict[str, str] = {}
    if trace.get_current_span() is not trace.INVALID_SPAN:
        _w3c.inject(carrier)
    return carrier.get(TRACEPARENT) or _incoming.get()


def add_trace_id(logger: Any, method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: a record written while an event is handled says which trace it belongs to."""
    _, _, rest = (current_traceparent() or "").partition("-")
    if trace_id := rest.partition("-")[0]:
        record["trace_id"] = trace_id
    return record


def _unset(provider: TracerProvider) -> bool:
    return isinstance(provider, trace.ProxyTracerProvider)


@lru_cache(maxsize=4)
def _tracer(provider: TracerProvider) -> Tracer:
    return provider.get_tracer(SCOPE, schema_url=SCHEMA_URL)


def _operation(queue: str, name: str) -> dict[str, Any]:
    return {
        "messaging.system": "aws_sqs", "messaging.destination.name": queue, "messaging.operation.name": name,
        "messaging.operation.type": name,
    }  # fmt: skip


def _context(traceparent: str | None) -> Context:
    """Of a header that came with a message; empty when there is none, or it is malformed."""
    return _w3c.extract({TRACEPARENT: traceparent} if traceparent else {}, context=Context())


def _links(parents: Iterable[Context]) -> list[Link]:
    spans = (trace.get_current_span(parent).get_span_context() for parent in parents)
    return [Link(context) for context in spans if context.is_valid]


def _type_of(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
