"""The EventBridge rule that sends Bedrock's job states to the queue that asks for them."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from shared.cloud_errors import MISSING, code_of
from shared.errors import CloudError
from shared.provision.change import Change, action
from shared.provision.cloud import Cloud, parsed
from shared.topology import Topology

PATTERN = {"source": ["aws.bedrock"], "detail-type": ["Model Customization Job State Change"]}


def provision_rule(cloud: Cloud, topology: Topology) -> Change:
    events, name = cloud.client("events"), cloud.names.rule
    current = _rule(cloud)
    changed = []
    if current is None or parsed(current.get("EventPattern")) != parsed(PATTERN) or current.get("State") != "ENABLED":
        events.put_rule(Name=name, EventPattern=json.dumps(PATTERN), State="ENABLED")
        changed.append("pattern")
    if _aim(cloud, topology):
        changed.append("targets")
    return Change("rule", name, action(current is None, changed), ", ".join(changed))


def destroy_rule(cloud: Cloud) -> list[Change]:
    if _rule(cloud) is None:
        return []
    events, name = cloud.client("events"), cloud.names.rule
    targets = list(_targets(cloud))
    if targets:
        events.remove_targets(Rule=name, Ids=targets)
    events.delete_rule(Name=name)
    return [Change("rule", name, "deleted")]


def _aim(cloud: Cloud, topology: Topology) -> bool:
    """Makes the rule's targets the queues that ask for job states; True when anything changed."""
    events, settings, name = cloud.client("events"), cloud.settings, cloud.names.rule
    workers = [queue.worker for queue in topology.queues if queue.job_state_events]
    wanted = {worker: cloud.names.queue_arn(settings.queue(worker)) for worker in workers}
    current = _targets(cloud)
    if current == wanted:
        return False
    surplus = sorted(current.keys() - wanted.keys())
    if surplus:
        events.remove_targets(Rule=name, Ids=surplus)
    if wanted:
        targets = [{"Id": worker, "Arn": arn} for worker, arn in wanted.items()]
        _confirm(events.put_targets(Rule=name, Targets=targets), name)
    return True


def _targets(cloud: Cloud) -> dict[str, str]:
    found = cloud.client("events").list_targets_by_rule(Rule=cloud.names.rule).get("Targets", [])
    return {target["Id"]: target["Arn"] for target in found}


def _rule(cloud: Cloud) -> dict[str, Any] | None:
    try:
        return dict(cloud.client("events").describe_rule(Name=cloud.names.rule))
    except ClientError as error:
        if code_of(error) in MISSING:
            return None
        raise


def _confirm(answer: dict[str, Any], name: str) -> None:
    """Partial failures come with status 200. Raises CloudError naming the first."""
    if answer.get("FailedEntryCount"):
        first = answer["FailedEntries"][0]
        raise CloudError(f"rule {name} does not take target {first['TargetId']}: {first['ErrorMessage']}")
