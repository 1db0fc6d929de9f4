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
_VALIDATION = "validation_artifacts/post_fine_tuning_validation/validation_metrics.csv"


def training_key(prefix: str, job_arn: str) -> str:
    """The key of the loss curve, under the job's output prefix (which may be empty or end with a slash)."""
    return _key(prefix, job_arn, _TRAINING)


def validation_key(prefix: str, job_arn: str) -> str:
    """The key of the losses on held-out rows."""
    return _key(prefix, job_arn, _VALIDATION)


def training_csv(steps: Sequence[Step]) -> bytes:
    """One line a gradient step, counted from 0 as Bedrock counts."""
    return _csv("training_loss", [(number, step.epoch, step.loss) for number, step in enumerate(steps)])


def validation_csv(steps: Sequence[Step], losses: Sequence[tuple[int, float]]) -> bytes:
    """One line an epoch, of (epoch, loss), with the number of the epoch's last step."""
    last = {step.epoch: number for number, step in enumerate(steps)}
    return _csv("validation_loss", [(last[epoch], epoch, loss) for epoch, loss in losses])


def _key(prefix: str, job_arn: str, file: str) -> str:
    folder = f"model-customization-job-{arns.last_part(job_arn)}"
    return "/".join(part for part in (prefix.strip("/"), folder, file) if part)


def _csv(loss_name: str, rows: Sequence[tuple[int, int, float]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step_number", "epoch_number", loss_name, "perplexity"])
    for number, epoch, loss in rows:
        writer.writerow([number, epoch, loss, math.exp(min(loss, 700.0))])
    return text.getvalue().encode()
