"""A letter that is being written as emails to one person: the email as families get it, and one more with everything
that is not an email. Each says that it is a draft. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from everyfamily.channels.base import AttachedFile
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.draft_ways import WAY_WORDS, Way, ways_of
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.counts import of
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.languages import english_name
from everyfamily.rendering.briefing import render_briefing
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.newsletter import newsletter_text
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.press_lines import render_press_lines
from everyfamily.rendering.sms import render_sms

MARK = "DRAFT, not approved"
_PDF = "application/pdf"
_NAMES = {Way.PRINT: "letter", Way.LARGE: "large-print", Way.BRIEFING: "staff-briefing", Way.PRESS: "press-lines"}
_GAPS = PersonalGaps()
_NO_FILES = "Emails from here cannot have files with them. Download it from its preview."


@dataclass(frozen=True, slots=True)
class DraftEmail:
    """One email, without its address."""

    key: str
    """What tells it from the others of the same letter."""
    subject: str
    text: str
    html: str | None = None
    language: str = "en"
    files: tuple[AttachedFile, ...] = ()


@dataclass(slots=True)
class DraftEmails:
    """All of it, and what could not be made: way, language and the reason."""

    emails: list[DraftEmail] = field(default_factory=list)
    left_out: list[tuple[Way, str, str]] = field(default_factory=list)


def draft_emails(
    letter: Letter, ways: Collection[Way], languages: Collection[str], today: date, *, with_files: bool
) -> DraftEmails:
    """The letter in these ways and languages, in each of its versions. What a language does not have is passed over.
    The lines on paper must be good `today`, as in a preview. Without `with_files` nothing that is a file is made."""
    made = DraftEmails()
    files: list[AttachedFile] = []
    listed: list[str] = []
    words: list[str] = []
    for one, version, language, way in _wanted(letter, ways, languages):
        name = _named(way, version, language)
        try:
            if way is Way.EMAIL:
                made.emails.append(_as_families_get_it(one, version, language))
            elif way is Way.TEXT:
                words += [name, _text_message(one, language)]
            elif way is Way.NEWSLETTER:
                newsletter = one.texts[language].newsletter
                assert newsletter is not None  # ways_of says so
                words += [name, newsletter_text(one, language, newsletter).strip()]
            elif not with_files:
                made.left_out.append((way, language, _NO_FILES))
            else:
                before = f"{version.value}-" if version is not None else ""
                pdf = _pdf(one, language, way, min(one.dated, today))
                file = AttachedFile(f"draft-{before}{_NAMES[way]}-{language}.pdf", pdf, _PDF)
                files.append(file)
                listed.append(f"- {name}: {file.name}")
        except EveryfamilyError as problem:
            made.left_out.append((way, language, f"{problem.fact} {problem.fix}"))
    if files or words:
        made.emails.append(_the_rest(letter, listed, words, tuple(files)))
    return made


def _wanted(
    letter: Letter, ways: Collection[Way], languages: Collection[str]
) -> Iterator[tuple[Letter, Version | None, str, Way]]:
    for version in letter.versions:
        one = letter.in_version(version)
        for language in (*one.texts, *one.short):
            if language in languages:
                yield from ((one, version, language, way) for way in ways_of(one, language) if way in ways)


def _as_families_get_it(letter: Letter, version: Version | None, language: str) -> DraftEmail:
    email = render_email(letter, language, _GAPS)
    key = f"{version.value} {language}" if version is not None else language
    return DraftEmail(key, f"{MARK}: {email.subject}", f"{MARK}.\n\n{email.text}", email.html, language)


def _text_message(letter: Letter, language: str) -> str:
    sms = render_sms(letter, language, _GAPS)
    outside = f" These characters make it cost more: {' '.join(sms.outside_gsm)}" if sms.outside_gsm else ""
    return f"It is {of(sms.fragments, 'text')}, from {sms.sender_name}.{outside}\n\n{sms.text}"


def _pdf(letter: Letter, language: str, way: Way, day: date) -> bytes:
    if way is Way.PRINT:
        return render_letter(letter, language, _GAPS, on=day)
    if way is Way.LARGE:
        return render_large_print(letter, language, _GAPS, on=day)
    text = letter.texts[language]
    if way is Way.BRIEFING:
        assert text.briefing is not None  # ways_of says so
        return render_briefing(letter, language, text.briefing)
    assert text.press is not None
    return render_press_lines(letter, language, text.press)


def _named(way: Way, version: Version | None, language: str) -> str:
    schools = f", for {version.value} schools" if version is not None else ""
    return f"{WAY_WORDS[way][0]} in {english_name(language)}{schools}"


def _the_rest(letter: Letter, listed: list[str], words: list[str], files: tuple[AttachedFile, ...]) -> DraftEmail:
    attached = "\n".join(["Attached:", *listed]) if listed else ""
    parts = [
        f"{MARK}.",
        f"This is letter {letter.reference} as it is written now. It went to you and to nobody else.",
        *([attached] if attached else []),
        *words,
    ]
    return DraftEmail("rest", f"{MARK}: letter {letter.reference}", "\n\n".join(parts) + "\n", files=files)
