"""``groundtune gate``: whether a report keeps the rules of a build."""

from __future__ import annotations

from pathlib import Path

import click

from cli.junit import junit
from cli.reports import load_report
from cli.runs import aws_option
from shared.errors import BadInput
from workers.scorer.gates import Rule, Side, judge, overall, parse_rule

EXIT_CODES = {"pass": 0, "fail": 1, "inconclusive": 4}


@click.command()
@click.argument("run", metavar="RUN")
@click.option("--min", "least", multiple=True, metavar="RULE", help="No less than, as in rougeL=-2% or rougeL=0.35.")
@click.option("--max", "most", multiple=True, metavar="RULE", help="No more than, as in hallucinated=2%.")
@click.option("--arm", metavar="NAME", help="Arm to check. [default: the winner, or the only one beside the baseline]")
@click.option("--against", metavar="NAME", help="Arm that changes are measured from. [default: the baseline]")
@click.option("--junit", "junit_file", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML as well.")
@aws_option
def command(
    run: str, least: tuple[str, ...], most: tuple[str, ...], arm: str | None, against: str | None,
    junit_file: Path | None, aws: bool,
) -> None:  # fmt: skip
    """Check a report against rules; RUN is a report.json, the folder of a report, or a run.

    METRIC=0.35 is about the value, METRIC=-2% about the relative change, METRIC=+0.01 about the difference. The whole
    95 % interval must keep a rule to pass it, and all of it break the rule to fail.

    Exit codes: 0 pass, 1 fail, 4 inconclusive (too few questions to tell), 2 bad input.
    """
    rules = [*_rules(least, "min"), *_rules(most, "max")]
    if not rules:
        raise BadInput("a gate needs a rule: --min rougeL=-2% fails when ROUGE-L falls by more than 2 %")
    report = load_report(run, aws=aws)
    verdicts = judge(report, rules, arm, against)
    for verdict in verdicts:
        click.echo(f"{verdict.outcome:<12}  {verdict.name}: {verdict.message}")
    if junit_file is not None:
        _write(junit_file, junit(f"groundtune gate {report.name}", verdicts))
    raise SystemExit(EXIT_CODES[overall(verdicts)])


def _rules(texts: tuple[str, ...], side: Side) -> list[tuple[str, Rule]]:
    return [(f"--{side} {text}", parse_rule(text, side)) for text in texts]


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}; name another file with --junit") from error
