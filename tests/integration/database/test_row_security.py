"""With no school set, the app role reads nothing of any school; with one set, an unfiltered query sees only that
one."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, address, adult
from tests.factories.each import each
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

NOT_OF_ONE_SCHOOL = {
    *("mailings_mailingschool", "people_formerurn", "people_urn", "mailings_part", "mailings_joiners"),
    *("accounts_membership", "accounts_invitation", "accounts_schoolinvitation", "accounts_schoolmail"),
    "accounts_schoolmailbox",
}
"""Hold states and numbers of schools and none of their people; the partnership reads them. Those of accounts say for
which school a member of staff has a role."""
TENANT_TABLES = (
    "people_schoolkey",
    "people_pupil",
    "people_parent",
    "people_care",
    "people_contactpoint",
    "people_rollimport",
    "people_attestation",
    "people_rollupload",
    "people_rolluploadpart",
    "people_rollmapping",
    "people_rollanswers",
    "people_rollnote",
    "people_ground",
    "people_call",
    "people_rolltask",
    "people_hometoldapart",
    "people_homesaidone",
    "people_dataexport",
    "people_keydestruction",
    "people_filetotakeback",
    "people_rowbefore",
    "mailings_delivery",
    "mailings_attempt",
    "mailings_deliveryevent",
    "mailings_persontask",
    "mailings_schoolreturn",
    "mailings_returnlink",
    "mailings_returnreminder",
    "mailings_schoolnotice",
)
VIEWS = (
    "people_link",
    "people_link_shown",
    "people_after_word",
    "people_adult_standing",
    "people_way",
    "people_closing_way",
    "people_closed_home",
    "people_closed_bag",
    "people_committed_roll",
    "people_attested",
    "people_open_roll_task",
    "people_child_on_roll",
    "people_child_year",
    "people_child_since",
    "people_child",
    "people_adult",
    "people_known_way",
    "people_same_way",
    "people_objection",
    "people_paper_way",
    "people_decision",
    "mailings_known_delivery",
    "mailings_delivery_proof",
    "mailings_try",
    "mailings_event",
    "mailings_open_task",
    "mailings_known_return",
)
"""Views of what belongs to one school; each reads with the rights of its reader."""
SHARED_VIEWS = (
    *("people_known_school", "people_urn", "letters_known_letter", "letters_open_asking"),
    *(
        "mailings_known_mailing",
        "mailings_part",
        "mailings_messages",
        "mailings_open_mailing_task",
        "mailings_joiners",
    ),
)
"""Views of what belongs to no school's people."""
PERSONAL = {
    "people_pupil": ("id_hash", "id_encrypted"),
    "people_parent": ("name", "identity_hash", "name_hash", "first_name_hash", "initial_hash", "alike_keys"),
    "people_contactpoint": ("value", "closing_keys", "doubt_keys", "near_key"),
    "people_way": ("id",),
    "people_child": ("id_encrypted", "id"),
    "people_adult": ("name", "id"),
    "people_known_way": ("value", "id"),
    "people_same_way": ("same_id", "parent_id"),
    "people_paper_way": ("id_encrypted", "pupil_id"),
    "people_decision": ("decided_by", "parent_id"),
    "people_schoolkey": ("wrapped",),
    "people_rollupload": ("note", "asked_by", "file_digest"),
    "people_rolluploadpart": ("content",),
    "people_rollnote": ("content", "note_hash"),
    "people_dataexport": ("content", "parent_id"),
}


@kept_city
def two_schools(city: City) -> None:
    """Two schools with rows in every table that belongs to a school."""
    from everyfamily.core.accounting.coverage import Return
    from everyfamily.mailings.actions.returns.returns import file_return

    for urn in (900001, 900002):
        city.school(
            urn,
            [
                adult("P1", "Ana Ferris", EMAIL=f"ana{urn}@example.org"),
                adult("P2", "Ben Ferris", **address(urn - 900000)),
                adult("P3", "Col Marsh", RESTRICTION="hold", EMAIL=f"col{urn}@example.org", **address(99)),
                adult("P4", "Dee Marsh", OBJECTS="yes"),
            ],
        )
    city.open()
    city.send()
    city.hear([(f"ana{urn}@example.org", "delivered") for urn in city.schools], NOW + timedelta(hours=1))
    for school_id in city.schools.values():
        file_return(city.mailing, school_id, Return(3, 3, 0, 0, 0, True), by=Actor.typed("office"), now=NOW)
        _fill(city.mailing, school_id)


def _fill(mailing_id: int, school_id: int) -> None:
    """Rows of the tables that a mailing by itself does not fill."""
    from everyfamily.mailings.models import ReturnLink, ReturnReminder, SchoolNotice
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import (
        Call,
        Care,
        ContactPoint,
        DataExport,
        FileToTakeBack,
        Ground,
        HomeSaidOne,
        HomeToldApart,
        KeyDestruction,
        RollAnswers,
        RollMapping,
        RollNote,
        RollTask,
        RollUpload,
        RollUploadPart,
        RowBefore,
    )

    later = NOW + timedelta(days=14)
    with tenant(school_id):
        # Later than any word.
        Care.objects.update(added_in=2**40)
        way = ContactPoint.objects.first()
        assert way is not None
        child = Care.objects.values_list("pupil_id", flat=True)[0]
        RollNote.objects.create(
            school_id=school_id, pupil_id=child, note_hash=b"x", content=b"x", is_closing=True, came_at=NOW
        )
        Ground.objects.create(school_id=school_id, care=Care.objects.all()[0], kind="school", decided_at=NOW)
        Call.objects.create(
            school_id=school_id, parent_id=way.parent_id, kind="look", noted_at=NOW, noted_by="office"
        )
        DataExport.objects.create(school_id=school_id, parent_id=way.parent_id, asked_by="dpo", asked_at=NOW)
        KeyDestruction.objects.create(school_id=school_id, asked_by="dpo", asked_at=NOW)
        HomeToldApart.objects.create(school_id=school_id, way=way, shut=way, told_at=NOW, told_by="Una Marsh")
        HomeSaidOne.objects.create(school_id=school_id, way=way, shut=way, said_at=NOW, said_by="Una Marsh")
        RollMapping.objects.create(school_id=school_id, columns=[], saved_at=NOW, saved_by="office")
        RollAnswers.objects.create(
            school_id=school_id, layout="0" * 32, answers=[], saved_at=NOW, saved_by="office"
        )
        FileToTakeBack.objects.filter(school_id=school_id).delete()
        FileToTakeBack.objects.create(
            school_id=school_id, file_id=1, until=later, decisions=1, pupil=0, parent=0, care=0, contact=0
        )
        RowBefore.objects.create(school_id=school_id, of_table="people_care", row=1, before={})
        upload = RollUpload.objects.create(
            school_id=school_id, file_digest="0" * 64, bytes=1, asked_by="office", asked_at=NOW, keep_until=later
        )
        RollUploadPart.objects.create(school_id=school_id, upload=upload, number=1, content=b"x")
        RollTask.objects.create(
            school_id=school_id, kind="relationship", owner="lead", opened_at=NOW, due_on=later.date()
        )
        ReturnLink.objects.create(
            school_id=school_id, mailing_id=mailing_id, issued_at=NOW, issued_by="team", expires_at=later
        )
        ReturnReminder.objects.create(
            school_id=school_id, mailing_id=mailing_id, kind="link", written_at=NOW, changed_at=NOW
        )
        SchoolNotice.objects.create(
            school_id=school_id, mailing_id=mailing_id, kind="stop", written_at=NOW, changed_at=NOW
        )


def connect(server: Server, role: Role) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.dsn(role))


def test_every_table_with_a_school_is_listed_here(database: Server) -> None:
    with connect(database, Role.OWNER) as owner:
        rows = owner.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'school_id' "
            "AND table_schema = 'public'"
        ).fetchall()
    assert {row[0] for row in rows} - NOT_OF_ONE_SCHOOL == {*TENANT_TABLES, *VIEWS, "audit_auditevent"}


def test_every_view_reads_as_whoever_asks(database: Server) -> None:
    with connect(database, Role.OWNER) as owner:
        views = dict(
            owner.execute(
                "SELECT relname, 'security_invoker=true' = ANY(reloptions) FROM pg_class "
                "WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
            ).fetchall()
        )
    assert views == dict.fromkeys((*VIEWS, *SHARED_VIEWS), True)


@each("table", [*TENANT_TABLES, "audit_auditevent"])
def test_row_security_is_forced(database: Server, table: str) -> None:
    with connect(database, Role.OWNER) as owner:
        forced = owner.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        ).fetchone()
    assert forced == (True, True)


def test_every_school_sees_its_own_rows_and_nobody_without_a_school_sees_any(
    two_schools: City, database: Server
) -> None:
    with connect(database, Role.APP) as app:
        for table in (*TENANT_TABLES, *VIEWS):
            count = f"SELECT count(*), count(DISTINCT school_id), min(school_id) FROM {table}"
            assert app.execute(count).fetchone() == (0, 0, None), f"{table} shows rows with no school set"
            for school_id in two_schools.schools.values():
                app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(school_id)])
                rows, schools, seen = app.execute(count).fetchone()  # type: ignore[misc]
                assert rows > 0, f"{table} has no row to hide: the test proves nothing"
                assert (schools, seen) == (1, school_id)
            app.rollback()
            assert app.execute(count).fetchone() == (0, 0, None), f"{table} shows rows after the transaction"
            app.rollback()


@each("table", TENANT_TABLES)
def test_the_owner_reads_no_row(two_schools: City, database: Server, table: str) -> None:
    with connect(database, Role.OWNER) as owner:
        assert owner.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@each("table, columns", PERSONAL.items())
def test_the_planner_reads_no_personal_column(database: Server, table: str, columns: tuple[str, ...]) -> None:
    for column in columns:
        with connect(database, Role.PLANNER) as planner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            planner.execute(f"SELECT {column} FROM {table}")


def test_the_planner_reads_ids_and_states_of_all_schools_and_writes_nothing(
    two_schools: City, database: Server
) -> None:
    with connect(database, Role.PLANNER) as planner:
        assert planner.execute("SELECT count(DISTINCT school_id) FROM people_pupil").fetchone() == (2,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            planner.execute("UPDATE mailings_delivery SET state = 'reached'")


def test_a_row_for_another_school_is_refused(two_schools: City, database: Server) -> None:
    mine, other = two_schools.schools.values()
    with connect(database, Role.APP) as app:
        app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(mine)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(
                "INSERT INTO people_attestation (school_id, attested_at, attested_by) VALUES (%s, now(), 'x')",
                [other],
            )


def test_an_update_reaches_no_row_of_another_school(two_schools: City, database: Server) -> None:
    mine, _ = two_schools.schools.values()
    with connect(database, Role.APP) as app:
        app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(mine)])
        assert (
            app.execute("UPDATE people_care SET restriction = 'none' RETURNING school_id").fetchall()
            == [(mine,)] * 4
        )
        app.rollback()


def test_a_link_into_another_school_is_refused(two_schools: City, database: Server) -> None:
    mine, other = two_schools.schools.values()
    with connect(database, Role.APP) as app:
        app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(other)])
        theirs = app.execute("SELECT id FROM people_parent LIMIT 1").fetchone()
        app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(mine)])
        pupil = app.execute("SELECT id FROM people_pupil LIMIT 1").fetchone()
        assert theirs is not None
        assert pupil is not None
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            app.execute(
                "INSERT INTO people_care (school_id, parent_id, pupil_id, relationship, parental_responsibility,"
                " has_care, restriction) VALUES (%s, %s, %s, 'other', 'no', 'no', 'none')",
                [mine, theirs[0], pupil[0]],
            )
            app.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_tenant_cannot_be_opened_inside_another_transaction(two_schools: City) -> None:
    from everyfamily.people.database.tenancy import tenant

    mine, other = two_schools.schools.values()
    with pytest.raises(RuntimeError), tenant(mine), tenant(other):
        pass


def test_a_backup_of_the_tables_holds_no_contact_value(two_schools: City, database: Server) -> None:
    """Names and contact values are ciphertexts: a copy of the data without the keys says nothing."""
    values = [b"Ana Ferris", b"ana900001@example.org", b"Lantern Row", b"EM4 7QX"]
    with connect(database, Role.APP) as app:
        for school_id in two_schools.schools.values():
            app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(school_id)])
            for table in TENANT_TABLES:
                for row in app.execute(f"SELECT {table}::text FROM {table}").fetchall():
                    text = str(row[0]).encode()
                    assert not any(value in text or value.hex().encode() in text for value in values)
