"""Contact values follow the newest file, and people who were purged are recognised only by their hashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
HOME = "1 Lantern Row\nEastmere\nEM4 7QX"
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700 900123", **address(1))
BLANK = {"EMAIL": "", "MOBILE": "", "ADDRESS_1": "", "ADDRESS_2": "", "POSTCODE": ""}


def values(city: City) -> dict[str, set[str]]:
    """Values that can be sent to, by channel."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import ContactPoint

    school = city.schools[URN]
    found: dict[str, set[str]] = {}
    with tenant(school):
        vault = open_vault(school, now=NOW)
        for row in ContactPoint.objects.filter(status="usable", value__isnull=False):
            found.setdefault(row.channel, set()).add(vault.decrypt("contact", row.pk, bytes(row.value)))
    return found


def rows_of(city: City, table: str) -> int:
    from django.apps import apps

    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]):
        return apps.get_model("people", table).objects.count()


def purge(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint, Parent, Pupil

    with tenant(city.schools[URN]):
        Parent.objects.update(name=None)
        ContactPoint.objects.update(value=None)
        Pupil.objects.update(id_encrypted=None)


BESIDE = adult("P2", "Bo Marsh", EMAIL="bo@example.org", MOBILE="07700 900124", **address(2))
"""Another family, so that no channel is silent in the whole file."""


NO_ADDRESS = {"ADDRESS_1": "", "ADDRESS_2": "", "POSTCODE": ""}
ALL = {"email", "text", "post"}


@pytest.mark.parametrize(
    ("after", "left", "forgotten"),
    [
        ({}, ALL, 0),
        (address(3), ALL, 1),
        (NO_ADDRESS, {"email", "text"}, 1),
        ({"POSTCODE": "not known"}, {"email", "text"}, 1),
        ({"EMAIL": "new@example.com"}, ALL, 1),
        ({"EMAIL": ""}, {"text", "post"}, 1),
        ({"EMAIL": "ana@example,org"}, ALL, 0),
        ({"MOBILE": ""}, {"email", "post"}, 1),
        ({"MOBILE": "0151 496 0800"}, ALL, 0),
        (BLANK, set(), 3),
    ],
    ids=[
        *("same", "moved", "no address", "bad postcode", "new email", "no email", "mistyped email", "no mobile"),
        *("landline", "nothing"),
    ],
)
def test_what_the_newest_file_has_is_what_is_used(
    city: City, after: dict[str, str], left: set[str], forgotten: int
) -> None:
    city.school(URN)
    city.import_rows(URN, [ANA, BESIDE])
    report = city.import_rows(URN, [ANA | after, BESIDE])
    assert report.forgotten == forgotten
    found = values(city)
    assert {channel for channel, there in found.items() if len(there) == 2} == left
    assert (HOME in found["post"]) is (not after.keys() & {"ADDRESS_1", "POSTCODE"})
    assert ("ana@example.org" in found["email"]) is (after.get("EMAIL") not in ("", "new@example.com"))


def test_nothing_goes_to_the_old_address_of_somebody_who_moved(city: City) -> None:
    city.school(URN)
    rows = [ANA | {"EMAIL": "", "MOBILE": ""}]
    city.import_rows(URN, rows)
    city.import_rows(URN, [rows[0] | address(3)])
    city.attest(URN)
    city.open()
    city.send()
    sent = [line["address"] for line in city.outbox() if line.get("address")]
    assert sent, "the letter goes by post"
    assert all("1 Lantern Row" not in lines for lines in sent)


def test_an_address_that_comes_back_is_used_again_and_a_dead_inbox_stays_dead(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    city.school(URN)
    city.import_rows(URN, [ANA, BESIDE])
    with tenant(city.schools[URN]):
        ContactPoint.objects.filter(channel="email").update(status="permanent-failure")
    city.import_rows(URN, [ANA | BLANK, BESIDE])
    report = city.import_rows(URN, [ANA, BESIDE])
    assert report.refilled == 3
    assert HOME in values(city)["post"]
    assert "email" not in values(city)


def test_a_file_without_a_column_says_nothing_of_emails_and_numbers(city: City, tmp_path: Path) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(URN)
    city.import_rows(URN, [ANA])
    file = tmp_path / "short.csv"
    file.write_text(f"SCHOOL_URN,PUPIL_ID,ADULT_NAME,RESTRICTION\n{URN},P1,Ana Ferris,none\n")
    report = import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW)
    assert values(city).keys() == {"email", "text"}
    assert report.forgotten == 1


def test_after_a_purge_the_same_file_meets_the_same_people_and_fills_them_again(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint, Parent

    city.school(URN)
    rows = [
        ANA,
        adult("P1", "Joe Ferris", EMAIL="joe@example.org", RELATIONSHIP="father", RESTRICTION="do not send"),
        adult("P2", "Cy Marsh", EMAIL="cy@example.org", OBJECTS="yes"),
    ]
    city.import_rows(URN, rows)
    with tenant(city.schools[URN]):
        ContactPoint.objects.filter(channel="text").update(status="opted out")
    before = {table: rows_of(city, table) for table in ("Pupil", "Parent", "Care", "ContactPoint")}
    sendable = values(city)
    purge(city)
    assert values(city) == {}
    report = city.import_rows(URN, [row | {"RESTRICTION": "none", "OBJECTS": "no"} for row in rows])
    assert {table: rows_of(city, table) for table in before} == before, "nobody is there twice"
    assert values(city) == sendable
    assert (report.joined, report.left_proposed, report.changed, report.adults_missing) == (0, 0, 0, 0)
    assert report.refilled == 3 + 5 + 2  # names, values, children's ids
    with tenant(city.schools[URN]):
        assert Parent.objects.filter(objects_at__isnull=False, name__isnull=False).count() == 1
        from everyfamily.people.models import Care

        assert sorted(Care.objects.values_list("restriction", flat=True)) == ["do not send", "none", "none"]


@pytest.mark.parametrize(
    "again",
    [
        {"EMAIL": "new@example.com"},  # by name, at the child
        {"ADULT_NAME": "Ms A. Ferris"},  # by inbox and initial
        {"ADULT_NAME": "Ana Marsh"},  # by inbox and first name
        {"PUPIL_ID": "P9"},  # by name and inbox, at another child
    ],
    ids=["name and child", "initial", "first name", "other child"],
)
def test_after_a_purge_a_restricted_adult_is_met_by_hashes(city: City, again: dict[str, str]) -> None:
    city.school(URN)
    row = ANA | {"RESTRICTION": "do not send"}
    city.import_rows(URN, [row])
    purge(city)
    city.import_rows(URN, [ANA | again])
    assert rows_of(city, "Parent") == 1


def test_names_from_before_names_had_hashes_are_met(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Parent

    city.school(URN)
    city.import_rows(URN, [ANA | {"RESTRICTION": "do not send"}])
    with tenant(city.schools[URN]):
        Parent.objects.update(name_hash=b"", first_name_hash=b"", initial_hash=b"", initial_only=False)
    city.import_rows(URN, [ANA | {"EMAIL": "new@example.com"}])
    assert rows_of(city, "Parent") == 1


def test_the_keys_of_a_home_are_made_once_for_all_who_live_there(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.rolls import roll_adults

    made: list[str] = []
    keys = roll_adults.closing_keys
    monkeypatch.setattr(roll_adults, "closing_keys", lambda *given: made.append(given[2]) or keys(*given))
    city.school(URN)
    city.import_rows(URN, [ANA, adult("P1", "Karl Ferris", **address(1))])
    assert made.count(HOME) == 1
    assert rows_of(city, "contactpoint") == 4
