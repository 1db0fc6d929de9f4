"""Provisioning and destroying, resource after resource, in the order in which they need each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from shared.cloud_errors import SDK_ERRORS, explained
from shared.provision.bucket import destroy_bucket, provision_bucket, refuse_unless_empty
from shared.provision.change import Change
from shared.provision.cloud import Cloud
from shared.provision.queues import destroy_queues, provision_queues
from shared.provision.role import destroy_role, provision_role
from shared.provision.rule import destroy_rule, provision_rule
from shared.provision.table import destroy_table, provision_table
from shared.settings import Settings
from shared.topology import Topology


async def provision(settings: Settings, topology: Topology) -> list[Change]:
    """Creates what is missing and corrects what differs. Run again, every change is ``unchanged``.

    Raises CloudError when the cloud does not answer or refuses.
    """
    return await asyncio.to_thread(_with_cloud, settings, lambda cloud: _provision(cloud, topology))


async def destroy(settings: Settings, topology: Topology, force: bool = False) -> list[Change]:
    """Deletes all that ``provision`` made. Raises CloudError for a non-empty bucket unless ``force``."""
    return await asyncio.to_thread(_with_cloud, settings, lambda cloud: _destroy(cloud, topology, force))


def _provision(cloud: Cloud, topology: Topology) -> list[Change]:
    return [
        *provision_queues(cloud, topology),
        provision_bucket(cloud, topology),
        provision_table(cloud),
        provision_role(cloud),
        provision_rule(cloud, topology),
    ]


def _destroy(cloud: Cloud, topology: Topology, force: bool) -> list[Change]:
    """What sends to a queue goes before the queue. Nothing goes when the bucket must stay."""
    if not force:
        refuse_unless_empty(cloud)
    return [
        *destroy_rule(cloud),
        *destroy_bucket(cloud),
        *destroy_queues(cloud, topology),
        *destroy_table(cloud),
        *destroy_role(cloud),
    ]


def _with_cloud(settings: Settings, work: Callable[[Cloud], list[Change]]) -> list[Change]:
    cloud = Cloud(settings)
    try:
        return work(cloud)
    except SDK_ERRORS as error:
        raise explained(error, settings) from error
    finally:
        cloud.close()
