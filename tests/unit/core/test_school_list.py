"""The partnership's own list of schools: a blank cell leaves what is known, and a bad one is set aside."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from everyfamily.core.schools.school_file import NotAListOfSchools
from everyfamily.core.schools.school_list import SchoolList, is_own_list, own_difference, read_school_list
from everyfamily.core.schools.school_record import FormerUrn, SchoolRecord, after
from tests.factories.each import each

TODAY = date(2027, 3, 2)
TOO_LONG = f"office@{'.'.join(['a' * 60] * 3)}.example.org"
KNOWN = SchoolRecord(
    150_001, "Quayfield", "state primary", "Primary", type_code=1, roll_expected=200, phone="0151 496 0100"
)
CHECKED = SchoolRecord(
    **{name: getattr(KNOWN, name) for name in ("urn", "name", "kind", "phase", "type_code", "phone")},
    phone_checked_at=datetime(2026, 9, 1, tzinfo=UTC),
    phone_checked_by="lead",
)


def read(header: str, *rows: str) -> SchoolList:
    return read_school_list("\n".join([header, *rows, ""]).encode(), file="own.csv", today=TODAY)


def codes(found: SchoolList) -> list[tuple[int, str, bool]]:
    return [(problem.row, problem.code, problem.whole_row) for problem in found.set_aside]


def test_a_list_of_home_educated_children_has_no_number_until_somebody_knows_it() -> None:
    listed = read("URN,NAME,KIND,ROLL", "999999,Educated at home,home educated,")
    (school,) = after([], own_difference([], listed))
    assert (school.kind, school.roll_expected, school.status, school.sends) == (
        "home educated",
        None,
        "open",
        "school",
    )


def test_a_blank_cell_leaves_what_is_known() -> None:
    changes = own_difference([KNOWN], read("URN,ROLL,SENDS,PHONE,MAILBOX", "150001,,us,,"))
    (school,) = after([KNOWN], changes)
    assert (school.sends, school.roll_expected, school.phone) == ("us", 200, "0151 496 0100")
    assert changes.changed == 1


def test_headings_may_be_written_as_people_write_them() -> None:
    assert is_own_list(["urn", "Lead role"])
    assert not is_own_list(["URN", "EstablishmentName"])
    assert read("urn,Lead role", "150001,Head").schools[0].lead_role == "Head"


@each(
    "header, row, code, whole",
    [
        ("URN,SENDS", "15x,us", "URN_NOT_A_NUMBER", True),
        ("URN,SENDS", ",us", "URN_NOT_A_NUMBER", True),
        ("URN,SENDS", "150001,us,more", "ROW_NOT_WHOLE", True),
        ("URN,SENDS", "150001,them", "SENDS_NOT_KNOWN", False),
        ("URN,KIND", "150001,castle", "KIND_NOT_KNOWN", False),
        ("URN,PHASE", "150001,late", "PHASE_NOT_KNOWN", False),
        ("URN,CHANNELS", "150001,pigeon", "CHANNELS_NOT_KNOWN", False),
        ("URN,ROLL", "150001,some", "ROLL_NOT_A_NUMBER", False),
        ("URN,KEEP_DAYS", "150001,366", "KEEP_DAYS_NOT_A_NUMBER", False),
        ("URN,MAILBOX", "150001,lead at school", "EMAIL_NOT_VALID", False),
        ("URN,MAILBOX", f"150001,{TOO_LONG}", "EMAIL_NOT_VALID", False),
        ("URN,PHONE", "150001,12", "PHONE_NOT_VALID", False),
        ("URN,LEAD_ROLE", f"150001,{'x' * 121}", "LEAD_ROLE_NOT_READABLE", False),
        ("URN,PHONE,PHONE_CHECKED_ON", "150001,01514960100,2027-01-01", "PHONE_CHECK_NOT_WHOLE", False),
        ("URN,PHONE_CHECKED_ON,PHONE_CHECKED_BY", "150001,2027-01-01,me", "PHONE_CHECK_NOT_WHOLE", False),
        (
            "URN,PHONE,PHONE_CHECKED_ON,PHONE_CHECKED_BY",
            "150001,01514960100,2027-03-03,me",
            "PHONE_CHECK_NOT_WHOLE",
            False,
        ),
    ],
)
def test_what_cannot_be_read_is_set_aside(header: str, row: str, code: str, whole: bool) -> None:
    found = read(header, "150009" + "," * header.count(","), row)
    assert codes(found) == [(3, code, whole)]
    assert len(found.schools) == (1 if whole else 2)


def test_the_first_row_of_a_school_counts() -> None:
    found = read("URN,SENDS", "150001,us", "150001,school")
    assert [school.sends for school in found.schools] == ["us"]
    assert codes(found) == [(3, "URN_TWICE", True)]


@pytest.mark.parametrize("header", ["URN", "SENDS,ROLL", "URN,SENDS,SHOE_SIZE", "URN,SENDS,SENDS"])
def test_a_header_that_is_not_the_templates_is_refused(header: str) -> None:
    with pytest.raises(NotAListOfSchools):
        read(header, "1,2,3")


def test_a_new_school_needs_a_name_and_a_kind() -> None:
    changes = own_difference([], read("URN,SENDS", "150001,us"))
    assert changes.changes == []
    assert [(problem.row, problem.code) for problem in changes.set_aside] == [(2, "NEW_WITHOUT_NAME")]


def test_a_kind_that_is_not_known_is_said_once_and_an_academy_has_an_example() -> None:
    listed = read("URN,NAME,KIND,SENDS", "150001,Quayfield,academy,us")
    changes = own_difference([], listed)
    assert codes(listed) == [(2, "KIND_NOT_KNOWN", False)]
    assert 'An academy is "state primary" or "state secondary".' in listed.set_aside[0].message
    assert (changes.changes, changes.set_aside) == ([], [])


def test_the_national_lists_names_stay() -> None:
    changes = own_difference([KNOWN], read("URN,NAME,KIND,SENDS", "150001,Our name,special,us"))
    (school,) = after([KNOWN], changes)
    assert (school.name, school.kind, school.sends) == ("Quayfield", "state primary", "us")
    assert [problem.code for problem in changes.set_aside] == ["FROM_NATIONAL_LIST"]


def test_a_number_beside_a_checked_one_is_named_and_not_taken() -> None:
    changes = own_difference([CHECKED], read("URN,PHONE", "150001,0151 496 0199"))
    assert changes.changes == []
    assert [school.urn for school in changes.phone_differs] == [150_001]


def test_a_number_that_was_checked_again_is_taken() -> None:
    row = "150001,0151 496 0199,2027-02-01,Lead"
    changes = own_difference([CHECKED], read("URN,PHONE,PHONE_CHECKED_ON,PHONE_CHECKED_BY", row))
    (school,) = after([CHECKED], changes)
    assert (school.phone, school.phone_checked_by) == ("0151 496 0199", "Lead")
    assert school.phone_checked_at == datetime(2027, 2, 1, tzinfo=UTC)
    assert changes.phone_differs == []


def test_a_school_is_met_under_a_urn_that_it_had_before() -> None:
    moved = SchoolRecord(
        150_002, "Academy", "state primary", "Primary", type_code=34, former=(FormerUrn(150_001),)
    )
    changes = own_difference([moved], read("URN,SENDS", "150001,us", "150002,school"))
    (school,) = after([moved], changes)
    assert (school.urn, school.sends) == (150_002, "us")
    assert [problem.code for problem in changes.set_aside] == ["URN_TWICE"]


def test_the_channels_of_a_school_may_go_back_to_all() -> None:
    paper = own_difference([KNOWN], read("URN,CHANNELS", "150001,Paper"))
    (school,) = after([KNOWN], paper)
    assert school.channel_policy == {"order": ["post", "pupil post"]}
    (school,) = after([school], own_difference([school], read("URN,CHANNELS", "150001,all")))
    assert school.channel_policy == {}
