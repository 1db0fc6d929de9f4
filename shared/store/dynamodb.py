"""The state table on Amazon DynamoDB."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import calling
from shared.aws_json import JsonClient
from shared.cloud_errors import code_of
from shared.errors import Retryable
from shared.store.attributes import decoded_item, encoded_item
from shared.store.conditions import Expressions
from shared.store.ports import ONE_DONE, Addition, Item

FAILED = "ConditionalCheckFailedException"
TRANSACTION_TRIES = 12
"""Counters are hot: transactions on one counter conflict, and DynamoDB cancels all but one of them."""


class DynamoTable:
    """A table keyed by ``pk`` and ``sk``. All reads are consistent.

    ``client`` repeats what fails in passing; a write may then have happened when it says that its condition fails.
    ``once`` repeats nothing: additions are made with it.
    """

    def __init__(self, client: JsonClient, name: str, *, once: JsonClient | None = None) -> None:
        self._client = client
        self._once = once or client
        self.name = name

    async def get(self, pk: str, sk: str) -> Item | None:
        answer = await self._call("GetItem", Key=_key(pk, sk), ConsistentRead=True)
        return decoded_item(answer["Item"]) if "Item" in answer else None

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        words = Expressions()
        condition = f"{words.name('pk')} = {words.value(pk)}"
        if prefix:
            condition += f" AND begins_with({words.name('sk')}, {words.value(prefix)})"
        arguments = {"KeyConditionExpression": condition, **words.arguments()}
        items: list[Item] = []
        while True:
            page = await self._call("Query", ConsistentRead=True, **arguments)
            items += map(decoded_item, page["Items"])
            if "LastEvaluatedKey" not in page:
                return items
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    async def put(self, item: Item) -> None:
        await self._call("PutItem", Item=encoded_item(item))

    async def create(self, item: Item) -> Item | None:
        while True:
            try:
                await self._call(
                    "PutItem", Item=encoded_item(item), ConditionExpression="attribute_not_exists(pk)",
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
            "PutItem", Item=encoded_item(item), ConditionExpression=condition, **words.arguments()
        )

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        words = Expressions()
        assignments, condition = words.assigns(values), words.holds(expected or {})
        return await self._if_met(
            "UpdateItem", Key=_key(pk, sk), UpdateExpression=assignments,
            ConditionExpression=condition, **words.arguments(),
        )  # fmt: skip

    async def delete(self, pk: str, sk: str) -> None:
        await self._call("DeleteItem", Key=_key(pk, sk))

    async def add(
        self, pk: str, sk: str, amounts: Mapping[str, int], *, at_most: Mapping[str, int] | None = None,
        at_least: Mapping[str, int] | None = None,
    ) -> Addition:  # fmt: skip
        words = Expressions()
        update, condition = words.adds(amounts), words.within(at_most or {}, at_least or {})
        conditional = {"ConditionExpression": condition} if condition else {}
        try:
            answer = await self._call(
                "UpdateItem", self._once, Key=_key(pk, sk), UpdateExpression=update, ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD", **conditional, **words.arguments(),
            )  # fmt: skip
        except ClientError as error:
            if code_of(error) != FAILED:
                raise
            return Addition(False, await self._there({"pk": pk, "sk": sk}, error))
        return Addition(True, decoded_item(answer["Attributes"]))

    async def count_once(
        self, pk: str, sk: str, item: Item, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE,
        at_most: Mapping[str, int] | None = None,
    ) -> bool:  # fmt: skip
        condition = "attribute_not_exists(pk)"
        put = {"TableName": self.name, "Item": encoded_item({**item, "pk": pk, "sk": sk})}
        adding = self._adding(_key(pk, counter_sk), amounts, at_most or {})
        return await self._both({"Put": {**put, "ConditionExpression": condition}}, adding, f"{counter_sk} of {pk}")

    async def uncount_once(self, pk: str, sk: str, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE) -> bool:
        delete = {"TableName": self.name, "Key": _key(pk, sk), "ConditionExpression": "attribute_exists(pk)"}
        taken = {name: -amount for name, amount in amounts.items()}
        adding = self._adding(_key(pk, counter_sk), taken, {})
        return await self._both({"Delete": delete}, adding, f"{counter_sk} of {pk}")

    async def _both(self, write: dict[str, Any], adding: dict[str, Any], counter: str) -> bool:
        """The conditional write and the change of its counter, both or neither; False when a condition fails."""
        transaction = [write, adding]
        for attempt in range(TRANSACTION_TRIES):
            try:
                await self._transact(transaction)
                return True
            except ClientError as error:
                codes = _cancelled(error)
                if "ConditionalCheckFailed" in codes:
                    return False
                if not codes:
                    raise
            await asyncio.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))
        raise Retryable(f"counter {counter} is written by too many at once")

    def _adding(
        self, counter: dict[str, Any], amounts: Mapping[str, int], at_most: Mapping[str, int]
    ) -> dict[str, Any]:
        words = Expressions()
        add, condition = words.adds(amounts), words.within(at_most, {})
        conditional = {"ConditionExpression": condition} if condition else {}
        update = {"TableName": self.name, "Key": counter, "UpdateExpression": add}
        return {"Update": {**update, **conditional, **words.arguments()}}

    async def _transact(self, transaction: list[dict[str, Any]]) -> None:
        # the token makes a repeated call harmless for ten minutes
        content = {"TransactItems": transaction, "ClientRequestToken": str(uuid.uuid4())}
        with calling(f"table {self.name}"):
            await self._client.call("TransactWriteItems", content)

    async def _if_met(self, operation: str, **arguments: Any) -> bool:
        try:
            await self._call(operation, **arguments)
        except ClientError as error:
            if code_of(error) == FAILED:
                return False
            raise
        return True

    async def _there(self, item: Item, error: ClientError) -> Item | None:
        """The item that kept ours out. Not every implementation returns it with the refusal."""
        there: Any = error.response.get("Item")
        return decoded_item(there) if there else await self.get(item["pk"], item["sk"])

    async def _call(self, operation: str, client: JsonClient | None = None, **arguments: Any) -> dict[str, Any]:
        with calling(f"table {self.name}"):
            return await (client or self._client).call(operation, {"TableName": self.name, **arguments})


def _key(pk: str, sk: str) -> dict[str, Any]:
    return encoded_item({"pk": pk, "sk": sk})


def _cancelled(error: ClientError) -> list[str]:
    """Reason by item of a cancelled transaction; empty for any other error."""
    if code_of(error) == "TransactionInProgressException":
        return ["TransactionConflict"]
    if code_of(error) != "TransactionCanceledException":
        return []
    return [str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])] or ["Unknown"]
