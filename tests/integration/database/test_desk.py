"""The desk: what waits for whom in the database, what they should know, and how many questions it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import SCOPES, Role, Scope
from tests.factories.browser import Browser
from tests.factories.city import NOW, REFERENCE, City, adult

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

OURS, THEIRS = 900001, 900002
HELD = adult("P1", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold")
OPEN = adult("P2", "Bo Ferris", EMAIL="bo@example.org")
BY = Actor.typed("Una Marsh")
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _doors(city: City, tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily.staff.doors.secrets_of_factors import make_key
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    make_key(tmp_path / "sign-in.key")
    hosts = ["letters.eastmere.example"]
    key = str(tmp_path / "sign-in.key")
    with override_settings(ALLOWED_HOSTS=hosts, EVERYFAMILY_SIGN_IN_KEY_FILE=key):
        yield


def _account(name: str, *roles: tuple[Role, int | None], made_at: datetime = NOW - timedelta(days=90)) -> int:
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account, Membership

    account = Account.objects.create(
        email=f"{name.split()[0].lower()}@example.org", name=name, made_at=made_at, was_here_on=NOW.date()
    )
    for role, school_id in roles:
        body = "police" if SCOPES[role] is Scope.BODY else ""
        Membership.objects.create(
            account=account, role=role, school_id=school_id, body=body, given_by="Ines Ortega", given_at=made_at
        )
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    return account.pk


def _client(account: int) -> Client:

    from everyfamily.accounts.models import Account

    client = Browser(headers={"host": "letters.eastmere.example"})
    client.force_login(Account.objects.get(pk=account))
    return client


def _page(account: int) -> str:
    """The words of somebody's desk."""
    answer = _client(account).get("/", secure=True)
    assert answer.status_code == 200
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def test_a_lead_sees_their_own_school_and_no_other(city: City) -> None:
    ours, theirs = city.school(OURS, [HELD, OPEN]), city.school(THEIRS, [HELD, OPEN])
    lead = _page(_account("Dev Marchetti", (Role.LEAD, ours)))
    assert "1 thing waits for you" in lead
    assert "Decide who may have the letter: 1 decision" in lead
    assert f"Quayfield School {OURS}" in lead
    assert str(THEIRS) not in lead
    assert "Decide about them : Decide who may have the letter" in lead
    both = _page(_account("Ada Clarke", (Role.LEAD, ours), (Role.LEAD, theirs)))
    assert "Decide who may have the letter: 2 decisions" in both
    assert str(OURS) in both
    assert str(THEIRS) in both


def test_nobody_in_the_partnership_sees_what_waits_at_a_school_or_a_name(city: City) -> None:
    school = city.school(OURS, [HELD, OPEN])
    city.open()
    city.send()
    for role in (role for role in Role if SCOPES[role] is not Scope.SCHOOL):
        words = _page(_account(f"{role}x Example", (role, None)))
        assert "Decide who may have" not in words, role
        assert "Ferris" not in words, role
    assert "Ferris" not in _page(_account("Dev Marchetti", (Role.LEAD, school)))


def test_a_school_is_asked_to_attest_before_its_wave_and_told_from_when(city: City) -> None:
    from everyfamily.mailings.models import MailingSchool
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(OURS, [OPEN])
    city.open()
    lead = _account("Dev Marchetti", (Role.LEAD, school))
    MailingSchool.objects.update(wave_at=NOW + timedelta(days=2))
    words = _page(lead)
    assert "Say that restrictions and leavers are right" in words
    assert "By 9am on Thursday 4 March" in words
    assert "You can do it from 9am on Wednesday 3 March." in words
    assert "We write to your families on Thursday 4 March, from 9am." in words
    from everyfamily.mailings.actions.sending.pausing import pause_mailing, resume_mailing

    pause_mailing(city.mailing, why="wrong line", by=BY, now=NOW)
    words = _page(lead)
    assert "Nothing waits for you" in words
    assert "Sending is paused. Nothing goes out until a person lets it go on." in words
    assert "Sending is paused." in _page(_account("Una Marsh", (Role.COORDINATOR, None)))
    resume_mailing(city.mailing, by=BY, now=NOW)
    attest_school(school, by=BY, now=NOW)
    MailingSchool.objects.update(wave_at=NOW + timedelta(hours=20))
    assert "Nothing waits for you" in _page(lead)


def test_an_old_roll_waits_for_the_office_two_weeks_before_the_wave(city: City) -> None:
    from everyfamily.mailings.models import MailingSchool
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollImport

    school = city.school(OURS, [OPEN])
    city.open()
    office = _account("Asha Birch", (Role.OFFICE, school))
    MailingSchool.objects.update(wave_at=NOW + timedelta(days=10))
    assert "Nothing waits for you" in _page(office)
    with tenant(school):
        RollImport.objects.update(imported_at=NOW - timedelta(days=81))
    words = _page(office)
    assert "Upload your newest roll" in words
    assert "By 9am on Friday 12 March" in words
    MailingSchool.objects.update(wave_at=NOW + timedelta(days=15))
    assert "Nothing waits for you" in _page(office), "it is early still"
    MailingSchool.objects.update(wave_at=NOW + timedelta(days=10))
    city.import_rows(OURS, [OPEN, HELD])
    assert "Nothing waits for you" in _page(office)


def test_a_held_school_is_urgent_for_its_lead_and_a_number_for_the_coordinator(city: City) -> None:
    school = city.school(OURS, [OPEN], attests=False)
    city.open()
    city.send()
    lead = _page(_account("Dev Marchetti", (Role.LEAD, school)))
    assert "Urgent Say that restrictions and leavers are right" in lead
    coordinator = _page(_account("Una Marsh", (Role.COORDINATOR, None)))
    assert "Ring 1 school where nobody has attested" in coordinator
    assert f"Letter {REFERENCE}. Quayfield School {OURS}." in coordinator


def test_a_wave_that_has_not_begun_is_urgent_once_letters_may_go(city: City) -> None:
    from everyfamily.core.calendar.sending_days import Sending
    from everyfamily.core.calendar.sending_window import sending_as_data
    from everyfamily.mailings.models import MailingSchool
    from everyfamily_demo.clock import set_simulated
    from tests.spec.test_sending_days import TERMS

    city.school(OURS, [OPEN])
    city.open(sending=sending_as_data(Sending(), TERMS))
    una = _account("Una Marsh", (Role.COORDINATOR, None))
    late = "Find out why a wave has not begun: 1 school"
    # It was planned for a moment at which no letter goes out, so it waits for the next morning.
    MailingSchool.objects.update(wave_at=NOW.replace(hour=13))
    set_simulated(NOW.replace(hour=15))
    assert late not in _page(una)
    set_simulated(NOW + timedelta(days=1, minutes=9))
    assert late not in _page(una)
    set_simulated(NOW + timedelta(days=1, minutes=10))
    words = _page(una)
    assert f"Urgent {late}" in words
    assert f"Quayfield School {OURS}." in words


def test_a_mailing_that_stopped_waits_for_coordinators_and_is_news_to_others(city: City) -> None:
    from everyfamily.mailings.actions.guards.sendable import pause

    city.school(OURS, [OPEN])
    city.open()
    pause(city.mailing, "Too many emails fail.", kind="failures", now=NOW)
    una = _account("Una Marsh", (Role.COORDINATOR, None))
    words = _page(una)
    assert "Urgent See why a mailing stopped, and let it go on" in words
    assert "Too many emails fail. test looks after it first." in words
    viewer = _account("Mara Quill", (Role.VIEWER, None))
    words = _page(viewer)
    assert "Nothing waits for you" in words
    assert f"The mailing of letter {REFERENCE} stopped by itself" in words
    # Dismissed by one person, for that person only.
    client = _client(viewer)
    assert client.post("/seen/", {"notice": _notices(client)[0]}, secure=True).status_code == 302
    assert "stopped by itself" not in _page(viewer)
    assert "stopped by itself" in _page(_account("Ben Frost", (Role.VIEWER, None)))


def _notices(client: Client) -> list[str]:
    page = client.get("/", secure=True).content.decode()
    return re.findall(r'name="notice" value="([^"]+)"', page)


def test_only_a_notice_that_is_shown_can_be_dismissed(city: City) -> None:
    from everyfamily.accounts.models import NoticeSeen

    client = _client(_account("Mara Quill", (Role.VIEWER, None)))
    for key in ("stop 1", "", "x" * 9000, "role 1'; DROP"):
        assert client.post("/seen/", {"notice": key}, secure=True).status_code == 302
    assert not NoticeSeen.objects.exists()
    assert client.get("/seen/", secure=True).status_code == 405


def test_a_withdrawn_letter_is_news_to_its_schools_and_to_no_other(city: City) -> None:
    from everyfamily.letters.models import Letter
    from everyfamily.mailings.models import MailingSchool

    ours, theirs = city.school(OURS, [OPEN]), city.school(THEIRS, [OPEN])
    city.open()
    city.send()
    MailingSchool.objects.filter(school_id=theirs).update(state="planned")
    Letter.objects.update(state="withdrawn", withdrawn_at=NOW, withdrawn_by="test")
    assert f"Letter {REFERENCE} was withdrawn" in _page(_account("Dev Marchetti", (Role.LEAD, ours)))
    assert "withdrawn" not in _page(_account("Ada Clarke", (Role.LEAD, theirs)))
    assert "withdrawn" in _page(_account("Tom Rydal", (Role.AUTHOR, None)))
    # It is withdrawn in the name of those who signed it.
    assert "withdrawn" in _page(_account("Ruth Calloway", (Role.SIGNATORY, None)))
    assert "withdrawn" not in _page(_account("Ben Frost", (Role.ADMINISTRATOR, None)))


def test_a_role_that_was_given_later_and_a_reset_are_news_to_that_person_only(city: City) -> None:
    from everyfamily.accounts.actions.inviting import let_in_again
    from everyfamily.accounts.models import Account, Membership

    tom, mara = _account("Tom Rydal", (Role.AUTHOR, None)), _account("Mara Quill", (Role.VIEWER, None))
    assert "To know" not in _page(tom)
    Membership.objects.create(
        account=Account.objects.get(pk=tom), role=Role.VIEWER, given_by="Ada Clarke", given_at=NOW
    )
    let_in_again(tom, Actor.typed("Ada Clarke"), NOW)
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user_id=tom, type="totp", data={"secret": "x"})
    words = _page(tom)
    assert "You have a new role: viewer Ada Clarke gave it to you." in words
    assert "You were let in again Ada Clarke did it." in words
    assert "To know" not in _page(mara)


def test_a_return_waits_for_its_school_until_it_is_filed(city: City) -> None:
    from everyfamily.mailings.models import Mailing, SchoolReturn
    from everyfamily.people.database.tenancy import tenant

    city.school(OURS, [OPEN])
    itself = city.school(900101, sends="school")
    city.open()
    due = NOW.date() + timedelta(days=3)
    Mailing.objects.update(returns_due_on=due, returns_close_on=due + timedelta(days=5))
    office = _account("Priya Nand", (Role.OFFICE, itself))
    assert "File your school’s return" in _page(office)
    assert "By Friday 5 March" in _page(office)
    coordinator = _account("Una Marsh", (Role.COORDINATOR, None))
    assert "Give 1 school a way to file the return" in _page(coordinator)
    with tenant(itself):
        numbers: dict[str, Any] = dict.fromkeys(("by_text", "on_paper", "not_reached"), 0)
        SchoolReturn.objects.create(
            school_id=itself,
            mailing_id=city.mailing,
            on_roll=3,
            by_email=3,
            **numbers,
            emails_confirmed=True,
            doubts=["X"],
            filed_at=NOW,
            filed_by="link 1",
        )
    assert "Nothing waits for you" in _page(office)
    assert "Look at 1 return" in _page(coordinator)


def test_a_number_is_rung_before_its_check_runs_out_and_is_urgent_after(city: City) -> None:
    from everyfamily.core.text.dates import day_with_weekday
    from everyfamily.letters.models import Route
    from everyfamily_demo.clock import set_simulated

    city.school(OURS, [OPEN])
    city.open()
    tom = _account("Tom Rydal", (Role.AUTHOR, None))
    assert "Nothing waits for you" in _page(tom)
    last = min(Route.objects.exclude(expires_on=None).values_list("expires_on", flat=True))
    set_simulated(NOW + (last - NOW.date() - timedelta(days=6)))
    words = _page(tom)
    assert re.search(r"Ring \d+ lines? and sign the date", words)
    assert f"By {day_with_weekday(last)}" in words
    assert "Ring and sign" in words
    set_simulated(NOW + (last - NOW.date() + timedelta(days=1)))
    assert re.search(r"Urgent Ring \d+ lines? that may not be printed now", _page(tom))
    assert not re.search(r"Ring \d+ line", _page(_account("Mara Quill", (Role.VIEWER, None))))


def test_changed_settings_wait_for_a_second_person_and_not_for_whoever_asked(city: City) -> None:
    from everyfamily.partnership.models import Proposal

    una, ada = _account("Una Marsh", (Role.COORDINATOR, None)), _account("Ada Clarke", (Role.COORDINATOR, None))
    more = {"file": "partnership.toml", "text": "x", "drawings": {}, "digest": "0" * 64, "asked_at": NOW}
    Proposal.objects.create(needs_second=True, asked_by="Una Marsh", asked_account=una, **more)
    words = _page(ada)
    assert "Urgent Try a change of the settings and put it in force, or cancel it" in words
    assert "Una Marsh asked for it" in words
    assert "Nothing waits for you" in _page(una)
    Proposal.objects.update(ended_at=NOW)
    assert "Nothing waits for you" in _page(ada)


def test_a_trail_that_does_not_hold_is_urgent_for_administrators(city: City) -> None:
    from everyfamily.work.models import Verification

    ada = _account("Ada Clarke", (Role.ADMINISTRATOR, None), (Role.COORDINATOR, None))
    _account("Ben Frost", (Role.ADMINISTRATOR, None), (Role.COORDINATOR, None))
    Verification.objects.create(
        state="done", asked_by="Ada Clarke", asked_at=NOW, ended_at=NOW, broken=["The partnership's chain."]
    )
    assert "Urgent See where the audit trail does not hold" in _page(ada)
    Verification.objects.create(state="done", asked_by="Ada Clarke", asked_at=NOW, ended_at=NOW)
    assert "Nothing waits for you" in _page(ada)
    Verification.objects.create(
        state="failed", asked_by="Ada Clarke", asked_at=NOW, ended_at=NOW, failed_code="EF000"
    )
    assert "See why the check of the audit trail failed" in _page(ada)


def test_a_lead_can_stop_a_colleague_from_being_let_in_again(city: City) -> None:
    from everyfamily.accounts.models import Reset

    ours, theirs = city.school(OURS, [OPEN]), city.school(THEIRS, [OPEN])
    lead, other = _account("Dev Marchetti", (Role.LEAD, ours)), _account("Ada Clarke", (Role.LEAD, theirs))
    office = _account("Priya Nand", (Role.OFFICE, ours))
    times = {"asked_at": NOW, "opens_at": NOW + timedelta(days=1), "expires_at": NOW + timedelta(days=8)}
    Reset.objects.create(account_id=office, asked_by="Pat Example", **times)
    words = _page(lead)
    assert "Stop it if a colleague should not be let in again" in words
    assert "It is for Priya Nand, and Pat Example asked for it. By 9am tomorrow, Wednesday 3 March" in words
    assert "Nothing waits for you" in _page(other)
    assert "Nothing waits for you" in _page(office)
    Reset.objects.update(cancelled_at=NOW, cancelled_by="Dev Marchetti")
    assert "Nothing waits for you" in _page(lead)


def test_an_administrator_is_told_when_too_few_can_help_each_other(city: City) -> None:
    from allauth.mfa.models import Authenticator

    ada = _account("Ada Clarke", (Role.ADMINISTRATOR, None))
    assert "2 things wait for you" in _page(ada)
    ben = _account("Ben Frost", (Role.ADMINISTRATOR, None), (Role.COORDINATOR, None))
    _account("Una Marsh", (Role.COORDINATOR, None))
    assert "Nothing waits for you" in _page(ada)
    Authenticator.objects.filter(user_id=ben).delete()
    assert "Remind 1 account without a second factor" in _page(ada)


def test_what_others_did_since_the_last_visit_is_told_to_those_whom_it_concerns(city: City) -> None:
    from everyfamily.accounts.actions.inviting import invite
    from everyfamily.core.invitations import offer_of
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    ours, theirs = city.school(OURS, [OPEN]), city.school(THEIRS, [OPEN])
    city.open()
    una = _account("Una Marsh", (Role.COORDINATOR, None))
    ada = _account("Ada Clarke", (Role.ADMINISTRATOR, None))
    pause_mailing(city.mailing, why="wrong line", by=Actor.typed("Pat Example"), now=NOW)
    invite(offer_of("Tom Rydal", "tom@example.org", Role.AUTHOR), Actor.typed("Pat Example"), NOW)
    pause = f"Pat Example paused the mailing of letter {REFERENCE}. Today, 9am"
    invitation = "Pat Example invited somebody to be author. Today, 9am"
    coordinator, administrator = _page(una), _page(ada)
    assert "Since you were last here, on Tuesday 2 March" in coordinator
    assert pause in coordinator
    assert invitation not in coordinator
    assert invitation in administrator
    assert pause not in administrator
    assert "The whole audit trail" in administrator
    lead = _page(_account("Dev Marchetti", (Role.LEAD, ours)))
    assert "lead said that the roll is right. Today, 9am" in lead
    assert "Pat Example" not in lead
    assert "Your school’s audit trail" in lead
    both = _page(_account("Ben Frost", (Role.LEAD, ours), (Role.OFFICE, theirs)))
    assert f"Quayfield School {THEIRS}: lead said that the roll is right." in both


def test_what_somebody_did_themselves_is_no_news_and_neither_is_what_was_before(city: City) -> None:
    from everyfamily.accounts.models import Account
    from everyfamily.core.actors import ActorKind
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    city.school(OURS, [OPEN])
    city.open()
    una = _account("Una Marsh", (Role.COORDINATOR, None))
    pause_mailing(city.mailing, why="x", by=Actor(ActorKind.PERSON, "Una Marsh", una), now=NOW)
    assert "Una Marsh paused" not in _page(una)
    other = _account("Pat Example", (Role.COORDINATOR, None))
    assert "Una Marsh paused" in _page(other)
    Account.objects.filter(pk=other).update(was_here_on=NOW.date() + timedelta(days=1))
    assert "Nobody else did anything that concerns you." in _page(other)
    Account.objects.filter(pk=other).update(was_here_on=None)
    assert "Since you were last here" not in _page(other)


def test_the_day_of_the_last_visit_stays_while_somebody_comes_in_again_on_one_day(city: City) -> None:
    from everyfamily.accounts.actions.roles import signed_in
    from everyfamily.accounts.models import Account

    account = _account("Una Marsh", (Role.COORDINATOR, None))
    days = [NOW.date() + timedelta(days=n) for n in range(4)]
    for at, was in ((0, days[0]), (2, days[0]), (2, days[0]), (3, days[2])):
        signed_in(account, "Una Marsh", NOW + timedelta(days=at))
        assert Account.objects.get(pk=account).was_here_on == was


def test_the_daily_email_is_switched_off_and_on_by_its_person_only(city: City) -> None:
    from everyfamily.accounts.models import Account
    from everyfamily.audit.queries.events import events

    mara, ben = _account("Mara Quill", (Role.VIEWER, None)), _account("Ben Frost", (Role.VIEWER, None))
    client = _client(mara)
    assert "We email you at your work address when something does." in _page(mara)
    for said, wanted in (("off", False), ("off", False), ("nonsense", False), ("on", True), ("off", False)):
        assert client.post("/me/mail/", {"digest": said}, secure=True).headers["Location"] == "/me/"
        assert Account.objects.get(pk=mara).digest is wanted
    assert Account.objects.get(pk=ben).digest
    assert 'value="off" checked' in client.get("/me/mail/", secure=True).content.decode()
    assert "We write to you" not in _page(mara)
    assert [event.detail["digest"] for event in events(None) if event.action == "choose digest"] == [
        False,
        True,
        False,
    ]


def test_a_desk_is_opened_for_its_own_schools_and_for_nobodys_people(city: City) -> None:
    from everyfamily.accounts.desk.gathering import Reach
    from everyfamily.core.permissions import Standing, held_by
    from everyfamily.mailings.queries.tasks import school_tasks
    from everyfamily.people.database.access import PeopleNotYours, SchoolNotYours, opened
    from everyfamily.people.keys.school_keys import open_vault

    ours, theirs = city.school(OURS, [HELD]), city.school(THEIRS, [HELD])
    reach = Reach.of(held_by([Standing(Role.LEAD, school_id=ours)]))
    with opened(reach.access):
        assert {task.school_id for task in school_tasks({ours})} == {ours}
        with pytest.raises(SchoolNotYours):
            school_tasks({ours, theirs})
        with pytest.raises(SchoolNotYours):
            school_tasks()
        with pytest.raises(PeopleNotYours):
            open_vault(ours, now=NOW)


def test_every_kind_of_task_at_a_school_is_somebodys(city: City) -> None:
    from everyfamily.accounts.desk.of_schools import KIND_OF_TASK
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.models import RollTask

    known = set()
    for model in (PersonTask, RollTask):
        for constraint in model._meta.constraints:
            if constraint.name in ("task_kind_known", "roll_task_kind_known"):
                known |= set(dict(constraint.condition.children)["kind__in"])  # type: ignore[attr-defined]
    assert "leavers" in known
    assert known | {"roll: attestation"} == {*KIND_OF_TASK, "paused"}


def _asked(account: int) -> int:
    """How many questions somebody's desk asks of the database."""
    return len(_questions(account))


def _questions(account: int) -> list[str]:
    from django.db import connections

    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    client = _client(account)
    client.get("/", secure=True)
    with connections["default"].execute_wrapper(note), connections["planner"].execute_wrapper(note):
        assert client.get("/", secure=True).status_code == 200
    # Only a demonstration asks the database what time it is.
    return [sql for sql in found if "simulatedclock" not in sql]


def _held_rows(children: int) -> list[dict[str, str]]:
    return [
        adult(f"P{n}", f"Ana Ferris {n}", EMAIL=f"a{n}@example.org", RESTRICTION="hold") for n in range(children)
    ]


def test_a_desk_asks_the_same_few_questions_at_ten_times_the_rows(city: City) -> None:
    from everyfamily.mailings.actions.guards.sendable import pause

    first = city.school(OURS, _held_rows(3))
    # As many as one person may have together.
    everything = [(role, None) for role in (Role.COORDINATOR, Role.AUTHOR, Role.VIEWER)]
    lead, una = _account("Dev Marchetti", (Role.LEAD, first)), _account("Una Marsh", *everything)
    city.open()
    city.send()
    pause(city.mailing, "Too many emails fail.", kind="failures", now=NOW)
    before = _asked(lead), _asked(una)
    city.import_rows(OURS, _held_rows(30))
    for urn in range(900101, 900111):
        city.school(urn, _held_rows(3))
    for n in range(20):
        _account(f"Ben{n} Frost", (Role.VIEWER, None))
    assert (_asked(lead), _asked(una)) == before
    assert max(before) <= MOST_QUERIES


def test_each_further_school_of_somebody_costs_the_two_questions_of_its_trail(city: City) -> None:
    schools = [city.school(900001 + n) for n in range(14)]
    one = _asked(_account("Dev Marchetti", (Role.LEAD, schools[0])))
    for number in (3, 12, 14):
        many = _account(f"Ada{number} Clarke", *((Role.LEAD, school) for school in schools[:number]))
        assert _asked(many) == one + 2 * (min(number, 12) - 1)


@contextmanager
def _everything_in_force(city: City, tmp_path: Path) -> Iterator[None]:
    """Settings with a plan whose letters are near, a change of who signs, a mailing, a withdrawn letter, a letter that
    everybody approved, a key that the settings do not name, and a parent site."""
    from django.test import override_settings

    from everyfamily.letters.models import Draft, Frozen, ReceivedApproval
    from everyfamily.partnership.models import Proposal
    from tests.factories.demonstration import PARTNERSHIP

    city.school(OURS, _held_rows(3))
    city.open()
    city.send()
    made: dict[str, Any] = {"pack_id": "x", "pack_version": "1", "pack_digest": "", "pack_zip": b"", "term": "x"}
    draft = Draft.objects.create(**made, reference="ES-2703-AAAA", dated=NOW.date(), begun_by="Tom", begun_at=NOW)
    asked: dict[str, Any] = {
        "asked_by": "Tom Rydal",
        "asked_at": NOW,
        "ended_at": NOW,
        "state": "done",
        "record": {},
    }
    frozen = Frozen.objects.create(
        draft=draft,
        number=1,
        newest_passage=0,
        dated=NOW.date(),
        digest="x",
        required=[{"id": "police"}],
        **asked,
    )
    ReceivedApproval.objects.create(frozen=frozen, signatory="police", kind="passkey", json={}, by="Ruth", at=NOW)
    change: dict[str, Any] = {"file": "partnership.toml", "text": "x", "drawings": {}, "digest": "0" * 64}
    Proposal.objects.create(needs_second=True, asked_by="Una Marsh", asked_at=NOW, **change)
    _confirmed_key()
    with override_settings(EVERYFAMILY_PARTNERSHIP=str(PARTNERSHIP), EVERYFAMILY_SITE_FOLDER=tmp_path):
        yield


def _confirmed_key() -> None:
    from everyfamily.accounts.models import SignatoryKey

    ruth, ian = _account("Ruth Calloway", (Role.SIGNATORY, None)), _account("Ian Frayne", (Role.SIGNATORY, None))
    SignatoryKey.objects.create(
        signatory="police",
        account_id=ruth,
        label="laptop",
        credential_id="x",
        public_key="x",
        rp_id="letters.eastmere.example",
        may_be_copied=False,
        made_by="Ruth Calloway",
        made_at=NOW,
        confirmed_by="Ian Frayne",
        confirmed_account_id=ian,
        confirmed_at=NOW,
    )


def test_nobody_in_the_partnership_asks_more_than_fifteen_questions(city: City, tmp_path: Path) -> None:
    # As many roles as one person may have together, each way.
    most = (
        (Role.COORDINATOR, Role.AUTHOR, Role.VIEWER, Role.DELEGATE),
        (Role.COORDINATOR, Role.REVIEWER, Role.VIEWER, Role.DELEGATE),
        (Role.ADMINISTRATOR, Role.REVIEWER, Role.VIEWER, Role.DELEGATE),
        (Role.SIGNATORY, Role.VIEWER),
    )
    with _everything_in_force(city, tmp_path):
        for number, roles in enumerate(most):
            account = _account(f"Una{number} Marsh", *((role, None) for role in roles))
            found = _questions(account)
            assert len(found) <= MOST_QUERIES, (roles, *(one.strip()[:90] for one in found))
            words = _page(account)
            if Role.AUTHOR in roles:
                for what in ("Seal 1 letter", "Put 1 key of those who sign", "Try a change of the settings"):
                    assert what in words, what
