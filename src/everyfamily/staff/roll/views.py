"""A school's roll: upload a file, see where it is, and what it would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.rolls.layout.exports import exports
from everyfamily.core.rolls.model.limits import FILE_BYTES
from everyfamily.core.rolls.uploads import RUNNING, UploadState
from everyfamily.core.text.unseen_marks import without_unseen
from everyfamily.mailings.edges.roll_uploads import queue_reading
from everyfamily.people.actions.rolls.held_files import with_what_was_said
from everyfamily.people.actions.rolls.taking_back import to_take_back
from everyfamily.people.actions.rolls.upload_facts import UploadFacts, columns_are_remembered, newest_upload
from everyfamily.people.actions.rolls.uploads import UploadOpen, keep_upload, no_file, too_large
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts, imports_of
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values
from everyfamily.staff.roll.files import (
    XLSX,
    answer,
    children_of,
    csv_answer,
    set_aside_of,
    template_csv,
    template_xlsx,
)
from everyfamily.staff.roll.pages import (
    base_values,
    columns_values,
    differences,
    held_values,
    may_be_answered,
    next_pages,
    progress_values,
    refresh_of,
    review_values,
    take_back_values,
)

_NAME_LENGTH = 120


@school_page(Right.UPLOAD_ROLL)
def upload_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The form for a file. While one is open, that one."""
    found = newest_upload(school.id, visit.now)
    if visit.request.method == "POST":
        return _uploaded(visit, school, found)
    if found is not None and found.is_open:
        return redirect("roll-file", school.urn)
    return visit.render("staff/roll/upload.html", _upload_values(visit, school, found))


def _uploaded(visit: Visit, school: SchoolFacts, found: UploadFacts | None) -> HttpResponseBase:
    try:
        pieces, name = _sent(visit)
        whole = _is_whole(visit)
        keep_upload(school.id, pieces, name, queue_reading, whole=whole, by=visit.actor, now=visit.now)
    except UploadOpen as problem:
        values = base_values(visit, school, newest_upload(school.id, visit.now)) | {"problem": problem}
        return visit.render("staff/roll/open.html", values, status=409)
    except EveryfamilyError as problem:
        at = "whole" if isinstance(problem, WholeNotSaid) else "file"
        values = _upload_values(visit, school, found) | {
            "problem": problem,
            "problem_at": at,
            "typed_whole": visit.request.POST.get("whole", ""),
        }
        return visit.render("staff/roll/upload.html", values, status=422)
    return redirect("roll-file", school.urn)


def _sent(visit: Visit) -> tuple[Iterator[bytes], str]:
    sent = visit.request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise no_file()
    if sent.size > FILE_BYTES:
        raise too_large()
    return sent.chunks(1024 * 1024), without_unseen(sent.name or "file")[-_NAME_LENGTH:]


class WholeNotSaid(EveryfamilyError):
    """Nobody said whether the file has every child."""

    code = "EF490"


def _is_whole(visit: Visit) -> bool:
    said = visit.request.POST.get("whole", "")
    if said not in ("yes", "no"):
        raise WholeNotSaid(
            "Nobody said whether the file has every child at the school.", "Choose an answer, and the file again."
        )
    return said == "yes"


def _upload_values(visit: Visit, school: SchoolFacts, found: UploadFacts | None) -> dict[str, Any]:
    with tenant(school.id):
        earlier = imports_of(school.id, limit=1)
    # Those whose files we know by their headings. The page of help has all.
    systems = [one for one in exports() if one.fits]
    values = {
        "systems": systems,
        "earlier": earlier[0] if earlier else None,
        **take_back_values(visit, to_take_back(school.id, visit.now)),
        "remembered": columns_are_remembered(school.id),
    }
    return base_values(visit, school, found) | values


@school_page(Right.UPLOAD_ROLL)
def file_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The newest file, wherever it is."""
    found = newest_upload(school.id, visit.now)
    if found is None or found.state is UploadState.GIVEN_UP:
        return redirect("roll", school.urn)
    shown = show_file(visit, school, found)
    after = refresh_of(visit, found)
    if after is not None:
        # The page has no form while a worker has the file, so nothing that somebody types is lost.
        visit.look_again(shown, after)
    return shown


def show_file(
    visit: Visit, school: SchoolFacts, found: UploadFacts, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a file in its state, with what went wrong in `more`."""
    template, values = _shown(visit, school, found)
    return visit.render(template, base_values(visit, school, found) | values | more, status=status)


def show_columns(
    visit: Visit,
    school: SchoolFacts,
    found: UploadFacts,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """What the columns are taken for, to be changed."""
    values = base_values(visit, school, found) | columns_values(found.note, typed) | more
    return visit.render("staff/roll/columns.html", values, status=status)


def _shown(visit: Visit, school: SchoolFacts, found: UploadFacts) -> tuple[str, dict[str, Any]]:
    note, review = found.note, found.note.review
    if found.state in RUNNING:
        return "staff/roll/reading.html", progress_values(visit, found)
    if found.state is UploadState.COLUMNS:
        return "staff/roll/columns.html", columns_values(note)
    if found.state is UploadState.HELD and review is not None:
        return "staff/roll/held.html", held_values(review)
    if found.state is UploadState.REVIEW and review is not None:
        again = differences(note.before, review.counts) if note.before is not None else None
        return "staff/roll/review.html", review_values(review, note.columns) | {
            "again": again,
            "may_change_columns": may_be_answered(found),
        }
    if found.state is UploadState.IN:
        values = {} if review is None else review_values(review, note.columns)
        values |= take_back_values(visit, to_take_back(school.id, visit.now))
        return "staff/roll/done.html", values | {"pages": next_pages(visit, school), "review": review}
    if found.state is UploadState.TAKEN_BACK:
        return "staff/roll/taken_back.html", {}
    if found.state is UploadState.SAME:
        return "staff/roll/same.html", {}
    return "staff/roll/failed.html", {}


@school_page(Right.UPLOAD_ROLL)
def set_aside_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Rows and values that were set aside, as a file."""
    found = newest_upload(school.id, visit.now)
    if found is None or found.note.review is None:
        return redirect("roll", school.urn)
    return csv_answer(set_aside_of(found.note.review, found.note.columns), f"set-aside-{school.urn}.csv")


@school_page(Right.UPLOAD_ROLL)
def children_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Children who join, change or are not in the file, as a file."""
    found = newest_upload(school.id, visit.now)
    if found is None or found.note.review is None:
        return redirect("roll", school.urn)
    return csv_answer(children_of(found.note.review), f"children-{school.urn}.csv")


@school_page(Right.SEE_SCHOOL)
def history_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Files that went in or were held, newest first."""
    after = after_of(visit)
    with tenant(school.id):
        found = with_what_was_said(school.id, imports_of(school.id, after=after, limit=ON_A_PAGE + 1))
    values = base_values(visit, school, None) | page_values(found, after, lambda one: one.id)
    return visit.render("staff/roll/history.html", values)


@school_page(Right.UPLOAD_ROLL)
def template_csv_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Our own columns as text."""
    return csv_answer(template_csv(school.urn), "everyfamily-roll.csv")


@school_page(Right.UPLOAD_ROLL)
def template_xlsx_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Our own columns as a workbook."""
    return answer(template_xlsx(school.urn), "everyfamily-roll.xlsx", XLSX)
