"""The files of a frozen version, and the second door: approve elsewhere with a key file, and upload the approval."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csp import csp_override

from everyfamily.accounts.key_queries import keys_of_body
from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.enrolment import require_not_ended
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.words import since_words
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.approving import receive_approval
from everyfamily.letters.draft_queries.agreeing import FilesAreGone, approvals_of, folder_of
from everyfamily.letters.draft_queries.frozen import file_of, files_of
from everyfamily.letters.files.letter_zip import approval_as_bytes, approval_in, zip_of
from everyfamily.rendering.page_pictures import page_picture
from everyfamily.staff.access import Visit, page
from everyfamily.staff.agreeing.key_pages import body_of
from everyfamily.staff.agreeing.opened import Asked, asked_for, known, version_of
from everyfamily.staff.agreeing.who import how_signed
from everyfamily.staff.letters.what_goes_out import PRINT, TYPES

APPROVAL_BYTES = 64 * 1024
"""More than any approval has."""
_AS_A_FILE: dict[str, Any] = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "sandbox": True,
}
"""For a letter's own pages: they look as families get them, and can run and send nothing."""


class ApprovalNotGiven(EveryfamilyError):
    """The form has no file, or one that is no approval of these words."""

    code = "EF397"


@page(Right.SEE_LETTERS, anywhere=True)
def file_page(visit: Visit, reference: str, number: int, name: str) -> HttpResponseBase:
    """One file of a frozen version, byte for byte."""
    data, end = _bytes_of(version_of(reference, number).id, name), name.rpartition(".")[2]
    if data is None or end not in TYPES:
        raise Http404
    response = HttpResponse(data, content_type=TYPES[end])
    shown = "inline" if end in ("html", "txt") else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name.replace("/", "-")}"'
    return csp_override(_AS_A_FILE)(lambda _: response)(visit.request)


@page(Right.SEE_LETTERS, anywhere=True)
def picture_page(visit: Visit, reference: str, number: int, key: str, sheet: int) -> HttpResponseBase:
    """One page of the letter on paper, as a picture."""
    version = version_of(reference, number)
    png = _picture(version.id, version.digest, f"{key}/{PRINT}", sheet)
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png")


@page(Right.SEE_LETTERS, anywhere=True)
def zip_page(visit: Visit, reference: str, number: int) -> HttpResponseBase:
    """The whole folder of a frozen version: to read, to make again elsewhere, and to approve by the command."""
    try:
        data = zip_of(folder_of(version_of(reference, number)))
    except FilesAreGone as problem:
        raise Http404 from problem
    response = HttpResponse(data, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="letter-{reference}.zip"'
    return response


@page(Right.APPROVE_LETTER, anywhere=True)
def upload_page(visit: Visit, reference: str) -> HttpResponseBase:
    """Download the letter, approve it with a key file on a machine of one's own, and upload the approval."""
    asked = asked_for(known(reference))
    if asked is None:
        raise Http404
    if visit.request.method != "POST":
        return visit.render("staff/agreeing/file.html", _values(visit, asked))
    try:
        approval = _given(visit, asked)
        require_not_ended(asked.key_of(approval), keys_of_body(body_of(visit.held)))
        receive_approval(asked.version.id, approval, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        values = _values(visit, asked) | {"problem": f"{problem.fact} {problem.fix}"}
        return visit.render("staff/agreeing/file.html", values, status=422)
    return redirect("letter-approved", reference)


@page(Right.APPROVE_LETTER, anywhere=True)
def approved_page(visit: Visit, reference: str) -> HttpResponseBase:
    """What the visitor's body approved just now, and what comes next."""
    asked = asked_for(known(reference))
    body = body_of(visit.held)
    found = next((one for one in asked.approvals if one.signatory == body), None) if asked is not None else None
    if asked is None or found is None or asked.is_overtaken:
        return redirect("letter-approve", reference)
    who = next(one for one in asked.required if one.id == body)
    missing = [one.organisation for one in asked.required if one.id not in asked.approved]
    values = _values(visit, asked) | {"who": who, "missing": missing}
    values |= {"when": since_words(found.at, visit.now.astimezone(LONDON).date()), "how": how_signed(found, who)}
    return visit.render("staff/agreeing/approved.html", values)


@page(Right.SEE_LETTERS, anywhere=True)
def approval_page(visit: Visit, reference: str, number: int, signatory: str) -> HttpResponseBase:
    """An approval of a frozen version as its file."""
    found = (one for one in approvals_of(version_of(reference, number).id) if one.signatory == signatory)
    approval = next(found, None)
    if approval is None:
        raise Http404
    response = HttpResponse(approval_as_bytes(approval.approval), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{signatory}.json"'
    return response


def _given(visit: Visit, asked: Asked) -> Approval:
    """The approval in the uploaded file, by the visitor's own body and of these words. Raises ApprovalNotGiven and
    LetterFolderNotReadable."""
    file = visit.request.FILES.get("approval")
    if file is None:
        raise ApprovalNotGiven("There is no file yet.", "Choose the approval that the command wrote.")
    if file.size is None or file.size > APPROVAL_BYTES:
        raise ApprovalNotGiven(
            "The file is far larger than an approval.", "Choose the file in the folder approvals."
        )
    approval = approval_in(file.read(), "approval.json")
    if approval.digest != asked.version.digest:
        raise ApprovalNotGiven(
            f"The file approves {fingerprint(approval.digest)}, and this letter is "
            f"{fingerprint(asked.version.digest)}.",
            "Choose the approval of this letter, or download the letter again and approve it.",
        )
    if approval.signatory != body_of(visit.held):
        raise ApprovalNotGiven(
            "The file is the approval of another body.", "Choose the one with the name of your own."
        )
    return approval


def _values(visit: Visit, asked: Asked) -> dict[str, Any]:
    return {
        "here": "letters",
        "reference": asked.draft.reference,
        "version": asked.version.number,
        "title": asked.letter.english.title.text,
        "term": asked.letter.term,
        "fingerprint": fingerprint(asked.version.digest),
        "signatory": body_of(visit.held),
        "count": len(asked.record["artefacts"]),
        "is_overtaken": asked.is_overtaken,
    }


def _bytes_of(frozen_id: int, name: str) -> bytes | None:
    file = next((one for one in files_of(frozen_id) if one.name == name), None)
    found = file_of(frozen_id, file.id) if file is not None else None
    return found[1] if found is not None else None


@lru_cache(maxsize=16)
def _picture(frozen_id: int, digest: str, name: str, sheet: int) -> bytes | None:
    """A page as a PNG, or None if there is none. By the letter's digest too, because its files never change."""
    pdf = _bytes_of(frozen_id, name)
    picture = page_picture(pdf, sheet) if pdf is not None else None
    return picture.png if picture is not None else None
