"""A partnership: who writes, who signs, which routes may be printed, what is promised, and the year plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import WEEKDAYS, FrontDoor, OwnCalendar, Sending, SendingTimes
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan, in_order
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import TextFileUnreadable, read_text
from everyfamily.core.files.toml_files import TomlPlaces, parse_toml
from everyfamily.core.partnership.bodies import Body, Enquiries, Promise, Signatory
from everyfamily.core.partnership.drawings import fault_of_drawing
from everyfamily.core.partnership.key_tables import fault_of_keys
from everyfamily.core.partnership.partnership_file import (
    OwnCalendarTable,
    PartnershipFile,
    PricesTable,
    RouteTable,
    SendingTable,
    TermTable,
)
from everyfamily.core.partnership.partnership_gaps import refuse_gaps
from everyfamily.core.partnership.prices import Prices
from everyfamily.core.partnership.route_hours import RouteHours
from everyfamily.core.partnership.routes import Route
from everyfamily.core.partnership.whose_line import faults_of_lines

DEMO_CHECKER = "demo"
"""Signs for routes in the demonstration. It counts nowhere else."""


class PartnershipNotValid(EveryfamilyError):
    """The partnership's file contradicts itself."""

    code: ClassVar[str] = "EF131"


class PartnerDoesNotSign(EveryfamilyError):
    """The council or the police is not among those who must sign."""

    code: ClassVar[str] = "EF132"


class DemoCheckerOutsideDemo(EveryfamilyError):
    """A real partnership's route was "checked" by the demonstration."""

    code: ClassVar[str] = "EF133"


class NumberNotOfThisLine(EveryfamilyError):
    """A row of the register gives another line's number or address, or one number has two names."""

    code: ClassVar[str] = "EF135"


class RouteUnknown(EveryfamilyError):
    """A text needs a route that the register does not have."""

    code: ClassVar[str] = "EF134"


@dataclass(frozen=True, slots=True)
class Partnership:
    """One partnership, as read from its file, with its drawings."""

    name: str
    nation: str
    area: str
    address: tuple[str, ...]
    site: str
    sender_name: str
    demonstration: bool
    bodies: tuple[Body, ...]
    signatories: tuple[Signatory, ...]
    """Those whose approval every letter needs, in the order in which they sign."""
    enquiries: Enquiries
    reply_mailbox: str
    reply_owner: str
    routes: tuple[Route, ...]
    promises: tuple[Promise, ...]
    year_plan: YearPlan
    sending: Sending
    file: str
    openings: Mapping[str, RouteHours] = field(default_factory=dict)
    """When each route is answered, by its id, if the file says so in days and hours. Only for the parent site: a letter
    prints the words of `Route.hours`, and seals them."""
    leave_to: str = "https://www.bbc.co.uk/weather"
    """Where "Leave this page" leads: a page that anyone might have open."""
    prices: Prices = field(default_factory=Prices)
    reference_prefix: str | None = None
    """How the references of its letters begin ("ES"), or None if the file does not say."""
    from_year: Mapping[str, int] = field(default_factory=dict)
    """From which year group the letters of a pack go out, by its id, if it is not what the pack says."""

    def route(self, route_id: str) -> Route:
        """One row of the register; raises RouteUnknown."""
        for route in self.routes:
            if route.id == route_id:
                return route
        raise RouteUnknown(
            f'The route register has no "{route_id}".',
            f'Add a [[routes]] table with id = "{route_id}".',
            SourceLocation(self.file),
        )


def load_partnership(file: Path) -> Partnership:
    """Read a partnership's file and the drawings next to it.

    Raises TextFileUnreadable, PartnershipHasGaps, TomlNotValid, PartnershipNotValid, PartnerDoesNotSign or
    DemoCheckerOutsideDemo.
    """
    return partnership_from(
        read_text(file, file.name), file.name, lambda name: read_text(file.parent / name, name)
    )


def partnership_from(text: str, file: str, drawing: Callable[[str], str]) -> Partnership:
    """A partnership from the text of its file. `drawing` gives a drawing by its file name, or raises
    TextFileUnreadable. Raises what `load_partnership` raises."""
    refuse_gaps(text, file)
    model, places = parse_toml(PartnershipFile, text, file)
    named = [(("bodies", n, "logo"), body.logo) for n, body in enumerate(model.bodies)]
    named += [(("signatories", n, "signature"), who.signature) for n, who in enumerate(model.signatories)]
    drawings: dict[str, str] = {}
    for path, name in named:
        try:
            drawings[name] = drawing(name)
        except TextFileUnreadable as error:
            raise PartnershipNotValid(
                f"The drawing {name} cannot be used: {error.fact}", error.fix, places.place(path)
            ) from error
    return build_partnership(model, drawings, places)


def build_partnership(model: PartnershipFile, drawings: Mapping[str, str], places: TomlPlaces) -> Partnership:
    """Make a partnership from its file and drawings (file name to SVG text). Raises what `load_partnership` raises."""
    _check(model, places)
    _check_lines(model, places)
    _check_drawings(drawings)
    bodies = tuple(
        Body(
            body.id,
            body.kind,
            body.name,
            body.name_lines,
            drawings[body.logo],
            body.address,
            body.their_reference,
            body.mail_domains,
        )
        for body in model.bodies
    )
    return Partnership(
        name=model.name,
        nation=model.nation,
        area=model.area,
        address=model.address,
        site=model.site,
        sender_name=model.sender_name,
        demonstration=model.demonstration,
        bodies=bodies,
        signatories=_signatories(model, drawings, places),
        enquiries=Enquiries(**model.enquiries.model_dump()),
        reply_mailbox=model.replies.mailbox,
        reply_owner=model.replies.owner,
        routes=tuple(_route(row, places.line(("routes", n))) for n, row in enumerate(model.routes)),
        promises=tuple(
            Promise(row.id, row.agreed_by, row.agreed_on, places.line(("promises", n)))
            for n, row in enumerate(model.promises)
        ),
        year_plan=_year_plan(model, places),
        sending=_sending(model.sending),
        file=places.file,
        openings={row.id: row.opening for row in model.routes if row.opening is not None},
        leave_to=model.site_pages.leave_to,
        prices=_prices(model.prices),
        reference_prefix=model.reference_prefix,
        from_year=dict(model.from_year),
    )


def _signatories(
    model: PartnershipFile, drawings: Mapping[str, str], places: TomlPlaces
) -> tuple[Signatory, ...]:
    rows = {row.id: (n, row) for n, row in enumerate(model.signatories)}
    return tuple(
        Signatory(
            row.id,
            row.body,
            row.name,
            row.title,
            row.organisation,
            drawings[row.signature],
            row.all_keys(),
            places.line(("signatories", n)),
        )
        for n, row in (rows[key] for key in model.required_signatories)
    )


def _route(row: RouteTable, line: int) -> Route:
    return Route(**row.model_dump(exclude={"open", "open_on_bank_holidays"}), line=line)


def _sending(row: SendingTable) -> Sending:
    weekdays = frozenset(WEEKDAYS.index(day) for day in row.days)
    calls, rate = row.calls_a_day, row.calls_per_1000
    return Sending(
        SendingTimes(weekdays, row.opens, row.closes, row.first_days, row.last_days),
        FrontDoor(calls, rate) if calls is not None and rate is not None else None,
        frozenset(row.schools_closed),
        frozenset(row.lines_shut),
        frozenset(row.exam_weeks),
        {one.urn: OwnCalendar(_own_terms(one), frozenset(one.schools_closed)) for one in row.schools},
        row.late_joiners,
    )


def _prices(row: PricesTable) -> Prices:
    return Prices(**{way: Decimal(str(pounds)) for way, pounds in row if pounds is not None})


def _own_terms(row: OwnCalendarTable) -> tuple[Term, ...]:
    return tuple(
        Term(term.season, term.opens_on, term.closes_on, term.half_term_from, term.half_term_to)
        for term in row.terms
    )


def _year_plan(model: PartnershipFile, places: TomlPlaces) -> YearPlan:
    plan = YearPlan(
        tuple(one for n, row in enumerate(model.terms) for one in in_order(_planned(row, ("terms", n), places)))
    )
    for planned, fault in plan.faults():
        raise PartnershipNotValid(
            f"The {planned.term.name} cannot be right: {fault}.",
            "Correct the term, or its letters.",
            SourceLocation(places.file, planned.line),
        )
    return plan


def _planned(row: TermTable, path: tuple[str | int, ...], places: TomlPlaces) -> list[PlannedLetter]:
    """The letters of a term: its own topic, if it has one or no letter at all, and then its [[terms.letters]]."""
    term = Term(row.season, row.opens_on, row.closes_on, row.half_term_from, row.half_term_to)
    own = [(row, path)] if row.has_letter or not row.letters else []
    rows = [*own, *((one, (*path, "letters", n)) for n, one in enumerate(row.letters))]
    return [
        PlannedLetter(term, one.topic, one.about, one.send_week, places.line(at), number, one.beside)
        for number, (one, at) in enumerate(rows, start=1)
    ]


def _check(model: PartnershipFile, places: TomlPlaces) -> None:
    for table in ("bodies", "signatories", "routes", "promises"):
        _check_unique(table, [row.id for row in getattr(model, table)], places)
    bodies = {body.id: body.kind for body in model.bodies}
    for n, row in enumerate(model.signatories):
        if row.body not in bodies:
            raise PartnershipNotValid(
                f'The signatory "{row.id}" signs for "{row.body}", which is not a body here.',
                "Use the id of one of the [[bodies]].",
                places.place(("signatories", n, "body")),
            )
    signs_for = {row.id: bodies[row.body] for row in model.signatories}
    for key in model.required_signatories:
        if key not in signs_for:
            raise PartnershipNotValid(
                f'The required signatory "{key}" is not among the [[signatories]].',
                "Add the person, or correct the id.",
                places.place(("required_signatories",)),
            )
    _check_unique("required_signatories", list(model.required_signatories), places)
    own_keys = {row.id: row.all_keys() for row in model.signatories}
    if fault := fault_of_keys(own_keys, demonstration=model.demonstration):
        raise PartnershipNotValid(*fault, places.place(("signatories",)))
    required = {signs_for[key] for key in model.required_signatories}
    for kind, name in (("police", "the police"), ("council", "the council")):
        if kind not in required:
            raise PartnerDoesNotSign(
                f"Nobody from {name} is among the required signatories.",
                f"Name a signatory of {name} in required_signatories: no letter goes out without them.",
                places.place(("required_signatories",)),
            )
    if not model.demonstration:
        _check_nobody_is_demo(model, places)


def _check_unique(table: str, keys: list[str], places: TomlPlaces) -> None:
    for n, key in enumerate(keys):
        if key in keys[:n]:
            raise PartnershipNotValid(
                f'"{key}" is twice in {table}.', "Give each its own id.", places.place((table, n, "id"))
            )


def _check_nobody_is_demo(model: PartnershipFile, places: TomlPlaces) -> None:
    for n, row in enumerate(model.routes):
        if row.checked_by is not None and row.checked_by.casefold() == DEMO_CHECKER:
            raise DemoCheckerOutsideDemo(
                f'The route "{row.id}" was checked by "{DEMO_CHECKER}", which counts only in the demonstration.',
                "Ring or open it yourself, then write your role and the day. "
                "When you compose a letter, everything else that is still the demonstration's is named.",
                places.place(("routes", n, "checked_by")),
            )


def _check_lines(model: PartnershipFile, places: TomlPlaces) -> None:
    for fault in faults_of_lines(_route(row, 1) for row in model.routes):
        raise NumberNotOfThisLine(fault.fact, fault.fix, places.place(("routes", fault.row, fault.key)))


def _check_drawings(drawings: Mapping[str, str]) -> None:
    for name, svg in drawings.items():
        if fault := fault_of_drawing(svg):
            raise PartnershipNotValid(f"The drawing {fault.fact}.", fault.fix, SourceLocation(name, fault.line))
