"""Names for the demo's schools, and the schools that a list of state schools leaves out. All of them are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from everyfamily.core.schools.school_kinds import SchoolKind as SchoolKind
from everyfamily_demo.chance import chance
from everyfamily_demo.real_list import real_words


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Alder Bracken Brindle Curlew Dunlin Fennel Godwit Gorse Hazel Heron Kestrel Lapwing Linnet Mallow Marl "
    "Merrow Nettle Oxlip Pebble Plover Quill Sedge Sorrel Tansy Teasel Thrush Umber Vetch Willet Yarrow"
)
_SECOND = _words("bourne combe dyke garth hithe holt lode mere stead stow thwaite wath wick")

_ENDINGS: dict[SchoolKind, tuple[str, ...]] = {
    "state primary": (
        "Primary School",
        "Primary School",
        "Primary School",
        "Primary School",
        "Primary and Nursery School",
        "Infant School",
        "Junior School",
    ),
    "state secondary": ("High School", "Academy", "School"),
    "nursery": ("Nursery School",),
    "all-through": ("All-through School",),
    "special": ("Grange School", "Meadow School"),
    "pru": ("Centre",),
    "independent": ("House School", "Preparatory School"),
    "college": ("Sixth Form College",),
}
_COUNCIL_LISTS = {
    "home educated": "Children educated at home",
    "educated elsewhere": "Children at schools outside Eastmere",
}
LIST_NOT_KNOWN = "Children placed outside Eastmere, no list yet"


@dataclass(frozen=True, slots=True)
class DraftSchool:
    """A school before it has a name: its kind, establishment type and roll (None: not known)."""

    kind: SchoolKind
    establishment_type: str
    roll: int | None


def beyond_the_list(seed: int) -> list[DraftSchool]:
    """Return the schools of every other kind: 20 of them, about 5,000 children, one list not known."""
    dice = chance(seed, "beyond the list")
    other = "Other independent school"
    return [
        *(DraftSchool("independent", other, dice.randint(120, 560)) for _ in range(7)),
        *(DraftSchool("special", "Other independent special school", dice.randint(28, 56)) for _ in range(2)),
        *(DraftSchool("pru", "Alternative provision", dice.randint(21, 24)) for _ in range(2)),
        *(DraftSchool("nursery", "Local authority nursery school", dice.randint(56, 98)) for _ in range(4)),
        *(DraftSchool("college", "Further education", dice.randint(620, 880)) for _ in range(2)),
        DraftSchool("home educated", "Council's list", dice.randint(380, 440)),
        DraftSchool("educated elsewhere", "Council's list", dice.randint(120, 160)),
        DraftSchool("educated elsewhere", "Council's list", None),
    ]


def place_names(seed: int) -> Iterator[str]:
    """Yield place-like names, each once. None is a word in a real school's name."""
    names = [first + second for first in _FIRST for second in _SECOND if first[-1] != second[0]]
    chance(seed, "place names").shuffle(names)
    forbidden = real_words()
    return (name for name in names if name.lower() not in forbidden)


def school_name(draft: DraftSchool, place: str, number: int) -> str:
    """Name a school. A council's list is named after what it holds. `number` only varies the ending."""
    if draft.roll is None:
        return LIST_NOT_KNOWN
    if draft.kind in _COUNCIL_LISTS:
        return _COUNCIL_LISTS[draft.kind]
    endings = _ENDINGS[draft.kind]
    return f"{place} {endings[number % len(endings)]}"
