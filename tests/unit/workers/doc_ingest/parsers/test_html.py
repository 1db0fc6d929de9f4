from __future__ import annotations

import pytest

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
