from __future__ import annotations

import pytest

from shared.errors import BadInput
from shared.settings import Settings, load


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


@pytest.mark.parametrize("name", ["GROUNDTUNE_GRACE_S", "GROUNDTUNE_WAIT_S"])
def test_what_is_no_number_of_seconds_is_refused_by_name(name: str) -> None:
    with pytest.raises(BadInput, match=f"{name} is 'soon'"):
        load({name: "soon"})
