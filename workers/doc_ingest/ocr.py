"""Scanned PDFs through OCR, where a program for it is installed: ocrmypdf, else tesseract alone."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pypdfium2

from shared.errors import Rejected
from workers.doc_ingest.child import extend_limit
from workers.doc_ingest.png import page_png
from workers.doc_ingest.rejections import reject

LIMIT_S = 600
"""Seconds that OCR of one document may take, in place of the usual limit."""
MAX_PAGES = 200
DPI = 300
"""What tesseract's authors advise."""
LANGUAGES = ("kor", "eng")
"""Of these, what the installed tesseract knows. More are the surer to be wrong."""

Recognise = Callable[[Path, Path, list[str]], None]
"""Reads a PDF, writes one with a text layer. Raises CalledProcessError or TimeoutExpired."""


def with_text(body: bytes) -> tuple[bytes, str] | None:
    """The scanned PDF with a text layer, and the program that made it; None when none is installed.

    Raises Rejected: ``needs_ocr`` when it has too many pages or the program fails, ``too_slow``.
    """
    program = next((name for name in _PROGRAMS if shutil.which(name)), None)
    if program is None or not shutil.which("tesseract"):
        return None
    extend_limit(LIMIT_S + 30)
    with tempfile.TemporaryDirectory() as folder:
        scanned, done = Path(folder) / "scanned.pdf", Path(folder) / "done.pdf"
        scanned.write_bytes(body)
        _check_pages(scanned)
        try:
            _PROGRAMS[program](scanned, done, _languages())
            return done.read_bytes(), program
        except subprocess.TimeoutExpired:
            raise reject("too_slow", f"{program} did not end within {LIMIT_S} s") from None
        except (subprocess.CalledProcessError, OSError) as error:
            raise _failed(program, error) from None


def _ocrmypdf(scanned: Path, done: Path, languages: list[str]) -> None:
    _run(["ocrmypdf", "--quiet", "--skip-text", "--jobs", "1", "--output-type", "pdf", "--language",
          "+".join(languages), str(scanned), str(done)])  # fmt: skip


def _tesseract(scanned: Path, done: Path, languages: list[str]) -> None:
    """tesseract reads pictures: the pages are drawn, and named to it in a list."""
    pictures = scanned.with_suffix(".txt")
    with closing(pypdfium2.PdfDocument(scanned)) as document:
        names = [scanned.with_name(f"{number}.png") for number in range(len(document))]
        for number, name in enumerate(names):
            name.write_bytes(page_png(document, number, DPI / 72, grey=True))
    pictures.write_text("".join(f"{name}\n" for name in names))
    _run(["tesseract", str(pictures), str(done.with_suffix("")), "-l", "+".join(languages), "--dpi", str(DPI), "pdf"])


_PROGRAMS: dict[str, Recognise] = {"ocrmypdf": _ocrmypdf, "tesseract": _tesseract}


def _check_pages(scanned: Path) -> None:
    with closing(pypdfium2.PdfDocument(scanned)) as document:
        if len(document) > MAX_PAGES:
            raise reject("needs_ocr", f"OCR of its {len(document):,} pages would take too long here")


def _languages() -> list[str]:
    known = _run(["tesseract", "--list-langs"]).split()
    return [name for name in LANGUAGES if name in known] or ["eng"]


def _run(command: list[str]) -> str:
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=True, timeout=LIMIT_S, stdin=subprocess.DEVNULL
    )
    return done.stdout


def _failed(program: str, error: subprocess.CalledProcessError | OSError) -> Rejected:
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
    return reject("needs_ocr", f"{program} failed on it ({' '.join((said or '').split())[-200:]})")
