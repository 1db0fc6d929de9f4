from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from shared.bedrock.trust import distrust
from shared.provision.cloud import Names
from shared.provision.role import trust
from shared.settings import Settings

ACCOUNT = "123456789012"
JOB = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:model-customization-job/amazon.nova-lite-v1:0:300k/abcdefghijkl"
OURS = trust(Names(Settings(), ACCOUNT))


def statement(**changes: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Statement": [usual | changes]}


def condition(operator: str, key: str, value: Any) -> dict[str, Any]:
    return statement(Condition={operator: {key: value}})


@pytest.mark.parametrize(
    "policy",
    [
        OURS,
        json.dumps(OURS),
        quote(json.dumps(OURS)),
        {"Statement": statement()["Statement"][0]},
        statement(Principal={"Service": ["ec2.amazonaws.com", "bedrock.amazonaws.com"]}),
        statement(Principal="*", Action=["sts:TagSession", "sts:*"]),
        condition("StringEquals", "AWS:SourceAccount", [ACCOUNT, "999999999999"]),
        condition("ArnEquals", "aws:SourceArn", "arn:aws:bedrock:*:123456789012:model-customization-job/*"),
        condition("StringLike", "aws:SourceArn", "arn:aws:bedrock:*"),
        condition("StringEquals", "aws:PrincipalOrgID", "o-1"),
        {"Statement": [*condition("StringEquals", "aws:SourceAccount", "9")["Statement"], *statement()["Statement"]]},
    ],
)
def test_a_role_that_bedrock_may_take_for_this_account_is_good(policy: Any) -> None:
    assert distrust(policy, account=ACCOUNT, jobs=JOB) is None


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({}, "does not allow sts:AssumeRole to bedrock.amazonaws.com"),
        (statement(Principal={"Service": "ec2.amazonaws.com"}), "does not allow"),
        (statement(Principal={"AWS": "*"}), "does not allow"),
        (statement(Action="sts:TagSession"), "does not allow"),
        ({"Statement": [*statement()["Statement"], *statement(Effect="Deny")["Statement"]]}, "denies sts:AssumeRole"),
        (
            condition("StringEquals", "aws:SourceAccount", "999999999999"),
            "only where aws:sourceaccount is 99",
        ),
        (condition("ArnLike", "aws:SourceArn", "arn:aws:bedrock:us-west-2:*"), "only where aws:sourcearn is arn:aws:"),
        (condition("StringEquals", "aws:SourceArn", "arn:aws:bedrock:*"), "only where aws:sourcearn"),
    ],
)
def test_a_role_that_bedrock_may_not_take_says_why(policy: Any, words: str) -> None:
    assert words in (distrust(policy, account=ACCOUNT, jobs=JOB) or "")
