"""What was set aside is written for the school's office: row, child, what is wrong, what to do."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from everyfamily.core.rolls.layout.our_columns import headings_of
from everyfamily.core.rolls.model.roll_rows import COLUMNS as TEMPLATE
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.set_aside_file import COLUMNS, FOR_PEOPLE, set_aside_csv, set_aside_table
from everyfamily.core.rolls.what_to_do import sentences

HEADER = "SCHOOL_URN,PUPIL_ID,ADULT_NAME,RESTRICTION,EMAIL,MOBILE,ADDRESS_1,POSTCODE\n"


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_each_line_has_the_sheets_row_the_childs_id_and_what_to_do() -> None:
    data = (
        HEADER
        + "900001,A-1,Ana Ferris,none,ana@example.com,N/A,1 Lantern Row,\n"
        + "900001,A-2,Joe Ferris,none,DO NOT CONTACT,,,\n"
        + "900001,A-3,,none,bo@example.com,,,\n"
        + "900001,,Bo Marsh,none,,,,\n"
        + "900002,B-9,Col Quill,none,,,,\n"
        + "Total,5,,,,,,\n"
    )
    read = read_roll(data.encode(), file="roll.csv", urn=900001)
    text = set_aside_csv(read.set_aside, read.child_of_row)
    found = [(one["ROW_OF_THE_SHEET"], one["PUPIL_ID"], one["SET_ASIDE"], one["CODE"]) for one in lines(text)]
    assert found == [
        ("2", "A-1", "value", "PHONE_PLACEHOLDER"),
        ("2", "A-1", "value", "POSTCODE_MISSING"),
        ("3", "A-2", "value", "EMAIL_NOT_VALID"),
        ("3", "A-2", "held until decided", "WORDS_THAT_CLOSE"),
        ("4", "A-3", "row", "ADULT_NAME_MISSING"),
        ("5", "", "row", "PUPIL_ID_MISSING"),
        ("6", "B-9", "row", "OTHER_SCHOOL"),
        ("7", "", "row", "LINE_OF_THE_REPORT"),
    ]
    assert all(one["WHAT_TO_DO"] == sentences()[one["CODE"]] and one["WHAT_IS_WRONG"] for one in lines(text))
    assert not any(value in text for value in ("Ferris", "example.com", "N/A", "CONTACT\n", "Lantern"))


def test_no_spreadsheet_takes_an_id_for_a_formula() -> None:
    text = set_aside_csv([SetAside(2, "ROW_NOT_WHOLE", "x")], {2: "=HYPERLINK(1)"})
    assert lines(text)[0]["PUPIL_ID"] == "'=HYPERLINK(1)"
    assert text.startswith("\ufeff" + ",".join(COLUMNS))


def test_the_schools_own_file_says_heading_and_cell_but_no_name_and_no_words_that_keep_away() -> None:
    data = (
        "Adm No,Year,Carer Name,Rel,Carer Email,Carer Mobile,Legal remark\n"
        + "1,4,Ana Ferris,Mother,ana@@example,0151 496 0101,\n"
        + "2,4,Joe Ferris,Father,joe@example.org,NOT TO BE CONTACTED,prohibited steps\n"
        + "6,4,Cy Nandi,Xyzzy,cy@example.org,07700 900123,\n"
        + f"3,4,{'Ana ' * 40},Mother,x@example.org,,\n"
        + "1.2E+11,4,Bo Marsh,Childminder,bo@example.org,,\n"
    )
    read = read_roll(data.encode(), file="roll.csv", urn=900001)
    first, *rows = set_aside_table(read.set_aside, read.child_of_row, headings_of(read.columns))
    assert first == FOR_PEOPLE
    assert {(row[0], row[2], row[3], row[4]) for row in rows} == {
        ("2", "Carer Email", "ana@@example", "Only this value is left out"),
        ("2", "Carer Mobile", "0151 496 0101", "Only this value is left out"),
        ("3", "Carer Mobile", "not repeated here", "Only this value is left out"),
        ("3", "", "not repeated here", "The adult waits for your lead"),
        ("4", "Rel", "Xyzzy", "Only this value is left out"),
        ("5", "Carer Name", "", "The row is left out"),
        ("6", "Adm No", "1.2E+11", "The row is left out"),
    }
    assert not [cell for row in rows for cell in row[5:] if "PUPIL_ID" in cell or "import" in cell]


def test_whoever_wrote_that_an_adult_is_kept_away_is_not_told_to_write_yes_or_no() -> None:
    data = (
        "Adm No,Year,Carer Name,Rel,Carer Email,Court order\n"
        + "1,4,Ana Ferris,Mother,a@example.org,do not send\n"
        + "2,4,Joe Ferris,Father,j@example.org,see file\n"
    )
    read = read_roll(data.encode(), file="roll.csv", urn=900001)
    _, *rows = set_aside_table(read.set_aside, read.child_of_row, headings_of(read.columns))
    now = "The school's lead decides about this adult now."
    assert [(row[3], row[6]) for row in rows if row[2] == "Court order"] == [
        ("not repeated here", f"If the adult must not have the letter, write “yes” for next time. {now}"),
        ("see file", f"Write yes or no for next time. {now}"),
    ]
    assert {row[4] for row in rows if row[2] == "Court order"} == {"The adult waits for your lead"}


def test_an_id_that_was_made_of_a_name_and_birthday_is_nobodys() -> None:
    header = (
        "CHILD_FIRST_NAME,CHILD_LAST_NAME,CHILD_DATE_OF_BIRTH,CHILD_SCHOOL_URN,PARENT_1_NAME,PARENT_1_EMAIL\n"
    )
    data = f"{header}Kit,Lisle,02/11/2017,900001,Niamh Lisle,nobody\n"
    read = read_roll(data.encode(), file="roll.csv", urn=900001)
    assert ([one.code for one in read.set_aside], read.child_of_row) == (["EMAIL_NOT_VALID"], {})


def test_every_code_of_the_guides_and_of_the_readers_has_something_to_do() -> None:
    guides = Path(__file__).parents[4] / "docs/howto"
    told = set()
    for page in ("import-a-roll.md", "what-each-format-can-hold.md"):
        text = (guides / page).read_text(encoding="utf-8")
        rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        told |= {code for row in rows for code in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", row)}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[4] / "src/everyfamily/core/rolls").rglob("*.py")
    )
    made = set(re.findall(r'(?:SetAside|_set_aside|_note)\((?:[a-z.]+, )?"([A-Z]+(?:_[A-Z]+)+)"', source))
    assert len(made) > 15
    assert made <= sentences().keys()
    columns = {*TEMPLATE, "PUPIL_ID_FROM"}
    assert {code for code in told if code.rpartition("_")[0] and code not in columns} - {
        *columns,
        "ADDRESS_1",
    } >= sentences().keys() - {"ADDRESS_NOT_CLEAR"}
    assert all(sentence.endswith(".") for sentence in sentences().values())
