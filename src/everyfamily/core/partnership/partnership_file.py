"""The partnership's TOML file, key by key, as a council officer writes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import WEEKDAYS, Weekday
from everyfamily.core.calendar.year_groups import EVERY_YEAR, LAST_YEAR
from everyfamily.core.calendar.year_plan import MOST_IN_A_TERM
from everyfamily.core.files.toml_files import StrictModel, like
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.partnership.key_tables import ApprovalKeyTable, PublicKey
from everyfamily.core.partnership.open_domains import MailDomain
from everyfamily.core.partnership.route_hours import DAY, RouteHours, Span

_KEY = r"^[a-z][a-z0-9-]*$"
Key = Annotated[
    str,
    Field(json_schema_extra={"pattern": _KEY}),
    AfterValidator(like(_KEY, "write small letters, digits and hyphens, such as child-sexual-exploitation")),
]
Line = Annotated[str, Field(max_length=60)]
_ADDRESS = r"^[a-z0-9][a-z0-9.-]+\.[a-z]+(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?$"
Address = Annotated[
    str,
    Field(json_schema_extra={"pattern": _ADDRESS}, max_length=60),
    AfterValidator(like(_ADDRESS, "write the address as it is printed, without https://, in small letters")),
]
"""The address of a page, as printed: without a scheme, and short."""
_NUMBER = r"^([0-9][0-9 ]{1,14}[0-9]|\(\(school number\)\))$"
Number = Annotated[
    str,
    Field(json_schema_extra={"pattern": _NUMBER}),
    AfterValidator(like(_NUMBER, "write the number as it is printed: digits in groups with spaces")),
]
"""As printed: digits in groups with spaces, or `((school number))` for the row that each school fills in."""
_DRAWING = r"^[A-Za-z0-9][A-Za-z0-9._-]*\.svg$"
Drawing = Annotated[
    str,
    Field(json_schema_extra={"pattern": _DRAWING}),
    AfterValidator(
        like(
            _DRAWING,
            "it must be an SVG file next to this one, such as logo-council.svg. A picture (PNG, JPG) blurs in "
            "print. Your communications team has the logo as an SVG, and a signature can be traced into one",
        )
    ),
]
"""Name of an SVG file next to the partnership's file."""


_SENDER = r"^[A-Za-z0-9][A-Za-z0-9 ]{1,9}[A-Za-z0-9]$"
SenderName = Annotated[
    str,
    Field(json_schema_extra={"pattern": _SENDER}),
    AfterValidator(like(_SENDER, "write 3 to 11 letters, digits or spaces, without accents or other marks")),
]
_PREFIX = r"^[A-Z]{2,3}$"
ReferencePrefix = Annotated[
    str,
    Field(json_schema_extra={"pattern": _PREFIX}),
    AfterValidator(like(_PREFIX, "write two or three capital letters, such as NM")),
]


def _mailbox(value: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # only a file that is read needs it

    try:
        validate_email(value, check_deliverability=False, test_environment=value.endswith(".example"))
    except EmailNotValidError as error:
        raise ValueError("it is not an email address") from error
    return value


Mailbox = Annotated[str, AfterValidator(_mailbox)]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


class BodyTable(StrictModel):
    """[[bodies]]: an organisation that writes."""

    id: Key
    kind: Literal["council", "police", "health", "other"]
    name: str
    name_lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=2)]
    logo: Drawing
    address: tuple[Line, ...] = ()
    their_reference: Line | None = None
    mail_domains: Annotated[tuple[MailDomain, ...], Field(max_length=10)] = ()


class SignatoryTable(StrictModel):
    """[[signatories]]: a person who signs for a body."""

    id: Key
    body: Key
    name: Line
    title: Line
    organisation: Line
    signature: Drawing
    public_key: PublicKey | None = None
    keys: Annotated[tuple[ApprovalKeyTable, ...], Field(max_length=10)] = ()
    """Passkeys and further key files."""

    def all_keys(self) -> tuple[ApprovalKey, ...]:
        """Every key that this person approves with."""
        own = () if self.public_key is None else (ApprovalKey.of_file(self.public_key),)
        return (*own, *(row.key() for row in self.keys))


class EnquiriesTable(StrictModel):
    """[enquiries]: the role that answers questions about the letter, and never a person's direct line."""

    role: Line
    number: Number
    hours: Line
    mailbox: Mailbox


class RepliesTable(StrictModel):
    """[replies]: the mailbox for replies to emails and texts, and the role that reads it."""

    mailbox: Mailbox
    owner: Line


class OpenTable(StrictModel):
    """[[routes.open]]: days and hours at which a route is answered. `until` 00:00 means midnight."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    opens: time
    until: time


class RouteTable(StrictModel):
    """[[routes]]: one row of the route register."""

    id: Key
    need: Line
    label: Line
    hours: Line
    owner: Line
    number: Number | None = None
    url: Address | None = None
    checked_on: date | None = None
    checked_by: Line | None = None
    expires_on: date | None = None
    dead_since: date | None = None
    topics: tuple[Key, ...] = ()
    form: Address | None = None
    email: Mailbox | None = None
    text: Number | None = None
    hours_confirmed_on: date | None = None
    hours_confirmed_by: Line | None = None
    open: Literal["any time"] | Annotated[tuple[OpenTable, ...], Field(min_length=1)] | None = None
    open_on_bank_holidays: bool = True
    belongs_to: Annotated[Key | None, Field(alias="line")] = None
    same_number_as: Key | None = None
    owner_email: Mailbox | None = None

    @property
    def opening(self) -> RouteHours | None:
        """When it is answered, for the parent site. None if the file does not say it in days and hours."""
        if self.open is None:
            return None
        if isinstance(self.open, str):
            return RouteHours()
        spans = [
            Span(WEEKDAYS.index(day), _minutes(row.opens), _minutes(row.until) or DAY)
            for row in self.open
            for day in row.days
        ]
        return RouteHours(tuple(sorted(spans)), self.open_on_bank_holidays)

    @model_validator(mode="after")
    def is_open_at_some_time(self) -> RouteTable:
        if self.opening is not None and (faults := self.opening.faults()):
            raise ValueError(faults[0])
        return self

    @model_validator(mode="after")
    def leads_somewhere(self) -> RouteTable:
        if (self.number is None) == (self.url is None):
            raise ValueError("a route has either a number or a url")
        if (self.checked_on is None) != (self.checked_by is None):
            raise ValueError("checked_on and checked_by belong together")
        if (self.hours_confirmed_on is None) != (self.hours_confirmed_by is None):
            raise ValueError("hours_confirmed_on and hours_confirmed_by belong together")
        return self

    @model_validator(mode="after")
    def says_the_same_hours_twice(self) -> RouteTable:
        if self.opening is not None and not self.opening.agrees_with(self.hours):
            raise ValueError(f"hours says something other than open, which is: {self.opening.in_words()}")
        return self


class PromiseTable(StrictModel):
    """[[promises]]: a sentence that only local managers can make true, and who agreed to it and when."""

    id: Key
    agreed_by: str
    agreed_on: date


class PlannedTable(StrictModel):
    """[[terms.letters]]: one letter of a term. `beside` names the topic of the full letter that a short one goes
    with."""

    topic: Key | None = None
    about: str | None = None
    send_week: date | None = None
    beside: Key | None = None


class TermTable(PlannedTable):
    """[[terms]]: one term of the year plan. Its own topic is the term's first letter; more are in its letters."""

    season: Literal["autumn", "spring", "summer"]
    opens_on: date
    closes_on: date
    half_term_from: date
    half_term_to: date
    letters: Annotated[tuple[PlannedTable, ...], Field(max_length=MOST_IN_A_TERM - 1)] = ()

    @property
    def has_letter(self) -> bool:
        """Whether the term itself says something about a letter."""
        return any((self.topic, self.about, self.send_week, self.beside))


class OwnTermTable(StrictModel):
    """[[sending.schools.terms]]: one term of a school that has different days from the area."""

    season: Literal["autumn", "spring", "summer"]
    opens_on: date
    closes_on: date
    half_term_from: date
    half_term_to: date

    @model_validator(mode="after")
    def can_be(self) -> OwnTermTable:
        faults = Term(self.season, self.opens_on, self.closes_on, self.half_term_from, self.half_term_to).faults()
        if faults:
            raise ValueError(faults[0])
        return self


class OwnCalendarTable(StrictModel):
    """[[sending.schools]]: a school that has different days from the area."""

    urn: Annotated[int, Field(ge=1, le=9_999_999)]
    schools_closed: tuple[date, ...] = ()
    terms: tuple[OwnTermTable, ...] = ()


class SendingTable(StrictModel):
    """[sending]: on which days and at which hours letters are sent, and what the front door can take."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = ("Monday", "Tuesday", "Wednesday")
    opens: time = time(9)
    closes: time = time(12)
    first_days: Annotated[int, Field(ge=0, le=20)] = 2
    last_days: Annotated[int, Field(ge=0, le=20)] = 5
    calls_a_day: Annotated[int, Field(ge=1, le=100_000)] | None = None
    calls_per_1000: Annotated[float, Field(gt=0, le=1000)] | None = None
    schools_closed: tuple[date, ...] = ()
    lines_shut: tuple[date, ...] = ()
    exam_weeks: tuple[date, ...] = ()
    late_joiners: Literal["off", "half-term"] = "off"
    schools: tuple[OwnCalendarTable, ...] = ()

    @model_validator(mode="after")
    def can_be(self) -> SendingTable:
        if self.opens >= self.closes:
            raise ValueError("opens is not before closes")
        if (self.calls_a_day is None) != (self.calls_per_1000 is None):
            raise ValueError("calls_a_day and calls_per_1000 belong together")
        if len({school.urn for school in self.schools}) < len(self.schools):
            raise ValueError("a school is twice in [[sending.schools]]")
        return self


Pounds = Annotated[float, Field(ge=0, le=100)]


class PricesTable(StrictModel):
    """[prices]: what one message costs, in pounds, for the year's report."""

    email: Pounds | None = None
    text: Pounds | None = None
    post: Pounds | None = None
    paper: Pounds | None = None


class SiteTable(StrictModel):
    """[site_pages]: what only the parent site needs."""

    leave_to: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+\.[a-z]+(/[A-Za-z0-9/_-]*)?$")] = (
        "https://www.bbc.co.uk/weather"
    )


class PartnershipFile(StrictModel):
    """The whole file."""

    name: Line
    nation: Literal["England", "Wales", "Scotland", "Northern Ireland"]
    area: Line
    address: Annotated[tuple[Line, ...], Field(min_length=1, max_length=4)]
    site: Address
    sender_name: SenderName
    reference_prefix: ReferencePrefix | None = None
    demonstration: bool = False
    required_signatories: Annotated[tuple[Key, ...], Field(min_length=1)]
    bodies: Annotated[tuple[BodyTable, ...], Field(min_length=1, max_length=3)]
    signatories: Annotated[tuple[SignatoryTable, ...], Field(min_length=1, max_length=3)]
    enquiries: EnquiriesTable
    replies: RepliesTable
    routes: Annotated[tuple[RouteTable, ...], Field(min_length=1)]
    promises: tuple[PromiseTable, ...] = ()
    terms: Annotated[tuple[TermTable, ...], Field(min_length=1)]
    from_year: Mapping[Key, Annotated[int, Field(ge=EVERY_YEAR, le=LAST_YEAR)]] = Field(default_factory=dict)
    """From which year group a topic's letter goes out, by the id of its pack, if it is not what the pack says."""
    sending: SendingTable = SendingTable()
    site_pages: SiteTable = SiteTable()
    prices: PricesTable = PricesTable()

    @model_validator(mode="after")
    def leaves_the_site(self) -> PartnershipFile:
        if self.site_pages.leave_to.removeprefix("https://").partition("/")[0] == self.site.partition("/")[0]:
            raise ValueError("leave_to leads to the parent site itself")
        return self
