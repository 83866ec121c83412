"""Whoever looks at names of a school's adults is in the school's audit trail, once an hour for each list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.city import NOW, City, adult
from tests.factories.school_pages import OURS, lead_of, place, words_of

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.usefixtures("served_pages")]

WHO = "Who may have the letter"


def looks(school: int) -> list[tuple[str, str]]:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(school):
        found = AuditEvent.objects.filter(school_id=school, action="look at list").order_by("id")
        return list(found.values_list("actor", "subject_id"))


def test_a_look_at_names_is_written_down_once_an_hour_for_each_person_and_list(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care
    from everyfamily_demo.clock import set_simulated

    school = city.school(OURS, [adult("P1", "Ana Ferris", RESTRICTION="hold")])
    with tenant(school):
        link = Care.objects.get()
    dev, ada = lead_of(school), lead_of(school, "Ada Clarke")
    for path in ("restrictions/", "restrictions/", f"restrictions/{link.pk}/", "restrictions/several/"):
        assert dev.get(place(path), secure=True).status_code == 200
    assert looks(school) == [("Dev Marchetti", WHO)]
    ada.get(place("restrictions/"), secure=True)
    ada.get(place("parents/"), secure=True)
    ada.get(place(f"children/{link.pupil_id}/"), secure=True)
    more = [
        ("Ada Clarke", WHO),
        ("Ada Clarke", "Parents and carers"),
        ("Ada Clarke", "Children and their adults"),
    ]
    assert looks(school) == [("Dev Marchetti", WHO), *more]
    set_simulated(NOW + timedelta(hours=1))
    dev.get(place("restrictions/"), secure=True)
    assert looks(school)[-1] == ("Dev Marchetti", WHO)
    assert len(looks(school)) == 5
    assert f"looked at the names in “{WHO}”" in words_of(dev.get(place("audit/"), secure=True))


def test_what_is_not_there_and_what_has_no_name_is_not_a_look(city: City) -> None:
    school = city.school(OURS, [adult("P1", "Ana Ferris")])
    city.open()
    client = lead_of(school)
    assert client.get(place("restrictions/999/"), secure=True).status_code == 404
    for path in ("families/", "contacts/", "attest/", ""):
        assert client.get(place(path), secure=True).status_code == 200, path
    assert looks(school) == []
