"""The sentences of a year's report, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.letter_review import ALWAYS_TOLD, CHANGES, QUESTIONS
from everyfamily.core.accounting.year_report import CostLine, LetterOfYear, YearReport, summed
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.name_lists import joined_names

HOW_COUNTED = (
    "A child on a roll counts once for each letter that is for its year. Figures are those of a letter’s last account.",
    "Reached: at least one adult has the whole letter, and a delivery service or the school said so.",
    "Accepted: taken in, and nothing came back. Told by text: a text with our web address, not the letter.",
    "Messages are counted to the nearest 10. Figures with “about” are to the nearest 10 as well, and need not add up.",
)
_NOUNS: Mapping[Channel, str] = {
    Channel.EMAIL: "email",
    Channel.TEXT: "text message",
    Channel.POST: "posted letter",
    Channel.PUPIL_POST: "paper copy",
}
_PRICES: Mapping[Channel, str] = {
    Channel.EMAIL: "email",
    Channel.TEXT: "text",
    Channel.POST: "post",
    Channel.PUPIL_POST: "paper",
}
"""What the price is called in [prices] of the partnership's file."""


def heading(report: YearReport) -> str:
    """ "5 letters in 2026-27"."""
    return f"{of(len(report.counted), 'letter') if report.counted else 'No letter'} in {report.year}"


def summary(report: YearReport) -> str:
    """What the letters came to together, in a sentence or two."""
    if not report.counted:
        return "No letter to every family has gone out in this year."
    reached, due = report.outcomes[Outcome.REACHED], report.children
    words = f"Counted letter by letter, {reached} of {due} times a child has an adult with the whole letter, confirmed."
    return words + (f" That is {reached.number * 100 // due.number} in every 100." if due.number else "")


def also(letter: LetterOfYear) -> str:
    """What became of a letter and which children it is for, in sentences. Blank if there is nothing to say."""
    years = from_year_in_words(letter.from_year)
    return " ".join(filter(None, (f"Only for children {years}." if years else "", _became(letter))))


def _became(letter: LetterOfYear) -> str:
    if letter.is_replaced:
        return f"Withdrawn{_because(letter)}. Another letter took its place."
    if letter.is_withdrawn:
        return f"Withdrawn{_because(letter)}. Nothing took its place."
    if letter.follows_as == "correction":
        return f"Correction of {letter.follows}, to those who had it."
    if letter.follows_as == "joiners":
        return "To families of children who joined since. The children are not in the sum."
    if letter.follows_as == "replacement":
        return f"In place of {letter.follows}. Its figures include that letter’s correction."
    return f"After {letter.follows}." if letter.follows else ""


def _because(letter: LetterOfYear) -> str:
    return f": {letter.why_stopped.rstrip('.')}" if letter.why_stopped else ""


def joiners(report: YearReport) -> str:
    """What families of late joiners got, as a sentence. Blank if no letter went to them."""
    if not report.joiners:
        return ""
    reached = summed(one.outcomes[Outcome.REACHED] for one in report.joiners)
    children = summed(one.children for one in report.joiners)
    return (
        f"Families of children who joined later got a letter in {of(len(report.joiners), 'mailing')}: {reached} of "
        f"{children} times such a child has an adult with it, confirmed. They are not in the sum."
    )


def returns(report: YearReport) -> list[str]:
    """Which letters' returns are in, in sentences. None if no school sends a letter itself. A withdrawn letter's are
    not asked for."""
    asked = [one for one in report.counted if one.schools_that_send and not one.is_withdrawn]
    late = [one for one in asked if one.returns_in < one.schools_that_send]
    if asked and not late:
        return ["Every school that sends the letters itself has filed its returns."]
    return [
        f"{one.reference}: {one.returns_in} of {of(one.schools_that_send, 'school')} that send it themselves filed a "
        "return. The children of the others count as not reached, if it is known how many they are."
        for one in late
    ]


def reviewed(letter: LetterOfYear) -> list[str]:
    """What is known of a letter afterwards, in sentences: calls, parents, what to change. Empty if nothing is."""
    one, found = letter.review, []
    if one.all_calls is not None:
        weeks = len({week for _, week in one.calls})
        doors = ", ".join(f"{count:,} to the {door} line" for door, count in one.by_door().items())
        found.append(f"{of(one.all_calls, 'call')} because of it in {of(weeks, 'week')}: {doors}.")
    if one.parents:
        said = [
            f"{one.answers[name][choice]} {words}"
            for name, question in QUESTIONS.items()
            for n, (choice, words) in enumerate(question.choices.items())
            if n == 0 or (choice in ALWAYS_TOLD.get(name, ()) and one.answers[name][choice])
        ]
        found.append(f"Of {of(one.parents, 'parent')} asked, {', '.join(said)}.")
    if one.changes:
        found.append(f"To change: {', '.join(CHANGES[change] for change in one.changes)}.")
    return found


def reviews(report: YearReport) -> str:
    """How many letters were reviewed, as a sentence."""
    done = sum(one.review.is_complete for one in report.counted)
    if not done:
        return "No letter has been reviewed yet: nobody has counted calls, asked parents and said what to change."
    return f"{done} of {of(len(report.counted), 'letter')} {'was' if done == 1 else 'were'} reviewed afterwards."


def cost_line(line: CostLine) -> str:
    """ "about 12,340 emails at £0.0012: £15"."""
    count = f"about {of(line.messages, _NOUNS[line.channel])}".replace("copys", "copies")
    return count if line.pounds is None else f"{count} at £{line.price}: {pounds(line.pounds)}"


def cost(report: YearReport) -> str:
    """What the year cost in a sentence."""
    if not report.costs:
        return "No message went through a carrier, so none was paid for."
    if report.cost is not None:
        return f"Messages cost about {pounds(report.cost)}. Nobody’s working time is in this."
    missing = joined_names([_PRICES[line.channel] for line in report.costs if line.pounds is None])
    return f"What it cost is not known: the partnership’s file has no price for {missing}."


def pounds(amount: Decimal | None) -> str:
    """ "£1,240", "under £1", "not known"."""
    if amount is None:
        return "not known"
    return f"£{amount:,.0f}" if amount >= 1 or not amount else "under £1"


def name_of(letter: LetterOfYear) -> str:
    """ "22 September 2026, Children and strangers online"."""
    return f"{day_in_words(letter.begun_on)}, {letter.title}"
