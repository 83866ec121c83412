"""A file of every format goes the whole way into the database, and what its format cannot say is held."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City

pytestmark = [pytest.mark.database, pytest.mark.slow]

DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    ("file", "urn", "format_", "children", "adults", "unknown"),
    [
        ("rolls/arbor.csv", 900001, "Arbor, CSV", 1, 2, 2),
        ("rolls/bromcom.csv", 900001, "Bromcom, CSV", 1, 2, 0),
        ("rolls/generic_repeated.csv", 900001, "generic export, CSV", 1, 2, 2),
        ("rolls/scholarpack.csv", 900001, "ScholarPack, CSV", 2, 2, 3),
        ("rolls/sims.csv", 900001, "SIMS, CSV", 1, 2, 0),
        ("rolls/mavis.csv", 999001, "Mavis, CSV", 1, 2, 2),
        ("ctf/3414999_CTF_341LLLL_001.xml", 999001, "CTF 25.0", 3, 4, 4),
        ("oneroster/oneroster_v1p1.zip", 999001, "OneRoster 1.1", 1, 2, 2),
    ],
)
def test_an_export_goes_in_and_again_changes_nothing(
    city: City, file: str, urn: int, format_: str, children: int, adults: int, unknown: int
) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(urn)
    report = import_roll(DATA / file, urn=urn, by=Actor.typed("test"), now=NOW)
    assert (report.format, report.children, report.adults) == (format_, children, adults)
    assert report.restrictions_unknown == unknown
    again = import_roll(DATA / file, urn=urn, by=Actor.typed("test"), now=NOW)
    assert (again.joined, again.changed, again.forgotten, again.restrictions_unknown) == (0, 0, 0, unknown)


def test_a_later_file_of_another_format_meets_the_same_people(city: City) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(999001)
    for file in ("ctf/3414999_CTF_341LLLL_001.xml", "oneroster/oneroster_v1p1.zip"):
        report = import_roll(DATA / file, urn=999001, by=Actor.typed("test"), now=NOW)
    assert report.joined == 0
    assert report.restrictions_unknown == report.adults == 2


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("ctf/hostile_billion_laughs.xml", "EF201"),
        ("ctf/hostile_xxe.xml", "EF201"),
        ("ctf/3414999_CTF_341LLLL_001.xml", "EF202"),
        ("oneroster/oneroster_v1p1.zip", "EF202"),
        ("rolls/mavis.csv", "EF202"),
    ],
)
def test_a_hostile_file_and_another_school_s_leave_nothing(city: City, file: str, code: str) -> None:
    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.edges.roll_imports import import_roll
    from everyfamily.people.models import Pupil, RollImport

    school = city.school(900001)
    with pytest.raises(EveryfamilyError) as raised:
        import_roll(DATA / file, urn=900001, by=Actor.typed("test"), now=NOW)
    assert raised.value.code == code
    with tenant(school):
        assert (Pupil.objects.count(), RollImport.objects.count()) == (0, 0)
