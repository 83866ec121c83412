"""A OneRoster package becomes lines of adults and children, or is refused in one sentence."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

import pytest

from everyfamily.core.files.zips import ZipRefused
from everyfamily.core.rolls.formats.oneroster import COLUMNS, read_oneroster
from everyfamily.core.rolls.formats.oneroster_tables import MOST_ROWS, is_oneroster
from everyfamily.core.rolls.model.roll_rows import RollNotReadable, RollOfOtherSchool
from everyfamily.core.rolls.model.sheet import ALL_COLUMNS, Sheet
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each
from tests.repo.files import ROOT

SAMPLE = ROOT / "tests/data/oneroster/oneroster_v1p1.zip"
URN = 999001
USERS = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role", "username", "userIds"),
    *(
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        "email",
        "sms",
        "phone",
        "agentSourcedIds",
        "grades",
    ),
    "password",
)
USERS_1P2 = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName", "familyName"),
    *("middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password"),
    *("userMasterIdentifier", "preferredGivenName", "primaryOrgSourcedId", "pronouns"),
)
ROLES = (
    *("sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate"),
    *("orgSourcedId", "userProfileSourcedId"),
)
ORGS = ("sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId")
SCHOOL = {"sourcedId": "sch", "type": "school", "identifier": str(URN)}
OTHER = {"sourcedId": "oth", "type": "school", "identifier": "900002"}
Rows = Sequence[Mapping[str, str]]


def table(columns: Sequence[str], rows: Rows) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def zipped(entries: Mapping[str, bytes | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in entries.items():
            if held is not None:
                archive.writestr(name, held)
    return out.getvalue()


def manifest(**said: str) -> bytes:
    rows = {"manifest.version": "1.0", "oneroster.version": "1.1", "file.users": "bulk", "file.orgs": "bulk"}
    rows |= {name.replace("_", "."): value for name, value in said.items()}
    return table(("propertyName", "value"), [{"propertyName": n, "value": v} for n, v in rows.items()])


def package(users: Rows, orgs: Rows = (SCHOOL,), **said: str) -> bytes:
    entries = {"manifest.csv": manifest(**said), "users.csv": table(USERS, users), "orgs.csv": table(ORGS, orgs)}
    return zipped(entries)


def package_1p2(users: Rows, roles: Rows, **said: str) -> bytes:
    said = {"oneroster_version": "1.2", "file_roles": "bulk"} | said
    return zipped(
        {
            "manifest.csv": manifest(**said),
            "users.csv": table(USERS_1P2, users),
            "roles.csv": table(ROLES, roles),
            "orgs.csv": table(ORGS, [SCHOOL]),
        }
    )


def child(id: str = "c1", agents: str = "", **more: str) -> dict[str, str]:
    return {"sourcedId": id, "role": "student", "orgSourcedIds": "sch", "agentSourcedIds": agents} | more


def adult(id: str = "a1", agents: str = "", **more: str) -> dict[str, str]:
    known = {"givenName": "Ana", "familyName": "Ferris", "role": "parent", "orgSourcedIds": "sch"}
    return {"sourcedId": id, "agentSourcedIds": agents} | known | more


def read(data: bytes, *, urn: int = URN, former: tuple[int, ...] = (), dfe: str = "") -> Sheet:
    return read_oneroster(data, file="list.zip", urn=urn, former_urns=former, dfe_number=dfe)


def links(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(line.row, line.cells["PUPIL_ID"], line.cells["ADULT_FORENAME"]) for line in sheet.lines]


def codes(sheet: Sheet) -> list[tuple[int, str, bool]]:
    return [(one.row, one.code, one.whole_row) for one in sheet.set_aside]


def test_the_sample_gives_both_adults_of_the_child() -> None:
    sheet = read(SAMPLE.read_bytes())
    assert (sheet.format, sheet.whole, sheet.set_aside) == ("OneRoster 1.1", True, ())
    first, second = sheet.lines
    assert first.row == 3
    assert first.cells == {
        "PUPIL_ID": "T341499926001",
        "YEAR_GROUP": "8",
        "ADULT_FORENAME": "Agnieszka",
        "ADULT_SURNAME": "Nowak",
        "RELATIONSHIP": "parent",
        "EMAIL": "agnieszka.nowak@example.com",
        "MOBILE": "07700 900101",
        "PHONE": "0151 496 0101",
    }
    assert (second.row, second.cells["RELATIONSHIP"]) == (4, "guardian"), "who may not sign in is still a parent"


def test_nothing_says_that_an_adult_may_be_written_to() -> None:
    sheet = read(SAMPLE.read_bytes())
    assert sheet.columns == set(COLUMNS)
    assert sheet.columns <= ALL_COLUMNS
    assert sheet.columns.isdisjoint({"RESTRICTION", "COURT_ORDER", "PARENTAL_RESPONSIBILITY", "LANGUAGE"})
    assert "Siân" not in repr(sheet)


EITHER_WAY = {
    "the child names the adults": ([child(agents="a1, a2"), adult("a1"), adult("a2")]),
    "the adults name the child": ([child(), adult("a1", "c1"), adult("a2", "c1")]),
    "both name each other": ([child(agents="a1,a2"), adult("a1", "c1"), adult("a2", "c1")]),
    "each way once": ([child(agents="a2"), adult("a1", "c1"), adult("a2")]),
}


@pytest.mark.parametrize("users", EITHER_WAY.values(), ids=EITHER_WAY)
def test_a_link_may_be_said_by_either_side(users: Rows) -> None:
    assert links(read(package(users))) == [(3, "c1", "Ana"), (4, "c1", "Ana")]


def test_an_adult_of_two_children_has_a_line_for_each() -> None:
    assert links(read(package([adult(agents="c2,c1"), child("c1"), child("c2")]))) == [
        (2, "c1", "Ana"),
        (2, "c2", "Ana"),
    ]


def test_a_child_without_an_adult_is_on_the_roll_all_the_same() -> None:
    assert links(read(package([child("c1"), child("c2", "a1"), adult()]))) == [(2, "c1", ""), (4, "c2", "Ana")]


def test_an_adult_without_a_child_is_left_to_be_set_aside() -> None:
    users = [child(), adult("a1"), adult("a2", "nobody"), adult("t1", role="teacher")]
    assert links(read(package(users))) == [(2, "c1", ""), (3, "", "Ana"), (4, "", "Ana")]


RELATIONS = {
    "parent": "parent",
    "Guardian": "guardian",
    "relative": "relative",
    "teacher": "teacher",
    "siteAdministrator": "teacher",
    "counselor": "teacher",
    "ext:sponsor": "other",
    "": "other",
}


@pytest.mark.parametrize(("role", "wanted"), RELATIONS.items())
def test_a_role_becomes_a_relationship(role: str, wanted: str) -> None:
    (line,) = read(package([child(agents="a1"), adult(role=role)])).lines
    assert line.cells["RELATIONSHIP"] == wanted


def test_a_pupil_is_nobodys_adult() -> None:
    assert links(read(package([child("c1", "c2"), child("c2", "c1", givenName="Jo")]))) == [
        (2, "c1", ""),
        (3, "c2", ""),
    ]


PUPIL_IDS = {
    "its identifier": ([child(identifier="U1")], ["U1"]),
    "else its sourcedId": ([child()], ["c1"]),
    "one identifier for two children is nobody's": (
        [child("c1", identifier="0"), child("c2", identifier="0")],
        ["c1", "c2"],
    ),
    "an identifier that is another child's sourcedId": (
        [child("c1", identifier="c2"), child("c2")],
        ["c1", "c2"],
    ),
}


@pytest.mark.parametrize(("users", "wanted"), PUPIL_IDS.values(), ids=PUPIL_IDS)
def test_a_child_is_known_by(users: Rows, wanted: list[str]) -> None:
    assert [line.cells["PUPIL_ID"] for line in read(package(users)).lines] == wanted


def test_a_sourced_id_that_stands_twice_ties_nobody_to_a_child() -> None:
    sheet = read(package([child(agents="a1"), adult("a1", "c1"), adult("a1", givenName="Eve")]))
    assert links(sheet) == [(2, "c1", ""), (3, "", "Ana"), (4, "", "Eve")]
    assert codes(sheet) == [(2, "ADULT_NOT_CLEAR", False)]


def test_a_child_listed_twice_stays_and_has_no_adult() -> None:
    sheet = read(package([child(identifier="U1"), child(identifier="U1"), adult(agents="c1")]))
    assert {pupil for _, pupil, name in links(sheet) if not name} == {"U1"}
    assert codes(sheet) == [(2, "CHILD_NOT_CLEAR", False), (3, "CHILD_NOT_CLEAR", False)]


def test_whoever_is_to_be_deleted_is_not_in_the_file() -> None:
    users = [
        child(agents="a1,a2"),
        adult("a1", status="tobedeleted"),
        adult("a2"),
        child("c2", status="tobedeleted"),
    ]
    sheet = read(package(users))
    assert links(sheet) == [(4, "c1", "Ana")]
    assert codes(sheet) == []


def test_a_file_of_changes_leaves_deletions_to_a_person() -> None:
    users = [child(agents="a1,elsewhere"), adult("a1", status="tobedeleted")]
    sheet = read(package(users, file_users="delta"))
    assert not sheet.whole
    assert links(sheet) == [(2, "c1", "")]
    assert codes(sheet) == [(3, "PERSON_DELETED", True)]


def test_an_adult_named_and_not_there_is_said() -> None:
    assert codes(read(package([child(agents="a1,a9"), adult()]))) == [(2, "ADULT_NOT_IN_FILE", False)]


@pytest.mark.parametrize(("mode", "whole"), [("bulk", True), ("Bulk", True), ("delta", False), ("other", False)])
def test_only_a_bulk_file_is_the_whole_roll(mode: str, whole: bool) -> None:
    assert read(package([child()], file_users=mode)).whole is whole


@pytest.mark.parametrize(("mode", "every"), [("bulk", True), ("delta", False), ("other", True)])
def test_only_a_file_of_changes_need_not_name_every_adult_of_its_children(mode: str, every: bool) -> None:
    assert read(package([child()], file_users=mode)).every_adult is every


def test_a_package_without_a_manifest_is_not_taken_for_the_whole_roll() -> None:
    data = zipped({"users.csv": table(USERS, [child()]), "orgs.csv": table(ORGS, [SCHOOL])})
    sheet = read(data)
    assert (sheet.format, sheet.whole) == ("OneRoster 1.1", False)


def role(user: str, role: str, org: str = "sch", **more: str) -> dict[str, str]:
    return {"userSourcedId": user, "role": role, "orgSourcedId": org, "roleType": "primary"} | more


def of_1p2(*users: Mapping[str, str]) -> list[dict[str, str]]:
    return [{name: value for name, value in user.items() if name in USERS_1P2} for user in users]


def test_version_1p2_takes_roles_from_their_own_table() -> None:
    users = of_1p2(child(agents="a1,a2"), adult("a1"), adult("a2"), child("c2"), child("c3"))
    roles = [
        *(role("c1", "student"), role("a1", "guardian"), role("a2", "teacher"), role("a2", "parent")),
        *(role("c2", "student", "elsewhere"), role("c3", "student", status="tobedeleted")),
    ]
    sheet = read(package_1p2(users, roles))
    assert (sheet.format, sheet.whole) == ("OneRoster 1.2", True)
    assert links(sheet) == [(3, "c1", "Ana"), (4, "c1", "Ana")]
    assert [line.cells["RELATIONSHIP"] for line in sheet.lines] == ["guardian", "parent"]


def test_roles_that_are_only_changes_are_not_the_whole_roll() -> None:
    sheet = read(package_1p2(of_1p2(child()), [role("c1", "student")], file_roles="delta"))
    assert not sheet.whole


def test_version_1p2_without_roles_is_refused() -> None:
    data = zipped({"manifest.csv": manifest(), "users.csv": table(USERS_1P2, of_1p2(child()))})
    with pytest.raises(RollNotReadable, match=r"no roles\.csv"):
        read(data)


LOCAL = {"sourcedId": "sch", "type": "school", "identifier": "HARBOUR"}
BY_DFE = {"sourcedId": "sch", "type": "school", "identifier": "341/4999"}
DISTRICT = {"sourcedId": "la", "type": "district", "identifier": "341"}
PART = {"sourcedId": "dep", "type": "department", "parentSourcedId": "sch"}


def test_its_own_package_is_known_by_urn_former_urn_dfe_number_or_sourced_id() -> None:
    users = [child()]
    assert links(read(package(users, [SCHOOL, DISTRICT])))
    assert links(read(package(users), urn=900001, former=(URN,)))
    assert links(read(package(users, [BY_DFE]), urn=900001, dfe="3414999"))
    assert links(read(package([child(orgSourcedIds="999001")], [{"sourcedId": "999001", "type": "school"}])))
    assert links(read(package(users, [LOCAL]))), "a code of the system's own says nothing"
    assert links(read(package([child(orgSourcedIds="")]))), "the package holds no other school"
    assert links(read(package([child(orgSourcedIds="dep")], [SCHOOL, OTHER, PART])))


def test_of_several_schools_only_its_own_children_are_read() -> None:
    users = [
        *(child("c1", "a1"), child("c2", "a1", orgSourcedIds="oth"), child("c3", "a2", orgSourcedIds="oth")),
        *(adult("a1"), adult("a2"), adult("a3", orgSourcedIds="oth"), child("c4", orgSourcedIds="")),
    ]
    sheet = read(package(users, [SCHOOL, OTHER]))
    assert links(sheet) == [(5, "c1", "Ana")]
    assert codes(sheet) == [(8, "SCHOOL_NOT_SAID", True)]


def test_another_schools_package_is_refused() -> None:
    for orgs, dfe in (([OTHER], ""), ([OTHER, {**OTHER, "sourcedId": "third"}], ""), ([BY_DFE], "341/4001")):
        with pytest.raises(RollOfOtherSchool, match=r"other schools only: [0-9]{6}"):
            read(package([child()], orgs), dfe=dfe)


def test_a_package_whose_school_cannot_be_told_is_refused() -> None:
    two = [child("c1", orgSourcedIds="x"), child("c2", orgSourcedIds="y")]
    several = [LOCAL, {**LOCAL, "sourcedId": "second"}]
    for data in (package([child()], several), package([child()], [BY_DFE]), package(two, [DISTRICT])):
        with pytest.raises(RollNotReadable, match="not clear which school"):
            read(data)


def test_without_orgs_the_one_organisation_of_the_children_is_the_school() -> None:
    data = zipped({"manifest.csv": manifest(), "users.csv": table(USERS, [child(agents="a1"), adult()])})
    assert links(read(data)) == [(3, "c1", "Ana")]


def test_a_row_that_has_slipped_links_nobody_and_does_not_stand() -> None:
    users = table(USERS, [child(), adult(agents="c1")])
    data = zipped({"manifest.csv": manifest(), "users.csv": users.replace(b"Ana,", b"Ana, Maria,")})
    first, second = read(data).lines
    assert (first.row, first.whole, first.cells["PUPIL_ID"]) == (2, True, "c1")
    assert (second.row, second.whole, second.cells["PUPIL_ID"]) == (3, False, "")


def test_a_childs_row_that_has_slipped_is_not_lost_without_a_word() -> None:
    users = table(USERS, [child(), child("c2", givenName="Jo"), adult(agents="c1,c2")])
    slipped = zipped({"manifest.csv": manifest(), "users.csv": users.replace(b"c2,,", b"c2,,,", 1)})
    assert [(line.row, line.whole, line.cells["PUPIL_ID"]) for line in read(slipped).lines] == [
        *((3, False, ""), (4, True, "c1")),
    ]
    long = zipped({"manifest.csv": manifest(), "users.csv": users.replace(b",Jo,", b",Jo,Ann,")})
    assert [(line.row, line.whole, line.child_stands) for line in read(long).lines] == [
        *((4, True, True), (4, False, False)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_names_survive_every_encoding(encoding: str) -> None:
    users = table(USERS, [child(agents="a1"), adult(familyName="O’Sullivén")]).decode().encode(encoding)
    (line,) = read(zipped({"manifest.csv": manifest(), "users.csv": users})).lines
    assert line.cells["ADULT_SURNAME"] == "O’Sullivén"


def test_a_folder_that_was_zipped_whole_is_read() -> None:
    assert read(zipped({"v1p1/users.csv": table(USERS, [child()]), "__MACOSX/v1p1/._users.csv": b"\0"})).lines


REFUSED = {
    "no users": (zipped({"manifest.csv": manifest()}), "has no users"),
    "users absent": (package([child()], file_users="absent"), "has no users"),
    "no child": (package([adult()]), "no child of this school"),
    "no rows": (package([]), "no child of this school"),
    "a column missing": (zipped({"users.csv": b"sourcedId,role\n1,student\n"}), "no column givenname and no column"),
    "an open quotation": (zipped({"users.csv": table(USERS, [child()]) + b'"'}), "never closed"),
    "a huge cell": (package([child(username="x" * 200_000)]), "131,072"),
    "NUL": (zipped({"users.csv": table(USERS, [child()]) + b"\0"}), "NUL"),
    "no text": (zipped({"users.csv": b"\x81\x8d"}), "not UTF-8 and not"),
    "nothing in it": (zipped({"users.csv": b""}), "no column sourcedid"),
    "too many links": (
        package([*(child(f"c{n}", ",".join(f"a{m}" for m in range(500))) for n in range(420)),
                 *(adult(f"a{m}") for m in range(500))]),
        "links more than",
    ),
}  # fmt: skip


@each("data, fact", REFUSED.values())
def test_what_is_no_roll_is_refused_in_one_sentence(data: bytes, fact: str) -> None:
    with pytest.raises(RollNotReadable, match=fact) as refused:
        read(data)
    assert refused.value.place is not None
    assert refused.value.place.file.startswith("list.zip")


def test_too_many_users_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ROWS == 500_000
    monkeypatch.setattr("everyfamily.core.rolls.formats.oneroster_tables.MOST_ROWS", 2)
    with pytest.raises(RollNotReadable, match="more than 2 rows"):
        read(package([child("c1"), child("c2"), child("c3")]))


def test_a_damaged_zip_file_is_refused() -> None:
    with pytest.raises(ZipRefused):
        read(SAMPLE.read_bytes()[:-40])


def test_a_package_is_known_by_its_entries() -> None:
    assert is_oneroster(zipfile.ZipFile(SAMPLE))
    assert not is_oneroster(zipfile.ZipFile(io.BytesIO(zipped({"xl/workbook.xml": b""}))))


def test_version_1p2_without_orgs_takes_the_one_school_of_its_students() -> None:
    users = table(USERS_1P2, of_1p2(child(agents="a1"), adult())) + b",,\n"
    roles = table(ROLES, [role("c1", "student"), role("a1", "parent", "elsewhere")])
    sheet = read(zipped({"manifest.csv": manifest(), "users.csv": users, "roles.csv": roles}))
    assert links(sheet) == [(3, "c1", "Ana")]


def test_the_sample_becomes_a_roll_in_which_everybody_waits() -> None:
    roll = read_roll(SAMPLE.read_bytes(), file="list.zip", urn=URN)
    assert (roll.format, roll.read, roll.set_aside) == ("OneRoster 1.1", 2, [])
    assert {(row.restriction, row.parental_responsibility, row.relationship) for row in roll.rows} == {
        ("unknown", "unknown", "other")
    }


def test_school_staff_who_are_named_are_set_aside_and_the_child_stays() -> None:
    roll = read_roll(package([child(agents="a1"), adult(role="teacher")]), file="list.zip", urn=URN)
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "NOT_A_PARENT_OR_CARER")]
    assert [(row.pupil_id, row.adult_name) for row in roll.rows] == [("c1", "")]
