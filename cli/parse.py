"""``groundtune parse``: documents into chunks, by the code of doc-ingest, without queue or cloud."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

import click

from cli.parse_page import PagePart, head, page_part, refused_part, tail
from schemas.parsed_file import ParsedFile
from schemas.recipe import Chunking
from shared.concurrency import in_order
from shared.errors import BadInput, Rejected
from workers.doc_ingest.child import ChildFailed
from workers.doc_ingest.files import parse_file, refused, walk
from workers.doc_ingest.isolation import LIMIT_S, Isolated
from workers.doc_ingest.rejections import reject

T = TypeVar("T")

AHEAD = 4
"""Files under way or waiting to be written, per job."""


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write here, not to stdout."
)
@click.option("--jobs", metavar="N", type=click.IntRange(1, 64), help="Files parsed at a time. [default: all cores]")
@click.option("--html", is_flag=True, help="Write a page that shows each document beside its blocks and chunks.")
@click.option("--max-tokens", metavar="N", type=click.IntRange(32, 4096), help="Upper bound of a chunk. [default: 320]")
@click.option("--overlap-sentences", metavar="N", type=click.IntRange(0, 5), help="Repeated from the chunk before.")
def command(
    paths: tuple[Path, ...], out: Path | None, jobs: int | None, html: bool, max_tokens: int | None,
    overlap_sentences: int | None,
) -> None:  # fmt: skip
    """Turn files and folders into JSON Lines, one line a file, in the order given.

    A file that cannot be parsed gives a line with the reason; the command succeeds all the same. Hidden files are
    passed over. docs/documents.md tells formats, limits and every reason.
    """
    given = {"max_tokens": max_tokens, "overlap_sentences": overlap_sentences}
    chunking = Chunking.model_validate({name: value for name, value in given.items() if value is not None})
    files, at_once = walk(list(paths)), jobs or os.cpu_count() or 1
    with _opened(out) as target:
        counts = asyncio.run((_page if html else _lines)(files, chunking, at_once, target))
    click.echo(_summary(counts), err=True)


def _opened(out: Path | None) -> AbstractContextManager[IO[str]]:
    try:
        return click.open_file(str(out or "-"), "w", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out} cannot be written ({error.strerror}); name a file in a folder that exists") from None


async def _lines(files: list[Path], chunking: Chunking, jobs: int, target: IO[str]) -> Counter[str]:
    counts: Counter[str] = Counter()

    def write(line: ParsedFile) -> None:
        target.write(line.model_dump_json() + "\n")
        counts[line.reason.code if line.reason else line.status] += 1

    await _each(parse_file, refused, write, files, chunking, jobs)
    return counts


async def _page(files: list[Path], chunking: Chunking, jobs: int, target: IO[str]) -> Counter[str]:
    counts: Counter[str] = Counter()

    def write(part: PagePart) -> None:
        target.write(part.html)
        counts[part.outcome] += 1

    target.write(head())
    await _each(page_part, refused_part, write, files, chunking, jobs)
    target.write(tail())
    return counts


async def _each(
    work: Callable[[Path, Chunking], T], otherwise: Callable[[Path, Rejected], T], write: Callable[[T], None],
    files: list[Path], chunking: Chunking, jobs: int,
) -> None:  # fmt: skip
    """Writes what ``work`` makes of each file in a child process, or ``otherwise`` when the child died of it."""
    isolated = Isolated(work, processes=min(jobs, len(files) or 1), limit_s=LIMIT_S)

    async def one(path: Path) -> T:
        try:
            return await isolated(path, chunking)
        except Rejected as error:
            return otherwise(path, error)
        except ChildFailed as error:  # a bug of ours costs its own file, too
            return otherwise(path, reject("crashed", f"the parser failed on {path.name} ({error})"))

    try:
        async for result in in_order([partial(one, path) for path in files], ahead=jobs * AHEAD):
            write(result)
    finally:
        isolated.close()


def _summary(counts: Counter[str]) -> str:
    """``12 ingested, 3 rejected (encrypted 2, needs_ocr 1)``"""
    ingested = counts.pop("ingested", 0)
    codes = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
    return f"{ingested} ingested, {counts.total()} rejected" + (f" ({codes})" if codes else "")
