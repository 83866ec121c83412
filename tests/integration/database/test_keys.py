"""Without the keys the data are useless, and the keys change without losing anything."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError, connection

from everyfamily.core.actors import Actor
from everyfamily.core.keys.vault import SchoolKeys, ValueDoesNotOpen, Vault
from everyfamily_postgres.binaries import programs_folder
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import SUPERUSER, Role, load_passwords
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
BOTH = ("--yes", "--by", "Una Marsh", "--agreed-by", "Pat Example")
LATER = NOW + timedelta(days=2)
ANA = adult(
    "PUPIL-8841",
    "Anastazja Ferrisova",
    EMAIL="anastazja.ferrisova@example.org",
    MOBILE="07700900123",
    ADDRESS_1="17 Zyphora Row",
    ADDRESS_2="Eastmere",
    POSTCODE="EM4 7QX",
)
BEN = adult(
    "PUPIL-8841",
    "Benedikt Quillfeather",
    EMAIL="b.quillfeather@example.com",
    RELATIONSHIP="father",
    RESTRICTION="do not send",
)
PLANTED = (
    *("Anastazja", "Ferrisova", "Quillfeather", "anastazja.ferrisova@example.org", "b.quillfeather"),
    *("07700900123", "7700900123", "17 Zyphora Row", "Zyphora", "EM4 7QX", "EM47QX", "PUPIL-8841"),
)


@pytest.fixture
def key_file(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key file of the test's own, named in the environment."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    monkeypatch.delenv("EVERYFAMILY_MASTER_KEY")
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(folder / "master.key"))
    assert command("master-key", str(folder / "master.key")).exit_code == 0
    yield folder / "master.key"


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def everything(server: Server) -> dict[str, str]:
    """Every row of every table, as a superuser whom row security does not bind: what a backup holds."""
    password = load_passwords(server.folders.passwords, database_exists=True)[SUPERUSER]
    with psycopg.connect(server.dsn(Role.OWNER), user=SUPERUSER, password=password) as all_seeing:
        tables = [
            row[0]
            for row in all_seeing.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        ]
        found = {}
        for table in tables:
            rows = all_seeing.execute(f'SELECT t::text FROM "{table}" t').fetchall()
            found[table] = "\n".join(row[0] for row in rows)
    return found


def pg_dump(server: Server) -> str:
    """What PostgreSQL's own program writes for a backup, as the superuser."""
    password = load_passwords(server.folders.passwords, database_exists=True)[SUPERUSER]
    program = programs_folder(server.folders) / "pg_dump"
    done = subprocess.run(
        [str(program), "-h", str(server.socket_dir), "-U", SUPERUSER, "-d", server.database],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def disguises(word: str) -> set[str]:
    """A word unchanged, in hex, and in base64 at each of its three offsets; all in lower case."""
    raw = [word.encode(), word.lower().encode(), word.upper().encode(), word.encode("utf-16-le")]
    hexed = {piece.hex() for piece in raw}
    based = set()
    for piece in raw:
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + piece).decode()
            # The first and last letters mix with the neighbours.
            based.add(encoded[4 if shift else 0 : -4])
    return {word.lower()} | hexed | {piece.lower() for piece in based if len(piece) > 8}


def shows(dump: dict[str, str], words: tuple[str, ...] = PLANTED) -> list[tuple[str, str]]:
    return [
        (table, word)
        for table, text in dump.items()
        for word in words
        if any(disguise in text.lower() for disguise in disguises(word))
    ]


def opened(school: int) -> dict[str, list[str]]:
    """Every value of a school, opened with the keys in force."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import ENCRYPTED, open_vault

    with tenant(school), connection.cursor() as cursor:
        vault = open_vault(school, now=NOW)
        found: dict[str, list[str]] = {}
        for table, column, place in ENCRYPTED:
            cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY id")
            found[place] = [vault.decrypt(place, row, bytes(blob)) for row, blob in cursor.fetchall()]
        return found


def hashes(school: int) -> list[bytes]:
    """Every keyed hash of a school."""
    from everyfamily.people.database.tenancy import tenant

    with tenant(school), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_hash FROM people_pupil UNION ALL SELECT value_hash FROM people_contactpoint "
            "UNION ALL SELECT unnest(ARRAY[identity_hash, name_hash, first_name_hash, initial_hash]) FROM people_parent"
        )
        return sorted(bytes(row[0]) for row in cursor.fetchall())


def key_row(school: int) -> Any:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import SchoolKey

    with tenant(school):
        return SchoolKey.objects.get(school_id=school)


def test_the_search_of_the_next_test_finds_a_word_in_each_disguise() -> None:
    for text in (
        "x Zyphora y",
        b"x Zyphora y".hex(),
        *(base64.b64encode(b"x" * pad + b"17 Zyphora Row, Eastmere").decode() for pad in range(3)),
    ):
        assert shows({"table": text}, ("17 Zyphora Row", "Zyphora"))
    assert not shows({"table": "zyphoraless".replace("zyphora", "")})


def test_a_backup_without_the_keys_shows_nobody_and_with_them_everybody(city: City, database: Server) -> None:
    school = city.school(URN, [ANA, BEN])
    city.open()
    city.send()
    city.hear([("anastazja.ferrisova@example.org", "permanent-failure")], LATER)
    city.send(LATER)
    dump = everything(database)
    assert {"people_parent", "people_contactpoint", "audit_auditevent", "mailings_attempt"} <= set(dump)
    assert all(dump[table] for table in ("people_parent", "people_pupil", "people_contactpoint"))
    backup = pg_dump(database)
    assert bytes(key_row(school).wrapped).hex() in backup, "it is a backup of the families' rows too"
    assert shows(dump | {"pg_dump": backup}) == []
    assert opened(school) == {
        "pupil": ["PUPIL-8841"],
        "parent": ["Anastazja Ferrisova", "Benedikt Quillfeather"],
        "contact": [
            "anastazja.ferrisova@example.org",
            "+447700900123",
            "17 Zyphora Row\nEastmere\nEM4 7QX",
            "b.quillfeather@example.com",
        ],
        "export": [],
        "note": [],
    }


def test_another_master_key_opens_nothing_of_a_backup(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    school = city.school(URN, [ANA])
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY", base64.b64encode(b"n" * 32).decode())
    with pytest.raises(ValueDoesNotOpen):
        opened(school)


def test_after_a_school_key_is_destroyed_not_even_the_master_key_opens_anything(
    city: City, database: Server
) -> None:
    from everyfamily.people.keys.school_keys import SchoolKeyDestroyed

    school = city.school(URN, [ANA, BEN])
    other = city.school(900002, [adult("P9", "Dee Marsh", EMAIL="dee@example.org")])
    wrapped = bytes(key_row(school).wrapped)
    before = everything(database)
    assert wrapped.hex() in before["people_schoolkey"]
    refused = command("keys", "destroy", "--school", str(URN))
    assert (refused.exit_code, "EF416" in refused.output) == (2, True)
    assert opened(school)
    assert command("keys", "destroy", "--school", str(URN), *BOTH).exit_code == 0
    after = everything(database)
    assert wrapped.hex() not in after["people_schoolkey"]
    assert not [table for table, text in after.items() if wrapped.hex() in text]
    assert after["people_parent"] == before["people_parent"], "what was sealed stands, and nothing opens it"
    with pytest.raises(SchoolKeyDestroyed, match="cannot be read again"):
        opened(school)
    with pytest.raises(SchoolKeyDestroyed):
        city.import_rows(URN, [ANA])
    assert opened(other)["parent"] == ["Dee Marsh"]
    assert trail(school)[-2:] == ["ask to destroy school key|Una Marsh", "destroy school key|Pat Example"]


def trail(school: int) -> list[str]:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(school):
        return [
            f"{event.action}|{event.actor}"
            for event in AuditEvent.objects.filter(school_id=school).order_by("id")
        ]


def test_a_school_whose_key_is_destroyed_holds_and_comes_back_under_a_new_one(city: City) -> None:
    from everyfamily.mailings.models import MailingSchool
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(URN, [ANA, BEN], order=["email"])
    city.open()
    city.send()
    assert [line["to"] for line in city.outbox()] == ["anastazja.ferrisova@example.org"]
    assert command("keys", "destroy", "--school", str(URN), *BOTH, "--although-open").exit_code == 0
    city.send(LATER)
    assert MailingSchool.objects.get(school_id=school).state == "held"
    attest_school(school, by=Actor.typed("lead"), now=LATER)
    city.send(LATER)
    assert MailingSchool.objects.get(school_id=school).state == "held", "attesting alone does not bring it back"
    renewed = command("keys", "renew", "--school", str(URN), "--json")
    assert json.loads(renewed.output) == {"children": 1, "restrictions": 1}
    again = command("keys", "renew", "--school", str(URN))
    assert (again.exit_code, "EF413" in again.output) == (2, True)
    assert opened(school) == {"pupil": [], "parent": [], "contact": [], "export": [], "note": []}
    joins = adult("PUPIL-8842", "Cleo Marsh", EMAIL="cleo@example.org")
    city.import_rows(URN, [ANA, BEN, joins], LATER)
    assert opened(school)["pupil"] == ["PUPIL-8841", "PUPIL-8842"]
    city.attest(URN, LATER)
    city.send(LATER)
    assert sorted(line["to"] for line in city.outbox()) == [
        "anastazja.ferrisova@example.org",
        "cleo@example.org",
    ], "who had it before the key was destroyed has it once"
    assert city.coverage(LATER).total.children == 2


def test_a_rotation_seals_every_value_again_and_meets_everybody_again(city: City) -> None:
    school = city.school(URN, [ANA, BEN])
    city.school(900002, [adult("P9", "Dee Marsh")])
    values, known, old = opened(school), hashes(school), key_row(school)
    rotated = command("keys", "rotate", "--school", str(URN), "--json")
    assert json.loads(rotated.output) == {"schools": 1, "values": 7}
    row = key_row(school)
    assert (row.version, opened(school), hashes(school)) == (2, values, known)
    for table, text in {"parent": "name", "contactpoint": "value", "pupil": "id_encrypted"}.items():
        assert first_bytes(school, table, text) == {2}
    with pytest.raises(ValueDoesNotOpen):
        open_with(school, bytes(old.wrapped), version=2)
    report = city.import_rows(URN, [ANA, BEN | {"RESTRICTION": ""}], LATER)
    assert (report.joined, report.left_proposed, report.adults) == (0, 0, 2)
    assert opened(school)["parent"] == values["parent"]
    assert json.loads(command("keys", "rotate", "--all", "--json").output)["schools"] == 2
    assert (key_row(school).version, opened(school)) == (3, values)
    assert "rotate school key" in " ".join(trail(school))


def first_bytes(school: int, table: str, column: str) -> set[int]:
    from everyfamily.people.database.tenancy import tenant

    with tenant(school), connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT get_byte({column}, 0) FROM people_{table} WHERE {column} IS NOT NULL")
        return {row[0] for row in cursor.fetchall()}


def open_with(school: int, wrapped: bytes, *, version: int) -> str:
    """The first adult's name, opened with an older key."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import master_key
    from everyfamily.people.models import Parent

    vault = Vault.of(school, SchoolKeys.from_bundle(master_key().unwrap(school, wrapped)), version)
    with tenant(school):
        parent = Parent.objects.order_by("id").first()
        assert parent is not None
        return vault.decrypt("parent", parent.pk, bytes(parent.name))


def test_every_column_that_holds_bytes_is_rotated_or_is_a_hash_or_a_wrapped_key(database: Server) -> None:
    from django.apps import apps
    from django.db.models import BinaryField

    from everyfamily.people.keys.school_keys import ENCRYPTED

    binary = {
        (model._meta.db_table, column.name)
        for name in ("people", "mailings", "letters", "audit")
        for model in apps.get_app_config(name).get_models()
        for column in model._meta.get_fields()
        if isinstance(column, BinaryField)
    }
    keys = {("people_schoolkey", "wrapped"), ("mailings_mailing", "ledger_key")}
    letters = {(table, name) for table, name in binary if table.startswith("letters_")}
    hashed = {(table, name) for table, name in binary if name.endswith("_hash")}
    hashed |= {
        (table, name)
        for table, name in binary
        if name in ("closing_keys", "doubt_keys", "near_key", "alike_keys")
    }
    digests = {("audit_auditlink", "previous"), ("audit_auditlink", "digest")}
    # A rotation drops uploaded files: nobody waits long for one.
    dropped = {("people_rollupload", "note"), ("people_rolluploadpart", "content")}
    assert binary - keys - letters - hashed - digests - dropped == {
        (table, column) for table, column, _ in ENCRYPTED
    }


def test_a_rotation_that_breaks_leaves_the_old_key_in_force(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.people.actions.keeping import key_rotation

    school = city.school(URN, [ANA, BEN])
    values, was = opened(school), bytes(key_row(school).wrapped)
    whole = key_rotation._seal_again

    def breaks_at_the_last(school_id: int, place: tuple[str, str, str], old: Vault, new: Vault) -> int:
        done = whole(school_id, place, old, new)
        if place[2] == "contact":
            raise RuntimeError("the machine went down here")
        return done

    monkeypatch.setattr(key_rotation, "_seal_again", breaks_at_the_last)
    with pytest.raises(RuntimeError):
        key_rotation.rotate_school_key(school, by=Actor.typed("test"), now=NOW)
    row = key_row(school)
    assert (row.version, bytes(row.wrapped), opened(school)) == (1, was, values)
    monkeypatch.undo()
    assert key_rotation.rotate_school_key(school, by=Actor.typed("test"), now=NOW).version == 2
    assert opened(school) == values


def test_a_rotation_goes_page_by_page(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.people.actions.keeping import key_rotation

    monkeypatch.setattr(key_rotation, "PAGE", 2)
    school = city.school(
        URN,
        [
            adult(f"P{number}", f"Parent {'abcdefg'[number]}", EMAIL=f"p{number}@example.org")
            for number in range(7)
        ],
    )
    values = opened(school)
    assert key_rotation.rotate_school_key(school, by=Actor.typed("test"), now=NOW).values == 21
    assert opened(school) == values


def test_the_version_after_the_last_is_the_first_and_everything_opens(city: City) -> None:
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import SchoolKey

    school = city.school(URN, [ANA])
    values = opened(school)
    rotate_school_key(school, by=Actor.typed("test"), now=NOW)
    with tenant(school), connection.cursor() as cursor:
        # As after 254 rotations.
        SchoolKey.objects.update(version=255)
        for table, column in (("pupil", "id_encrypted"), ("parent", "name"), ("contactpoint", "value")):
            cursor.execute(f"UPDATE people_{table} SET {column} = set_byte({column}, 0, 255)")
    assert rotate_school_key(school, by=Actor.typed("test"), now=NOW).version == 1
    assert opened(school) == values


def test_a_rotation_waits_for_whoever_has_the_key_open(city: City) -> None:
    """Otherwise an import that began before would write under a key that is gone."""
    from everyfamily.people.actions.keeping.key_destruction import destroy_school_key
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    school = city.school(URN, [ANA])
    is_open, may_close = threading.Event(), threading.Event()

    def imports() -> None:
        with tenant(school):
            open_vault(school, now=NOW)
            is_open.set()
            may_close.wait(20)
        connection.close()

    importer = threading.Thread(target=imports)
    importer.start()
    assert is_open.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    by, agreed_by = Actor.typed("test"), Actor.typed("another test")
    for change in (rotate_school_key, partial(destroy_school_key, agreed_by=agreed_by)):
        with pytest.raises(OperationalError, match="lock timeout"):
            change(school, by=by, now=NOW)
    assert opened(school)["parent"] == ["Anastazja Ferrisova"], "reading goes on beside it"
    may_close.set()
    importer.join(20)
    assert rotate_school_key(school, by=Actor.typed("test"), now=NOW).version == 2


def test_a_new_master_key_takes_over_step_by_step_and_every_step_may_be_the_last(
    city: City, key_file: Path
) -> None:
    from everyfamily.mailings.actions.keys.ledger_keys import ledger_keys_by_master_version
    from everyfamily.people.actions.keeping.key_rotation import rewrap_school_key

    first = city.school(URN, [ANA], order=["email"])
    second = city.school(900002, [adult("P9", "Dee Marsh", EMAIL="dee@example.org")], order=["email"])
    city.school(900003, sends="school")
    city.open()
    assert command("keys", "new-master", str(key_file)).exit_code == 0
    assert rewrap_school_key(first, by=Actor.typed("test"), now=NOW), "and here the machine goes down"
    assert [key_row(school).master_version for school in (first, second)] == [2, 1]
    assert all(opened(school)["parent"] for school in (first, second))
    status = json.loads(command("keys", "status", "--json").output)
    assert status == {
        "newest": 2,
        "master_keys": [
            {"version": 1, "here": True, "schools": 1, "mailings": 1},
            {"version": 2, "here": True, "schools": 1, "mailings": 0},
        ],
        "without_key": [900003],
        "destroyed": [],
    }
    refused = command("keys", "forget-master", "1")
    assert (refused.exit_code, "still wraps keys: of schools 1, of mailings 1." in refused.output) == (2, True)
    done = json.loads(command("keys", "rewrap", "--json").output)
    assert done == {"schools": 1, "mailings": 1, "unused": [1]}
    assert json.loads(command("keys", "rewrap", "--json").output) == {"schools": 0, "mailings": 0, "unused": [1]}
    assert ledger_keys_by_master_version() == {2: 1}
    assert command("keys", "forget-master", "1").exit_code == 0
    assert [line.split()[0] for line in key_file.read_text().splitlines()] == ["2"]
    newest = command("keys", "forget-master", "2")
    assert (newest.exit_code, "EF415" in newest.output) == (2, True)
    city.send()
    assert sorted(line["to"] for line in city.outbox()) == ["anastazja.ferrisova@example.org", "dee@example.org"]
    assert all(opened(school)["parent"] for school in (first, second))
    assert "Master key 2 (newest): wraps the keys of 2 schools, 1 mailing." in command("keys", "status").output


def test_a_machine_without_the_new_master_key_says_which_it_lacks(city: City, key_file: Path) -> None:
    from everyfamily.core.keys.master_keys import MasterKeyVersionMissing

    school = city.school(URN, [ANA])
    before = key_file.read_text()
    command("keys", "new-master", str(key_file))
    command("keys", "rewrap")
    key_file.write_text(before)
    with pytest.raises(MasterKeyVersionMissing, match="version 2 of the master key, but only these are here: 1"):
        opened(school)
    assert "Master key 2 (NOT HERE)" in command("keys", "status").output


def test_a_key_file_in_the_databases_home_is_refused(
    city: City, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = city.school(URN, [ANA])
    monkeypatch.delenv("EVERYFAMILY_MASTER_KEY")
    inside = database.folders.base / "master.key"
    refused = command("master-key", str(inside))
    assert (refused.exit_code, "EF406" in refused.output, inside.exists()) == (2, True, False)
    inside.touch(0o600)
    inside.write_text(base64.b64encode(b"m" * 32).decode())
    monkeypatch.setenv("EVERYFAMILY_MASTER_KEY_FILE", str(inside))
    from everyfamily.people.keys.master_key_file import KeyFileInDataFolder

    with pytest.raises(KeyFileInDataFolder):
        opened(school)
    inside.unlink()


def test_a_key_command_says_which_schools_it_means(city: City) -> None:
    city.school(URN)
    for words in (("rotate",), ("rotate", "--school", str(URN), "--all")):
        assert "EF417" in command("keys", *words).output
    assert "EF412" in command("keys", "rotate", "--school", str(URN)).output
    assert "EF210" in command("keys", "rotate", "--school", "900999").output
