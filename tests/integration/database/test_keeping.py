"""How long what is kept: closing, purge, what a fresh upload finds again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from everyfamily.core.actors import Actor
from everyfamily.core.sending.keeping import ROLL_KEPT, PurgeReason
from everyfamily_postgres.launcher import Server
from tests.factories import the_server
from tests.factories.city import NOW, City, address, adult
from tests.factories.kept import filled

pytestmark = [pytest.mark.database, pytest.mark.slow]

LATER = NOW + timedelta(days=30)
OLD = NOW + ROLL_KEPT + timedelta(days=1)
SHARED = "ana@example.org"


def superuser(server: Server) -> psycopg.Connection:
    """The embedded server's superuser, whom row security does not bind: reads everything, as a thief would."""
    import json

    password = json.loads(server.folders.passwords.read_text())["postgres"]
    return psycopg.connect(
        make_conninfo(host=str(server.socket_dir), dbname=server.database, user="postgres", password=password),
        autocommit=True,
    )


def rows(server: Server, query: str) -> list[tuple]:
    # By the connection that empties the tables: to open another for each question took longer than the answer.
    return the_server.superuser().execute(query).fetchall()


def two_schools(city: City) -> tuple[int, int]:
    """Two schools that share one mother's inbox, and each with its own family, who have another way each."""
    first = city.school(
        900001,
        [
            adult("P1", "Ana Ferris", EMAIL=SHARED),
            adult("P2", "Joe Marlow", MOBILE="07700 900201"),
            adult("P3", "Ruth Sample", RESTRICTION="hold", EMAIL="ruth@example.org"),
            adult("P4", "Ben Tully"),
        ],
    )
    second = city.school(
        900002,
        [adult("Q1", "Ana Ferris", EMAIL=SHARED), adult("Q2", "Mia Corran", **address(3))],
    )
    city.open()
    city.send()
    return first, second


def settle(city: City) -> None:
    """Receipts come, and every quiet time runs out."""
    city.hear([(SHARED, "delivered")], NOW + timedelta(minutes=7, seconds=3))
    for days in (4, 9, 19, 20):
        city.send(NOW + timedelta(days=days))


def settled(city: City) -> tuple[int, int]:
    """Two schools whose mailing has nothing left to do."""
    schools = two_schools(city)
    settle(city)
    return schools


def closed(city: City) -> tuple[int, int]:
    """Two schools whose mailing is closed."""
    schools = settled(city)
    close(city)
    return schools


def close(city: City, **how: str):  # type: ignore[no-untyped-def]
    from everyfamily.mailings.actions.ending.closing import close_mailing

    # Its restricted adult waits for a decision, as somebody does in every real mailing.
    return close_mailing(
        city.mailing, by=Actor.typed("test"), now=LATER, **{"although": "the term is over"} | how
    )


def figures(city: City) -> tuple[object, ...]:
    found = city.coverage(LATER)
    return found.total, found.adults, found.messages, [(s.urn, s.state, s.coverage) for s in found.schools]


HAND_OUT_TASK = """
INSERT INTO mailings_persontask (school_id, mailing_id, kind, owner, opened_at, due_on)
SELECT school_id, mailing_id, 'hand-out', owner, opened_at, due_on FROM mailings_persontask WHERE kind = 'restriction'
"""
"""Beside the task about a restriction one that only this mailing needs."""


class TestClosing:
    def test_figures_of_a_closed_mailing_are_those_of_before(self, city: City) -> None:
        filled(city, settled)
        before = figures(city)
        close(city)
        assert figures(city) == before
        assert before[2], "there must be messages to count"

    def test_nothing_in_the_database_ties_two_schools_afterwards(self, city: City, database: Server) -> None:
        filled(city, settled)
        tied = "SELECT count(*) FROM mailings_attempt a JOIN mailings_attempt b ON a.school_id < b.school_id AND "
        assert rows(database, tied + "a.ledger_id = b.ledger_id") == [(1,)]
        hashes = rows(database, "SELECT value_hash, reference FROM mailings_ledgerentry")
        done = close(city)
        assert done.attempts_cut == 6
        assert rows(database, "SELECT DISTINCT ledger_id FROM mailings_attempt") == [(None,)]
        assert rows(database, "SELECT ledger_key, state FROM mailings_mailing") == [(None, "closed")]
        after = rows(database, "SELECT value_hash, reference FROM mailings_ledgerentry")
        assert len(after) == len(hashes)
        assert not {bytes(h) for h, _ in hashes} & {bytes(h) for h, _ in after}
        assert not {r for _, r in hashes} & {r for _, r in after}

    def test_no_moment_ties_two_schools_afterwards(self, city: City, database: Server) -> None:
        filled(city, settled)
        moment = "SELECT count(*) FROM {0} a WHERE a.{1} <> date_trunc('day', a.{1}, 'Europe/London')".format
        places = [("mailings_attempt", "changed_at"), ("mailings_deliveryevent", "occurred_at")]
        events = rows(database, "SELECT attempt_id, status FROM mailings_deliveryevent ORDER BY 1, 2")
        assert all(rows(database, moment(*place))[0][0] for place in places)
        close(city)
        assert [rows(database, moment(*place))[0][0] for place in places] == [0, 0]
        assert rows(database, "SELECT attempt_id, status FROM mailings_deliveryevent ORDER BY 1, 2") == events

    def test_a_mailing_with_work_left_is_not_closed(self, city: City, database: Server) -> None:
        from everyfamily.mailings.actions.ending.open_work import MailingStillWaits, MailingStillWorks
        from everyfamily.mailings.actions.planning.planning import begin_wave
        from everyfamily.mailings.actions.sending.deciding import decide_page

        school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED), adult("P2", "Joe Marlow")])
        city.open()
        with pytest.raises(MailingStillWorks, match="waves of 1 schools"):
            close(city)
        begin_wave(city.mailing, school, NOW)
        with pytest.raises(MailingStillWorks, match="0 messages wait to be sent and 2 adults"):
            close(city)
        decide_page(city.look(school, NOW))
        with pytest.raises(MailingStillWorks, match="2 messages wait to be sent"):
            close(city)
        with superuser(database) as connection:
            connection.execute("UPDATE mailings_ledgerentry SET status = 'sending' WHERE id = 1")
        with pytest.raises(MailingStillWorks, match="1 messages are being sent"):
            close(city, although="this is only a test")
        with superuser(database) as connection:
            connection.execute("UPDATE mailings_ledgerentry SET status = 'created' WHERE id = 1")
        city.send()
        with pytest.raises(MailingStillWaits, match="For 2 adults"):
            from everyfamily.mailings.actions.ending.closing import close_mailing

            close_mailing(city.mailing, by=Actor.typed("test"), now=NOW)
        assert rows(database, "SELECT state, ledger_key IS NULL FROM mailings_mailing") == [("open", False)]
        assert rows(database, "SELECT count(*) FROM audit_auditevent WHERE action LIKE 'close%'") == [(0,)]

    @pytest.mark.parametrize(
        ("channel", "status", "end"),
        [
            ("email", "delivered", "reached"),
            ("post", "accepted", "accepted"),
            ("text", "delivered", "told by text"),
            # A text that was only accepted proves nothing.
            ("text", "accepted", "failed"),
            ("email", "unknown", "unknown"),
            ("post", "returned", "returned"),
            ("email", "refused", "failed"),
        ],
    )
    def test_what_is_still_waited_for_gets_the_end_that_its_attempts_prove(
        self, city: City, database: Server, channel: str, status: str, end: str
    ) -> None:
        city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED, HAS_CARE="no")])
        city.open()
        city.send()
        with superuser(database) as connection:
            for table in ("mailings_attempt", "mailings_ledgerentry"):
                connection.execute(f"UPDATE {table} SET channel = %s, status = %s", [channel, status])
            connection.execute("UPDATE mailings_delivery SET next_look_at = %s", [LATER + timedelta(days=1)])
        close(city, although="this is only a test")
        assert rows(database, "SELECT state, next_look_at FROM mailings_delivery") == [(end, None)]

    def test_a_withdrawn_letter_is_closed_and_what_was_written_down_is_given_up(self, city: City) -> None:
        from everyfamily.letters.actions.sealed_letters import withdraw_letter
        from everyfamily.mailings.actions.planning.planning import begin_wave
        from everyfamily.mailings.actions.sending.deciding import decide_page
        from everyfamily.mailings.models import Delivery
        from everyfamily.people.database.tenancy import tenant

        school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED)])
        city.open()
        begin_wave(city.mailing, school, NOW)
        decide_page(city.look(school, NOW))
        withdraw_letter("ES-2703-K7R4", by=Actor.typed("test"), now=NOW)
        close(city)
        city.send(LATER)
        assert city.outbox() == []
        with tenant(school):
            assert Delivery.objects.get(school_id=school).state == "stopped"

    def test_a_close_that_was_cut_off_is_finished_by_closing_again(
        self, city: City, database: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from everyfamily.mailings.actions.ending import closing

        filled(city, settled)
        before = figures(city)
        cut = closing._cut_school
        calls: list[int] = []

        def dies_at_the_second(mailing_id: int, school_id: int) -> int:
            calls.append(school_id)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return cut(mailing_id, school_id)

        monkeypatch.setattr(closing, "_cut_school", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            close(city)
        assert closing.closed_but_not_finished() == [city.mailing]
        monkeypatch.undo()
        assert close(city).attempts_cut > 0
        assert closing.closed_but_not_finished() == []
        assert close(city) == closing.Closed(0, 0, 0)
        assert rows(database, "SELECT DISTINCT ledger_id FROM mailings_attempt") == [(None,)]
        assert figures(city) == before
        assert rows(database, "SELECT count(*) FROM audit_auditevent WHERE action = 'close mailing'") == [(1,)]

    def test_what_only_the_mailing_needed_of_a_person_is_closed_with_it_and_a_restriction_is_not(
        self, city: City, database: Server
    ) -> None:
        from everyfamily.mailings.actions.ending import closing

        silent = city.school(900003, [adult("R1", "Una Marsh", EMAIL="una@example.org")], attests=False)
        first, _ = two_schools(city)
        settle(city)
        with superuser(database) as owner:
            owner.execute(HAND_OUT_TASK)
        tasks = "SELECT school_id, kind, closed_by FROM mailings_persontask ORDER BY school_id, kind"
        assert rows(database, tasks) == [
            (silent, "attestation", None),
            (first, "hand-out", None),
            (first, "restriction", None),
        ]
        before = figures(city)
        assert close(city).tasks_closed == 1
        assert rows(database, tasks) == [
            (silent, "attestation", None),
            (first, "hand-out", "mailing closed"),
            (first, "restriction", None),
        ]
        assert rows(
            database, "SELECT school_id, actor, detail FROM audit_auditevent WHERE action = 'close tasks'"
        ) == [(first, "test", {"why": "mailing closed", "tasks": 1})]
        assert figures(city) == before
        assert close(city).tasks_closed == 0
        assert closing.closed_but_not_finished() == []

    def test_tasks_that_an_earlier_close_left_open_are_closed_in_the_night(
        self, city: City, database: Server
    ) -> None:
        from everyfamily.mailings.actions.ending import closing

        filled(city, closed)
        with superuser(database) as owner:
            owner.execute(HAND_OUT_TASK)
        assert closing.closed_but_not_finished() == [city.mailing]
        assert purge(city, LATER).closes_finished == 1
        assert closing.closed_but_not_finished() == []

    @pytest.mark.parametrize("attests", [True, False])
    def test_a_wave_that_was_queued_before_the_close_begins_nothing(
        self, city: City, database: Server, attests: bool
    ) -> None:
        from everyfamily.mailings.edges.tasks import begin_school
        from everyfamily.people.actions.schools.schools import attest_school

        held = city.school(900003, [adult("R1", "Una Marsh", EMAIL="una@example.org")], attests=False)
        two_schools(city)
        settle(city)
        close(city)
        if attests:
            attest_school(held, by=Actor.typed("lead"), now=LATER)
        before = figures(city)
        begin_school(mailing_id=city.mailing, school_id=held)
        assert figures(city) == before
        outlive = "('restriction', 'attestation')"
        open_tasks = f"SELECT kind FROM mailings_persontask WHERE closed_at IS NULL AND kind NOT IN {outlive}"
        assert rows(database, open_tasks) == []
        assert rows(database, f"SELECT id FROM mailings_delivery WHERE school_id = {held}") == []

    def test_a_job_that_was_queued_before_the_close_plans_and_sends_nothing(self, city: City) -> None:
        from everyfamily.mailings.edges.tasks import look_at_school

        first, _ = filled(city, closed)
        sent, before = city.outbox(), figures(city)
        city.import_rows(900001, [adult("P9", "Late Comer", EMAIL="late@example.org")], LATER)
        look_at_school(mailing_id=city.mailing, school_id=first)
        assert city.outbox() == sent
        assert figures(city)[2] == before[2]

    def test_a_receipt_that_comes_after_the_close_changes_nothing(self, city: City) -> None:
        filled(city, closed)
        before = figures(city)
        assert city.hear([(SHARED, "permanent-failure")], LATER) == 0
        assert figures(city) == before


def purge(city: City, now: datetime, **how: object):  # type: ignore[no-untyped-def]
    from everyfamily.mailings.actions.ending.keeping import purge_due

    return purge_due(now, outbox=city.folder / "outbox", by=Actor.typed("test"), **how)  # type: ignore[arg-type]


VALUES = """
SELECT (SELECT count(*) FROM people_contactpoint WHERE value IS NOT NULL),
  (SELECT count(*) FROM people_parent WHERE name IS NOT NULL),
  (SELECT count(*) FROM people_pupil WHERE id_encrypted IS NOT NULL OR class_name <> '' OR year_group <> '')
"""
SKELETON = """
SELECT 'p', id, identity_hash, name_hash, objects_at::text, objects_by FROM people_parent
UNION ALL SELECT 'c', id, NULL, NULL, restriction, restriction_reason FROM people_care
UNION ALL SELECT 'v', id, value_hash, NULL, status, status_reason FROM people_contactpoint
UNION ALL SELECT 'k', id, id_hash, NULL, on_roll_from::text, NULL FROM people_pupil ORDER BY 1, 2
"""


class TestPurge:
    def test_values_go_on_the_agreed_day_and_the_skeleton_and_the_figures_stay(
        self, city: City, database: Server
    ) -> None:
        filled(city, closed)
        before, skeleton = figures(city), rows(database, SKELETON)
        assert purge(city, LATER + timedelta(days=29)).total.total == 0
        report = purge(city, LATER + timedelta(days=30))
        assert {urn: (p.contact_values, p.names, p.pupil_ids) for urn, p in report.schools.items()} == {
            900001: (3, 4, 4),
            900002: (2, 2, 2),
        }
        assert report.cleaned_up
        assert rows(database, VALUES) == [(0, 0, 0)]
        assert rows(database, SKELETON) == skeleton
        assert figures(city) == before
        assert purge(city, LATER + timedelta(days=31)).total.total == 0

    def test_a_dry_run_says_what_would_go_and_writes_nothing(self, city: City, database: Server) -> None:
        filled(city, closed)
        before, events = rows(database, VALUES), rows(database, "SELECT count(*) FROM audit_auditevent")
        outbox = city.outbox()
        would = purge(city, LATER + timedelta(days=30), dry_run=True)
        assert rows(database, VALUES) == before
        assert city.outbox() == outbox
        assert rows(database, "SELECT count(*) FROM audit_auditevent") == events
        did = purge(city, LATER + timedelta(days=30))
        assert (would.schools, would.files) == (did.schools, did.files)
        assert (did.files.lines, did.files.folders) == (5, 2)

    def test_each_school_has_its_own_days(self, city: City, database: Server) -> None:
        filled(city, closed)
        with superuser(database) as connection:
            connection.execute("UPDATE people_school SET keep_days = 7 WHERE urn = 900002")
        report = purge(city, LATER + timedelta(days=7))
        assert list(report.schools) == [900002]
        values = {line["to"] or tuple(line["address"]) for line in city.outbox()}
        # Ana's letter went out once, for the school that asked first.
        assert values == {SHARED, "+447700900201", "P2", "P4", ()}
        assert list((city.folder / "outbox" / "print").glob("*/*900002*")) == []

    def test_a_newer_roll_waits_for_the_next_close(self, city: City, database: Server) -> None:
        filled(city, closed)
        city.import_rows(900002, [adult("Q1", "Ana Ferris", EMAIL=SHARED)], LATER + timedelta(days=10))
        report = purge(city, LATER + timedelta(days=40))
        assert list(report.schools) == [900001]

    def test_a_roll_that_comes_in_between_decision_and_purge_is_left_alone(
        self, city: City, database: Server
    ) -> None:
        from everyfamily.mailings.actions.ending.keeping import _purge, schools_due

        filled(city, closed)
        when = LATER + timedelta(days=30)
        (due,) = schools_due(when, school_id=city.schools[900002])
        city.import_rows(900002, [adult("Q1", "Ana Ferris", EMAIL=SHARED)], when)
        assert _purge(due, by=Actor.typed("test"), now=when).total == 0

    def test_a_school_in_a_mailing_that_is_open_keeps_its_values(self, city: City, database: Server) -> None:
        filled(city, two_schools)
        before = rows(database, VALUES)
        assert purge(city, OLD + ROLL_KEPT).total.total == 0
        assert rows(database, VALUES) == before

    def test_a_roll_that_no_mailing_used_goes_when_it_is_old(self, city: City, database: Server) -> None:
        city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED)])
        assert purge(city, OLD - timedelta(days=2)).total.total == 0
        assert purge(city, OLD).total.total == 3
        why = "SELECT detail->>'why' FROM audit_auditevent WHERE action = 'purge'"
        assert rows(database, why) == [(PurgeReason.ROLL_IS_OLD.value,)]

    def test_many_rows_go_a_page_a_transaction_and_a_crash_leaves_the_rest_to_the_next_run(
        self, city: City, database: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from everyfamily.people.actions.keeping import purging

        city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"a{n}@example.org") for n in range(7)])
        monkeypatch.setattr(purging, "PAGE", 3)
        record, calls = purging._record, []

        def dies_at_the_second(*values: object, **more: object) -> None:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt
            record(*values, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(purging, "_record", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            purge(city, OLD)
        assert rows(database, VALUES) == [(4, 4, 4)]
        assert purge(city, OLD).total.contact_values == 4
        counts = "SELECT (detail->>'names')::int FROM audit_auditevent WHERE action = 'purge' ORDER BY id"
        assert rows(database, counts) == [(3,), (3,), (1,)]

    def test_a_close_that_was_cut_off_is_finished_by_the_nightly_run(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from everyfamily.mailings.actions.ending import closing

        filled(city, settled)
        monkeypatch.setattr(closing, "finish_closing", lambda *_, **__: closing.Closed(0, 0, 0))
        close(city)
        monkeypatch.undo()
        assert closing.closed_but_not_finished() == [city.mailing]
        assert purge(city, LATER).closes_finished == 1
        assert closing.closed_but_not_finished() == []

    def test_the_worker_purges_by_the_real_clock_and_not_while_time_is_simulated(
        self, city: City, database: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.conf import settings

        from everyfamily.mailings.edges.tasks import purge as purge_tonight

        city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED)])
        with superuser(database) as connection:
            connection.execute("UPDATE people_rollimport SET imported_at = now() - interval '401 days'")
        purge_tonight(timestamp=0)
        assert rows(database, VALUES) == [(1, 1, 1)]
        monkeypatch.setattr(settings, "EVERYFAMILY_CLOCK", "system")
        purge_tonight(timestamp=0)
        assert rows(database, VALUES) == [(0, 0, 0)]
        assert rows(database, "SELECT actor FROM audit_auditevent WHERE action = 'purge'") == [("worker",)]

    def test_nothing_can_be_sent_to_what_was_purged(self, city: City, database: Server) -> None:
        city.school(
            900001,
            [
                adult("P1", "Ana Ferris", EMAIL=SHARED, MOBILE="07700 900202", **address(1)),
                adult("P2", "Joe Marlow", **address(2)),
            ],
        )
        purge(city, OLD)
        city.open()
        city.send()
        assert city.outbox() == []
        assert rows(database, "SELECT DISTINCT state FROM mailings_delivery") == [("no contact",)]

    def test_a_value_that_is_purged_after_it_was_written_down_is_decided_again(
        self, city: City, database: Server
    ) -> None:
        from everyfamily.mailings.actions.planning.planning import begin_wave
        from everyfamily.mailings.actions.sending.deciding import decide_page

        school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED, MOBILE="07700 900202")])
        city.open()
        begin_wave(city.mailing, school, NOW)
        decide_page(city.look(school, NOW))
        with superuser(database) as connection:
            connection.execute("UPDATE people_contactpoint SET value = NULL WHERE channel = 'email'")
        city.send()
        assert [line["to"] for line in city.outbox()] == ["+447700900202"]


def test_a_fresh_upload_finds_restrictions_objections_and_dead_contact_points_again(
    city: City, database: Server
) -> None:
    before = [
        adult("P1", "Ana Ferris", EMAIL=SHARED, MOBILE="07700 900202"),
        adult("P1", "Karl Ferris", RELATIONSHIP="father", RESTRICTION="do not send", EMAIL="karl@example.org"),
        adult("P2", "Joe Marlow", OBJECTS="yes", EMAIL="joe@example.org"),
        adult("P3", "Ruth Sample", RESTRICTION="hold", EMAIL="ruth@example.org"),
    ]
    city.school(900001, before)
    city.open()
    city.send()
    city.hear([(SHARED, "permanent-failure")], NOW + timedelta(minutes=1))
    for days in (4, 9, 19, 24):
        city.send(NOW + timedelta(days=days))
    close(city)
    day = LATER + timedelta(days=30)
    purge(city, day)
    skeleton = rows(database, SKELETON)
    assert rows(database, VALUES) == [(0, 0, 0)]
    # The new file forgets the restrictions, and Karl has a new inbox.
    silent = [{**row, "RESTRICTION": "none", "OBJECTS": "no"} for row in before]
    silent[1]["EMAIL"] = "karl.new@example.org"
    city.import_rows(900001, silent, day + timedelta(days=1))
    after = rows(database, SKELETON)
    assert [row for row in after if row[0] in "pkc"] == [row for row in skeleton if row[0] in "pkc"]
    assert {row for row in skeleton if row[0] == "v"} <= set(after)
    assert rows(database, "SELECT count(*) FROM people_parent WHERE name IS NULL") == [(0,)]
    dead = "SELECT count(*) FROM people_contactpoint WHERE status = 'permanent-failure'"
    assert rows(database, dead) == [(1,)]
    assert rows(database, "SELECT restriction, count(*) FROM people_care GROUP BY 1 ORDER BY 1") == [
        ("do not send", 1),
        ("hold", 1),
        ("none", 2),
    ]


class TestAChildLeaves:
    def test_adults_without_another_child_lose_their_values_at_once(self, city: City, database: Server) -> None:
        from everyfamily.people.actions.keeping.leavers import confirm_leavers, pupil_by_own_id

        school = city.school(
            900001,
            [
                adult("P1", "Ana Ferris", EMAIL=SHARED),
                adult("P1", "Joe Marlow", EMAIL="joe@example.org", RESTRICTION="hold"),
                adult("P2", "Joe Marlow", EMAIL="joe@example.org"),
            ],
        )
        pupil = pupil_by_own_id(school, "P1", now=NOW)
        skeleton = "SELECT restriction FROM people_care ORDER BY id"
        kept = rows(database, skeleton)
        confirm_leavers(school, pupils=[pupil], by=Actor.typed("lead"), on=NOW.date(), now=NOW)
        left = "SELECT count(*) FILTER (WHERE {0} IS NULL), count(*) FROM {1}".format
        assert rows(database, left("name", "people_parent")) == [(1, 2)]
        assert rows(database, left("value", "people_contactpoint")) == [(1, 2)]
        assert rows(database, left("id_encrypted", "people_pupil")) == [(1, 2)]
        assert rows(database, skeleton) == kept
        why = "SELECT detail->>'why' FROM audit_auditevent WHERE action = 'purge'"
        assert rows(database, why) == [("child left",)]


class TestSubjectAccess:
    @staticmethod
    def family(city: City) -> int:
        school = city.school(
            900001,
            [
                adult("P1", "Ana Ferris", EMAIL=SHARED, MOBILE="07700 900202", LANGUAGE="so"),
                adult("P2", "Ana Ferris", EMAIL=SHARED, CLASS="3A"),
                adult(
                    "P1",
                    "Karl Ferris",
                    RELATIONSHIP="father",
                    RESTRICTION="do not send",
                    EMAIL="karl@example.org",
                ),
            ],
        )
        city.open()
        city.send()
        city.hear([(SHARED, "delivered")], NOW)
        return school

    def found(self, school: int, wanted: str) -> list[int]:
        from everyfamily.people.actions.keeping.subject_access import find_adults

        return [one.adult for one in find_adults(school, wanted, now=NOW)]

    def test_an_adult_is_found_by_address_number_or_name_after_a_purge_too(
        self, city: City, database: Server
    ) -> None:
        school = filled(city, self.family)
        wanted = (" ANA@example.org ", "07700 900202", "ana  ferris", "Mrs Ana Ferris\n")
        (ana,) = self.found(school, SHARED)
        assert [self.found(school, one) for one in wanted] == [[ana]] * 4
        assert self.found(school, "nobody@example.org") == self.found(school, "Ann Other") == []
        with superuser(database) as connection:
            connection.execute("UPDATE people_contactpoint SET value = NULL")
            connection.execute("UPDATE people_parent SET name = NULL")
        assert [self.found(school, one) for one in wanted] == [[ana]] * 4

    @pytest.mark.parametrize("wanted", ["", "  ", "ana@", "\x1b[2J1"])
    def test_what_stands_for_nobody_is_refused_without_being_repeated(self, city: City, wanted: str) -> None:
        from everyfamily.people.actions.keeping.subject_access import NothingToLookFor

        school = filled(city, self.family)
        with pytest.raises(NothingToLookFor) as problem:
            self.found(school, wanted)
        assert not wanted.strip() or wanted not in str(problem.value)

    def test_everything_about_one_adult_is_there_and_nothing_of_another(
        self, city: City, database: Server
    ) -> None:
        import json

        from everyfamily.mailings.actions.ending.subject_access import subject_access

        school = filled(city, self.family)
        (ana,) = self.found(school, SHARED)
        record = subject_access(school, ana, by=Actor.typed("lead"), now=NOW)
        text = json.dumps(record, default=str)
        for own in ("Ana Ferris", SHARED, "+447700900202", "P1", "P2", "3A", "so", "delivered", "ES-2703-K7R4"):
            assert own in text, own
        for other in ("Karl", "karl@example.org", "do not send", "father"):
            assert other not in text, other
        assert rows(
            database, "SELECT actor, subject_id FROM audit_auditevent WHERE action = 'subject access'"
        ) == [("lead", str(ana))]
        again = subject_access(school, ana, by=Actor.typed("lead"), now=NOW)
        assert [event["action"] for event in again["events"]] == ["subject access"]  # type: ignore[attr-defined]

    def test_another_schools_adult_is_not_known(self, city: City) -> None:
        from everyfamily.mailings.actions.ending.subject_access import subject_access
        from everyfamily.people.actions.decided.objections import AdultNotKnown

        school = filled(city, self.family)
        (ana,) = self.found(school, SHARED)
        other = city.school(900002, [adult("Q1", "Mia Corran")])
        with pytest.raises(AdultNotKnown):
            subject_access(other, ana, by=Actor.typed("lead"), now=NOW)

    def test_the_command_writes_files_that_only_their_owner_can_read(self, city: City, tmp_path: Path) -> None:
        import json

        from click.testing import CliRunner

        from everyfamily.cli.main import main

        school = filled(city, self.family)
        (ana,) = self.found(school, SHARED)
        asked = CliRunner().invoke(main, ["find-adult", "--school", "900001", "--json"], input=f"{SHARED}\n")
        assert json.loads(asked.stdout) == [
            {"adult": ana, "relationships": ["mother"], "children": 2, "purged": False}
        ]
        out = tmp_path / "request.json"
        done = CliRunner().invoke(
            main, ["subject-access", "--school", "900001", "--adult", str(ana), "--out", str(out), "--by", "lead"]
        )
        assert done.exit_code == 0, done.output
        assert "Ana" not in done.output + asked.output
        assert json.loads(out.read_text())["adult"]["name"] == "Ana Ferris"
        assert "Ana Ferris" in (tmp_path / "request.json.txt").read_text()
        files = [path for path in tmp_path.iterdir() if path.name.startswith("request")]
        assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]

    def test_a_forgotten_adult_is_not_written_to_again_though_a_roll_brings_them_back(
        self, city: City, database: Server
    ) -> None:
        from everyfamily.people.actions.keeping.forgetting import forget_adult

        rows_of = [adult("P1", "Ana Ferris", EMAIL=SHARED), adult("P2", "Joe Marlow", EMAIL="joe@example.org")]
        school = city.school(900001, rows_of)
        (ana,) = self.found(school, SHARED)
        assert forget_adult(school, ana, by=Actor.typed("lead"), now=NOW).total == 2
        assert rows(database, VALUES) == [(1, 1, 2)]
        city.import_rows(900001, rows_of, NOW)
        city.open()
        city.send()
        assert [line["to"] for line in city.outbox()] == ["joe@example.org"]
