"""What is left of a run that has ended: report and datasets in a folder, the table on the terminal, a closing line."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from schemas.report import Report
from schemas.state import RunRecord
from shared.errors import BadInput
from shared.store import keys
from shared.store.ports import ObjectStore

TABLE_WIDTH = 110


async def copy_report(objects: ObjectStore, record: RunRecord, out: Path, language: str = "en") -> Report | None:
    """Copies the run's report into a folder, in another language where one is asked for; None when the run ended
    without one.
    """
    if record.report is None:
        return None
    found = [entry.key async for entry in objects.list(record.report)]
    files = {key.removeprefix(record.report): await objects.get(key) for key in found}
    _write(out, files)
    report = Report.model_validate_json(files["report.json"])
    if language != "en":
        write_report(out, report, language)
    return report


def write_report(out: Path, report: Report, language: str) -> None:
    """Every form of the report. Raises BadInput where the folder cannot be written to."""
    from workers.scorer.report import report_files

    try:
        _write(out, {file.name: file.text.encode() for file in report_files(report, language)})
    except OSError as error:
        raise BadInput(
            f"the report cannot be put into {out}: {error.strerror}; name another folder with --out"
        ) from error


async def copy_datasets(objects: ObjectStore, run: str, out: Path) -> None:
    """Copies each arm's dataset with its manifest and card into ``datasets/<arm>`` of a folder."""
    prefix = keys.run(run, "datasets/")
    async for entry in objects.list(prefix):
        target = out / "datasets" / entry.key.removeprefix(prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        await objects.get_file(entry.key, target)


def ending(record: RunRecord, out: Path | None) -> str:
    """How the run ended, and where its report lies."""
    reason = f": {record.reason}" if record.reason else ""
    where = f"; report: {out / 'index.html'}" if out else ""
    return f"run {record.run} {record.status.replace('_', ' ')}{reason}{where}"


def print_table(report: Report) -> None:
    """The report's table and what it says, on standard output."""
    from cli.report_table import render_table

    console = Console()
    if not console.is_terminal:
        console.width = TABLE_WIDTH  # a file or a pipe has no width of its own
    console.print(render_table(report, console.width))
    for sentence in [*report.notes, *report.summary]:
        console.print(f"- {sentence}", markup=False, highlight=False, soft_wrap=not console.is_terminal)


def _write(out: Path, files: dict[str, bytes]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (out / name).write_bytes(body)
