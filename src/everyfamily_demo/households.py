"""The kinds of family in the demo and how common each is: who the adults are, and who may have the letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relationship = Literal[
    "mother",
    "father",
    "step-parent",
    "grandparent",
    "carer",
    "foster carer",
    "kinship carer",
    "registered manager",
    "social worker",
    "other",
]
Restriction = Literal["none", "hold", "do not send", ""]
"""As in the roll template. Blank is unknown, and unknown means hold."""
YesNo = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Member:
    """One adult of a household: relationship to the child, rights, and which of two homes they live in."""

    relationship: Relationship
    responsibility: YesNo = "yes"
    has_care: YesNo = "yes"
    home: Literal[0, 1] = 0
    restriction: Restriction = "none"
    objects: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """A kind of family. `of_thousand` is how many families in a thousand are of this kind. `one_inbox` adults share an
    email address."""

    words: str
    of_thousand: int
    members: tuple[Member, ...]
    one_inbox: bool = False
    contacts: bool = True


_MOTHER, _FATHER = Member("mother"), Member("father")
_FATHER_ELSEWHERE = Member("father", home=1)
_SOCIAL_WORKER = Member("social worker", "yes", "no")

_RARER: tuple[Household, ...] = (
    Household("a couple with one inbox", 45, (_MOTHER, _FATHER), one_inbox=True),
    Household("separated, both have care", 105, (_MOTHER, _FATHER_ELSEWHERE)),
    Household("separated, father without care", 45, (_MOTHER, Member("father", "yes", "no", 1))),
    Household("separated, mother without care", 14, (_FATHER, Member("mother", "yes", "no", 1))),
    Household(
        "separated, with a step-parent", 30, (_MOTHER, Member("step-parent", "no", "yes"), _FATHER_ELSEWHERE)
    ),
    Household("a mother alone", 230, (_MOTHER,)),
    Household("a father alone", 22, (_FATHER,)),
    Household("two mothers", 5, (_MOTHER, _MOTHER)),
    Household("two fathers", 4, (_FATHER, _FATHER)),
    Household("a mother and a grandparent", 8, (_MOTHER, Member("grandparent", "no", "yes"))),
    Household("a court keeps the father away", 12, (_MOTHER, Member("father", "yes", "no", 1, "do not send"))),
    Household("a court keeps the mother away", 4, (_FATHER, Member("mother", "yes", "no", 1, "do not send"))),
    Household("the father's order is unclear", 6, (_MOTHER, Member("father", "yes", "no", 1, "hold"))),
    Household("nobody asked about the father", 8, (_MOTHER, Member("father", "yes", "unknown", 1, ""))),
    Household("a mother alone, held", 3, (Member("mother", restriction="hold"),)),
    Household("a mother alone, nobody asked", 4, (Member("mother", restriction=""),)),
    Household(
        "both parents kept away",
        3,
        (Member("mother", "yes", "no", 0, "do not send"), Member("father", "yes", "no", 1, "do not send")),
    ),
    Household(
        "a kinship carer", 8, (Member("kinship carer"), Member("mother", "yes", "no", 1, restriction="hold"))
    ),
    Household("a grandparent alone", 6, (Member("grandparent", "unknown", "yes"),)),
    Household("a carer, papers unclear", 4, (Member("carer", "unknown", "unknown"),)),
    Household(
        "foster care",
        7,
        (
            Member("foster carer", "no", "yes"),
            _SOCIAL_WORKER,
            Member("mother", "yes", "no", 1, "do not send"),
        ),
    ),
    Household("a children's home", 4, (Member("registered manager", "no", "yes"), _SOCIAL_WORKER)),
    Household("nobody entitled", 4, (Member("other", "no", "no"),)),
    Household("no contact details, one adult", 4, (_MOTHER,), contacts=False),
    Household("no contact details, two adults", 4, (_MOTHER, _FATHER), contacts=False),
    Household("a mother alone who objects", 4, (Member("mother", objects=True),)),
    Household("a father who objects", 5, (_MOTHER, Member("father", objects=True))),
)

HOUSEHOLDS: tuple[Household, ...] = (
    *_RARER,
    Household("a couple", 1_000 - sum(h.of_thousand for h in _RARER), (_MOTHER, _FATHER)),
)

Quirk = Literal[
    "",
    "bad email",
    "space after the email",
    "landline for a mobile",
    "words after the mobile",
    "short mobile",
    "bad postcode",
    "large print",
    "easy read",
    "audio",
    "braille",
    "paper only",
    "text chosen",
    "email chosen",
]
_RARE_QUIRKS: tuple[tuple[Quirk, int], ...] = (
    ("bad email", 6),
    ("space after the email", 5),
    ("landline for a mobile", 6),
    ("words after the mobile", 6),
    ("short mobile", 5),
    ("bad postcode", 6),
    ("large print", 12),
    ("easy read", 5),
    ("audio", 5),
    ("braille", 5),
    ("paper only", 30),
    ("text chosen", 8),
    ("email chosen", 15),
)
QUIRKS: tuple[tuple[Quirk, int], ...] = (
    *_RARE_QUIRKS,
    ("", 1_000 - sum(count for _, count in _RARE_QUIRKS)),
)
"""What is odd about a family's first adult, and how many families in a thousand have it."""

LANGUAGES: tuple[tuple[str, int], ...] = (
    ("en", 780),
    ("", 20),
    ("ar", 38),
    ("ur", 34),
    ("pl", 32),
    ("zh", 22),
    ("ro", 22),
    ("so", 20),
    ("bn", 16),
    ("pt", 10),
    ("ku", 6),
)
"""Language of a family's adults (BCP 47; blank where nobody asked), and how many families in a thousand."""
