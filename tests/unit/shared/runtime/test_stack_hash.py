from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.errors import Poison
from shared.runtime.stack_hash import stack_hash

Raising = Callable[..., object]

SOURCE = """
class Wrong(Exception):
    pass

def outer(value):
    return inner(value)

def inner(value):
    raise Wrong(f"not {value}")

def recursing(depth):
    if depth == 0:
        raise Wrong("deep")
    recursing(depth - 1)
"""


def hashed(work: Raising, *arguments: object) -> str:
    with pytest.raises(Exception) as caught:
        work(*arguments)
    return stack_hash(caught.value)


def loaded(folder: Path, source: str, name: str = "program") -> dict[str, Raising]:
    """The functions of a module, as a program of one's own would have them."""
    file = folder / f"{name}.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def parse(text: str) -> object:
    return json.loads(text)


def parse_too(text: str) -> object:
    return json.loads(text)


def poison() -> None:
    raise Poison("bad")


def test_a_bug_has_one_name_whatever_value_it_meets() -> None:
    assert re.fullmatch("[0-9a-f]{12}", hashed(parse, "{"))
    assert hashed(parse, "{") == hashed(parse, "[1, 2")


def test_another_function_or_another_class_of_error_is_another_bug() -> None:
    assert len({hashed(parse, "{"), hashed(parse_too, "{"), hashed(parse, 17), hashed(poison)}) == 4


def test_moved_lines_and_another_folder_are_the_same_bug(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    before = loaded(tmp_path, SOURCE)["outer"]
    after = loaded(tmp_path / "elsewhere", "# a comment\n\n" + SOURCE.replace("def inner", "\n\n\ndef inner"))["outer"]
    assert hashed(before, 1) == hashed(after, 2)


def test_another_way_to_the_same_line_is_another_bug(tmp_path: Path) -> None:
    program = loaded(tmp_path, SOURCE)
    assert hashed(program["outer"], 1) != hashed(program["inner"], 1)
    assert hashed(program["outer"], 1) != hashed(loaded(tmp_path, SOURCE, "other")["outer"], 1)


def test_the_depth_of_a_recursion_does_not_count(tmp_path: Path) -> None:
    recursing = loaded(tmp_path, SOURCE)["recursing"]
    assert hashed(recursing, 3) == hashed(recursing, 30)


def test_frames_of_libraries_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hashed(parse, "{")
    monkeypatch.setattr(json, "loads", json.JSONDecoder().decode)  # one frame less, the same error
    assert hashed(parse, "{") == before


def test_an_error_that_was_never_raised_has_a_name_too() -> None:
    assert stack_hash(ValueError("a")) == stack_hash(ValueError("b")) != stack_hash(KeyError("a"))
