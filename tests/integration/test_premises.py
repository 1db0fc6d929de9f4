"""What is asked before a job, of clouds that offer some of it: what they do not know is unknown, and soon."""

from __future__ import annotations

import pytest

from shared.bedrock.premises import Place
from shared.bedrock.quotas import QUOTAS, Standing
from shared.runtime.connection import Connection
from workers.finetune_launcher.premises import bucket_verdict, role_verdict

pytestmark = pytest.mark.cloud


async def test_what_provision_made_is_good_and_what_is_not_offered_is_unknown(connection: Connection) -> None:
    premises, region = connection.services.premises, connection.settings.region
    role = role_verdict(await premises.trust(), premises.role, region, "local.reader-v1")
    assert (role.refusal, role.warning) == (None, None)
    bucket = bucket_verdict(await premises.bucket(), connection.objects.bucket, region)
    assert (bucket.refusal, bucket.warning) == (None, None)
    await connection.objects.put("train.jsonl", b"{}\n")
    assert await premises.file("train.jsonl") == Place(True)
    assert await premises.file("other.jsonl") == Place(False)
    assert [await premises.standing(quota) for quota in QUOTAS] == [Standing(quota) for quota in QUOTAS]


async def test_a_role_that_was_never_made_is_missing(connection: Connection) -> None:
    premises = connection.services.premises
    premises.role = f"{premises.role}-of-nobody"  # type: ignore[misc]
    assert "does not exist" in (role_verdict(await premises.trust(), premises.role, "us-east-1", "m").refusal or "")
