"""The words of a copy beside the sealed ones. The letter is rendered again, and both are read by the same reader."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product

from everyfamily.core.agreement.seals import Seal
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.compare_words import Difference, difference
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.email_file import sender_and_replies
from everyfamily.documents.compared.letter_files import Kind, Reading, read_pdf
from everyfamily.documents.compared.page_source import may_fill_a_gap, tokens_of_html
from everyfamily.letters.files.record import letter_of
from everyfamily.rendering.briefing import briefing_text, render_briefing
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.newsletter import newsletter_text, render_newsletter
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.press_lines import MOST_PAGES, press_text, render_press_lines
from everyfamily.rendering.short_view import strip_of
from everyfamily.rendering.typesetting import pages_of
from everyfamily.rendering.web_page import render_web_page


class SealedLetterNotRendered(EveryfamilyError):
    """The letter in a seal cannot be rendered. The seal was made by hand, or by another version."""

    code = "EF317"


_SHAPES = (
    PersonalGaps.open(),
    replace(PersonalGaps.open(), school_number=None),
    replace(PersonalGaps.open(), school=None, school_number=None),
)
"""A letter has different words if the school, or its number, is not given."""


def first_difference(reading: Reading, seal: Seal) -> Difference | None:
    """None if the copy has the sealed words of any version and language. Otherwise the difference from the nearest."""
    whole = letter_of(seal.record)
    found: list[Difference] = []
    for letter in map(whole.in_version, whole.versions):
        for language, gaps in product((*_own_lines(reading, letter), *letter.texts), _SHAPES):
            for sealed in _rendered(_sealed_readings(reading, letter, language, gaps), seal):
                first = _words_differ(reading, sealed) or _behind_the_words(reading, sealed)
                if first is None:
                    return None
                found.append(first)
    return max(found, key=lambda one: one.word or math.inf)


def _own_lines(reading: Reading, letter: Letter) -> Iterator[str]:
    """The languages whose own printed letter the copy may be, because it has their line."""
    words = " ".join(reading.words)
    for language in letter.short if reading.kind == "pdf" else ():
        lines = strip_of(letter, "danger", language)
        if all(" ".join((one["text"] or "").split()) in words for one in lines):
            yield language


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
        if language not in letter.texts:
            return
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
    """The texts for the newsletter, for staff and for press offices, which hold nobody's own values."""
    kind = copy.kind
    text = letter.texts[language]
    newsletter, briefing, press = text.newsletter, text.briefing, text.press
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
    if press is not None:
        if kind == "text":
            yield Reading(kind, tuple(press_text(letter, language, press).split()))
        elif kind == "pdf" and len(copy.pages) <= MOST_PAGES:
            yield read_pdf(render_press_lines(letter, language, press))


@contextmanager
def rendering(seal: Seal) -> Iterator[None]:
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
    with rendering(seal):
        yield from readings
