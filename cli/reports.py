"""A report by its file, its folder or its run."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from cli.runs import on_cloud
from schemas.report import Report
from shared.errors import BadInput
from shared.runtime.connection import Connection

FILE = "report.json"


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
        return _parsed(on_cloud(aws, lambda connection: _of_run(connection, what)), what)
    try:
        return _parsed(path.read_bytes(), str(path))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error


async def _of_run(connection: Connection, run: str) -> bytes:
    services = connection.services
    record = await services.runs.get(run)
    if record is None:
        raise BadInput(f"there is no run {run!r}, nor a file or folder; `groundtune runs list` shows the runs")
    if record.report is None:
        raise BadInput(f"run {run!r} is {record.status.replace('_', ' ')} and has no report; `groundtune runs watch`")
    return await services.artifacts.read_bytes(f"{record.report}{FILE}")


def _parsed(body: bytes, name: str) -> Report:
    try:
        return Report.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(f"{name} is no report.json of groundtune: {where}: {first['msg']}") from error
