from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import CloudError, NotProvisioned, Unreachable
from shared.provision import Change, destroy, provision
from shared.provision.cloud import Cloud
from shared.runtime.connection import connect
from shared.settings import Settings
from shared.topology import Topology

pytestmark = pytest.mark.cloud

JOBS = ("model-customization", "model-invocation")


@pytest.fixture
async def cloud(settings: Settings, topology: Topology) -> AsyncIterator[Cloud]:
    """Clients of a cloud that is provisioned."""
    await provision(settings, topology)
    cloud = Cloud(settings)
    yield cloud
    cloud.close()


def actions(changes: list[Change]) -> set[str]:
    return {change.action for change in changes}


def queue_attributes(cloud: Cloud, name: str) -> dict[str, Any]:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    attributes: dict[str, Any] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return attributes


def received(cloud: Cloud, name: str) -> list[dict[str, Any]]:
    """Bodies of what arrives at a queue, S3's own test event aside."""
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    bodies: list[dict[str, Any]] = []
    for _ in range(5):
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        bodies += [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        bodies = [body for body in bodies if body.get("Event") != "s3:TestEvent"]
        if bodies:
            break
    return bodies


async def test_provisioning_twice_changes_nothing_the_second_time(settings: Settings, topology: Topology) -> None:
    assert actions(await provision(settings, topology)) == {"created"}
    second = await provision(settings, topology)
    assert actions(second) == {"unchanged"}
    assert len(second) == 2 * len(topology.queues) + 4


async def test_an_object_under_the_inbox_arrives_at_doc_ingest(cloud: Cloud, settings: Settings) -> None:
    s3, bucket = cloud.client("s3"), cloud.names.bucket
    s3.put_object(Bucket=bucket, Key="elsewhere/a.md", Body=b"no")
    s3.put_object(Bucket=bucket, Key="inbox/telco/a.md", Body=b"yes")
    bodies = received(cloud, settings.queue("doc-ingest"))
    keys = [record["s3"]["object"]["key"] for body in bodies for record in body["Records"]]
    assert len(keys) == 1
    assert keys[0].replace("%2F", "/") == "inbox/telco/a.md"


async def test_a_job_state_change_arrives_at_finetune_launcher(cloud: Cloud, settings: Settings) -> None:
    events = cloud.client("events")
    detail = {"jobArn": "arn:aws:bedrock:::job", "jobName": "job", "jobStatus": "Completed"}
    kind = "Model Customization Job State Change"
    events.put_events(
        Entries=[
            {"Source": "aws.bedrock", "DetailType": kind, "Detail": json.dumps(detail)},
            {"Source": "somebody.else", "DetailType": kind, "Detail": "{}"},
        ]
    )
    bodies = received(cloud, settings.queue("finetune-launcher"))
    assert [body["detail"] for body in bodies] == [detail]


async def test_queues_have_limits_dead_letters_and_policies(
    cloud: Cloud, settings: Settings, topology: Topology
) -> None:
    for queue in topology.queues:
        attributes = queue_attributes(cloud, settings.queue(queue.worker))
        redrive = json.loads(attributes["RedrivePolicy"])
        assert int(attributes["VisibilityTimeout"]) == queue.visibility_timeout_s
        assert int(attributes["MessageRetentionPeriod"]) == queue.retention_days * 86_400
        assert int(redrive["maxReceiveCount"]) == queue.max_receive_count
        assert redrive["deadLetterTargetArn"].endswith(f":{settings.dead_letter_queue(queue.worker)}")
    dead = queue_attributes(cloud, settings.dead_letter_queue("scorer"))
    assert int(dead["MessageRetentionPeriod"]) == 14 * 86_400


async def test_only_our_bucket_and_our_rule_may_send_from_outside(cloud: Cloud, settings: Settings) -> None:
    names = cloud.names
    [inbox] = json.loads(queue_attributes(cloud, settings.queue("doc-ingest"))["Policy"])["Statement"]
    assert inbox["Principal"] == {"Service": "s3.amazonaws.com"}
    assert inbox["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{names.bucket}"},
        "StringEquals": {"aws:SourceAccount": names.account},
    }
    [jobs] = json.loads(queue_attributes(cloud, settings.queue("finetune-launcher"))["Policy"])["Statement"]
    assert jobs["Principal"] == {"Service": "events.amazonaws.com"}
    assert jobs["Condition"] == {"ArnLike": {"aws:SourceArn": names.rule_arn}}
    assert not queue_attributes(cloud, settings.queue("scorer")).get("Policy")


async def test_the_bucket_is_private_and_the_table_expires_items(cloud: Cloud, settings: Settings) -> None:
    block = cloud.client("s3").get_public_access_block(Bucket=cloud.names.bucket)
    assert all(block["PublicAccessBlockConfiguration"].values())
    dynamodb = cloud.client("dynamodb")
    expiry = dynamodb.describe_time_to_live(TableName=settings.table)["TimeToLiveDescription"]
    table = dynamodb.describe_table(TableName=settings.table)["Table"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires")
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


async def test_bedrock_may_take_the_role_for_this_account_and_reach_its_own_folders_only(
    cloud: Cloud, settings: Settings
) -> None:
    iam, name = cloud.client("iam"), settings.bedrock_role
    [trust] = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": cloud.names.account}
    jobs = [f"arn:aws:bedrock:us-east-1:{cloud.names.account}:{kind}-job/*" for kind in JOBS]
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": jobs}
    [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
    granted = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]["Statement"]
    objects, listing, models = [one["Resource"] for one in granted]
    bucket = cloud.names.bucket_arn
    assert (objects, listing) == ([f"{bucket}/runs/*", f"{bucket}/batches/*"], bucket)
    assert all(":foundation-model/" in one or ":inference-profile/" in one for one in models)


async def test_what_somebody_changed_is_corrected_and_named(
    cloud: Cloud, settings: Settings, topology: Topology
) -> None:
    sqs, events = cloud.client("sqs"), cloud.client("events")
    url = sqs.get_queue_url(QueueName=settings.queue("scorer"))["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5"})
    events.remove_targets(Rule=cloud.names.rule, Ids=["finetune-launcher"])
    cloud.client("s3").put_bucket_notification_configuration(Bucket=cloud.names.bucket, NotificationConfiguration={})
    changed = {change.name: change for change in await provision(settings, topology) if change.action != "unchanged"}
    assert {name: change.detail for name, change in changed.items()} == {
        settings.queue("scorer"): "VisibilityTimeout",
        cloud.names.bucket: "inbox notification",
        cloud.names.rule: "targets",
    }
    assert actions(list(changed.values())) == {"updated"}


async def test_a_notification_that_somebody_else_set_stays(
    cloud: Cloud, settings: Settings, topology: Topology
) -> None:
    s3, bucket = cloud.client("s3"), cloud.names.bucket
    current = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"]
    rules = [{"Name": "prefix", "Value": "theirs/"}]
    theirs = {**current[0], "Id": "theirs", "Filter": {"Key": {"FilterRules": rules}}}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [theirs]})
    await provision(settings, topology)
    kept = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"]
    assert sorted(entry["Id"] for entry in kept) == ["groundtune-inbox", "theirs"]


async def test_another_region_and_bucket_name_are_respected(settings: Settings, topology: Topology) -> None:
    elsewhere = replace(settings, region="eu-west-1", bucket=f"{settings.name}-mine")
    assert actions(await provision(elsewhere, topology)) == {"created"}
    cloud = Cloud(elsewhere)
    place = cloud.client("s3").get_bucket_location(Bucket=elsewhere.bucket)["LocationConstraint"]
    cloud.close()
    assert place == "eu-west-1"


async def test_destroy_refuses_a_bucket_that_holds_something_and_leaves_everything(
    cloud: Cloud, settings: Settings, topology: Topology
) -> None:
    cloud.client("s3").put_object(Bucket=cloud.names.bucket, Key="runs/r/run.yaml", Body=b"x")
    with pytest.raises(CloudError, match=rf"{cloud.names.bucket} is not empty; --force"):
        await destroy(settings, topology)
    assert actions(await provision(settings, topology)) == {"unchanged"}


async def test_destroy_with_force_deletes_all_of_it_and_then_finds_nothing(
    cloud: Cloud, settings: Settings, topology: Topology
) -> None:
    for number in range(3):
        cloud.client("s3").put_object(Bucket=cloud.names.bucket, Key=f"runs/{number}", Body=b"x")
    deleted = await destroy(settings, topology, force=True)
    assert actions(deleted) == {"deleted"}
    assert len(deleted) == 2 * len(topology.queues) + 4
    assert await destroy(settings, topology) == []
    async with connect(settings) as connection:
        with pytest.raises(NotProvisioned, match="groundtune provision"):
            await connection.queue(settings.queue("scorer"))


async def test_an_endpoint_where_nothing_listens_is_named_with_the_remedy(
    settings: Settings, topology: Topology
) -> None:
    with pytest.raises(Unreachable, match=r"http://127\.0\.0\.1:1.*groundtune local up"):
        await provision(replace(settings, endpoint="http://127.0.0.1:1"), topology)
