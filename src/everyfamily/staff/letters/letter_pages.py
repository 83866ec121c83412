"""What a letter's own page shows: how far it is, and what is next; or, once it is sealed, what it was sealed as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.checks.model.finding import Severity
from everyfamily.core.agreement.draft_states import DraftState
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Held, Right
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.name_lists import joined_names
from everyfamily.letters.actions.drafts import newer_pack
from everyfamily.letters.draft_queries.drafts import draft_by_reference
from everyfamily.letters.draft_queries.words import versions
from everyfamily.letters.queries import FileFacts, LetterInBrief, files_of_letter
from everyfamily.staff.letters.findings import find
from everyfamily.staff.letters.opened import Opened
from everyfamily.staff.letters.standing import Standing, standing_of, waivers_of
from everyfamily.staff.letters.what_goes_out import FileRow, in_languages, of_the_kit
from everyfamily.staff.letters.who_does import who_does
from everyfamily.staff.letters.words import LOOKS, STATES, at_in_words, topic_in_words
from everyfamily.staff.letters.write_pages import notes_on


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with a letter, where, and how far it is."""

    what: str
    about: str
    page: str
    arguments: tuple[str, ...]
    state: str
    look: str


def draft_values(opened: Opened, now: datetime, held: Held) -> dict[str, Any]:
    """A letter that is being written."""
    draft, letter = opened.draft, opened.letter
    standing = standing_of(opened)
    found = find(opened, waivers_of(opened))
    saved = versions(draft.id)
    stops = sum(one.severity is not Severity.ADVICE for one in found.report.findings)
    may_write = held.may(Right.WRITE_LETTERS) and draft.ended_at is None
    return {
        "here": "letters",
        "draft": draft,
        "letter": letter,
        "state": STATES[standing.state],
        "look": LOOKS[standing.state],
        "standing": standing,
        **notes_on(opened, now),
        "dated": day_in_words(draft.dated),
        "begun": at_in_words(draft.begun_at, now),
        "saved": at_in_words(saved[0].at, now) if saved else "",
        "saved_by": saved[0].by if saved else "",
        "versions": len(saved),
        "newer": _newer(opened),
        "pages": found.pages,
        "steps": _steps(
            opened, stops, len(found.report.findings), len(saved), standing.state, may_write=may_write
        ),
        "waits": waits_for(opened, standing, held),
        "may_write": may_write,
    }


def _newer(opened: Opened) -> str:
    """The version of the pack that is installed, if it is another one. The packs may be gone from this machine."""
    try:
        newer = newer_pack(opened.draft)
    except EveryfamilyError:
        return ""
    return newer.about.version if newer is not None else ""


def _steps(
    opened: Opened, stops: int, found: int, saved: int, state: DraftState, *, may_write: bool
) -> list[Step]:
    """What can be done with it. Who may not write it is not told to."""
    reference = opened.draft.reference
    first = next((one.id for one in opened.parts if one.section is not None), "opening")
    others = len(opened.letter.short) + len(opened.letter.texts) - 1
    words = of(saved, "version") if saved else "in the pack’s words"
    checked = f"{of(stops, 'finding')} to put right" if stops else "nothing stops it"
    is_sent = state in (DraftState.ASKED, DraftState.APPROVED)
    write = "Read it and write it" if may_write else "Read it, section by section"
    steps = [
        Step(
            write,
            "If a word is changed, every approval counts for nothing."
            if is_sent
            else "Section by section, with what the checks find beside the words.",
            "letter-write",
            (reference, "en", first),
            words[:1].upper() + words[1:],
            "wait",
        ),
        Step(
            "Look at it as families get it",
            "Print, email, text message, web page, large print, and what goes with them.",
            "letter-preview",
            (reference, "en", "print"),
            "",
            "wait",
        ),
        Step(
            "See its other languages",
            "Each beside the English, and whether somebody has read it.",
            "letter-languages",
            (reference,),
            of(others, "language") if others else "English only",
            "wait",
        ),
        Step(
            "Put right what the checks find" if may_write and stops else "See what the checks find",
            f"{of(found, 'finding')} in its words." if found else "Nothing is found in its words.",
            "letter-findings",
            (reference,),
            checked[:1].upper() + checked[1:],
            "act" if stops else "ok",
        ),
    ]
    if state is DraftState.ENDED:
        return steps
    if not is_sent:
        name = "Send it for approval" if may_write else "See who approves it"
        about = "Its words and files are frozen, and everybody is asked to approve exactly these."
        return [*steps, Step(name, about, "letter-ask", (reference,), "Not sent yet", "wait")]
    sent = Step(
        "See who was asked", "When it was sent, by whom, and its files.", "letter-ask", (reference,), "", "wait"
    )
    return [_to_agree(reference, state), *steps, sent]


def _to_agree(reference: str, state: DraftState) -> Step:
    return Step(
        "Read what was sent for approval",
        "Exactly what goes out, what changed, who has approved it, and the notes.",
        "letter-approve",
        (reference,),
        STATES[state],
        LOOKS[state],
    )


def waits_for(opened: Opened, standing: Standing, held: Held) -> str:
    """Who is waited for, for those who cannot do it themselves, as sentences. Empty if it is the reader's own turn."""
    facts = standing.facts
    if standing.state is DraftState.WRITING and not held.may(Right.WRITE_LETTERS):
        return who_does(Right.WRITE_LETTERS, "write it and send it for approval")
    if standing.state is DraftState.APPROVED and not held.may(Right.SEAL_LETTER):
        return f"Everybody has approved it. {who_does(Right.SEAL_LETTER, 'seal it')}"
    if standing.state is not DraftState.ASKED:
        return ""
    bodies = [
        one.organisation for one in opened.partnership.signatories if one.id in facts.required - facts.approved
    ]
    said = [f"It waits for the approval of {joined_names(bodies)}."] if bodies else []
    if facts.change_is_asked:
        said.append("A reviewer asks for a change.")
    elif facts.needs_review and not facts.is_reviewed:
        said.append(f"It waits for a review, by {' or '.join(standing.reviewers)}.")
    return " ".join(said)


def sealed_values(found: LetterInBrief) -> dict[str, Any]:
    """A letter that was sealed."""
    return {
        "here": "letters",
        "sealed": found,
        "name": topic_in_words(found.topic),
        "fingerprint": fingerprint(found.digest),
        "sealed_on": day_in_words(found.sealed_at.astimezone(LONDON).date()),
        "withdrawn_on": day_in_words(found.withdrawn_at.astimezone(LONDON).date()) if found.withdrawn_at else "",
        "was_written_here": draft_by_reference(found.reference) is not None,
        **_files(files_of_letter(found.id)),
    }


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of a sealed letter, by its row number, with what it is for people."""

    id: int
    said: str


@dataclass(frozen=True, slots=True)
class FilesInLanguage:
    """What goes out in one language, to the families of one version, and what goes with it."""

    said: str
    files: tuple[FileLink, ...]
    beside: tuple[FileLink, ...]


def _files(found: Sequence[FileFacts]) -> dict[str, Any]:
    """The files by language and by what they are. Those that are only compared come last, by their names."""
    ids = {one.name: one.id for one in found}
    languages = in_languages(ids)
    kit = of_the_kit(ids)
    shown = [*kit, *(row for one in languages for row in (*one.files, *one.beside))]
    named = {one.name for one in shown}

    def links(rows: Iterable[FileRow]) -> tuple[FileLink, ...]:
        return tuple(FileLink(ids[one.name], one.said) for one in rows)

    return {
        "languages": [FilesInLanguage(one.said, links(one.files), links(one.beside)) for one in languages],
        "kit": links(kit),
        "others": [FileLink(number, name) for name, number in ids.items() if name not in named],
    }
