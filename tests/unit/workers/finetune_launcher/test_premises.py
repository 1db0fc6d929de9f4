from __future__ import annotations

import pytest

from shared.bedrock.premises import Place, Trust, Unknown
from shared.testing.premises import ROLE, TRUSTED
from workers.finetune_launcher.premises import bucket_verdict, file_verdict, role_verdict

REGION = "us-east-1"
MODEL = "amazon.nova-lite-v1:0:300k"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (Trust(TRUSTED), None),
        (Unknown("AccessDenied: no"), None),
        (Trust(None), "does not exist; run `groundtune provision`"),
        (
            Trust({"Statement": []}),
            "to bedrock.amazonaws.com; run `groundtune provision`",
        ),
    ],
)
def test_a_role_that_is_missing_or_closed_is_refused_and_one_that_cannot_be_seen_is_not(
    said: Trust | Unknown, refusal: str | None
) -> None:
    verdict = role_verdict(said, ROLE, REGION, MODEL)
    assert (verdict.refusal is None) == (refusal is None) and (refusal or "") in (verdict.refusal or "")
    assert ("allow iam:GetRole" in (verdict.warning or "")) == isinstance(said, Unknown)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (Place(True, REGION), None),
        (Place(True), None),
        (Unknown("403: no"), None),
        (Place(False), "bucket b, where the job's output belongs, does not exist"),
        (Place(True, "eu-west-1"), "set AWS_REGION to eu-west-1, or GROUNDTUNE_BUCKET to one in us-east-1"),
    ],
)
def test_a_bucket_that_is_missing_or_elsewhere_is_refused(said: Place | Unknown, refusal: str | None) -> None:
    verdict = bucket_verdict(said, "b", REGION)
    assert (verdict.refusal is None) == (refusal is None) and (refusal or "") in (verdict.refusal or "")
    assert (verdict.warning is not None) == isinstance(said, Unknown)


def test_a_training_file_that_is_gone_is_refused() -> None:
    assert file_verdict(Place(True), "s3://b/k").refusal is None
    assert "s3://b/k is gone" in (file_verdict(Place(False), "s3://b/k").refusal or "")
    assert "allow s3:GetObject" in (file_verdict(Unknown("403"), "s3://b/k").warning or "")
