"""The demo's roll files hold every kind of family, and no value that could reach a real person."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from everyfamily.core.contacts.recipients import postal_address
from everyfamily_demo.households import HOUSEHOLDS, LANGUAGES, QUIRKS
from everyfamily_demo.people_names import STREETS, address_of
from everyfamily_demo.rolls import COLUMNS, write_rolls
from everyfamily_demo.schools import CitySize, DemoSchool, demo_schools

pytestmark = pytest.mark.slow

SEED = 7
HEADER = (
    "SCHOOL_URN,PUPIL_ID,YEAR_GROUP,CLASS,ADULT_NAME,RELATIONSHIP,PARENTAL_RESPONSIBILITY,HAS_CARE,PRIORITY,"
    "RESTRICTION,OBJECTS,EMAIL,MOBILE,ADDRESS_1,ADDRESS_2,ADDRESS_3,ADDRESS_4,ADDRESS_5,POSTCODE,LANGUAGE,"
    "FORMAT,CHANNEL"
)
READABLE = re.compile(r"0?7700 ?900\d{3}( \(Mum\))?")
UNASSIGNED = re.compile(r"\+999\d{9}( \(Nan, after 4\))?")
LANDLINE = re.compile(r"0151 496 0\d{3}")
Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    schools: list[DemoSchool]
    files: dict[str, Path]
    rows: list[Row]

    @property
    def families(self) -> dict[tuple[str, str], list[Row]]:
        """Rows of each child, by school and pupil id."""
        children: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            if row["PUPIL_ID"]:
                children[row["SCHOOL_URN"], row["PUPIL_ID"]].append(row)
        return children


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", params=["small", pytest.param("full", marks=pytest.mark.nightly)])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    size: CitySize = request.param
    schools = demo_schools(size, SEED)
    files = write_rolls(tmp_path_factory.mktemp(size), schools, SEED)
    return Written(schools, files, [row for path in files.values() for row in read(path)])


def is_bad(row: Row) -> bool:
    return (
        not row["PUPIL_ID"]
        or row["PARENTAL_RESPONSIBILITY"] not in {"yes", "no", "unknown"}
        or row["RELATIONSHIP"] == "family friend"
        or row["RESTRICTION"] not in {"none", "hold", "do not send", ""}
    )


def test_the_header_is_the_roll_templates(city: Written) -> None:
    assert ",".join(COLUMNS) == HEADER
    for path in city.files.values():
        with path.open(encoding="utf-8") as file:
            assert file.readline().rstrip("\r\n") == HEADER


def test_schools_we_send_for_have_a_file_and_no_other(city: Written) -> None:
    assert set(city.files) == {s.urn for s in city.schools if s.sends == "us" and s.roll}
    assert {path.name for path in next(iter(city.files.values())).parent.iterdir()} == {
        path.name for path in city.files.values()
    }


def test_every_child_on_roll_has_a_good_row(city: Written) -> None:
    good = {(row["SCHOOL_URN"], row["PUPIL_ID"]) for row in city.rows if not is_bad(row)}
    counted = Counter(urn for urn, _ in good)
    assert counted == {s.urn: s.roll for s in city.schools if s.urn in city.files}


def test_there_are_about_one_and_three_quarter_adults_for_each_child(city: Written) -> None:
    assert 1.70 < len(city.rows) / len(city.families) < 1.80


def test_a_few_rows_are_bad_in_each_of_four_ways_beside_a_good_one(city: Written) -> None:
    bad = [row for row in city.rows if is_bad(row)]
    children = len(city.families)
    assert children / 430 - 2 <= len(bad) <= children / 430 + 2
    ways = Counter(
        "id"
        if not row["PUPIL_ID"]
        else "yes or no"
        if row["PARENTAL_RESPONSIBILITY"] == "maybe"
        else "relationship"
        if row["RELATIONSHIP"] == "family friend"
        else "restriction"
        for row in bad
    )
    assert len(ways) == 4
    assert max(ways.values()) - min(ways.values()) <= 2


def test_the_small_citys_bad_rows_are_ten_to_fifteen(tmp_path: Path) -> None:
    for seed in (1, 7, 42):
        files = write_rolls(tmp_path / str(seed), demo_schools("small", seed), seed)
        assert 10 <= sum(is_bad(row) for path in files.values() for row in read(path)) <= 15


def test_no_number_or_address_could_reach_a_real_person(city: Written) -> None:
    for row in city.rows:
        mobile = row["MOBILE"]
        assert (
            mobile in {"", "07123"}
            or UNASSIGNED.fullmatch(mobile)
            or READABLE.fullmatch(mobile)
            or LANDLINE.fullmatch(mobile)
        ), mobile
        email = row["EMAIL"].strip()
        if "@" in email and "." in email:
            assert re.search(r"@@?example[.,](com|org)$", email), email


def test_numbers_a_person_reads_are_ofcoms_fictional_ones_each_with_one_owner(city: Written) -> None:
    first = [next(row["MOBILE"] for row in read(path) if row["MOBILE"]) for path in city.files.values()]
    # A file may begin with a family that gave no number.
    assert sum(bool(READABLE.fullmatch(mobile)) for mobile in first) > 0.8 * len(first)
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in city.rows:
        if READABLE.fullmatch(row["MOBILE"]):
            owners[row["MOBILE"]].add((row["ADULT_NAME"], row["EMAIL"]))
    assert max(len(people) for people in owners.values()) == 1


def test_an_email_address_belongs_to_one_adult_or_one_couple(city: Written) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in city.rows:
        if re.fullmatch(r"[^@\s]+@example\.(com|org)", row["EMAIL"]):
            owners[row["EMAIL"]].add(row["ADULT_NAME"])
    shared = {email for email, names in owners.items() if len(names) > 1}
    assert shared
    assert all(re.fullmatch(r"the\.\w+\.family\d+@example\.com", email) for email in shared)


def test_the_same_adult_at_two_schools_has_the_same_values(city: Written) -> None:
    people: dict[str, list[Row]] = defaultdict(list)
    for row in city.rows:
        if UNASSIGNED.fullmatch(row["MOBILE"]) and not row["MOBILE"].endswith(")") and not is_bad(row):
            people[row["MOBILE"]].append(row)
    at_two = [rows for rows in people.values() if len({row["SCHOOL_URN"] for row in rows}) > 1]
    assert len(at_two) > 100
    personal = ("ADULT_NAME", "EMAIL", "ADDRESS_1", "POSTCODE", "LANGUAGE", "FORMAT", "CHANNEL")
    for rows in at_two:
        assert len({tuple(row[column] for column in personal) for row in rows}) == 1


def test_brothers_and_sisters_share_adults_in_one_school(city: Written) -> None:
    children: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in city.rows:
        if row["EMAIL"]:
            children[row["SCHOOL_URN"], row["EMAIL"]].add(row["PUPIL_ID"])
    assert sum(len(ids) > 1 for ids in children.values()) > 500


def test_every_language_format_channel_and_relationship_is_there(city: Written) -> None:
    def seen(column: str) -> set[str]:
        return {row[column] for row in city.rows if not is_bad(row)}

    assert seen("LANGUAGE") == {language for language, _ in LANGUAGES}
    assert seen("FORMAT") == {"standard", "large print", "easy read", "audio", "braille"}
    assert seen("CHANNEL") == {"", "email", "text", "paper"}
    assert seen("RESTRICTION") == {"none", "hold", "do not send", ""}
    assert seen("OBJECTS") == {"yes", "no"}
    assert seen("RELATIONSHIP") == {m.relationship for h in HOUSEHOLDS for m in h.members}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("a landline for a mobile", lambda row: LANDLINE.fullmatch(row["MOBILE"])),
        ("words after a mobile", lambda row: row["MOBILE"].endswith(")")),
        ("a short mobile", lambda row: row["MOBILE"] == "07123"),
        ("a mobile that lost its zero", lambda row: re.fullmatch(r"7700900\d{3}", row["MOBILE"])),
        ("an email without @", lambda row: row["EMAIL"] and "@" not in row["EMAIL"]),
        ("a space after an email", lambda row: row["EMAIL"].endswith(" ")),
        ("a bad postcode", lambda row: row["POSTCODE"] in {"EMI 2AB", "EM1", "E1M 22B", "not known", "EM1 2A"}),
        ("a mobile but no email", lambda row: row["MOBILE"] and not row["EMAIL"]),
        ("an address alone", lambda row: row["ADDRESS_1"] and not row["EMAIL"] and not row["MOBILE"]),
    ],
)  # fmt: skip
def test_odd_values_are_there(city: Written, words: str, found) -> None:  # type: ignore[no-untyped-def]
    assert any(found(row) for row in city.rows), words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "separated parents, both entitled, at two addresses",
            lambda rows: (
                [(r["HAS_CARE"], r["RESTRICTION"]) for r in rows] == [("yes", "none")] * 2
                and len({r["ADDRESS_1"] for r in rows if r["ADDRESS_1"]}) == 2
            ),
        ),
        (
            "only adults whose right is unclear",
            lambda rows: {r["RESTRICTION"] for r in rows} <= {"hold", ""},
        ),
        (
            "nobody entitled",
            lambda rows: all(r["PARENTAL_RESPONSIBILITY"] == r["HAS_CARE"] == "no" for r in rows),
        ),
        ("everybody kept away", lambda rows: {r["RESTRICTION"] for r in rows} == {"do not send"}),
        (
            "no contact details at all",
            lambda rows: not any(r["EMAIL"] or r["MOBILE"] or r["ADDRESS_1"] or r["POSTCODE"] for r in rows),
        ),
        ("only an adult who objects", lambda rows: {r["OBJECTS"] for r in rows} == {"yes"}),
        (
            "one of two objects",
            lambda rows: len(rows) == 2 and {r["OBJECTS"] for r in rows} == {"yes", "no"},
        ),
    ],
)
def test_special_families_are_there(city: Written, words: str, found) -> None:  # type: ignore[no-untyped-def]
    assert any(found(rows) for rows in city.families.values()), words


def test_a_social_worker_is_met_by_several_families_under_one_address(city: Written) -> None:
    children: dict[str, set[str]] = defaultdict(set)
    for row in city.rows:
        if row["RELATIONSHIP"] == "social worker":
            children[row["EMAIL"]].add(row["SCHOOL_URN"] + row["PUPIL_ID"])
    assert max(len(ids) for ids in children.values()) > 1


def test_pupil_ids_are_each_given_once_in_a_school(city: Written) -> None:
    for (_, pupil_id), rows in city.families.items():
        assert re.fullmatch(r"\d{6}", pupil_id)
        assert [row["PRIORITY"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
        assert len({(row["YEAR_GROUP"], row["CLASS"]) for row in rows}) == 1


def test_the_same_seed_writes_the_same_bytes_and_another_seed_another_city(tmp_path: Path) -> None:
    schools = demo_schools("small", SEED)
    once = write_rolls(tmp_path / "once", schools, SEED)
    again = write_rolls(tmp_path / "again", schools, SEED)
    assert {urn: path.read_bytes() for urn, path in once.items()} == {
        urn: path.read_bytes() for urn, path in again.items()
    }
    other = write_rolls(tmp_path / "other", schools, SEED + 1)
    assert all(path.read_bytes() != other[urn].read_bytes() for urn, path in once.items())


def test_homes_have_addresses_of_their_own_with_a_postcode_of_british_shape() -> None:
    homes = [address_of(home) for home in range(len(STREETS) * 40)]
    assert len({lines for lines, _ in homes}) == len(homes)
    for postcode in {postcode for _, postcode in homes}:
        assert postcode.startswith("EM")
        assert postal_address(["1 Lantern Row"], postcode).postcode == postcode


def test_the_shares_of_quirks_and_languages_make_a_thousand() -> None:
    assert sum(h.of_thousand for h in HOUSEHOLDS) == 1_000
    assert sum(count for _, count in QUIRKS) == 1_000
    assert sum(count for _, count in LANGUAGES) == 1_000
