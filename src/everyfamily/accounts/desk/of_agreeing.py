"""What waits before a letter is agreed, and what its people should know: keys, approvals, reviews and the seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from everyfamily.core.agreement.enrolment import EnrolledKey
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.notices import Notice, NoticeKind
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.counts import of
from everyfamily.core.text.name_lists import joined_names
from everyfamily.letters.draft_queries.waiting import SentLetter


def keys_to_confirm(keys: Iterable[EnrolledKey]) -> Iterator[Wait]:
    """One for each key that waits for a second person, for everybody of its body but whoever made it."""
    for key in keys:
        if key.confirmed_at is None and key.ended_at is None:
            yield Wait(
                Kind.APPROVAL_KEY,
                f"{Kind.APPROVAL_KEY.name} {key.id}",
                body=key.signatory,
                place=f"“{key.key.label}”",
                not_for=key.account,
                note=f"{key.made_by} made it.",
                at=f"/keys/{key.id}/",
            )


def keys_for_settings(keys: Iterable[EnrolledKey], partnership: Partnership | None) -> Iterator[Wait]:
    """One for each key that is confirmed, and that the settings in force do not name."""
    named = {one.id: one.keys for one in partnership.signatories} if partnership is not None else {}
    for key in keys:
        is_confirmed = key.confirmed_at is not None and key.ended_at is None
        if is_confirmed and key.signatory in named and key.key not in named[key.signatory]:
            yield Wait(
                Kind.KEY_FOR_SETTINGS,
                f"{Kind.KEY_FOR_SETTINGS.name} {key.id}",
                place=f"“{key.key.label}” of {key.made_by}",
                at="/settings/keys/",
            )


def keys_to_make(keys: Iterable[EnrolledKey], partnership: Partnership | None) -> Iterator[Wait]:
    """One for each body that has no key at all, neither here nor in the settings."""
    have = {one.signatory for one in keys if one.ended_at is None}
    for who in partnership.signatories if partnership is not None else ():
        if not who.keys and who.id not in have:
            kind = Kind.MAKE_KEY
            yield Wait(kind, f"{kind.name} {who.id}", body=who.id, place=who.organisation, at="/keys/new/")


def news_of_keys(keys: Iterable[EnrolledKey], since: datetime) -> Iterator[Notice]:
    """What happened to keys that approve for a body, for everybody of that body."""
    return (one for one in _of_keys(keys) if one.at >= since)


def _of_keys(keys: Iterable[EnrolledKey]) -> Iterator[Notice]:
    for key in keys:
        name = f"The key “{key.key.label}” of {key.made_by}"
        yield _notice(
            key, "made", key.made_at, f"{name} was made", "A second person of your body must confirm it."
        )
        if key.confirmed_at is not None:
            words = f"{key.confirmed_by} compared its fingerprint by phone."
            yield _notice(key, "confirmed", key.confirmed_at, f"{name} was confirmed", words)
        if key.ended_at is not None:
            yield _notice(key, "ended", key.ended_at, f"{name} has ended", f"{key.ended_by} ended it.")


def letters_to_agree(letters: Iterable[SentLetter], *, seals: bool, needs_review: bool) -> Iterator[Wait]:
    """What each letter that was sent for approval waits for. With `seals`, also the seal, which comes after the review
    if one is needed."""
    for one in letters:
        if one.failed:
            yield _not_frozen(one)
        elif one.is_asked:
            yield from _of_letter(one, seals=seals, needs_review=needs_review)


def _not_frozen(one: SentLetter) -> Wait:
    return Wait(
        Kind.NOT_FROZEN,
        f"{Kind.NOT_FROZEN.name} {one.id}",
        place=f"Letter {one.reference}",
        account=one.asked_account,
        note=f"{one.asked_by} asked for approval.",
        at=f"/letters/{one.reference}/ask/",
    )


def _of_letter(one: SentLetter, *, seals: bool, needs_review: bool) -> Iterator[Wait]:
    place, at = f"Letter {one.reference}", f"/letters/{one.reference}/approve/"
    sent, open_notes = f"{one.asked_by} sent it for approval.", _open_notes(one)
    missing = [body for body in one.required if body not in one.approved]
    for body in missing:
        note = f"{sent} {open_notes}".strip()
        for kind in (Kind.APPROVAL, Kind.READ_FIRST):
            yield Wait(kind, f"{kind.name} {one.id} {body}", body=body, place=place, note=note, at=at)
    if not one.reviewed:
        asked = f"{joined_names(one.asks)} asked for a change." if one.asks else sent
        yield Wait(Kind.LETTER_REVIEW, f"{Kind.LETTER_REVIEW.name} {one.id}", place=place, note=asked, at=at)
    if one.asks or one.open_notes:
        asked = f"{joined_names(one.asks)} asked for a change." if one.asks else ""
        key = f"{Kind.CHANGE_ASKED.name} {one.id} {len(one.asks)} {one.open_notes}"
        yield Wait(Kind.CHANGE_ASKED, key, place=place, note=f"{asked} {open_notes}".strip(), at=at)
    if seals and not missing and not one.asks and (one.reviewed or not needs_review):
        key = f"{Kind.READY_TO_SEAL.name} {one.id}"
        yield Wait(Kind.READY_TO_SEAL, key, place=place, at=f"/letters/{one.reference}/seal/")


def _open_notes(one: SentLetter) -> str:
    """As a sentence. Empty if none is open."""
    return (
        f"{of(one.open_notes, 'note')} {'is' if one.open_notes == 1 else 'are'} open." if one.open_notes else ""
    )


def news_of_letters(letters: Iterable[SentLetter]) -> Iterator[Notice]:
    """That the words changed, for everybody who had said something of them, and, where the settings changed them, for
    whoever sent them."""
    for one in letters:
        if one.overtaken_at is None:
            continue
        asker = (
            {one.asked_account} if one.overtaken_why == "settings" and one.asked_account is not None else set()
        )
        for account in sorted(one.spoke | asker):
            yield Notice(
                NoticeKind.APPROVAL_VOID,
                f"void {one.id} {account}",
                one.overtaken_at,
                f"The words of letter {one.reference} changed",
                f"{_who_changed(one)} What you said of version {one.number} counts for nothing now. You are asked "
                "again when the new words are sent for approval.",
                account,
            )


def _who_changed(one: SentLetter) -> str:
    if one.overtaken_why == "settings":
        return "The settings changed, so that it would be another letter."
    return f"{one.overtaken_by} changed it."


def _notice(key: EnrolledKey, what: str, at: datetime, title: str, words: str) -> Notice:
    ask = "If nobody told you of this, ring your administrator."
    return Notice(NoticeKind.KEY_MADE, f"key {what} {key.id}", at, title, f"{words} {ask}", body=key.signatory)
