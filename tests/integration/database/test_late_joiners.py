"""Late joiners: families of children who came since get the letters that are still good, and nobody gets one twice."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.demonstration import PARTNERSHIP, demo_partnership
from tests.factories.kept import filled

pytestmark = [pytest.mark.database, pytest.mark.slow]

BY = Actor.typed("Pat Example")
URN, OTHER = 900001, 900002
CLOSED = NOW + timedelta(days=21)
ROLL = datetime(2027, 4, 13, 9, tzinfo=LONDON)
OPENS = datetime(2027, 4, 20, 9, tzinfo=LONDON)
BEFORE = [
    adult("P1", "Ana Ferris", EMAIL="ana@example.org"),
    adult("P2", "Ben Marsh", EMAIL="ben@example.org"),
    adult("P3", "Cia Quill", EMAIL="cia@example.org", RESTRICTION="do not send"),
    *(adult(f"S{number}", f"Una Strand{number}") for number in range(30)),
]


def mailed(city: City) -> None:
    """Ana has the letter, Ben's bounced, Cia is barred, Hal's child left before; the mailing is closed."""
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.people.actions.keeping.leavers import confirm_leavers

    school = city.school(URN, [*BEFORE, adult("P4", "Hal Stone", EMAIL="hal@example.org")], order=["email"])
    city.school(OTHER, [adult("Q1", "Ida Frost", EMAIL="ida@example.org")], order=["email"])
    city.import_rows(URN, BEFORE)
    confirm_leavers(school, pupils=None, by=BY, on=NOW.date(), now=NOW)
    city.open()
    city.send()
    city.hear([("ana@example.org", "delivered"), ("ben@example.org", "permanent-failure")], NOW)
    city.send(CLOSED)
    close_mailing(city.mailing, by=BY, now=CLOSED, although="a test")


def ring(at: datetime = ROLL) -> None:
    """Every number of the letter is right."""
    from everyfamily.mailings.actions.guards.route_checks import route_is_good

    for route in demo_partnership().routes:
        route_is_good(route, by=BY, now=at)


def joined(city: City) -> None:
    """The roll of the next term. P9 is the only family that was never here; the lead attests."""
    from everyfamily.people.actions.keeping.leavers import confirm_leavers
    from everyfamily.people.actions.schools.schools import attest_school

    rows = [
        *BEFORE[:-1],
        # Here all the time, and only now with a way to be reached.
        adult("S29", "Una Strand29", EMAIL="una@example.org"),
        adult("P8", "Ana Ferris", EMAIL="ana@example.org"),
        adult("P9", "Dee Osei", EMAIL="dee@example.org"),
        adult("P10", "Cia Quill", EMAIL="cia@example.org"),
        adult("P11", "Eli Vance", EMAIL="eli@example.org", OBJECTS="yes"),
        adult("P12", "Jon Ferris", EMAIL="ana@example.org"),
        adult("P14", "Gil Reed", EMAIL="gil@example.org", RESTRICTION="hold"),
        adult("P4", "Hal Stone", EMAIL="hal@example.org"),
    ]
    city.import_rows(URN, [*rows, adult("P13", "Fay Holt", EMAIL="fay@example.org")], ROLL)
    city.import_rows(URN, rows, ROLL + timedelta(hours=1))
    confirm_leavers(city.schools[URN], pupils=None, by=BY, on=ROLL.date(), now=ROLL + timedelta(hours=2))
    for school in city.schools.values():
        attest_school(school, by=Actor.typed("lead"), now=OPENS - timedelta(hours=16))


def start(city: City, opens: datetime = OPENS):  # type: ignore[no-untyped-def]
    from everyfamily.mailings.actions.planning.joining import start_for_joiners

    return start_for_joiners(demo_partnership(), opens_at=opens, by=BY, now=opens - timedelta(days=1))


def joiners(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["joiners", *words])


def sent_since(city: City, before: int) -> list[object]:
    return [line["to"] for line in city.outbox()[before:]]


def test_only_new_families_get_it_and_their_account_is_their_own(city: City) -> None:
    from everyfamily.core.accounting.coverage import Outcome
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.reports.queries import city_coverage

    filled(city, mailed)
    first, before = city.mailing, len(city.outbox())
    ring()
    joined(city)
    first_account = city_coverage(first, OPENS).messages
    (one,) = start(city)
    assert (one.reference, one.why_not, [school.urn for school in one.schools]) == (REFERENCE, "", [URN])
    assert one.children == 7
    city.mailing = one.opened
    city.send(OPENS)
    # Ana has it, Jon's inbox is hers, Cia is barred, Eli objects, Gil waits for a decision, and Fay's child left again.
    # Una's child is not new.
    assert sorted(map(str, sent_since(city, before))) == ["dee@example.org", "hal@example.org"]
    with tenant(city.schools[URN]):
        tasks = PersonTask.objects.filter(school_id=city.schools[URN], mailing_id=one.opened, kind="restriction")
        assert tasks.count() == 2, "Gil's, and Cia's, who is barred for one child only"
    city.hear([("dee@example.org", "delivered"), ("hal@example.org", "delivered")], OPENS + timedelta(hours=1))
    city.send(OPENS + timedelta(hours=2))
    account = city.coverage(OPENS + timedelta(hours=3))
    assert account.total.children == 7
    assert account.total.outcomes[Outcome.REACHED] == 4, "Dee's, Hal's, and by what came before Ana's and Jon's"
    assert account.total.outcomes[Outcome.NOT_REACHED] == 3
    assert account.messages == {"email": {"delivered": 2}}
    assert not account.outside, "other schools are not part of it"
    assert city_coverage(first, OPENS).messages == first_account

    # The same half-term, and after it is closed, and with nobody new.
    assert start(city, OPENS + timedelta(days=7))[0].why_not.startswith("It is going to families of new children")


def test_nobody_gets_it_again_in_the_next_half_term(city: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing

    filled(city, mailed)
    ring()
    joined(city)
    city.mailing = start(city)[0].opened
    city.send(OPENS)
    done = OPENS + timedelta(days=21)
    city.send(done)
    close_mailing(city.mailing, by=BY, now=done, although="a test")
    ring(done)
    (again,) = start(city, done + timedelta(days=1))
    assert again.why_not == "Families of new children got it in this half-term, on 20 April 2027."
    ring(datetime(2027, 6, 7, 9, tzinfo=LONDON))
    (later,) = start(city, datetime(2027, 6, 15, 9, tzinfo=LONDON))
    assert later.why_not == "No child has joined since at a school that we sent it for."


def test_a_withdrawn_letter_is_not_among_them_and_one_that_goes_out_stops(city: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.queries.mailings import mailing_by_id

    filled(city, mailed)
    ring()
    joined(city)
    opened = start(city)[0].opened
    before = len(city.outbox())
    told = withdraw(REFERENCE, why="it is wrong", by=BY, now=OPENS - timedelta(hours=1))
    assert told.had == {"email": 2}, "those of the first mailing still count"
    city.mailing = opened
    city.send(OPENS)
    assert len(city.outbox()) == before
    assert mailing_by_id(opened).state == "withdrawn"
    (one,) = start(city, OPENS + timedelta(days=7))
    assert one.why_not == "It is withdrawn."


def test_a_number_that_nobody_rang_again_and_an_open_mailing_keep_it_back(city: City) -> None:
    from everyfamily.mailings.actions.planning.joining import plan_for_joiners

    city.school(URN, BEFORE, order=["email"])
    city.open()
    (open_still,) = plan_for_joiners(demo_partnership(), opens_at=OPENS, now=OPENS)
    assert open_still.why_not == "Its mailing is still open, and families of new children get it there."


def test_the_commands_plan_start_and_account(city: City) -> None:
    filled(city, mailed)
    joined(city)
    asked = ("--partnership", str(PARTNERSHIP), "--opens", "2027-04-20T09:00")
    from everyfamily_demo.clock import set_simulated

    set_simulated(OPENS - timedelta(days=1))
    planned = joiners("plan", *asked)
    assert planned.exit_code == 0, planned.output
    assert "These routes do not count as checked on that day" in planned.output
    ring()
    from everyfamily.mailings.models import Mailing

    Mailing.objects.update(from_year=8)
    assert "No child has joined since" in joiners("plan", *asked).output, "all are in Year 7"
    Mailing.objects.update(from_year=0)
    planned = joiners("plan", *asked)
    assert f"{REFERENCE}: 7 children at 1 school, from Tuesday 20 April 2027, 9am" in planned.output
    started = joiners("start", *asked, "--by", "Pat Example", "--json")
    assert started.exit_code == 0, started.output
    (one,) = json.loads(started.output)
    assert (one["reference"], one["children"], one["why_not"]) == (REFERENCE, 7, "")
    told = joiners("account", "--json")
    assert told.exit_code == 0, told.output
    (row,) = json.loads(told.output)
    assert row["children"] == sum(row["outcomes"].values()) == 7


def test_a_partnership_that_did_not_agree_it_is_refused(city: City, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from everyfamily_demo.clock import set_simulated

    set_simulated(OPENS)
    file = tmp_path / "partnership.toml"
    for drawing in PARTNERSHIP.parent.glob("*.svg"):
        (tmp_path / drawing.name).write_bytes(drawing.read_bytes())
    text = PARTNERSHIP.read_text(encoding="utf-8")
    file.write_text(text.replace('late_joiners = "half-term"', 'late_joiners = "off"'), encoding="utf-8")
    refused = joiners("plan", "--partnership", str(file), "--opens", "2027-04-20T09:00")
    assert refused.exit_code == 2
    assert "EF538" in refused.output


def test_a_child_who_comes_back_is_new(city: City) -> None:
    from everyfamily.people.actions.keeping.leavers import confirm_leavers
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    school = city.school(URN, BEFORE)
    city.import_rows(URN, BEFORE[1:])
    confirm_leavers(school, pupils=None, by=BY, on=NOW.date(), now=NOW)
    city.import_rows(URN, BEFORE, ROLL)
    with tenant(school):
        days = Pupil.objects.filter(school_id=school).values_list("on_roll_from", flat=True)
        assert sorted(days) == [*[NOW.date()] * (len(BEFORE) - 1), date(2027, 4, 13)]
