"""Invented numbers, addresses, names and drawings stop anything that is not a demonstration, before anybody can send
it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.invented import Printed, invented_among
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.partnership import Partnership

_RESERVED = "reserved for examples, so that nobody is reached"
FOR_PRACTICE = (
    "While you only try things out, add the line `demonstration = true` above `name =` at the top of the file: "
    "everything then says that it is invented, and no real carrier takes it."
)


class InventedInPartnership(EveryfamilyError):
    """A partnership's file that is not the demonstration's has numbers, addresses or names that belong to nobody."""

    code: ClassVar[str] = "EF380"


class InventedInLetter(EveryfamilyError):
    """A letter that is not a demonstration prints numbers, addresses or names that belong to nobody."""

    code: ClassVar[str] = "EF381"


def values_of(one: Partnership | Letter) -> Iterator[Printed]:
    """What a partnership's file, or a letter made from it, says about who writes and how to reach them."""
    yield Printed("name", one.name if isinstance(one, Partnership) else one.partnership, "name")
    yield Printed("site", one.site, "address")
    yield Printed("number in [enquiries]", one.enquiries.number, "number")
    yield Printed("mailbox in [enquiries]", one.enquiries.mailbox, "address")
    yield Printed("mailbox in [replies]", one.reply_mailbox, "address")
    for body in one.bodies:
        yield Printed(f'name of the body "{body.id}"', body.name, "name")
        yield Printed(f'logo of the body "{body.id}"', body.logo_svg, "drawing")
    for who in one.signatories:
        yield Printed(f'name of the signatory "{who.id}"', who.name, "name", who.line)
        yield Printed(f'signature of "{who.id}"', who.signature_svg, "drawing", who.line)
    for route in one.routes:
        if route.number:
            yield Printed(f'number of the route "{route.id}"', route.number, "number", route.line)
        if route.url:
            yield Printed(f'address of the route "{route.id}"', route.url, "address", route.line)


def lines_on_invented(partnership: Partnership) -> Iterator[str]:
    """One line for each value in the file that reaches nobody. The last also says what to do next."""
    found = invented_in(partnership)
    for n, one in enumerate(found, start=1):
        more = f". {FOR_PRACTICE}" if n == len(found) else ""
        yield f"{partnership.file}:{one.line}: {_named([one])} is {_RESERVED}: replace it with your own{more}"


def invented_in(one: Partnership | Letter) -> list[Printed]:
    """Which of them belong to nobody. None in a demonstration, where all of them may."""
    return [] if one.demonstration else list(invented_among(values_of(one)))


def require_nothing_invented(partnership: Partnership) -> None:
    """Raise InventedInPartnership, naming everything that must be replaced."""
    if found := invented_in(partnership):
        raise InventedInPartnership(
            f"{_counted(found, 'file')} {_RESERVED}: {_named(found)}.",
            f"Replace each with your own. {FOR_PRACTICE}",
            SourceLocation(partnership.file, min(one.line for one in found)),
        )


def require_letter_of_real_people(letter: Letter) -> None:
    """Raise InventedInLetter. A letter sealed before this rule existed is not sent to anybody either."""
    if found := invented_in(letter):
        raise InventedInLetter(
            f"{_counted(found, 'letter')} {_RESERVED}: {_named(found)}.",
            "Put your own into the partnership's file, compose the letter again and collect the approvals again.",
        )


def _counted(found: list[Printed], where: str) -> str:
    return f"One thing in this {where} is" if len(found) == 1 else f"{len(found)} things in this {where} are"


def _named(found: list[Printed]) -> str:
    return "; ".join(one.what if one.kind == "drawing" else f"{one.what} ({one.value})" for one in found)
