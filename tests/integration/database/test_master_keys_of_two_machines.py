"""Two machines use one database, each with its own key file: no version of the master key is made twice."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connections

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org")


@pytest.fixture
def machines(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """The same key file on two machines; the first is in use here."""
    import os

    from everyfamily.people.keys.master_key_file import make_key_file

    monkeypatch.delenv("EVERYFAMILY_MASTER_KEY")
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir(mode=0o700)
        files.append(tmp_path / name / "master.key")
    make_key_file(files[0], os.environ)
    shutil.copy(files[0], files[1])
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(files[0]))
    yield files[0], files[1]


def new_master(file: Path, *more: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["keys", "new-master", str(file), *more])


def versions(file: Path) -> list[str]:
    return [line.split()[0] for line in file.read_text().splitlines()]


def test_of_two_at_once_one_makes_the_version_and_the_other_is_told(
    city: City, machines: tuple[Path, Path]
) -> None:
    from everyfamily.mailings.actions.keys.master_key import add_master_version

    together = threading.Barrier(2)
    answers: list[object] = []

    def make(file: Path) -> None:
        try:
            together.wait(20)
            answers.append(add_master_version(file, by=Actor.typed("test"), now=NOW))
        except EveryfamilyError as problem:
            answers.append(problem.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make, args=[file]) for file in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, answers)) == ["2", "EF419"]
    assert sorted(map(versions, machines)) == [["1"], ["1", "2"]]


def test_the_machine_that_is_told_copies_the_file_and_goes_on(city: City, machines: tuple[Path, Path]) -> None:
    here, there = machines
    assert new_master(here).exit_code == 0
    was = there.read_bytes()
    told = new_master(there)
    assert (told.exit_code, "EF419" in told.output, "master.key" in told.output) == (2, True, True)
    assert there.read_bytes() == was
    shutil.copy(here, there)
    assert new_master(there).exit_code == 0
    assert versions(there) == ["1", "2", "3"]
    assert "EF419" in new_master(here).output


def test_another_key_of_the_same_number_is_told_before_it_wraps_more(
    city: City, machines: tuple[Path, Path]
) -> None:
    """As two machines made it before the database kept watch, or by hand."""
    import os

    from everyfamily.people.keys.master_key_file import add_version

    here, there = machines
    assert new_master(here).exit_code == 0
    add_version(there, os.environ)
    told = new_master(there)
    assert (told.exit_code, "EF419" in told.output) == (2, True)
    assert versions(there) == ["1", "2"]


@pytest.mark.parametrize("what", ["a school's key", "a mailing's key"])
def test_what_another_machines_key_of_the_same_number_wrapped_counts_as_lost(
    city: City, machines: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Otherwise a rewrap would say that everything is done, and the file that opens it could be thrown away."""
    import os

    from everyfamily.cli.main import main
    from everyfamily.people.keys.master_key_file import add_version

    here, there = machines
    for file in machines:
        add_version(file, os.environ)
    if what == "a mailing's key":
        city.school(URN, sends="school")
        city.open()
    else:
        city.school(URN, [ANA])
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(there))
    done = CliRunner().invoke(main, ["keys", "rewrap"])
    code = "EF401" if what == "a mailing's key" else "EF418"
    assert (done.exit_code, code in done.output) == (2, True), done.output
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(here))
    assert CliRunner().invoke(main, ["keys", "rewrap"]).exit_code == 0


def test_by_a_persons_word_that_it_is_lost_the_number_is_used_again(
    city: City, machines: tuple[Path, Path]
) -> None:
    from everyfamily.audit.queries.events import details_of

    here, there = machines
    assert new_master(here).exit_code == 0
    here.unlink()
    assert "EF419" in new_master(there, "--by", "Una Marsh").output
    assert new_master(there, "--although-lost", "--by", "Una Marsh").exit_code == 0
    assert [event.get("although lost") for event in details_of("add master key", "master key")] == [None, True]
    assert new_master(there).exit_code == 0
    assert versions(there) == ["1", "2", "3"]


def test_the_audit_trail_holds_no_key(city: City, machines: tuple[Path, Path]) -> None:
    from everyfamily.audit.models import AuditEvent

    assert new_master(machines[0]).exit_code == 0
    written = " ".join(str(event.detail) for event in AuditEvent.objects.all())
    for line in machines[0].read_text().splitlines():
        assert line.split()[1] not in written
