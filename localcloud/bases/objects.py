"""Keeps the objects of MiniStack's S3 over a restart.

MiniStack can write each object to a file named by its key, but then ``a`` and ``a/b`` collide, ``dir/`` becomes
``dir``, and long or Korean names fail. So the objects go into one more state file, in MiniStack's own format.
"""

from __future__ import annotations

from typing import Any

FILE = "s3_objects"


def save() -> None:
    """Writes all objects, versions and tags, whole or not at all; nothing when MiniStack keeps no state."""
    from ministack.core.persistence import save_state

    save_state(FILE, state())


def state() -> dict[str, Any]:
    """The objects themselves, no copies."""
    from ministack.core.responses import AccountScopedDict
    from ministack.services import s3

    objects = AccountScopedDict()
    objects._data.update({bucket: record["objects"] for bucket, record in s3._buckets._data.items()})
    return {"objects": objects, "versions": s3._object_versions, "tags": s3._object_tags}


def restore() -> None:
    """Puts them back into the buckets, which MiniStack itself restores when its S3 module is imported."""
    from ministack.core.persistence import load_state
    from ministack.services import s3

    kept = load_state(FILE)
    if kept is None:
        return
    for bucket, objects in kept["objects"]._data.items():
        if bucket in s3._buckets._data:
            s3._buckets._data[bucket]["objects"] = objects
    s3._object_versions._data.update(kept["versions"]._data)
    s3._object_tags._data.update(kept["tags"]._data)
