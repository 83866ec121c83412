"""The families of a round: few, and of every kind that has ever been a reason for two letters or none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.factories.city import adult

URNS = (900001, 900002, 900003)
_FIRST = ("Ana", "Ben", "Cia", "Dov", "Eda", "Finn", "Gwen", "Hal")


@dataclass(frozen=True, slots=True)
class Adult:
    """One row of a roll, and what the round may do to it."""

    urn: int
    pupil: str
    name: str
    columns: dict[str, str]
    alone: bool = False
    """The only adult of an only child, with contact values of their own: a decision about them shows."""

    @property
    def may_have_it(self) -> bool:
        return self.columns.get("RESTRICTION", "none") == "none" and self.columns.get("OBJECTS", "no") == "no"

    def values(self) -> set[tuple[str, str]]:
        """Channel and value as the other side writes it down."""
        found = set()
        if email := self.columns.get("EMAIL"):
            found.add(("email", email))
        if mobile := self.columns.get("MOBILE"):
            found.add(("text", "+44" + mobile.replace(" ", "")[1:]))
        if street := self.columns.get("ADDRESS_1"):
            found.add(("post", f"{self.name}\n{street}"))
        if self.columns.get("HAS_CARE") != "no":
            found.add(("pupil post", f"{self.urn} {self.pupil}"))
        return found

    def row(self) -> dict[str, str]:
        return adult(self.pupil, self.name, **self.columns)


@dataclass
class People:
    """All adults of the round's schools, by school."""

    rng: random.Random
    size: int
    """Children a school."""
    by_school: dict[int, list[Adult]] = field(default_factory=dict)
    _number: int = 0

    def fill(self) -> None:
        """Invent the schools' families."""
        self.by_school = {urn: [] for urn in URNS}
        for urn in URNS:
            for _ in range(self.size):
                self.by_school[urn] += self._family(urn)
        self._shared_across_schools()
        self._kept_away(URNS[0])

    def everybody(self) -> Iterator[Adult]:
        for adults in self.by_school.values():
            yield from adults

    def children(self) -> int:
        return len({(one.urn, one.pupil) for one in self.everybody()})

    def newcomer(self, urn: int) -> Adult:
        """A child who joins in mid-term."""
        number = self._next()
        return Adult(urn, f"P{number}", self._name(number), self._email(number) | {"HAS_CARE": "no"}, alone=True)

    def _family(self, urn: int) -> list[Adult]:
        number = self._next()
        pupil, name = f"P{number}", self._name(number)
        kind = self.rng.choices(
            ("email", "text", "post", "pupil", "both", "inbox", "phone", "home", "siblings"),
            (30, 12, 12, 8, 12, 8, 6, 6, 6),
        )[0]
        email, mobile, home = self._email(number), self._mobile(number), self._home(number)
        if kind in ("email", "text", "post", "pupil"):
            ways = {"email": email, "text": mobile, "post": home, "pupil": {}}[kind]
            care = "yes" if kind in ("pupil", "text") else "no"
            return [Adult(urn, pupil, name, ways | {"HAS_CARE": care}, alone=kind != "pupil")]
        other_number = self._next()
        other = self._name(other_number)
        if kind == "both":
            return [
                Adult(urn, pupil, name, email | mobile | home | {"HAS_CARE": "yes"}),
                Adult(urn, pupil, other, self._mobile(other_number) | {"RELATIONSHIP": "father"}),
            ]
        if kind == "siblings":
            return [
                Adult(urn, f"P{at}", name, email | home | {"HAS_CARE": "yes"}) for at in (number, other_number)
            ]
        ways = {"inbox": email, "phone": mobile, "home": home}[kind]
        return [
            Adult(urn, pupil, name, ways | {"HAS_CARE": "no"}),
            Adult(urn, pupil, other, ways | {"HAS_CARE": "no", "RELATIONSHIP": "father"}),
        ]

    def _shared_across_schools(self) -> None:
        """One adult with children at two schools, by email and by text; a grandmother's home, known to all three."""
        for ways in (self._email(self._next()), self._mobile(self._next()), self._home(self._next())):
            name = self._name(self._next())
            for urn in URNS:
                own = {"HAS_CARE": "no"}
                self.by_school[urn].append(Adult(urn, f"P{self._next()}", name, ways | own))

    def _kept_away(self, urn: int) -> None:
        """Somebody a court keeps away, who shares an inbox with the other parent; one who objects; one unclear."""
        shared, number = self._email(self._next()), self._next()
        pupil = f"P{number}"
        away = {"HAS_CARE": "no", "RESTRICTION": "do not send", "RELATIONSHIP": "father"}
        self.by_school[urn] += [
            Adult(urn, pupil, self._name(self._next()), shared | self._home(number) | away),
            Adult(urn, pupil, self._name(self._next()), shared | self._mobile(number) | {"HAS_CARE": "no"}),
        ]
        for said in ({"OBJECTS": "yes"}, {"RESTRICTION": "unknown"}):
            number = self._next()
            ways = self._email(number) | {"HAS_CARE": "no"} | said
            self.by_school[urn].append(Adult(urn, f"P{number}", self._name(number), ways))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _name(self, number: int) -> str:
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}")
        return f"{_FIRST[number % len(_FIRST)]} Ferris{letters}"

    def _email(self, number: int) -> dict[str, str]:
        return {"EMAIL": f"adult{number}@example.org"}

    def _mobile(self, number: int) -> dict[str, str]:
        return {"MOBILE": f"07700 900{number:03d}"}

    def _home(self, number: int) -> dict[str, str]:
        return {"ADDRESS_1": f"{number} Lantern Row", "ADDRESS_2": "Eastmere", "POSTCODE": "EM4 7QX"}
