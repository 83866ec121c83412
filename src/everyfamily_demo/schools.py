"""The demo's schools: a real city's phases, types and rolls under invented names and numbers.

Invented failures and court orders must not appear next to a real school's name. So names, URNs and DfE numbers are made
up, the order is shuffled, and rolls are shuffled within a phase and moved by up to 5 %, with the total of the state
schools kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from everyfamily_demo.chance import chance, share_out
from everyfamily_demo.invented_schools import DraftSchool, SchoolKind, beyond_the_list, place_names, school_name
from everyfamily_demo.real_list import Phase, real_schools

CitySize = Literal["small", "full"]
Sends = Literal["school", "us"]
ReturnState = Literal["filed", "filed late", "missing"]

STATE_ROLL = 64_340
"""Children on roll in the 169 state schools of the real list. The total is kept exactly."""
SMALL_ROLL = 7_906
"""Children in the small city."""
FIRST_URN = 900_001
"""Where the demo's URNs begin; no real school has a number this high."""

ORDINARY: frozenset[SchoolKind] = frozenset(
    {"state primary", "state secondary", "all-through", "nursery", "independent"}
)
"""Kinds that may send for themselves in the demo. We send for the others."""

_KINDS: dict[Phase, SchoolKind] = {
    "primary": "state primary",
    "secondary": "state secondary",
    "all-through": "all-through",
    "special": "special",
    "pru": "pru",
    "college": "college",
}
_DFE_NUMBERS: dict[SchoolKind, int] = {
    "nursery": 1000,
    "pru": 1100,
    "state primary": 2000,
    "state secondary": 4000,
    "all-through": 4900,
    "independent": 6000,
    "special": 7000,
    "college": 8000,
}
_SMALL_CITY: dict[SchoolKind, int] = {
    "state primary": 11,
    "state secondary": 3,
    "all-through": 1,
    "nursery": 1,
    "special": 1,
    "pru": 1,
    "independent": 2,
    "college": 1,
    "home educated": 1,
    "educated elsewhere": 2,
}
# Small schools keep a believable roll when the city shrinks. 17 tests the rule about schools under 20.
_SMALL_CITY_ROLLS: dict[SchoolKind, int] = {
    "nursery": 61,
    "pru": 22,
    "home educated": 58,
    "educated elsewhere": 17,
}
_LEADS = ("Designated safeguarding lead", "Deputy head teacher", "Head teacher", "Inclusion lead")
_LIST_LEADS: dict[SchoolKind, str] = {
    "home educated": "Elective home education officer",
    "educated elsewhere": "Admissions and placements officer",
}


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """One school, or one list of children that the council holds.

    `roll` is None if nobody has the list, and the denominator is then not known. `returns` is None if we send for the
    school. `attests` is False if the lead will not have attested restrictions before the wave, so that the wave is
    held. `emails_confirmed` answers "does your system show which emails arrived?".
    """

    urn: str
    """Six digits from 900001."""
    dfe_number: str
    """Seven digits under the invented authority 999, or empty for a council's list."""
    name: str
    kind: SchoolKind
    phase: str
    """In the words of GIAS; "Not applicable" for special schools, referral units, independents and lists."""
    establishment_type: str
    roll: int | None
    sends: Sends
    phone: str
    """From Ofcom's fictional range 0151 496 0xxx."""
    phone_checked: bool
    lead: str
    """Role of the school's lead; never a person's name."""
    attests: bool = True
    returns: ReturnState | None = None
    emails_confirmed: bool = True
    paper_for_all: bool = False

    @property
    def mailbox(self) -> str:
        """Where its office reads email; made from the URN, because names of schools are long."""
        return f"office@school-{self.urn}.example"


def demo_schools(size: CitySize, seed: int) -> list[DemoSchool]:
    """Return the city's schools in the order of their URNs; the same seed gives the same city.

    "full": 189 schools, 64,340 children in the 169 state schools and about 5,000 beyond them. "small": 24 of these,
    with every kind, and 7,906 children.
    """
    schools = _whole_city(seed)
    if size == "small":
        schools = _shrink(schools)
    return _who_sends(schools, seed)


def _whole_city(seed: int) -> list[DemoSchool]:
    drafts = _state_schools(seed) + beyond_the_list(seed)
    chance(seed, "order of schools").shuffle(drafts)
    places = place_names(seed)
    per_kind: dict[SchoolKind, int] = defaultdict(int)
    schools = []
    for index, draft in enumerate(drafts):
        per_kind[draft.kind] += 1
        schools.append(_school(draft, index, per_kind[draft.kind], next(places), seed))
    return schools


def _state_schools(seed: int) -> list[DraftSchool]:
    """The real list with its rolls shuffled within a phase and moved, and its types shuffled in the same way."""
    by_phase: dict[Phase, list[tuple[str, int]]] = defaultdict(list)
    for real in real_schools():
        by_phase[real.phase].append((real.establishment_type, real.roll))
    drafts = []
    for phase, schools in by_phase.items():
        dice = chance(seed, "rolls", phase)
        rolls = [roll for _, roll in schools]
        dice.shuffle(rolls)
        types = [kind for kind, _ in schools]
        drafts += [DraftSchool(_KINDS[phase], t, r) for t, r in zip(types, rolls, strict=True)]
    moved = _moved([draft.roll or 0 for draft in drafts], seed)
    return [replace(draft, roll=roll) for draft, roll in zip(drafts, moved, strict=True)]


def _moved(rolls: Sequence[int], seed: int) -> list[int]:
    """Move each roll by at most 5 % and keep the total."""
    dice = chance(seed, "moves")
    room = [roll // 20 for roll in rolls]
    moves = [dice.randint(-most, most) for most in room]
    surplus = sum(moves)
    step = 1 if surplus > 0 else -1
    while surplus:
        i = dice.randrange(len(moves))
        if abs(moves[i] - step) <= room[i]:
            moves[i] -= step
            surplus -= step
    return [roll + move for roll, move in zip(rolls, moves, strict=True)]


def _school(draft: DraftSchool, index: int, number: int, place: str, seed: int) -> DemoSchool:
    dice = chance(seed, "school", index)
    base = _DFE_NUMBERS.get(draft.kind)
    return DemoSchool(
        urn=str(FIRST_URN + index),
        dfe_number=f"999{base + number}" if base else "",
        name=school_name(draft, place, number),
        kind=draft.kind,
        phase=_phase(draft.kind),
        establishment_type=draft.establishment_type,
        roll=draft.roll,
        sends="us",
        phone=f"0151 496 0{500 + index}",
        phone_checked=dice.random() < 0.5,
        lead=_LIST_LEADS.get(draft.kind) or dice.choice(_LEADS),
        paper_for_all=draft.kind == "state primary" and dice.random() < 0.12,
    )


def _phase(kind: SchoolKind) -> str:
    words: dict[SchoolKind, str] = {
        "nursery": "Nursery",
        "state primary": "Primary",
        "state secondary": "Secondary",
        "all-through": "All-through",
        "college": "16 plus",
    }
    return words.get(kind, "Not applicable")


def _shrink(schools: Sequence[DemoSchool]) -> list[DemoSchool]:
    """Pick schools of every kind, spread over their sizes, and scale the larger ones to the small total."""
    chosen = [s for kind, count in _SMALL_CITY.items() for s in _spread(schools, kind, count)]
    fixed = {s.urn: _SMALL_CITY_ROLLS[s.kind] for s in chosen if s.roll and s.kind in _SMALL_CITY_ROLLS}
    scaled = [s for s in chosen if s.roll and s.urn not in fixed]
    rolls = share_out(SMALL_ROLL - sum(fixed.values()), [s.roll or 0 for s in scaled])
    fixed |= {s.urn: roll for s, roll in zip(scaled, rolls, strict=True)}
    small = [replace(s, roll=fixed.get(s.urn)) for s in chosen]
    # One school in the small city gives everybody paper, whatever the seed.
    paper = next(s.urn for s in small if s.kind == "state primary")
    small = [replace(s, paper_for_all=s.urn == paper) for s in small]
    return sorted(small, key=lambda s: s.urn)


def _spread(schools: Sequence[DemoSchool], kind: SchoolKind, count: int) -> list[DemoSchool]:
    """Take `count` schools of a kind from the middle of `count` equal slices by size. Empty slices are left out."""
    of_kind = sorted((s for s in schools if s.kind == kind and s.roll != 0), key=lambda s: s.roll or 0)
    return [of_kind[(2 * i + 1) * len(of_kind) // (2 * count)] for i in range(count)]


def _who_sends(schools: Sequence[DemoSchool], seed: int) -> list[DemoSchool]:
    """Let a third of the schools send for themselves, a few of them badly, and hold one or two waves."""
    ordinary = [s for s in schools if s.kind in ORDINARY and not s.paper_for_all]
    nursery = _smallest(s for s in ordinary if s.kind == "nursery")
    others = [s for s in ordinary if s.urn != nursery.urn]
    chance(seed, "who sends").shuffle(others)
    senders = [nursery, *others[: round(len(schools) / 3) - 1]]
    by_roll = sorted(senders, key=lambda s: s.roll or 0)
    missing = {s.urn for s in by_roll[: max(1, len(senders) // 20)]}
    filed = [s.urn for s in by_roll if s.urn not in missing]
    late = set(filed[1 :: max(8, len(filed) // 6)])
    unconfirmed = set(filed[:: max(8, len(filed) // 8)])
    holding = _without_attestation(schools, {s.urn for s in senders})
    return [
        replace(
            school,
            sends="school",
            returns="missing" if school.urn in missing else "filed late" if school.urn in late else "filed",
            emails_confirmed=school.urn not in unconfirmed,
        )
        if school in senders
        else replace(school, attests=school.urn not in holding)
        for school in schools
    ]


def _without_attestation(schools: Sequence[DemoSchool], senders: set[str]) -> set[str]:
    """One referral unit with a lead who does not attest, and in the full city also a small primary."""
    ours = [s for s in schools if s.urn not in senders and (s.roll or 0) > 20]
    holding = {_smallest(s for s in ours if s.kind == "pru").urn}
    if len(schools) > sum(_SMALL_CITY.values()):
        holding.add(_smallest(s for s in ours if s.kind == "state primary").urn)
    return holding


def _smallest(schools: Iterable[DemoSchool]) -> DemoSchool:
    return min(schools, key=lambda s: (s.roll or 0, s.urn))
