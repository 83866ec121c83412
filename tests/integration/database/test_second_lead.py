"""A second lead comes in by the school's mailbox beside one who is ill: everybody is told, each can stop it, and on the
first day whoever came in so frees nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor, ActorKind, MayOnlyClose
from everyfamily.core.invitations import NotInvitable
from everyfamily.core.permissions import Role
from everyfamily.core.roles_together import RolesApart
from everyfamily.core.school_invitations import SchoolInvitationOver, SchoolNotInvitable
from tests.factories.city import NOW, City, address, adult
from tests.factories.doors import PASSWORD, open_doors, page_of
from tests.factories.links import mailed_links
from tests.factories.school_pages import words_of
from tests.factories.signed_in import signed_in, signed_in_again
from tests.factories.taking_post import Post
from tests.integration.database.test_decision_pages import links, seen

if TYPE_CHECKING:
    from everyfamily.people.queries import SchoolFacts
    from tests.factories.doors import Person

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
AT = f"/schools/{URN}/"
MAILBOX, DEPUTY = "office@quayfield.example.org", "mara@example.org"
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
ADA = Actor(ActorKind.PERSON, "Ada Clarke", 1)
"""The coordinator who asks."""
SILENT = {"RESTRICTION": ""}
ROWS = [
    adult("P1", "Bo Marsh", RESTRICTION="do not send", EMAIL="bo@example.org", **address(1)),
    adult("P2", "Ana Ferris", EMAIL="ana@example.org", **SILENT),
    adult("P3", "Dee Sample", RESTRICTION="see file"),
    adult("P4", "Cal Ombre", PARENTAL_RESPONSIBILITY="", HAS_CARE=""),
    adult("P5", "Ivo Lund", OBJECTS="yes"),
    adult("P6", "Eve Noor", EMAIL="eve@example.org", MOBILE="07700 900124"),
    adult("P7", "Jan Pell", RESTRICTION="hold"),
]


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path, EVERYFAMILY_BASE_URL="https://letters.eastmere.example"):
        yield


@pytest.fixture
def school(city: City) -> SchoolFacts:
    """With a lead who is ill, an office, and a coordinator and an administrator of the partnership."""
    from everyfamily.people.models import School
    from everyfamily.people.queries import school_by_id

    found = city.school(URN, ROWS, attests=False)
    School.objects.filter(pk=found).update(mailbox=MAILBOX)
    for role, name in (
        (Role.COORDINATOR, "Ada Clarke"),
        (Role.ADMINISTRATOR, "Ben Howe"),
        (Role.LEAD, "Ill Lead"),
        (Role.OFFICE, "Olga Office"),
    ):
        signed_in(role, name, school_id=found)
    return school_by_id(found)


def account(email: str) -> int:
    from everyfamily.accounts.models import Account

    return Account.objects.get(email=email).pk


def browser_of(email: str) -> Person:
    """Somebody who has an app already."""
    from everyfamily.accounts.models import Account
    from tests.factories.doors import a_client

    client = a_client()
    client.force_login(Account.objects.get(email=email))
    return client


def by(email: str) -> Actor:
    from everyfamily.accounts.models import Account

    row = Account.objects.get(email=email)
    return Actor(ActorKind.PERSON, row.name, row.pk)


def asked(school: SchoolFacts, at: datetime = NOW) -> None:
    from everyfamily.accounts.actions.schools.inviting import invite_school

    invite_school(school, by("ada@example.org"), at, beside=True)


def mailed(at: datetime) -> str:
    """What the one new email to the mailbox says."""
    from everyfamily.accounts.actions.schools.mail import send_school_mail

    post = Post()
    send_school_mail(post, at)
    (message,) = post.taken
    assert message.to == MAILBOX
    return message.body.text


def used(school: SchoolFacts, at: datetime, email: str = DEPUTY) -> None:
    """Somebody opens the link in the mailbox, and types the code."""
    from everyfamily.accounts.actions.schools.joining import ask, confirm

    token = re.search(r"/join/([^/\s]+)/", mailed(at))
    assert token
    ask(token[1], "Mara Quill", email, at)
    code = re.search(r"^(\d{6})$", mailed(at), re.MULTILINE)
    assert code
    assert confirm(token[1], code[1], at) is None, "nobody comes in by the code itself"


def told(at: datetime | None = None) -> set[str]:
    """To whom emails about it were written since the last look; with `at`, the mail server takes them then."""
    from everyfamily.accounts.queries import address_of_account
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.work.models import ToldMail

    rows = ToldMail.objects.filter(about__startswith="accounts.beside-", status=AttemptStatus.CREATED)
    found = {row.address or address_of_account(row.account_id) or "" for row in rows}
    if at is not None:
        rows.update(status=AttemptStatus.ACCEPTED, changed_at=at)
    return found


EVERYBODY = {"ada@example.org", "ben@example.org", "ill@example.org", "olga@example.org"}


def work(at: datetime) -> list[tuple[str, str]]:
    """The worker's minute: to whom a link goes."""
    from everyfamily.accounts.actions.schools.beside import let_in_beside

    let_in_beside(at)
    return mailed_links(at)


def comes_in(school: SchoolFacts, at: datetime = NOW) -> int:
    """The whole way, begun at `at`. The first day begins a day and a minute later. Returns the account."""
    from everyfamily.accounts.actions.inviting import accept

    asked(school, at)
    told(at)
    used(school, at)
    told(at)
    ((to, path),) = work(at + DAY)
    assert to == DEPUTY
    return accept(path.split("/")[2], at + DAY, password=PASSWORD)


def test_the_mailbox_lets_in_a_second_lead_after_a_day_in_which_everybody_was_told(school: SchoolFacts) -> None:
    from everyfamily.accounts.models import Account, Membership
    from everyfamily.accounts.queries import account_now
    from everyfamily.core.permissions import Right

    asked(school)
    assert told(NOW) == EVERYBODY, "at once; the mailbox has the link itself"
    assert not work(NOW + DAY), "nobody knows yet who it is"
    used(school, NOW + DAY)
    assert told(NOW + DAY) == EVERYBODY | {MAILBOX}, "with the name, and the day begins"
    assert not Account.objects.filter(email=DEPUTY).exists()
    assert not work(NOW + 2 * DAY - MINUTE)
    ((to, path),) = work(NOW + 2 * DAY)
    assert to == DEPUTY
    assert not work(NOW + 2 * DAY + MINUTE), "once"

    from everyfamily.accounts.actions.inviting import accept

    mara = accept(path.split("/")[2], NOW + 3 * DAY, password=PASSWORD)
    role = Membership.objects.get(account_id=mara)
    assert (role.role, role.school_id, role.full_from) == ("lead", school.id, NOW + 4 * DAY)
    new, old = (account_now(mara, at).held for at in (NOW + 4 * DAY - MINUTE, NOW + 4 * DAY))
    assert new.may(Right.ATTEST_ROLL, school_id=school.id)
    assert not new.may(Right.OPEN_ADULTS, school_id=school.id)
    assert not new.may(Right.ANSWER_DATA_REQUESTS, school_id=school.id)
    assert old.may(Right.OPEN_ADULTS, school_id=school.id)
    assert account_now(account("ill@example.org"), NOW).held.may(Right.OPEN_ADULTS, school_id=school.id)


def test_the_day_does_not_pass_while_no_email_goes_out_to_anybody_else(school: SchoolFacts) -> None:
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.work.models import ToldMail

    asked(school)
    told(NOW)
    used(school, NOW)
    assert not work(NOW + 3 * DAY), "nobody was told"
    mine = ToldMail.objects.filter(account_id=account("ada@example.org"))
    mine.update(status=AttemptStatus.ACCEPTED, changed_at=NOW)
    assert not work(NOW + 3 * DAY), "only whoever asked for it was told"
    ToldMail.objects.exclude(account_id=account("ada@example.org")).update(
        status=AttemptStatus.ACCEPTED, changed_at=NOW + 3 * DAY
    )
    assert not work(NOW + 4 * DAY - MINUTE), "a day from when somebody else was told"
    assert work(NOW + 4 * DAY)


@pytest.mark.parametrize("who", ["ill@example.org", "olga@example.org", "ben@example.org", "ada@example.org"])
@pytest.mark.parametrize("stage", ["asked", "known", "mailed", "first day"])
def test_each_who_was_told_stops_it_at_every_stage(school: SchoolFacts, who: str, stage: str) -> None:
    from everyfamily.accounts.actions.schools.beside import stop_beside
    from everyfamily.accounts.models import Account, Membership
    from everyfamily.accounts.school_queries import second_lead_of

    at = NOW
    if stage == "first day":
        comes_in(school)
        at = NOW + DAY + MINUTE
    else:
        asked(school)
        told(NOW)
        if stage != "asked":
            used(school, NOW)
            told(NOW)
        if stage == "mailed":
            at = NOW + DAY
            assert work(at)
    now = second_lead_of(school.id, at)
    assert now is not None
    assert now.stage == stage
    client = browser_of(who)
    here = who in ("ill@example.org", "olga@example.org")
    if here:
        assert client.post(f"{AT}second-lead/stop/", secure=True).status_code == 302
    else:
        client.shows_codes = False
        answer = client.post("/people/schools/one/stop/", {"urn": str(URN)}, secure=True)
        assert answer.headers["Location"] == f"/people/schools/one/?urn={URN}", "to stop asks nothing"
    assert second_lead_of(school.id, at) is None
    assert told() >= EVERYBODY, "everybody is told that it is stopped"
    assert not work(at + 5 * DAY)
    assert not Membership.objects.filter(account__email=DEPUTY, ended_at=None).exists()
    if stage == "first day":
        assert Account.objects.filter(email=DEPUTY).exists()
        mara = signed_in_again(account(DEPUTY))
        assert mara.get(AT, secure=True).status_code == 404, "from the next page on"
    with pytest.raises(SchoolInvitationOver):
        stop_beside(school.id, by(who), at)


def test_a_link_that_was_stopped_lets_nobody_in(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.inviting import InvitationOver, accept
    from everyfamily.accounts.actions.schools.beside import stop_beside

    asked(school)
    told(NOW)
    used(school, NOW)
    told(NOW)
    ((_, path),) = work(NOW + DAY)
    stop_beside(school.id, by("ill@example.org"), NOW + DAY)
    with pytest.raises(InvitationOver):
        accept(path.split("/")[2], NOW + DAY + MINUTE, password=PASSWORD)


def test_a_role_of_the_school_that_is_full_is_not_stopped_so(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.beside import stop_beside
    from everyfamily.accounts.models import Membership

    comes_in(school)
    with pytest.raises(SchoolInvitationOver):
        stop_beside(school.id, by("olga@example.org"), NOW + 2 * DAY + MINUTE)
    assert Membership.objects.filter(account__email=DEPUTY, ended_at=None).exists()


def test_a_mailbox_that_changes_ends_it_and_one_that_changed_lately_is_said_to_the_old_one(
    school: SchoolFacts,
) -> None:
    from everyfamily.accounts.actions.inviting import InvitationOver, accept
    from everyfamily.accounts.actions.schools.mailboxes import agree_to_mailboxes, ask_for_mailboxes, put_in_force
    from everyfamily.accounts.models import SchoolMailbox
    from everyfamily.accounts.school_queries import second_lead_of
    from everyfamily.people.queries import school_by_id
    from tests.integration.database.test_mailboxes_take_two import mail_went

    asked(school)
    told(NOW)
    used(school, NOW)
    told(NOW)
    ask_for_mailboxes({URN: "new@mail.example"}, by("ada@example.org"), NOW)
    agree_to_mailboxes([SchoolMailbox.objects.get().pk], by("ben@example.org"), NOW)
    with pytest.raises(SchoolNotInvitable, match="Another mailbox waits"):
        asked(school, NOW + MINUTE)
    mail_went(NOW)
    ((_, path),) = work(NOW + DAY)
    assert put_in_force(NOW + DAY) == 1
    assert second_lead_of(school.id, NOW + DAY) is None
    with pytest.raises(InvitationOver):
        accept(path.split("/")[2], NOW + DAY + MINUTE, password=PASSWORD)

    asked(school_by_id(school.id), NOW + DAY)
    assert MAILBOX in told(), "whoever had the mailbox until yesterday"


def test_only_a_school_with_a_lead_has_a_second_one_and_not_without_end(school: SchoolFacts, city: City) -> None:
    from everyfamily.accounts.actions.schools.inviting import invite_school
    from everyfamily.people.models import School
    from everyfamily.people.queries import school_by_id

    with pytest.raises(SchoolNotInvitable, match="has a lead already"):
        invite_school(school, ADA, NOW)
    other = city.school(900002, [], attests=False)
    School.objects.filter(pk=other).update(mailbox="a@hill.example")
    with pytest.raises(SchoolNotInvitable, match="has no lead any more"):
        invite_school(school_by_id(other), ADA, NOW, beside=True)
    for _ in range(3):
        asked(school)
    with pytest.raises(SchoolNotInvitable, match="3 times"):
        asked(school)
    asked(school, NOW + DAY)


def test_on_the_first_day_nobody_lets_the_ill_lead_in_again_but_an_administrator(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.resets import ResetNotTheirs, ask_reset

    mara, ill = comes_in(school), account("ill@example.org")
    with pytest.raises(ResetNotTheirs):
        ask_reset(ill, Actor(ActorKind.PERSON, "Mara Quill", mara), NOW + DAY + MINUTE)
    ask_reset(ill, by("ben@example.org"), NOW + DAY + MINUTE)


@pytest.mark.parametrize(
    ("email", "problem"), [("ill@example.org", NotInvitable), ("ada@example.org", RolesApart)]
)
def test_neither_the_lead_nor_somebody_of_the_partnership_is_the_second(
    school: SchoolFacts, email: str, problem: type[Exception]
) -> None:
    asked(school)
    with pytest.raises(problem):
        used(school, NOW, email)


def test_the_coordinator_asks_on_the_page_and_shows_who_they_are(school: SchoolFacts) -> None:
    from everyfamily.accounts.models import SchoolInvitation

    ada = browser_of("ada@example.org")
    page = page_of(ada, "/people/schools/?name=quayfield")
    assert "ask for a second one" in page
    assert "A second lead" in page
    page = page_of(ada, f"/people/schools/one/?urn={URN}")
    assert MAILBOX in page
    form = {"urn": str(URN), "beside": "yes"}
    ada.shows_codes = False
    asks = ada.post("/people/schools/one/", form, secure=True)
    assert asks.headers["Location"].startswith("/me/again/code/")
    assert not SchoolInvitation.objects.exists()
    ada.shows_codes = True
    answer = ada.post("/people/schools/one/", form, secure=True)
    assert answer.headers["Location"] == f"/people/schools/one/?urn={URN}"
    assert SchoolInvitation.objects.get().is_beside
    words = words_of(ada.get(f"/people/schools/one/?urn={URN}", secure=True))
    assert f"The link went to {MAILBOX}" in words
    assert "Stop this" in words
    olga = browser_of("olga@example.org")
    assert "Ada Clarke asked for a second lead" in words_of(olga.get(AT, secure=True))


def test_who_opens_the_link_reads_that_a_day_passes(school: SchoolFacts) -> None:
    from tests.factories.doors import a_client

    asked(school, datetime.now(NOW.tzinfo))
    at = datetime.now(NOW.tzinfo)
    token = re.search(r"/join/([^/\s]+)/", mailed(at))
    assert token
    client = a_client()
    path = f"/join/{token[1]}/"
    assert "Who is the second lead?" in words_of(client.get(path, secure=True))
    client.post(path, {"name": "Mara Quill", "email": DEPUTY}, secure=True)
    text = mailed(datetime.now(NOW.tzinfo))
    assert "asks to be a second safeguarding lead" in text
    code = re.search(r"^(\d{6})$", text, re.MULTILINE)
    assert code
    words = words_of(client.post(f"{path}code/", {"code": code[1]}, secure=True))
    assert "in 24 hours" in words
    assert client.get(path, secure=True).status_code == 410, "the link has been used"


# On the first day.


def first_day(school: SchoolFacts) -> Person:
    """Mara on her first day, by the machine's clock, which the pages keep."""
    from everyfamily.accounts.models import Membership

    mara = comes_in(school)
    now = datetime.now(NOW.tzinfo)
    Membership.objects.filter(account_id=mara).update(given_at=now, full_from=now + DAY)
    return signed_in_again(mara)


def kept(school_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that says whether somebody may have the letter, and every value that could be deleted."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care, ContactPoint, HomeToldApart, Parent, Pupil, RollNote, School

    with tenant(school_id):
        return {
            "links": [
                *Care.objects.order_by("id").values_list(
                    "id", "restriction", "restriction_reason", "restriction_reviewed_by", "parent_or_carer"
                )
            ],
            "adults": [*Parent.objects.order_by("id").values_list("id", "objects_at", "died_known_at", "name")],
            "ways": [*ContactPoint.objects.order_by("id").values_list("id", "status", "value")],
            "apart": [*HomeToldApart.objects.values_list("id")],
            "children": [
                *Pupil.objects.order_by("id").values_list(
                    "id", "on_roll_to", "leaving_proposed_at", "died_known_at", "id_encrypted"
                )
            ],
            "notes": [*RollNote.objects.order_by("id").values_list("id", "read_at", "content")],
            "settings": [
                *School.objects.filter(pk=school_id).values_list("phone", "channel_policy", "keep_days")
            ],
        }


def test_on_the_first_day_nothing_that_is_pressed_frees_anybody_or_takes_anything_away(
    school: SchoolFacts, city: City
) -> None:
    """Every act of a lead that opens, takes a file or deletes, by the page's own form where it has one."""
    from everyfamily.people.actions.decided.adult_deaths import record_adult_death
    from everyfamily.people.actions.decided.opt_outs import opt_out

    city.import_rows(URN, ROWS[:-1], NOW)  # Jan Pell's child is proposed as a leaver
    found = links(school.id)
    ill = by("ill@example.org")
    record_adult_death(school.id, adult=found["Eve Noor"].parent_id, by=ill, now=NOW)
    opt_out(school.id, adult=found["Ana Ferris"].parent_id, channel="email", by=ill, now=NOW)
    mara = first_day(school)
    before = kept(school.id)

    def press(path: str, /, **form: Any) -> int:
        return int(mara.post(f"{AT}{path}", form, secure=True).status_code)

    for name in ("Bo Marsh", "Ana Ferris", "Dee Sample", "Jan Pell"):
        path = f"restrictions/{found[name].pk}/"
        mark = seen(page_of(mara, f"{AT}{path}"))
        for form in ({"answer": "may"}, {"answer": "else", "may": "may"}):
            status = press(path, seen=mark, **form)
            assert status in (409, 422), (name, form, status)
    mark = seen(page_of(mara, f"{AT}restrictions/{found['Bo Marsh'].pk}/"))
    assert press(f"restrictions/{found['Bo Marsh'].pk}/", seen=mark, answer="wait") == 409, (
        "from closed to waiting"
    )
    several = page_of(mara, f"{AT}restrictions/several/")
    for which in ("all", "ticked"):
        ticks = re.findall(r'name="link"[^>]*value="([\w.]+)"', several)
        form = {"which": which, "answer": "may", "reason": "asked them", "link": ticks, "seen": seen(several)}
        assert press("restrictions/several/", **form) == 409
    tick = re.search(r'name="link"[^>]*value="([\w.]+)"', page_of(mara, f"{AT}parents/"))
    assert tick
    assert press("parents/", link=tick[1], answer="yes") == 409

    def adult_page(name: str) -> str:
        return f"children/{found[name].pupil_id}/adults/{found[name].parent_id}/"

    assert press(adult_page("Ivo Lund"), act="wants") == 409
    assert press(adult_page("Eve Noor"), act="lives") == 409
    assert press(adult_page("Ana Ferris"), act="again-email") == 409
    assert press("children/leavers/", answer="here", child=_marks(mara, found["Jan Pell"].pupil_id)) == 409

    form = dict(
        re.findall(
            r'<input type="hidden" name="(seen|word|trail|waited)" value="(\d+)">', page_of(mara, f"{AT}attest/")
        )
    )
    for tick_too in ({"restrictions": "yes"}, {"parents": "yes"}):
        assert press("attest/", **form, roll="yes", **tick_too) == 403
    assert "for 24 hours" in page_of(mara, f"{AT}attest/")
    assert 'name="restrictions"' not in page_of(mara, f"{AT}attest/")

    eve = found["Eve Noor"].parent_id
    for path in (
        *("contacts/", "contacts/table/", "families/table/", "audit/table/", "settings/"),
        *(f"data/{eve}/prepare/", f"data/{eve}/download/", f"data/{eve}/forget/", "data/kept/key/", "data/"),
        *("roll/", "roll/file/whose/", "roll/file/columns/", "hand-outs/", "tell/"),
        *("people/", "people/invite/", f"people/{account('ill@example.org')}/let-in-again/"),
        "people/roles/1/end/",
    ):
        assert press(path, sure="yes", works="1", name="Mallory Crane", role="lead") == 403, path
    assert kept(school.id) == before


def _marks(client: Person, pupil: int) -> str:
    found = re.search(rf'name="child"[^>]*value="({pupil}\.\w+)"', page_of(client, f"{AT}children/leavers/"))
    assert found
    return found[1]


def test_on_the_first_day_they_close_hold_attest_and_pause_and_delete_nothing(
    school: SchoolFacts, city: City
) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Attestation

    mara, found = first_day(school), links(school.id)

    def press(path: str, /, **form: Any) -> int:
        return int(mara.post(f"{AT}{path}", form, secure=True).status_code)

    assert "On your first day you can close" in words_of(mara.get(f"{AT}restrictions/", secure=True)) + page_of(
        mara, f"{AT}restrictions/"
    )
    for name, answer in (("Ana Ferris", "must-not"), ("Dee Sample", "wait")):
        path = f"restrictions/{found[name].pk}/"
        assert press(path, seen=seen(page_of(mara, f"{AT}{path}")), answer=answer) == 302, name
    ways = f"children/{found['Eve Noor'].pupil_id}/adults/{found['Eve Noor'].parent_id}/"
    assert press(ways, act="not-email") == 302
    assert press(ways, act="objects") == 302
    child = f"children/{found['Eve Noor'].pupil_id}/died/"
    assert press(child, checked="yes", seen=seen(page_of(mara, f"{AT}{child}"))) == 302
    form = dict(
        re.findall(
            r'<input type="hidden" name="(seen|word|trail|waited)" value="(\d+)">', page_of(mara, f"{AT}attest/")
        )
    )
    assert press("attest/", **form, roll="yes") == 302

    now = links(school.id)
    assert now["Ana Ferris"].restriction == "do not send"
    assert now["Dee Sample"].restriction == "hold"
    assert now["Eve Noor"].parent.objects_at is not None
    assert now["Eve Noor"].pupil.died_known_at is not None
    assert now["Eve Noor"].parent.name, "a child's death deletes nothing on that day"
    with tenant(school.id):
        assert [*Attestation.objects.values_list("attested_by", flat=True)] == ["Mara Quill"]


def test_the_acts_themselves_refuse_whoever_may_only_close(school: SchoolFacts) -> None:
    """Not only the pages: what a page of tomorrow calls asks too."""
    from everyfamily.people.actions.attesting import attest
    from everyfamily.people.actions.decided.notes import say_ordinary
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.actions.decided.shared_homes import tell_apart
    from everyfamily.people.actions.keeping.leavers import take_back_death

    closes = Actor(ActorKind.PERSON, "Mara Quill", 99, only_closes=True)
    found = links(school.id)
    before = kept(school.id)
    asked_by = {"by": closes, "now": NOW}
    acts = [
        lambda: review_restriction(school.id, link=found["Bo Marsh"].pk, decision="none", **asked_by),
        lambda: review_restriction(school.id, link=found["Ana Ferris"].pk, decision="none", **asked_by),
        lambda: attest(school.id, restrictions=True, parents=False, **asked_by),
        lambda: attest(school.id, restrictions=False, parents=True, **asked_by),
        lambda: say_ordinary(school.id, [1], **asked_by),
        lambda: tell_apart(school.id, way=1, shut=2, **asked_by),
        lambda: take_back_death(school.id, pupil=1, **asked_by),
    ]
    for act in acts:
        with pytest.raises(MayOnlyClose):
            act()
    assert kept(school.id) == before


def test_the_next_day_the_same_person_opens(school: SchoolFacts) -> None:
    from everyfamily.accounts.models import Membership

    mara, found = first_day(school), links(school.id)
    path = f"{AT}restrictions/{found['Ana Ferris'].pk}/"
    form = {"seen": seen(page_of(mara, path)), "answer": "may"}
    assert mara.post(path, form, secure=True).status_code == 409
    Membership.objects.filter(account_id=mara.account).update(full_from=datetime.now(NOW.tzinfo) - MINUTE)
    assert mara.post(path, form, secure=True).status_code == 302
    assert links(school.id)["Ana Ferris"].restriction == "none"
