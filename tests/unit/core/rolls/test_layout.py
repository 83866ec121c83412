"""An export is read by the parts of its headings and by its values, in whatever layout."""

from __future__ import annotations

import json

import pytest

from everyfamily.core.rolls.layout.heading_parts import parts_of
from everyfamily.core.rolls.layout.mapping import ColumnsNotFound
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, Roll, RollRow
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each
from tests.unit.core.rolls.test_workbook import book

URN = 999001


def read(*lines: str) -> Roll:
    return read_roll("\n".join((*lines, "")).encode(), file="export.csv", urn=URN)


def told(roll: Roll) -> list[tuple[str, str, str, str | None, str | None]]:
    return [(row.pupil_id, row.adult_name, row.relationship, row.email, row.mobile) for row in roll.rows]


@each(
    "heading, whose, nth, what",
    [
        ("Contact1ParentalResponsibility", "adult", 1, "PARENTAL_RESPONSIBILITY"),
        ("(Contact) Home Email", "adult", 0, "EMAIL"),
        ("2nd Contact's e-mail", "adult", 2, "EMAIL"),
        ("contactsurname", "adult", 0, "SURNAME"),
        ("Priority 1 Contact Name", "adult", 1, "NAME"),
        ("Relationship to student", "", 0, "RELATIONSHIP"),
        ("Lives with Pupil", "", 0, "HAS_CARE"),
        ("Child's Address", "child", 0, "ADDRESS"),
        ("PARENT_2_ADDRESS_LINE_3", "adult", 2, "ADDRESS/line"),
        ("Student contact number", "child", 0, "PHONE"),
        ("Contact number", "adult", 0, "PHONE"),
        ("Admno.", "", 0, "PUPIL_ID/admission"),
        ("Adm. No", "", 0, "PUPIL_ID/admission"),
        ("Adm num", "", 0, "PUPIL_ID/admission"),
        ("Admin no", "", 0, "PUPIL_ID/admission"),
        ("House", "", 0, "-"),
        ("GP Name", "nobody", 0, "NAME"),
        ("Legal guardian", "adult", 0, "PARENTAL_RESPONSIBILITY"),
    ],
)
def test_a_heading_is_read_by_its_parts(heading: str, whose: str, nth: int, what: str) -> None:
    found = parts_of(heading)
    assert (found.whose, found.nth, found.what) == (whose, nth, what)


def test_three_adults_stand_side_by_side_by_number() -> None:
    roll = read(
        "UPN,Contact 1 Name,Contact 1 Relationship,Contact 1 Email,Contact 2 Name,Contact 2 Relationship,"
        "Contact 2 Email,Contact 3 Name,Contact 3 Relationship,Contact 3 Email",
        "A1,Ada Person,Mother,ada@example.com,Bo Person,Father,bo@example.com,Cy Person,Doctor,cy@example.com",
        "A2,Di Person,Mother,di@example.com,,,,,,",
    )
    assert told(roll) == [
        ("A1", "Ada Person", "mother", "ada@example.com", None),
        ("A1", "Bo Person", "father", "bo@example.com", None),
        ("A1", "", "other", None, None),
        ("A2", "Di Person", "mother", "di@example.com", None),
    ]
    assert [(one.row, one.code) for one in roll.set_aside] == [(2, "NOT_A_PARENT_OR_CARER")]


def test_mother_and_father_are_told_by_their_headings() -> None:
    roll = read(
        "Pupil ID,Pupil name,Mother's name,Mum's mobile,Father's name,Dad's mobile",
        "7,Kit Person,Ada Person,07700 900101,Bo Person,07700 900102",
    )
    assert told(roll) == [
        ("7", "Ada Person", "mother", None, "+447700900101"),
        ("7", "Bo Person", "father", None, "+447700900102"),
    ]


def test_the_same_headings_again_are_the_next_adults() -> None:
    roll = read(
        "Ref,Surname,Forename,Parent/Carer Name,Relationship,Mobile,Parent/Carer Name,Relationship,Mobile",
        "E1,PERSON,Kit,Ada Person,Mother,07700 900101,Bo Person,Father,07700 900102",
    )
    assert [one[1:3] for one in told(roll)] == [("Ada Person", "mother"), ("Bo Person", "father")]


def test_a_row_above_the_headings_names_the_blocks() -> None:
    roll = read(
        "Pupil,,,Contact 1,,,Contact 2,,",
        "UPN,Surname,Forename,Name,Relationship,Email,Name,Relationship,Email",
        "A1,Person,Kit,Ada Person,Mother,ada@example.com,Bo Person,Father,bo@example.com",
    )
    assert told(roll) == [
        ("A1", "Ada Person", "mother", "ada@example.com", None),
        ("A1", "Bo Person", "father", "bo@example.com", None),
    ]


def test_words_beside_one_of_two_adults_close_that_one() -> None:
    roll = read(
        "UPN,Parent 1 Name,Parent 1 Notes,Parent 2 Name,Parent 2 Notes",
        "A1,Ada Person,Works nights,Bo Person,NOT TO BE CONTACTED",
    )
    assert [row.restriction_reason for row in roll.rows] == ["not said", NOT_READABLE]


def test_an_address_in_parts_or_as_the_childs() -> None:
    roll = read(
        "UPN,Child's Address,Child's Postcode,Parent Name,House Name,House Number,Street,Town,Parent Postcode",
        'A1,"1 Lantern Row, Eastmere",EM1 1AA,Ada Person,Rose House,9,Quay Street,Eastmere,EM4 7QX',
    )
    assert roll.rows[0].address is not None
    assert roll.rows[0].address.lines == ("Rose House", "9 Quay Street", "Eastmere", "EM4 7QX")
    same = read(
        "UPN,Child's Address,Child's Postcode,Parent Name,Parent Address",
        'A1,"1 Lantern Row, Eastmere",EM1 1AA,Ada Person,As child',
    )
    assert same.rows[0].address is not None
    assert same.rows[0].address.lines == ("1 Lantern Row", "Eastmere", "EM1 1AA")


@pytest.mark.parametrize(
    ("cell", "mobile", "also"),
    [
        ("07700 900101 (Mum)", "+447700900101", ()),
        ("07700900101 - after 3pm only", "+447700900101", ()),
        ("M: 07700 900101, H: 0151 496 0101", "+447700900101", ()),
        ("07700 900101; 07700 900102 (work)", "+447700900101", (("text", "+447700900102"),)),
        ("07700 900101 (Dad)", None, ()),
        ("07700 900101 Karl", None, ()),
    ],
)
def test_several_numbers_and_kinds_in_a_cell(cell: str, mobile: str | None, also: tuple[object, ...]) -> None:
    row = read("UPN,Parent Name,Relationship,Parent Mobile", f'A1,Ada Person,Mother,"{cell}"').rows[0]
    assert (row.mobile, row.also) == (mobile, also)


def test_names_are_put_in_the_order_in_which_they_are_spoken() -> None:
    roll = read("UPN,Parent Name,Relationship", 'A1,"Person, Ada (Mrs)",Mother', 'A2,"O\'Person, Bo",Father')
    assert [row.adult_name for row in roll.rows] == ["Mrs Ada Person", "Bo O'Person"]


def test_an_adult_without_a_child_in_its_row_belongs_to_the_child_above() -> None:
    roll = read(
        "UPN,Forename,Surname,Class,Parent Name,Parent Email",
        "A1,Kit,Person,4B,Ada Person,ada@example.com",
        ",,,,Bo Person,bo@example.com",
        ",Lu,Other,4B,Cy Other,cy@example.com",
    )
    assert [(row.pupil_id, row.class_name, row.adult_name) for row in roll.rows] == [
        ("A1", "4B", "Ada Person"),
        ("A1", "4B", "Bo Person"),
    ]
    assert [(one.row, one.code) for one in roll.set_aside] == [(4, "PUPIL_ID_MISSING")]


def test_the_header_may_stand_in_row_40() -> None:
    titles = [f"Filter {number}: all" for number in range(39)]
    roll = read(*titles, "UPN,Parent Name,Parent Email", "A1,Ada Person,ada@example.com")
    assert [(row.row, row.adult_name) for row in roll.rows] == [(41, "Ada Person")]


def test_nested_json_is_read_both_ways_round() -> None:
    adult = {"full_name": "Ada Person", "relationship": {"relationship": "Mother", "court_order": False}}
    child = {"upn": "A1", "forename": "Kit"}
    ways = (
        {"students": [child | {"contacts": {"data": [adult]}}]},
        {"contacts": [adult | {"students": [child]}]},
    )
    for way in ways:
        roll = read_roll(json.dumps(way).encode(), file="export.json", urn=URN)
        assert roll.rows == [RollRow(1, "A1", "", "", "Ada Person", "mother", restriction="none")]
        assert roll.format == "generic export, JSON"


def test_json_of_no_children_is_refused() -> None:
    with pytest.raises(ColumnsNotFound):
        read_roll(b'{"students": [{"upn": "A1", "forename": "Kit"}]}', file="export.json", urn=URN)


def test_a_link_that_was_deleted_is_told_and_not_taken() -> None:
    roll = read(
        "UPN,Contact Name,Link Status,Contact end date",
        "A1,Ada Person,Active,",
        "A1,Bo Person,Deleted,",
        "A1,Cy Person,Active,01/02/2026",
    )
    assert [row.adult_name for row in roll.rows if row.adult_name] == ["Ada Person"]
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "LINK_ENDED"), (4, "LINK_ENDED")]
    assert {row.pupil_id for row in roll.rows} == {"A1"}


def test_a_row_that_heads_a_class_is_no_child() -> None:
    roll = read(
        "Adm No,Pupil,Contact name,Relationship",
        "Class: 4B,,,",
        "2041,Kit Person,Ada Person,Mother",
        "2042,,,",
        "5K,,,",
    )
    assert [(row.pupil_id, row.class_name) for row in roll.rows] == [("2041", "4B"), ("2042", "4B")]
    assert [one.code for one in roll.set_aside] == ["LINE_OF_THE_REPORT"] * 2


def test_names_with_titles_are_an_adults() -> None:
    roll = read("Adm No,Child,Family name(s),Tel", "7,Kit Person,Mr & Mrs J Person,07700 900101")
    assert told(roll) == [("7", "Mr & Mrs J Person", "other", None, "+447700900101")]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("UPN,Surname,Forename,Ethnicity,FSM,SEN", "A1,Person,Kit,X,N,N"), "school census"),
        (("1500,Kit,Person,1A,1,2", "1501,Lu,Other,1A,1,2"), "Schoolcomms"),
        (("UPN,Surname,Chosen name,Group_code,Free_meal", "A1,Person,Kit,4B,N"), "ParentPay"),
        (("Pupil,UPN,Class,Parent access code", "Kit Person,A1,4B,QWERT"), "Class Charts"),
    ],
)
def test_a_file_without_adults_says_which_report_to_run(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(ColumnsNotFound) as caught:
        read(*lines)
    assert said in caught.value.fix


@pytest.mark.parametrize(
    ("said", "restriction"),
    [("Include", "unknown"), ("Exclude", "hold"), ("Opted out", "hold"), ("T", "unknown")],
)
def test_words_under_a_heading_on_letters(said: str, restriction: str) -> None:
    (row,) = read("UPN,Contact Name,Mail merge", f"A1,Ada Person,{said}").rows
    assert row.restriction == restriction


def test_each_sheet_may_be_a_class() -> None:
    header = ["Pupil", "Adm No", "Contact", "Relationship"]
    rows = [["Kit Person", 2041, "Mrs Ada Person", "Mother"], [None, None, "Mr Bo Person", "Father"]]
    data = book(
        header, *rows, title="Class 4B", more={"5K": [header, ["Lu Other", 2042, "Ms Cy Other", "Mother"]]}
    )
    roll = read_roll(data, file="export.xlsx", urn=URN)
    assert [(row.row, row.pupil_id, row.class_name, row.adult_name) for row in roll.rows] == [
        (2, "2041", "4B", "Mrs Ada Person"),
        (3, "2041", "4B", "Mr Bo Person"),
        (5, "2042", "5K", "Ms Cy Other"),
    ]


def test_several_adults_in_one_cell() -> None:
    roll = read(
        "Student ID,Student,Parents",
        '7,Kit Person,"Mrs Ada Person (Mother) 07700 900101 ada@example.com; Mr Bo Person (Father) 07700 900102"',
    )
    assert told(roll) == [
        ("7", "Mrs Ada Person", "mother", "ada@example.com", "+447700900101"),
        ("7", "Mr Bo Person", "father", None, "+447700900102"),
    ]


def test_primary_and_secondary_are_two_adults() -> None:
    roll = read(
        "UPN,Primary Contact Name,Primary Contact Email,Secondary Contact Name,Secondary Contact Email",
        "A1,Ada Person,ada@example.com,Bo Person,bo@example.com",
    )
    assert [(row.adult_name, row.email) for row in roll.rows] == [
        ("Ada Person", "ada@example.com"),
        ("Bo Person", "bo@example.com"),
    ]


def test_a_parent_beside_a_second_parent_is_the_first() -> None:
    roll = read(
        "UPN,Name of child,Name of parent or carer,Their email address,Second parent or carer,Second email",
        "A1,Kit Person,Ada Person,ada@example.com,Bo Person,bo@example.com",
    )
    assert [(row.adult_name, row.email) for row in roll.rows] == [
        ("Ada Person", "ada@example.com"),
        ("Bo Person", "bo@example.com"),
    ]


def test_a_number_and_an_address_of_mail_in_one_cell() -> None:
    roll = read("UPN,Mum,Mum contact", "A1,Ada Person,07700 900101 / ada@example.com")
    assert told(roll) == [("A1", "Ada Person", "mother", "ada@example.com", "+447700900101")]


def test_the_relationship_may_stand_behind_the_name() -> None:
    roll = read("UPN,Contact (relationship)", "A1,Mrs Ada Person (Mother)", "A2,Mr Bo (Bob) Person")
    assert [(row.adult_name, row.relationship) for row in roll.rows] == [
        ("Mrs Ada Person", "mother"),
        ("Mr Bo (Bob) Person", "other"),
    ]


def test_headings_that_stand_again_on_each_page_are_no_child() -> None:
    header = "UPN,Contact,Relationship,Email"
    roll = read(
        "School report - contacts,,,Page 1", header, "A1,Ada Person,Mother,", header, "A2,Bo Person,Father,"
    )
    assert [row.adult_name for row in roll.rows] == ["Ada Person", "Bo Person"]
    assert [one.code for one in roll.set_aside] == ["LINE_OF_THE_REPORT"]


@pytest.mark.parametrize(
    "row",
    [
        "A1,7,Ada Person,Active - NOT TO BE CONTACTED,no",
        "A1,7 court order,Ada Person,Active,no",
        "A1,7,Ada Person,Active,Yes but do not contact",
    ],
)
def test_words_close_in_columns_that_are_read_for_something_else(row: str) -> None:
    (read_row,) = read("UPN,Admission No,Contact Name,Link Status,Same address as pupil", row).rows
    assert read_row.restriction_reason == NOT_READABLE


def test_lists_of_children_adults_and_links_are_tied_by_their_ids() -> None:
    lists = {
        "students": [{"sourcedId": "s1", "upn": "A1"}, {"sourcedId": "s2", "upn": "A2"}],
        "contacts": [{"sourcedId": "p1", "fullName": "Ada Person", "email": "ada@example.com"}],
        "studentContacts": [{"studentId": "s1", "contactId": "p1", "relationship": "Mother", "courtOrder": True}],
    }
    roll = read_roll(json.dumps(lists).encode(), file="export.json", urn=URN)
    assert told(roll) == [
        ("A1", "Ada Person", "mother", "ada@example.com", None),
        ("A2", "", "other", None, None),
    ]
    assert roll.rows[0].restriction == "hold"
    direct = {"students": lists["students"], "guardians": [{"studentId": "s2", "name": "Bo Person"}]}
    roll = read_roll(json.dumps(direct).encode(), file="export.json", urn=URN)
    assert [(row.pupil_id, row.adult_name) for row in roll.rows] == [("A1", ""), ("A2", "Bo Person")]


def test_words_in_place_of_an_address_are_no_home() -> None:
    (row,) = read("UPN,Parent Name,Parent Address", "A1,Ada Person,NOT TO BE DISCLOSED").rows
    assert (row.restriction_reason, row.address, row.also) == (NOT_READABLE, None, ())


def test_a_link_that_json_calls_deleted_is_not_taken() -> None:
    def contact(name: str, **more: object) -> dict[str, object]:
        return {"forename": name, "surname": "Person", "relationship": {"relationship": "Mother"}, **more}

    gone = {"date": "2026-01-05 09:00:00.000000", "timezone_type": 3, "timezone": "UTC"}
    contacts = [contact("Ada", deleted_at=None), contact("Bo", deleted_at=gone)]
    student = {"upn": "X900000091001", "surname": "Person", "forename": "Kit", "contacts": {"data": contacts}}
    roll = read_roll(json.dumps({"data": [student]}).encode(), file="w.json", urn=URN)
    assert [row.adult_name for row in roll.rows if row.adult_name] == ["Ada Person"]
    assert [one.code for one in roll.set_aside] == ["LINK_ENDED"]


@pytest.mark.parametrize(
    ("heading", "whose", "what"),
    [
        (
            "Are there any court orders, or people who must NOT have contact? Please tell us who",
            "child",
            "COURT_ORDER",
        ),
        ("Parent 1: home address (inc. postcode)", "adult", "ADDRESS"),
        ("Does the child live with parent/carer 1?", "adult", "HAS_CARE"),
        ("Guardian 1 Legal guardian", "adult", "PARENTAL_RESPONSIBILITY"),
    ],
)
def test_what_a_form_asks_is_read_by_its_parts(heading: str, whose: str, what: str) -> None:
    found = parts_of(heading)
    assert (found.whose, found.what) == (whose, what)


def test_a_forms_question_about_a_court_holds_every_adult_of_the_row() -> None:
    roll = read(
        "UPN,Parent 1: name,Parent 1: relationship,Parent 2: name,Parent 2: relationship,"
        '"Are there any court orders, or people who must NOT have contact?"',
        "A1,Bo Person,Father,Ada Person,Mother,Yes - dad",
        "A2,Cy Person,Father,Di Person,Mother,No",
    )
    assert [(row.restriction, row.restriction_reason) for row in roll.rows] == [
        *[("unknown", NOT_READABLE)] * 2,
        *[("none", "")] * 2,
    ]


def test_a_bare_deceased_that_differs_between_a_childs_rows_is_the_adults() -> None:
    roll = read(
        "UPN,Contact,Relationship,Email,Deceased",
        "A1,Mrs Ada Person,Mother,ada@example.com,No",
        "A1,Mr Bo Person,Father,bo@example.com,Yes",
    )
    assert [row.adult_name for row in roll.rows if row.adult_name] == ["Mrs Ada Person"]
    assert [one.code for one in roll.set_aside] == ["LINK_ENDED"]


def test_a_postcode_behind_the_town_is_the_postcode() -> None:
    roll = read(
        "UPN,Contact,Relationship,Home Address", 'A1,Mrs Ada Person,Mother,"14 Mill Lane, Eastmere EM3 4QR"'
    )
    address = roll.rows[0].address
    assert address is not None
    assert (list(address.lines), address.postcode) == (["14 Mill Lane", "Eastmere", "EM3 4QR"], "EM3 4QR")


def test_words_behind_a_name_close_and_are_no_part_of_it() -> None:
    roll = read("UPN,Contact,Relationship", "A1,Mr Bo Person *NO CONTACT*,Father", "A2,Mr Cy (Sy) Person,Father")
    assert [row.adult_name for row in roll.rows] == ["Mr Bo Person", "Mr Cy (Sy) Person"]
    assert roll.rows[0].restriction_reason == NOT_READABLE


def test_a_leaver_of_json_is_not_on_the_roll() -> None:
    contacts = {"data": [{"forename": "Ada", "surname": "Person", "relationship": {"relationship": "Mother"}}]}
    students = [
        {
            "upn": f"X90000009100{at}",
            "surname": "P",
            "forename": "Kit",
            "is_leaver": at == 2,
            "contacts": contacts,
        }
        for at in (1, 2)
    ]
    roll = read_roll(json.dumps({"data": students}).encode(), file="w.json", urn=URN)
    assert [row.pupil_id for row in roll.rows] == ["X900000091001"]
    assert [one.code for one in roll.set_aside] == ["CHILD_NOT_ON_ROLL"]


def students_on_a_page(first: int, **about: object) -> dict[str, object]:
    contacts = {"data": [{"forename": "Ada", "surname": "Person", "relationship": {"relationship": "Mother"}}]}
    upns = (f"X90000009100{first + at}" for at in range(2))
    return {"data": [{"upn": upn, "forename": "Kit", "contacts": contacts} for upn in upns], **about}


@each(
    "last, whole",
    [
        ({"meta": {"pagination": {"more": False, "next": None}}}, True),
        ({}, True),
        ({"meta": {"pagination": {"more": True, "next": "https://api.example.com/?page=3"}}}, False),
        ({"links": {"next": "https://api.example.com/?page=3"}}, False),
        ({"@odata.nextLink": "https://api.example.com/?page=3"}, False),
    ],
)
def test_pages_of_json_are_one_file_and_the_last_may_say_that_more_follow(
    last: dict[str, object], whole: bool
) -> None:
    first = students_on_a_page(1, meta={"pagination": {"more": True}})
    for file, children in ([first, students_on_a_page(3, **last)], 4), (students_on_a_page(3, **last), 2):
        roll = read_roll(json.dumps(file).encode(), file="w.json", urn=URN)
        assert (len(roll.rows), {row.adult_name for row in roll.rows}) == (children, {"Ada Person"})
        assert roll.whole is whole
        assert [one.code for one in roll.set_aside] == ([] if whole else ["FILE_IS_A_PART"])


def test_a_list_of_children_is_no_list_of_pages() -> None:
    child = {"upn": "X900000091001", "next": "x", "contacts": [{"name": "Ada Person", "more": True}]}
    roll = read_roll(json.dumps([child]).encode(), file="w.json", urn=URN)
    assert (len(roll.rows), roll.whole, roll.set_aside) == (1, True, [])


def test_a_cross_under_father_is_nobody() -> None:
    roll = read(
        "UPN,Mother,Mother email,Father,Father email,Father court order",
        "A1,Ana Quill,a@example.com,x,,",
        "A2,Bea Rook,b@example.com,X,k@example.com,",
        "A3,Cy Lee,c@example.com,✓,,Yes",
    )
    assert [(row.adult_name, row.restriction) for row in roll.rows if row.adult_name] == [
        *(("Ana Quill", "unknown"), ("Bea Rook", "unknown"), ("Cy Lee", "unknown"), ("✓", "hold")),
    ]
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "ADULT_NAME_MISSING")]


GUARDIANS = {
    "each has a title": (
        '"Mrs A Lee, Mr C Lee","a@example.com, c@example.com"',
        "Dr E Rook,e@example.com",
        ["Mrs A Lee", "Mr C Lee", "Dr E Rook"],
    ),
    "as many inboxes as names": (
        '"Ann Lee, Cy Lee","a@example.com, c@example.com"',
        '"Bea Rook, Di Rook","b@example.com; d@example.com"',
        ["Ann Lee", "Cy Lee", "Bea Rook", "Di Rook"],
    ),
    "one man": ('"Lee, Karl",k@example.com', '"Rook, Bea",b@example.com', ["Karl Lee", "Bea Rook"]),
    "one man with two inboxes": (
        '"Lee, Karl","k@example.com, l@example.com"',
        '"Rook, Bea","b@example.com, c@example.com"',
        ["Karl Lee", "Bea Rook"],
    ),
    "not in every cell": ('"Mrs A Lee, Mr C Lee",a@example.com', '"Rook, Bea Di",b@example.com', None),
}


@each("case", GUARDIANS)
def test_commas_are_between_guardians_only_where_the_whole_column_shows_it(case: str) -> None:
    first, second, names = GUARDIANS[case]
    roll = read(
        "Adm No,Name,Class,Guardians,Guardian emails", f"A1,Mia Lee,3B,{first}", f"A2,Tom Rook,3B,{second}"
    )
    assert [row.adult_name for row in roll.rows] == names if names else len(roll.rows) == 2
    # The column of persons beside an id and a class is the child's.
    assert not {"Mia Lee", "Tom Rook"} & {row.adult_name for row in roll.rows}
    assert all(row.email for row in roll.rows)


def test_inboxes_that_are_not_clearly_one_guardians_close_with_each_and_get_nothing() -> None:
    rows = (
        'A1,3B,"Mrs A Lee, Mr C Lee","a@example.com, c@example.com, d@example.com",hold',
        "A2,3B,Dr E Rook,,none",
    )
    roll = read("UPN,Class,Guardians,Guardian emails,Restriction", *rows)
    lees = [row for row in roll.rows if row.pupil_id == "A1"]
    assert [(row.adult_name, row.email, row.also) for row in lees] == [
        ("Mrs A Lee", None, ()),
        ("Mr C Lee", None, ()),
    ]
    assert all({value for _, value in row.shut_by} == {f"{one}@example.com" for one in "acd"} for row in lees)


def test_a_place_for_an_adult_with_only_the_familys_address_is_nobody() -> None:
    home = "5 Lantern Row"
    roll = read(
        "UPN,Contact 1 name,Contact 1 address,Contact 1 priority,Contact 2 name,Contact 2 address,Contact 2 priority",
        f"A1,Ana Quill,{home},1,,{home},2",
        f"A2,Bea Rook,{home},1,,6 Lantern Row,2",
    )
    assert [(one.row, one.code) for one in roll.set_aside if one.code != "POSTCODE_MISSING"] == [
        (3, "ADULT_NAME_MISSING")
    ]
    assert [row.adult_name for row in roll.rows] == ["Ana Quill", "Bea Rook", ""]


def test_several_children_stand_side_by_side_in_a_familys_row() -> None:
    roll = read(
        "Family address;Postcode;Adult 1;Adult 1 is;Adult 1 email;Adult 2;Adult 2 is;Child 1;Child 1 DOB;Child 1 class;"
        "Child 2;Child 2 DOB;Child 2 class",
        "3 Quay Street, Eastmere;EM2 4RQ;Ada Reed;Mother;ada@example.com;Bo Reed;Father;Sam Reed;01/02/2016;6A;"
        "Kit Reed;03/04/2018;3B",
        "9 Dock Road, Eastmere;EM6 1QZ;Cy Vale;Father;cy@example.com;;;Lou Vale;05/06/2017;4C;;;",
    )
    assert [(row.class_name, row.adult_name, row.email) for row in roll.rows] == [
        ("6A", "Ada Reed", "ada@example.com"),
        ("6A", "Bo Reed", None),
        ("4C", "Cy Vale", "cy@example.com"),
        ("3B", "Ada Reed", "ada@example.com"),
        ("3B", "Bo Reed", None),
    ]
    assert {row.address.postcode for row in roll.rows if row.address} == {"EM2 4RQ", "EM6 1QZ"}
    assert all(row.address for row in roll.rows)


def test_words_beside_an_adult_of_a_family_close_the_link_to_each_child() -> None:
    roll = read(
        "Adult 1 name,Adult 1 email,Adult 1 note,Child 1,Child 1 DOB,Child 2,Child 2 DOB",
        "Ada Reed,ada@example.com,no contact,Sam Reed,01/02/2016,Kit Reed,03/04/2018",
    )
    assert [row.restriction_reason for row in roll.rows] == [NOT_READABLE, NOT_READABLE]


def test_a_second_adult_without_a_number_on_the_first() -> None:
    roll = read(
        "Pupil id,Pupil Surname,Pupil Forename,Title,Forename,Surname,Relationship,Secondary Title,Secondary Forename,"
        "Secondary Surname,Secondary Relationship,Address 1,Address 2,Postcode,Mobile,Secondary Mobile,Correspondence",
        "P1,Reed,Sam,Mrs,Ada,Reed,Mother,Mr,Bo,Reed,Father,Old Forge,2 Quay Row,EM2 4RQ,07700 900301,07700 900302,Yes",
        "P2,Vale,Kit,Mr,Cy,Vale,Father,,,,,9 Dock Road,,EM6 1QZ,07700 900303,,No",
    )
    assert [(row.adult_name, row.relationship, row.mobile) for row in roll.rows] == [
        ("Mrs Ada Reed", "mother", "+447700900301"),
        ("Mr Bo Reed", "father", "+447700900302"),
        ("Mr Cy Vale", "father", "+447700900303"),
    ]
    assert [row.address.postcode for row in roll.rows if row.address] == ["EM2 4RQ", "EM2 4RQ", "EM6 1QZ"]
    assert [row.restriction for row in roll.rows] == ["unknown", "unknown", "hold"]


def test_an_address_is_another_adults_of_the_row() -> None:
    roll = read(
        "UPN,Mum,Mum address,Dad,Dad address,Parent 3 name,Parent 3 address",
        'A1,Ada Reed,"3 Quay Street, Eastmere EM2 4RQ",Bo Reed,same as mum,Di Reed,as dad',
    )
    ada, bo, di = roll.rows
    assert ada.address == bo.address == di.address


def test_a_column_on_restrictions_says_none_and_closes_on_anything_else() -> None:
    roll = read(
        "UPN,Contact name,Contact restrictions",
        "A1,Ada Reed,None",
        "A2,Bo Reed,Prohibited steps order - see file",
        "A3,Cy Reed,",
    )
    assert [(row.restriction, row.restriction_reason) for row in roll.rows] == [
        ("none", ""),
        ("unknown", NOT_READABLE),
        ("unknown", "not said"),
    ]


def test_a_nan_is_a_grandmother_and_null_is_nothing() -> None:
    roll = read("UPN,Contact name,Relationship,Email", "A1,Ada Reed,Nan,NULL", "A2,Bo Reed,NULL,None")
    assert [(row.relationship, row.email) for row in roll.rows] == [("grandparent", None), ("other", None)]
    assert roll.set_aside == []


def test_children_who_were_not_offered_a_place_are_not_on_the_roll() -> None:
    roll = read(
        "Child ref,Offer status,Parent name",
        "A1,Accepted,Ada Reed",
        "A2,Refused - waiting list 2,Bo Reed",
        "A3,Withdrawn - moved away,Cy Reed",
        "Places offered: 1,PAN: 30,",
    )
    assert [row.adult_name for row in roll.rows] == ["Ada Reed"]
    assert [one.code for one in roll.set_aside] == [
        "CHILD_NOT_ON_ROLL",
        "CHILD_NOT_ON_ROLL",
        "LINE_OF_THE_REPORT",
    ]


def test_a_restriction_of_the_child_counts_beside_one_of_the_adults_own() -> None:
    roll = read(
        "UPN,Safeguarding flag,Contact 1 Name,Contact 1 No contact,Contact 2 Name,Contact 2 No contact",
        "A1,Yes,Bo Person,No,Ada Person,No",
        "A2,No,Cy Person,No,Di Person,Yes",
        "A3,,Ed Person,,Fay Person,",
    )
    assert [row.restriction for row in roll.rows] == ["hold", "hold", "unknown", "hold", "unknown", "unknown"]


def test_adults_by_letters_and_a_carer_beside_numbered_parents() -> None:
    roll = read(
        "UPN,Carer(s),Carer phone,Birth parent 1,Birth parent 1 email,Social worker,SW email",
        "A1,Mrs Ada Reed,07700 900301,Bo Vale (mother),bo@example.com,Cy Hale,cy@example.org",
    )
    assert [(row.adult_name, row.relationship, row.email, row.mobile) for row in roll.rows] == [
        ("Mrs Ada Reed", "other", None, "+447700900301"),
        ("Bo Vale", "mother", "bo@example.com", None),
        ("Cy Hale", "social worker", "cy@example.org", None),
    ]


def test_a_block_over_one_cell_and_a_heading_that_is_only_in_the_row_above() -> None:
    data = book(
        ["Child", "", "Mum", "", "Anyone else", "", "Notes"],
        ["Name", "D.O.B.", "Name", "Email", "Name", "Who?", ""],
        ["Sam Reed", "01/02/2018", "Ada Reed", "ada@example.com", "Bo Vale", "Nan", "do not contact Bo"],
    )
    roll = read_roll(data, file="list.xlsx", urn=URN)
    assert [(row.adult_name, row.relationship) for row in roll.rows] == [
        ("Ada Reed", "mother"),
        ("Bo Vale", "grandparent"),
    ]
    assert [one.code for one in roll.set_aside] == ["WORDS_THAT_CLOSE", "WORDS_THAT_CLOSE"]


def test_a_list_of_users_is_no_roll() -> None:
    with pytest.raises(ColumnsNotFound):
        read(
            "User ID,User type,Title,Forename,Surname,Email,Linked children",
            "1,Parent,Mrs,Ada,Reed,a@example.com,Sam",
        )


def test_names_and_numbers_of_several_adults_stand_in_one_cell() -> None:
    data = book(
        ["Pupil", "D.o.B", "Year / class", "Parents / carers and numbers"],
        [
            "REED Sam",
            "01/02/2018",
            "Y5 / Willow",
            "Mum - Ada Reed 07700 900303\nDad: Bo Reed 07700 900304 (works nights)",
        ],
        ["VALE Kit", "03/02/2018", "Y4 / Oak", "Mother: Cy Vale, 07700 900305, cy@example.com"],
    )
    roll = read_roll(data, file="list.xlsx", urn=URN)
    assert [
        (row.year_group, row.class_name, row.adult_name, row.relationship, row.mobile) for row in roll.rows
    ] == [
        ("5", "Willow", "Ada Reed", "mother", "+447700900303"),
        ("5", "Willow", "Bo Reed", "father", "+447700900304"),
        ("4", "Oak", "Cy Vale", "mother", "+447700900305"),
    ]


def test_answers_by_which_a_place_was_taken_or_not_say_who_is_on_the_roll() -> None:
    roll = read(
        "Ref,Child name,Reply,Parent name", "A1,Sam Reed,Accepted,Ada Reed", "A2,Kit Vale,Declined,Cy Vale"
    )
    assert [row.adult_name for row in roll.rows] == ["Ada Reed"]


def test_a_forms_question_about_one_parent_is_that_parents() -> None:
    roll = read(
        "UPN,Your full name (parent/carer 1),Full name of parent/carer 2,"
        "Is there any court order or other restriction on contact with parent/carer 2?",
        'A1,Ada Reed,Bo Reed,"Yes - he is not allowed any contact"',
        "A2,Cy Vale,Di Vale,No",
    )
    assert [(row.adult_name, row.restriction, row.restriction_reason) for row in roll.rows] == [
        ("Ada Reed", "unknown", "not said"),
        ("Bo Reed", "unknown", NOT_READABLE),
        ("Cy Vale", "unknown", "not said"),
        ("Di Vale", "none", ""),
    ]


def test_a_forms_own_email_is_that_of_whoever_answers() -> None:
    roll = read(
        "Timestamp,Email address,Child's full name,Child's date of birth,Parent/carer 1 - your full name,"
        "Parent/carer 1 - your mobile,Parent/carer 2 - full name,Parent/carer 2 - email",
        "2026/09/03 7:41:09 PM GMT+1,ada@example.com,Sam Reed,12/02/2019,Ada Reed,07700 900301,Bo Reed,bo@example.com",
    )
    assert [(row.adult_name, row.email) for row in roll.rows] == [
        ("Ada Reed", "ada@example.com"),
        ("Bo Reed", "bo@example.com"),
    ]
    assert roll.questions == ()


def test_of_a_familys_row_no_child_is_named_beside_what_was_set_aside() -> None:
    roll = read(
        "Adult 1 name,Adult 1 email,Child 1 name,Child 1 UPN,Child 2 name,Child 2 UPN",
        "Ada Reed,ada at home,Sam Reed,A1,Kit Reed,A2",
        "Cy Vale,cy at home,Lou Vale,A3,,",
    )
    assert {one.code for one in roll.set_aside} == {"EMAIL_NOT_VALID"}
    assert roll.child_of_row == {3: "A3"}
