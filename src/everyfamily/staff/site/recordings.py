"""Letters read aloud: the words for the person who reads them, and the recording for the letter's page."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.csp import CSP

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter
from everyfamily.core.permissions import Right
from everyfamily.core.text.row_numbers import row_number
from everyfamily.letters.actions.recordings import keep_recording, take_recording_away
from everyfamily.letters.site_queries import letter_to_read, recordings, sound_of
from everyfamily.parentsite.headers import FILE_CSP
from everyfamily.parentsite.recordings import (
    MOST_BYTES,
    RecordingFile,
    RecordingNotReadable,
    faults_of,
    require_sound,
    words_to_read,
)
from everyfamily.staff.access import Visit, page
from everyfamily.staff.site.recording_pages import list_values, recording_values

LONGEST_NAME = 80


class RecordingNotTaken(EveryfamilyError):
    """A recording must not be on the letter's page: other words were read, a part is missing, or nobody heard it."""

    code = "EF650"


@page(Right.PUBLISH_SITE)
def list_page(visit: Visit) -> HttpResponseBase:
    """Each letter, with its recordings."""
    before = row_number(visit.request.GET.get("before", ""))
    return visit.render("staff/site/recordings.html", list_values(before))


@page(Right.PUBLISH_SITE)
def recording_page(visit: Visit, reference: str, language: str) -> HttpResponseBase:
    """A letter in one language: its words, its recording, and the form for another."""
    letter = _letter(reference, language)
    if visit.request.method != "POST":
        return visit.render("staff/site/recording.html", recording_values(visit, letter, language))
    try:
        if visit.request.POST.get("do") == "take away":
            take_recording_away(reference, language, by=visit.actor, now=visit.now)
            visit.say(
                "The recording is deleted. A site that is published from here follows within a minute or two."
            )
        else:
            _keep(visit, letter, language)
            visit.say("The recording is in. It goes onto the letter’s page, if that is on the site.")
    except EveryfamilyError as problem:
        values = recording_values(visit, letter, language) | {"problem": problem, "typed": visit.request.POST}
        return visit.render("staff/site/recording.html", values, status=422)
    return redirect("site-recording", reference, language)


@page(Right.PUBLISH_SITE)
def words_page(visit: Visit, reference: str, language: str) -> HttpResponseBase:
    """The words to read, as a text file."""
    words = words_to_read(_letter(reference, language), language)
    answer = HttpResponse(words, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}.{language}.txt"'
    return answer


@page(Right.PUBLISH_SITE)
def sound_page(visit: Visit, reference: str, language: str) -> HttpResponseBase:
    """The recording, to listen to."""
    _letter(reference, language)
    found = next((one for one in recordings([reference]) if one.language == language), None)
    sound = sound_of(found.id) if found is not None else b""
    if not sound:
        raise Http404
    answer = HttpResponse(sound, content_type="audio/mpeg")
    answer.headers[str(CSP.HEADER_ENFORCE)] = FILE_CSP
    return answer


def _letter(reference: str, language: str) -> Letter:
    letter = letter_to_read(reference)
    if letter is None or language not in letter.texts:
        raise Http404
    return letter


def _keep(visit: Visit, letter: Letter, language: str) -> None:
    """Keep what the form has. Raises RecordingNotTaken and RecordingNotReadable."""
    given, sent = visit.request.POST, visit.request.FILES.get("sound")
    read_by, heard_by = (" ".join(given.get(name, "").split()) for name in ("read_by", "heard_by"))
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise RecordingNotReadable("There is no file yet.", "Choose the recording, an MP3 file.")
    if not read_by or len(read_by) > LONGEST_NAME or len(heard_by) > LONGEST_NAME:
        raise RecordingNotTaken(
            "The name of the person who read the letter is missing, or a name is too long.",
            "Give both names, and choose the file again.",
        )
    sound = sent.read() if sent.size <= MOST_BYTES else b""
    require_sound(sound)
    # The page says which words it gave out, so that nobody records those of another letter or of another day.
    digest = given.get("words", "")
    about = RecordingFile.model_construct(read_by=read_by, heard_by=heard_by, words_digest=digest)
    for fact, fix in faults_of(letter, language, sound, about, by_form=True):
        raise RecordingNotTaken(fact, fix)
    keep_recording(
        letter.reference,
        language,
        sound,
        read_by=read_by,
        heard_by=heard_by,
        words_digest=digest,
        by=visit.actor,
        now=visit.now,
    )
