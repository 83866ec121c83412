"""What the page shows on which a letter is read, reviewed and approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from everyfamily.accounts.key_queries import keys_for_page
from everyfamily.accounts.queries import somebody_is
from everyfamily.core.agreement.approvals import RequiredSignatory, approval_bytes
from everyfamily.core.agreement.enrolment import EnrolledKey
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.words import since_words
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right, Role
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import time_in_words
from everyfamily.core.text.name_lists import joined_names
from everyfamily.letters.draft_queries.agreeing import last_seen
from everyfamily.letters.draft_queries.frozen import file_of as file_of_frozen
from everyfamily.letters.draft_queries.frozen import files_of, record_of_frozen, stops_in
from everyfamily.letters.draft_queries.words import letter_of_draft, partnership_now
from everyfamily.letters.files.record import waivers_of
from everyfamily.rendering.page_pictures import page_words
from everyfamily.staff.access import Visit
from everyfamily.staff.agreeing.changed import Changed, changed_between, changed_letter
from everyfamily.staff.agreeing.key_pages import body_of
from everyfamily.staff.agreeing.moments import GOOD_FOR, shown_at
from everyfamily.staff.agreeing.notes import notes_of_letter
from everyfamily.staff.agreeing.opened import Asked
from everyfamily.staff.agreeing.who import bodies_said, key_news, reviewers_said
from everyfamily.staff.letters.what_goes_out import PRINT, InLanguage, in_languages, of_the_kit

PAGE_SIZE: Final = (909, 1286)
"""Pixels of a picture of a page (A4 at 110 dots an inch)."""
_MOST_CHANGED: Final = 40
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "fa", "he", "pnb", "ps", "ur"})
_WHY_OVERTAKEN: Final[Mapping[str, str]] = {
    "words": "changed its words",
    "waivers": "changed what is waived",
    "date": "gave it another date",
    "pack": "took a newer version of its pack",
    "settings": "changed the settings, so that the letter would be another one",
    "translation": "changed a translation",
    "asked again": "asked for approval again",
    "ended": "gave the letter up",
}


@dataclass(frozen=True, slots=True)
class PageShown:
    """One page of the printed letter."""

    number: int
    words: str
    width: int = PAGE_SIZE[0]
    height: int = PAGE_SIZE[1]


def approve_values(visit: Visit, asked: Asked, *, is_sealed: bool, **more: Any) -> dict[str, Any]:
    """Everything on the page. `more` is what went wrong, and what somebody typed."""
    today = visit.now.astimezone(LONDON).date()
    body = body_of(visit.held)
    who = next((one for one in asked.required if one.id == body), None)
    keys = keys_for_page(visit.now, body)
    is_over = asked.is_overtaken or is_sealed
    mine = next((one for one in asked.approvals if one.signatory == body), None)
    has_approved = mine is not None and not asked.is_overtaken
    needs_review, is_void = somebody_is(Role.REVIEWER), asked.is_overtaken and not is_sealed
    return {
        "here": "letters",
        "draft": asked.draft,
        "reference": asked.draft.reference,
        "title": asked.letter.english.title.text,
        "term": asked.letter.term,
        "version": asked.version.number,
        "digest": asked.version.digest,
        "fingerprint": fingerprint(asked.version.digest),
        "heading": _heading(asked, who, has_approved=has_approved, is_sealed=is_sealed),
        "lead": _lead(asked, who, today),
        "overtaken": _overtaken(asked, today, was_mine=mine is not None) if is_void else None,
        "sealed": is_sealed,
        "approved": has_approved,
        "who": list(bodies_said(asked, keys, today)),
        "reviews": list(reviewers_said(asked.reviews, today, needs_review=needs_review)),
        "keys": list(key_news(keys, {one.id: one.organisation for one in asked.required}, visit.now)),
        "findings": asked.record["findings"],
        "waivers": waivers_of(asked.record),
        "approving": _approving(visit, asked, who, keys) if who and not (is_over or has_approved) else None,
        "may_review": visit.held.may(Right.REVIEW_LETTER) and not is_over,
        "may_seal": visit.held.may(Right.SEAL_LETTER) and not is_over,
        "seal_waits_for": seal_waits_for(asked, needs_review=needs_review),
        "may_note": visit.held.anywhere(Right.LEAVE_NOTES) and not is_sealed,
        **notes_of_letter(visit, asked, today),
        **(_changes_since(visit, asked) if is_void else _changes(visit, asked, today)),
        **_goes_out(visit, asked),
    } | more


def _heading(asked: Asked, who: RequiredSignatory | None, *, has_approved: bool, is_sealed: bool) -> str:
    title = asked.letter.english.title.text
    if is_sealed:
        return f"Sealed: {title}"
    if asked.is_overtaken:
        return f"Other words are being written: {title}"
    if has_approved:
        return f"You approved: {title}"
    return f"Approve: {title}" if who is not None else title


def _lead(asked: Asked, who: RequiredSignatory | None, today: date) -> str:
    progress = asked.version.progress
    sent = f"{progress.asked_by} sent these words for approval {since_words(progress.asked_at, today)}."
    return (
        f"You approve for {who.organisation}. {sent}" if who is not None and not asked.draft.is_sealed else sent
    )


def _overtaken(asked: Asked, today: date, *, was_mine: bool) -> dict[str, str]:
    version = asked.version
    did = _WHY_OVERTAKEN.get(version.overtaken_why, "changed it")
    if version.overtaken_at is None:
        said = "The settings changed, so that the letter would be another one."
    else:
        said = f"{version.overtaken_by} {did} {since_words(version.overtaken_at, today)}."
    heading = "Your approval is void: the words changed" if was_mine else "Approvals of these words are void"
    return {
        "heading": heading,
        "words": f"{said} What is below has the fingerprint {fingerprint(version.digest)}, and does not go out. When "
        "the new words are sent for approval, everybody is asked again.",
    }


def _approving(visit: Visit, asked: Asked, who: RequiredSignatory, keys: Sequence[EnrolledKey]) -> dict[str, Any]:
    """The form that the passkey signs, or why there is none."""
    values: dict[str, Any] = {"signatory": who.id, "organisation": who.organisation, "keys": "", "why_not": ""}
    if stops := list(stops_in(asked.record, visit.now)):
        return values | {"why_not": f"Nobody may approve it today. {' '.join(stops)}"}
    counting = [one for one in keys if one.signatory == who.id and one.ended_at is None and one.key in who.keys]
    own = [one for one in counting if one.account == visit.account]
    if not own:
        others = "Your body has a key, on the device of a colleague. " if counting else ""
        return values | {"why_not": f"{others}None of your own passkeys is among the keys of this letter."}
    at = shown_at(visit.request, asked.moment, asked.version.digest, visit.now)
    words = approval_bytes(asked.draft.reference, who.id, asked.version.digest, at).decode()
    until = time_in_words((visit.now + GOOD_FOR).astimezone(LONDON).time())
    return values | {
        "keys": " ".join(one.credential_id for one in own),
        "site": own[0].key.rp_id,
        "approved_at": at,
        "words": words,
        "until": until,
    }


def seal_waits_for(asked: Asked, *, needs_review: bool) -> str:
    """Who is waited for before the seal, as a sentence. Empty if nobody is."""
    missing = [one.organisation for one in asked.required if one.id not in asked.approved]
    kinds = {one.kind for one in asked.reviews}
    waits = (
        [f"{joined_names(missing)} {'has' if len(missing) == 1 else 'have'} not approved it"] if missing else []
    )
    if needs_review and "reviewed" not in kinds:
        waits.append("no reviewer has read it")
    if "change asked" in kinds:
        waits.append("somebody asks for a change")
    said = ", and ".join(waits)
    return f"{said[:1].upper()}{said[1:]}." if waits else ""


def _changes(visit: Visit, asked: Asked, today: date) -> dict[str, Any]:
    """What changed since whoever looks saw the words last, or otherwise since the version before."""
    seen = last_seen(visit.account, asked.draft.id, before=asked.version.id)
    before = next((one for one in asked.older if one.id == seen), None)
    if before is None and not asked.older:
        return {
            "changed_heading": "You have not read this letter before",
            "changed_lead": "It is the first version that was sent for approval. Read all of it.",
        }
    since = "since you last looked" if before is not None else "since the version before"
    before = before or asked.older[0]
    changed = changed_between(record_of_frozen(before.id), asked.record)
    sent = since_words(before.progress.asked_at, today)
    lead = f"That was version {before.number}, sent for approval {sent}. {_the_rest(changed)}"
    if seen is None:
        lead = f"You have not read this letter before. {lead}"
    return {
        "changed_heading": f"{of(len(changed), 'change')} {since}",
        "changed_lead": lead,
        "changed": changed[:_MOST_CHANGED],
        "more_changed": len(changed[_MOST_CHANGED:]),
    }


def _changes_since(visit: Visit, asked: Asked) -> dict[str, Any]:
    """What changed in the letter since its words were frozen, as it is being written now."""
    heading = "What changed since these words were sent for approval"
    try:
        now = letter_of_draft(asked.draft, partnership_now(visit.now))
    except EveryfamilyError:
        return {
            "changed_heading": heading,
            "changed_lead": "The words that are being written make no letter today.",
        }
    # To ring a route again changes the day of its check, and no approval.
    changed = [one for one in changed_letter(asked.letter, now) if not one.place.startswith("The check of")]
    lead = "No word differs." if not changed else "It is being written, and may change again."
    return {
        "changed_heading": heading,
        "changed_lead": lead,
        "changed": changed[:_MOST_CHANGED],
        "more_changed": len(changed[_MOST_CHANGED:]),
    }


def _the_rest(changed: Sequence[Changed]) -> str:
    if changed:
        return "The rest is the same, word for word."
    return "No word differs: only how the files are made, or what the checks say."


def _goes_out(visit: Visit, asked: Asked) -> dict[str, Any]:
    names = asked.record["artefacts"]
    languages = in_languages(names)
    wanted = visit.request.GET.get("language", "en")
    shown = next((one for one in languages if one.key == wanted), languages[0])
    return {
        "languages": languages,
        "shown": shown,
        "shown_right_to_left": shown.language.partition("-")[0] in _RIGHT_TO_LEFT,
        "pages": _pages(asked, shown),
        "texts": _texts(asked, shown),
        "kit": of_the_kit(names),
        "count": len(names),
        "files_are_gone": asked.is_overtaken and not files_of(asked.version.id),
    }


def _pages(asked: Asked, shown: InLanguage) -> list[PageShown]:
    name = f"{shown.key}/{PRINT}"
    if name not in asked.record["artefacts"]:
        return []
    words = _words_of(asked.version.id, name, asked.record["artefacts"][name])
    return [PageShown(number, text) for number, text in enumerate(words, start=1)]


def _texts(asked: Asked, shown: InLanguage) -> list[tuple[str, str]]:
    found = []
    for file, heading in (("email.txt", "The words of the email"), ("text-message.txt", "The text message")):
        name = f"{shown.key}/{file}"
        if name in asked.record["artefacts"]:
            words = _words_of(asked.version.id, name, asked.record["artefacts"][name])
            found += [(heading, "".join(words))] if words else []
    return found


@lru_cache(maxsize=64)
def _words_of(frozen_id: int, name: str, digest: str) -> tuple[str, ...]:
    """The words of a file, by page. By its digest, because it never changes."""
    file = next((one for one in files_of(frozen_id) if one.name == name), None)
    found = file_of_frozen(frozen_id, file.id) if file is not None else None
    if found is None:
        # Those of a version that counts for nothing are deleted in the night.
        return ()
    return page_words(found[1]) if name.endswith(".pdf") else (found[1].decode(),)
