"""One reader over many files, in a process of its own: the peers' interpreter runs this file, too, so it imports none
of ours but in our own contestants.

    python contestant.py NAME ROUNDS < paths    one JSON line a file, then one of the whole

A file's line has its text; the whole's has CPU seconds per round (files read before the clock starts) and peak memory.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

Reader = Callable[[str, bytes], str]


def groundtune_pdf() -> Reader:
    from workers.doc_ingest.parsers.pdf import parse_pdf

    return lambda name, body: parse_pdf(body).text


def groundtune() -> Reader:
    from schemas.recipe import Chunking
    from workers.doc_ingest.ingest import ingest

    return lambda name, body: "\n\n".join(chunk.text for chunk in ingest(name, body, Chunking()).chunks)


def groundtune_parse() -> Reader:
    from workers.doc_ingest.ingest import parse

    return lambda name, body: parse(name, body)[1].text


def pypdf() -> Reader:
    """Text, pages and links, as ours."""
    from pypdf import PdfReader

    def read(name: str, body: bytes) -> str:
        parts = []
        for page in PdfReader(io.BytesIO(body)).pages:
            parts.append(page.extract_text())
            for annotation in page.get("/Annots") or ():
                action = annotation.get_object().get("/A")
                if action is not None and "/URI" in action.get_object():
                    parts.append(str(action.get_object()["/URI"]))
        return "\n".join(parts)

    return read


def bare_pypdfium2() -> Reader:
    """Text alone: no place, no link."""
    import pypdfium2

    def read(name: str, body: bytes) -> str:
        document = pypdfium2.PdfDocument(body)
        parts = []
        for page in document:
            textpage = page.get_textpage()
            parts.append(textpage.get_text_range())
            textpage.close()
            page.close()
        document.close()
        return "\n".join(parts)

    return read


def pdfminer() -> Reader:
    from pdfminer.high_level import extract_text

    return lambda name, body: extract_text(io.BytesIO(body))


def markitdown() -> Reader:
    from markitdown import MarkItDown, StreamInfo

    reader = MarkItDown(enable_plugins=False)

    def read(name: str, body: bytes) -> str:
        info = StreamInfo(extension=os.path.splitext(name)[1], filename=name)
        return reader.convert_stream(io.BytesIO(body), stream_info=info).text_content

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "groundtune-pdf": groundtune_pdf, "groundtune": groundtune, "groundtune-parse": groundtune_parse, "pypdf": pypdf,
    "bare-pypdfium2": bare_pypdfium2, "pdfminer.six": pdfminer, "markitdown": markitdown,
}  # fmt: skip


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    reader, rounds = READERS[sys.argv[1]](), int(sys.argv[2])
    paths = [Path(line.rstrip("\n")) for line in sys.stdin]
    bodies = [(path, path.read_bytes()) for path in paths]
    seconds, peaks = [], {}
    for number in range(rounds):
        begun = time.process_time()
        found = []
        for path, body in bodies:
            found.append(_read(reader, path, body))
            peaks.setdefault(str(path), _peak_kib())
        seconds.append(time.process_time() - begun)
        if number == 0:
            for (path, _), (text, error) in zip(bodies, found, strict=True):
                print(json.dumps({"path": str(path), "text": text, "error": error, "peak_kib": peaks[str(path)]}))
    print(json.dumps({"cpu_s": seconds, "bytes": sum(len(body) for _, body in bodies)}))


def _peak_kib() -> int:
    """getrusage would keep what the parent held over fork and exec."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])


def _read(reader: Reader, path: Path, body: bytes) -> tuple[str, str]:
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            return reader(path.name, body), ""
        except Exception as error:
            return "", f"{type(error).__name__}: {error}"[:200]


if __name__ == "__main__":
    main()
