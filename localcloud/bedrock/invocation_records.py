"""Records of batch inference: lines of JSON Lines files in, lines of ``….jsonl.out`` and the manifest out.

Formats: Amazon Bedrock user guide, "Format and upload your batch inference data" and "View the results of a batch
inference job".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.bedrock import arns

Body = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """One line: ``body`` is its ``modelInput``, None when the line has a ``problem`` instead."""

    id: str
    body: Body | None
    problem: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a record: the model's output or an error, never both."""

    record: Record
    output: Body | None = None
    error_code: int = 0
    error_message: str = ""


def parse_records(body: bytes) -> list[Record]:
    """One record per line that is not blank. A malformed line becomes a record with its problem."""
    lines = body.decode("utf-8", "replace").split("\n")
    return [_parse(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _parse(line: str, number: int) -> Record:
    given_id = f"CALL{number:07d}"
    try:
        row = json.loads(line)
    except ValueError:
        return Record(given_id, None, f"line {number} is not valid JSON")
    if not isinstance(row, dict):
        return Record(given_id, None, f"line {number} is not a JSON object")
    record_id, model_input = row.get("recordId", given_id), row.get("modelInput")
    if not isinstance(record_id, str) or not record_id:
        return Record(given_id, None, f"recordId in line {number} is not a text")
    if not isinstance(model_input, dict):
        return Record(record_id, None, f"modelInput in line {number} is not a JSON object")
    return Record(record_id, model_input)


def input_names(key: str, found: Iterable[str]) -> dict[str, str]:
    """The JSON Lines files at an input URI's key, itself a file or a folder: each key with its name below that."""
    folder = f"{key.rstrip('/')}/" if key else ""
    files = [each for each in found if each.endswith(".jsonl") and (each == key or each.startswith(folder))]
    return {each: each.rsplit("/", 1)[-1] if each == key else each.removeprefix(folder) for each in files}


def output_key(prefix: str, job_arn: str, name: str) -> str:
    """Where a job's file goes: ``<prefix>/<job id>/<name>.out``; the prefix may be empty or end with a slash."""
    return "/".join(part for part in (prefix.strip("/"), arns.last_part(job_arn), f"{name}.out") if part)


def output_lines(outcomes: Sequence[Outcome]) -> bytes:
    """The last record first: AWS promises no order, and who relies on one should find out here."""
    return "".join(f"{json.dumps(_line(each), ensure_ascii=False)}\n" for each in reversed(outcomes)).encode(
        "utf-8", "replace"
    )


def manifest(total: int, outcomes: Sequence[Outcome]) -> bytes:
    succeeded = [each.output for each in outcomes if each.output is not None]
    counts = {
        "totalRecordCount": total,
        "processedRecordCount": len(outcomes),
        "successRecordCount": len(succeeded),
        "errorRecordCount": len(outcomes) - len(succeeded),
        "inputTokenCount": sum(_tokens(each, "inputTokens", "inputTextTokenCount") for each in succeeded),
        "outputTokenCount": sum(_tokens(each, "outputTokens", "") for each in succeeded),
    }
    return json.dumps(counts).encode()


def _line(outcome: Outcome) -> Body:
    record = outcome.record
    line: Body = {"recordId": record.id} | ({"modelInput": record.body} if record.body is not None else {})
    if outcome.output is not None:
        return line | {"modelOutput": outcome.output}
    return line | {"error": {"errorCode": outcome.error_code, "errorMessage": outcome.error_message}}


def _tokens(output: Body, of_converse: str, of_titan: str) -> int:
    return int(output.get("usage", {}).get(of_converse, 0) or output.get(of_titan, 0))
