"""The demonstration's own letter, composed as a reader of this repository would compose it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.year_plan import YearPlan
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.core.text.gaps import PersonalGaps

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "packs" / "child-sexual-exploitation"
PACKS = tuple(path.parent.name for path in sorted((ROOT / "packs").glob("*/pack.toml")))
"""Names of all our own packs."""
LETTERS = (
    *PACKS,
    *(f"{pack}/primary" for pack in PACKS if (ROOT / "packs" / pack / "letter.primary.en.md").exists()),
)
"""The same, and "pack/primary" for the primary version of those with two versions."""
PARTNERSHIP = Path(str(files("everyfamily_demo") / "data" / "partnership.toml"))
DATED = date(2027, 3, 2)
REFERENCE = "ES-2703-K7R4"

HARBOUR = PersonalGaps(
    ("The parent or carer", "27 Lantern Row", "Eastmere", "EM4 7QX"), "Harbour School", "0151 496 0160"
)


@cache
def demo_pack() -> Pack:
    """The pack on child sexual exploitation."""
    return load_pack(PACK)


@cache
def demo_partnership() -> Partnership:
    """Eastmere, which does not exist."""
    return load_partnership(PARTNERSHIP)


def routed(route_id: str, **fields: Any) -> Partnership:
    """The demonstration's partnership with one route changed, or taken out where `fields` is empty."""
    routes = [
        replace(route, **fields) if route.id == route_id else route
        for route in demo_partnership().routes
        if fields or route.id != route_id
    ]
    return replace(demo_partnership(), routes=tuple(routes))


@cache
def demo_letter() -> Letter:
    """The letter of the spring term 2027."""
    return compose(demo_pack(), demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)


def planned_for(pack: str) -> Partnership:
    """The demonstration's partnership with `pack` as the topic of the spring term."""
    partnership = demo_partnership()
    spring = partnership.year_plan.of("spring-2027")
    letters = tuple(replace(one, topic=pack) if one is spring else one for one in partnership.year_plan.letters)
    return replace(partnership, year_plan=YearPlan(letters))


@cache
def letter_of(pack: str) -> Letter:
    """The letter of the spring term 2027, if it were on the topic of `pack`: all of it, or one version of LETTERS."""
    pack, _, version = pack.partition("/")
    if version:
        return letter_of(pack).in_version(Version(version))
    read = load_pack(ROOT / "packs" / pack)
    return compose(read, planned_for(pack), term="spring-2027", dated=DATED, reference=REFERENCE)


def pack_files() -> dict[str, bytes]:
    """The pack's files, to be mangled."""
    return {path.name: path.read_bytes() for path in PACK.iterdir()}
