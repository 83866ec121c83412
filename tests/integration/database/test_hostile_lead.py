"""A hostile lead: each id that a page of one school gives, in an address, a form or a value, is replaced by one of
another school.

The pages are found by following every link, so a new one is attacked without a word here. Nothing may change, at
either school, and no answer may have anything of the other school.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role as DatabaseRole
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in
from tests.spec.tables import table

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

OURS, THEIRS = 900001, 900002
FIRST_OF_THEIRS = 700_000
"""Ids of the other school begin here, in every table at once: so one number is theirs, whatever it is taken for."""
HOSTILE = [FIRST_OF_THEIRS, FIRST_OF_THEIRS + 1]
REFUSED = {403, 404, 405, 409, 422}
SECRETS = (
    "Zyphora",
    "Quillon",
    "zyx-",
    "ZYX-",
    "zyphora",
    "Zelda",
    "07700 900888",
    "+447700900888",
    "Zircon Row",
)
"""In the names, own ids, values, classes and staff of the other school, and in nothing else."""
MOST_OF_ONE_NAME = 3
"""Pages and forms of one kind that are attacked."""
NOT_ROWS = {"roll-system"}
"""Addresses whose number is of no row of a school: the help page of a records system."""
MARKS = {"after", "shown", "waited", "at", "on", "since", "until"}
"""Fields whose number is of no row: how far somebody has read, how many waited, and when."""


@dataclass
class Form:
    """A form as a page gave it."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, name and value of each."""


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self._path, self._select = path, ""
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what can be pressed or sent."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(said.get("href", ""))
        elif tag == "form":
            self._form = Form(said.get("action") or self._path, said.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "button", "textarea") and said.get("name"):
            self._form.fields.append((said.get("type", tag), said["name"], said.get("value", "")))
        elif tag == "select":
            self._select = said.get("name", "")
        elif tag == "option" and self._form is not None and self._select and said.get("value"):
            self._form.fields.append(("option", self._select, said["value"]))

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


@dataclass(frozen=True)
class Attack:
    """One request with one thing replaced."""

    method: str
    path: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.values)}"


def others(text: str) -> Iterator[str]:
    """A value with its number replaced by each of the other school's: "12", "link-12", "12.its mark"."""
    if found := re.fullmatch(r"([A-Za-z_ .:-]*)\d{1,15}((?:[.,-].*)?)", text):
        for hostile in HOSTILE:
            yield f"{found[1]}{hostile}{found[2]}"


def valid(form: Form) -> dict[str, list[str]]:
    """What somebody would send who fills everything in: every tick, the first of each choice."""
    sent: dict[str, list[str]] = {}
    for kind, name, value in form.fields:
        if kind in ("csrf", "file", "submit", "button") or name == "csrfmiddlewaretoken":
            continue
        if kind in ("radio", "option") and name in sent:
            continue
        if kind in ("text", "email", "search", "number", "date", "textarea", "input"):
            sent.setdefault(name, []).append(value or ("1" if kind == "number" else "Una Marsh"))
        else:
            sent.setdefault(name, []).append(value)
    return sent


def sent(values: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, several in values.items() for value in several)


def attacks_on(form: Form) -> Iterator[Attack]:
    """The form with one value, or one name, replaced."""
    base = valid(form)
    seen = set()
    for kind, name, value in form.fields:
        if kind not in ("hidden", "radio", "checkbox", "option", "button", "submit") or name.startswith("csrf"):
            continue
        for hostile in others(value) if name not in MARKS else ():
            if (name, hostile) not in seen:
                seen.add((name, hostile))
                yield Attack(form.method, form.action, sent(base | {name: [hostile]}))
        for hostile in others(name):
            if hostile not in seen:
                seen.add(hostile)
                stem = re.sub(r"\d+$", "", name)
                rest = {one: several for one, several in base.items() if re.sub(r"\d+$", "", one) != stem}
                yield Attack(form.method, form.action, sent(rest | {hostile: base.get(name, [value])}))
    for action in others_of_address(form.action):
        yield Attack(form.method, action, sent(base))


def others_of_address(path: str) -> Iterator[str]:
    """An address with each of its row numbers replaced in turn, and with the other school's URN."""
    parts = path.split("/")
    for place, part in enumerate(parts):
        if place > 2 and part.isdigit():
            for hostile in HOSTILE:
                yield "/".join([*parts[:place], str(hostile), *parts[place + 1 :]])
    yield path.replace(f"/schools/{OURS}/", f"/schools/{THEIRS}/", 1)


@pytest.fixture
def superuser(database: Server) -> Iterator[psycopg.Connection[Any]]:
    """Reads every school's rows, and sets where ids begin."""
    password = json.loads(database.folders.passwords.read_text())["postgres"]
    dsn = database.dsn(DatabaseRole.OWNER)
    with psycopg.connect(dsn, user="postgres", password=password, autocommit=True) as one:
        yield one


def roll(mark: str, street: str, mobile: str) -> list[dict[str, str]]:
    """Everything that can wait for somebody at a school. `mark` begins every name, own id and class."""
    email = f"{mark.lower()}{{}}@example.org"
    own = {"CLASS": f"{mark}-7B"}
    home = {"ADDRESS_1": f"1 {street}", "ADDRESS_2": "Eastmere", "POSTCODE": "EM4 7QX"}
    return [
        adult(f"{mark}-1", f"{mark} Amber", EMAIL=email.format(1), **own),
        adult(f"{mark}-2", f"{mark} Bell", MOBILE=mobile, RESTRICTION="hold", **own, **home),
        adult(f"{mark}-3", f"{mark} Carr", EMAIL=email.format(3), RESTRICTION="", **own),
        adult(f"{mark}-4", f"{mark} Dove", EMAIL=email.format(4), RESTRICTION="unknown", **own),
        adult(f"{mark}-5", f"{mark} Eden", EMAIL=email.format(5), RELATIONSHIP="other", HAS_CARE="", **own),
        adult(f"{mark}-6", f"{mark} Fenn", OBJECTS="yes", EMAIL=email.format(6), **own),
        adult(f"{mark}-7", f"{mark} Gray", **own),
        adult(f"{mark}-8", f"{mark} Holt", EMAIL=email.format(8), **own),
        adult(f"{mark}-9", f"{mark} Ives", EMAIL=email.format(9), **own),
        adult(
            f"{mark}-10",
            f"{mark} Jole",
            RESTRICTION="none",
            **own,
            **(home | {"ADDRESS_1": f"Flat 2, 1 {street}"}),
        ),
        adult(f"{mark}-11", f"{mark} Carr", EMAIL=email.format(11), RESTRICTION="do not send", **own),
    ]


def colleagues(school_id: int, staff: str) -> None:
    """Who works at a school: three roles, an invitation that is open, and a way in again that waits."""
    from everyfamily.accounts.models import Account, Invitation, Membership, Reset

    people = []
    for role in (Role.LEAD, Role.OFFICE, Role.DPO):
        name = f"{staff} {role.title()}"
        person = Account.objects.create(
            email=f"{staff.lower()}.{role}@example.org", name=name, made_at=NOW - timedelta(days=9)
        )
        Membership.objects.create(
            account=person, role=role, school_id=school_id, given_by=f"{staff} Head", given_at=NOW
        )
        people.append(person)
    Invitation.objects.create(
        email=f"{staff.lower()}.new@example.org",
        name=f"{staff} New",
        role="office",
        school_id=school_id,
        invited_by=f"{staff} Head",
        invited_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    Reset.objects.create(
        account=people[-1],
        asked_by=f"{staff} Head",
        asked_at=NOW - timedelta(days=2),
        opens_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=6),
    )


def requests_about_data(school_id: int, staff: str) -> None:
    """A file that was prepared, and a colleague who asks for the key to be destroyed."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import DataExport, KeyDestruction, Parent

    with tenant(school_id):
        someone = Parent.objects.order_by("id").first()
        assert someone is not None
        DataExport.objects.create(school_id=school_id, parent=someone, asked_by=f"{staff} Dpo", asked_at=NOW)
        KeyDestruction.objects.create(
            school_id=school_id, asked_by=f"{staff} Dpo", asked_account=999_999, asked_at=NOW
        )


def bump(superuser: psycopg.Connection[Any], prefix: str) -> None:
    """From now on, rows of a school's tables that begin so have the other school's ids."""
    found = superuser.execute(
        "SELECT c.table_name, pg_get_serial_sequence(c.table_name, 'id') FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = 'school_id'"
    ).fetchall()
    found += [(name, f"public.{name}_id_seq") for name in ("accounts_account", "accounts_reset", "people_school")]
    for name, sequence in found:
        if str(name).startswith(prefix) and sequence:
            superuser.execute("SELECT setval(%s, %s)", [sequence, FIRST_OF_THEIRS - 1])


@pytest.fixture
def lead(city: City, superuser: psycopg.Connection[Any], tmp_path: Path) -> Iterator[Client]:
    """The lead of the first of two schools that are full of everything, in the middle of a mailing."""
    from django.test import override_settings

    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    order = ["email", "text", "pupil post"]
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        ours = roll("Plain", "Lantern Row", "07700 900777")
        own = city.school(OURS, ours, order=order)
        city.import_rows(OURS, ours[:-3] + ours[-2:], NOW + timedelta(seconds=1))
        client = signed_in(Role.LEAD, "Leo Lindt", school_id=own)
        colleagues(own, "Petra")
        requests_about_data(own, "Petra")
        for prefix in ("people_", "accounts_"):
            bump(superuser, prefix)
        theirs = roll("Zyphora", "Zircon Row", "07700 900888")
        other = city.school(THEIRS, theirs, order=order)
        city.import_rows(THEIRS, theirs[:-3] + theirs[-2:], NOW + timedelta(seconds=1))
        colleagues(other, "Zelda")
        requests_about_data(other, "Zelda")
        city.open()
        begin_wave(city.mailing, own, NOW)
        for _ in range(9):
            look_at_school(mailing_id=city.mailing, school_id=own)
        bump(superuser, "mailings_")
        city.send()
        for mark in ("plain", "zyphora"):
            city.hear([(f"{mark}1@example.org", "permanent-failure")], NOW + timedelta(minutes=1))
            city.hear([(f"{mark}8@example.org", "delivered")], NOW + timedelta(minutes=1))
        city.send(NOW + timedelta(minutes=2))
        yield client


def followed(client: Client, *more: str) -> tuple[dict[str, list[str]], list[Form]]:
    """Every page of the school that its links and `more` addresses lead to: paths by the address's name, and forms."""
    from django.urls import resolve

    waiting, paths, forms = [f"/schools/{OURS}/", *more], {}, []  # type: ignore[var-annotated]
    met = set(waiting)
    attacked: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        bare = urlsplit(path).path
        name = str(resolve(bare).url_name)
        known = paths.setdefault(name, [])
        if len(known) >= MOST_OF_ONE_NAME:
            continue
        answer = client.get(path, secure=True)
        if answer.status_code == 302 and answer.headers["Location"].startswith(f"/schools/{OURS}/"):
            waiting.append(answer.headers["Location"])
        known.append(path)
        if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
            continue
        text = b"".join(answer) if answer.streaming else answer.content
        page = Page(bare, text.decode())
        for form in page.forms:
            at = str(resolve(urlsplit(form.action).path).url_name)
            attacked[f"{name} {at}"] = attacked.get(f"{name} {at}", 0) + 1
            if attacked[f"{name} {at}"] <= MOST_OF_ONE_NAME:
                forms.append(form)
        for link in page.links:
            inside = link if link.startswith("/") else f"{bare}{link}" if link.startswith("?") else ""
            if inside.startswith(f"/schools/{OURS}/") and inside not in met:
                met.add(inside)
                waiting.append(inside)
    return paths, forms


def addresses() -> dict[str, str]:
    """Every address of a school, with the other school's numbers in it."""
    from django.urls import get_resolver, reverse

    found = {}
    for name in table("access"):
        (parts, *_), *_ = get_resolver().reverse_dict.getlist(name)[0]
        if "urn" in parts[1]:
            found[name] = reverse(name, kwargs=dict.fromkeys(parts[1], FIRST_OF_THEIRS) | {"urn": OURS})
    return found


def digests(superuser: psycopg.Connection[Any]) -> dict[str, str]:
    """Every table with a school's rows, but for the audit trail, which may say that somebody was refused."""
    # The server keeps the plan: to make it took longer than the rest, and it is asked after each attack.
    found = superuser.execute(_of_each_table(superuser), prepare=True).fetchall()
    return {str(name): str(digest) for name, digest in found}


_tables: list[str] = []


def _of_each_table(superuser: psycopg.Connection[Any]) -> LiteralString:
    if not _tables:
        names = superuser.execute(
            "SELECT table_name FROM information_schema.columns c JOIN information_schema.tables t "
            "USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
            "AND c.column_name = 'school_id' AND c.table_name <> 'audit_auditevent'"
        ).fetchall()
        _tables[:] = [*(name for (name,) in names), "people_school"]
    return " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
        for name in _tables
    )  # type: ignore[return-value]


def test_nothing_of_another_school_is_seen_or_changed_by_any_page(
    lead: Client, superuser: psycopg.Connection[Any]
) -> None:
    # The page of an adult is reached by a search, which no link makes.
    paths, forms = followed(lead, f"/schools/{OURS}/data/1/")
    attacks = [
        Attack("get", hostile) for some in paths.values() for path in some for hostile in others_of_address(path)
    ]
    attacks += [attack for form in forms for attack in attacks_on(form)]
    for hostile in addresses().values():
        if not theirs_in(hostile):
            continue
        attacks += [
            Attack("get", hostile),
            Attack("post", hostile, (("seen", str(FIRST_OF_THEIRS)), ("sure", "yes"))),
        ]
    wrong = what_went_wrong(lead, superuser, attacks)
    assert wrong == [], "\n".join(wrong)
    # Otherwise the attack proves little.
    assert len(set(attacks)) > 100
    assert len(paths) > len(addresses()) / 2, sorted(set(addresses()) - set(paths))


def what_went_wrong(lead: Client, superuser: psycopg.Connection[Any], attacks: list[Attack]) -> list[str]:
    """Every attack that showed or changed something, or was not refused."""
    from django.urls import resolve

    before = digests(superuser)
    wrong = []
    for attack in dict.fromkeys(attacks):
        values: dict[str, list[str]] = {}
        for name, value in attack.values:
            values.setdefault(name, []).append(value)
        answer = getattr(lead, attack.method)(attack.path, values, secure=True)
        text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
        shows = [one for one in SECRETS if one in text.replace(str(attack), "")]
        if shows:
            wrong.append(f"{attack}: shows {shows}")
        is_of_a_row = resolve(urlsplit(attack.path).path).url_name not in NOT_ROWS
        if is_of_a_row and answer.status_code not in REFUSED and not is_harmless(attack, answer.status_code):
            wrong.append(f"{attack}: {answer.status_code} {answer.headers.get('Location', '')}")
        after = digests(superuser)
        if after != before:
            wrong.append(f"{attack}: changed {[name for name in after if after[name] != before[name]]}")
            before = after
    return wrong


def is_harmless(attack: Attack, status: int) -> bool:
    """A page of one's own school that a number only pages through or filters, or the form of an address that has no
    number of theirs."""
    return attack.method == "get" and status in (200, 302) and not theirs_in(urlsplit(attack.path).path)


def theirs_in(path: str) -> bool:
    return any(str(one) in path.split("/") for one in (*HOSTILE, THEIRS))
