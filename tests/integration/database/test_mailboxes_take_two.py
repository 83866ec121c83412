"""A school's mailbox decides who becomes its lead: one person asks for it, a second agrees, and a school that somebody
knows has a day to say no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.agreement.two_people import AnotherPersonNeeded, AskingOver
from everyfamily.core.permissions import Role
from tests.factories.city import City
from tests.factories.doors import open_doors
from tests.factories.school_pages import MOST_QUERIES, questions_of, words_of
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAGE, AGREE = "/people/schools/mailboxes/", "/people/schools/mailboxes/agree/"
HILL, VALE = 900001, 900002
NEW, OLD, STRANGER = "office@hill.example", "old@hill.example", "me@mail.example"
COLUMNS = "URN,NAME,KIND,PHASE,MAILBOX"
DAY = timedelta(hours=24)
ANA = Actor.typed("Ana Reyes")


@pytest.fixture
def ada(city: City, tmp_path: Path) -> Iterator[Client]:
    """A coordinator whose pages are served."""
    with open_doors(tmp_path):
        yield signed_in(Role.COORDINATOR, "Ada Clarke")


def bring(city: City, mailboxes: dict[int, str], *more: str) -> str:
    """Import a list with these mailboxes by the command; what it says."""
    file = city.folder / "own.csv"
    rows = [f"{urn},Hill {urn},state primary,Primary,{mailbox}" for urn, mailbox in mailboxes.items()]
    file.write_text("\n".join([COLUMNS, *rows, ""]))
    return CliRunner().invoke(main, ["import", "schools", str(file), "--by", ANA.text, *more]).output


def asks(urn: int, mailbox: str, by: Actor, now: datetime) -> None:
    from everyfamily.accounts.actions.schools.mailboxes import ask_for_mailboxes

    ask_for_mailboxes({urn: mailbox}, by, now)


def mailbox_of(urn: int = HILL) -> str:
    from everyfamily.people.queries import school_by_urn

    return school_by_urn(urn).mailbox


def shown(client: Client) -> str:
    """The ids that the page's form agrees to."""
    page = client.get(PAGE, secure=True).content.decode()
    return page.partition('name="shown" value="')[2].partition('"')[0]


def agrees(client: Client, ids: str | None = None) -> Any:
    return client.post(AGREE, {"shown": shown(client) if ids is None else ids}, secure=True)


def mail_went(at: datetime) -> list[str]:
    """The mail server took what people were told; to whom."""
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.work.models import ToldMail

    rows = ToldMail.objects.filter(about="schools.mailbox-asked")
    rows.update(status=AttemptStatus.ACCEPTED, changed_at=at)
    return [row.address or f"account {row.account_id}" for row in rows.order_by("pk")]


def sweep(now: datetime) -> int:
    from everyfamily.accounts.actions.schools.mailboxes import put_in_force

    return put_in_force(now)


def test_a_first_mailbox_waits_for_a_second_person_and_is_in_force_then(ada: Client, city: City) -> None:
    from everyfamily.accounts.school_queries import schools_and_leads

    said = bring(city, {HILL: NEW, VALE: "office@vale.example"})
    assert "2 schools: the mailbox waits for a second person" in said
    assert [one.can_be_invited for one in schools_and_leads(datetime.now(UTC))] == [False, False]
    assert "Compare the mailboxes of 2 schools" in words_of(ada.get("/", secure=True))
    page = words_of(ada.get(PAGE, secure=True))
    assert ("2 mailboxes wait for a second person" in page, f"{NEW} , the first one" in page) == (True, True)
    assert agrees(ada)["Location"] == PAGE
    assert (mailbox_of(), mailbox_of(VALE)) == (NEW, "office@vale.example")
    assert [one.can_be_invited for one in schools_and_leads(datetime.now(UTC))] == [True, True]
    # The same list again asks for nothing.
    assert "mailbox" not in bring(city, {HILL: NEW, VALE: "office@vale.example"})


def test_nobody_agrees_to_their_own(ada: Client, city: City) -> None:
    bring(city, {HILL: STRANGER})
    namesake = signed_in(Role.COORDINATOR, "Ana Reyes")
    refused = agrees(namesake)
    assert (refused.status_code, "by a command" in words_of(refused)) == (409, True)
    new = signed_in(Role.COORDINATOR, "New Person", is_new=True)
    assert agrees(new).status_code == 409
    assert agrees(signed_in(Role.AUTHOR, "Tom Author"), "1").status_code == 403
    assert mailbox_of() == ""
    said = bring(city, {HILL: STRANGER}, "--agreed-by", " ana  reyes")
    assert ("EF454" in said, mailbox_of()) == (True, "")
    assert "EF" not in bring(city, {HILL: STRANGER}, "--agreed-by", "Ruth Calloway")
    assert mailbox_of() == STRANGER


def test_the_person_who_asked_and_their_other_account_are_one(ada: Client, city: City) -> None:
    from everyfamily.accounts.models import Account, Membership

    bring(city, {HILL: ""})
    by = Actor(ActorKind.PERSON, "Ada Clarke", account=ada.account)  # type: ignore[attr-defined]
    asks(HILL, STRANGER, by, datetime.now(UTC))
    assert shown(ada) == ""
    other = signed_in(Role.ADMINISTRATOR, "Adele Clarke")
    ids = shown(other)
    assert agrees(ada, ids).status_code == 409
    Account.objects.filter(pk=other.account).update(email="ada+admin@example.org")
    assert "same mailbox" in words_of(agrees(other, ids))
    Account.objects.filter(pk=other.account).update(email="adele@example.org")
    Membership.objects.filter(account_id=by.account).update(ended_at=datetime.now(UTC))
    assert "may not ask for this any more" in words_of(agrees(other, ids))
    assert mailbox_of() == ""


def test_another_mailbox_waits_for_a_day_after_somebody_was_told(ada: Client, city: City) -> None:
    from everyfamily.accounts.actions.schools.inviting import invite_school
    from everyfamily.accounts.models import SchoolInvitation
    from everyfamily.people.queries import school_by_urn

    bring(city, {HILL: OLD}, "--agreed-by", "Ruth Calloway")
    asked = datetime.now(UTC)
    invite_school(school_by_urn(HILL), ANA, asked)
    said = bring(city, {HILL: NEW}, "--agreed-by", "Ruth Calloway")
    assert ("waits for 24 hours" in said, mailbox_of()) == (True, OLD)
    assert f"{NEW} , now {OLD}" in words_of(ada.get(PAGE, secure=True))
    # While no email goes out, nobody could stop it.
    assert (sweep(asked + 3 * DAY), mailbox_of()) == (0, OLD)
    gone = asked + timedelta(minutes=2)
    assert mail_went(gone)[-1] == OLD
    assert (sweep(gone + DAY - timedelta(minutes=1)), mailbox_of()) == (0, OLD)
    assert (sweep(gone + DAY), mailbox_of()) == (1, NEW)
    # The link for the first lead had gone to the mailbox before.
    assert SchoolInvitation.objects.get().cancelled_at is not None
    # Taken off and on again, it is no first one.
    from everyfamily.people.models import School

    School.objects.filter(urn=HILL).update(mailbox="")
    bring(city, {HILL: STRANGER}, "--agreed-by", "Ruth Calloway")
    assert mailbox_of() == ""


def test_a_lead_is_told_and_can_stop_it(ada: Client, city: City) -> None:
    from everyfamily.people.queries import school_by_urn

    bring(city, {HILL: "", VALE: ""})
    hill, vale = school_by_urn(HILL).id, school_by_urn(VALE).id
    dev, other = (
        signed_in(Role.LEAD, "Dev Marchetti", school_id=hill),
        signed_in(Role.LEAD, "Lin Vale", school_id=vale),
    )
    bring(city, {HILL: STRANGER}, "--agreed-by", "Ruth Calloway")
    assert mailbox_of() == "", "the school has a lead, so it waits for a day"
    told = mail_went(datetime.now(UTC))
    assert f"account {dev.account}" in told
    assert f"account {other.account}" not in told
    page = dev.get(f"/schools/{HILL}/people/", secure=True).content.decode()
    stop = page.partition('action="')[2].partition('"')[0]
    assert (STRANGER in page, stop.startswith(f"/schools/{HILL}/people/mailbox/")) == (True, True)
    number = stop.split("/")[-3]
    answer = other.post(f"/schools/{VALE}/people/mailbox/{number}/stop/", secure=True)
    assert (answer.status_code, "agreed to or taken back meanwhile" in words_of(answer)) == (409, True)
    assert dev.post(stop, secure=True)["Location"] == f"/schools/{HILL}/people/"
    assert (sweep(datetime.now(UTC) + 3 * DAY), mailbox_of()) == (0, "")


def test_nobody_agrees_to_what_was_asked_for_after_they_looked(ada: Client, city: City) -> None:
    bring(city, {HILL: NEW})
    seen = shown(ada)
    bring(city, {HILL: STRANGER})
    refused = agrees(ada, seen)
    assert (refused.status_code, mailbox_of()) == (409, "")
    ids = shown(ada)
    assert ids != seen
    assert ada.post(f"{PAGE}{ids}/stop/", secure=True)["Location"] == PAGE
    assert (agrees(ada, ids).status_code, mailbox_of()) == (409, "")


def test_two_who_agree_at_once_agree_once(city: City) -> None:
    from everyfamily.accounts.actions.schools.mailboxes import agree_to_mailboxes
    from everyfamily.accounts.models import SchoolMailbox

    bring(city, {HILL: NEW})
    [row] = SchoolMailbox.objects.values_list("pk", flat=True)
    now = datetime.now(UTC)
    assert agree_to_mailboxes([row], Actor.typed("Ben Howe"), now) == 1
    with pytest.raises(AskingOver):
        agree_to_mailboxes([row], Actor.typed("Ruth Calloway"), now)
    bring(city, {VALE: NEW})
    newest = SchoolMailbox.objects.latest("pk").pk
    with pytest.raises(AnotherPersonNeeded):
        agree_to_mailboxes([newest], ANA, now)


def test_a_whole_list_is_one_page_with_few_questions(ada: Client, city: City) -> None:
    bring(city, dict.fromkeys(range(900001, 900041), "everybody@mail.example"))
    assert "39 other schools here would have the same address" in words_of(ada.get(PAGE, secure=True))
    assert questions_of(ada, PAGE) <= MOST_QUERIES
    assert agrees(ada).status_code == 302
    assert mailbox_of(900040) == "everybody@mail.example"


def test_a_school_that_was_taken_back_takes_its_mailbox_along(ada: Client, city: City) -> None:
    from everyfamily.accounts.models import SchoolMailbox
    from everyfamily.people.models import School

    bring(city, {HILL: NEW, VALE: "office@vale.example"})
    School.objects.filter(urn=HILL).delete()
    assert "1 mailbox waits for a second person" in words_of(ada.get(PAGE, secure=True))
    sweep(datetime.now(UTC))
    assert SchoolMailbox.objects.filter(ended_at=None).count() == 1
    assert agrees(ada).status_code == 302
    assert mailbox_of(VALE) == "office@vale.example"
