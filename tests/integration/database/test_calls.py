"""Somebody rings the school: what closes counts at once, and what would open waits for the lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.adults.calls import CLOSES, PROPOSES, WAIT, WORDS
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, address, adult
from tests.factories.doors import open_doors, page_of
from tests.factories.school_pages import words_of
from tests.factories.signed_in import signed_in
from tests.integration.database.test_decision_pages import links, seen
from tests.integration.database.test_eligibility import sql

if TYPE_CHECKING:
    from tests.factories.doors import Person

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, ANOTHER = 900001, 900002
AT = f"/schools/{URN}/"
OLGA = Actor(ActorKind.PERSON, "Olga Office", 7, only_closes=True)
DEV = Actor(ActorKind.PERSON, "Dev Marchetti", 8)
ROWS = [
    adult("P1", "Bo Marsh", RESTRICTION="do not send", EMAIL="bo@example.org", **address(1)),
    adult("P2", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700 900124", **address(2)),
    adult("P3", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700 900124", **address(2)),
    adult("P4", "Dee Sample", RESTRICTION="see file"),
    adult("P5", "Ivo Lund", OBJECTS="yes"),
    adult("P6", "Cal Ombre", RESTRICTION=""),
    adult("P7", "Jan Pell", PARENTAL_RESPONSIBILITY="", HAS_CARE=""),
]
FREE = """SELECT 'adult', s.id::text FROM people_adult_standing s WHERE s.may_have_it
UNION ALL SELECT 'way', w.id::text FROM people_way w WHERE NOT w.is_shared
UNION ALL SELECT 'works', p.id::text FROM people_contactpoint p WHERE p.status = 'usable'
UNION ALL SELECT 'link', c.id::text FROM people_care c WHERE c.restriction = 'none'
UNION ALL SELECT 'waits', c.id::text FROM people_care c WHERE c.restriction = 'unknown'
UNION ALL SELECT 'wants', a.id::text FROM people_parent a WHERE a.objects_at IS NULL
UNION ALL SELECT 'is one', c.id::text FROM people_care c WHERE c.parent_or_carer = 'yes'"""
_EVENTS = (
    """SELECT action, detail::jsonb->>'asked' FROM audit_auditevent WHERE action LIKE '%% call' ORDER BY id"""
)
TASKS = "SELECT parent_id, closed_by FROM people_rolltask WHERE kind = 'call' ORDER BY id"


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.fixture
def school(city: City) -> int:
    return city.school(URN, ROWS)


def free(city: City) -> set[tuple[Any, ...]]:
    return set(sql(city, FREE))


def note(school: int, name: str, kind: str, by: Actor = OLGA) -> bool:
    from everyfamily.people.actions.decided.calls import note_call

    return note_call(school, adult=links(school)[name].parent_id, kind=kind, by=by, now=NOW)


def waiting(school: int) -> list[str]:
    from everyfamily.people.actions.decided.calls import calls_waiting

    return [one.kind for one in calls_waiting(school)]


def at(school: int, name: str, what: str = "") -> str:
    link = links(school)[name]
    return f"{AT}children/{link.pupil_id}/adults/{link.parent_id}/{what}"


@pytest.mark.parametrize("first", sorted(WORDS))
def test_nothing_that_is_noted_frees_anybody(school: int, city: City, first: str) -> None:
    """Every kind about every adult, by the office's own page, also after one another."""
    before, office = free(city), signed_in(Role.OFFICE, school_id=school)
    for kind in (first, *WORDS):
        for name in sorted(links(school)):
            answer = office.post(at(school, name, "call/"), {"kind": kind}, secure=True)
            assert answer.status_code == 302, (name, kind)
        now = free(city)
        assert now <= before, kind
        before = now


@pytest.mark.parametrize("kind", sorted(PROPOSES))
def test_what_would_open_changes_nothing_and_asks_the_lead_once(school: int, city: City, kind: str) -> None:
    before = free(city)
    assert note(school, "Ivo Lund", kind)
    assert not note(school, "Ivo Lund", kind), "twice is once"
    assert free(city) == before
    assert waiting(school) == [kind]
    assert sql(city, TASKS) == [(links(school)["Ivo Lund"].parent_id, None)]


def test_what_closes_counts_at_once_and_asks_nobody(school: int, city: City) -> None:
    assert note(school, "Ana Ferris", "no email")
    assert sql(city, "SELECT count(*) FROM people_contactpoint WHERE status = 'opted-out' AND channel = 'email'")
    assert note(school, "Ana Ferris", "no letters")
    assert links(school)["Ana Ferris"].parent.objects_by == "Olga Office"
    assert not note(school, "Ana Ferris", "no letters")
    assert waiting(school) == []
    assert sql(city, TASKS) == []


def test_somebody_says_that_there_is_an_order_so_every_link_waits_for_the_lead(school: int, city: City) -> None:
    assert note(school, "Ana Ferris", "hold")
    rows = sql(city, "SELECT restriction FROM people_care WHERE restriction_reviewed_by = 'Olga Office'")
    assert rows == [("hold",), ("hold",)], "about both children"
    assert waiting(school) == ["hold"]
    city.import_rows(URN, ROWS, NOW)
    assert waiting(school) == ["hold"], "a file that says none settles nothing"
    assert sql(city, TASKS) == [(links(school)["Ana Ferris"].parent_id, None)]
    # What is closed harder than that stays so.
    assert not note(school, "Bo Marsh", "hold")
    assert links(school)["Bo Marsh"].restriction == "do not send"


def test_the_lead_s_decision_settles_it_wherever_it_is_made(school: int, city: City) -> None:
    from everyfamily.people.actions.decided.objections import lift_objection
    from everyfamily.people.actions.decided.opt_outs import opt_out, undo_opt_out
    from everyfamily.people.actions.decided.responsibility import say_parent_or_carer
    from everyfamily.people.actions.decided.restrictions import review_restriction

    found = links(school)
    ivo, ana, jan = (found[name] for name in ("Ivo Lund", "Ana Ferris", "Jan Pell"))
    note(school, "Ivo Lund", "letters again")
    lift_objection(school, adult=ivo.parent_id, by=DEV, now=NOW)
    assert waiting(school) == []
    opt_out(school, adult=ana.parent_id, channel="text", by=DEV, now=NOW)
    note(school, "Ana Ferris", "text again")
    undo_opt_out(school, adult=ana.parent_id, channel="text", by=DEV, now=NOW)
    note(school, "Ana Ferris", "hold")
    review_restriction(school, link=ana.pk, decision="none", by=DEV, now=NOW)
    note(school, "Jan Pell", "look")
    say_parent_or_carer(school, link=jan.pk, is_one=True, by=DEV, now=NOW)
    assert waiting(school) == []
    assert {closed_by for _, closed_by in sql(city, TASKS)} == {"Dev Marchetti"}


def test_a_death_settles_whatever_waits_about_that_adult(school: int) -> None:
    from everyfamily.people.actions.decided.adult_deaths import record_adult_death

    for kind in ("look", "email again"):
        note(school, "Ana Ferris", kind)
    record_adult_death(school, adult=links(school)["Ana Ferris"].parent_id, by=OLGA, now=NOW)
    assert waiting(school) == []


def test_an_office_finds_notes_and_a_lead_decides_by_the_pages(school: int, city: City) -> None:
    from everyfamily.accounts.desk.gathering import Reach, gather

    office, lead = signed_in(Role.OFFICE, "Olga Office", school_id=school), signed_in(Role.LEAD, school_id=school)
    for typed in ("Ivo Lund", "P5"):
        page = office.post(f"{AT}calls/", {"own_id": typed}, secure=True)
        assert at(school, "Ivo Lund", "call/") in page.content.decode()
    assert office.post(f"{AT}calls/", {"own_id": "Nobody Here"}, secure=True).status_code == 422
    page = page_of(office, at(school, "Ivo Lund", "call/"))
    assert 'value="letters again"' in page
    assert 'value="no letters"' not in page, "they get none already"
    assert 'value="email again"' not in page
    assert office.post(at(school, "Ivo Lund", "call/"), {}, secure=True).status_code == 422
    office.post(at(school, "Ivo Lund", "call/"), {"kind": "letters again"}, secure=True)
    words = words_of(office.get(f"{AT}calls/", secure=True))
    assert "They want the letters after all" in words
    assert "Decide" not in words
    assert office.get(at(school, "Ivo Lund"), secure=True).status_code == 403, "the office decides nothing"
    [wait] = [one for one in gather(Reach.at([school]), NOW).waits if one.kind.name == "CALL"]
    assert wait.urn == URN
    assert at(school, "Ivo Lund") in page_of(lead, f"{AT}calls/")
    page = page_of(lead, at(school, "Ivo Lund"))
    assert "noted by Olga Office" in page
    assert lead.post(at(school, "Ivo Lund"), {"act": "wants"}, secure=True).status_code == 302
    assert waiting(school) == []
    assert links(school)["Ivo Lund"].parent.objects_at is None


def test_a_lead_leaves_it_as_it_is(school: int, city: City) -> None:
    lead = signed_in(Role.LEAD, "Dev Marchetti", school_id=school)
    note(school, "Ivo Lund", "letters again")
    before = free(city)
    path = at(school, "Ivo Lund")
    assert lead.post(path, {"act": "leave letters again"}, secure=True).status_code == 302
    assert waiting(school) == []
    assert free(city) == before
    assert sql(city, TASKS)[0][1] == "Dev Marchetti"
    assert [*sql(city, _EVENTS)] == [
        ("note call", "letters again"),
        ("leave call", "letters again"),
    ]


def test_the_lead_who_is_quicker_is_not_undone_by_a_call(school: int) -> None:
    """The office opened the page, the lead decided, and then the office notes what closes: it closes again."""
    lead = signed_in(Role.LEAD, school_id=school)
    path = f"{AT}restrictions/{links(school)['Cal Ombre'].pk}/"
    assert lead.post(path, {"answer": "may", "seen": seen(page_of(lead, path))}, secure=True).status_code == 302
    assert note(school, "Cal Ombre", "hold")
    assert links(school)["Cal Ombre"].restriction == "hold"
    assert waiting(school) == ["hold"]


@pytest.mark.parametrize("role", [Role.DPO, Role.HEAD])
def test_nobody_else_notes_a_call(school: int, role: Role) -> None:
    client = signed_in(role, school_id=school)
    for path in (f"{AT}calls/", at(school, "Ana Ferris", "call/")):
        assert client.post(path, {"kind": "no letters", "own_id": "P1"}, secure=True).status_code == 403
    assert links(school)["Ana Ferris"].parent.objects_at is None


def test_an_adult_of_another_school_is_not_there(school: int, city: City) -> None:
    other = city.school(ANOTHER, ROWS[:2])
    client: Person = signed_in(Role.OFFICE, school_id=other)
    link = links(school)["Dee Sample"]
    path = f"/schools/{ANOTHER}/children/{link.pupil_id}/adults/{link.parent_id}/call/"
    assert client.post(path, {"kind": "no letters"}, secure=True).status_code == 404
    assert links(school)["Dee Sample"].parent.objects_at is None


def test_the_table_holds_kinds_and_no_words() -> None:
    from everyfamily.people.models import Call

    assert {one.name for one in Call._meta.get_fields()} == {
        *("id", "school", "parent", "kind", "noted_at", "noted_by", "settled_at", "settled_by"),
    }
    assert set(WAIT) == {"hold", *PROPOSES}
    assert not set(CLOSES) & set(PROPOSES)
