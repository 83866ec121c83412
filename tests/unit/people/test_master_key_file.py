"""Where a key file may be, who may read it, and how it changes without ever being half-written."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from everyfamily.core.keys.master_keys import MasterKeyNotReadable, MasterKeyVersionInUse
from everyfamily.people.keys import master_key_file
from everyfamily.people.keys.master_key_file import (
    KeyFileInDataFolder,
    KeyFileNotNamed,
    KeyFileNotWritten,
    KeyFileOpenToOthers,
    MasterKeyFileExists,
    MasterKeyMissing,
    add_version,
    key_file,
    make_key_file,
    read_key_file,
    read_keys,
    remove_version,
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home that is not there, and nothing else."""
    return {"EVERYFAMILY_HOME": str(tmp_path / "home")}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A folder for keys."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    return folder


def test_a_key_file_is_made_closed_and_read_again(keys: Path, environment: dict[str, str]) -> None:
    file = keys / "master.key"
    make_key_file(file, environment)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_keys(environment | {"EVERYFAMILY_MASTER_KEY_FILE": str(file)}).versions == (1,)
    assert [entry.name for entry in keys.iterdir()] == ["master.key"]


def test_a_key_file_is_never_overwritten(keys: Path, environment: dict[str, str]) -> None:
    file = keys / "master.key"
    make_key_file(file, environment)
    was = file.read_bytes()
    with pytest.raises(MasterKeyFileExists):
        make_key_file(file, environment)
    assert file.read_bytes() == was


def test_a_next_version_stands_beside_the_older_and_the_older_can_go(
    keys: Path, environment: dict[str, str]
) -> None:
    file = keys / "master.key"
    key = base64.b64encode(b"a" * 32).decode()
    file.touch(0o600)
    file.write_text(key)
    assert add_version(file, environment) == 2
    assert file.read_text().splitlines()[0] == f"1 {key}"
    remove_version(file, 1, environment)
    assert read_key_file(file, environment).versions == (2,)
    with pytest.raises(MasterKeyVersionInUse):
        remove_version(file, 2, environment)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_to_a_key_file_stays_a_link(keys: Path, environment: dict[str, str]) -> None:
    make_key_file(keys / "real.key", environment)
    link = keys / "master.key"
    link.symlink_to("real.key")
    add_version(link, environment)
    assert link.is_symlink()
    assert read_key_file(keys / "real.key", environment).versions == (1, 2)


def test_a_crash_while_the_file_is_written_leaves_the_old_one(
    keys: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keys / "master.key"
    make_key_file(file, environment)
    was = file.read_bytes()

    def no_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(master_key_file.os, "fsync", no_room)
    with pytest.raises(KeyFileNotWritten, match="no space left on device"):
        add_version(file, environment)
    assert file.read_bytes() == was
    assert len(list(keys.iterdir())) == 1


def test_what_a_stopped_machine_left_of_a_key_file_goes_with_the_next_change(
    keys: Path, environment: dict[str, str]
) -> None:
    file = keys / "master.key"
    make_key_file(file, environment)
    (keys / ".master.key.1.part").write_bytes(b"half of a key")
    add_version(file, environment)
    assert [entry.name for entry in keys.iterdir()] == ["master.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o622])
def test_a_key_file_that_others_may_use_is_refused(keys: Path, environment: dict[str, str], mode: int) -> None:
    file = keys / "master.key"
    make_key_file(file, environment)
    file.chmod(mode)
    with pytest.raises(KeyFileOpenToOthers, match=r"chmod 600 master\.key"):
        read_key_file(file, environment)


def a_server(folder: Path) -> Path:
    """What the embedded server leaves in its home."""
    (folder / "data").mkdir(parents=True)
    (folder / "roles.json").touch()
    return folder


def a_data_folder(folder: Path) -> Path:
    """PostgreSQL's own."""
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("18\n")
    return folder


def a_pointer(folder: Path) -> Path:
    """A home whose database is elsewhere."""
    folder.mkdir(parents=True)
    (folder / "database-folder").write_text("/elsewhere\n")
    return folder


@pytest.mark.parametrize("make", [a_server, a_data_folder, a_pointer])
@pytest.mark.parametrize("below", ["", "keys", "data/deep/er"])
def test_a_key_file_in_a_folder_that_holds_a_database_is_refused(
    tmp_path: Path, environment: dict[str, str], make: object, below: str
) -> None:
    folder = make(tmp_path / "somewhere") / below  # type: ignore[operator]
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.raises(KeyFileInDataFolder, match="one copy would have both"):
        make_key_file(folder / "master.key", environment)
    assert not (folder / "master.key").exists()


def test_the_home_is_refused_before_there_is_a_database_in_it(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "home").mkdir()
    with pytest.raises(KeyFileInDataFolder):
        make_key_file(tmp_path / "home" / "master.key", environment)


def test_a_link_does_not_hide_where_the_key_file_lies(
    tmp_path: Path, keys: Path, environment: dict[str, str]
) -> None:
    make_key_file(keys / "real.key", environment)
    home = a_server(tmp_path / "home")
    (keys / "real.key").rename(home / "real.key")
    (keys / "master.key").symlink_to(home / "real.key")
    (tmp_path / "door").symlink_to(home)
    for way in (keys / "master.key", tmp_path / "door" / "real.key"):
        with pytest.raises(KeyFileInDataFolder):
            read_key_file(way, environment)


def test_the_demos_own_key_may_lie_beside_its_data_only_while_its_clock_runs(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    from everyfamily_demo.workspace import _MARK_TEXT, MARK

    home = a_server(tmp_path / "home")
    file = home / "demo" / "keys" / "master.key"
    file.parent.mkdir(parents=True)
    file.touch(0o600)
    file.write_text(base64.b64encode(b"a" * 32).decode())
    demo = environment | {"EVERYFAMILY_CLOCK": "database"}
    with pytest.raises(KeyFileInDataFolder):
        read_key_file(file, demo)
    (home / "demo" / MARK).write_text(_MARK_TEXT)
    assert read_key_file(file, demo).versions == (1,)
    with pytest.raises(KeyFileInDataFolder):
        read_key_file(file, environment)


def test_a_key_that_is_not_there_says_what_to_do(keys: Path, environment: dict[str, str]) -> None:
    with pytest.raises(MasterKeyMissing, match="Make one and set"):
        read_keys(environment)
    with pytest.raises(MasterKeyMissing, match="cannot be read"):
        read_key_file(keys / "none.key", environment)


def test_a_key_in_the_environment_goes_before_the_file_and_cannot_be_changed(
    keys: Path, environment: dict[str, str]
) -> None:
    make_key_file(keys / "master.key", environment)
    environment |= {
        "EVERYFAMILY_MASTER_KEY": "3 " + base64.b64encode(b"a" * 32).decode(),
        "EVERYFAMILY_MASTER_KEY_FILE": str(keys / "master.key"),
    }
    assert read_keys(environment).versions == (3,)
    with pytest.raises(KeyFileNotNamed):
        key_file(environment)


def test_a_fifo_is_no_key_file(keys: Path, environment: dict[str, str]) -> None:
    """Reading it would wait for ever."""
    os.mkfifo(keys / "master.key", 0o600)
    with pytest.raises((KeyFileOpenToOthers, MasterKeyNotReadable)):
        read_key_file(keys / "master.key", environment)


def test_a_key_file_with_a_second_name_is_refused(
    keys: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """The other name may be in the data folder, and a copy of that folder would hold the key."""
    file = keys / "master.key"
    make_key_file(file, environment)
    other = tmp_path / "elsewhere"
    other.hardlink_to(file)
    with pytest.raises(KeyFileInDataFolder, match="2 names"):
        read_key_file(file, environment)
    other.unlink()
    assert read_key_file(file, environment).version == 1


def test_a_version_of_thousands_of_digits_is_no_version(keys: Path, environment: dict[str, str]) -> None:
    file = keys / "master.key"
    make_key_file(file, environment)
    file.write_text("1" * 5000 + file.read_text()[1:])
    with pytest.raises(MasterKeyNotReadable):
        read_key_file(file, environment)
