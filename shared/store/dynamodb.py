"""The state table on Amazon DynamoDB."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import calling
from shared.cloud_errors import code_of
from shared.errors import Retryable
from shared.store.attributes import decoded_item, encoded_item
from shared.store.conditions import Expressions
from shared.store.ports import Item

FAILED = "ConditionalCheckFailedException"
TRANSACTION_TRIES = 12
"""Counters are hot: transactions on one counter conflict, and DynamoDB cancels all but one of them."""


class DynamoTable:
    """A table keyed by ``pk`` and ``sk`` through an aiobotocore DynamoDB client. All reads are consistent."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    async def get(self, pk: str, sk: str) -> Item | None:
        with self._calling():
            answer = await self._client.get_item(TableName=self.name, Key=_key(pk, sk), ConsistentRead=True)
        return decoded_item(answer["Item"]) if "Item" in answer else None

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        words = Expressions()
        condition = f"{words.name('pk')} = {words.value(pk)}"
        if prefix:
            condition += f" AND begins_with({words.name('sk')}, {words.value(prefix)})"
        arguments = {"KeyConditionExpression": condition, **words.arguments()}
        with self._calling():
            pages = self._client.get_paginator("query").paginate(TableName=self.name, ConsistentRead=True, **arguments)
            return [decoded_item(item) async for page in pages for item in page["Items"]]

    async def put(self, item: Item) -> None:
        with self._calling():
            await self._client.put_item(TableName=self.name, Item=encoded_item(item))

    async def create(self, item: Item) -> Item | None:
        while True:
            try:
                with self._calling():
                    await self._client.put_item(
                        TableName=self.name, Item=encoded_item(item), ConditionExpression="attribute_not_exists(pk)",
                        ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    )  # fmt: skip
                return None
            except ClientError as error:
                if code_of(error) != FAILED:
                    raise
                there = await self._there(item, error)
            if there is not None:  # else it was deleted since: neither written nor there
                return there

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        words = Expressions()
        condition = words.holds(expected)
        return await self._if_met(
            self._client.put_item, Item=encoded_item(item), ConditionExpression=condition, **words.arguments()
        )

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        words = Expressions()
        assignments, condition = words.assigns(values), words.holds(expected or {})
        return await self._if_met(
            self._client.update_item, Key=_key(pk, sk), UpdateExpression=assignments,
            ConditionExpression=condition, **words.arguments(),
        )  # fmt: skip

    async def delete(self, pk: str, sk: str) -> None:
        with self._calling():
            await self._client.delete_item(TableName=self.name, Key=_key(pk, sk))

    async def count_once(self, pk: str, sk: str, item: Item, counter_sk: str) -> bool:
        condition = "attribute_not_exists(pk)"
        put = {"TableName": self.name, "Item": encoded_item({**item, "pk": pk, "sk": sk})}
        return await self._counted({"Put": {**put, "ConditionExpression": condition}}, pk, counter_sk, 1)

    async def uncount_once(self, pk: str, sk: str, counter_sk: str) -> bool:
        delete = {"TableName": self.name, "Key": _key(pk, sk), "ConditionExpression": "attribute_exists(pk)"}
        return await self._counted({"Delete": delete}, pk, counter_sk, -1)

    async def _counted(self, write: dict[str, Any], pk: str, counter_sk: str, by: int) -> bool:
        """The conditional write and the change of its counter, both or neither; False when the condition fails."""
        transaction = [write, self._adding(_key(pk, counter_sk), by)]
        for attempt in range(TRANSACTION_TRIES):
            try:
                with self._calling():
                    await self._client.transact_write_items(TransactItems=transaction)
                return True
            except ClientError as error:
                codes = _cancelled(error)
                if codes[:1] == ["ConditionalCheckFailed"]:
                    return False
                if not codes:
                    raise
            await asyncio.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))
        raise Retryable(f"counter {counter_sk} of {pk} is written by too many at once")

    def _adding(self, counter: dict[str, Any], by: int) -> dict[str, Any]:
        words = Expressions()
        add = f"ADD {words.name('done')} {words.value(by)}"
        return {"Update": {"TableName": self.name, "Key": counter, "UpdateExpression": add, **words.arguments()}}

    async def _if_met(self, operation: Any, **arguments: Any) -> bool:
        try:
            with self._calling():
                await operation(TableName=self.name, **arguments)
        except ClientError as error:
            if code_of(error) == FAILED:
                return False
            raise
        return True

    async def _there(self, item: Item, error: ClientError) -> Item | None:
        """The item that kept ours out. Not every implementation returns it with the refusal."""
        there: Any = error.response.get("Item")
        return decoded_item(there) if there else await self.get(item["pk"], item["sk"])

    def _calling(self) -> Any:
        return calling(f"table {self.name}")


def _key(pk: str, sk: str) -> dict[str, Any]:
    return encoded_item({"pk": pk, "sk": sk})


def _cancelled(error: ClientError) -> list[str]:
    """Reason by item of a cancelled transaction; empty for any other error."""
    if code_of(error) == "TransactionInProgressException":
        return ["TransactionConflict"]
    if code_of(error) != "TransactionCanceledException":
        return []
    return [str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])] or ["Unknown"]
