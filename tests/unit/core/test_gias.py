"""The national list: by the names of its columns, whatever Excel did to it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from everyfamily.core.files.zips import ZipRefused
from everyfamily.core.schools.gias import AreaNotSaid, Link, NationalList, NoSchoolsOfTheArea, read_gias
from everyfamily.core.schools.school_file import NotAListOfSchools, SchoolsNotReadable
from everyfamily.core.schools.school_kinds import EstablishmentType, establishment_types, kind_of
from tests.factories.each import each
from tests.factories.national_list import establishment, links_csv, national_csv, results_zip

DATA = Path(__file__).parents[2] / "data" / "gias"
AS_GIVEN = (DATA / "edubasealldata20260901_FICTIONAL_cp1252.csv").read_bytes()
RESAVED = (DATA / "edubasealldata_FICTIONAL_resaved_excel_utf8bom.csv").read_bytes()
LINKS = (DATA / "links_edubasealldata20260901_FICTIONAL.csv").read_bytes()
REAL_LIST = (
    Path(__file__).parents[3] / "src/everyfamily_demo/data/liverpool_341_state_schools_2021_OGL.csv"
).read_bytes()


def read(data: bytes, **options: object) -> NationalList:
    return read_gias(data, file="list.csv", **options)  # type: ignore[arg-type]


def read_one(**cells: str) -> NationalList:
    return read(national_csv([establishment(150_001, **cells), establishment(150_009)]))


def codes(found: NationalList) -> list[tuple[int, str, bool]]:
    return [(problem.row, problem.code, problem.whole_row) for problem in found.set_aside]


def test_the_sample_is_read() -> None:
    found = read(AS_GIVEN, links=(LINKS, "links.csv"))
    assert (found.rows, found.schools, found.areas) == (16, 14, {341})
    assert found.set_aside == []
    names = {one.urn: one.name for one in found.establishments}
    assert names[999_002] == "St Ædan’s Catholic Primary School"
    assert names[999_003] == "Café Row Primary School – Infants"
    assert found.links == {Link(999_005, 999_004)}
    assert found.left_out == {"Children's centre": 1}


def test_the_sample_that_excel_saved_again_gives_the_same_schools() -> None:
    assert read(RESAVED) == read(AS_GIVEN)


@each(
    "urn, kind, status",
    [
        (999_001, "state secondary", "open"),
        (999_003, "state primary", "proposed to close"),
        (999_005, "state primary", "closed"),
        (999_006, "special", "open"),
        (999_007, "pru", "open"),
        (999_008, "pru", "open"),
        (999_009, "independent", "open"),
        (999_010, "special", "open"),
        (999_011, "nursery", "open"),
        (999_012, "state secondary", "proposed to open"),
        (999_013, "all-through", "open"),
        (999_014, "college", "open"),
        (999_015, None, "open"),
        (999_016, "special", "open"),
    ],
)
def test_type_and_status_decide_what_an_establishment_is(urn: int, kind: str | None, status: str) -> None:
    one = next(one for one in read(AS_GIVEN).establishments if one.urn == urn)
    assert (one.kind, one.status) == (kind, status)


def test_the_zip_file_gives_the_list_and_its_links() -> None:
    found = read(results_zip([establishment(1), establishment(2)], (1, 2)))
    assert found.format == "Get Information about Schools, zip"
    assert found.links == {Link(1, 2)}


def test_without_links_it_is_known_that_there_are_none() -> None:
    assert read(AS_GIVEN).links is None


def test_links_that_name_a_merger_say_so() -> None:
    rows = national_csv([establishment(1), establishment(2)])
    found = read(rows, links=(links_csv((1, 2, "amalgamated")), "links.csv"))
    assert found.links == {Link(1, 2, several=True)}
    assert {link.on for link in found.links or ()} == {date(2026, 9, 1)}


def test_links_between_schools_of_other_areas_are_not_kept() -> None:
    found = read(national_csv([establishment(1)]), links=(links_csv((7, 8)), "links.csv"))
    assert found.links == frozenset()


@pytest.mark.parametrize("raw", ["01-09-2026", "01/09/2026", "1/9/2026", "2026-09-01", "01/09/2026 00:00:00"])
def test_every_way_to_write_a_day_is_read(raw: str) -> None:
    assert read_one(opened=raw).establishments[0].opened_on == date(2026, 9, 1)


@pytest.mark.parametrize(("raw", "number"), [("1,233", 1233), ("1233", 1233), ("54.0", 54), ("", None)])
def test_every_way_to_write_a_roll_is_read(raw: str, number: int | None) -> None:
    assert read_one(pupils=raw).establishments[0].pupils == number


@pytest.mark.parametrize("raw", ["01514960100", "1514960100", "0151 496 0100", "+44 151 496 0100"])
def test_a_phone_number_is_read_though_excel_took_its_zero(raw: str) -> None:
    assert read_one(phone=raw).establishments[0].phone == "0151 496 0100"


def test_a_number_of_another_country_is_written_with_its_country() -> None:
    assert read_one(phone="+1 202 555 0123").establishments[0].phone == "+1 202-555-0123"


@each(
    "cells, code, whole",
    [
        ({"urn": "1501x"}, "URN_NOT_A_NUMBER", True),
        ({"urn": ""}, "URN_NOT_A_NUMBER", True),
        ({"urn": "150009"}, "URN_TWICE", True),
        ({"status": "9"}, "STATUS_NOT_KNOWN", True),
        ({"status": ""}, "STATUS_NOT_KNOWN", True),
        ({"area": "Liverpool"}, "LA_NOT_A_NUMBER", True),
        ({"area": "99341"}, "LA_NOT_A_NUMBER", True),
        ({"name": "Quay\x07field"}, "NAME_NOT_READABLE", True),
        ({"name": "Q" * 201}, "NAME_NOT_READABLE", True),
        ({"type": "99"}, "TYPE_NOT_KNOWN", False),
        ({"type": ""}, "TYPE_NOT_KNOWN", False),
        ({"opened": "31-02-2026"}, "DATE_NOT_A_DATE", False),
        ({"opened": "soon"}, "DATE_NOT_A_DATE", False),
        ({"pupils": "many"}, "ROLL_NOT_A_NUMBER", False),
        ({"pupils": "-3"}, "ROLL_NOT_A_NUMBER", False),
        ({"pupils": "1,2"}, "ROLL_NOT_A_NUMBER", False),
        ({"pupils": "999999"}, "ROLL_NOT_A_NUMBER", False),
        ({"pupils": "1.233"}, "ROLL_NOT_A_NUMBER", False),
        ({"pupils": "1.000"}, "ROLL_NOT_A_NUMBER", False),
        ({"pupils": "0"}, "ROLL_IS_ZERO", False),
        ({"phone": "ring the office"}, "PHONE_WITH_WORDS", False),
        ({"phone": "12"}, "PHONE_NOT_VALID", False),
        ({"phone": "-"}, "PHONE_NOT_VALID", False),
    ],
)
def test_what_cannot_be_read_is_set_aside_under_the_sheets_own_row(
    cells: dict[str, str], code: str, whole: bool
) -> None:
    rows = [establishment(150_008), establishment(150_009), establishment(150_001, **cells)]
    found = read(national_csv(rows))
    assert codes(found) == [(4, code, whole)]
    assert len(found.establishments) == (2 if whole else 3)


def test_a_type_that_is_not_known_is_kept_and_judged_by_its_phase() -> None:
    found = read_one(type="99", phase="4")
    assert found.establishments[0].kind == "state secondary"


def test_slips_in_the_rows_of_closed_schools_are_nobodys_work() -> None:
    assert read_one(status="2", opened="long ago", phone="none").set_aside == []


def test_a_row_set_aside_does_not_make_its_school_missing() -> None:
    assert read_one(status="9").seen >= {150_001}


def test_only_the_wanted_area_is_kept() -> None:
    data = national_csv([establishment(1), establishment(2, area="342"), establishment(3, area="343")])
    found = read(data, areas=[341, 343])
    assert [one.urn for one in found.establishments] == [1, 3]
    assert (found.rows, found.areas) == (2, {341, 343})


def test_of_several_areas_somebody_must_say_which() -> None:
    with pytest.raises(AreaNotSaid, match="by their codes"):
        read(national_csv([establishment(1), establishment(2, area="342")]))


def test_an_area_that_is_not_there_is_said() -> None:
    with pytest.raises(NoSchoolsOfTheArea):
        read(AS_GIVEN, areas=[342])


def test_columns_are_found_by_name_in_any_order() -> None:
    lines = [line.split(",") for line in national_csv([establishment(1)]).decode("cp1252").splitlines()]
    turned = "\r\n".join(",".join(reversed(cells)) for cells in lines) + "\r\n"
    assert read(turned.encode()).establishments == read(national_csv([establishment(1)])).establishments


@pytest.mark.parametrize("column", ["URN", "LA (code)", "EstablishmentName", "EstablishmentStatus (code)"])
def test_a_file_without_a_column_that_must_be_there_is_refused(column: str) -> None:
    data = national_csv([establishment(1)]).replace(column.encode(), b"Something", 1)
    with pytest.raises(NotAListOfSchools, match=r"no column"):
        read(data)


def test_the_list_of_pupil_premium_is_not_the_national_list() -> None:
    with pytest.raises(NotAListOfSchools) as raised:
        read(REAL_LIST)
    assert "TypeOfEstablishment (code)" in raised.value.fact
    assert "Get Information about Schools" in raised.value.fix


def test_the_links_file_alone_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotAListOfSchools, match="give this file beside it"):
        read(LINKS)


def zip_of(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


@each(
    "data",
    [
        b"",
        b"  \r\n",
        AS_GIVEN[:3_000],
        b"\x00" * 50,
        AS_GIVEN.decode("cp1252").encode("utf-16"),
        b'"URN","LA (code)\n',
        zip_of(readme_dot_txt=b"nothing"),
        zip_of(xl__workbook_dot_xml=b"<workbook/>"),
        zip_of(edubasealldata1_dot_csv=AS_GIVEN, edubasealldata2_dot_csv=AS_GIVEN),
        b"\x81\x8d" + AS_GIVEN,
        national_csv([establishment(1), establishment(2, "St Æ")], "utf-8")
        + "3,341,3,Æ,1,1,,,,,,,Æ".encode()[:-1],
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(SchoolsNotReadable) as raised:
        read(data)
    assert raised.value.place is not None
    assert raised.value.place.file == "list.csv"


def test_a_cut_zip_file_is_refused() -> None:
    with pytest.raises(ZipRefused):
        read(results_zip([establishment(1)])[:200])


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file() -> None:
    data = national_csv([establishment(1)]) + b'2,341,1,"Quayfield' + b"\r\n" + b"x" * 200_000
    with pytest.raises(SchoolsNotReadable):
        read(data)


def test_every_type_has_a_kind_or_a_reason_to_be_left_out() -> None:
    types = establishment_types()
    assert len(types) == 41
    assert all((one.kind is None) != (one.left_out is None) for one in types.values())


def test_a_type_with_a_kind_and_a_reason_to_be_left_out_is_refused() -> None:
    with pytest.raises(ValueError, match="either a kind or a reason"):
        EstablishmentType(code=1, name="Community school", kind="special", left_out="It is in Wales.")


@pytest.mark.parametrize("code", [25, 26, 29, 30, 37, 47, 48])
def test_what_has_no_children_of_the_area_on_a_roll_is_left_out(code: int) -> None:
    assert kind_of(code, 0, (None, None)) is None


@each(
    "phase, ages, kind",
    [
        (1, (None, None), "nursery"),
        (2, (3, 11), "state primary"),
        (3, (5, 12), "state primary"),
        (4, (None, None), "state secondary"),
        (5, (9, 13), "state secondary"),
        (6, (None, None), "college"),
        (7, (None, None), "all-through"),
        (0, (16, 19), "college"),
        (0, (11, 16), "state secondary"),
        (0, (3, 5), "nursery"),
        (0, (4, 11), "state primary"),
        (0, (4, 18), "all-through"),
        (0, (None, None), "all-through"),
    ],
)
def test_phase_decides_and_then_age(phase: int, ages: tuple[int | None, int | None], kind: str) -> None:
    assert kind_of(1, phase, ages) == kind


@pytest.mark.parametrize(
    ("file", "of"),
    [
        ("edubasealldata20260901.csv", date(2026, 9, 1)),
        ("EDUBASEALLDATA20260901 (1).csv", date(2026, 9, 1)),
        ("edubasealldata20261399.csv", None),
        ("schools.csv", None),
    ],
)
def test_the_day_of_a_list_stands_in_the_name_of_its_file(file: str, of: date | None) -> None:
    assert read_gias(national_csv([establishment(1)]), file=file).of == of


def test_the_day_of_a_zip_file_is_that_of_the_list_in_it() -> None:
    assert read(results_zip([establishment(1)])).of == date(2026, 9, 1)


def test_links_that_are_named_count_beside_those_in_the_zip_file() -> None:
    data = results_zip([establishment(1), establishment(2), establishment(3), establishment(4)], (1, 2))
    own = links_csv((3, 4, "merged"))
    found = read_gias(data, file="list.zip", links=(own, "own.csv"))
    assert found.links == {Link(1, 2), Link(3, 4, several=True)}
