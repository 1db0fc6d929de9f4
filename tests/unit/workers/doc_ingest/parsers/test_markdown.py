from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_mdx_loses_its_imports_and_components_and_keeps_what_they_hold() -> None:
    page = (
        "import Tabs from '@theme/Tabs';\nimport {\n  A,\n} from 'x';\n\nexport const n = {\n  a: 1,\n}\n\n"
        "# Title {#id}\n\n"
        '{/* hidden */}\n\n<Tabs\n  groupId="os">\n  <TabItem value="l" label="Linux">\n\n    Run `<Tabs>` now.\n\n'
        "  </TabItem>\n</Tabs>\n\nAn <Icon name={x => '>'} /> inside{' '}`{'x'}`."
    )
    assert text(page) == "# Title\n\nLinux\n\nRun `<Tabs>` now.\n\nAn  inside `{'x'}`."


def test_an_import_in_prose_or_code_is_no_mdx() -> None:
    assert text("import the file from here\n\n    indented\n") == "import the file from here\n\n```\nindented\n```"
    fence = "```py\nimport x\nimport A from 'a';\n<Tabs>\n!!! note\n    x\n:::tip\n```"
    assert text(f"<Tabs>\n\n{fence}\n\n</Tabs>\n") == fence


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("!!! note\n    One.\n\n    ```sh\n    ls\n    ```\n\nAfter", "Note:\n\nOne.\n\n```sh\nls\n```\n\nAfter"),
        ('??? warning "Mind this"\n    One.', "Warning: Mind this\n\nOne."),
        ('=== "Linux"\n\n    !!! tip\n        Deep.\n', "Linux\n\nTip:\n\nDeep."),
        (":::note\nOne.\n:::\n", "Note:\n\nOne."),
        (":::danger[Stop]\n\n- a\n\n:::", "Danger: Stop\n\n- a"),
        ("> [!IMPORTANT]\n> One.", "Important: One."),
        ("- item\n\n    !!! info\n        One.\n", "- item\n  Info:\n  One."),
        ("Title\n===\n\ntext", "# Title\n\ntext"),
    ],
)
def test_admonitions_and_tabs_give_their_name_and_their_content(source: str, shown: str) -> None:
    assert text(source) == shown


def test_what_only_looks_like_a_tag_is_text() -> None:
    assert text("Dial <number>, press <b>OK</b><br>and wait.") == "Dial <number>, press OK\nand wait."
    assert text("<realm>\n") == "<realm>"
    assert text("<IP> is\nyour <PORT>\n\n<HOST>\n") == "<IP> is your <PORT>\n\n<HOST>"
    assert text("An <Icon name='x'/> in plain Markdown") == "An  in plain Markdown"


def test_emphasis_before_a_korean_particle_goes() -> None:
    assert (
        text("**로밍(해외)**은 **무료**입니다. `**x**` 2 ** 3 ** 4") == "로밍(해외)은 무료입니다. `**x**` 2 ** 3 ** 4"
    )


def test_a_table_of_html_is_one_table_also_across_blank_lines() -> None:
    page = "<table>\n<tr><th>a</th><th>b</th></tr>\n\n<tr><td>1</td><td>2</td></tr>\n\n</table>\n"
    assert text(page) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_toml_front_matter_gives_the_title() -> None:
    parsed = parse_markdown(b'+++\ntitle = "Roaming"\n+++\ntext {{< ref "x" >}}')
    assert (parsed.best_title, parsed.text) == ("Roaming", "text")


CODE = st.lists(st.text(st.sampled_from("ab <>T/{}`~:!#|-\\'\"="), max_size=12), min_size=1, max_size=6)


@given(CODE)
def test_code_in_a_fence_stays_as_it_is(lines: list[str]) -> None:
    body = "\n".join(line.rstrip() for line in lines).strip("\n")
    fence = "`" * 13
    parsed = parse_markdown(f"<Tabs>\n\n{fence}py\n{body}\n{fence}\n\n</Tabs>\n\nend".encode())
    fences = [block.text for block in parsed.blocks if block.kind == "code"]
    assert [fence.split("\n", 1)[1].rpartition("\n")[0] for fence in fences] == [body]
