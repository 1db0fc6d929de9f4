"""The losses that a customization job leaves behind. Pure.

Source: Amazon Bedrock user guide, "Analyze the results of a model customization job":
``step_wise_training_metrics.csv`` with the columns step_number (from 0), epoch_number, training_loss, perplexity, and
``validation_metrics.csv``, with validation_loss in place of training_loss.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable

from schemas.report import LossPoint

FILE, VALIDATION_FILE = "step_wise_training_metrics.csv", "validation_metrics.csv"
DIGITS = 6


def read_losses(body: bytes) -> list[float]:
    """Loss by step, in file order; rows without a finite number are left out."""
    found = [_number(row.get("training_loss")) for row in _rows(body)]
    return [round(loss, DIGITS) for loss in found if math.isfinite(loss)]


def read_validation(body: bytes) -> list[LossPoint]:
    """Validation loss and the step after which it was taken; rows without finite numbers are left out."""
    found = [(_number(row.get("step_number")), _number(row.get("validation_loss"))) for row in _rows(body)]
    return [
        LossPoint(step=int(step) + 1, loss=round(loss, DIGITS))
        for step, loss in found
        if math.isfinite(step) and math.isfinite(loss)
    ]


def _rows(body: bytes) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO(body.decode("utf-8-sig", errors="replace")))


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
