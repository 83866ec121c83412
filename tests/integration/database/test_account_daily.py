"""The partnership's account is of a day: written once, the same all day, and the next says what changed in it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner

from everyfamily.core.accounting.account_record import LateNews
from everyfamily.core.accounting.coverage import Outcome
from tests.factories.city import NOW, REFERENCE, City, address, adult
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

DAY_2 = NOW.replace(day=3, hour=6)
DAY_3 = NOW.replace(day=4, hour=6)
HOUR = timedelta(hours=1)
LETTER = "Ana Ferris0\n1 Lantern Row\nEastmere\nEM4 7QX"


def hear(city: City, events: Sequence[tuple[str, str]], *, happened: datetime, heard: datetime) -> None:
    """Receipts of what happened before we were told, and what follows from them."""
    from everyfamily.channels.events import DeliveryEvent
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.mailings.actions.sending.receipts import record_receipts

    by_value = {line["to"] or "\n".join(line["address"]): line["reference"] for line in city.outbox()}
    record_receipts(
        [DeliveryEvent(by_value[value], AttemptStatus(status), happened) for value, status in events], heard
    )
    city.send(heard)


def write(city: City, now: datetime) -> LateNews | None:
    from everyfamily.mailings.queries.accounts import account_of_day
    from everyfamily.reports.accounts import write_account

    assert write_account(city.mailing, now)
    stored = account_of_day(city.mailing, now.date())
    assert stored is not None
    return LateNews.from_json(stored.changes)


@kept_city
def sent(city: City) -> None:
    """Thirty children, an email to each, and of the first a second adult and a sister."""
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(30)]
    rows.append(adult("P0", "Ben Ferris", EMAIL="ben@example.org"))
    rows.append(adult("P100", "Ana Ferris0", EMAIL="ana0@example.org"))
    city.school(900001, rows, order=["email"])
    city.open()
    city.send()


def test_a_day_has_one_account_and_it_does_not_change(sent: City) -> None:
    from everyfamily.reports.accounts import account_for, write_account

    first = account_for(sent.mailing, DAY_2)
    hear(sent, [("ana1@example.org", "delivered")], happened=DAY_2 + HOUR, heard=DAY_2 + HOUR)
    assert not write_account(sent.mailing, DAY_2 + 2 * HOUR)
    assert account_for(sent.mailing, DAY_2 + 2 * HOUR) == first
    assert account_for(sent.mailing, DAY_3 - HOUR) == first, "until six it is the day before's"
    assert first.next_at == DAY_3
    assert account_for(sent.mailing, DAY_3).shown != first.shown


def test_two_workers_at_once_write_one(sent: City) -> None:
    from django.db import connections

    from everyfamily.mailings.models import DailyAccount
    from everyfamily.reports.accounts import write_account

    together, wrote = Barrier(4), []

    def one() -> None:
        together.wait()
        wrote.append(write_account(sent.mailing, DAY_2))
        connections.close_all()

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wrote) == [False, False, False, True]
    assert DailyAccount.objects.count() == 1


def test_the_database_lets_nobody_change_an_account(sent: City) -> None:
    from django.db import ProgrammingError

    from everyfamily.mailings.models import DailyAccount

    write(sent, DAY_2)
    with pytest.raises(ProgrammingError, match="permission denied"):
        DailyAccount.objects.update(figures={})


def test_no_school_s_exact_figure_is_kept(sent: City) -> None:
    from everyfamily.mailings.models import DailyAccount

    sent.school(900002, [adult(f"Q{n}", f"Bea Ferris{n}") for n in range(37)])
    hear(sent, [(f"ana{n}@example.org", "delivered") for n in range(23)], happened=NOW + HOUR, heard=NOW + HOUR)
    write(sent, DAY_2)
    shown = DailyAccount.objects.get().figures["shown"]
    lines = [line for line in [*shown["schools"], shown["together"]] if line]
    assert lines
    assert all(line["about"] is None or line["about"] % 10 == 0 for line in lines)


def test_figures_are_to_the_nearest_ten_when_two_days_would_give_a_school_away(city: City) -> None:
    from everyfamily.mailings.models import DailyAccount
    from everyfamily.reports.accounts import account_for

    for school in range(6):
        rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"s{school}n{n}@example.org") for n in range(60)]
        city.school(900001 + school, rows, order=["email"])
    city.open()
    city.send()
    at = NOW + HOUR
    values = [(f"s{school}n{n}@example.org", "delivered") for school in range(6) for n in range(54)]
    hear(city, values, happened=at, heard=at)
    days = [DAY_2 + timedelta(days=n) for n in range(4)]
    assert account_for(city.mailing, days[0]).shown.exact
    # One school, then a second, then a third since the last exact account; each late news is rounded with its day.
    for school, exact in ((0, False), (1, False), (2, True)):
        at = days[school] + HOUR
        hear(city, [(f"s{school}n58@example.org", "delivered")], happened=at, heard=at)
        account = account_for(city.mailing, days[school + 1])
        assert account.shown.exact is exact, school
    kept = [row.figures for row in DailyAccount.objects.order_by("day")]
    assert len({row["marks"][str(city.schools[900006])] for row in kept}) == 1, "unchanged"
    assert len({row["marks"][str(city.schools[900001])] for row in kept}) == 2, "changed once"
    assert len(set(kept[0]["marks"].values())) == 6, "the same figures, another mark at each school"


# ---- Late news ----


def test_a_receipt_heard_after_the_account_of_what_was_before_it_changes_it(sent: City) -> None:
    assert write(sent, DAY_2) is None
    # Both adults of one child, and one of them is also her sister's: two children more, not three.
    for value in ("ana0@example.org", "ben@example.org"):
        hear(sent, [(value, "delivered")], happened=NOW + HOUR, heard=DAY_2 + HOUR)
    hear(sent, [("ana1@example.org", "delivered")], happened=DAY_2 + HOUR, heard=DAY_2 + HOUR)
    news = write(sent, DAY_3)
    assert news == LateNews(date(2027, 3, 3), 0, {Outcome.ON_ITS_WAY: 2}, 0)
    assert sent.coverage(DAY_3).total.outcomes[Outcome.REACHED] == 3


def test_a_receipt_that_comes_twice_is_news_once(sent: City) -> None:
    write(sent, DAY_2)
    for at in (DAY_2 + HOUR, DAY_2 + 2 * HOUR):
        hear(sent, [("ana1@example.org", "delivered")], happened=NOW + HOUR, heard=at)
    assert write(sent, DAY_3) == LateNews(date(2027, 3, 3), 0, {Outcome.ON_ITS_WAY: 1}, 0)
    assert write(sent, DAY_3 + timedelta(days=1)) is None, "and not again the day after"


def test_a_second_adult_s_late_receipt_is_no_news_of_a_child_who_counted(sent: City) -> None:
    hear(sent, [("ben@example.org", "delivered")], happened=NOW + HOUR, heard=NOW + HOUR)
    write(sent, DAY_2)
    hear(sent, [("ana0@example.org", "delivered")], happened=NOW + HOUR, heard=DAY_2 + HOUR)
    # The sister has one adult, and counts separately.
    assert write(sent, DAY_3) == LateNews(date(2027, 3, 3), 1, {Outcome.ON_ITS_WAY: 1}, 0)


def test_it_says_what_the_children_counted_as(sent: City) -> None:
    hear(sent, [("ana2@example.org", "temporary-failure")], happened=NOW + HOUR, heard=NOW + HOUR)
    later = NOW.replace(day=8, hour=6)
    sent.send(later)
    write(sent, later)
    hear(
        sent,
        [("ana1@example.org", "delivered"), ("ana2@example.org", "delivered")],
        happened=NOW + 2 * HOUR,
        heard=later + HOUR,
    )
    news = write(sent, later + timedelta(days=1))
    assert news is not None
    assert news.gained == {Outcome.ACCEPTED: 1, Outcome.NOT_REACHED: 1}


@pytest.mark.parametrize(("second_adult", "lost"), [(False, 1), (True, 0)])
def test_a_letter_that_had_come_back_takes_its_child_away(city: City, second_adult: bool, lost: int) -> None:
    rows = [adult("P0", "Ana Ferris0", **address(1))]
    if second_adult:
        rows.append(adult("P0", "Ben Ferris", EMAIL="ben@example.org"))
    city.school(900001, rows, order=["email", "post"])
    city.open()
    city.send()
    happened = [(LETTER, "delivered")] + ([("ben@example.org", "delivered")] if second_adult else [])
    hear(city, happened, happened=NOW + HOUR, heard=NOW + HOUR)
    write(city, DAY_2)
    hear(city, [(LETTER, "returned")], happened=DAY_2 - HOUR, heard=DAY_2 + HOUR)
    news = write(city, DAY_3)
    assert (news.lost if news else 0) == lost
    assert news is None or news.known_now == 0


def test_what_came_back_after_the_account_is_today_s_and_no_late_news(city: City) -> None:
    city.school(900001, [adult("P0", "Ana Ferris0", **address(1))], order=["post"])
    city.open()
    city.send()
    hear(city, [(LETTER, "delivered")], happened=NOW + HOUR, heard=NOW + HOUR)
    write(city, DAY_2)
    hear(city, [(LETTER, "returned")], happened=DAY_2 + HOUR, heard=DAY_2 + 2 * HOUR)
    assert write(city, DAY_3) is None
    assert city.coverage(DAY_3).total.outcomes[Outcome.REACHED] == 0


# ---- Where a person looks ----


def command(*words: str) -> str:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["coverage", "--reference", REFERENCE, *words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def by_day(sent: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The command at a moment; returns what it printed, the page and the table."""
    from everyfamily.cli.accounts import account
    from everyfamily.cli.mailings import send_commands

    assert send_commands
    show = account.show_coverage

    def at(now: datetime, *words: str) -> tuple[str, str, list[dict[str, str]]]:
        monkeypatch.setattr(account, "show_coverage", lambda **asked: show(**asked | {"now": now}))
        page, table = tmp_path / "page.html", tmp_path / "table.csv"
        said = command("--html", str(page), "--csv", str(table), *words)
        rows = list(csv.DictReader(StringIO(table.read_text(encoding="utf-8-sig"))))
        return said, page.read_text(encoding="utf-8"), rows

    return at


def test_asking_twice_a_day_gives_the_same_bytes_and_live_does_not(sent: City, by_day) -> None:  # type: ignore[no-untyped-def]
    _, page, rows = by_day(DAY_2)
    hear(sent, [(f"ana{n}@example.org", "delivered") for n in range(20)], happened=DAY_2, heard=DAY_2 + HOUR)
    said, again, rows_again = by_day(DAY_2 + 2 * HOUR)
    assert (page, rows) == (again, rows_again)
    assert "the account of Wednesday 3 March 2027, 06:00, which is the same all day" in said
    assert "21 of 31 children" in said, "the operator's figures are of now"
    _, live, _ = by_day(DAY_2 + 2 * HOUR, "--live")
    assert live != page


def test_late_news_is_one_sentence_on_page_table_and_terminal(sent: City, by_day) -> None:  # type: ignore[no-untyped-def]
    by_day(DAY_2)
    values = [(f"ana{n}@example.org", "delivered") for n in range(1, 16)]
    hear(sent, values, happened=NOW + HOUR, heard=DAY_2 + HOUR)
    said, page, rows = by_day(DAY_3)
    exact = "Reached on 3 March: 0 as shown then; 15 with what was heard since: 15 more (15 as on their way)."
    assert exact in said
    # One small school: its page is to the nearest 10.
    rounded = "Reached on 3 March: under 5 as shown then; about 20 with what was heard since."
    assert rounded in page
    (row,) = [row for row in rows if row["part"] == "late news"]
    assert (row["name"], row["children"]) == (rounded, "20")
    found = json.loads(command("--json"))["late_news"]
    assert (found["said"], found["known_now"], found["gained"]) == (0, 15, {"on_its_way": 15})


def test_the_task_writes_each_day_once_after_six_of_london(sent: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.models import DailyAccount
    from everyfamily.reports.tasks import write_accounts

    monkeypatch.setattr(settings, "EVERYFAMILY_CLOCK", "system")
    # Summer time begins on 28 March: six of London is five of UTC.
    for now in ("2027-03-27T06:10+00:00", "2027-03-27T23:00+00:00", "2027-03-28T05:05+00:00"):
        monkeypatch.setattr(clock, "now", lambda now=now: datetime.fromisoformat(now))
        write_accounts(timestamp=0)
        write_accounts(timestamp=0)
    assert list(DailyAccount.objects.order_by("day").values_list("day", flat=True)) == [
        date(2027, 3, 27),
        date(2027, 3, 28),
    ]


def test_a_closed_mailing_is_accounted_for_thirty_days_more(sent: City) -> None:
    from everyfamily.mailings.models import Mailing
    from everyfamily.mailings.queries.accounts import mailings_to_account_for

    assert mailings_to_account_for(NOW - HOUR) == [], "not before it has begun"
    Mailing.objects.update(state="closed", ledger_key=None, closed_at=NOW)
    assert mailings_to_account_for(NOW + timedelta(days=29)) == [sent.mailing]
    assert mailings_to_account_for(NOW + timedelta(days=30)) == []
