from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

from localcloud.engines.contract import Request, Tool
from localcloud.engines.extractive import JUDGE, READER, ExtractiveEngine
from localcloud.engines.extractive.judging.calling import tool_input


class Scores(BaseModel):
    A: float = Field(ge=0, le=1)
    B: float = Field(ge=0, le=1)


class Verdict(BaseModel):
    """As a judge's caller would write it."""

    verdict: Literal["A", "B", "tie"]
    scores: Scores
    reason: str = Field(min_length=3)
    doubts: list[str] = Field(min_length=1)
    sure: bool
    rank: int = Field(ge=1)
    note: str | None


COMPARISON = '<reference>the blue light</reference><answer id="A">the blue light</answer><answer id="B">no</answer>'


def request(model: str, schema: dict[str, Any], max_tokens: int = 500) -> Request:
    return Request(model, None, "", COMPARISON, max_tokens, tool=Tool("verdict", "Who wins", schema))


def test_a_verdict_fills_the_fields_of_its_name_and_the_rest_is_the_least_that_is_allowed() -> None:
    reply = ExtractiveEngine().converse(request(JUDGE, Verdict.model_json_schema()))
    found = Verdict.model_validate(reply.tool_input)
    assert (found.verdict, found.scores) == ("A", Scores(A=1.0, B=0.0))
    assert (found.reason, found.doubts, found.sure, found.rank, found.note) == ("---", [""], False, 1, "")
    assert (reply.text, reply.stop_reason) == ("", "tool_use")


def test_a_schema_counts_as_input_and_an_answer_that_does_not_fit_is_cut_short() -> None:
    small, large = ({"type": "object", "description": "word " * count} for count in (1, 100))
    short, long = (ExtractiveEngine().converse(request(JUDGE, schema)) for schema in (small, large))
    assert short.input_tokens < long.input_tokens
    cut = ExtractiveEngine().converse(request(JUDGE, Verdict.model_json_schema(), max_tokens=5))
    assert (cut.stop_reason, cut.tool_input, cut.output_tokens) == ("max_tokens", None, 5)


def test_a_reader_only_speaks() -> None:
    reply = ExtractiveEngine().converse(request(READER, Verdict.model_json_schema()))
    assert reply.text and reply.tool_input is None


@pytest.mark.parametrize(
    ("field", "known", "expected"),
    [
        ({"enum": ["A", "B"]}, "B", "B"),
        ({"enum": ["A", "B"]}, "C", "A"),
        ({"const": "x"}, "y", "x"),
        ({"type": "string", "default": "d"}, None, "d"),
        ({"type": "integer", "minimum": 2, "maximum": 5}, 7, 2),
        ({"type": "integer", "minimum": 2, "maximum": 5}, 4, 4),
        ({"type": "integer"}, 0.5, 0),
        ({"type": "boolean"}, True, True),
        ({"type": "integer"}, True, 0),
        ({"type": ["string", "null"]}, None, ""),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, ["a", "b"], []),
        ({"type": "array", "items": {"type": "string"}}, ["a", 1], ["a", ""]),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "x", None),
    ],
)
def test_what_is_known_is_said_where_it_fits(field: dict[str, Any], known: Any, expected: Any) -> None:
    schema = {"type": "object", "properties": {"it": field}, "required": ["it"]}
    found = tool_input(schema, {"it": known})
    assert found == {"it": expected}
    Draft202012Validator(schema).validate(found)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "object", "properties": {"n": {"pattern": "^x$"}}, "required": ["n"]}, r"input\.n: .*pattern"),
        ({"type": "object", "properties": {"n": {"$ref": "#/$defs/no"}}, "required": ["n"]}, "none of the schema's"),
        ({"type": "string"}, "must be an object"),
    ],
)
def test_what_cannot_be_made_up_is_refused_by_name(schema: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        tool_input(schema, {})


_LEAVES = st.one_of(
    st.builds(lambda values: {"enum": values}, st.lists(st.text(max_size=3), min_size=1)),
    st.builds(lambda least: {"type": "string", "minLength": least}, st.integers(0, 5)),
    st.builds(lambda least, more: {"type": "integer", "minimum": least, "maximum": least + more},
              st.integers(-5, 5), st.integers(0, 9)),
    st.just({"type": "boolean"}), st.just({"type": "number"}), st.just({"type": "null"}),
)  # fmt: skip
_SCHEMAS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda item, least: {"type": "array", "items": item, "minItems": least}, inner, st.integers(0, 2)),
        st.builds(
            lambda fields, required: {"type": "object", "properties": fields, "required": required & set(fields)},
            st.dictionaries(st.sampled_from("abc"), inner), st.sets(st.sampled_from("abc")),
        ).map(lambda schema: {**schema, "required": sorted(schema["required"])}),
    ),
    max_leaves=8,
)  # fmt: skip
_KNOWN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.sampled_from("abc"), inner)),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abc"), _SCHEMAS), st.dictionaries(st.sampled_from("abc"), _KNOWN))
def test_an_input_fits_its_schema_whatever_is_known(properties: dict[str, Any], known: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": properties, "required": sorted(properties)}
    Draft202012Validator(schema).validate(tool_input(schema, known))
