from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from shared.errors import BadInput
from shared.observe import exporting
from shared.observe.exporting import configure_tracing

OTLP = {"OTEL_TRACES_EXPORTER": "otlp"}


class Global:
    """In place of OpenTelemetry's global provider, which can be set but once in a process."""

    def __init__(self) -> None:
        self.provider: trace.TracerProvider = trace.ProxyTracerProvider()

    @property
    def sdk(self) -> TracerProvider:
        assert isinstance(self.provider, TracerProvider)
        return self.provider

    def exporters(self) -> list[Any]:
        processors = self.sdk._active_span_processor._span_processors
        return [processor.span_exporter for processor in processors if isinstance(processor, BatchSpanProcessor)]


@pytest.fixture
def glob(monkeypatch: pytest.MonkeyPatch) -> Iterator[Global]:
    glob = Global()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: glob.provider)
    monkeypatch.setattr(trace, "set_tracer_provider", lambda provider: setattr(glob, "provider", provider))
    yield glob
    if isinstance(glob.provider, TracerProvider):
        glob.provider.shutdown()


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"},
        {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "TRUE"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_SERVICE_NAME": "scorer", "OTEL_TRACES_SAMPLER": "always_on"},
        # metrics alone
        {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://c:4318"},
    ],
)
def test_nothing_is_set_up_unless_traces_are_asked_for(glob: Global, environ: dict[str, str]) -> None:
    configure_tracing("scorer", environ)()
    assert isinstance(glob.provider, trace.ProxyTracerProvider)


@pytest.mark.parametrize(
    "environ",
    [
        OTLP,
        {"OTEL_TRACES_EXPORTER": " otlp "},
        {"OTEL_TRACES_EXPORTER": "otlp_proto_http"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"},
        {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"},
        {**OTLP, "OTEL_SDK_DISABLED": "false"},
        {**OTLP, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
    ],
)
def test_an_exporter_or_an_endpoint_turns_tracing_on(glob: Global, environ: dict[str, str]) -> None:
    configure_tracing("scorer", environ)
    assert [type(exporter) for exporter in glob.exporters()] == [OTLPSpanExporter]


def test_several_exporters_get_the_spans(glob: Global) -> None:
    configure_tracing("scorer", {"OTEL_TRACES_EXPORTER": "otlp,console"})
    assert [type(exporter).__name__ for exporter in glob.exporters()] == ["OTLPSpanExporter", "ConsoleSpanExporter"]


def test_the_service_is_named_by_us(glob: Global) -> None:
    configure_tracing("groundtune-scorer", OTLP)
    assert glob.sdk.resource.attributes["service.name"] == "groundtune-scorer"
    assert glob.sdk.resource.attributes["service.instance.id"]


@pytest.mark.parametrize(
    "named", [{"OTEL_SERVICE_NAME": "theirs"}, {"OTEL_RESOURCE_ATTRIBUTES": "team=x,service.name=theirs"}]
)
def test_a_name_in_the_environment_wins(glob: Global, monkeypatch: pytest.MonkeyPatch, named: dict[str, str]) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    configure_tracing("groundtune-scorer", {**OTLP, **named})
    assert glob.sdk.resource.attributes["service.name"] == "theirs"


def test_a_provider_that_the_program_has_set_is_left_alone(glob: Global) -> None:
    own = glob.provider = TracerProvider(shutdown_on_exit=False)
    configure_tracing("scorer", OTLP)()
    assert glob.provider is own
    assert glob.exporters() == []


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"OTEL_TRACES_EXPORTER": "jaeger"}, "OTEL_TRACES_EXPORTER is 'jaeger', but no installed package brings"),
        ({**OTLP, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, "OTEL_EXPORTER_OTLP_PROTOCOL is 'http/json'; it must"),
        ({**OTLP, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "TRACES_PROTOCOL"),
    ],
)
def test_what_is_not_there_is_bad_input_naming_the_variable(glob: Global, environ: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        configure_tracing("scorer", environ)
    assert isinstance(glob.provider, trace.ProxyTracerProvider)


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: str) -> list[EntryPoint]:
        return []

    monkeypatch.setattr(exporting, "entry_points", none)


@pytest.mark.usefixtures("without_extra")
def test_an_exporter_asked_for_by_name_without_the_extra_is_bad_input_with_the_remedy(glob: Global) -> None:
    with pytest.raises(BadInput, match=r"OTEL_TRACES_EXPORTER is 'otlp', .* install groundtune\[otel\]"):
        configure_tracing("scorer", OTLP)


@pytest.mark.usefixtures("without_extra")
def test_an_endpoint_alone_without_the_extra_makes_a_warning_and_the_worker_runs(glob: Global) -> None:
    with structlog.testing.capture_logs() as records:
        configure_tracing("scorer", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"})()
    assert [(record["event"], record["log_level"]) for record in records] == [("tracing.unavailable", "warning")]
    assert "groundtune[otel]" in records[0]["remedy"]
    assert isinstance(glob.provider, trace.ProxyTracerProvider)
