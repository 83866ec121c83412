"""A roll comes in: a bad file leaves no row, a bad row loses no child, a second import weakens nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import COLUMNS, Roll, RollNotReadable
from tests.factories.city import NOW, City, address, adult, roll_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

GOOD = roll_csv(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])


def rows_of_people(city: City) -> int:
    """Rows in every table of people of the school."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care, ContactPoint, Parent, Pupil, RollImport

    with tenant(city.schools[900001]):
        return sum(table.objects.count() for table in (Pupil, Parent, Care, ContactPoint, RollImport))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"PK\x03\x04 a workbook",
        GOOD[: GOOD.index(b"Ana")] + b'"Ana',
        GOOD[: GOOD.index(b"ana@")],
        b"\x81\x8d\x8f" + GOOD,
        GOOD.replace(b"PUPIL_ID", b"PUPIL"),
        GOOD.replace(b"CLASS", b"SHOE_SIZE"),
        ",".join(COLUMNS).encode() + b"\n",
    ],
    ids=[
        "empty",
        "blank",
        "workbook",
        "cut off",
        "cut in a row",
        "mis-encoded",
        "no pupil id",
        "unknown column",
        "no rows",
    ],
)
def test_a_file_that_cannot_be_read_leaves_no_row(city: City, tmp_path: Path, data: bytes) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(900001)
    file = tmp_path / "roll.csv"
    file.write_bytes(data)
    with pytest.raises(EveryfamilyError) as raised:
        import_roll(file, urn=900001, by=Actor.typed("test"), now=NOW)
    assert raised.value.place is not None
    assert raised.value.fix
    assert rows_of_people(city) == 0


def test_an_error_in_the_middle_of_writing_leaves_no_row(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.people.actions.rolls.roll_adults import Adults

    city.school(900001)

    def fail(*_: object) -> None:
        raise ConnectionError("the network went away")

    monkeypatch.setattr(Adults, "write_contact_points", fail)
    with pytest.raises(ConnectionError):
        city.import_rows(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    assert rows_of_people(city) == 0


def test_bad_rows_are_set_aside_with_the_sheets_own_row_number_and_their_children_stay(city: City) -> None:
    city.school(900001)
    report = city.import_rows(
        900001,
        [
            adult("P1", "Ana Ferris", EMAIL="ana@example.org"),
            adult("P2", "Ben Ferris", RESTRICTION="see file"),
            adult("", "Col Marsh"),
            adult("P3", "Dee Marsh", EMAIL="dee@@example.org"),
        ],
    )
    assert [(problem.row, problem.code, problem.whole_row) for problem in report.set_aside] == [
        (3, "RESTRICTION_NOT_KNOWN", False),
        (4, "PUPIL_ID_MISSING", True),
        (5, "EMAIL_NOT_VALID", False),
    ]
    assert (report.rows, report.accepted, report.children, report.adults) == (4, 3, 3, 3)


def test_the_same_file_twice_changes_nothing(city: City) -> None:
    city.school(900001)
    rows = [
        adult("P1", "Ms A Ferris", EMAIL="ana@example.org"),
        adult("P2", "Ana Ferris", EMAIL="Ana@Example.org"),
        adult("P2", "Ben Ferris", MOBILE="07700 900123", **address(1)),
    ]
    first = city.import_rows(900001, rows)
    before = rows_of_people(city)
    second = city.import_rows(900001, rows)
    assert (first.joined, first.adults) == (2, 2)
    assert (second.joined, second.changed, second.left_proposed) == (0, 0, 0)
    assert rows_of_people(city) == before + 1, "only the record of the import is new"


def test_a_restriction_never_weakens(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    city.school(900001)
    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    seen = []
    for restriction in ("none", "hold", "none", "do not send", "", "hold"):
        city.import_rows(900001, [row | {"RESTRICTION": restriction}])
        with tenant(city.schools[900001]):
            seen.append(Care.objects.get().restriction)
    assert seen == ["none", "hold", "hold", "do not send", "do not send", "do not send"]


def test_a_child_missing_from_a_file_is_proposed_as_left_and_stays(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    city.school(900001)
    rows = [adult(f"P{number}", "Ana Ferris", EMAIL="ana@example.org") for number in (1, 2)]
    city.import_rows(900001, rows)
    assert city.import_rows(900001, rows[:1]).left_proposed == 1
    with tenant(city.schools[900001]):
        assert Pupil.objects.filter(on_roll_to=None).count() == 2


def links(city: City) -> dict[tuple[str, str], tuple[str, str, str]]:
    """(adult, child) -> (restriction, parental responsibility, care), read as the database has them."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    school = city.schools[900001]
    with tenant(school):
        vault = open_vault(school, now=NOW)
        return {
            (
                vault.decrypt("parent", link.parent_id, bytes(link.parent.name)),
                vault.decrypt("pupil", link.pupil_id, bytes(link.pupil.id_encrypted)),
            ): (link.restriction, link.parental_responsibility, link.has_care)
            for link in Care.objects.select_related("parent", "pupil")
        }


def parents(city: City) -> int:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Parent

    with tenant(city.schools[900001]):
        return Parent.objects.count()


def test_a_new_email_address_lifts_no_restriction_and_makes_no_new_adult(city: City) -> None:
    city.school(900001)
    father = adult("P1", "Mr Joe Ferris", EMAIL="joe@example.org", OBJECTS="yes", RESTRICTION="do not send")
    city.import_rows(900001, [father])
    report = city.import_rows(
        900001, [adult("P1", "Joe  FERRIS", EMAIL="joe.new@example.com", RESTRICTION="none")]
    )
    assert {restriction for restriction, *_ in links(city).values()} == {"do not send"}
    assert parents(city) == 1
    assert report.adults_missing == 0


def test_two_rows_of_one_adult_with_different_contact_values_keep_the_stricter_restriction(city: City) -> None:
    city.school(900001)
    rows = [
        adult("P1", "Joe Ferris", EMAIL="joe@example.org", RESTRICTION="do not send"),
        adult("P1", "Joe Ferris", MOBILE="07700 900123", RESTRICTION="none"),
    ]
    for file in (rows, rows[::-1], rows[1:]):
        city.import_rows(900001, file)
        assert [restriction for restriction, *_ in links(city).values()] == ["do not send"]
    assert parents(city) == 1


def test_an_initial_elsewhere_is_a_doubt_and_holds(city: City) -> None:
    city.school(900001)
    city.import_rows(900001, [adult("P1", "J Ferris", EMAIL="joe@example.org", RESTRICTION="do not send")])
    city.import_rows(900001, [adult("P1", "Joe Ferris", EMAIL="new@example.com")])
    assert {name: held for (name, _), (held, *_) in links(city).items()} == {
        "J Ferris": "do not send",
        "Joe Ferris": "unknown",
    }


def test_the_initial_in_the_same_inbox_is_met_again(city: City) -> None:
    city.school(900001)
    city.import_rows(900001, [adult("P1", "Ms A Ferris", EMAIL="ana@example.org", RESTRICTION="hold")])
    city.import_rows(900001, [adult("P2", "Ana Ferris", EMAIL="ana@example.org"), adult("P1", "Bo Ferris")])
    assert parents(city) == 2


def test_two_people_of_one_inbox_and_initial_stay_two(city: City) -> None:
    city.school(900001)
    rows = [
        adult("P1", "Adam Moss", EMAIL="moss@example.org", RELATIONSHIP="father", RESTRICTION="do not send"),
        adult("P1", "Ana Moss", EMAIL="moss@example.org"),
    ]
    for _ in range(2):
        city.import_rows(900001, rows)
        assert {name: held for (name, _), (held, *_) in links(city).items()} == {
            "Adam Moss": "do not send",
            "Ana Moss": "none",
        }


def test_a_restriction_that_cannot_be_read_holds_who_was_free(city: City) -> None:
    city.school(900001)
    row = adult("P1", "Joe Ferris", EMAIL="joe@example.org")
    city.import_rows(900001, [row])
    report = city.import_rows(900001, [row | {"RESTRICTION": "court order"}])
    assert links(city)["Joe Ferris", "P1"][0] == "unknown"
    assert [(one.code, one.whole_row) for one in report.set_aside] == [("RESTRICTION_NOT_KNOWN", False)]


@pytest.mark.parametrize(("before", "after"), [("yes", "no"), ("unknown", "yes"), ("no", "yes"), ("yes", "")])
def test_care_and_responsibility_follow_the_newest_file(city: City, before: str, after: str) -> None:
    city.school(900001)
    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    city.import_rows(900001, [row | {"PARENTAL_RESPONSIBILITY": before, "HAS_CARE": before}])
    report = city.import_rows(900001, [row | {"PARENTAL_RESPONSIBILITY": after, "HAS_CARE": after}])
    assert links(city)["Ana Ferris", "P1"][1:] == (after or "unknown", after or "unknown")
    assert report.changed == 1


def test_language_format_wishes_relationship_and_priority_follow_and_a_blank_leaves_them(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care, Parent

    city.school(900001)
    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org", LANGUAGE="pl", FORMAT="braille", PRIORITY="1")
    said = {"LANGUAGE": "ur", "FORMAT": "standard", "CHANNEL": "paper", "PRIORITY": "2", "RELATIONSHIP": "carer"}
    blank = dict.fromkeys(said, "")
    changed = [city.import_rows(900001, [one]).changed for one in (row, row | said, row | blank)]
    assert changed == [0, 2, 0]
    with tenant(city.schools[900001]):
        parent, link = Parent.objects.get(), Care.objects.get()
    assert (parent.language, parent.format, parent.prefers) == ("ur", "standard", "paper")
    assert (link.priority, link.relationship) == (2, "carer")


def test_an_adult_who_no_longer_stands_beside_their_child_is_counted_and_held(city: City) -> None:
    city.school(900001)
    ana = [adult(pupil, "Ana Ferris", EMAIL="ana@example.org") for pupil in ("P1", "P2")]
    joe = [adult(pupil, "Joe Ferris", EMAIL="joe@example.org") for pupil in ("P1", "P3")]
    kept_away = adult("P1", "Bo Ferris", EMAIL="bo@example.org", RELATIONSHIP="father", RESTRICTION="do not send")
    city.import_rows(900001, [*ana, *joe, kept_away])
    report = city.import_rows(900001, ana)
    assert (report.adults_missing, report.left_proposed) == (2, 1)
    held = {at: restriction for at, (restriction, *_) in links(city).items()}
    assert held == {
        ("Ana Ferris", "P1"): "none",
        ("Ana Ferris", "P2"): "none",
        ("Joe Ferris", "P1"): "unknown",
        ("Joe Ferris", "P3"): "none",
        ("Bo Ferris", "P1"): "do not send",
    }


def test_an_adult_whom_a_file_of_changes_does_not_name_stays_and_is_counted(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.rolls.roll_report import report_as_json
    from everyfamily.people.edges import roll_imports

    city.school(900001)
    ana = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    city.import_rows(900001, [ana, adult("P1", "Joe Ferris", EMAIL="joe@example.org")])
    commit = roll_imports.commit_roll

    def of_changes(school: Any, roll: Roll, file: Any) -> Any:
        roll.whole = roll.every_adult = False
        return commit(school, roll, file)

    monkeypatch.setattr(roll_imports, "commit_roll", of_changes)
    report = city.import_rows(900001, [ana])
    assert (report.adults_missing, report.adults_staying) == (0, 1)
    assert report_as_json(report)["adults_staying"] == 1
    assert {restriction for restriction, *_ in links(city).values()} == {"none"}


def test_a_child_who_comes_back_has_joined(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    city.school(900001)
    rows = [adult(pupil, "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold") for pupil in ("P1", "P2")]
    city.import_rows(900001, rows)
    with tenant(city.schools[900001]):
        Pupil.objects.update(on_roll_to=NOW.date())
    report = city.import_rows(900001, [row | {"RESTRICTION": "none"} for row in rows[:1]])
    assert (report.joined, report.left_proposed) == (1, 0)
    assert {restriction for restriction, *_ in links(city).values()} == {"hold"}
    with tenant(city.schools[900001]):
        assert Pupil.objects.filter(on_roll_to=None).count() == 1


def test_who_opted_out_stays_out_when_two_rows_of_theirs_become_one(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    city.school(900001)
    city.import_rows(
        900001,
        [adult("P1", "Joe Ferris", EMAIL="joe@example.org"), adult("P2", "Joe Ferris", MOBILE="07700 900123")],
    )
    assert parents(city) == 2
    with tenant(city.schools[900001]):
        ContactPoint.objects.filter(channel="text").update(status="opted out")
    both = adult("P1", "Joe Ferris", EMAIL="joe@example.org", MOBILE="07700 900123")
    city.import_rows(900001, [both, both | {"PUPIL_ID": "P2"}])
    with tenant(city.schools[900001]):
        assert set(ContactPoint.objects.filter(channel="text").values_list("status", flat=True)) == {"opted out"}


def test_a_school_that_nobody_knows_is_said(city: City, tmp_path: Path) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    (tmp_path / "roll.csv").write_bytes(roll_csv(900009, [adult("P1", "Ana Ferris")]))
    with pytest.raises(EveryfamilyError, match="900009"):
        import_roll(tmp_path / "roll.csv", urn=900009, by=Actor.typed("test"), now=NOW)


def test_an_upload_goes_in_as_a_file_does_and_one_over_the_limit_is_refused(city: City) -> None:
    from everyfamily.core.rolls.model.limits import FILE_BYTES
    from everyfamily.people.edges.roll_imports import import_roll_data

    city.school(900001, [adult("P1", "Ana Ferris")])
    data = roll_csv(900001, [adult("P1", "Ana Ferris"), adult("P2", "Ben Okoro")])
    asked = {"urn": 900001, "by": Actor.typed("Una Marsh"), "now": NOW}
    assert import_roll_data(data, "roll.csv", **asked).joined == 1
    with pytest.raises(RollNotReadable, match="larger than") as refused:
        import_roll_data(bytes(FILE_BYTES + 1), "roll.csv", **asked)
    assert str(refused.value.place) == "roll.csv:1"
