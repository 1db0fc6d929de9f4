"""The knowledge bases that were asked for when the cloud was started."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from localcloud.errors import BadOption

if TYPE_CHECKING:
    from localcloud.bedrock.knowledge.index import FolderIndex, Passage

_ID = re.compile(r"[0-9a-zA-Z]{10}")


class KnowledgeBases:
    """Folders by id. Each is indexed when it is first asked. Raises BadOption for a bad id and for no folder."""

    def __init__(self, folders: Mapping[str, Path] | None = None) -> None:
        self._folders = dict(folders or {})
        self._indexes: dict[str, FolderIndex] = {}
        self._indexing = asyncio.Lock()
        for id_, folder in self._folders.items():
            if not _ID.fullmatch(id_):
                raise BadOption(f"knowledge base {id_}={folder}: the id must be ten letters and digits, as AWS's are")
            if not folder.is_dir():
                raise BadOption(f"knowledge base {id_}={folder}: there is no such folder")

    async def search(self, id_: str, question: str, top_k: int) -> list[Passage] | None:
        """None when there is no such knowledge base."""
        if id_ not in self._folders:
            return None
        index = await self._index(id_)
        return await asyncio.to_thread(index.search, question, top_k)

    async def _index(self, id_: str) -> FolderIndex:
        from localcloud.bedrock.knowledge.index import FolderIndex  # loads numpy, which most clouds do without

        async with self._indexing:
            if id_ not in self._indexes:
                self._indexes[id_] = await asyncio.to_thread(FolderIndex, self._folders[id_])
            return self._indexes[id_]
