"""Coverage of invented schools and cities, made without a database."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from everyfamily.core.accounting.coverage import Coverage, Outcome, Reason
from everyfamily.core.schools.official_figures import NATIONAL_LIST, OfficialFigure
from everyfamily.reports.queries import CityCoverage, SchoolCoverage

AT = datetime(2027, 3, 23, 6, tzinfo=ZoneInfo("Europe/London"))
"""A Tuesday in term, at the hour of the day's figures."""

PEOPLE_REASONS = (
    Reason.UNKNOWN,
    Reason.UNDECIDED,
    Reason.RETURNED,
    Reason.NO_CONTACT,
    Reason.OBJECTED,
    Reason.NOBODY_ENTITLED,
)


def coverage(
    reached: int = 0,
    accepted: int = 0,
    told: int = 0,
    on_its_way: int = 0,
    reasons: dict[Reason, int] | None = None,
    every_adult: int = 0,
) -> Coverage:
    """Counts as given; not reached is the sum of the reasons."""
    why = Counter(reasons or {})
    outcomes = Counter(
        {
            Outcome.REACHED: reached,
            Outcome.ACCEPTED: accepted,
            Outcome.TOLD_BY_TEXT: told,
            Outcome.ON_ITS_WAY: on_its_way,
            Outcome.NOT_REACHED: sum(why.values()),
        }
    )
    return Coverage(outcomes, why, every_adult)


def school(
    name: str,
    part: Coverage,
    *,
    kind: str = "state primary",
    sends: str = "us",
    state: str = "",
    school_id: int = 0,
    listed: int | None = None,
    lead_role: str = "",
    phone: str = "",
) -> SchoolCoverage:
    """A school with its part; in the middle of its wave unless told otherwise. `listed`: by the national list."""
    state = state or ("sending" if sends == "us" else "sends itself")
    official = None if listed is None else OfficialFigure(listed, date(2027, 1, 21), NATIONAL_LIST)
    about = {"official": official, "lead_role": lead_role, "phone": phone}
    return SchoolCoverage(school_id, 900_000 + school_id, name, kind, "", sends, state, part, **about)  # type: ignore[arg-type]


def city(
    *schools: SchoolCoverage,
    not_known: tuple[str, ...] = (),
    adults: int = 0,
    outside: tuple[SchoolCoverage, ...] = (),
) -> CityCoverage:
    """A city of these schools on the day AT."""
    return CityCoverage(AT, schools, adults, {}, not_known, outside=outside)


_NAMES = (
    "Alderbourne Primary School",
    "Brackenwath High School",
    "Brindlestow Infant School",
    "Curlewlode Primary School",
    "Dunlinmere Academy",
    "Fennelgarth Primary and Nursery School",
    "Godwitholt Junior School",
    "Gorsecombe Primary School",
    "Hazelthwaite Primary School",
    "Heronstead Primary School",
    "Kestrelhithe School",
    "Lapwingdyke All-through School",
    "Linnetbourne House School",
    "Mallowcombe Preparatory School",
    "Marlgarth Meadow School",
    "Merrowwick Centre",
    "Nettleholt Nursery School",
    "Oxlipmere Sixth Form College",
    "Pebblestow Primary School",
    "Ploverwath Primary School",
    "Quilldyke Primary School",
    "Sedgecombe Primary School",
)
_KINDS = {
    1: "state secondary",
    4: "state secondary",
    10: "state secondary",
    11: "all-through",
    12: "independent",
    13: "independent",
    14: "special",
    15: "pru",
    16: "nursery",
    17: "college",
}
_ROLLS = (420, 1180, 94, 388, 961, 452, 233, 310, 286, 402, 883, 702, 188, 142, 64, 22, 61, 590, 198, 231, 60, 84)


def small_city() -> CityCoverage:
    """24 schools of every kind, as the demo has them: one return late, one school held, one list not known."""
    dice = random.Random(7)
    schools = []
    for at, (name, roll) in enumerate(zip(_NAMES, _ROLLS, strict=True)):
        kind = _KINDS.get(at, "state primary")
        if name.startswith("Quilldyke"):
            part, sends, state = coverage(reasons={Reason.RETURN_MISSING: roll}), "school", "return missing"
        elif name.startswith("Merrowwick"):
            part, sends, state = coverage(reasons={Reason.SCHOOL_HELD: roll}), "us", "held"
        else:
            sends, state = ("school", "sends itself") if at % 3 == 0 and at < 14 else ("us", "sending")
            part = _believable(dice, roll, sends)
        schools.append(school(name, part, kind=kind, sends=sends, state=state, school_id=at + 1))
    home = _believable(dice, 58, "us")
    elsewhere = _believable(dice, 17, "us")
    schools.append(school("Children educated at home", home, kind="home educated", school_id=23))
    schools.append(
        school("Children at schools outside Eastmere", elsewhere, kind="educated elsewhere", school_id=24)
    )
    unknown = "Children placed outside Eastmere, no list yet"
    schools.append(school(unknown, coverage(), kind="educated elsewhere", state="not known", school_id=25))
    messages = {
        "email": {
            "delivered": 5702,
            "accepted": 419,
            "permanent-failure": 41,
            "temporary-failure": 17,
            "unknown": 1,
        },
        "text": {"delivered": 1297, "permanent-failure": 60, "temporary-failure": 28, "unknown": 3},
        "post": {"accepted": 148},
        "pupil post": {"delivered": 1471, "returned": 27},
    }
    return CityCoverage(AT, tuple(schools), 13148, messages, (unknown,))


def _believable(dice: random.Random, roll: int, sends: str) -> Coverage:
    left = sum(dice.random() < dice.choice((0.03, 0.05, 0.09)) for _ in range(roll))
    kinds = dice.choices(("accepted", "told", "way", "not"), (4, 2, 1, 3), k=left)
    missed = kinds.count("not")
    if sends == "school":
        reasons = Counter({Reason.SCHOOL_COULD_NOT: missed})
    else:
        reasons = Counter(dice.choices(PEOPLE_REASONS, (1, 8, 2, 16, 1, 2), k=missed))
    accepted, told, way = kinds.count("accepted"), kinds.count("told"), kinds.count("way")
    return coverage(roll - left, accepted, told, way, dict(reasons), every_adult=int((roll - left) * 0.8))


def full_city(schools: int = 190) -> CityCoverage:
    """A whole city: the small one again and again under other names."""
    base = [s for s in small_city().schools if s.state not in ("not known", "held", "return missing")]
    dice = random.Random(11)
    made = []
    for at in range(schools - 5):
        part = _believable(dice, dice.choice(_ROLLS), base[at % len(base)].sends)
        like = base[at % len(base)]
        made.append(
            school(
                f"{like.name} {at + 1}", part, kind=like.kind, sends=like.sends, state=like.state, school_id=at
            )
        )
    for at, roll in enumerate((211, 118, 73)):
        late = coverage(reasons={Reason.RETURN_MISSING: roll})
        made.append(
            school(f"Latecomer School {at}", late, sends="school", state="return missing", school_id=900 + at)
        )
    for at, roll in enumerate((74, 31)):
        held = coverage(reasons={Reason.SCHOOL_HELD: roll})
        made.append(school(f"Holding School {at}", held, kind="pru", state="held", school_id=950 + at))
    return CityCoverage(
        AT, tuple(made), 120_000, small_city().messages, ("Children placed elsewhere, no list yet",)
    )


def listed_city() -> CityCoverage:
    """One school clearly short, one whose return is awaited, children at home, one new school, and ordinary ones."""
    ordinary = [
        school(f"Ordinary {at}", coverage(190 + at, 12), school_id=at, listed=202 + at + (-4, 6, 3)[at % 3])
        for at in range(9)
    ]
    return city(
        school(
            "Short School",
            coverage(1150, 51),
            listed=1463,
            lead_role="deputy head",
            phone="0151 496 0100",
        ),
        school(
            "Late School",
            coverage(reasons={Reason.RETURN_MISSING: 61}),
            sends="school",
            state="return missing",
            listed=61,
        ),
        school("Children educated at home", coverage(101, 3), kind="home educated", listed=212),
        *ordinary,
        outside=(school("New School", coverage(), state="not in this letter", listed=120),),
    )
