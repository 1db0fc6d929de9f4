"""A report by its file, its folder or its run."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from cli.runs import on_cloud
from schemas.people import PeopleReport
from schemas.report import Report
from shared.errors import BadInput
from shared.runtime.connection import Connection
from workers.scorer.results import load_people

FILE = "report.json"
M = TypeVar("M", bound=BaseModel)


def load_report(what: str, *, aws: bool) -> Report:
    """``what``: a report.json, a folder that holds one, or a run of the cloud that is reached.

    Raises BadInput when it is none of these, or cannot be read.
    """
    path = Path(what)
    if path.is_dir():
        path = path / FILE
    if not path.exists():
        if path.name.endswith(".json") or path.parent != Path():
            raise BadInput(f"there is no file {path}; name a report.json, the folder of a report, or a run")
        return on_cloud(aws, lambda connection: _of_run(connection, what))
    try:
        return _parsed(path.read_bytes(), str(path), Report, FILE)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error


def load_rankings(path: Path) -> PeopleReport:
    """What ``groundtune rank import`` wrote. Raises BadInput when it is something else."""
    return _parsed(path.read_bytes(), str(path), PeopleReport, "rankings.json")


async def _of_run(connection: Connection, run: str) -> Report:
    """With the rankings that are kept in the run by now."""
    services = connection.services
    record = await services.runs.get(run)
    if record is None:
        raise BadInput(f"there is no run {run!r}, nor a file or folder; `groundtune runs list` shows the runs")
    if record.report is None:
        raise BadInput(f"run {run!r} is {record.status.replace('_', ' ')} and has no report; `groundtune runs watch`")
    report = _parsed(await services.artifacts.read_bytes(f"{record.report}{FILE}"), run, Report, FILE)
    people = await load_people(services.artifacts, run)
    return report.model_copy(update={"people": people}) if people else report


def _parsed(body: bytes, name: str, model: type[M], file: str) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(f"{name} is no {file} of groundtune: {where}: {first['msg']}") from error
