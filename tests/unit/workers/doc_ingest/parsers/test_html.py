from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.doc_ingest.parsers.html import parse_html


def text(source: str) -> str:
    return parse_html(source.encode()).text


def test_the_main_text_comes_without_what_surrounds_it() -> None:
    page = (
        "<html><head><title>Roaming | Shop</title><script>var x</script></head><body><nav>Menu</nav>"
        "<header>Banner</header><main><h1>Roaming</h1><p>Works <b>abroad</b>.</p><aside>Ad</aside></main>"
        "<footer>Imprint</footer></body></html>"
    )
    parsed = parse_html(page.encode())
    assert parsed.text == "# Roaming\n\nWorks abroad."
    assert parsed.best_title == "Roaming"


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "cp949", "utf-16"])
def test_the_charset_comes_from_the_bytes(charset: str) -> None:
    declared = "" if charset in ("cp949", "utf-16") else f'<meta charset="{charset}">'
    page = f"<html><head>{declared}<title>요금제</title></head><body><p>데이터 로밍 요금제를 변경합니다.</p></body>"
    parsed = parse_html(page.encode(charset))
    assert parsed.text == "데이터 로밍 요금제를 변경합니다."
    assert parsed.best_title == "요금제"


def test_links_and_code_are_kept_and_anchors_dropped() -> None:
    page = '<p>See <a href="/a b(1)">the <i>guide</i></a>, <a href="#x">above</a>, run <code>ls  -l</code></p>'
    assert text(page) == "See [the guide](/a%20b%281%29), above, run `ls -l`"


def test_preformatted_code_keeps_its_lines_and_language() -> None:
    assert text('<pre><code class="language-sh">ls\n  -l</code></pre>') == "```sh\nls\n  -l\n```"


def test_merged_cells_stand_once() -> None:
    table = (
        "<table><thead><tr><th>Zone</th><th>Call</th><th>Data</th></tr></thead>"
        "<tr><td rowspan=2>A</td><td>1</td><td>2</td></tr><tr><td colspan=2>free <ul><li>x</li></ul></td></tr></table>"
    )
    assert text(table) == "| Zone | Call | Data |\n| --- | --- | --- |\n| A | 1 | 2 |\n|  | free x |  |"


def test_lists_nest_and_hold_code() -> None:
    page = "<ol><li>One<ul><li>sub</li></ul></li><li><p>Two</p><pre>ls</pre></li></ol>"
    assert text(page) == "1. One\n   - sub\n2. Two\n   ```\n   ls\n   ```"


def test_a_layout_table_of_one_cell_gives_its_content() -> None:
    assert text("<table><tr><td><h2>T</h2><p>x</p></td></tr></table>") == "## T\n\nx"


@pytest.mark.parametrize("page", ["", "<html></html>", "<table></table>", "<ul></ul>", "<p>", "<main></main>x"])
def test_odd_pages_are_no_error(page: str) -> None:
    text(page)


def test_what_surrounds_the_text_goes_by_role_class_and_place_but_never_the_text_itself() -> None:
    page = (
        "<body><header>Brand</header><div id=gnb>메뉴</div><div class='breadcrumbs'>Home</div><form><h1>Plan</h1>"
        "<p>All of it costs as little as this.</p><input value=x></form><div class=sidebar><h1>no</h1></div>"
        "<footer>Imprint</footer></body>"
    )
    assert text(page) == "# Plan\n\nAll of it costs as little as this.\n\n# no"
    assert text("<body><div class=sidebar><p>the whole page</p></div></body>") == "the whole page"


def test_relative_links_are_completed_by_the_address_of_the_page() -> None:
    page = '<link rel=canonical href="https://x.example/a/b"><p><a href="../c">go</a> <a href="http://[">odd</a></p>'
    parsed = parse_html(page.encode())
    assert parsed.source == {"url": "https://x.example/a/b"}
    assert parsed.text == "[go](https://x.example/c) [odd](http://[)"


@pytest.mark.parametrize("label", ["euc-kr", "ks_c_5601-1987", "utf-16"])
def test_a_label_counts_for_what_browsers_make_of_it(label: str) -> None:
    encoding = "utf-8" if label == "utf-16" else "cp949"  # browsers read euc-kr as its superset, for syllables as 똠
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={label}"><p>똠방각하와 펲시콜라</p>'
    assert parse_html(page.encode(encoding)).text == "똠방각하와 펲시콜라"


def test_a_table_that_only_arranges_the_page_gives_way_to_what_it_holds() -> None:
    inner = "<table><caption>Rates</caption><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    page = f"<table><tr><td><h2>T</h2></td><td>{inner}</td></tr></table>"
    assert text(page) == "## T\n\nRates\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_code_is_known_by_the_boxes_around_it_and_comes_without_line_numbers() -> None:
    page = (
        "<div class='highlight-python'><div class=highlight><pre><span class=linenos>1</span>x<br>y</pre></div></div>"
    )
    assert text(page) == "```python\nx\ny\n```"


def test_pieces_of_code_in_one_box_stand_below_each_other() -> None:
    assert text("<pre><code>a\n</code><code>b</code></pre>") == "```\na\nb\n```"


def test_the_marks_that_headings_are_linked_by_are_no_text() -> None:
    assert (
        text('<h2>DNS<a href="#dns">#</a></h2><p><a href="#x">above</a> <a href="x">#</a>') == "## DNS\n\nabove [#](x)"
    )


def test_lists_count_as_they_say_and_take_in_misplaced_lists() -> None:
    assert text("<ol start=3><li>c<li value=7>g</ol>") == "3. c\n7. g"
    assert text("<ul><li>a</li><ul><li>b</li></ul></ul>") == "- a\n  - b"


@pytest.mark.parametrize("tag", ["div", "font", "ul><li", "table><tr><td", "b><p", "blockquote"])
def test_elements_nested_without_end_are_no_error(tag: str) -> None:
    assert "end" in text(f"<{tag}>" * 2000 + "end")


CELLS = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4), min_size=2, max_size=5
)


@given(CELLS)
def test_every_cell_of_a_table_stands_once_however_it_spans(rows: list[list[tuple[int, int]]]) -> None:
    names = iter(range(10_000))
    source = "".join(
        "<tr>" + "".join(f"<td colspan={c} rowspan={r}>w{next(names)}w</td>" for c, r in row) + "</tr>" for row in rows
    )
    found = re.findall(r"w\d+w", text(f"<table>{source}<tr><td>a</td><td>b</td></tr></table>"))
    assert found == [f"w{n}w" for n in range(len(found))]
    assert len(found) == sum(map(len, rows))
