"""A process of its own that traces to a collector of the test's, over OTLP as it goes over the wire."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import environ
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

ROOT = Path(__file__).parents[2]
TWO_HOPS = """
import os
from shared.observe.exporting import configure_tracing
from shared.observe.tracing import current_traceparent, processing, sending

flush = configure_tracing("groundtune-scorer", os.environ)
with processing("first", "m-1", None, "a.v1"):
    envelope = current_traceparent()
    with sending("second", [envelope]):
        pass
with processing("second", "m-2", envelope, "b.v1"):
    print(current_traceparent())
flush()
"""


class Collector:
    """What was exported to ``url``."""

    def __init__(self) -> None:
        self.exports: list[ExportTraceServiceRequest] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v1/traces":
                    outer.exports.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for export in self.exports
            for resource in export.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def services(self) -> set[str]:
        return {
            attribute.value.string_value
            for export in self.exports
            for resource in export.resource_spans
            for attribute in resource.resource.attributes
            if attribute.key == "service.name"
        }


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever)
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join()
    collector.server.server_close()


def run(**variables: str) -> str:
    """What the program prints last: the context in which its second event was handled."""
    quiet = {name: value for name, value in environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", TWO_HOPS], cwd=ROOT, env={**quiet, **variables}, capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    return done.stdout.strip()


def test_spans_reach_the_collector_that_the_standard_variable_names(collector: Collector) -> None:
    last = run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    assert {span.name for span in collector.spans} == {"process first", "send second", "process second"}
    assert {span.trace_id.hex() for span in collector.spans} == {last.split("-")[1]}
    assert collector.services == {"groundtune-scorer"}


def test_the_sampler_of_the_standard_variable_is_used(collector: Collector) -> None:
    run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_TRACES_SAMPLER="always_off")
    assert collector.spans == []


def test_a_process_that_is_not_asked_to_sends_nothing(collector: Collector) -> None:
    assert run(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SDK_DISABLED="true") == "None"
    assert collector.spans == []
