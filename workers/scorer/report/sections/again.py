"""How to get the same numbers again: commands, versions, seeds and hashes."""

from __future__ import annotations

from shlex import quote

from schemas.report import Report
from workers.scorer.report.sections.model import Labels, Section


def again(report: Report, t: Labels) -> Section:
    """Commands name this run where it is known."""
    words = t["again"]
    return Section(
        "again",
        words["heading"],
        intro=[words["text"]],
        facts=_facts(report, words),
        notes=[words["gate_on"]],
        commands=_commands(report),
    )


def _commands(report: Report) -> list[str]:
    out = quote(f"out/{report.name}")
    metric = report.metrics[0] if report.metrics else "rougeL"
    run = report.provenance.get("run")
    more = [f"groundtune runs score {quote(str(run))} --add chrf"] if run else []
    return [
        f"groundtune run run.yaml --out {out}",
        *more,
        "groundtune score --references references.jsonl --predictions answers.jsonl",
        f"groundtune gate {out} --min {metric}=-2%",
        f"groundtune report {out} --lang ko --out {quote(f'out/{report.name}-ko')}",
    ]


def _facts(report: Report, words: Labels) -> list[tuple[str, str]]:
    data = report.data
    told = [
        (words["run"], report.provenance.get("run")),
        (words["seed"], report.seed),
        (words["statistics"], report.statistics),
        (words["snapshot"], data.snapshot_sha256 if data else None),
        (words["evaluation"], data.evaluation_sha256 if data else None),
        (words["recipe"], data.recipe if data else None),
        *((words["prompt"].format(name=prompt.name), prompt.sha256) for prompt in report.prompts),
        *(report.provenance.get("versions") or {}).items(),
    ]
    return [(name, str(value)) for name, value in told if value not in (None, "")]
