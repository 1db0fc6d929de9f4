from __future__ import annotations

from workers.doc_ingest.parsers.markdown import parse_markdown


def text(source: str) -> str:
    return parse_markdown(source.encode()).text


def test_front_matter_becomes_the_source_and_no_text() -> None:
    parsed = parse_markdown(b"---\nurl: https://x.example/a\ntitle: A\nlicense: MIT\nid: 7\n---\n# Heading\n")
    assert parsed.source == {"url": "https://x.example/a", "title": "A", "licence": "MIT"}
    assert parsed.text == "# Heading"
    assert parsed.best_title == "A"


def test_a_rule_at_the_start_is_no_front_matter() -> None:
    parsed = parse_markdown(b"---\njust text\n---\nmore\n")
    assert parsed.source == {}
    assert "just text" in parsed.text


def test_broken_front_matter_stays_as_text() -> None:
    assert "title: [" in text("---\ntitle: [\n---\nbody")


def test_blocks_keep_their_kind() -> None:
    parsed = parse_markdown(
        b"# T\n\nA *para*\ngraph.\n\n- one\n- two\n  - three\n\n```sh\nls -l\n```\n\n"
        b"| a | b |\n|---|---|\n| 1 | x \\| y |\n"
    )
    assert [block.kind for block in parsed.blocks] == ["heading", "paragraph", "list", "code", "table"]
    assert [block.text for block in parsed.blocks] == [
        "# T", "A para graph.", "- one\n- two\n  - three", "```sh\nls -l\n```",
        "| a | b |\n| --- | --- |\n| 1 | x \\| y |",
    ]  # fmt: skip


def test_reference_links_get_their_address() -> None:
    assert text("See [the guide][g] or <https://y.example>.\n\n[g]: https://x.example/g\n") == (
        "See [the guide](https://x.example/g) or <https://y.example>."
    )


def test_a_fence_is_longer_than_the_backticks_in_it() -> None:
    assert text("````md\n```sh\nls\n```\n````\n") == "````md\n```sh\nls\n```\n````"


def test_numbered_steps_keep_their_numbers_and_their_code() -> None:
    assert text("3. Run\n\n   ```sh\n   ls\n   ```\n4. Wait\n") == "3. Run\n   ```sh\n   ls\n   ```\n4. Wait"


def test_html_inside_gives_its_text_and_comments_nothing() -> None:
    assert text("<!-- hidden -->\n\n<div>\n<b>Shown</b>\n</div>\n\n> quoted\n") == "Shown\n\nquoted"
