from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.observe.trace_header import traceparent_of, xray_of

hexadecimal = "0123456789abcdef"
traces = st.text(hexadecimal, min_size=32, max_size=32).filter(lambda text: text.strip("0"))
parents = st.text(hexadecimal, min_size=16, max_size=16).filter(lambda text: text.strip("0"))

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
XRAY = f"Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent={PARENT};Sampled=1"


@given(traces, parents, st.sampled_from(["00", "01"]))
def test_a_traceparent_comes_back_as_it_went(trace: str, parent: str, flags: str) -> None:
    traceparent = f"00-{trace}-{parent}-{flags}"
    header = xray_of(traceparent)
    assert header is not None and traceparent_of(header) == traceparent


@given(traces, parents, st.sampled_from(["0", "1"]))
def test_an_xray_header_comes_back_as_it_went(trace: str, parent: str, sampled: str) -> None:
    header = f"Root=1-{trace[:8]}-{trace[8:]};Parent={parent};Sampled={sampled}"
    traceparent = traceparent_of(header)
    assert traceparent is not None and xray_of(traceparent) == header


@given(st.text(max_size=80))
def test_whatever_else_is_written_there_is_no_trace(text: str) -> None:
    assert xray_of(text) is None and traceparent_of(text) is None


@pytest.mark.parametrize(
    ("traceparent", "header"),
    [
        (f"00-{TRACE}-{PARENT}-01", XRAY),
        (f"00-{TRACE}-{PARENT}-03", XRAY),  # another flag changes nothing
        (f"00-{TRACE}-{PARENT}-02", XRAY.replace("Sampled=1", "Sampled=0")),
        (f"cc-{TRACE}-{PARENT}-01-what-comes-later", XRAY),
        (f"00-{TRACE}-{PARENT}-01-more", None),
        (f"ff-{TRACE}-{PARENT}-01", None),
        (f"00-{TRACE.upper()}-{PARENT}-01", None),
        (f"00-{'0' * 32}-{PARENT}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE}-{PARENT}", None),
        (f"00-{TRACE}-{PARENT}-01\n", None),
    ],
)
def test_a_traceparent_is_spelt_as_xray_does(traceparent: str, header: str | None) -> None:
    assert xray_of(traceparent) == header


@pytest.mark.parametrize(
    ("header", "flags"),
    [
        (XRAY, "01"),
        (XRAY.replace("Sampled=1", "Sampled=0"), "00"),
        (XRAY.replace("Sampled=1", "Sampled=?"), "00"),
        (XRAY.removesuffix(";Sampled=1"), "00"),
        (f"Self=1-67891234-12456789abcdef012345678;Sampled=1; Parent={PARENT};Lineage=a:b|c;{XRAY[:40]}", "01"),
        (XRAY.replace(PARENT, "0" * 16), None),
        (XRAY.replace("Root=1-", "Root=2-"), None),
        (XRAY.partition(";")[0], None),
        ("", None),
    ],
)
def test_an_xray_header_is_read_in_any_order_and_with_what_is_missing(header: str, flags: str | None) -> None:
    assert traceparent_of(header) == (None if flags is None else f"00-{TRACE}-{PARENT}-{flags}")
