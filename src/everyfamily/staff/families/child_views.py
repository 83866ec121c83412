"""One child of a school: what happened to a letter, and each message as its adults got it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase

from everyfamily.core.permissions import Right
from everyfamily.mailings.messages.as_sent import pdf_of
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.families.asked import number_in
from everyfamily.staff.families.child_pages import child_values, letter_values, message_of, story_at


@school_page(Right.SEE_FAMILIES)
def family_page(visit: Visit, school: SchoolFacts, pupil: int) -> HttpResponseBase:
    """What became of one letter for one child, what happened on the way, and what comes next."""
    return visit.render("staff/families/child.html", child_values(visit, school, pupil, _letter(visit)))


@school_page(Right.SEE_FAMILIES)
def letter_page(visit: Visit, school: SchoolFacts, pupil: int, attempt: int) -> HttpResponseBase:
    """One message in the words in which this family got it."""
    values = letter_values(visit, school, pupil, _letter(visit), attempt)
    return visit.render("staff/families/letter.html", values)


@school_page(Right.SEE_FAMILIES)
def letter_file(visit: Visit, school: SchoolFacts, pupil: int, attempt: int) -> HttpResponseBase:
    """The letter on paper, as a PDF without an address."""
    story, _ = story_at(visit, school, pupil, _letter(visit))
    pdf = pdf_of(message_of(school, story, attempt)[1])
    if pdf is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="letter.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _letter(visit: Visit) -> int:
    return number_in(visit.request.GET.dict(), "letter")
