"""Where the database lives when nothing, or something odd, is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from everyfamily_postgres.folders import ROOT_HOME, SOCKET_PATH_BYTES, Folders, default_home
from everyfamily_postgres.os_user import OsUser


@pytest.fixture
def ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 65534)


@pytest.mark.usefixtures("ordinary_user")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HOME": "/home/ada"}, "/home/ada/.local/share/everyfamily"),
        ({"HOME": "/home/ada", "EVERYFAMILY_HOME": " "}, "/home/ada/.local/share/everyfamily"),
        ({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"}, "/data/everyfamily"),
        ({"HOME": "/home/ada", "XDG_DATA_HOME": "relative"}, "/home/ada/.local/share/everyfamily"),
        ({"HOME": "/home/ada", "EVERYFAMILY_HOME": "/srv/letters"}, "/srv/letters"),
    ],
)
def test_an_ordinary_user_has_it_in_their_data_folder(environment: dict[str, str], expected: str) -> None:
    assert default_home(environment) == Path(expected)


@pytest.mark.usefixtures("ordinary_user")
def test_an_empty_home_falls_back_to_the_list_of_users() -> None:
    assert default_home({"HOME": ""}).is_absolute()


def test_root_has_it_under_var_lib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_home({"HOME": "/root", "XDG_DATA_HOME": "/root/data"}) == ROOT_HOME


@pytest.mark.parametrize("length", [1, 50, 200])
def test_the_socket_path_fits_the_kernel(length: int) -> None:
    account = OsUser("ada", 1000, 1000, is_ours=True)
    base = Path("/srv") / ("x" * length)
    run = Folders(base, base, account).run
    assert len(os.fsencode(run / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
    assert (run.parent == base) is (length <= 50)
