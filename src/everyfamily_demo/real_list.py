"""Reads the real list of one authority's state schools: phase, type and roll. Names are not used any further.

Source: Department for Education, pupil premium 2021 (Open Government Licence v3); see data/ATTRIBUTION.md.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Phase = Literal["primary", "secondary", "all-through", "special", "pru", "college"]

LIST_FILE = "liverpool_341_state_schools_2021_OGL.csv"

_TYPES: dict[str, Phase] = {
    "Pupil Referral Unit": "pru",
    "AP Academy": "pru",
    "Special": "special",
    "Non-maintained special school": "special",
}
_PHASE_WORDS: tuple[tuple[re.Pattern[str], Phase], ...] = (
    (re.compile(r"sixth form", re.I), "college"),
    (re.compile(r"\b(primary|infants?|junior|nursery)\b", re.I), "primary"),
    (re.compile(r"\b(high school|academy|utc|studio|girls' college)\b", re.I), "secondary"),
)
# The list's words for a type, if GIAS has different ones.
_GIAS_TYPES = {
    "Mainstream Academy": "Academy converter",
    "Mainstream academy": "Academy converter",
    "Free School": "Free schools",
    "Free School AP": "Free schools alternative provision",
}
_BIGGEST_PRIMARY = 550
_BIGGEST_SECONDARY = 1_200


@dataclass(frozen=True, slots=True)
class RealSchool:
    """What the demo takes from one line of the list: the kind of school and how many are on roll."""

    phase: Phase
    establishment_type: str
    roll: int


def phase_of(name: str, school_type: str, roll: int) -> Phase:
    """Work out the phase from the type, or from the words in the name, or from the roll.

    The list has no column for it. If no word helps, up to 550 on roll counts as a primary, and above 1,200 as an
    all-through school.
    """
    if school_type in _TYPES:
        return _TYPES[school_type]
    for words, phase in _PHASE_WORDS:
        if words.search(name):
            return phase
    if roll <= _BIGGEST_PRIMARY:
        return "primary"
    return "secondary" if roll <= _BIGGEST_SECONDARY else "all-through"


def read_rows() -> list[dict[str, str]]:
    """Return the list's lines as they are in the package."""
    text = resources.files("everyfamily_demo").joinpath("data", LIST_FILE).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def real_schools() -> list[RealSchool]:
    """Return the 169 state schools, in the list's order. Rolls written "1,233" are read, and zeros stay."""
    schools = []
    for row in read_rows():
        roll = int(row["NumberOnRoll_PP2021"].replace(",", ""))
        kind = row["SchoolType_PP2021"]
        phase = phase_of(row["EstablishmentName"], kind, roll)
        written = row["SchoolType_PP2019"] or kind
        schools.append(RealSchool(phase, _GIAS_TYPES.get(written, written), roll))
    return schools


def real_words() -> frozenset[str]:
    """Return every word of four letters or more in a real school's name, in lower case. None may be used."""
    words = (w for row in read_rows() for w in re.findall(r"[a-z]{4,}", row["EstablishmentName"].lower()))
    return frozenset(words)
