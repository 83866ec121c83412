"""What one person may not change alone: who signs, who may be invited, and what families ring, open or write to.

To take a number out is one person's, at once. To put another in takes a second, who rings it too: families cannot tell
a wrong number from a right one, and it is on every page within a minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from everyfamily.core.partnership.national_lines import Service
from everyfamily.core.partnership.partnership import NumberNotOfThisLine, Partnership
from everyfamily.core.partnership.route_hours import DAY, RouteHours, Span
from everyfamily.core.partnership.routes import Route
from everyfamily.core.partnership.versions import who_signs
from everyfamily.core.partnership.whose_line import OURS, dialled, line_of

MAIL_DOMAINS = "mail_domains"
_REACHED = ("number", "url", "form", "email", "text")
"""Keys of a row by which families reach somebody."""
_IN_WORDS = {
    "number": "number",
    "url": "address on the web",
    "form": "form",
    "email": "email address",
    "text": "number for texts",
    "need": "when to use it",
    "label": "name",
    "hours": "hours",
    "dead_since": "dead since",
    "belongs_to": "whose line it is",
    "same_number_as": "same number as",
    "owner_email": "address of its owner",
    MAIL_DOMAINS: "mail domains",
}


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether any family could be misled yet, and whom to tell."""

    families_see: bool
    """Any letter is sealed, or any site published."""
    tell: tuple[int, ...] = ()
    """The accounts of all coordinators and signatories."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that families would see, or by which a line is watched, and that would be another."""

    row: str
    """The row's id in the register, or "" for what is not a row."""
    label: str
    """What the row is called, as it will be."""
    key: str
    before: str
    after: str

    @property
    def is_to_be_tried(self) -> bool:
        """Whether the second person rings it, or opens it, before they agree."""
        return self.key in _REACHED

    @property
    def what(self) -> str:
        """ "the children’s team, number"."""
        return f"{self.label}, {_IN_WORDS.get(self.key, self.key)}"


def owners_to_tell(before: Partnership | None, after: Partnership, changes: Iterable[Change]) -> list[str]:
    """The addresses of those who own a line that would change: the one from before, and the one that comes."""
    rows = {one.row for one in changes if one.row}
    both = [*(before.routes if before is not None else ()), *after.routes]
    return list(dict.fromkeys(one.owner_email for one in both if one.id in rows and one.owner_email))


def changes_for_two(before: Partnership, after: Partnership) -> tuple[Change, ...]:
    """What a second person must agree to, besides who signs. What is only taken out, and hours that shrink, is not."""
    return (*_of_rows(before, after), *_of_the_rest(before, after), *_of_domains(before, after))


def needs_two(before: Partnership | None, after: Partnership, *, families_see: bool) -> bool:
    """Whether somebody else must put these settings in force.

    `families_see` is whether any letter is sealed or any site published: before that, nobody can be misled. Who signs,
    and who may be invited to, takes two from the beginning.
    """
    if before is None or who_signs(before) != who_signs(after) or any(_of_domains(before, after)):
        return True
    return families_see and bool(changes_for_two(before, after))


def refuse_moved_lines(before: Partnership | None, after: Partnership) -> None:
    """Raise NumberNotOfThisLine if a row that was a national line's would be somebody else's.

    A row of the emergency services, the police or NHS 111 stays theirs, or goes. Any other national line's row becomes
    the partnership's own only where the file says so.
    """
    known = {} if before is None else {route.id: route for route in before.routes}
    for route in after.routes:
        was = line_of(known[route.id]) if route.id in known else None
        now = line_of(route)
        if was is None or was == now or (route.belongs_to == OURS and not isinstance(was, Service)):
            continue
        raise NumberNotOfThisLine(
            f"The row “{route.id}” is for {was.name}, and it would be another’s.",
            "Take the row out, and write a new one with an id of its own."
            if isinstance(was, Service)
            else f'Take the row out and write a new one, or write line = "{OURS}" in it.',
        )


def _of_rows(before: Partnership, after: Partnership) -> Iterator[Change]:
    known = {route.id: route for route in before.routes}
    for route in after.routes:
        old = known.get(route.id)
        for key in (*_REACHED, "need", "label", "belongs_to", "same_number_as", "owner_email"):
            new = getattr(route, key)
            was = getattr(old, key, None)
            if new is not None and _plain(key, new) != _plain(key, was):
                yield Change(route.id, route.label, key, was or "", new)
        if old is not None and old.owner_email and route.owner_email is None:
            # Otherwise nobody outside would hear of the next change.
            yield Change(route.id, route.label, "owner_email", old.owner_email, "")
        if old is not None and old.dead_since is not None and route.dead_since is None:
            yield Change(route.id, route.label, "dead_since", str(old.dead_since), "")
        if old is not None and _hours_grow(old, route, before.openings, after.openings):
            yield Change(route.id, route.label, "hours", old.hours, route.hours)


def _of_the_rest(before: Partnership, after: Partnership) -> Iterator[Change]:
    pairs = (
        # The words and drawings that are on every page: a number could be in them.
        ("the partnership", "name", before.name, after.name),
        ("the partnership", "area", before.area, after.area),
        ("enquiries", "role", before.enquiries.role, after.enquiries.role),
        ("enquiries", "number", before.enquiries.number, after.enquiries.number),
        ("enquiries", "hours", before.enquiries.hours, after.enquiries.hours),
        ("enquiries", "mailbox", before.enquiries.mailbox, after.enquiries.mailbox),
        ("replies", "mailbox", before.reply_mailbox, after.reply_mailbox),
        ("the parent site", "address", before.site, after.site),
        ("the parent site", "way to leave it", before.leave_to, after.leave_to),
        ("texts", "sender", before.sender_name, after.sender_name),
        ("the settings", "demonstration", str(before.demonstration), str(after.demonstration)),
    )
    for label, key, was, now in pairs:
        if _plain(key, was) != _plain(key, now):
            yield Change("", label, key, was, now)
    drawn = {body.id: body.logo_svg for body in before.bodies}
    for body in after.bodies:
        if body.logo_svg != drawn.get(body.id, body.logo_svg):
            yield Change("", body.name, "logo", "the drawing before", "another drawing")


def _of_domains(before: Partnership, after: Partnership) -> Iterator[Change]:
    """Domains at which people could be invited who could not be before, not one of several taken out."""
    known = {body.id: body.mail_domains for body in before.bodies}
    for body in after.bodies:
        was, now = known.get(body.id, ()), body.mail_domains
        if not set(now) <= set(was) or (was and not now):
            yield Change("", body.name, MAIL_DOMAINS, ", ".join(was), ", ".join(now))


def _plain(key: str, value: str | None) -> str:
    if value is None:
        return ""
    return dialled(value) if key in ("number", "text") and not value.startswith("((") else value.strip()


def _hours_grow(
    old: Route, new: Route, before: Mapping[str, RouteHours], after: Mapping[str, RouteHours]
) -> bool:
    """Whether the line would be said to answer when it did not. Hours that are only words are compared as words."""
    was, now = before.get(old.id), after.get(new.id)
    if was is None or now is None:
        return old.hours != new.hours or (now is not None and was is None)
    if was.always:
        return now.always and old.hours != new.hours
    if now.bank_holidays and not was.bank_holidays:
        return True
    return any(not _is_within(span, was.spans) for span in now.spans or _every_day())


def _is_within(span: Span, spans: tuple[Span, ...]) -> bool:
    at = span.opens
    for one in sorted(spans):
        if one.weekday == span.weekday and one.opens <= at < one.closes:
            at = one.closes
    return at >= span.closes


def _every_day() -> list[Span]:
    return [Span(day, 0, DAY) for day in range(7)]
