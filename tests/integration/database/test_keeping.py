"""How long what is kept: closing, purge, what a fresh upload finds again."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from everyfamily.core.keeping import ROLL_KEPT, PurgeReason
from everyfamily.embedded import Server
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

LATER = NOW + timedelta(days=30)
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
    with superuser(server) as connection:
        return connection.execute(query).fetchall()


def two_schools(city: City) -> tuple[int, int]:
    """Two schools that share one mother's inbox, and each with a family of its own, another way each."""
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


def close(city: City, **how: bool):  # type: ignore[no-untyped-def]
    from everyfamily.mailings.actions.closing import close_mailing

    return close_mailing(city.mailing, by="test", now=LATER, **how)


def figures(city: City) -> tuple[object, ...]:
    found = city.coverage(LATER)
    return found.total, found.adults, found.messages, [(s.urn, s.state, s.coverage) for s in found.schools]


class TestClosing:
    def test_figures_of_a_closed_mailing_are_those_of_before(self, city: City) -> None:
        two_schools(city)
        settle(city)
        before = figures(city)
        close(city)
        assert figures(city) == before
        assert before[2], "there must be messages to count"

    def test_nothing_in_the_database_ties_two_schools_afterwards(self, city: City, database: Server) -> None:
        two_schools(city)
        settle(city)
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
        two_schools(city)
        settle(city)
        moment = "SELECT count(*) FROM {0} a WHERE a.{1} <> date_trunc('day', a.{1}, 'Europe/London')".format
        places = [("mailings_attempt", "changed_at"), ("mailings_deliveryevent", "occurred_at")]
        events = rows(database, "SELECT attempt_id, status FROM mailings_deliveryevent ORDER BY 1, 2")
        assert all(rows(database, moment(*place))[0][0] for place in places)
        close(city)
        assert [rows(database, moment(*place))[0][0] for place in places] == [0, 0]
        assert rows(database, "SELECT attempt_id, status FROM mailings_deliveryevent ORDER BY 1, 2") == events

    def test_a_mailing_with_work_left_is_not_closed(self, city: City, database: Server) -> None:
        from everyfamily.mailings.actions.closing import MailingStillWaits, MailingStillWorks
        from everyfamily.mailings.actions.deciding import decide_page
        from everyfamily.mailings.actions.planning import begin_wave

        school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED), adult("P2", "Joe Marlow")])
        city.open()
        with pytest.raises(MailingStillWorks, match="waves of 1 schools"):
            close(city)
        begin_wave(city.mailing, school, NOW)
        with pytest.raises(MailingStillWorks, match="0 messages wait to be sent and 2 adults"):
            close(city)
        decide_page(city.mailing, school, NOW)
        with pytest.raises(MailingStillWorks, match="2 messages wait to be sent"):
            close(city)
        with superuser(database) as connection:
            connection.execute("UPDATE mailings_ledgerentry SET status = 'sending' WHERE id = 1")
        with pytest.raises(MailingStillWorks, match="1 messages are being sent"):
            close(city, although_waiting=True)
        with superuser(database) as connection:
            connection.execute("UPDATE mailings_ledgerentry SET status = 'created' WHERE id = 1")
        city.send()
        with pytest.raises(MailingStillWaits, match="For 2 adults"):
            from everyfamily.mailings.actions.closing import close_mailing

            close_mailing(city.mailing, by="test", now=NOW)
        assert rows(database, "SELECT state, ledger_key IS NULL FROM mailings_mailing") == [("open", False)]
        assert rows(database, "SELECT count(*) FROM audit_auditevent WHERE action LIKE 'close%'") == [(0,)]

    @pytest.mark.parametrize(
        ("channel", "status", "end"),
        [
            ("email", "delivered", "reached"),
            ("post", "accepted", "accepted"),
            ("text", "delivered", "told by text"),
            # A text that was only taken in proves nothing.
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
        close(city, although_waiting=True)
        assert rows(database, "SELECT state, next_look_at FROM mailings_delivery") == [(end, None)]

    def test_a_withdrawn_letter_is_closed_and_what_was_written_down_is_given_up(self, city: City) -> None:
        from everyfamily.letters.actions import withdraw_letter
        from everyfamily.mailings.actions.deciding import decide_page
        from everyfamily.mailings.actions.planning import begin_wave
        from everyfamily.mailings.models import Delivery
        from everyfamily.people.tenancy import tenant

        school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL=SHARED)])
        city.open()
        begin_wave(city.mailing, school, NOW)
        decide_page(city.mailing, school, NOW)
        withdraw_letter("ES-2703-K7R4", by="test", now=NOW)
        close(city)
        city.send(LATER)
        assert city.outbox() == []
        with tenant(school):
            assert Delivery.objects.get(school_id=school).state == "stopped"

    def test_a_close_that_was_cut_off_is_finished_by_closing_again(
        self, city: City, database: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from everyfamily.mailings.actions import closing

        two_schools(city)
        settle(city)
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

    def test_a_job_that_was_queued_before_the_close_plans_and_sends_nothing(self, city: City) -> None:
        from everyfamily.mailings.tasks import look_at_school

        first, _ = two_schools(city)
        settle(city)
        close(city)
        sent, before = city.outbox(), figures(city)
        city.import_rows(900001, [adult("P9", "Late Comer", EMAIL="late@example.org")], LATER)
        look_at_school(mailing_id=city.mailing, school_id=first)
        assert city.outbox() == sent
        assert figures(city)[2] == before[2]

    def test_a_receipt_that_comes_after_the_close_changes_nothing(self, city: City) -> None:
        two_schools(city)
        settle(city)
        close(city)
        before = figures(city)
        assert city.hear([(SHARED, "permanent-failure")], LATER) == 0
        assert figures(city) == before
