from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from cli.cloud import real_cloud
from cli.main import groundtune
from cli.pricing import sentences, show
from shared.bedrock.estimate import Estimate, Line
from shared.settings import Settings

EXAMPLE = Path("examples/telco")


KNOWN, UNKNOWN = Line("a", "m", "1 call", 2.5), Line("b", "x", "1 call", None, ("usd_input",))


@pytest.mark.parametrize(
    ("lines", "budget", "said"),
    [
        ((KNOWN,), None, ["$2.50."]),
        ((KNOWN,), 3.0, ["$2.50."]),
        ((KNOWN,), 2.0, ["$2.50.", "more than budget_usd, $2.00"]),
        ((KNOWN, UNKNOWN), None, ["$2.50 and what is unknown.", "x: usd_input"]),
        ((UNKNOWN,), 3.0, ["$0.00 and what is unknown.", "x: usd_input", "at an unknown price are refused"]),
    ],
)
def test_what_is_unknown_and_what_the_budget_means_is_said(
    lines: tuple[Line, ...], budget: float | None, said: list[str]
) -> None:
    found = sentences(Estimate(lines), budget)
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_an_unknown_price_is_never_shown_as_nothing() -> None:
    page = StringIO()
    show(Estimate((KNOWN, UNKNOWN, Line("c", "local.m", "1 call", 0.0))), None, Console(width=100, file=page))
    rows = [line.split() for line in page.getvalue().splitlines() if "1 call" in line]
    assert [row[-1] for row in rows] == ["2.5000", "unknown", "free"]


def test_check_prints_the_price_and_reads_the_budget(tmp_path: Path) -> None:
    folder = tmp_path / "telco"
    shutil.copytree(EXAMPLE, folder)
    file = folder / "run.aws.yaml"
    file.write_text(file.read_text().replace("# budget_usd: 25", "budget_usd: 0.01"))
    result = CliRunner().invoke(groundtune, ["check", str(file)], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    assert "Estimated price: $" in result.output and "more than budget_usd, $0.01" in result.output
    free = CliRunner().invoke(groundtune, ["check", str(EXAMPLE / "run.yaml")], env={"COLUMNS": "120"})
    assert "Estimated price: $0.00." in free.output and "free" in free.output


@pytest.mark.parametrize("budget", ["0", "-1", ".nan", ".inf"])
def test_a_budget_is_an_amount_of_money(tmp_path: Path, budget: str) -> None:
    folder = tmp_path / "telco"
    shutil.copytree(EXAMPLE, folder)
    file = folder / "run.yaml"
    file.write_text(file.read_text() + f"\nbudget_usd: {budget}\n")
    result = CliRunner().invoke(groundtune, ["check", str(file)])
    assert result.exit_code == 2 and "budget_usd is" in result.output


async def test_the_price_is_shown_before_anybody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Sts:
        def get_caller_identity(self) -> dict[str, str]:
            return {"Account": "123456789012"}

    def refused(*_: object, **__: object) -> None:
        events.append("asked")
        raise KeyboardInterrupt

    async def notice(settings: Settings, account: str) -> None:
        events.append(f"price for {account}")

    monkeypatch.setattr("cli.cloud.boto3.client", lambda *_, **__: Sts())
    monkeypatch.setattr("cli.cloud.click.confirm", refused)
    with pytest.raises(KeyboardInterrupt):
        await real_cloud({}, notice)
    assert events == ["price for 123456789012", "asked"]
