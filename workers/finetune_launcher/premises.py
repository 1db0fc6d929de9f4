"""What role, bucket and training file mean for a job that is to be started. Pure."""

from __future__ import annotations

from shared.bedrock.premises import Place, Trust, Unknown
from shared.bedrock.trust import distrust
from shared.bedrock.verdict import FINE, Verdict

PROVISION = "run `groundtune provision`, which makes it right"


def role_verdict(said: Trust | Unknown, role: str, region: str, model: str) -> Verdict:
    """Whether Bedrock may take the role, an ARN, for a job of ``model`` in ``region``."""
    if isinstance(said, Unknown):
        return Verdict(warning=f"role {role} could not be looked at ({said.why}); allow iam:GetRole to have it checked")
    if said.policy is None:
        return Verdict(refusal=f"role {role}, which Bedrock takes for jobs, does not exist; {PROVISION}")
    partition, account = role.split(":")[1], role.split(":")[4]
    job = f"arn:{partition}:bedrock:{region}:{account}:model-customization-job/{model}/abcdefghijkl"
    reason = distrust(said.policy, account=account, jobs=job)
    return FINE if reason is None else Verdict(refusal=f"Bedrock may not take the role {role}: {reason}; {PROVISION}")


def bucket_verdict(said: Place | Unknown, bucket: str, region: str) -> Verdict:
    """Whether a job in ``region`` can write what it makes into the bucket."""
    if isinstance(said, Unknown):
        return Verdict(warning=f"bucket {bucket} could not be looked at ({said.why}); allow s3:ListBucket")
    if not said.there:
        return Verdict(refusal=f"bucket {bucket}, where the job's output belongs, does not exist; {PROVISION}")
    if said.region not in (None, "", region):
        where = (
            f"bucket {bucket} lies in {said.region}, and a job in {region} reads and writes buckets of {region} only"
        )
        return Verdict(refusal=f"{where}; set AWS_REGION to {said.region}, or GROUNDTUNE_BUCKET to one in {region}")
    return FINE


def file_verdict(said: Place | Unknown, uri: str) -> Verdict:
    """Whether the training file can be read."""
    if isinstance(said, Unknown):
        return Verdict(warning=f"training file {uri} could not be looked at ({said.why}); allow s3:GetObject")
    if not said.there:
        return Verdict(refusal=f"training file {uri} is gone; submit the run again")
    return FINE
