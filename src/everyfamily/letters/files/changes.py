"""What differs between two letters, in the words that people read: for the person who approves the second after the
first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from everyfamily.core.calendar.year_groups import year_in_words
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.routes import Route
from everyfamily.letters.files.record import letter_of


@dataclass(frozen=True, slots=True)
class Change:
    """One passage or value that has changed. `before` or `after` is "" if there was or is none."""

    where: str
    before: str
    after: str


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every word, number, name and drawing that differs between two records, in the order of the second."""
    return letters_differ(letter_of(before), letter_of(after))


def letters_differ(before: Letter, after: Letter) -> list[Change]:
    """The same of two letters, of which one may still be written."""
    was, now = dict(_read(before)), dict(_read(after))
    order = [*now, *(where for where in was if where not in now)]
    return [
        Change(where, was.get(where, ""), now.get(where, ""))
        for where in order
        if was.get(where, "") != now.get(where, "")
    ]


def same_but_for_checks(one: Letter, other: Letter) -> bool:
    """Whether two letters are the same, but for when their routes were rung, and for where in the partnership's file
    something is."""
    return _bare(one) == _bare(other)


def _bare(letter: Letter) -> Letter:
    return replace(
        letter,
        partnership_file="",
        routes=tuple(map(_unchecked, letter.routes)),
        signatories=tuple(replace(who, line=1) for who in letter.signatories),
        promises=tuple(replace(promise, line=1) for promise in letter.promises),
    )


def _unchecked(route: Route) -> Route:
    return replace(route, line=1, checked_on=None, checked_by=None, expires_on=None, dead_since=None)


def _read(letter: Letter) -> Iterator[tuple[str, str]]:
    for text in letter.letter_texts():
        for passage in (*text.passages(), *text.outside(), *text.beside()):
            yield f"{text.language} {passage.id}", passage.text + (f" | {passage.aside}" if passage.aside else "")
    for route in letter.routes:
        ways = (
            route.need,
            route.label,
            route.number,
            route.url,
            route.hours,
            route.form,
            route.email,
            route.text,
        )
        yield f'the route "{route.id}"', ", ".join(way for way in ways if way)
        yield f'the check of "{route.id}"', f"{route.checked_on} by {route.checked_by}, until {route.expires_on}"
        if route.hours_confirmed_on is not None:
            said = f"{route.hours_confirmed_on} by {route.hours_confirmed_by}"
            yield f'the hours of "{route.id}", confirmed', said
    who = letter.enquiries
    yield "enquiries", f"{who.role}, {who.number}, {who.hours}, {who.mailbox}"
    yield "replies", f"{letter.reply_mailbox}, read by {letter.reply_owner}"
    own = letter.overridden
    yield "the partnership’s own words", ", ".join(own.passages) if own is not None else ""
    yield "page", letter.page
    yield "sender", letter.sender_name
    yield "term", letter.term
    yield "date", letter.dated.isoformat()
    if letter.secondary_from is not None:
        yield "the secondary version", f"from {year_in_words(letter.secondary_from)}"
    yield "from", "; ".join(letter.from_lines)
    for body in letter.bodies:
        yield f'the body "{body.id}"', "; ".join((body.name, *body.name_lines, *body.address))
        yield f'the logo of "{body.id}"', body.logo_svg
    for person in letter.signatories:
        yield f'the signatory "{person.id}"', f"{person.name}, {person.title}, {person.organisation}"
        yield f'the signature of "{person.id}"', person.signature_svg
        yield f'the keys of "{person.id}"', "; ".join(" ".join(key.row().values()) for key in person.keys)
