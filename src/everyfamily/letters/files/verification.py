"""Is this letter real? What `everyfamily verify` can say, and no more.

Three answers are possible for a file. Its exact digest is in a seal: genuine, unchanged. If it is a personal copy, the
personal fields are cut out by structure and the rest is compared with the sealed words; name, address and looks are not
proven. Anything else: not the sealed words, with the first difference.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from pathlib import Path

from everyfamily.core.agreement.seals import (
    Seal,
    fingerprint,
    problems,
    required_signatories,
    unknown_signatories,
)
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import bytes_of
from everyfamily.core.letter.compare_words import Difference, difference
from everyfamily.core.letter.letter_history import LetterHistory
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.email_file import sender_and_replies
from everyfamily.documents.compared.letter_files import Kind, Reading, read_letter_file, read_pdf
from everyfamily.documents.compared.page_source import may_fill_a_gap, tokens_of_html
from everyfamily.documents.compared.unreadable import UnreadableLetterFile
from everyfamily.letters.files.folder import read_seal
from everyfamily.letters.files.proof import other_renderings
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.files.withdrawal_notices import history_of
from everyfamily.rendering.briefing import briefing_text, render_briefing
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.newsletter import newsletter_text, render_newsletter
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.typesetting import pages_of
from everyfamily.rendering.web_page import render_web_page

Known = Mapping[str, str | None]
"""The signatories of a partnership's file: id -> public key."""

LETTER_BYTES = 50 * 1024**2
"""More than any letter has. A bundle of a hundred has less than a tenth of it."""

_REFERENCE = re.compile(r"\b[A-Z]{2,3}-\d{4}-[A-Z0-9]{4}\b")


class SealedByAnotherVersion(EveryfamilyError):
    """A copy cannot be compared, because this version renders the sealed letter differently."""

    code = "EF316"


class SealedLetterNotRendered(EveryfamilyError):
    """The letter in a seal cannot be rendered. The seal was made by hand, or by another version."""

    code = "EF317"


class Proof(StrEnum):
    """How much is proven."""

    GENUINE = "genuine, unchanged"
    SEALED_WORDS = "the sealed words"
    OTHER_WORDS = "not the sealed words"
    BROKEN_SEAL = "the seal is not good"
    NO_LETTER = "the sealed letter cannot be rendered"
    NO_SEAL = "no seal is known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in a sentence and a few lines."""

    proof: Proof
    sentence: str
    details: tuple[str, ...] = ()
    reference: str | None = None
    difference: Difference | None = None
    history: LetterHistory | None = None
    """What happened to the letter afterwards. None if the seal is not valid."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether the letter should no longer be used, even if it is genuine."""
        return self.history is not None and self.history.withdrawn

    def as_row(self) -> dict[str, object]:
        """The verdict as plain values."""
        first = self.difference
        return {
            "proof": self.proof.value,
            "reference": self.reference,
            "sentence": self.sentence,
            "details": list(self.details),
            **_history_row(self.history or LetterHistory()),
            "difference": None
            if first is None
            else {"word": first.word, "sealed": first.sealed, "found": first.found},
        }


def _history_row(history: LetterHistory) -> dict[str, object]:
    follows = history.follows
    return {
        "withdrawn": history.withdrawn,
        "withdrawn_on": history.withdrawn_on.isoformat() if history.withdrawn_on else None,
        "corrected_by": list(history.corrected_by),
        "replaced_by": list(history.replaced_by),
        "corrects": follows.reference if follows and follows.kind == "correction" else None,
        "replaces": follows.reference if follows and follows.kind == "replacement" else None,
    }


def verify_seal(
    reference: str, seals: Path, *, sealing_key: str | None, signatories: Known | None = None
) -> Verdict:
    """Verify a published seal by its reference. `signatories` are the partnership's, if they are known."""
    file = seals / f"{reference}.json"
    if not _REFERENCE.fullmatch(reference) or not file.exists():
        return Verdict(
            Proof.NO_SEAL,
            f"No seal with the reference {reference} is known here.",
            ("Ring your child's school, on a number you already have, and ask about the letter.",),
            reference,
        )
    seal = read_seal(file)
    if seal.record["reference"] != reference:
        wrong = f"The file for {reference} has the seal of {seal.record['reference']}."
        return Verdict(Proof.BROKEN_SEAL, f"The seal of {reference} is not good.", (wrong,), reference)
    return _with_history(_about_seal(seal, sealing_key, signatories), seal, seals)


def verify_file(path: Path, seals: Path, *, sealing_key: str | None, signatories: Known | None = None) -> Verdict:
    """Verify a letter file against the published seals.

    `signatories` are the partnership's, if they are known. Raises UnreadableLetterFile, and SealedByAnotherVersion for
    a personal copy of a letter that this version would render differently.
    """
    try:
        data = bytes_of(path, most=LETTER_BYTES)
    except (OSError, ValueError) as problem:
        raise UnreadableLetterFile(
            f"The file cannot be read, or is larger than {LETTER_BYTES // 1024**2} MB.",
            "Name one file: PDF, .eml, .html or .txt.",
            SourceLocation(path.name),
        ) from problem
    return verify_bytes(data, path.name, seals, sealing_key=sealing_key, signatories=signatories)


def verify_bytes(
    data: bytes, name: str, seals: Path, *, sealing_key: str | None, signatories: Known | None = None
) -> Verdict:
    """The same, of a letter file's bytes; `name` is what the file is called. They are not more than LETTER_BYTES."""
    digest = hashlib.sha256(data).hexdigest()
    known = [read_seal(file) for file in sorted(seals.glob("*.json"))]
    for seal in known:
        names = [name for name, sealed in seal.record["artefacts"].items() if sealed == digest]
        if names:
            about = _about_seal(seal, sealing_key, signatories)
            if about.proof is not Proof.GENUINE:
                return about
            genuine = Verdict(
                Proof.GENUINE,
                f"Genuine, unchanged: this is exactly {names[0]} of letter {about.reference}.",
                about.details,
                about.reference,
            )
            return _with_history(genuine, seal, seals)
    reading = read_letter_file(data, name)
    verdict = _verify_words(reading, known, sealing_key, signatories)
    named = next((seal for seal in known if seal.record["reference"] == verdict.reference), None)
    return verdict if named is None else _with_history(verdict, named, seals)


def _verify_words(
    reading: Reading, known: Sequence[Seal], sealing_key: str | None, signatories: Known | None
) -> Verdict:
    words = " ".join(reading.words)
    # A correction also names the letter that it corrects.
    named = [seal for seal in known if seal.record["reference"] in words]
    if not named:
        claimed = _REFERENCE.search(words)
        return Verdict(
            Proof.NO_SEAL,
            f"It gives the reference {claimed[0]}, which has no seal here."
            if claimed
            else "It gives no reference.",
            ("Ring your child's school, on a number you already have, and ask about the letter.",),
            claimed[0] if claimed else None,
        )
    verdicts = []
    for seal in named:
        verdicts.append(_compared(reading, seal, sealing_key, signatories))
        if verdicts[-1].proof is Proof.SEALED_WORDS:
            return verdicts[-1]
    return verdicts[0]


def _compared(reading: Reading, seal: Seal, sealing_key: str | None, signatories: Known | None) -> Verdict:
    """What a copy is, compared with one seal."""
    about = _about_seal(seal, sealing_key, signatories)
    if about.proof is not Proof.GENUINE:
        return about
    try:
        with _rendering(seal):
            others = other_renderings(seal.record)
        if others:
            raise SealedByAnotherVersion(
                f"This version renders the letter {about.reference} otherwise than it was sealed.",
                "Use the version of everyfamily that sealed it, or compare with the page that the reference leads to.",
            )
        first = _first_difference(reading, seal)
    except SealedLetterNotRendered as problem:
        return Verdict(
            Proof.NO_LETTER,
            f"Nothing can be compared with the seal of {about.reference}.",
            (f"{problem.code}: {problem.fact}", problem.fix),
            about.reference,
        )
    if first is not None:
        return Verdict(
            Proof.OTHER_WORDS,
            f"Not the sealed words of {about.reference}.",
            (
                f"First difference at word {first.word} of the sealed text."
                if first.word
                else "The words are the sealed ones, but what is behind them is not.",
                f"Sealed: {first.sealed or '(nothing more)'}",
                f"Found:  {first.found or '(nothing more)'}",
            ),
            about.reference,
            first,
        )
    return Verdict(
        Proof.SEALED_WORDS,
        f"The sealed words of {about.reference}. Name, address, school and looks are not proven.",
        about.details,
        about.reference,
    )


@contextmanager
def _rendering(seal: Seal) -> Iterator[None]:
    """Raise SealedLetterNotRendered for anything the renderers raise, because somebody who can sign can seal any
    JSON."""
    try:
        yield
    except Exception as problem:
        # The message may quote the record. The class, or our own code, does not.
        why = problem.code if isinstance(problem, EveryfamilyError) else type(problem).__name__
        raise SealedLetterNotRendered(
            f"This version cannot render the letter in the seal of {seal.record['reference']} ({why}).",
            "If the partnership itself publishes this seal, use the version of everyfamily that sealed it. Otherwise "
            "treat the letter as a forgery, and ring your child's school on a number you already have.",
        ) from problem


def _rendered(readings: Iterator[Reading], seal: Seal) -> Iterator[Reading]:
    """The same, but only an error while making one counts as the seal's fault."""
    with _rendering(seal):
        yield from readings


_SHAPES = (
    PersonalGaps.open(),
    replace(PersonalGaps.open(), school_number=None),
    replace(PersonalGaps.open(), school=None, school_number=None),
)
"""A letter has different words if the school, or its number, is not given."""


def _first_difference(reading: Reading, seal: Seal) -> Difference | None:
    """None if the copy has the sealed words of any language, or else the difference from the nearest."""
    letter = letter_of(seal.record)
    found: list[Difference] = []
    for language, gaps in product(letter.texts, _SHAPES):
        for sealed in _rendered(_sealed_readings(reading, letter, language, gaps), seal):
            first = _words_differ(reading, sealed) or _behind_the_words(reading, sealed)
            if first is None:
                return None
            found.append(first)
    return max(found, key=lambda one: one.word or math.inf)


def _words_differ(reading: Reading, sealed: Reading) -> Difference | None:
    tokens = frozenset(sealed.words)
    plain = reading.kind in ("pdf", "text")
    return difference(
        " ".join(sealed.words),
        reading.words,
        copies=reading.copies_of(sealed),
        may_fill=lambda word: plain or may_fill_a_gap(word, tokens),
    )


def _behind_the_words(reading: Reading, sealed: Reading) -> Difference | None:
    strange = [f"a link to {link}" for link in sorted(reading.links - sealed.links)]
    strange += [f"{thing} in the file" for thing in sorted(reading.more - sealed.more)]
    for at, page in enumerate(reading.pages):
        honest = sealed.pages[at % len(sealed.pages)]
        if page.outside != honest.outside:
            return _outside_differs(page.outside, honest.outside)
        strange += [f"{thing} on page {at + 1}" for thing in sorted(page.strange - honest.strange)]
        if page.drawn != honest.drawn:
            strange.append(f"another drawing on page {at + 1}")
    return Difference(0, "", strange[0]) if strange else None


def _outside_differs(found: str, sealed: str) -> Difference:
    same = next((at for at, pair in enumerate(zip(found, sealed, strict=False)) if len(set(pair)) > 1), None)
    same = min(len(found), len(sealed)) if same is None else same
    return Difference(0, sealed[same : same + 60], found[same : same + 60])


def _sealed_readings(copy: Reading, letter: Letter, language: str, gaps: PersonalGaps) -> Iterator[Reading]:
    """The sealed texts with their gaps open, read by the same reader as the copy, with the letter first."""
    if copy.kind == "pdf":
        yield read_pdf(render_letter(letter, language, gaps))
        large = render_large_print(letter, language, gaps)
        if len(copy.pages) >= pages_of(large):  # otherwise it is not a copy of it, and reading takes time
            yield read_pdf(large)
    else:
        yield from _letters_on_screens(copy.kind, letter, language, gaps)
    if gaps == PersonalGaps.open():
        yield from _beside_the_letter(copy, letter, language)


def _letters_on_screens(kind: Kind, letter: Letter, language: str, gaps: PersonalGaps) -> Iterator[Reading]:
    email = render_email(letter, language, gaps)
    html = tuple(tokens_of_html(email.html))
    text = tuple(email.text.split())
    if kind == "text":
        yield Reading(kind, text)
    elif kind == "html":
        yield Reading(kind, html)
        yield Reading(kind, tuple(tokens_of_html(render_web_page(letter, language))))
    else:
        sender = sender_and_replies(email.sender_name, email.reply_to)
        yield Reading(kind, (*email.subject.split(), *text, *html), more=sender)


def _beside_the_letter(copy: Reading, letter: Letter, language: str) -> Iterator[Reading]:
    """The texts for the newsletter and for staff, which hold nobody's own values."""
    kind = copy.kind
    newsletter, briefing = letter.texts[language].newsletter, letter.texts[language].briefing
    if newsletter is not None:
        if kind == "text":
            yield Reading(kind, tuple(newsletter_text(letter, language, newsletter).split()))
        elif kind == "html":
            yield Reading(kind, tuple(tokens_of_html(render_newsletter(letter, language, newsletter))))
    if briefing is not None:
        if kind == "text":
            yield Reading(kind, tuple(briefing_text(letter, language, briefing).split()))
        elif kind == "pdf" and len(copy.pages) == 1:
            yield read_pdf(render_briefing(letter, language, briefing))


def _with_history(verdict: Verdict, seal: Seal, seals: Path) -> Verdict:
    """The verdict with what happened to the letter, a withdrawal first because people read only one sentence."""
    if verdict.proof not in (Proof.GENUINE, Proof.SEALED_WORDS):
        return verdict
    try:
        history = history_of(seal, seals)
    except EveryfamilyError as problem:
        details = (f"{problem.code}: {problem.fact}", problem.fix)
        return Verdict(
            Proof.BROKEN_SEAL,
            f"The withdrawal notice of {verdict.reference} is not good.",
            details,
            verdict.reference,
        )
    said = replace(verdict, history=history, details=(*_said_of(history), *verdict.details))
    if not history.withdrawn:
        return said
    day = f" on {day_in_words(history.withdrawn_on)}" if history.withdrawn_on else ""
    sentence = f"{verdict.reference} was withdrawn{day}. Do not use it, or any number in it."
    return replace(said, sentence=sentence, details=(*said.details, f"It was ours. {verdict.sentence}"))


def _said_of(history: LetterHistory) -> Iterator[str]:
    if history.corrected_by:
        yield f"{' and '.join(history.corrected_by)} corrects it."
    if history.replaced_by:
        yield f"{' and '.join(history.replaced_by)} takes its place."
    if history.follows is not None:
        what = "It corrects" if history.is_correction else "It takes the place of"
        day = history.follows_withdrawn_on
        yield f"{what} {history.follows.reference}, which was withdrawn{f' on {day_in_words(day)}' if day else ''}."


def _about_seal(seal: Seal, sealing_key: str | None, signatories: Known | None) -> Verdict:
    reference = str(seal.record["reference"])
    found = problems(seal, sealing_key=sealing_key)
    if not found and signatories is not None:
        found = unknown_signatories(seal.record, signatories)
    if found:
        return Verdict(Proof.BROKEN_SEAL, f"The seal of {reference} is not good.", tuple(found), reference)
    names = [f"{who.name}, {who.title}, {who.organisation}" for who in required_signatories(seal.record)]
    details = [
        f"Fingerprint {fingerprint(seal.digest)}, sealed {seal.sealed_at[:10]}.",
        *(f"Approved by {name}." for name in names),
    ]
    if sealing_key is None:
        details.append("The seal agrees with itself. Give the sealing key to check that it is the partnership's.")
    if signatories is None:
        details.append("Give the partnership's file to check that these are the partnership's own signatories.")
    if seal.record["letter"].get("demonstration"):
        details.append("This is a demonstration: its signatories are invented.")
    return Verdict(Proof.GENUINE, f"The seal of {reference} is good.", tuple(details), reference)


__all__ = ["Proof", "UnreadableLetterFile", "Verdict", "verify_file", "verify_seal"]
