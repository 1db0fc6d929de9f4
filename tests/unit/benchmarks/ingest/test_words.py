from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from benchmarks.ingest.docx_truth import visible_text
from benchmarks.ingest.measures import recalled
from benchmarks.ingest.readers import FileRead
from benchmarks.ingest.words import pooled, precision, recall, words

DOCUMENT = """<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>
<w:p><w:r><w:t>Kept</w:t></w:r><w:ins><w:r><w:t xml:space="preserve"> inserted</w:t></w:r></w:ins>
<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t></w:r><w:r><w:tab/><w:t>two</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><mc:AlternateContent><mc:Choice><w:r><w:t>box</w:t></w:r>
</mc:Choice><mc:Fallback><w:r><w:t>box</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p></w:body></w:document>"""


def test_words_are_counted_without_case_and_layout() -> None:
    assert words("The  Cell\nthe CELL_x ﬁne") == {"the": 2, "cell": 2, "x": 1, "fine": 1}
    assert words("regis-\ntered, 5-\n6") == {"registered": 1, "5": 1, "6": 1}


@pytest.mark.parametrize(
    ("reference", "found", "share"),
    [("a b c d", "d c b", 0.75), ("a a", "a", 0.5), ("a", "a a b", 1.0), ("", "a", 1.0)],
)
def test_recall_counts_each_word_as_often_as_it_stands(reference: str, found: str, share: float) -> None:
    assert recall(words(reference), words(found)) == share


def test_pooled_recall_weighs_documents_by_their_words() -> None:
    pairs = [(words("a b c d e f g h i"), words("a b c d e f g h i")), (words("z"), words(""))]
    assert pooled(pairs) == 0.9
    assert precision([(words("a b"), words("a a b b"))]) == 0.5


def test_the_visible_text_of_a_docx_is_told_without_our_parser(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", DOCUMENT)
    (tmp_path / "a.docx").write_bytes(buffer.getvalue())
    assert visible_text(tmp_path / "a.docx") == "Kept inserted\nCell two\nbox"


def test_files_that_were_rejected_or_are_vertical_are_not_asked_for() -> None:
    def read(name: str, text: str, error: str = "") -> FileRead:
        return FileRead(Path(name), text, error, 0)

    theirs = [read("a.pdf", "one two"), read("b.pdf", "three"), read("jo.pdf", "four"), read("c.pdf", " ")]
    ours = [read("a.pdf", "one"), read("b.pdf", "", "encrypted"), read("jo.pdf", ""), read("c.pdf", "five")]
    found = recalled(theirs, ours)
    assert (found.files, found.pooled, found.worst) == (1, 0.5, [(1, 0.5, 2, "a.pdf")])
