"""Before anything is received: the table and the bucket that every handler needs are there, and open to us."""

from __future__ import annotations

from shared.cloud_errors import place
from shared.errors import CloudError
from shared.runtime.connection import Connection

NOTHING = "preflight"
"""Key of no item, prefix of no object: what is asked for is whether one may ask."""


async def preflight(connection: Connection) -> None:
    """Raises NotProvisioned or CloudError that names table or bucket, where it was looked for, and the remedy.

    Leave to list the bucket is needed, too: without it S3 calls every object that is missing forbidden.
    """
    try:
        await connection.table.get(NOTHING, NOTHING)
        async for _ in connection.objects.list(NOTHING):
            break
    except CloudError as error:
        raise type(error)(f"{place(connection.settings)}: {error}") from error
