from __future__ import annotations

from pathlib import Path

from cli.cloud import ENDPOINT, running_endpoint, state_slot


def test_two_commands_in_one_folder_keep_their_states_apart(tmp_path: Path) -> None:
    with state_slot(tmp_path, fresh=False) as first, state_slot(tmp_path, fresh=False) as second:
        assert first == tmp_path
        assert second == tmp_path / "slot-2"
    with state_slot(tmp_path, fresh=False) as again:
        assert again == first


def test_a_fresh_start_forgets_the_cloud_and_keeps_the_folder(tmp_path: Path) -> None:
    (tmp_path / "cloud").mkdir()
    (tmp_path / "cloud" / "object").write_text("old")
    with state_slot(tmp_path, fresh=False):
        assert (tmp_path / "cloud" / "object").exists()
    with state_slot(tmp_path, fresh=True):
        assert not (tmp_path / "cloud").exists()


def test_a_cloud_is_found_while_its_command_is_at_work_and_not_after(tmp_path: Path) -> None:
    assert running_endpoint(tmp_path) is None
    with state_slot(tmp_path, fresh=False) as state:
        assert running_endpoint(tmp_path) is None
        (state / ENDPOINT).write_text("http://127.0.0.1:5\n")
        assert running_endpoint(tmp_path) == "http://127.0.0.1:5"
    assert running_endpoint(tmp_path) is None
    with state_slot(tmp_path, fresh=False):
        assert running_endpoint(tmp_path) is None
