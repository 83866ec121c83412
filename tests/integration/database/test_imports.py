"""A roll comes in: a bad file leaves no row, a bad row loses no child, a second import weakens nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.roll import COLUMNS
from tests.factories.city import NOW, City, address, adult, roll_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

GOOD = roll_csv(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])


def rows_of_people(city: City) -> int:
    """Rows in every table of people of the school."""
    from everyfamily.people.models import Care, ContactPoint, Parent, Pupil, RollImport
    from everyfamily.people.tenancy import tenant

    with tenant(city.schools[900001]):
        return sum(table.objects.count() for table in (Pupil, Parent, Care, ContactPoint, RollImport))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"PK\x03\x04 a workbook",
        GOOD[: GOOD.index(b"Ana")] + b'"Ana',
        b"\x81\x8d\x8f" + GOOD,
        GOOD.replace(b"PUPIL_ID", b"PUPIL"),
        GOOD.replace(b"CLASS", b"SHOE_SIZE"),
        ",".join(COLUMNS).encode() + b"\n",
    ],
    ids=["empty", "blank", "workbook", "cut off", "mis-encoded", "no pupil id", "unknown column", "no rows"],
)
def test_a_file_that_cannot_be_read_leaves_no_row(city: City, tmp_path: Path, data: bytes) -> None:
    from everyfamily.people.imports import import_roll

    city.school(900001)
    file = tmp_path / "roll.csv"
    file.write_bytes(data)
    with pytest.raises(EveryfamilyError) as raised:
        import_roll(file, urn=900001, by="test", now=NOW)
    assert raised.value.place is not None
    assert raised.value.fix
    assert rows_of_people(city) == 0


def test_an_error_in_the_middle_of_writing_leaves_no_row(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.people.actions import rolls

    city.school(900001)

    def fail(*_: object) -> None:
        raise ConnectionError("the network went away")

    monkeypatch.setattr(rolls._Writer, "contact_points", fail)
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
            adult("P3", "Dee Marsh", EMAIL="none"),
        ],
    )
    assert [(problem.row, problem.code, problem.whole_row) for problem in report.set_aside] == [
        (3, "RESTRICTION_NOT_KNOWN", True),
        (4, "PUPIL_ID_MISSING", True),
        (5, "EMAIL_NOT_VALID", False),
    ]
    assert (report.rows, report.accepted, report.children) == (4, 2, 3)


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
    from everyfamily.people.models import Care
    from everyfamily.people.tenancy import tenant

    city.school(900001)
    row = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    seen = []
    for restriction in ("none", "hold", "none", "do not send", "", "hold"):
        city.import_rows(900001, [row | {"RESTRICTION": restriction}])
        with tenant(city.schools[900001]):
            seen.append(Care.objects.get().restriction)
    assert seen == ["none", "hold", "hold", "do not send", "do not send", "do not send"]


def test_a_child_missing_from_a_file_is_proposed_as_left_and_stays(city: City) -> None:
    from everyfamily.people.models import Pupil
    from everyfamily.people.tenancy import tenant

    city.school(900001)
    rows = [adult(f"P{number}", "Ana Ferris", EMAIL="ana@example.org") for number in (1, 2)]
    city.import_rows(900001, rows)
    assert city.import_rows(900001, rows[:1]).left_proposed == 1
    with tenant(city.schools[900001]):
        assert Pupil.objects.filter(on_roll_to=None).count() == 2


def test_a_school_that_nobody_knows_is_said(city: City, tmp_path: Path) -> None:
    from everyfamily.people.imports import import_roll

    with pytest.raises(EveryfamilyError, match="900009"):
        import_roll(tmp_path / "roll.csv", urn=900009, by="test", now=NOW)
