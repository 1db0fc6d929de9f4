from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.bases import snapshots
from localcloud.bases.snapshots import prepare, write


def kept(link: Path) -> dict[str, object]:
    """Payloads by the name of their file, as MiniStack finds them through the link."""
    return {path.stem: json.loads(path.read_text())["payload"] for path in link.glob("*.json")}


def test_each_write_replaces_what_it_has_and_keeps_what_nobody_has_asked_for(tmp_path: Path) -> None:
    link = tmp_path / "state" / "services"
    prepare(link)
    assert kept(link) == {}
    write({"s3": 1, "iam": 1}, link)
    for number in (2, 3):
        prepare(link)
        write({"s3": number}, link)
        assert kept(link) == {"s3": number, "iam": 1}


def test_a_folder_of_an_earlier_local_cloud_is_taken_over(tmp_path: Path) -> None:
    link = tmp_path / "services"
    link.mkdir()
    (link / "s3.json").write_text('{"payload": 7}')
    prepare(link)
    write({"iam": 1}, link)
    assert kept(link) == {"s3": 7, "iam": 1}


def test_a_kill_between_taking_over_and_linking_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "services.a").mkdir()
    (tmp_path / "services.a" / "s3.json").write_text('{"payload": 7}')
    prepare(tmp_path / "services")
    assert kept(tmp_path / "services") == {"s3": 7}


def test_a_kill_while_it_writes_leaves_the_state_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "services"
    prepare(link)
    write({"s3": 1}, link)
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "_point", killed)
        with pytest.raises(KeyboardInterrupt):
            write({"s3": 2}, link)
    prepare(link)
    assert kept(link) == {"s3": 1}
    write({"s3": 3}, link)
    assert kept(link) == {"s3": 3}


def killed(link: Path, folder: Path) -> None:
    raise KeyboardInterrupt
