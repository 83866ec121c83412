"""How families will get a letter: each medium as it is, before anybody is asked to approve it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.rendering.page_pictures import page_picture
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.opened import Opened, draft_page
from everyfamily.staff.letters.preview_pages import MEDIA, html_of, pdf_of, preview_values

_FRAMED: Mapping[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}
"""An email has its look in itself, as it is sent. It has no script, no form, and nothing from elsewhere."""


@draft_page(Right.SEE_LETTERS)
def preview_page(visit: Visit, opened: Opened, language: str, medium: str) -> HttpResponseBase:
    """One medium in one language."""
    _require(opened, language, medium)
    visit.request.needs_frame = True  # type: ignore[attr-defined]
    return visit.render(
        "staff/letters/preview.html", preview_values(opened, language, medium, _version(visit, opened), visit)
    )


@draft_page(Right.SEE_LETTERS)
def picture_page(visit: Visit, opened: Opened, language: str, medium: str, number: int) -> HttpResponseBase:
    """A printed page as a picture."""
    _require(opened, language, medium)
    try:
        picture = page_picture(
            pdf_of(opened.letter.in_version(_version(visit, opened)), language, medium, opened.today), number
        )
    except EveryfamilyError:
        picture = None
    if picture is None:
        raise Http404
    return HttpResponse(picture.png, content_type="image/png")


@draft_page(Right.SEE_LETTERS)
def pdf_page(visit: Visit, opened: Opened, language: str, medium: str) -> HttpResponseBase:
    """The printed file, with an example of what is filled in for each family."""
    _require(opened, language, medium)
    try:
        data = pdf_of(opened.letter.in_version(_version(visit, opened)), language, medium, opened.today)
    except EveryfamilyError as problem:
        raise Http404 from problem
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="draft-{medium}-{language}.pdf"'
    return response


@xframe_options_sameorigin
@csp_override(_FRAMED)
@draft_page(Right.SEE_LETTERS)
def framed_page(visit: Visit, opened: Opened, language: str, medium: str) -> HttpResponseBase:
    """The HTML of an email or a page, as it is sent, for the frame of its preview."""
    _require(opened, language, medium)
    try:
        return HttpResponse(html_of(opened.letter.in_version(_version(visit, opened)), language, medium))
    except EveryfamilyError as problem:
        raise Http404 from problem


def _version(visit: Visit, opened: Opened) -> Version | None:
    """The version that the address asks for, and otherwise the first. None for a letter in one version."""
    asked = visit.request.GET.get("for", "")
    return next(
        (one for one in opened.letter.versions if one is not None and one.value == asked),
        opened.letter.versions[0],
    )


def _require(opened: Opened, language: str, medium: str) -> None:
    if language not in opened.letter.texts or medium not in MEDIA:
        raise Http404
