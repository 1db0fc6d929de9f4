"""A small experiment, cut from the example: eight documents of all formats in two languages, forty questions."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TELCO = ROOT / "examples" / "telco"
DATA = ROOT.parent / "shared" / "data"

DOCUMENTS = (
    "apis/sms-gateway-api.md",
    "apis/oauth-and-rate-limits.html",
    "billing/enterprise-cost-centers.pdf",
    "billing/ko-refund-and-adjustment.docx",
    "devices/ko-esim-transfer.md",
    "network/5g-core-registration.md",
    "network/apn-configuration.md",
    "roaming/ko-roaming-passes.md",
)
METRICS = ["rouge1", "rouge3", "rougeL", "citation_accuracy"]
PAIRS = 5
"""Questions taken of each document."""
ARMS: list[dict[str, Any]] = [
    {"name": "baseline", "prompt": "baseline"},
    {"name": "prompt", "prompt": "optimized"},
    {"name": "ft-8+12syn", "prompt": "optimized", "train": {"original": 8, "synthetic": 12}},
]


def write_small(folder: Path, source: str = "run.yaml", **changes: Any) -> Path:
    """Writes the small experiment into a new folder; returns its run.yaml. ``changes`` replace top-level keys.

    No metric needs an embedding model, whose loading takes longer than everything else of a small run.
    """
    for name in (*DOCUMENTS, "sources.csv"):
        target = folder / "documents" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TELCO / "documents" / name, target)
    (folder / "documents" / "sources.csv").write_text(_sources(), encoding="utf-8")
    shutil.copytree(TELCO / "prompts", folder / "prompts")
    (folder / "ground_truth.jsonl").write_text(_pairs(), encoding="utf-8")
    experiment = yaml.safe_load((TELCO / source).read_text(encoding="utf-8"))
    experiment |= {"split": {"by": "group", "evaluation": 12}, "arms": ARMS, "metrics": METRICS, **changes}
    run_file = folder / "run.yaml"
    run_file.write_text(yaml.safe_dump(experiment, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return run_file


def read_report(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "report.json").read_bytes())
    return report


def without_provenance(folder: Path) -> str:
    """report.json's own text, less what may differ between equal runs."""
    report = read_report(folder)
    del report["provenance"]
    return json.dumps(report, sort_keys=True, indent=2, ensure_ascii=False)


def _rows() -> list[dict[str, str]]:
    table = (TELCO / "documents" / "sources.csv").read_text(encoding="utf-8")
    return [row for row in csv.DictReader(io.StringIO(table)) if row["path"] in DOCUMENTS]


def _sources() -> str:
    rows = _rows()
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()


def _pairs() -> str:
    """The first pairs of each document, of those that rest on it alone."""
    lines = (TELCO / "ground_truth.jsonl").read_text(encoding="utf-8").splitlines()
    taken: dict[str, list[str]] = {row["url"]: [] for row in _rows()}
    for line in lines:
        links = json.loads(line)["references"]
        if len(links) == 1 and len(taken.get(links[0], [""] * PAIRS)) < PAIRS:
            taken[links[0]].append(line)
    return "".join(f"{line}\n" for pairs in taken.values() for line in pairs)
