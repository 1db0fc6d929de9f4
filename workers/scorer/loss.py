"""The training loss that a customization job leaves behind. Pure.

Source: Amazon Bedrock user guide, "Analyze the results of a model customization job":
``step_wise_training_metrics.csv`` with the columns step_number, epoch_number, training_loss, perplexity.
"""

from __future__ import annotations

import csv
import io
import math

FILE = "step_wise_training_metrics.csv"
DIGITS = 6


def read_losses(body: bytes) -> list[float]:
    """Loss by step, in file order; rows without a finite number are left out."""
    rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig", errors="replace")))
    found = [_number(row.get("training_loss")) for row in rows]
    return [round(loss, DIGITS) for loss in found if math.isfinite(loss)]


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
