"""The few words in a letter that no pack has: "Date", "Please turn over", "Signature of …". There is one set for each
language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    """Furniture of a letter. `{}` is filled with the one value that belongs there."""

    tag: str
    language: str
    """The language's own name."""
    date: str
    our_reference: str
    kinds: Mapping[str, str]
    """Names of the kinds of bodies, before each body's own reference."""
    questions: str
    through: str
    to: str
    school: str
    own_number: str
    turn_over: str
    end: str
    page_of: str
    blank: str
    review: str
    code: str
    logo: str
    card: tuple[str, str, str]
    """Headings over the numbers: who, the number, when."""
    rather_write: str
    text_to: str
    signature: str
    demonstration: str
    demonstration_line: str
    on_duty: str = "{}, on duty today (name, telephone):"
    """On the press lines, where somebody writes it by hand."""
    or_above: str = "{} or above"
    or_below: str = "{} or below"
    older: str = "If you have a child in {}"
    younger: str = "If your children are all in {}"
    """Above the two versions of a letter, where both can be read. The year groups come from the two before."""


LABELS: Mapping[str, Labels] = {
    "en": Labels(
        tag="en",
        language="English",
        date="Date",
        our_reference="Our reference",
        kinds={"council": "Council", "police": "Police", "health": "Health", "other": "Partner"},
        questions="Questions about this letter only",
        through="Sent to you through",
        to="The parent or carer",
        school="your child’s school",
        own_number="on the number you already have",
        turn_over="Page 1 of 2. Please turn over",
        end="Page 2 of 2. End of letter",
        page_of="Page {} of {}",
        blank="This page is left blank.",
        review="Review date: {}",
        code="Code for the web page {}. It is the same for everyone.",
        logo="Logo of {}",
        card=("Who", "Number", "When"),
        rather_write="Rather write?",
        text_to="text {}",
        signature="Signature of {}",
        demonstration="Demonstration",
        demonstration_line="Demonstration: {} and everyone named here are invented.",
    )
}


def labels_for(language: str) -> Labels:
    """Labels of a language, or English if there are none yet."""
    return LABELS.get(language, LABELS["en"])
