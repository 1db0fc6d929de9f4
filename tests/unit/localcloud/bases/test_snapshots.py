from __future__ import annotations

from pathlib import Path

import pytest

from localcloud.bases.snapshots import recover


@pytest.mark.parametrize(
    ("folders", "kept"),
    [
        ([], None),
        (["services"], "services"),
        (["services", "services.new"], "services"),  # killed while it wrote
        (["services.old", "services.new"], "services.old"),  # killed between the two renames
        (["services", "services.old"], "services"),  # killed before the last one was removed
    ],
)
def test_whenever_a_write_was_killed_one_whole_state_is_left(
    tmp_path: Path, folders: list[str], kept: str | None
) -> None:
    for name in folders:
        (tmp_path / name).mkdir()
        (tmp_path / name / "s3.json").write_text(name)
    recover(tmp_path / "services")
    left = {path.name: (path / "s3.json").read_text() for path in tmp_path.iterdir()}
    assert left == ({"services": kept} if kept else {})
