"""A sign-in is copied to another browser, as in the review of November 2026, and the copy presses everything.

Somebody signs in with both steps. Six minutes later another browser at another address has their cookie, and tries what
the review did: to change what families ring, to end a letter for good, to become somebody else, and to take a file
away. Each press says what comes of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.permissions import GRANTED, SCOPES, Role, Scope, role_name
from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import HOST, PASSWORD, Person, is_in, open_doors, page_of, with_app
from tests.factories.signed_in import signed_in
from tests.factories.what_families_get import that_say
from tests.integration.database.test_access_walk import _is_of_one_school
from tests.integration.database.test_decision_pages import links, seen
from tests.integration.database.test_letter_end_pages import waits_for
from tests.integration.database.test_settings_pages import _file
from tests.spec.tables import table

pytestmark = [pytest.mark.database, pytest.mark.slow]

SCHOOL, MAILBOX, PHONE = 900001, "office@quayfield.example.org", "0151 496 0160"
LOCAL, STRANGER = "0151 496 0120", "0151 496 0999"
SIX_MINUTES = timedelta(minutes=6)
COOKIE = "__Host-everyfamily"
LETTER, AT = f"/letters/{REFERENCE}/", f"/schools/{SCHOOL}/"
ASKS, REFUSED = "asks who it is", "is refused"
STRANGER_S = {"name": "Mallory Crane", "email": "mallory@mail.example"}
ROWS = [
    adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700 900202"),
    adult("P2", "Bo Marsh", RESTRICTION="", EMAIL="bo@example.org"),
]


class Copied:
    """Somebody who is signed in, and another browser with their cookie."""

    def __init__(self, owner: Person, secret: str) -> None:
        self.owner, self.secret = owner, secret
        self.thief = _browser("Mozilla/5.0 (X11; Linux) of somebody else", "203.0.113.9")
        self.thief.shows_codes = False
        self.thief.cookies[COOKIE] = owner.cookies[COOKIE].value

    def press(self, path: str, /, **form: Any) -> str:
        """What comes of it: that it asks, that it is refused, or where it leads."""
        answer = self.thief.post(path, form, secure=True)
        place = answer.headers.get("Location", "")
        if place.startswith("/me/again/code/?next="):
            return ASKS
        if answer.status_code in (403, 404, 409, 422):
            return REFUSED
        assert answer.status_code in (200, 302), (path, answer.status_code)
        return place or "the page"

    def is_over_after(self, path: str) -> bool:
        """The owner does something that needs a proof, and gives it. Whether the copy opens nothing from then on."""
        assert is_in(self.thief), "until then it was signed in"
        asked = self.owner.post(path, {}, secure=True).headers["Location"]
        act = re.search(r'name="act" value="(\w+)"', page_of(self.owner, asked))
        assert act
        sent = {"code": code_of(self.secret), "next": path, "act": act[1]}
        shown = self.owner.post("/me/again/code/", sent, secure=True)
        assert not shown.headers.get("Location", "").startswith("/me/again/"), "the proof was taken"
        assert is_in(self.owner)
        return not any(
            self.thief.get(page, secure=True).status_code == 200
            for page in ("/", "/me/", "/people/", "/settings/", f"{LETTER}stop/", AT, f"{AT}families/")
        )


def _browser(agent: str, address: str) -> Person:
    return Person(headers={"host": HOST, "user-agent": agent}, REMOTE_ADDR=address, raise_request_exception=False)


@pytest.fixture
def town(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """A school whose letter is going out, the parent site that families see, and nobody who is asked nothing."""
    from everyfamily.mailings.installation import clock
    from everyfamily.people.models import School

    city.school(SCHOOL, ROWS)
    School.objects.update(mailbox=MAILBOX, phone=PHONE, phone_checked_at=NOW, phone_checked_by="Ines Ortega")
    city.open()
    settings = {"EVERYFAMILY_PARTNERSHIP": PARTNERSHIP, "EVERYFAMILY_SITE_FOLDER": tmp_path / "site"}
    with open_doors(tmp_path, EVERYFAMILY_BASE_URL=f"https://{HOST}", **settings):
        with monkeypatch.context() as today:
            today.setattr(clock, "now", lambda: NOW)
            author = signed_in(Role.AUTHOR, "Tom Rydal")
            assert author.post("/site/", {"do": "publish", "letter": REFERENCE}, secure=True).status_code == 302
            _worker_makes_the_site()
        yield city


def _worker_makes_the_site() -> None:
    from everyfamily.staff.site.tasks import make_the_site
    from everyfamily.work.queries.sites import sites_made

    newest = sites_made().newest
    assert newest is not None
    make_the_site(work_id=newest.id)


def copied(
    monkeypatch: pytest.MonkeyPatch, name: str, role: Role, after: timedelta = SIX_MINUTES, **where: object
) -> Copied:
    """They came in a month ago, signed in just now with both steps, and six minutes have passed."""
    from django.core.cache import cache

    from everyfamily.accounts.models import Account, Invitation
    from everyfamily.mailings.installation import clock

    _, secret = with_app(name, role, **where)
    # Nobody in the test counts as new; and the app's code was used when it was set up.
    then = NOW - timedelta(days=30)
    Account.objects.update(made_at=then)
    Invitation.objects.update(used_at=then)
    cache.clear()
    owner = _browser("Mozilla/5.0 (Windows NT 10.0) of the office", "198.51.100.7")
    owner.shows_codes = False
    address = f"{name.split()[0].lower()}@example.org"
    owner.post("/sign-in/", {"login": address, "password": PASSWORD}, secure=True)
    owner.post("/sign-in/code/", {"code": code_of(secret)}, secure=True)
    cache.clear()
    assert is_in(owner)
    owner.account = Account.objects.get(email=address).pk
    later = time.time() + after.total_seconds()
    monkeypatch.setattr("time.time", lambda: later)
    monkeypatch.setattr(clock, "now", lambda: NOW + after)
    return Copied(owner, secret)


def families_get(city: City) -> dict[str, bytes]:
    """The published site as it follows what changed, and the letter as each way would send it now."""
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.letters.queries import sealed_letter, sealed_letter_by_id
    from everyfamily.mailings.messages.as_sent import message_as_sent, pdf_of
    from everyfamily.people.queries import school_by_id
    from everyfamily.staff.site.tasks import publish_again_if_changed

    if publish_again_if_changed(NOW + SIX_MINUTES):
        _worker_makes_the_site()
    public = city.folder / "site" / "public"
    files = {str(one.relative_to(public)): one.read_bytes() for one in public.rglob("*.html")}
    found = sealed_letter(REFERENCE)
    assert found is not None and files
    letter, school = sealed_letter_by_id(found.id), school_by_id(city.schools[SCHOOL])
    assert letter is not None
    for channel in (Channel.EMAIL, Channel.TEXT, Channel.POST):
        body = message_as_sent(letter, school, channel, "en", "standard")
        paper = pdf_of(body)
        files[f"{channel}.pdf" if paper else f"{channel}.txt"] = paper or f"{body.text}{body.html}".encode()
    return files


def who_is_who() -> dict[str, list[tuple[Any, ...]]]:
    """Accounts, what they sign in with, their roles, and every open way in."""
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import (
        Account,
        Invitation,
        Membership,
        Reset,
        SchoolInvitation,
        SchoolMailbox,
    )
    from everyfamily.people.models import School

    return {
        "accounts": list(Account.objects.order_by("id").values_list("id", "email", "name", "password")),
        "factors": list(Authenticator.objects.order_by("id").values_list("id", "user_id", "type")),
        "roles": list(Membership.objects.order_by("id").values_list("id", "account_id", "role", "ended_at")),
        "invitations": list(Invitation.objects.order_by("id").values_list("id", "used_at", "cancelled_at")),
        "ways in again": list(Reset.objects.order_by("id").values_list("id", "asked_at")),
        "schools invited": list(SchoolInvitation.objects.values_list("id", "mailbox")),
        "mailboxes": list(School.objects.values_list("mailbox", flat=True)),
        "mailboxes that wait": list(SchoolMailbox.objects.values_list("id", "agreed_by")),
    }


def letters() -> list[tuple[Any, ...]]:
    from everyfamily.letters.models import Letter

    return list(Letter.objects.values_list("reference", "state"))


class Before:
    """What families ring, who is who, and the letters, to be compared afterwards."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._said = families_get(city), who_is_who(), letters()

    def require_the_same(self) -> None:
        families, who, letters_then = self._said
        after = families_get(self._city)
        assert sorted(after) == sorted(families)
        assert [name for name in after if after[name] != families[name]] == []
        assert that_say(after, STRANGER) == set()
        assert who_is_who() == who
        assert letters() == letters_then == [(REFERENCE, "sealed")]


def test_what_families_ring_is_looked_at(town: City) -> None:
    """So that "nothing changed" below says something."""
    from everyfamily.people.models import School

    before = families_get(town)
    assert {"index.html", "email.txt", "post.pdf"} <= that_say(before, LOCAL)
    assert that_say(before, PHONE) == {"email.txt", "post.pdf"}
    School.objects.update(phone=STRANGER)
    assert that_say(families_get(town), STRANGER) == {"email.txt", "post.pdf"}


def test_a_coordinator_s(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.accounts.actions.schools.mailboxes import ask_for_mailboxes
    from everyfamily.mailings.actions.sending.pausing import pause_mailing
    from everyfamily.mailings.models import Mailing
    from everyfamily.partnership.queries import in_force, versions

    una = copied(monkeypatch, "Una Marsh", Role.COORDINATOR)
    ask_for_mailboxes({SCHOOL: "mallory@mail.example"}, Actor.typed("Ana Reyes"), NOW)
    pause_mailing(town.mailing, why="a wrong number", by=Actor.typed("Ruth Calloway"), now=NOW)
    before, found = Before(town), in_force()
    assert found is not None

    # Another number: of each line, 999 and the council's too. Nothing is even asked for.
    numbers = {one.id: one.number for one in found.partnership.routes if one.number and not one.differs_by_school}
    assert {"999", LOCAL} <= set(numbers.values())
    for row, number in numbers.items():
        form = {"place": number, "number": STRANGER, "result": "good"}
        assert una.press(f"/routes/{row}/number/", **form) == ASKS, row
    # By the partnership's file it is asked for, and waits. A national line's is refused at once.
    text = PARTNERSHIP.read_text(encoding="utf-8")
    assert una.press("/settings/change/", file=_file(text.replace('"999"', f'"{STRANGER}"'))) == REFUSED
    waits = una.press("/settings/change/", file=_file(text.replace(LOCAL, STRANGER)))
    assert una.press(f"{waits}in-force/", tried="Eastmere children’s team, number") == ASKS
    assert "in-force" not in page_of(una.owner, waits), "nobody agrees to their own"

    # The end of the letter. To ask for it stops the letter, and waits; the rest asks who it is.
    assert una.press(f"{LETTER}withdraw/", why="no more") == f"{LETTER}stop/"
    number = waits_for()
    assert una.press(f"{LETTER}withdraw/agree/", asked=number) == ASKS
    assert una.press(f"{LETTER}let-be/", asked=number) == f"{LETTER}stop/"
    # Somebody else paused it.
    assert una.press(f"{LETTER}go-on/") == ASKS
    assert una.press(f"{LETTER}go-on/agree/", asked=number) == ASKS
    assert una.press(f"{LETTER}seal/", version="1") == ASKS
    assert una.press("/site/", do="publish", letter=REFERENCE) == ASKS

    # A mailbox that waits; and an invitation goes only to the mailbox that the school has.
    assert una.press("/people/schools/mailboxes/agree/", shown="1") == ASKS
    for path in ("/people/invite/", f"/people/{una.owner.account}/let-in-again/", "/people/roles/1/end/"):
        assert una.press(path, **STRANGER_S, role="coordinator") == REFUSED, "a coordinator has no such right"

    before.require_the_same()
    assert versions() == []
    assert (now := in_force()) is not None and now.partnership == found.partnership
    assert Mailing.objects.get().state == "paused"
    assert una.is_over_after(f"{LETTER}go-on/")


def test_an_administrator_s(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.accounts.actions.schools.resets import ask_reset
    from everyfamily.accounts.models import Membership, Reset
    from everyfamily.partnership.queries import versions

    ben, ruth = signed_in(Role.ADMINISTRATOR, "Ben Howe"), signed_in(Role.SIGNATORY, "Ruth Calloway")
    mallory = copied(monkeypatch, "Ada Clarke", Role.ADMINISTRATOR)
    # Somebody honest asked for a way in again for the signatory, a day ago.
    ask_reset(ruth.account, Actor(ActorKind.PERSON, "Ben Howe", ben.account), NOW - timedelta(days=2))
    reset = Reset.objects.get().pk
    before = Before(town)
    roles = dict(Membership.objects.values_list("account_id", "id"))

    # Become somebody: invited, in the place of an administrator, or as the signatory.
    for role in ("administrator", "signatory", "viewer"):
        assert mallory.press("/people/invite/", **STRANGER_S, role=role, body="police") == ASKS
    for other in (ben, ruth):
        assert mallory.press(f"/people/roles/{roles[other.account]}/end/") == ASKS
        assert mallory.press(f"/people/{other.account}/let-in-again/") == ASKS
    assert mallory.press(f"/people/resets/{reset}/link/") == ASKS
    # An account is stopped at once, which asks nobody. Its role is still there, and letting it work again asks.
    assert mallory.press(f"/people/{ben.account}/stop/", why="lost laptop") == "/people/"
    assert not is_in(ben)
    assert mallory.press(f"/people/roles/{roles[ben.account]}/end/") == ASKS
    assert mallory.press(f"/people/{ben.account}/works-again/") == ASKS
    assert mallory.press(f"/people/{ben.account}/looked-at/") == ASKS
    # What one signs in with.
    for path in ("/me/passkeys/new/", "/me/second-factor/", "/me/recovery-codes/new/", "/me/sessions/"):
        assert mallory.press(path).startswith("/me/again/") or mallory.press(path) == ASKS, path

    text = PARTNERSHIP.read_text(encoding="utf-8")
    waits = mallory.press("/settings/change/", file=_file(text.replace(LOCAL, STRANGER)))
    assert mallory.press(f"{waits}in-force/", tried="Eastmere children’s team, number") == ASKS
    assert mallory.press("/routes/emergency/number/", place="999", number=STRANGER, result="good") == ASKS
    # With what a signatory may do.
    for path in (f"{LETTER}withdraw/", f"{LETTER}withdraw/agree/", "/keys/new/", f"{LETTER}go-on/"):
        assert mallory.press(path, why="no more", asked="1") == REFUSED, path

    before.require_the_same()
    assert versions() == []
    assert mallory.is_over_after("/people/invite/")


def test_a_lead_s(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from everyfamily.mailings.edges.exports import ask_for_export, prepare_export
    from everyfamily.people.actions.keeping.subject_access import find_adults
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import key_state
    from everyfamily.people.models import DataExport

    school = town.schools[SCHOOL]
    dev = copied(monkeypatch, "Dev Marchetti", Role.LEAD, school_id=school)
    ana = find_adults(school, "ana@example.org", now=NOW)[0].adult
    # The lead has a file that they asked for themselves.
    ask_for_export(school, ana, by=Actor(ActorKind.PERSON, "Dev Marchetti", dev.owner.account), now=NOW)
    for job in ProcrastinateJob.objects.filter(task_name="prepare_export"):
        prepare_export(**job.args)
    before = Before(town)

    # Become a colleague.
    for role in ("lead", "office", "dpo"):
        assert dev.press(f"{AT}people/invite/", **STRANGER_S, role=role) == ASKS
    assert dev.press(f"{AT}people/{dev.owner.account}/let-in-again/") == ASKS
    # Take a file away, or delete what is held.
    assert dev.press(f"{AT}data/{ana}/prepare/") == ASKS
    assert dev.press(f"{AT}data/{ana}/download/", **{"as": "json"}) == ASKS
    assert dev.press(f"{AT}data/{ana}/forget/", sure="yes", seen="x") == ASKS
    with tenant(school):
        assert DataExport.objects.values_list("downloads", flat=True).get() == 0
    # The first half of destroying the key, and the second.
    assert dev.press(f"{AT}data/kept/key/", sure="yes") == ASKS
    assert dev.press(f"{AT}data/kept/key/agree/", sure="yes", seen="1") == ASKS
    # What families ring of the school.
    page = page_of(dev.thief, f"{AT}settings/")
    mark = page.partition('name="seen" value="')[2].partition('"')[0]
    form = {
        "lead_role": "Deputy head",
        "phone": STRANGER,
        "has_rung": "yes",
        "keep_days": "14",
        "channels": "paper",
    }
    assert dev.press(f"{AT}settings/", **form, seen=mark) == ASKS

    # What is the lead's word, and asks nothing: threats.md says so.
    page = page_of(dev.thief, f"{AT}attest/")
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|word|trail|waited)" value="(\d+)">', page))
    ticks = dict.fromkeys(("roll", "restrictions", "parents"), "yes")
    assert dev.press(f"{AT}attest/", **hidden, **ticks) == f"{AT}attest/done/"
    bo = links(school)["Bo Marsh"].pk
    mark = seen(page_of(dev.thief, f"{AT}restrictions/{bo}/"))
    assert dev.press(f"{AT}restrictions/{bo}/", seen=mark, answer="may").startswith(f"{AT}restrictions/")

    with tenant(school):
        key = key_state(school)
    assert key is not None and key.destroyed_at is None
    before.require_the_same()
    assert dev.is_over_after(f"{AT}people/invite/")


def test_in_the_first_five_minutes_and_with_the_password_as_well(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was a gap until December 2026: a copy added its own passkey, and was that person for good."""
    ada = copied(monkeypatch, "Ada Clarke", Role.ADMINISTRATOR, after=timedelta())
    before = Before(town)
    app = next(one for one, _, kind in who_is_who()["factors"] if kind == "totp")
    pages = {
        "/me/passkeys/new/": {"credential": "{}", "name": "mine"},
        "/me/second-factor/": {"code": "123456"},
        "/me/recovery-codes/": {},
        "/me/recovery-codes/new/": {},
        f"/me/second-factor/{app}/remove/": {},
        "/me/password/": {"oldpassword": PASSWORD, "password1": STRANGER * 2, "password2": STRANGER * 2},
    }
    for path, form in pages.items():
        _asks_to_open(ada, path, form)
        act = re.search(r'name="act" value="(\w+)"', page_of(ada.thief, f"/me/again/code/?next={path}"))
        assert act
        ada.thief.post("/me/again/", {"password": PASSWORD, "next": path, "act": act[1]}, secure=True)
        _asks_to_open(ada, path, form)
    assert ada.press("/me/sign-in/eastmere/") == ASKS
    before.require_the_same()
    assert ada.is_over_after("/people/invite/")


def _asks_to_open(copy: Copied, path: str, form: dict[str, str]) -> None:
    opened = copy.thief.get(path, secure=True)
    assert opened.headers.get("Location", "").startswith("/me/again/code/?next="), (path, opened.status_code)
    assert copy.press(path, **form) == ASKS, path


def _said(role: Role) -> list[str]:
    """What the table of threats.md must say of this role."""
    access, lines = table("access"), table("copied_cookie")["roles"]
    rights, at_school = {right.name for right in GRANTED[role]}, SCOPES[role] is Scope.SCHOOL
    return [
        *(["**look at what others at the school decide**"] if "LOOK" in rights else []),
        *(
            line
            for line, names in lines.items()
            if any(access[name] in rights and _is_of_one_school(name) is at_school for name in names)
        ),
    ]


def test_every_address_either_asks_or_is_in_one_line_of_what_a_copied_cookie_can_do() -> None:
    again = table("asks_again")
    asks = {name for name, row in again.items() if "only" not in row}
    names = [name for part in table("copied_cookie").values() for some in part.values() for name in some]
    assert len(names) == len(set(names))
    known = {name for name, who in table("access").items() if who != "anybody"}
    # Where only one form asks, the rest of the page is in a line.
    assert set(names) == known - asks


def test_threats_md_says_it_in_the_same_words(database: Server) -> None:
    page = (Path(__file__).parents[3] / "docs/security/threats.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (.+) \|$", page.partition("| whose cookie |")[2], re.MULTILINE))
    lines = table("copied_cookie")
    assert rows["everybody"] == "; ".join(lines["everybody"])
    for role in Role:
        assert rows[role_name(role).lower()] == "; ".join(_said(role)), role
