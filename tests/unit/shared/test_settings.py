from __future__ import annotations

import pytest

from shared.errors import BadInput
from shared.observe.logs import LEVELS
from shared.settings import LOG_LEVELS, Settings, load


def test_without_a_port_there_is_no_endpoint_and_one_listens_on_this_machine_alone() -> None:
    assert load({}) == Settings()
    assert (load({}).metrics_port, load({}).metrics_host) == (None, "127.0.0.1")


@pytest.mark.parametrize(("text", "port"), [("0", 0), ("9464", 9464), ("65535", 65_535), ("", None)])
def test_the_port_is_read_and_an_empty_variable_is_as_good_as_none(text: str, port: int | None) -> None:
    settings = load({"GROUNDTUNE_METRICS_PORT": text, "GROUNDTUNE_METRICS_HOST": ""})
    assert (settings.metrics_port, settings.metrics_host) == (port, "127.0.0.1")


def test_the_address_is_read() -> None:
    assert load({"GROUNDTUNE_METRICS_HOST": "0.0.0.0"}).metrics_host == "0.0.0.0"


@pytest.mark.parametrize("text", ["65536", "-1", "80.5", "http", " 80", "²"])
def test_what_is_no_port_is_refused_by_name_and_value(text: str) -> None:
    with pytest.raises(BadInput, match="GROUNDTUNE_METRICS_PORT is ") as raised:
        load({"GROUNDTUNE_METRICS_PORT": text})
    assert repr(text) in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("GROUNDTUNE_GRACE_S", text) for text in ("soon", "-1", "nan", "inf", "43201")),
        *(("GROUNDTUNE_WAIT_S", text) for text in ("soon", "0", "21", "nan")),
        ("GROUNDTUNE_LOG_LEVEL", "verbose"),
        ("GROUNDTUNE_WARM_UP", "yes"),
        *(("AWS_ENDPOINT_URL", text) for text in ("localhost:4566", "http://", "ftp://x", "http://x:99999", "//x")),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_value(name: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"^{name} is ") as raised:
        load({name: text})
    assert repr(text) in str(raised.value) and "must be" in str(raised.value)


def test_what_can_be_is_read() -> None:
    environ = {"GROUNDTUNE_GRACE_S": "0", "GROUNDTUNE_WAIT_S": "20", "GROUNDTUNE_LOG_LEVEL": "WARNING"}
    found = load({**environ, "GROUNDTUNE_WARM_UP": "OFF", "AWS_ENDPOINT_URL": "https://aws.example:8443/path"})
    assert found.warm_up is False
    assert (found.grace_s, found.wait_s, found.log_level) == (0.0, 20, "warning")
    assert found.endpoint == "https://aws.example:8443/path"


def test_empty_variables_are_as_good_as_none() -> None:
    names = ("AWS_ENDPOINT_URL", "GROUNDTUNE_NAME", "GROUNDTUNE_BUCKET", "GROUNDTUNE_WAIT_S", "GROUNDTUNE_LOG_LEVEL")
    assert load(dict.fromkeys(names, "")) == Settings()


def test_the_levels_are_those_that_the_log_knows() -> None:
    assert set(LOG_LEVELS) == set(LEVELS)
