from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from shared.store.dynamodb import FAILED, DynamoTable


class Deleted:
    """A client of a table without ``ReturnValuesOnConditionCheckFailure``, whose item goes away after the refusal."""

    def __init__(self) -> None:
        self.puts = 0

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        self.puts += operation == "PutItem"
        if operation == "PutItem" and self.puts == 1:
            raise ClientError({"Error": {"Code": FAILED, "Message": "it is there"}}, "PutItem")
        return {}


async def test_an_item_deleted_between_refusal_and_look_is_created_and_not_only_said_to_be() -> None:
    client = Deleted()
    assert await DynamoTable(client, "t").create({"pk": "p", "sk": "s"}) is None
    assert client.puts == 2
