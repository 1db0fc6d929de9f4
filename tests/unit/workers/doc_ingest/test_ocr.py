"""OCR with programs that stand in for the real ones: they take the same arguments and leave the same files."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.errors import Rejected
from tests.unit.workers.doc_ingest.parsers.small_pdf import Page, small_pdf
from workers.doc_ingest import ocr
from workers.doc_ingest.ingest import parse

READ = small_pdf([Page([(50.0, 700.0, 10.0, "Words that were a picture")])])
PICTURE = """
import sys, pathlib
LIST = sys.argv[1:] == ["--list-langs"]
if LIST:
    print("List of available languages (2):\\neng\\nkor\\nosd")
    sys.exit()
"""
OCRMYPDF = """
import pathlib, sys
*options, scanned, done = sys.argv[1:]
assert "--skip-text" in options and options[options.index("--language") + 1] == "kor+eng"
assert pathlib.Path(scanned).read_bytes().startswith(b"%PDF")
pathlib.Path(done).write_bytes(pathlib.Path(__file__).with_name("read.pdf").read_bytes())
"""
TESSERACT = (
    PICTURE
    + """
names, done, *options = sys.argv[1:]
pictures = pathlib.Path(names).read_text().split()
assert len(pictures) == 1 and pathlib.Path(pictures[0]).read_bytes().startswith(b"\\x89PNG"), pictures
assert options == ["-l", "kor+eng", "--dpi", "300", "pdf"], options
pathlib.Path(done + ".pdf").write_bytes(pathlib.Path(__file__).with_name("read.pdf").read_bytes())
"""
)
FAILING = PICTURE + "\nsys.exit('Tesseract couldn\\'t load any languages!')"
HANGING = PICTURE + "\nimport time; time.sleep(60)"

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a program on a path that holds no other."""
    (tmp_path / "read.pdf").write_bytes(READ)
    monkeypatch.setenv("PATH", str(tmp_path))

    def install(name: str, source: str) -> None:
        (tmp_path / name).write_text(f"#!{sys.executable}\n{source}")
        (tmp_path / name).chmod(stat.S_IRWXU)

    return install


@pytest.fixture
def scanned() -> bytes:
    """A page with a drawing on it and no word."""
    drawing = b"<< /Length 21 >>\nstream\n10 10 200 200 re f    \n"
    return small_pdf([Page()]).replace(b"<< /Length 0 >>\nstream\n\n", drawing)


def code_of(body: bytes) -> tuple[str, str]:
    with pytest.raises(Rejected) as rejected:
        parse("a.pdf", body)
    return rejected.value.code, rejected.value.message


def test_without_a_program_a_scan_needs_ocr(install: Install, scanned: bytes) -> None:
    assert code_of(scanned)[0] == "needs_ocr"


@pytest.mark.parametrize("program", ["ocrmypdf", "tesseract"])
def test_a_scan_is_read_by_what_is_installed(install: Install, scanned: bytes, program: str) -> None:
    install("tesseract", TESSERACT)
    if program == "ocrmypdf":
        install("ocrmypdf", OCRMYPDF)
    _, parsed = parse("a.pdf", scanned)
    assert parsed.text == "Words that were a picture"
    assert parsed.notes == [f"Its text was read from pictures by {program}."]


def test_a_pdf_with_text_goes_past_ocr(install: Install) -> None:
    install("tesseract", FAILING)
    assert parse("a.pdf", READ)[1].notes == []


def test_a_program_that_fails_says_why(install: Install, scanned: bytes) -> None:
    install("tesseract", FAILING)
    code, message = code_of(scanned)
    assert code == "needs_ocr" and "load any languages!" in message


def test_pictures_without_words_are_empty(install: Install, scanned: bytes, tmp_path: Path) -> None:
    install("tesseract", TESSERACT)
    (tmp_path / "read.pdf").write_bytes(scanned)
    code, message = code_of(scanned)
    assert code == "empty" and "tesseract finds no word" in message


def test_a_program_that_hangs_is_ended(install: Install, scanned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "LIMIT_S", 1)
    install("tesseract", HANGING)
    assert code_of(scanned)[0] == "too_slow"


def test_a_book_of_scans_is_left_to_its_owner(
    install: Install, scanned: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "MAX_PAGES", 0)
    install("tesseract", FAILING)
    assert "would take too long" in code_of(scanned)[1]
