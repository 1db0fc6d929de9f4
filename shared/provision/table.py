"""The one DynamoDB table, keyed by ``pk`` and ``sk``, whose items expire by ``expires`` (Unix seconds)."""

from __future__ import annotations

from botocore.exceptions import ClientError

from shared.cloud_errors import MISSING, code_of
from shared.errors import CloudError
from shared.provision.change import Change, action
from shared.provision.cloud import Cloud

KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
TTL = "expires"
WAIT = {"Delay": 1, "MaxAttempts": 120}


def provision_table(cloud: Cloud) -> Change:
    """Creates the table or turns its TTL on. Raises CloudError when a table of that name has other keys."""
    created = not _exists(cloud)
    if created:
        _create(cloud)
    changed = ["time to live"] if _expire(cloud) else []
    return Change("table", cloud.settings.table, action(created, changed), ", ".join(changed))


def destroy_table(cloud: Cloud) -> list[Change]:
    if not _exists(cloud):
        return []
    dynamodb, name = cloud.client("dynamodb"), cloud.settings.table
    dynamodb.delete_table(TableName=name)
    dynamodb.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig=WAIT)
    return [Change("table", name, "deleted")]


def _exists(cloud: Cloud) -> bool:
    name = cloud.settings.table
    try:
        table = cloud.client("dynamodb").describe_table(TableName=name)["Table"]
    except ClientError as error:
        if code_of(error) in MISSING:
            return False
        raise
    if {key["AttributeName"] for key in table["KeySchema"]} != {key["AttributeName"] for key in KEYS}:
        raise CloudError(f"table {name} has other keys than pk and sk; set GROUNDTUNE_NAME to a free name")
    return True


def _create(cloud: Cloud) -> None:
    dynamodb, name = cloud.client("dynamodb"), cloud.settings.table
    dynamodb.create_table(
        TableName=name,
        KeySchema=KEYS,
        AttributeDefinitions=[{"AttributeName": key["AttributeName"], "AttributeType": "S"} for key in KEYS],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig=WAIT)


def _expire(cloud: Cloud) -> bool:
    dynamodb, name = cloud.client("dynamodb"), cloud.settings.table
    current = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if current.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"):
        return False
    dynamodb.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL}
    )  # fmt: skip
    return True
