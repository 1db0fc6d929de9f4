"""``groundtune import squad``"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import click

from cli.squad import Article, read_squad, take_evenly
from cli.squad_run import PROMPTS, run_yaml
from shared.errors import BadInput


@click.group()
def command() -> None:
    """Turn published question-answer sets into documents and ground truth."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to.")
@click.option("--questions", type=click.IntRange(min=4), help="Keep so many, taken evenly over the articles.")
def squad(file: Path, out: Path, questions: int | None) -> None:
    """Turn SQuAD-format JSON (SQuAD, KorQuAD 1, XQuAD) into an experiment that `groundtune run` runs.

    FILE holds {"data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question", "answers"}]}]}]}. Each article
    becomes a document; questions without an answer are left out.
    """
    articles = read_squad(file.name, file.read_bytes())
    if questions is not None:
        articles = take_evenly(articles, questions)
    _write(out, articles, file.stem)
    pairs = sum(len(article.pairs) for article in articles)
    left_out = sum(article.unanswerable for article in articles)
    click.echo(f"{len(articles)} documents and {pairs} questions in {out}; {left_out} without an answer left out")
    click.echo(f"Next: groundtune run {out / 'run.yaml'}")


def _write(out: Path, articles: list[Article], name: str) -> None:
    """Writes the folder. Raises BadInput rather than mix two imports."""
    documents = out / "documents"
    if documents.is_dir() and any(documents.iterdir()):
        raise BadInput(f"{documents} is not empty, and its documents would mix with these; name another folder")
    for article in articles:
        _put(documents / article.path, article.markdown())
    _put(documents / "sources.csv", _sources(articles))
    _put(out / "ground_truth.jsonl", _ground_truth(articles))
    for prompt, text in PROMPTS.items():
        _put(out / "prompts" / f"{prompt}.md", text)
    _put(out / "run.yaml", run_yaml(name, articles))


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")


def _sources(articles: list[Article]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["path", "url", "title"])
    writer.writerows([article.path, article.url, article.title] for article in articles)
    return table.getvalue()


def _ground_truth(articles: list[Article]) -> str:
    pairs = (pair for article in articles for pair in article.pairs)
    return "".join(json.dumps(pair.model_dump(), ensure_ascii=False) + "\n" for pair in pairs)
