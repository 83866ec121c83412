"""Somebody was told that a parent has died: nothing more goes to them, the others go on, nobody is asked about them.
Taking it back brings everything back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in
from tests.integration.database.test_corrections import LATER, RIGHT, adults, follow, messages, restrict, tasks
from tests.integration.database.test_corrections import wrong as wrong
from tests.integration.database.test_decision_pages import AT, URN, get, links, post, seen
from tests.integration.database.test_eligibility import sql

pytestmark = [pytest.mark.database, pytest.mark.slow]

UNA, OFFICE = Actor.typed("Una Marsh"), Actor.typed("office")
ROWS = [
    adult("P1", "Ann Marsh", EMAIL="ann@example.org", CLASS="7A"),
    adult("P1", "Ben Marsh", EMAIL="ben@example.org", CLASS="7A", RELATIONSHIP="father"),
    adult("P2", "Ann Marsh", EMAIL="ann@example.org", CLASS="7B"),
    adult("P3", "Cal Ombre", EMAIL="cal@example.org", CLASS="7B", HAS_CARE="no"),
]
HOUR = timedelta(hours=1)


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.fixture
def school(city: City) -> int:
    return city.school(URN, ROWS)


def died(school: int, name: str, by: Actor = OFFICE, now: Any = NOW) -> int:
    from everyfamily.people.actions.decided.adult_deaths import record_adult_death

    parent = links(school)[name].parent_id
    record_adult_death(school, adult=parent, by=by, now=now)
    return int(parent)


def take_back(school: int, parent: int, by: Actor = UNA, now: Any = NOW) -> bool:
    from everyfamily.people.actions.decided.adult_deaths import take_back_adult_death

    return take_back_adult_death(school, adult=parent, by=by, now=now)


def written_to(city: City) -> set[object]:
    return {line["to"] for line in city.outbox()}


def coverage(city: City, now: Any = NOW) -> tuple[dict[Outcome, int], dict[Reason, int]]:
    (part,) = [one.coverage for one in city.coverage(now).schools if one.urn == URN]
    return dict(part.outcomes), dict(part.reasons)


def begin(city: City) -> None:
    """The wave begins, and nothing is sent yet."""
    from everyfamily.mailings.actions.planning.planning import begin_wave

    city.open()
    begin_wave(city.mailing, city.schools[URN], NOW)
    assert set(adults(city).values()) == {"planned"}


def test_nothing_more_goes_to_them_and_the_others_at_home_go_on(city: City, school: int) -> None:
    begin(city)
    for name in ("Ann Marsh", "Cal Ombre"):
        died(school, name)
    city.send()
    assert written_to(city) == {"ben@example.org"}
    # P1 has another parent. P2 and P3 have nobody now: that is for the named person, and is nobody's wish.
    outcomes, reasons = coverage(city)
    assert outcomes == {Outcome.ON_ITS_WAY: 1, Outcome.NOT_REACHED: 2}
    assert reasons == {Reason.NOBODY_ENTITLED: 2}
    city.import_rows(URN, ROWS, NOW + HOUR)
    city.attest(URN, NOW + HOUR)
    city.send(NOW + HOUR)
    assert written_to(city) == {"ben@example.org"}, "a later file opens nobody"


def test_who_has_no_delivery_yet_waits_for_none(city: City, school: int) -> None:
    city.open()
    died(school, "Cal Ombre")
    assert coverage(city)[1] == {Reason.NOBODY_ENTITLED: 1}


def test_what_arrived_before_stays_reached_and_every_living_adult_counts(city: City, school: int) -> None:
    city.open()
    city.send()
    city.hear([("ben@example.org", "delivered"), ("cal@example.org", "delivered")], NOW)
    city.hear([("ann@example.org", "permanent-failure")], NOW)
    city.send()
    for name in ("Ann Marsh", "Cal Ombre"):
        died(school, name, now=NOW + HOUR)
    city.send(NOW + HOUR)
    (part,) = [one.coverage for one in city.coverage(NOW + HOUR).schools if one.urn == URN]
    assert (part.outcomes[Outcome.REACHED], part.every_adult) == (2, 2)
    assert dict(part.reasons) == {Reason.NOBODY_ENTITLED: 1}, "nobody looks for an address of somebody who died"


def test_taking_it_back_goes_on_where_it_was(city: City, school: int) -> None:
    begin(city)
    cal = died(school, "Cal Ombre")
    city.send()
    assert "cal@example.org" not in written_to(city)
    assert take_back(school, cal, now=NOW + HOUR)
    assert not take_back(school, cal, now=NOW + HOUR)
    city.send(NOW + HOUR)
    assert "cal@example.org" in written_to(city)


def test_an_earlier_objection_outlives_a_death_that_is_taken_back(city: City, school: int) -> None:
    from everyfamily.people.actions.decided.objections import lift_objection, record_objection

    cal = links(school)["Cal Ombre"].parent_id
    record_objection(school, adult=cal, by=OFFICE, now=NOW)
    died(school, "Cal Ombre", now=NOW + HOUR)
    row = f"SELECT objects_at, objects_by, died_known_by FROM people_parent WHERE id = {cal}"
    assert sql(city, row) == [(NOW, "office", "office")]
    assert not lift_objection(school, adult=cal, by=UNA, now=NOW + HOUR), "a wish opens nobody who has died"
    take_back(school, cal, now=NOW + HOUR)
    assert sql(city, row) == [(NOW, "office", None)]


def test_who_is_forgotten_too_stays_closed(city: City, school: int) -> None:
    from everyfamily.people.actions.keeping.forgetting import forget_adult

    cal = died(school, "Cal Ombre")
    forget_adult(school, cal, by=UNA, now=NOW + HOUR)
    take_back(school, cal, now=NOW + HOUR)
    assert sql(city, f"SELECT objects_at FROM people_parent WHERE id = {cal}") == [(NOW + HOUR,)]


def test_no_row_is_known_to_have_died_and_open(city: City, school: int) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Parent

    cal = Parent.objects.filter(pk=links(school)["Cal Ombre"].parent_id)
    with pytest.raises(IntegrityError, match="parent_died_is_closed"), tenant(school):
        cal.update(died_known_at=NOW, died_known_by="test")


@pytest.mark.parametrize("restriction", ["", "see file", "unknown"])
def test_nobody_waits_for_a_decision_about_them(city: City, restriction: str) -> None:
    from everyfamily.accounts.desk.gathering import Reach, gather
    from everyfamily.people.actions.decided.link_lists import LinksShown, links_to_review
    from everyfamily.people.actions.decided.restrictions import links_not_said
    from everyfamily.people.actions.roll_in_counts import roll_in_counts
    from everyfamily.people.database.tenancy import tenant

    rows = [adult("P1", "Dee Sample", RESTRICTION=restriction), adult("P1", "Eli Quill")]
    school = city.school(URN, rows, attests=False)

    def waits() -> list[object]:
        with tenant(school):
            silent = links_not_said(school)
        counts = roll_in_counts(school)
        lists = [len(links_to_review(school, now=NOW, shown=one)) for one in LinksShown]
        desk = [one.count for one in gather(Reach.at([school]), NOW).waits if one.kind.name == "RESTRICTION"]
        open_tasks = sql(city, "SELECT kind FROM people_rolltask WHERE closed_at IS NULL")
        return [silent, counts.waiting, counts.not_said, lists, desk, open_tasks]

    before = waits()
    dee = died(school, "Dee Sample")
    assert waits() == [0, 0, 0, [0] * len(LinksShown), [], []]
    city.attest(URN, NOW + HOUR)
    assert links(school)["Dee Sample"].restriction == "unknown", "a word covers who was seen"
    take_back(school, dee, now=NOW + HOUR)
    assert waits() == before


def test_a_batch_leaves_them_out(city: City) -> None:
    from everyfamily.people.actions.decided.batch_decisions import decide_in_a_batch
    from everyfamily.people.actions.decided.groups import Group

    rows = [adult("P1", "Dee Sample", RESTRICTION=""), adult("P1", "Eli Quill", RESTRICTION="")]
    school = city.school(URN, rows, attests=False)
    died(school, "Dee Sample")
    decide_in_a_batch(
        school, kind="not said", decision="none", group=Group(), reason="looked at all", by=UNA, now=NOW
    )
    assert {name: one.restriction for name, one in links(school).items()} == {
        "Dee Sample": "unknown",
        "Eli Quill": "none",
    }


def test_nobody_tells_them_of_a_wrong_letter(wrong: City) -> None:
    from everyfamily.mailings.actions.ending.to_tell import people_to_tell
    from everyfamily.people.actions.decided.adult_deaths import record_adult_death

    school = wrong.schools[URN]
    ana, ben, *_ = adults(wrong)
    restrict(wrong, "objects", ben)
    record_adult_death(school, adult=ana, by=OFFICE, now=LATER)
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    assert [one.parent_id for one in tasks(correction)] == [ben]  # type: ignore[attr-defined]
    # Ben too, while his task is open: it is off the list at once, and closes. It opens again if it was not Ben.
    record_adult_death(school, adult=ben, by=OFFICE, now=LATER)
    assert people_to_tell(school, now=LATER) == []
    correction.send(LATER + HOUR)
    assert [one.closed_by for one in tasks(correction)] == ["has died"]  # type: ignore[attr-defined]
    take_back(school, ben, now=LATER + HOUR)
    correction.send(LATER + 2 * HOUR)
    assert [one.closed_by for one in tasks(correction)] == [None]  # type: ignore[attr-defined]
    assert "ana@example.org" not in messages(wrong, RIGHT)


def test_the_office_records_it_and_only_the_lead_takes_it_back(doors: None, school: int) -> None:
    link = links(school)["Ann Marsh"]
    at = f"{AT}children/{link.pupil_id}/adults/{link.parent_id}/"
    office, lead = (signed_in(role, school_id=school) for role in (Role.OFFICE, Role.LEAD))
    assert "Ann Marsh" in get(office, f"{at}died/")
    assert post(office, f"{at}died/").status_code == 422, "not without the tick"
    assert post(office, f"{at}died/", checked="yes").status_code == 302
    page = get(office, f"{at}died/")
    assert "We were told that Ann Marsh has died" in page
    assert "Recorded by Office Example" in page
    assert "tell your safeguarding lead" in page
    assert post(office, at, act="lives").status_code in (403, 404)
    assert "We were told that they have died" in get(lead, f"{AT}children/{link.pupil_id}/")
    assert 'value="lives"' in get(lead, at)
    assert 'value="wants"' not in get(lead, at)
    assert post(lead, at, act="lives").status_code == 302
    assert "This adult has died" in get(lead, f"{AT}children/{link.pupil_id}/")


def test_a_namesake_who_is_the_same_person_has_died_too(doors: None, city: City) -> None:
    from everyfamily.people.actions.decided.adult_deaths import record_adult_death

    school = city.school(URN, [adult("P1", "Ann Marsh", EMAIL="a@example.org"), adult("P2", "Ann Marsh")])
    first, second = all_links(school)
    assert record_adult_death(school, adult=first.parent_id, by=OFFICE, now=NOW) == 1
    client = signed_in(Role.LEAD, "Una Marsh", school_id=school)
    at = f"{AT}restrictions/{second.pk}/"
    page = get(client, at)
    assert "Nothing goes to them here either." in page
    assert post(client, at, answer=f"same-{first.parent_id}", seen=seen(page)).status_code == 302
    assert sql(city, "SELECT count(*) FROM people_parent WHERE died_known_at IS NOT NULL") == [(2,)]


def all_links(school: int) -> list[Any]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(school):
        return list(Care.objects.order_by("pupil_id"))


def test_what_is_handed_out_says_it_and_no_wish_that_nobody_had(school: int) -> None:
    from everyfamily.mailings.actions.ending.record_text import record_text
    from everyfamily.mailings.actions.ending.subject_access import held_about
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import school_by_id

    cal = died(school, "Cal Ombre")
    with tenant(school):
        said = record_text(held_about(school_by_id(school), cal, now=NOW), title="One adult")
    assert "Has died: yes, as the school was told" in said
    assert "Wants no more letters: no" in said
