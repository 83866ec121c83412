"""Files that are read whole up to a limit, and written whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from everyfamily.core.files.whole_files import AS_USUAL, NotAFile, TooLarge, bytes_of, only_one_in, written


def test_a_file_at_the_limit_is_read_and_one_over_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "roll.csv").write_bytes(b"12345")
    assert bytes_of(tmp_path / "roll.csv", most=5) == b"12345"
    with pytest.raises(TooLarge):
        bytes_of(tmp_path / "roll.csv", most=4)


def test_a_pipe_and_a_folder_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(NotAFile):
            bytes_of(path, most=5)


@pytest.mark.parametrize(("mode", "rights"), [(0o600, 0o600), (AS_USUAL, 0o640)])
def test_the_file_has_its_rights_before_its_first_byte(tmp_path: Path, mode: int, rights: int) -> None:
    was = os.umask(0o027)
    try:
        with written(tmp_path / "families.csv", mode=mode) as file:
            [beside] = tmp_path.iterdir()
            assert stat.S_IMODE(beside.stat().st_mode) == rights
            file.write(b"whole")
    finally:
        os.umask(was)
    assert (tmp_path / "families.csv").read_bytes() == b"whole"


def test_what_was_there_stays_if_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"old")
    with pytest.raises(OSError, match="disk"), written(tmp_path / "keys") as file:
        file.write(b"half")
        raise OSError("disk full")
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]
    assert (tmp_path / "keys").read_bytes() == b"old"


def test_only_one_at_a_time_is_in_a_folder(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with only_one_in(tmp_path):
            order.append("second")

    with only_one_in(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []
