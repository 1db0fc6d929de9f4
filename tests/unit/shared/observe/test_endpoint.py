from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import structlog

from shared.errors import BadInput
from shared.observe import endpoint
from shared.observe.endpoint import serving
from shared.observe.health import Health
from shared.observe.prometheus import Prometheus
from shared.settings import Settings

ANY = replace(Settings(), metrics_port=0)
LOG = structlog.get_logger()


@pytest.fixture(autouse=True)
def records() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged."""
    with structlog.testing.capture_logs() as records:
        yield records


class Running:
    """An endpoint under test, with what it shows."""

    def __init__(self, port: int, process: Prometheus, health: Health) -> None:
        self.port = port
        self.process = process
        self.health = health

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        request = Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def checks(self, path: str) -> tuple[int, dict[str, Any]]:
        status, body = self.get(path)
        return status, json.loads(body)


@contextmanager
def running() -> Iterator[Running]:
    process, health = Prometheus(), Health(poll_limit_s=50, beat_limit_s=10)
    with serving(ANY, process.registry, health, LOG) as port:
        assert port is not None
        yield Running(port, process, health)


def test_metrics_are_shown_in_prometheus_text() -> None:
    with running() as page:
        page.process.meter("q").received(7)
        status, body = page.get("/metrics")
    assert status == 200
    assert 'groundtune_messages_received_total{queue="q"} 7.0' in body


def test_readiness_follows_the_process_and_names_each_check() -> None:
    with running() as page:
        before = page.checks("/readyz")
        page.health.ready()
        at_work = page.checks("/readyz")
        page.health.draining()
        draining = page.checks("/readyz")
    assert [status for status, _ in (before, at_work, draining)] == [503, 200, 503]
    assert {name: check["ok"] for name, check in draining[1]["checks"].items()} == {"started": True, "draining": False}
    assert at_work[1]["ok"] is True


def test_liveness_is_told_with_its_checks() -> None:
    with running() as page:
        status, body = page.checks("/livez")
    assert status == 200
    assert list(body["checks"]) == ["polls", "leases"]


def test_other_paths_are_told_what_there_is() -> None:
    with running() as page:
        status, body = page.checks("/")
    assert (status, body) == (404, {"pages": ["/metrics", "/livez", "/readyz"]})


def test_nothing_is_written_for_a_request(capfd: pytest.CaptureFixture[str]) -> None:
    with running() as page:
        page.get("/livez")
        with socket.create_connection(("127.0.0.1", page.port)) as hasty:
            hasty.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        page.get("/livez")
    assert capfd.readouterr() == ("", "")


async def test_it_answers_while_the_main_loop_is_blocked() -> None:
    with running() as page:
        answers: list[tuple[int, str]] = []
        answered = threading.Event()

        def ask() -> None:
            answers.append(page.get("/livez"))
            answered.set()

        asking = threading.Thread(target=ask)
        asking.start()
        assert answered.wait(60)  # the loop of this test stands still meanwhile
        asking.join()
    assert answers[0][0] == 200


def test_a_port_that_was_left_to_chance_is_logged(records: list[MutableMapping[str, Any]]) -> None:
    with running() as page:
        port = page.port
    (record,) = records
    assert (record["event"], record["host"], record["port"]) == ("endpoint.listening", "127.0.0.1", port)


def test_it_is_off_without_a_port() -> None:
    with serving(Settings(), Prometheus().registry, Health(poll_limit_s=50, beat_limit_s=10), LOG) as port:
        assert port is None


def test_its_port_is_free_again_afterwards() -> None:
    with running() as page:
        port = page.port
    with serving(
        replace(ANY, metrics_port=port), Prometheus().registry, Health(poll_limit_s=50, beat_limit_s=10), LOG
    ) as again:
        assert again == port


def refused(settings: Settings) -> str:
    with (
        pytest.raises(BadInput) as raised,
        serving(settings, Prometheus().registry, Health(poll_limit_s=50, beat_limit_s=10), LOG),
    ):
        raise AssertionError("it listens")
    return str(raised.value)


def test_a_port_in_use_is_bad_input_naming_variable_and_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        message = refused(replace(ANY, metrics_port=port))
    assert f"GROUNDTUNE_METRICS_PORT is {port}" in message
    assert "in use" in message


def test_a_port_that_is_not_permitted_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(server: endpoint._Server) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(endpoint._Server, "server_bind", denied)
    assert "GROUNDTUNE_METRICS_PORT is 80, which cannot be had at 127.0.0.1 (Permission denied)" in refused(
        replace(ANY, metrics_port=80)
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no address"])
def test_an_address_that_is_not_ours_is_bad_input_naming_its_variable(host: str) -> None:
    message = refused(replace(ANY, metrics_host=host))
    assert "GROUNDTUNE_METRICS_HOST" in message
    assert host in message
