"""Where chunks of Korean documents end within a line: our rules chose the place, a model judges it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.recipe import Chunking
from shared.errors import Rejected
from shared.text.language import detect_language
from workers.doc_ingest.chunker import chunk
from workers.doc_ingest.ingest import parse

JUDGE = Path(__file__).parent / "korean_judge.py"
BUDGETS = (48, 96, 320)
SHOWN = 25
"""Characters on either side of an edge that is told."""


@dataclass(frozen=True)
class Judged:
    """``inside``: edges that the judge sees within a sentence, with ``|`` at the edge."""

    edges: int
    documents: int
    inside: list[str]


def judged(files: Sequence[Path], interpreter: Path) -> Judged:
    """The edges within lines of all Korean documents among the files, under three budgets."""
    by_file = [found for file in files if (found := list(_edges(file)))]
    edges = [edge for found in by_file for edge in found]
    done = subprocess.run(
        [str(interpreter), str(JUDGE)], input=json.dumps(edges), capture_output=True, text=True, check=True, timeout=600
    )
    inside = [edges[place] for place in json.loads(done.stdout)]
    told = [f"{line[max(0, at - SHOWN) : at]}|{line[at : at + SHOWN]}" for line, at in inside]
    return Judged(len(edges), len(by_file), told)


def _edges(file: Path) -> Iterator[tuple[str, int]]:
    try:
        _, parsed = parse(file.name, file.read_bytes())
    except Rejected:
        return
    text = parsed.text
    if detect_language(text) != "ko":
        return
    ends = {one.end for budget in BUDGETS for one in chunk(parsed, "", Chunking(max_tokens=budget))}
    for end in sorted(ends):
        begin, stop = text.rfind("\n", 0, end) + 1, text.find("\n", end)
        line = text[begin : stop if stop >= 0 else len(text)]
        if line[end - begin :].strip():
            yield line, end - begin
