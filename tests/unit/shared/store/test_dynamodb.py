from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from shared.store.dynamodb import FAILED, DynamoTable


class Deleted:
    """A client of a table without ``ReturnValuesOnConditionCheckFailure``, whose item goes away after the refusal."""

    def __init__(self) -> None:
        self.puts = 0

    async def put_item(self, **arguments: Any) -> None:
        self.puts += 1
        if self.puts == 1:
            raise ClientError({"Error": {"Code": FAILED, "Message": "it is there"}}, "PutItem")

    async def get_item(self, **arguments: Any) -> dict[str, Any]:
        return {}


async def test_an_item_deleted_between_refusal_and_look_is_created_and_not_only_said_to_be() -> None:
    client = Deleted()
    assert await DynamoTable(client, "t").create({"pk": "p", "sk": "s"}) is None
    assert client.puts == 2
