"""A year of letters: what each one's published account says, their sum, and what they cost. Pure.

It is made only from published figures (published.py), so it says nothing that was not shown before. Messages are to the
nearest 10 for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from everyfamily.core.accounting.coverage import Outcome, to_ten
from everyfamily.core.accounting.letter_review import Review
from everyfamily.core.accounting.published import Disclosed, Figure
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.partnership.prices import Prices
from everyfamily.core.sending.fallback import AttemptStatus, Channel

_NEVER_LEFT = frozenset({AttemptStatus.CREATED, AttemptStatus.SENDING, AttemptStatus.REFUSED})


@dataclass(frozen=True, slots=True)
class LetterOfYear:
    """One letter that began in the year."""

    reference: str
    title: str
    term: str
    begun_on: date
    state: str
    """open, paused, withdrawn or closed."""
    as_of: date
    """The day of its account."""
    children: Figure
    outcomes: Mapping[Outcome, Figure]
    messages: Mapping[Channel, int]
    """Handed to carriers, to the nearest 10."""
    schools_that_send: int = 0
    """Schools that send it themselves and file a return."""
    returns_in: int = 0
    follows: str = ""
    """The reference of the letter that it follows."""
    follows_as: str = ""
    """"correction" or "replacement"; blank for a letter of its own."""
    is_replaced: bool = False
    """A replacement of it is among the year's letters, whose account has all of its children."""
    why_stopped: str = ""
    review: Review = field(default_factory=Review)
    """What was recorded of it afterwards."""
    from_year: int = EVERY_YEAR
    """The first year group that it is offered to."""

    @property
    def counts(self) -> bool:
        """Whether the year's sum has it: each letter to every family once. A correction's children are among those of
        another letter, and so are a replaced letter's."""
        return self.follows_as in ("", "replacement") and not self.is_replaced

    @property
    def is_withdrawn(self) -> bool:
        """It was stopped for good."""
        return self.state == "withdrawn"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One channel over the year. `pounds` is None if nobody has said its price."""

    channel: Channel
    messages: int
    price: Decimal | None

    @property
    def pounds(self) -> Decimal | None:
        """What the messages cost together."""
        return None if self.price is None else self.price * self.messages


@dataclass(frozen=True, slots=True)
class YearReport:
    """All letters of a year, in the order in which they began."""

    year: AcademicYear
    letters: tuple[LetterOfYear, ...]
    prices: Prices = field(default_factory=Prices)

    @property
    def counted(self) -> tuple[LetterOfYear, ...]:
        """Those that the sum has."""
        return tuple(one for one in self.letters if one.counts)

    @property
    def others(self) -> tuple[LetterOfYear, ...]:
        """Corrections, and letters that were replaced."""
        return tuple(one for one in self.letters if not one.counts and one.follows_as != "joiners")

    @property
    def joiners(self) -> tuple[LetterOfYear, ...]:
        """Mailings to families of children who joined later."""
        return tuple(one for one in self.letters if one.follows_as == "joiners")

    @property
    def children(self) -> Figure:
        """The sum of the rolls of all letters: a child who had five letters to come is in it five times."""
        return summed(one.children for one in self.counted)

    @property
    def outcomes(self) -> dict[Outcome, Figure]:
        """The sum of each outcome."""
        return {outcome: summed(one.outcomes[outcome] for one in self.counted) for outcome in Outcome}

    @property
    def costs(self) -> tuple[CostLine, ...]:
        """Every channel that carried something, over all letters, also corrections."""
        messages = {way: sum(one.messages.get(way, 0) for one in self.letters) for way in Channel}
        return tuple(CostLine(way, count, price_of(self.prices, way)) for way, count in messages.items() if count)

    @property
    def cost(self) -> Decimal | None:
        """All of it in pounds, or None while a price is missing."""
        known = [line.pounds for line in self.costs]
        return None if None in known else sum((one for one in known if one is not None), Decimal(0))

    def cost_of(self, letter: LetterOfYear) -> Decimal | None:
        """What one letter's messages cost, or None while a price is missing."""
        found = Decimal(0)
        for way, count in letter.messages.items():
            price = price_of(self.prices, way)
            if count and price is None:
                return None
            found += (price or 0) * count
        return found


def letter_of_year(shown: Disclosed, messages: Mapping[str, Mapping[str, int]], **about: object) -> LetterOfYear:
    """A letter with its published account. `messages` are channel -> status -> count, and `about` the other fields."""
    left = {
        Channel(way): to_ten(sum(count for status, count in counts.items() if status not in _NEVER_LEFT))
        for way, counts in messages.items()
    }
    counted = {"children": shown.children, "outcomes": shown.outcomes, "from_year": shown.from_year}
    return LetterOfYear(messages=left, **counted, **about)  # type: ignore[arg-type]


def summed(figures: Iterable[Figure]) -> Figure:
    """A sum, exact only if each part is."""
    parts: Sequence[Figure] = list(figures)
    return Figure(sum(one.number for one in parts), all(one.exact for one in parts))


def price_of(prices: Prices, way: Channel) -> Decimal | None:
    """The price of one message."""
    return {
        Channel.EMAIL: prices.email,
        Channel.TEXT: prices.text,
        Channel.POST: prices.post,
        Channel.PUPIL_POST: prices.paper,
    }[way]
