"""``groundtune score``: answers in a file against references in another, by the code that scores a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from schemas.experiment import CASE_METRICS, DEFAULT_METRICS, METRICS, known_metrics
from shared.errors import BadInput
from workers.scorer.files.pairs import Pairs
from workers.scorer.files.problems import Problems
from workers.scorer.files.scoring import Scored, score_pairs
from workers.scorer.measures.registry import Instruments, Setting
from workers.scorer.rouge.tokenizers import REPORT_TOKENIZER, TOKENIZERS
from workers.scorer.text_form import TextForm

STDIN = "-"
_SIMILARITY = "embedding_similarity"
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.command()
@click.option("--references", required=True, type=_FILE, metavar="F", help="JSON Lines: id, answer, references, …")
@click.option("--predictions", required=True, type=_FILE, metavar="F", help="JSON Lines: id, answer.")
@click.option("--tokenizer", type=click.Choice(list(TOKENIZERS)), default=REPORT_TOKENIZER, show_default=True)
@click.option("--stem", is_flag=True, help="Porter's stemmer on English words, as rouge-score's use_stemmer.")
@click.option("--nfc/--no-nfc", default=False, show_default=True, help="Compose letters first, as a report does.")
@click.option("--strip-links/--no-strip-links", default=False, show_default=True, help="As a report does.")
@click.option("--embedding/--no-embedding", default=True, show_default=True, help="Embedding similarity.")
@click.option("--embedding-model", metavar="M", help="Hugging Face id or folder; by default the bundled MiniLM.")
@click.option("--metrics", metavar="M,…", help=f"Some of {', '.join(METRICS)}; by default those of run.yaml.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="F.json", help="Instead of stdout.")
def command(
    references: str, predictions: str, tokenizer: str, stem: bool, nfc: bool, strip_links: bool, embedding: bool,
    embedding_model: str | None, metrics: str | None, out: Path | None,
) -> None:  # fmt: skip
    """Score predictions against references, without a cloud.

    A row of references has an id, an answer, and perhaps `references` and `retrieved`, both lists of links; a row of
    predictions an id and an answer. Pairs are matched by id; `-` reads standard input. What cannot be used is counted
    and told on standard error.

    Writes {"signature", "items", "aggregate", "valid", "notes", "problems"}. Texts are compared as they stand unless
    --nfc and --strip-links are given; both enter the signature.

    Exit codes: 0 scored, 2 bad input or nothing to score.
    """
    setting = Setting(tokenizer, stem, TextForm(nfc, strip_links), embedding_model)
    measures = Instruments().measures(_asked(metrics, embedding), setting)
    pairs = _read(references, predictions)
    try:
        with _written(out) as file:
            scored = score_pairs(pairs, measures, file)
    finally:
        pairs.close()
    _tell(scored, pairs.problems, out)


def _asked(metrics: str | None, embedding: bool) -> list[str]:
    named = [name.strip() for name in metrics.split(",") if name.strip()] if metrics else list(DEFAULT_METRICS)
    try:
        return [name for name in known_metrics(named) if embedding or name != _SIMILARITY]
    except ValueError as error:
        raise BadInput(str(error)) from error


def _read(references: str, predictions: str) -> Pairs:
    if references == predictions == STDIN:
        raise BadInput("--references and --predictions are both -; only one of them can be standard input")
    pairs = Pairs(Problems())
    for name, read in ((references, pairs.read_references), (predictions, pairs.read_predictions)):
        with click.open_file(name, "rb") as lines:
            read("standard input" if name == STDIN else name, lines)
    if not pairs.matched():
        told = "".join(f"\n{line}" for line in pairs.problems.lines())
        raise BadInput(f"nothing can be scored: no id of {predictions} has a reference in {references}{told}")
    return pairs


@contextmanager
def _written(out: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that is there when it is whole."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with open(part, "w", encoding="utf-8") as file:
            yield file
        part.replace(out)
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}; name another file with --out") from error
    finally:
        part.unlink(missing_ok=True)


def _tell(scored: Scored, problems: Problems, out: Path | None) -> None:
    for line in [*problems.lines(), *scored.notes]:
        click.echo(line, err=True)
    totals = scored.totals
    click.echo(f"{totals.answered} of {totals.references} references answered", err=True)
    if out is not None:
        click.echo("\n".join(_lines(scored)))


def _lines(scored: Scored) -> Sequence[str]:
    means = scored.totals.means()
    first = [metric for metric in CASE_METRICS if metric in means]
    ordered = [*first, *(metric for metric in means if metric not in first)]
    width = max(map(len, ordered), default=0)
    head = f"{'':{width}}  answered  missing as 0"
    numbers = ((metric, *map(_number, means[metric])) for metric in ordered)
    return [head, *(f"{metric:{width}}  {answered:>8}  {as_zero:>12}" for metric, answered, as_zero in numbers)]


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.4f}"
