"""The run.yaml and prompts that make an imported question-answer set an experiment at once."""

from __future__ import annotations

import re

from cli.squad import Article

EVALUATION = 60
TRAINING = 40
EVALUATION_SHARE = 0.4
"""Of a small set, at most this share is for evaluation."""
FEWEST_GROUPS = 10
"""With fewer documents, holding whole documents apart would leave too few on one side."""

PROMPTS = {
    "baseline": "Answer the question with the help of the documents and give links to the documents.\n",
    "optimized": (
        "Answer from the given documents alone.\n"
        "- Answer with the words of the document that are asked for: a name, a number or a short phrase, without a "
        "sentence around it.\n"
        "- Answer in the language of the question.\n"
        "- End with a line of its own that links the document your answer rests on: `Sources: <url>` (in Korean: "
        "`출처: <url>`).\n"
    ),
}
"""Prompt texts by name: answers in these sets are spans of a text, so the better prompt asks for just that."""

_TEMPLATE = """\
# Made by `groundtune import squad`. Change what you like; `groundtune check` tells whether it still fits.
name: {name}

corpus:
  name: {name}
  documents: documents

ground_truth: ground_truth.jsonl
language: auto

models:
  student: local.reader-v1
  teacher: local.teacher-v1
  judge: local.judge-v1

prompts:
  baseline: prompts/baseline.md
  optimized: prompts/optimized.md

split:
  by: {by}                        # group: the evaluation documents are held apart; question: only the questions are
  evaluation: {evaluation}

arms:
  - {{name: baseline, prompt: baseline}}
  - {{name: prompt, prompt: optimized}}
  - {{name: ft-{training}, prompt: optimized, train: {{original: {training}}}}}

seed: 7
"""


def run_yaml(name: str, articles: list[Article]) -> str:
    """An experiment over the articles: 60 questions for evaluation and 40 to train on, fewer of a small set."""
    pairs = sum(len(article.pairs) for article in articles)
    evaluation = max(1, min(EVALUATION, int(pairs * EVALUATION_SHARE)))
    asked = sum(1 for article in articles if article.pairs)
    return _TEMPLATE.format(
        name=_label(name), by="group" if asked >= FEWEST_GROUPS else "question", evaluation=evaluation,
        training=max(1, min(TRAINING, (pairs - evaluation) // 2)),
    )  # fmt: skip


def _label(name: str) -> str:
    """A name that run.yaml accepts: ``[a-z0-9-]``, at most 40 characters."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-") or "squad"
