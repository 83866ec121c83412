"""Several emails or numbers in one cell, each with its kind or a note: "07700 900123 (Mum), 0151 496 0101 work".

Records systems keep them apart, with a kind and a note each, and print them into one cell: to split them invents
nothing. Words beside a value must be a kind ("home"), a time ("after 3pm only") or the adult's own ("Mum" beside the
mother): any other word may say that it is somebody else's inbox or phone, and then nothing of the cell is used.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_EMAIL = re.compile(r"[^\s@,;|/<>()\[\]:\"']+@[^\s@,;|/<>()\[\]:\"']+")
_NUMBER = re.compile(r"(?<![0-9+])(?:\+|00)?\(?[0-9](?:[ ().\-\u00a0]{0,2}[0-9]){8,13}(?![0-9])")
_WORD = re.compile(r"[^\W\d_]+")
_KINDS = frozenset(
    (
        *(
            "home",
            "work",
            "personal",
            "private",
            "other",
            "default",
            "primary",
            "main",
            "secondary",
            "alternative",
            "alt",
        ),
        *(
            "email",
            "emails",
            "mail",
            "e",
            "address",
            "preferred",
            "office",
            "first",
            "second",
            "new",
            "current",
            "own",
            "best",
        ),
        *(
            "mobile",
            "mobiles",
            "mob",
            "mobi",
            "m",
            "h",
            "w",
            "t",
            "tel",
            "phone",
            "telephone",
            "number",
            "no",
            "nos",
            "cell",
        ),
        *(
            "landline",
            "ext",
            "extension",
            "day",
            "daytime",
            "evening",
            "evenings",
            "eve",
            "only",
            "after",
            "before",
            "from",
        ),
        *(
            "until",
            "till",
            "to",
            "between",
            "and",
            "or",
            "am",
            "pm",
            "a",
            "p",
            "at",
            "on",
            "during",
            "hours",
            "school",
            "lunch",
        ),
        *(
            "mornings",
            "morning",
            "afternoons",
            "afternoon",
            "nights",
            "night",
            "weekends",
            "weekend",
            "weekdays",
            "weekday",
        ),
        *(
            "mon",
            "tue",
            "tues",
            "wed",
            "thu",
            "thur",
            "thurs",
            "fri",
            "sat",
            "sun",
            "monday",
            "tuesday",
            "wednesday",
        ),
        *(
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "text",
            "texts",
            "call",
            "whatsapp",
            "voicemail",
            "please",
            "use",
            "is",
        ),
        *(
            "emergency",
            "emergencies",
            "works",
            "shift",
            "shifts",
            "term",
            "time",
            "the",
            "in",
            "this",
            "for",
            "try",
            "o",
            "clock",
        ),
        *(
            "weekly",
            "usual",
            "uk",
            "number",
            "best",
            "any",
            "anytime",
            "always",
            "noon",
            "midday",
            "st",
            "nd",
            "p",
            "location",
        ),
    )
)


def own_words(name: str, relationship: str) -> frozenset[str]:
    """Words that may stand beside a value and mean this adult."""
    words = {word.casefold() for word in _WORD.findall(name)}
    return frozenset(words) | _RELATED.get(relationship, frozenset())


_RELATED = {
    "mother": frozenset(("mother", "mum", "mums", "mam", "mummy", "s")),
    "father": frozenset(("father", "dad", "dads", "daddy", "s")),
    "grandparent": frozenset(
        ("grandmother", "grandfather", "nan", "nana", "gran", "grandad", "granddad", "grandma", "s")
    ),
    "step-parent": frozenset(("step", "stepmum", "stepdad", "stepmother", "stepfather", "s")),
    "carer": frozenset(("carer", "s")),
    "foster carer": frozenset(("carer", "foster", "s")),
}


def emails_in(text: str, own: Collection[str]) -> list[str]:
    """The addresses of a cell as they stand there; none where other words stand beside them."""
    return _taken(_EMAIL, text, own)


def numbers_in(text: str, own: Collection[str]) -> list[str]:
    """The phone numbers of a cell as they stand there; none where other words stand beside them."""
    return [number.strip() for number in _taken(_NUMBER, _EMAIL.sub(" ", text), own)]


def _taken(pattern: re.Pattern[str], text: str, own: Collection[str]) -> list[str]:
    found = pattern.findall(text)
    rest = pattern.sub(" ", text)
    if any(word not in _KINDS and word not in own for word in map(str.casefold, _WORD.findall(rest))):
        return []
    return found if "@" not in rest else []
