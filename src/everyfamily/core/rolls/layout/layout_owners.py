"""Whose each heading is: explicit, by number, by role, or of the person whose name comes before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from everyfamily.core.rolls.layout.heading_parts import ADULT, BARE, CHILD, NOBODY, UNKNOWN, Heading
from everyfamily.core.rolls.layout.layout_columns import (
    ADULTS_ONLY,
    ALL,
    CHILDS_ONLY,
    CLOSING,
    NAMES,
    NOBODYS,
    ROW,
    SEVERAL,
    SHARED,
    Column,
    is_of_home,
)

_RANKS = {"primary": 1, "main": 1, "secondary": 2, "tertiary": 3}
"""Of adults, if a heading says that there is a second one: "Secondary Contact Email"."""
_WORDS_FOR_ADULTS = ("carer", "guardian", "parent", "contact")
_OF_A_FAMILY = frozenset(("family", "household"))


class Owners:
    """Goes through the headings from the left and says whose each is."""

    def __init__(self, headings: Sequence[str], parts: Sequence[Heading], *, adults_first: bool = False) -> None:
        self._headings = headings
        self._parts = parts
        self._adults: dict[tuple[str, object], int] = {}
        self._roles: dict[int, str] = {}
        self._has: dict[int, Counter[str]] = {}
        self._owner: int | None = None
        self._last = 0
        names = [one for one in parts if one.what in NAMES and one.number and one.whose in (ADULT, BARE)]
        self._numbered = any(one.what in ("NAME", "SURNAME") and one.nth == 0 for one in names)
        self._seen: Counter[str] = Counter()
        self._ranked = any("secondary" in one.text.split() for one in parts if one.whose == ADULT)
        self._first_is_said = any(one.nth == 1 for one in parts if one.whose == ADULT)
        self._names_said = {one.whose for one in parts if one.what in NAMES}
        second = {one.what for one in parts if one.whose == BARE and one.number == 2 and not is_of_home(one.what)}
        self._of_the_second = (
            second if self._numbered and CHILD in self._names_said and second & {*NAMES} else None
        )
        """What is in columns of a second adult, if only those have a number: "Secondary Surname"."""
        self._adults_first = adults_first and any(one.what in ADULTS_ONLY for one in parts)

    def found(self) -> tuple[list[Column], dict[int, str]]:
        columns = []
        for at, one in enumerate(self._parts):
            owner = self._whose(one)
            if one.whose == NOBODY and one.what == UNKNOWN:
                # It belongs to somebody else and says nothing about the child's adults, whatever it is.
                one = replace(one, what="OTHERS")
            self._has.setdefault(owner, Counter())[one.text] += 1
            self._has[owner][f"={one.what}"] += 1
            columns.append(
                Column(at, self._headings[at], owner, one.what, one.number, one.whose == BARE, one.text)
            )
        return columns, self._roles

    def _adult(self, key: tuple[str, object], role: str = "") -> int:
        if key not in self._adults:
            self._adults[key] = len(self._adults) + 1
            self._roles[self._adults[key]] = role
        self._owner = self._last = self._adults[key]
        return self._owner

    def _whose(self, one: Heading) -> int:
        if one.whose == NOBODY:
            self._owner = NOBODYS
            return NOBODYS
        if one.whose == CHILD and one.what in ADULTS_ONLY and one.what != "COURT_ORDER":
            # The link's own ("pupil relationship", in a record of a contact's pupils).
            return self._this_adult(one)
        if one.whose == CHILD:
            self._owner = ROW
            return ROW
        if one.whose == CHILD and one.what == "COURT_ORDER":
            return ROW
        if is_of_home(one.what) and not one.role and not one.nth and _OF_A_FAMILY.intersection(one.text.split()):
            self._owner = ALL
            return ALL
        number = one.number if self._numbered and one.what != "ADDRESS/line" else 0
        if one.whose == ADULT:
            return self._adults_own(one, number)
        if number and one.what not in CHILDS_ONLY:
            return self._adult(("n", number))
        if self._of_the_second is not None and one.what not in CHILDS_ONLY and one.what != "PUPIL_ID/other":
            # "Mobile" together with "Secondary Mobile" is the first one's. An address that occurs once is both adults'.
            shared = one.what not in self._of_the_second and (is_of_home(one.what) or one.what in SHARED)
            return ALL if shared else self._adult(("n", 1))
        return self._bare(one)

    def _adults_own(self, one: Heading, number: int) -> int:
        if one.role:
            return self._adult(("role", one.role), one.role)
        nth = one.nth or number
        if self._ranked and not nth:
            nth = next((_RANKS[word] for word in one.text.split() if word in _RANKS), 0)
        if (
            not nth
            and not self._first_is_said
            and any(other.nth > 1 for other in self._parts if other.whose == ADULT)
        ):
            # "Parent name" together with "Second parent name" is the first one's.
            nth = 1
        if nth or self._numbered:
            return self._adult(("n", nth or 1))
        if any(kind == "n" for kind, _ in self._adults) or any(
            other.nth for other in self._parts if other.whose == ADULT
        ):
            word = next((word for word in one.text.split() if word in _WORDS_FOR_ADULTS), "")
            named = one.what in NAMES or ("word", word) in self._adults
            if word and named and not any(word in other.text.split() for other in self._parts if other.nth):
                # "Carer" together with "Birth parent 1" is somebody else.
                return self._adult(("word", word))
            # Without a number among numbered ones: it belongs to the block it is in, or to everybody.
            return self._owner if self._owner and self._owner > 0 else (ROW if one.what in CLOSING else NOBODYS)
        self._seen[one.text] += 1
        return self._adult(("again", self._seen[one.text]))

    def _next_adult(self) -> int:
        known = next((key for key, number in self._adults.items() if number == self._last + 1), None)
        return self._adult(known or ("again", self._last + 1))

    def _this_adult(self, one: Heading) -> int:
        """The adult whose block it is in. If the same heading comes again, it is the next adult's."""
        if self._last == 0:
            return self._next_adult()
        if (
            one.what not in SEVERAL
            and one.what != "ADDRESS/line"
            and self._has.get(self._last, Counter())[one.text]
        ):
            return self._next_adult()
        self._owner = self._last
        return self._last

    def _bare(self, one: Heading) -> int:
        what = one.what
        if what in CHILDS_ONLY:
            return ROW
        if what == "PUPIL_ID/other":
            return ROW if not self._owner or self._owner == ROW else NOBODYS
        if what in ADULTS_ONLY:
            return self._this_adult(one)
        if what in NAMES:
            return self._of_a_name(one)
        if what in ("NOTES", UNKNOWN, "NOT_TO_WRITE"):
            return self._owner if self._owner and self._owner > 0 else ROW
        if self._owner is None:
            return NOBODYS
        if self._owner > 0 and what not in SEVERAL:
            return self._this_adult(one)
        return self._owner

    def _of_a_name(self, one: Heading) -> int:
        if self._owner == NOBODYS and self._last:
            return NOBODYS
        is_childs = ADULT in self._names_said and CHILD not in self._names_said
        if is_childs and not (self._has.get(ROW, Counter())[one.text] and self._owner != ROW):
            return ROW
        if self._owner and self._owner > 0:
            return self._this_adult(one)
        if self._adults_first and not self._has.get(ROW, Counter())[f"={one.what}"] and self._last == 0:
            return self._next_adult()
        if self._has.get(ROW, Counter())[one.text]:
            return self._this_adult(one)
        self._owner = ROW
        return ROW
