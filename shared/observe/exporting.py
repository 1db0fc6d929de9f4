"""Where spans go: OpenTelemetry's SDK, set up by its standard variables, and only when they ask for it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from threading import Thread
from typing import Any

import structlog
from opentelemetry import trace

from shared.errors import BadInput

EXPORTER = "OTEL_TRACES_EXPORTER"
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PACKAGES = {"http/protobuf": "otlp_proto_http", "grpc": "otlp_proto_grpc"}
"""Entry point of the exporter for each value of the protocol variables. We bring the first."""
FLUSH_S = 3.0
"""What a collector that does not answer may cost at the end of a process: a part of the grace time."""
REMEDY = "install groundtune[otel], or set OTEL_SDK_DISABLED=true"


def configure_tracing(service: str, environ: Mapping[str, str]) -> Callable[[], None]:
    """Sets the global tracer provider up as ``environ`` asks, and returns what to call at the end: it sends what is
    still held, and blocks for FLUSH_S at most.

    ``OTEL_TRACES_EXPORTER`` or an OTLP endpoint turns tracing on, ``OTEL_SDK_DISABLED`` off again. Sampler, endpoint,
    headers and batching are read by the SDK itself from the environment of the process. A provider that the program
    has set before is left alone. Raises BadInput naming the variable when an exporter asked for by name is not there;
    an endpoint alone, which platforms hand to every container, only makes a warning.
    """
    names = _exporters(environ)
    if not names or not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return _nothing
    try:
        return _set_up(service, environ, [_exporter(name, environ) for name in names])
    except ImportError as error:
        if environ.get(EXPORTER):
            raise BadInput(f"{EXPORTER} is {environ[EXPORTER]!r}, but {error}; {REMEDY}") from None
        structlog.get_logger().warning("tracing.unavailable", error=str(error), remedy=REMEDY)
        return _nothing


def _exporters(environ: Mapping[str, str]) -> list[str]:
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return []
    asked = environ.get(EXPORTER) or ("otlp" if any(environ.get(name) for name in ENDPOINTS) else "none")
    return [name.strip() for name in asked.split(",") if name.strip() not in ("", "none")]


def _exporter(name: str, environ: Mapping[str, str]) -> Any:
    """The exporter of this name, made. Raises ImportError when no installed package brings it."""
    found = list(entry_points(group="opentelemetry_traces_exporter", name=_entry_point(name, environ)))
    if not found:
        raise ImportError(f"no installed package brings the exporter {name}")
    return found[0].load()()


def _entry_point(name: str, environ: Mapping[str, str]) -> str:
    if name != "otlp":
        return name
    variable = next((variable for variable in PROTOCOLS if environ.get(variable)), PROTOCOLS[0])
    protocol = environ.get(variable) or "http/protobuf"
    if protocol not in PACKAGES:
        raise BadInput(f"{variable} is {protocol!r}; it must be one of {', '.join(PACKAGES)}")
    return PACKAGES[protocol]


def _set_up(service: str, environ: Mapping[str, str], exporters: list[Any]) -> Callable[[], None]:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = environ.get("OTEL_SERVICE_NAME") or "service.name=" in environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    own = {"service.instance.id": f"{socket.gethostname()}-{os.getpid()}"}
    resource = Resource.create(own if named else {**own, "service.name": service})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    for exporter in exporters:
        provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return lambda: _within(FLUSH_S, provider.shutdown)


def _within(seconds: float, work: Callable[[], None]) -> None:
    # the SDK's own shutdown waits up to 30 s for a collector that is away, and cannot be told otherwise
    thread = Thread(target=work, name="trace-flush", daemon=True)
    thread.start()
    thread.join(seconds)


def _nothing() -> None:
    """There is nothing to flush."""
