"""Keys change while others work: a purge, a first import, a mailing; and a word that was given about other people."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError, connection, connections

from everyfamily.core.actors import Actor
from everyfamily.core.keys.vault import Vault
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
BOTH = ("--yes", "--by", "Una Marsh", "--agreed-by", "Pat Example")
LATER = NOW + timedelta(hours=2)
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org")


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key file for this test, in use."""
    import os

    from everyfamily.people.keys.master_key_file import make_key_file

    monkeypatch.delenv("EVERYFAMILY_MASTER_KEY")
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    file = folder / "master.key"
    make_key_file(file, os.environ)
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(file))
    yield file


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def beside(work: Callable[[], object]) -> threading.Thread:
    """Work on a separate connection."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_rotation_brings_nothing_back_that_a_purge_clears(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.core.sending.keeping import PurgeReason
    from everyfamily.people.actions.keeping import key_rotation
    from everyfamily.people.actions.keeping.purging import count_values, purge_school

    school = city.school(URN, [ANA])
    pages = key_rotation._pages
    purging: list[threading.Thread] = []

    def purged_once_read(school_id: int, names: object) -> Iterator[object]:
        for page in pages(school_id, names):  # type: ignore[arg-type]
            if not purging:
                purging.append(
                    beside(
                        lambda: purge_school(school, reason=PurgeReason.ASKED, by=Actor.typed("test"), now=LATER)
                    )
                )
                purging[0].join(1)
            yield page

    monkeypatch.setattr(key_rotation, "_pages", purged_once_read)
    key_rotation.rotate_school_key(school, by=Actor.typed("test"), now=LATER)
    purging[0].join(20)
    assert count_values(school).total == 0


def test_a_file_that_comes_during_a_rotation_is_told_what_is_under_way(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.people.actions.keeping import key_rotation

    school = city.school(URN, [ANA])
    pages = key_rotation._pages
    told: list[EveryfamilyError] = []

    def file_comes() -> None:
        with pytest.raises(EveryfamilyError) as raised:
            city.import_rows(URN, [ANA], LATER)
        told.append(raised.value)

    def in_the_middle(school_id: int, names: object) -> Iterator[object]:
        for page in pages(school_id, names):  # type: ignore[arg-type]
            if not told:
                beside(file_comes).join(20)
            yield page

    monkeypatch.setattr(key_rotation, "_pages", in_the_middle)
    key_rotation.rotate_school_key(school, by=Actor.typed("test"), now=LATER)
    assert [(problem.code, "its key" in problem.fact) for problem in told] == [("EF231", True)]
    assert city.import_rows(URN, [ANA], LATER).joined == 0


def test_what_a_carrier_said_waits_for_a_rotation(city: City) -> None:
    """Both write contact points: in another order each would wait for the other."""
    from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import hold_key

    school = city.school(URN, [ANA])
    rotates, may_end = threading.Event(), threading.Event()

    def rotation() -> None:
        with tenant(school):
            hold_key(school, exclusive=True)
            rotates.set()
            may_end.wait(20)

    thread = beside(rotation)
    assert rotates.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with pytest.raises(OperationalError, match="lock timeout"), tenant(school):
        mirror_attempts(school, LATER)
    may_end.set()
    thread.join(20)


def test_a_master_key_is_not_forgotten_that_wraps_a_key_which_nobody_else_sees_yet(
    city: City, key_file: Path
) -> None:
    """A school's first import begins before the new master key, and ends after the old one was to be forgotten."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    school = city.school(URN)
    made, may_end = threading.Event(), threading.Event()

    def first_import() -> None:
        with tenant(school):
            open_vault(school, now=NOW)
            made.set()
            may_end.wait(20)

    importer = beside(first_import)
    assert made.wait(20)
    assert command("keys", "new-master", str(key_file)).exit_code == 0
    assert command("keys", "rewrap").exit_code == 0
    answers: list[Result] = []
    forgets = beside(lambda: answers.append(command("keys", "forget-master", "1")))
    forgets.join(1)
    may_end.set()
    importer.join(20)
    forgets.join(20)
    assert "EF415" in answers[0].output
    with tenant(school):
        open_vault(school, now=NOW)


def test_one_lost_master_key_does_not_keep_the_other_schools_from_the_new_one(city: City, key_file: Path) -> None:
    from everyfamily.core.keys.vault import MasterKey, new_key
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import key_state
    from everyfamily.people.models import SchoolKey

    lost = city.school(URN, [ANA])
    well = city.school(900002, [ANA])
    city.open()
    with tenant(lost):
        stranger = MasterKey(new_key(), 9).wrap(lost, new_key() + new_key())
        SchoolKey.objects.update(wrapped=stranger, master_version=9)
    command("keys", "new-master", str(key_file))
    refused = command("keys", "rewrap")
    assert (refused.exit_code, "EF418" in refused.output, str(URN) in refused.output) == (2, True, True)
    with tenant(well):
        assert key_state(well).master_version == 2  # type: ignore[union-attr]
    assert command("keys", "forget-master", "1").exit_code == 0
    assert command("keys", "destroy", "--school", str(URN), *BOTH, "--although-open").exit_code == 0
    assert command("keys", "renew", "--school", str(URN)).exit_code == 0
    assert command("keys", "rewrap").exit_code == 0


@pytest.mark.parametrize("was_seen", [True, False], ids=["held in between", "between two looks"])
def test_a_word_about_the_people_of_the_old_key_is_none_about_those_of_the_new(
    city: City, was_seen: bool
) -> None:
    """A restriction that the lead had set by hand is lost with the key, and stands in no file."""
    from everyfamily.people.actions.keeping.key_destruction import destroy_school_key
    from everyfamily.people.actions.keeping.key_rotation import renew_school_key
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(URN, [ANA, adult("P2", "Ben Marsh", RESTRICTION="do not send")], order=["email"])
    city.open()
    city.send()
    destroy_school_key(school, by=Actor.typed("Una Marsh"), agreed_by=Actor.typed("Pat Example"), now=LATER)
    if was_seen:
        city.send(LATER)
    renew_school_key(school, by=Actor.typed("Una Marsh"), now=LATER)
    city.import_rows(URN, [ANA, adult("P2", "Ben Marsh", EMAIL="ben@example.org")], LATER)
    city.send(LATER)
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]
    attest_school(school, by=Actor.typed("lead"), now=LATER)
    city.send(LATER)
    assert [line["to"] for line in city.outbox()] == ["ana@example.org", "ben@example.org"]


def test_a_child_carries_one_letter_home_also_under_a_new_key(city: City) -> None:
    from everyfamily.people.actions.keeping.key_destruction import destroy_school_key
    from everyfamily.people.actions.keeping.key_rotation import renew_school_key
    from everyfamily.people.actions.schools.schools import attest_school
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    school = city.school(URN, [ANA], order=["pupil post"])
    city.open()
    city.send()
    destroy_school_key(school, by=Actor.typed("Una Marsh"), agreed_by=Actor.typed("Pat Example"), now=LATER)
    renew_school_key(school, by=Actor.typed("Una Marsh"), now=LATER)
    with tenant(school):
        assert [(p.class_name, p.year_group) for p in Pupil.objects.all()] == [("", "")]
    city.import_rows(URN, [ANA], LATER)
    attest_school(school, by=Actor.typed("lead"), now=LATER)
    city.send(LATER)
    assert len(city.outbox()) == 1


@pytest.mark.parametrize("reads", ["decide_page", "send_created", "proposed_leavers", "subject_access"])
def test_whoever_reads_values_holds_the_key_before_the_first(
    city: City, monkeypatch: pytest.MonkeyPatch, reads: str
) -> None:
    """A rotation between the reading and the opening would leave values that the new key does not open."""
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.actions.ending.subject_access import subject_access
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending import deciding, sending
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.actions.keeping import leavers
    from everyfamily.people.actions.keeping import subject_access as peoples_part
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key
    from everyfamily.people.keys.school_keys import open_vault

    school = city.school(URN, [ANA, adult("P2", "Ben Marsh")], order=["email"])
    city.import_rows(URN, [ANA], NOW)
    city.open()
    begin_wave(city.mailing, school, NOW)
    rotating: list[threading.Thread] = []

    def opened_late(school_id: int, *, now: datetime) -> Vault:
        rotating.append(beside(lambda: rotate_school_key(school, by=Actor.typed("test"), now=LATER)))
        rotating[0].join(1)
        return open_vault(school_id, now=now)

    if reads == "decide_page":
        monkeypatch.setattr(deciding, "vault_of_held_key", opened_late)
        assert deciding.decide_page(city.look(school, NOW)) == 2
    elif reads == "send_created":
        look = city.look(school, NOW)
        deciding.decide_page(look)
        monkeypatch.setattr(sending, "vault_of_held_key", opened_late)
        bodies = Bodies(letter_by_id(1), look.school)
        assert sending.send_created(look, bodies, sending.Sender(carriers(), "test")).called == 1
    elif reads == "subject_access":
        [found] = peoples_part.find_adults(school, "Ana Ferris", now=NOW)
        monkeypatch.setattr(peoples_part, "open_vault", opened_late)
        assert (
            subject_access(school, found.adult, by=Actor.typed("test"), now=NOW)["adult"]["name"] == "Ana Ferris"
        )  # type: ignore[index]
    else:
        monkeypatch.setattr(leavers, "open_vault", opened_late)
        assert [child.own_id for child in leavers.proposed_leavers(school, now=NOW)] == ["P2"]
    rotating[0].join(20)
