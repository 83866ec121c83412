"""The pages of the audit trail: the partnership's, and one school's with what was done about its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import BadRequest
from django.http import HttpResponseBase, StreamingHttpResponse

from everyfamily.audit.actions import record_event
from everyfamily.audit.queries.events import Event
from everyfamily.core.audit_words import AT_A_SCHOOL, KIND_WORDS
from everyfamily.core.permissions import Right
from everyfamily.people.database.access import Access, opened
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts
from everyfamily.reports.audit_chains import last_found_whole
from everyfamily.staff.access import Visit, page, posted, school_page
from everyfamily.staff.audit.asked import Asked, asked_in
from everyfamily.staff.audit.chain_words import chain_words
from everyfamily.staff.audit.names import Names, children_in
from everyfamily.staff.audit.pages import (
    Read,
    audit_values,
    of_school,
    reading,
    start_of,
    table_lines,
)
from everyfamily.work.queries.work import newest_verification

_SEE_CHILDREN = (Right.SEE_FAMILIES, Right.DECIDE_ABOUT_CHILDREN, Right.ANSWER_DATA_REQUESTS)
"""Whoever has one of these is told a child's own id on other pages too."""


@page(Right.SEE_AUDIT)
def audit_page(visit: Visit) -> HttpResponseBase:
    """What the partnership did, newest first, fifty events a page."""
    values = _events(visit, None) | {"here": "audit"} | _chain()
    return visit.render("staff/audit/audit.html", values, status=_status(values))


@page(Right.SEE_AUDIT)
@posted
def audit_table(visit: Visit) -> HttpResponseBase:
    """The same events as a table for a spreadsheet. Who took it is an event itself."""
    asked = _asked_of_form(visit)
    _say_who_took_it(visit, asked, None)
    return _table(reading(None, asked))


@school_page(Right.SEE_SCHOOL_AUDIT)
def school_audit_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """What was done about one school's people."""
    may_see = any(visit.held.may(right, school_id=school.id) for right in _SEE_CHILDREN)
    with opened(Access.school(school.id, with_people=may_see)), tenant(school.id):
        values = _events(visit, school.id, children=may_see)
    accounts = visit.held.may(Right.LOOK_AFTER_COLLEAGUES, school_id=school.id)
    values |= {"here": "schools", "school": school, "may_see_accounts": accounts}
    return visit.render("staff/audit/school.html", values, status=_status(values))


@school_page(Right.TAKE_SCHOOL_AUDIT)
@posted
def school_audit_table(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The same events as a table. It is read after this view has ended, so each part opens the school again."""
    asked = _asked_of_form(visit)
    with tenant(school.id):
        _say_who_took_it(visit, asked, school.id)
    return _table(of_school(school.id, reading(school.id, asked)))


def _chain() -> dict[str, object]:
    found = newest_verification()
    return chain_words(found.ended_at if found is not None and found.broken else None, last_found_whole())


def _events(visit: Visit, school_id: int | None, *, children: bool = False) -> dict[str, object]:
    asked = asked_in(visit.request.GET.dict())
    before = start_of(visit.request.GET.get("before", ""), school_id)
    kinds = KIND_WORDS if school_id is None else AT_A_SCHOOL

    def named(found: Sequence[Event]) -> Names:
        assert school_id is not None
        return children_in(found, school_id, visit.now)

    return audit_values(asked, reading(school_id, asked), before, kinds, named if children else None)


def _status(values: Mapping[str, object]) -> int:
    asked = values["asked"]
    assert isinstance(asked, Asked)
    return 422 if asked.problems else 200


def _asked_of_form(visit: Visit) -> Asked:
    asked = asked_in(visit.request.POST.dict())
    if asked.problems:
        raise BadRequest
    return asked


def _say_who_took_it(visit: Visit, asked: Asked, school_id: int | None) -> None:
    record_event(
        action="download audit trail",
        by=visit.actor,
        subject_type="audit",
        subject_id="",
        now=visit.now,
        school_id=school_id,
        # A name that was looked for is a person's.
        detail={name: value for name, value in asked.pairs() if name != "who"},
    )


def _table(read: Read) -> HttpResponseBase:
    response = StreamingHttpResponse(table_lines(read), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response
