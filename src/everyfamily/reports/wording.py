"""The words of a coverage report: days, kinds of school, outcomes. In one place for the page, the file and the
terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from everyfamily.core.accounting.account_record import ShownNews
from everyfamily.core.accounting.coverage import NextAction, Outcome
from everyfamily.core.accounting.published import Disclosed, SchoolLine, Standing
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.text.dates import day_in_words

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.REACHED: "Reached",
    Outcome.ACCEPTED: "Accepted",
    Outcome.TOLD_BY_TEXT: "Told by text",
    Outcome.ON_ITS_WAY: "On its way",
    Outcome.NOT_REACHED: "Not reached",
}
MEANINGS: Mapping[Outcome, str] = {
    Outcome.REACHED: "At least one adult has the whole letter. A delivery service or the school said so.",
    Outcome.ACCEPTED: "Taken in, and nothing came back: email 72 hours, post 14 days. That is not proof it arrived.",
    Outcome.TOLD_BY_TEXT: "Has a text with our web address. Not the whole letter.",
    Outcome.ON_ITS_WAY: "Sent and waited for, or has a date to be sent.",
    Outcome.NOT_REACHED: "Each has a reason below.",
}
ON_THE_WAY_TO_REACHED: Mapping[Outcome, NextAction] = {
    Outcome.ACCEPTED: NextAction(
        "Taken in, nothing came back", "paper home with the child, if the school wishes", "school leads", None
    ),
    Outcome.TOLD_BY_TEXT: NextAction(
        "Only a mobile number works", "paper home with the child", "school leads", 3
    ),
    Outcome.ON_ITS_WAY: NextAction(
        "Waits for a carrier, a date or a school’s word",
        "none for most; a school hands out its paper",
        "no one",
        None,
    ),
}
"""What happens with the outcomes that are neither reached nor not reached."""
SETTLES_BY_ITSELF = NextAction("Waits for a carrier or a date", "none: settles by itself", "no one", None)
PAPER_AT_SCHOOL = NextAction("Its copy is at school", "hand the copy to the child, and say so", "school leads", 5)
"""What happens with one child that is on its way: paper waits until a teacher has handed it out."""

STANDINGS: Mapping[Standing, str] = {
    Standing.COUNTED: "",
    Standing.PLANNED: "Not begun: its day is set",
    Standing.HELD: "Held: not attested",
    Standing.PAUSED: "Paused",
    Standing.RETURN_MISSING: "Return not in",
    Standing.RETURN_TO_LOOK_AT: "Return to look at",
    Standing.ROLL_MISSING: "Roll not in",
}
_KINDS = {
    "state primary": "Primary",
    "state secondary": "Secondary",
    "all-through": "All-through",
    "pru": "Alternative provision",
    "home educated": "Council’s list",
    "educated elsewhere": "Council’s list",
    "missing education": "Council’s list",
}
SENDS = {"us": "we send", "school": "school sends"}


def long_day(day: date) -> str:
    """ "Tuesday 23 March 2027"."""
    return f"{_DAYS[day.weekday()]} {day_in_words(day)}"


def short_day(day: date) -> str:
    """ "Fri 26 March"."""
    return f"{_DAYS[day.weekday()][:3]} {day_in_words(day).rsplit(' ', 1)[0]}"


def moment(at: datetime) -> str:
    """ "Tuesday 23 March 2027, 06:00", in London time."""
    local = at.astimezone(LONDON)
    return f"{long_day(local.date())}, {local:%H:%M}"


def weekday_after(day: date, days: int) -> date:
    """The weekday that comes `days` weekdays after `day`; a Saturday or Sunday counts as the Monday that follows."""
    while day.weekday() >= 5:
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def by_when(action: NextAction, today: date, term_ends: date | None) -> str:
    """ "Today", "Fri 26 March", "End of term" or "No date". Nothing is asked of a school after its term has ended."""
    if action.owner == "no one":
        return "No date"
    if action.days is None:
        return "End of term"
    day = weekday_after(today, action.days)
    if term_ends is not None and today <= term_ends < day:
        day = term_ends
    return "Today" if day == today else short_day(day)


def news_sentence(news: ShownNews) -> str:
    """ "Reached on 8 March: 41,200 as shown then; 41,217 with what was heard since." """
    parts = []
    if news.gained:
        before = " and ".join(f"{number:,} {_WERE[outcome]}" for outcome, number in news.came_from)
        parts.append(f"{news.gained:,} more{f' ({before})' if before else ''}")
    if news.lost:
        parts.append(f"{news.lost:,} fewer, whose letter had come back")
    day = day_in_words(news.of).rsplit(" ", 1)[0]
    why = f": {', and '.join(parts)}" if parts else ""
    return f"Reached on {day}: {news.said} as shown then; {news.known_now} with what was heard since{why}."


_WERE = {
    Outcome.ACCEPTED: "counted as accepted",
    Outcome.TOLD_BY_TEXT: "as told by text",
    Outcome.ON_ITS_WAY: "as on their way",
    Outcome.NOT_REACHED: "as not reached",
}


def kind_in_words(kind: str) -> str:
    """The kind of a school, as a reader of the page calls it."""
    return _KINDS.get(kind, kind[:1].upper() + kind[1:])


def about_line(line: SchoolLine) -> str:
    """ "Primary · we send"."""
    return " · ".join(word for word in (kind_in_words(line.kind), SENDS.get(line.sends, "")) if word)


def still_to_reach(line: SchoolLine) -> str:
    """ "60 to 120 children not yet" and similar, only from what the line says."""
    between = line.still_to_reach
    if line.about is None:
        return "counted with the small schools"
    if line.standing is Standing.HELD:
        return "nothing sent yet"
    if line.standing in (Standing.PLANNED, Standing.ROLL_MISSING):
        return "nothing sent yet"
    if between is None or line.band is None:
        return "no figure yet" if line.standing is Standing.RETURN_MISSING else "no figure shown"
    if between[0] == 0:
        return f"up to {between[1]:,} children not yet"
    if between[0] == between[1]:
        return f"about {between[1]:,} children not yet"
    return f"{between[0]:,} to {between[1]:,} children not yet"


def for_whom(shown: Disclosed) -> str:
    """Whom a letter from a year group is for, and how many children it is not for. Blank if it is for every child."""
    years = from_year_in_words(shown.from_year)
    if not years or shown.too_young is None:
        return ""
    others = f"{sentence_case(str(shown.too_young))} other children are on rolls"
    return (
        f"This letter is for children {years}. {others}: this letter is not for their year, and they are in none of "
        "these figures."
    )


def not_for_their_year(years: str, others: int) -> str:
    """The same for one school's own people: `years` is "in Year 6 or above", or blank if it is for every child."""
    if not years:
        return ""
    on_roll = f"{count(others, 'other child is', 'other children are')} on your roll"
    return (
        f"This letter is for children {years}. {on_roll}: this letter is not for their year."
        if others
        else (f"This letter is for children {years}.")
    )


def on_roll(from_year: int) -> str:
    """What the sum of the outcomes is called."""
    return "On roll for this letter" if from_year else "On roll"


def not_counted(from_year: int) -> str:
    """Why a school or list is in no figure."""
    years = from_year_in_words(from_year)
    if years:
        return f"until a roll or a return is in, it is not known how many of the children are {years}"
    return "their number is not known"


def count(number: int, one: str, many: str) -> str:
    """ "1 school", "3 schools"."""
    return f"{number:,} {one if number == 1 else many}"


def sentence_case(words: str) -> str:
    """The text with a capital first letter and typeset apostrophes."""
    return (words[:1].upper() + words[1:]).replace("'", "’")
