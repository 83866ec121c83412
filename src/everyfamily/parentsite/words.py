"""Labels of the furniture that are not written in the templates: pages, needs and seasons, by their names."""

from __future__ import annotations

from collections.abc import Mapping


def N_(words: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark words for the catalogue. They are translated where they are shown."""
    return words


NAVIGATION: Mapping[str, str] = {
    "letter": N_("The letter"),
    "signs": N_("Signs"),
    "noticed": N_("What have you noticed?"),
    "talk": N_("Talk"),
    "call": N_("When you call"),
    "genuine": N_("Is it genuine?"),
}
"""The pages in the bar at the top, in its order."""

FOOT: Mapping[str, str] = {
    "letters": N_("All letters"),
    "easy": N_("In short sentences"),
    "large": N_("Large print"),
    "young": N_("Are you under 19?"),
    "leaving": N_("Leaving these pages"),
    "privacy": N_("Privacy"),
    "accessibility": N_("Accessibility"),
}
"""The pages at the foot, in its order."""

NEEDS: Mapping[str, str] = {
    "emergency": N_("In danger now"),
    "local": N_("The children’s team"),
    "police": N_("Police, if it can wait"),
    "school": N_("Your child’s school"),
    "adults": N_("NSPCC, for any adult"),
    "children": N_("Under 19? Childline"),
    "online": N_("It happened online"),
    "survivors": N_("Did this happen to you?"),
}
"""When a family uses a route, for languages other than English: the register's own words are English."""

TERMS: Mapping[str, str] = {
    "autumn": N_("Autumn term {year}"),
    "spring": N_("Spring term {year}"),
    "summer": N_("Summer term {year}"),
}
"""By the first part of a term's address."""
