"""The file (or the environment) that holds the master keys: where it may be, who may read it, how it changes.

A backup of the data must be useless by itself, so a key file in a folder with a database is refused. Only the demo
keeps its key next to its data, in a folder that says so.
"""

from __future__ import annotations

import contextlib
import glob
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import only_one_in, written
from everyfamily.core.keys.master_keys import MasterKeys, first_master_key, read_master_keys
from everyfamily_postgres.folders import POINTER, HomeNotReachable, base_of, default_home

IN_ENVIRONMENT = "EVERYFAMILY_MASTER_KEY"
FILE_IN_ENVIRONMENT = "EVERYFAMILY_MASTER_KEY_FILE"

_SIGNS_OF_A_DATABASE = (("PG_VERSION",), ("roles.json", "data"), (POINTER,))
"""Names that are found together in a folder of PostgreSQL's, or of everyfamily's own server."""
_DEMO_MARK = ("demo.txt", b"This folder was made by `everyfamily demo`")
_LONGEST = 100_000


class MasterKeyMissing(EveryfamilyError):
    """There is no master key in the environment and no key file."""

    code = "EF403"


class MasterKeyFileExists(EveryfamilyError):
    """A key file is never overwritten, because what it wrapped could not be read again."""

    code = "EF405"


class KeyFileInDataFolder(EveryfamilyError):
    """The key file is in the same place as the database, so one copy would hold both."""

    code = "EF406"


class KeyFileOpenToOthers(EveryfamilyError):
    """Others on this machine may read or change the key file."""

    code = "EF407"


class KeyFileNotNamed(EveryfamilyError):
    """Only a key file can be changed, and none is named."""

    code = "EF411"


class KeyFileNotWritten(EveryfamilyError):
    """The key file could not be written. What was there is unchanged."""

    code = "EF414"


def read_keys(environment: Mapping[str, str]) -> MasterKeys:
    """The master keys in EVERYFAMILY_MASTER_KEY, or otherwise in the file that EVERYFAMILY_MASTER_KEY_FILE names.

    Raises MasterKeyMissing, MasterKeyNotReadable, KeyFileInDataFolder, KeyFileOpenToOthers.
    """
    text = environment.get(IN_ENVIRONMENT)
    if text is not None:
        return read_master_keys(text, source=IN_ENVIRONMENT)
    named = environment.get(FILE_IN_ENVIRONMENT)
    if named is None:
        raise MasterKeyMissing(
            "There is no master key.",
            f"Make one and set {FILE_IN_ENVIRONMENT} to that file.",
        )
    return read_key_file(Path(named), environment)


def read_key_file(file: Path, environment: Mapping[str, str]) -> MasterKeys:
    """The master keys in a file. Raises what `read_keys` raises."""
    try:
        _refuse_data_folder(file, environment)
        # Without waiting, because a pipe with this name would never answer.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="ascii") as opened:
            _refuse_open_to_others(file, opened.fileno())
            text = opened.read(_LONGEST)
    except (OSError, UnicodeDecodeError) as problem:
        raise MasterKeyMissing(
            "The key file cannot be read.",
            f"Correct its path or its rights. {FILE_IN_ENVIRONMENT} names it.",
            SourceLocation(file.name),
        ) from problem
    return read_master_keys(text, source=file.name)


def key_file(environment: Mapping[str, str]) -> Path:
    """The key file in use. Raises KeyFileNotNamed if the key is in the environment itself."""
    if IN_ENVIRONMENT in environment or FILE_IN_ENVIRONMENT not in environment:
        raise KeyFileNotNamed(
            "The master key is not in a file, and only a file can hold more than one version safely.",
            f"Put the key in a file of mode 600, name it in {FILE_IN_ENVIRONMENT}, and unset {IN_ENVIRONMENT}.",
        )
    return Path(environment[FILE_IN_ENVIRONMENT])


def make_key_file(file: Path, environment: Mapping[str, str]) -> None:
    """Make a key file with a first master key, mode 600. Raises MasterKeyFileExists, KeyFileInDataFolder."""
    _refuse_data_folder(file, environment)
    real = file.resolve()
    with _alone_in(real.parent):
        if real.exists() or file.is_symlink():
            raise MasterKeyFileExists(
                "There is a file of this name already.", "Choose another.", SourceLocation(file.name)
            )
        _write(real, first_master_key().text())


def add_version(file: Path, environment: Mapping[str, str]) -> int:
    """Add the next version to a key file, completely or not at all. Returns the version. Raises what `read_keys`
    raises."""
    real = file.resolve()
    with _alone_in(real.parent):
        keys = read_key_file(real, environment).with_next()
        _write(real, keys.text())
    return keys.version


def remove_version(file: Path, version: int, environment: Mapping[str, str]) -> None:
    """Take a version out of a key file. Raises MasterKeyVersionMissing, MasterKeyVersionInUse for the newest."""
    real = file.resolve()
    with _alone_in(real.parent):
        _write(real, read_key_file(real, environment).without(version).text())


def _refuse_data_folder(file: Path, environment: Mapping[str, str]) -> None:
    real = file.resolve()
    if _holds_a_database(real, environment) and not _is_the_demos(real, environment):
        raise KeyFileInDataFolder(
            "The key file is in the folder of the database, so one copy would have both.",
            f"Move it to a folder that is not backed up with the data, and set {FILE_IN_ENVIRONMENT} to it.",
            SourceLocation(file.name),
        )


def _holds_a_database(real: Path, environment: Mapping[str, str]) -> bool:
    with contextlib.suppress(HomeNotReachable):
        home = default_home(environment).resolve()
        if any(real.is_relative_to(folder.resolve()) for folder in (home, base_of(home))):
            return True
    # os.path.exists: for a folder that we may not enter it says no, where Path.exists would raise.
    return any(
        all(os.path.exists(folder / name) for name in sign)  # noqa: PTH110
        for folder in real.parents
        for sign in _SIGNS_OF_A_DATABASE
    )


def _is_the_demos(real: Path, environment: Mapping[str, str]) -> bool:
    """The demo's own key in the demo's own folder, while the demo's simulated clock runs."""
    name, words = _DEMO_MARK
    mark = real.parent.parent / name
    return (
        environment.get("EVERYFAMILY_CLOCK") == "database"
        and real.parent.name == "keys"
        and mark.is_file()
        and mark.read_bytes().startswith(words)
    )


def _refuse_open_to_others(file: Path, opened: int) -> None:
    found = os.fstat(opened)
    mode, names = found.st_mode, found.st_nlink
    if not stat.S_ISREG(mode):
        raise KeyFileOpenToOthers(
            "The key is not in a regular file.", "Name a regular file.", SourceLocation(file.name)
        )
    if names > 1:
        raise KeyFileInDataFolder(
            f"The key file has {names} names (hard links), and another may be in the folder of the database.",
            "Copy it to a new file of mode 600, use that, and remove every name of this one.",
            SourceLocation(file.name),
        )
    if mode & 0o077:
        raise KeyFileOpenToOthers(
            f"Others on this machine may use the key file (mode {stat.S_IMODE(mode):o}).",
            f"Close it to them: chmod 600 {file.name}",
            SourceLocation(file.name),
        )


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two commands that change a key file wait for each other."""
    if not os.access(folder, os.R_OK):
        raise MasterKeyMissing(
            "The folder of the key file cannot be opened.",
            "Make it first, or choose another.",
            SourceLocation(folder.name),
        )
    with only_one_in(folder):
        yield


def _write(real: Path, text: str) -> None:
    """Replace the file with a complete new one: after a crash there is either the old one or the new one."""
    try:
        for left in real.parent.glob(f".{glob.escape(real.name)}.*.part"):
            # The machine stopped while a file was being written: it holds keys, and nobody else is in this folder now.
            left.unlink(missing_ok=True)
        with written(real) as file:
            file.write(text.encode("ascii"))
            if os.geteuid() == 0 and real.exists():
                was = real.stat()
                os.fchown(file.fileno(), was.st_uid, was.st_gid)
    except OSError as problem:
        raise KeyFileNotWritten(
            f"The key file could not be written ({(problem.strerror or 'unknown reason').lower()}).",
            "Choose a folder that you may write to and that has room.",
            SourceLocation(real.name),
        ) from problem
