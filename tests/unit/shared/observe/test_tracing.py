from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, Sampler

from shared.errors import Retryable
from shared.observe.tracing import add_trace_id, current_traceparent, processing, sending

TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = f"00-{TRACE_ID}-{SPAN_ID}-01"
OTHER = "00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01"


class Recorder:
    """The spans that have ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sampler: Sampler | None = None) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        monkeypatch.setattr(trace, "get_tracer_provider", lambda: self.provider)

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    @property
    def only(self) -> ReadableSpan:
        (span,) = self.spans
        return span


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    recorder = Recorder(monkeypatch)
    yield recorder
    recorder.provider.shutdown()


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def traceparents(span: ReadableSpan) -> list[str]:
    """Of what it is linked to."""
    return [f"00-{link.context.trace_id:032x}-{link.context.span_id:016x}-01" for link in span.links]


def ids(span: ReadableSpan) -> tuple[int, int]:
    assert span.context is not None
    return span.context.trace_id, span.context.span_id


async def test_handling_is_named_and_described_by_the_messaging_conventions(recorder: Recorder) -> None:
    with processing("groundtune-scorer", "m-1", PARENT, "groundtune.report.due.v1", "e-1"):
        pass
    span = recorder.only
    assert (span.name, span.kind) == ("process groundtune-scorer", trace.SpanKind.CONSUMER)
    assert attributes(span) == {
        "messaging.system": "aws_sqs", "messaging.destination.name": "groundtune-scorer",
        "messaging.operation.name": "process", "messaging.operation.type": "process", "messaging.message.id": "m-1",
        "cloudevents.event_type": "groundtune.report.due.v1", "cloudevents.event_id": "e-1",
    }  # fmt: skip
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "groundtune"
    assert span.status.status_code is trace.StatusCode.UNSET


async def test_handling_is_a_child_of_what_emitted_the_event_and_linked_to_it(recorder: Recorder) -> None:
    with processing("q", "m", PARENT, "a.v1"):
        pass
    span = recorder.only
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE_ID, SPAN_ID)
    assert span.parent.is_remote
    assert traceparents(span) == [PARENT]


@pytest.mark.parametrize("header", [None, "", "nonsense", f"00-{'0' * 32}-{SPAN_ID}-01"])
async def test_an_event_without_a_usable_context_begins_a_trace(recorder: Recorder, header: str | None) -> None:
    with processing("q", "m", header, "a.v1"):
        emitted = current_traceparent()
    span = recorder.only
    assert (span.parent, list(span.links)) == (None, [])
    assert emitted is not None
    assert emitted.split("-")[1:3] == [f"{ids(span)[0]:032x}", f"{ids(span)[1]:016x}"]


async def test_handling_does_not_become_a_child_of_whatever_is_current(recorder: Recorder) -> None:
    with recorder.provider.get_tracer("test").start_as_current_span("around"), processing("q", "m", None, "a.v1"):
        pass
    assert recorder.spans[0].parent is None


async def test_two_hops_are_one_trace(recorder: Recorder) -> None:
    with processing("first", "m-1", None, "a.v1"):
        envelope = current_traceparent()  # as the outbox notes it with the result
        with sending("second", [envelope]):
            pass
    with processing("second", "m-2", envelope, "b.v1"):
        last = current_traceparent()
    sent, first, second = recorder.spans
    assert [span.name for span in (sent, first, second)] == ["send second", "process first", "process second"]
    assert {ids(span)[0] for span in recorder.spans} == {ids(first)[0]}
    assert [parent and parent.span_id for parent in (sent.parent, second.parent)] == [ids(first)[1], ids(first)[1]]
    assert last is not None
    assert last.split("-")[1:3] == [f"{ids(second)[0]:032x}", f"{ids(second)[1]:016x}"]


async def test_a_batch_of_sends_is_linked_to_each_message_s_context(recorder: Recorder) -> None:
    with sending("groundtune-inference", [PARENT, None, OTHER, PARENT, "nonsense"]):
        pass
    span = recorder.only
    assert (span.name, span.kind) == ("send groundtune-inference", trace.SpanKind.PRODUCER)
    assert traceparents(span) == [PARENT, OTHER, PARENT]
    assert attributes(span) == {
        "messaging.system": "aws_sqs", "messaging.destination.name": "groundtune-inference",
        "messaging.operation.name": "send", "messaging.operation.type": "send", "messaging.batch.message_count": 5,
    }  # fmt: skip


async def test_an_error_that_ends_the_handling_is_recorded_and_passes(recorder: Recorder) -> None:
    with pytest.raises(Retryable, match="slow down"), processing("q", "m", PARENT, "a.v1"):
        raise Retryable("slow down")
    span = recorder.only
    assert attributes(span)["error.type"] == "shared.errors.Retryable"
    assert (span.status.status_code, span.status.description) == (trace.StatusCode.ERROR, "slow down")
    assert [event.name for event in span.events] == ["exception"]


async def test_an_error_dealt_with_inside_is_recorded_when_it_is_told(recorder: Recorder) -> None:
    with processing("q", "m", PARENT, "a.v1") as handling:
        handling.failed(ValueError("bad"))
    assert attributes(recorder.only)["error.type"] == "ValueError"
    assert recorder.only.status.status_code is trace.StatusCode.ERROR


async def test_a_handler_that_is_cancelled_ends_its_span(recorder: Recorder) -> None:
    async def handle() -> None:
        with processing("q", "m", PARENT, "a.v1"):
            await asyncio.Event().wait()

    task = asyncio.create_task(handle())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert attributes(recorder.only)["error.type"] == "asyncio.exceptions.CancelledError"


async def test_a_trace_that_its_producer_did_not_sample_is_not_recorded_but_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = Recorder(monkeypatch, ParentBased(ALWAYS_OFF))
    with processing("q", "m", PARENT[:-2] + "00", "a.v1"):
        header = current_traceparent()
    assert recorder.spans == []
    assert header is not None
    assert (header[3:35], header[-2:]) == (TRACE_ID, "00")


async def test_without_an_sdk_the_context_is_handed_on_as_it_came() -> None:
    assert current_traceparent() is None
    with processing("q", "m", PARENT, "a.v1"):
        with sending("next", [PARENT]):
            inside = current_traceparent()
        assert (current_traceparent(), inside) == (PARENT, PARENT)
    assert current_traceparent() is None


async def test_without_an_sdk_events_handled_side_by_side_keep_their_own_context() -> None:
    seen: dict[str, str | None] = {}

    async def handle(traceparent: str | None, name: str) -> None:
        with processing("q", name, traceparent, "a.v1"):
            await asyncio.sleep(0)
            # the handler runs in a task of its own, so that a lost lease can cancel it
            seen[name] = await asyncio.create_task(emitted())

    async def emitted() -> str | None:
        return current_traceparent()

    await asyncio.gather(handle(PARENT, "one"), handle(OTHER, "two"), handle(None, "three"))
    assert seen == {"one": PARENT, "two": OTHER, "three": None}


async def test_without_an_sdk_errors_pass_and_the_context_ends() -> None:
    with pytest.raises(ValueError, match="bad"), processing("q", "m", PARENT, "a.v1") as handling:
        handling.failed(ValueError("noted nowhere"))
        raise ValueError("bad")
    assert current_traceparent() is None


@pytest.mark.parametrize(("header", "added"), [(PARENT, {"trace_id": TRACE_ID}), (None, {}), ("nonsense", {})])
async def test_a_log_record_says_which_trace_it_belongs_to(header: str | None, added: dict[str, str]) -> None:
    with processing("q", "m", header, "a.v1"):
        assert add_trace_id(None, "info", {"event": "x"}) == {"event": "x", **added}
