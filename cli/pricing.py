"""What a run.yaml will cost, from its counts: the price that is shown before anything is paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError
from rich import box
from rich.console import Console
from rich.table import Table

from cli.priced_work import work
from cli.runfile import RunFile
from shared.bedrock.estimate import Estimate, estimate
from shared.bedrock.models import Facts, Models, parse, shipped
from shared.settings import Settings
from shared.store import keys


def price(runfile: RunFile, facts: Callable[[str], Facts]) -> Estimate:
    """Teacher, training, hosting by the hour, evaluation and judge; nothing is cached yet."""
    size = sum(path.stat().st_size for path in runfile.documents)
    return estimate(work(runfile.experiment, runfile.truth, facts, size), facts)


def in_force(settings: Settings, account: str) -> Models:
    """The table in an account's bucket over the one that ships; that one alone where there is no bucket yet."""
    client: Any = boto3.client("s3", region_name=settings.region)
    bucket = settings.bucket or f"{settings.name}-{account}-{settings.region}"
    try:
        body = client.get_object(Bucket=bucket, Key=keys.MODELS)["Body"].read()
    except ClientError:
        return Models(shipped())
    return Models(parse(body.decode(), name=f"s3://{bucket}/{keys.MODELS}"), shipped())


def show(found: Estimate, budget_usd: float | None, console: Console) -> None:
    """The items, their sum, what is unknown, and how that sits with the budget."""
    console.print(_table(found))
    for sentence in sentences(found, budget_usd):
        console.print(sentence, soft_wrap=True, highlight=False)


def sentences(found: Estimate, budget_usd: float | None) -> list[str]:
    """What a person should know beside the items."""
    said = [f"Estimated price: ${found.usd:,.2f}{' and what is unknown' if found.unknown else ''}."]
    if found.unknown:
        said.append(f"Unknown prices: {'; '.join(found.unknown)}. `groundtune models set FILE` takes yours.")
    if budget_usd is None:
        return said
    if found.usd > budget_usd:
        said.append(f"That is more than budget_usd, ${budget_usd:,.2f}: calls beyond it are refused.")
    if found.unknown:
        said.append("With budget_usd set, calls at an unknown price are refused.")
    return said


def _table(found: Estimate) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading in ("Item", "Model", "Amount"):
        table.add_column(heading, overflow="fold")
    table.add_column("US dollars", justify="right")
    for line in found.lines:
        table.add_row(line.what, line.model, line.amount, _usd(line.usd))
    return table


def _usd(usd: float | None) -> str:
    if usd is None:
        return "unknown"
    return f"{usd:,.4f}" if usd else "free"
