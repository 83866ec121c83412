"""Files that a school downloads about its roll: what was set aside, who joins or changes, and our template."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from everyfamily.core.files.csv_safe import cell
from everyfamily.core.rolls.layout.our_columns import headings_of, name_of
from everyfamily.core.rolls.model.question import ColumnShown
from everyfamily.core.rolls.model.roll_rows import COLUMNS
from everyfamily.core.rolls.set_aside_file import set_aside_table
from everyfamily.people.actions.rolls.roll_changes import Change
from everyfamily.people.actions.rolls.upload_notes import Review

_HAPPENS = {
    Change.JOINED: "Joins",
    Change.CHANGED: "Stays, with a class or an adult changed",
    Change.NOT_IN_FILE: "Is not in the file",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_answer(text: str, name: str) -> HttpResponse:
    """A file to download; `name` says nothing of anybody."""
    return answer(text.encode(), name, "text/csv; charset=utf-8")


def answer(data: bytes, name: str, kind: str) -> HttpResponse:
    """The same of bytes."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=kind, headers=headers)


def set_aside_of(review: Review, columns: Iterable[ColumnShown]) -> str:
    """Rows and values that were set aside, one a line, with the headings of the school's own file."""
    is_template = str(review.counts["format"]).startswith("everyfamily template")
    ours = {column: column if is_template else name_of(column) for column in COLUMNS}
    header, *rows = set_aside_table(review.set_aside, review.child_of_row, ours | headings_of(columns))
    return _csv(header, rows)


def children_of(review: Review) -> str:
    """Children who join, change or are not in the file: one line for each change, with before and now."""
    rows = (
        (_HAPPENS[one.what], one.pupil_id, one.year_group, one.class_name, *detail)
        for one in review.changes
        for detail in one.details or (("", "", ""),)
    )
    return _csv(("What happens", "Child’s own id", "Year", "Class", "What changes", "Before", "Now"), rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _example(urn: int) -> list[str]:
    values = {
        "SCHOOL_URN": str(urn),
        "PUPIL_ID": "A-104",
        "YEAR_GROUP": "4",
        "CLASS": "4B",
        "ADULT_NAME": "Test Parent",
        "RELATIONSHIP": "mother",
        "PARENTAL_RESPONSIBILITY": "yes",
        "HAS_CARE": "yes",
        "RESTRICTION": "none",
        "OBJECTS": "no",
        "EMAIL": "amina@example.com",
        "MOBILE": "07700 900104",
        "ADDRESS_1": "12 Lantern Row",
        "ADDRESS_2": "Eastmere",
        "POSTCODE": "EM4 7QX",
        "LANGUAGE": "so",
    }
    return [values.get(column, "") for column in COLUMNS]


def template_csv(urn: int) -> str:
    """Our own columns, with one row of nobody that shows how to fill them in."""
    return _csv(COLUMNS, [_example(urn)])


def template_xlsx(urn: int) -> bytes:
    """The same as a workbook, every cell as text, with the example on a sheet that is never read."""
    from openpyxl import Workbook

    book = Workbook()
    roll = book.active
    roll.title = "Roll"
    example = book.create_sheet("Example")
    for sheet, rows in ((roll, [COLUMNS]), (example, [COLUMNS, _example(urn)])):
        for row in rows:
            sheet.append(list(row))
        for number, column in enumerate(COLUMNS, start=1):
            letter = sheet.cell(1, number).column_letter
            sheet.column_dimensions[letter].width = max(len(column) + 2, 12)
            # A number that a spreadsheet takes for a number loses its first zero.
            sheet.column_dimensions[letter].number_format = "@"
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
