"""What became of files that were held: who said whether they are right, or that they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from everyfamily.audit.queries.events import events_about
from everyfamily.people.models import RollUpload
from everyfamily.people.queries import ImportedFile


def with_what_was_said(school_id: int, files: Sequence[ImportedFile]) -> list[ImportedFile]:
    """The same files. Two reads, however many they are, inside `tenant(school_id)`."""
    held = {one.digest for one in files if one.why}
    rows = RollUpload.objects.filter(school_id=school_id, file_digest__in=held).order_by("pk") if held else ()
    uploads = [(row.pk, row.file_digest, row.asked_at) for row in rows]
    said = (
        {
            str(event["subject_id"]): _in_words(event)
            for event in reversed(events_about(school_id, {"rollupload": [upload for upload, *_ in uploads]}))
            if event["action"] in _WORDS
        }
        if uploads
        else {}
    )
    answer = []
    for one in files:
        # The same file may have been uploaded again: the newest upload before it was held.
        its = [upload for upload, digest, at in uploads if digest == one.digest and at <= one.at]
        answer.append(
            replace(one, said=said.get(str(its[-1]), "Your lead has not said yet whether it is right."))
            if its and one.why
            else one
        )
    return answer


_WORDS = {
    "delete uploaded roll": "{actor} deleted it.",
    "clear uploaded roll": "Nobody said in time whether it is right, so we deleted it.",
    "say whose roll": "{actor} said that it is the wrong file. We deleted it.",
}
_OURS = "{actor} said that it is the right file."


def _in_words(event: dict[str, object]) -> str:
    detail = event["detail"]
    is_ours = isinstance(detail, dict) and detail.get("ours") is True
    return (_OURS if is_ours else _WORDS[str(event["action"])]).format(actor=event["actor"])
