from __future__ import annotations

import pytest

from shared.marked_yaml import BadYaml, dotted, read


def test_each_path_has_the_line_it_was_written_on() -> None:
    marked = read("a: 1\nb:\n  - x\n  - {c: 2}\n")
    assert marked.data == {"a": 1, "b": ["x", {"c": 2}]}
    assert [marked.line(path) for path in ((), ("a",), ("b",), ("b", 0), ("b", 1, "c"))] == [1, 1, 2, 3, 4]


def test_what_is_missing_has_the_line_of_what_is_around_it() -> None:
    assert read("a:\n\n  b: 1\n").line(("a", "b", "c", 4)) == 3


def test_a_key_written_twice_is_noted() -> None:
    assert read("a: 1\nb: 2\na: 3\n").doubled == [("a",)]


def test_an_empty_text_is_nothing() -> None:
    assert read("# nothing\n").data is None


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\tx", "a: !!python/object:os.system x", "a: 1\n---\nb: 2\n"])
def test_what_is_no_single_plain_document_is_refused(text: str) -> None:
    with pytest.raises(BadYaml):
        read(text)


def test_paths_read_like_code() -> None:
    assert dotted(("queues", 0, "worker")) == "queues[0].worker"
    assert dotted(()) == "the file"
