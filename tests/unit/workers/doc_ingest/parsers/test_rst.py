from __future__ import annotations

import re
from pathlib import Path

import pytest

from workers.doc_ingest.parsers.rst import parse_rst

DATA = Path("../shared/data")
FILE = "/etc/passwd"


def text(source: str) -> str:
    return parse_rst(source.encode()).text


def test_sections_follow_their_underlines() -> None:
    source = "=====\nGuide\n=====\n\nOne.\n\nPart\n----\n\nTwo\nlines.\n\nDeeper\n~~~~~~\n\nOther\n-----\n"
    parsed = parse_rst(source.encode())
    assert parsed.text == "# Guide\n\nOne.\n\n## Part\n\nTwo lines.\n\n### Deeper\n\n## Other"
    assert parsed.best_title == "Guide"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (".. code-block:: sh\n   :linenos:\n\n   ls\n     -l\n", "```sh\nls\n  -l\n```"),
        ("Run::\n\n  ls\n\nDone.", "Run:\n\n```\nls\n```\n\nDone."),
        ("Run\n.. code-block:: sh\n\n   ls\n", "Run\n\n```sh\nls\n```"),
        (".. code-blcok:: yaml\n\n   a: 1\n", "```yaml\na: 1\n```"),
        (">>> 1 + 1\n2\n", "```\n>>> 1 + 1\n2\n```"),
        (".. parsed-literal::\n\n   *x*\n", "```\n*x*\n```"),
    ],
)
def test_code_stays_as_it_is(source: str, shown: str) -> None:
    assert text(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (
            "`home <https://x.example/a>`_ and `b`_\n\n.. _b: https://y.example\n",
            "[home](https://x.example/a) and [b](https://y.example)",
        ),
        ("see https://x.example.", "see <https://x.example>."),
        (
            ":doc:`the guide </a/b>` and :ref:`there` and ``code`` and :file:`x.py`",
            "the guide and there and `code` and `x.py`",
        ),
        ("a [#]_\n\n.. [#] Not *now*.\n", "a [^1]\n\n[^1]: Not now."),
        ("|x| is\n\n.. |x| replace:: y\n", "y is"),
        ("`broken", "`broken"),
        ("|logo| here\n\n.. |logo| image:: a.png\n   :alt: Logo\n", "Logo here"),
    ],
)
def test_links_roles_and_references_are_read(source: str, shown: str) -> None:
    assert text(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "+---+---+\n| a | b |\n+===+===+\n| c     |\n+---+---+\n",
        "=====  =====\na      b\n=====  =====\nc\n------------\n=====  =====\n",
        ".. list-table::\n   :header-rows: 1\n\n   * - a\n     - b\n   * - c\n     -\n",
        ".. csv-table::\n   :header: a, b\n\n   c,\n",
    ],
)
def test_tables_of_every_kind_are_tables(source: str) -> None:
    assert text(source) == "| a | b |\n| --- | --- |\n| c |  |"


def test_merged_cells_stand_once() -> None:
    source = "+---+---+\n| a | b |\n+===+===+\n| c | d |\n|   +---+\n|   | e |\n+---+---+\n"
    assert text(source) == "| a | b |\n| --- | --- |\n| c | d |\n|  | e |"


def test_lists_nest_and_definitions_fields_and_options_are_lists() -> None:
    assert text("3. a\n\n   - b\n4. c\n") == "3. a\n   - b\n4. c"
    assert text("term\n  What it is.\n") == "- term\n  What it is."
    assert text(":Fee: 45,000\n:orphan:\n") == "- Fee: 45,000"
    assert text("-v, --verbose  Say more\n-q             Less\n") == "- `-v, --verbose` Say more\n- `-q` Less"
    assert text("| a\n| b\n") == "a\nb"


def test_admonitions_and_directives_of_others_give_what_they_hold() -> None:
    assert text(".. note::\n   Mind this.\n") == "Note:\n\nMind this."
    assert text(".. admonition:: By the way\n\n   This.\n") == "By the way\n\nThis."
    assert text(".. tab:: Linux\n\n   Run *it*.\n\n.. versionadded:: 1.2\n") == "Linux\n\nRun it.\n\n1.2"
    assert text(".. figure:: a.png\n   :alt: A\n\n   A caption.\n") == "A caption."
    assert text(".. toctree::\n   :maxdepth: 2\n\n   a\n   b\n\nText.") == "Text."


def test_nothing_outside_the_document_is_read() -> None:
    for source in (
        ".. include:: /etc/passwd",
        ".. csv-table::\n   :file: /etc/passwd",
        ".. raw:: html\n   :file: /etc/passwd",
    ):
        assert "root" not in text(f"Text.\n\n{source}\n")
    notes = parse_rst(f"Text.\n\n.. include:: {FILE}\n".encode()).notes
    assert notes == [f"The included file {FILE} is not part of the document."]


def test_substitutions_cannot_grow_without_end() -> None:
    bomb = "".join(f".. |{n + 1}| replace:: {f'|{n}| ' * 10}\n" for n in range(9))
    assert len(text(f".. |0| replace:: ha\n{bomb}\n|9|\n")) < 1_000_000


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files of ../shared/data are not beside this checkout")
def test_real_documents_keep_their_sections_and_their_code() -> None:
    files = sorted(DATA.rglob("*.rst"))
    assert len(files) > 30
    for file in files:
        source, parsed = file.read_text(), parse_rst(file.read_bytes())
        titles = re.findall(r"^(?![=+-])(\w[^\n]*)\n([=\-~^*#+\"'])\2{2,}$", source, re.MULTILINE)
        assert sum(block.kind == "heading" for block in parsed.blocks) >= 0.9 * len(titles), file.name
        fences = parsed.text.count("```") // 2
        assert fences >= 0.9 * len(re.findall(r"^\.\. code-block::", source, re.MULTILINE)), file.name
