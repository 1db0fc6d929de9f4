"""The files that a customization job leaves in S3, in Bedrock's layout and columns."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from localcloud.bedrock import arns
from localcloud.engines.contract import Step

# https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-analyze.html
_TRAINING = "training_artifacts/step_wise_training_metrics.csv"


def training_key(prefix: str, job_arn: str) -> str:
    """The key of the loss curve, under the job's output prefix (which may be empty or end with a slash)."""
    folder = f"model-customization-job-{arns.last_part(job_arn)}"
    return "/".join(part for part in (prefix.strip("/"), folder, _TRAINING) if part)


def training_csv(steps: Sequence[Step]) -> bytes:
    """One line a gradient step, counted from 0 as Bedrock counts."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step_number", "epoch_number", "training_loss", "perplexity"])
    for number, step in enumerate(steps):
        writer.writerow([number, step.epoch, step.loss, math.exp(min(step.loss, 700.0))])
    return text.getvalue().encode()
