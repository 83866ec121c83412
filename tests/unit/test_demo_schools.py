"""The demo's schools have a real city's shape and none of its names."""

from __future__ import annotations

import re
from collections import Counter
from typing import get_args

import pytest

from everyfamily_demo.invented_schools import SchoolKind
from everyfamily_demo.listed import listed_children
from everyfamily_demo.real_list import phase_of, read_rows, real_schools
from everyfamily_demo.schools import ORDINARY, SMALL_ROLL, STATE_ROLL, CitySize, DemoSchool, demo_schools

SEEDS = (1, 7, 42)
SIZES: tuple[CitySize, ...] = ("small", "full")
STATE_TYPES = {school.establishment_type for school in real_schools()}
# Words that any school's name may have; every other word of a real name is a name.
KINDS_OF_SCHOOL = frozenset(
    re.findall(
        r"\w+",
        "primary school and nursery infant junior high academy house centre sixth form college special all the",
    )
)

cities = pytest.mark.parametrize(("size", "seed"), [(size, seed) for size in SIZES for seed in SEEDS])


def children(schools: list[DemoSchool]) -> int:
    return sum(school.roll or 0 for school in schools)


@pytest.mark.parametrize(
    ("name", "school_type", "roll", "phase"),
    [
        ("Somewhere Junior School", "Mainstream", 900, "primary"),
        ("Somewhere High School", "Mainstream", 90, "secondary"),
        ("Somewhere Sixth Form College", "Mainstream academy", 0, "college"),
        ("Somewhere High School", "Special", 90, "special"),
        ("Somewhere Free School", "AP Academy", 0, "pru"),
        ("Somewhere", "Mainstream", 550, "primary"),
        ("Somewhere", "Mainstream", 551, "secondary"),
        ("Somewhere", "Mainstream", 1_201, "all-through"),
    ],
)
def test_a_phase_is_told_by_type_then_words_then_roll(name: str, school_type: str, roll: int, phase: str) -> None:
    assert phase_of(name, school_type, roll) == phase


def test_the_real_list_is_read_whole_with_its_zeros_and_thousands() -> None:
    schools = real_schools()
    assert len(schools) == 169
    assert sum(school.roll for school in schools) == STATE_ROLL
    assert min(school.roll for school in schools) == 0
    assert max(school.roll for school in schools) > 1_000


@pytest.mark.parametrize("seed", SEEDS)
def test_the_state_schools_keep_the_real_total_exactly(seed: int) -> None:
    state = [s for s in demo_schools("full", seed) if s.establishment_type in STATE_TYPES]
    assert len(state) == 169
    assert children(state) == STATE_ROLL


@pytest.mark.parametrize("seed", SEEDS)
def test_rolls_within_a_phase_are_the_real_ones_moved_by_at_most_five_percent(seed: int) -> None:
    kinds = {"primary": "state primary", "secondary": "state secondary"}
    demo = [s for s in demo_schools("full", seed) if s.establishment_type in STATE_TYPES]
    moved = 0
    for phase in {real.phase for real in real_schools()}:
        real = sorted(s.roll for s in real_schools() if s.phase == phase)
        ours = sorted(s.roll or 0 for s in demo if s.kind == kinds.get(phase, phase))
        assert len(real) == len(ours)
        # Sorting two lists paired within 5 % keeps them paired within 5 %.
        assert all(abs(a - b) <= a * 0.05 for a, b in zip(real, ours, strict=True)), phase
        moved += sum(a != b for a, b in zip(real, ours, strict=True))
    assert moved > 100


@cities
def test_no_real_name_urn_or_number_stands_in_the_demo(size: CitySize, seed: int) -> None:
    real = read_rows()
    schools = demo_schools(size, seed)
    assert not {s.name for s in schools} & {row["EstablishmentName"] for row in real}
    assert not {s.urn for s in schools} & {row["URN"] for row in real}
    assert not {s.dfe_number for s in schools} & {row["LAEstab"] for row in real}
    real_names = {w for row in real for w in re.findall(r"[a-z]+", row["EstablishmentName"].lower())}
    ours = {w for s in schools for w in re.findall(r"[a-z]+", s.name.lower())}
    assert ours & real_names <= KINDS_OF_SCHOOL


@cities
def test_names_numbers_and_phones_are_each_given_once(size: CitySize, seed: int) -> None:
    schools = demo_schools(size, seed)
    for values in (
        [s.name for s in schools],
        [s.urn for s in schools],
        [s.phone for s in schools],
        [s.dfe_number for s in schools if s.dfe_number],
    ):
        assert len(values) == len(set(values))
    assert all(900_001 <= int(s.urn) <= 999_998 and s.urn != "888888" for s in schools)
    assert all(re.fullmatch(r"0151 496 0\d{3}", s.phone) for s in schools)


@cities
def test_every_kind_of_school_is_there(size: CitySize, seed: int) -> None:
    # The demonstration's council holds no list of children missing education.
    assert {s.kind for s in demo_schools(size, seed)} == {*get_args(SchoolKind)} - {"missing education"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_small_city_has_24_schools_and_its_own_exact_total(seed: int) -> None:
    schools = demo_schools("small", seed)
    assert len(schools) == 24
    assert children(schools) == SMALL_ROLL
    assert 7_700 <= SMALL_ROLL <= 8_100
    assert any(0 < (s.roll or 0) < 20 for s in schools)


@cities
def test_exactly_one_list_is_not_known(size: CitySize, seed: int) -> None:
    assert [s.kind for s in demo_schools(size, seed) if s.roll is None] == ["educated elsewhere"]


@cities
def test_a_third_of_the_schools_send_for_themselves_and_all_of_these_are_ordinary(
    size: CitySize, seed: int
) -> None:
    schools = demo_schools(size, seed)
    senders = [s for s in schools if s.sends == "school"]
    assert len(senders) == round(len(schools) / 3)
    assert {s.kind for s in senders} <= ORDINARY
    assert all(s.roll for s in senders)
    assert {s.returns for s in senders} == {"filed", "filed late", "missing"}
    assert {s.emails_confirmed for s in senders} == {True, False}
    assert {s.returns for s in schools if s.sends == "us"} == {None}


@cities
def test_one_or_two_schools_of_ours_do_not_attest(size: CitySize, seed: int) -> None:
    holding = [s for s in demo_schools(size, seed) if not s.attests]
    assert len(holding) == {"small": 1, "full": 2}[size]
    assert {s.sends for s in holding} == {"us"}
    assert all(s.roll for s in holding)


@cities
def test_some_schools_choose_paper_for_all(size: CitySize, seed: int) -> None:
    paper = [s for s in demo_schools(size, seed) if s.paper_for_all]
    assert paper
    assert {s.sends for s in paper} == {"us"}


@pytest.mark.parametrize("seed", SEEDS)
def test_about_half_the_schools_numbers_are_checked(seed: int) -> None:
    schools = demo_schools("full", seed)
    assert 0.35 < Counter(s.phone_checked for s in schools)[True] / len(schools) < 0.65


@pytest.mark.parametrize("size", SIZES)
def test_the_same_seed_gives_the_same_city_and_another_seed_another(size: CitySize) -> None:
    assert demo_schools(size, 7) == demo_schools(size, 7)
    assert demo_schools(size, 7) != demo_schools(size, 8)


@cities
def test_every_school_has_an_official_figure_and_a_few_have_clearly_more_than_their_roll(
    size: CitySize, seed: int
) -> None:
    schools = demo_schools(size, seed)
    listed = listed_children(schools, seed)
    assert set(listed) == {school.urn for school in schools if school.roll is not None}
    more = [s for s in schools if s.roll is not None and listed[s.urn].children > s.roll + 10]
    assert {s.kind for s in more} == {"home educated", "state secondary"}
    assert all(listed[s.urn].children == s.roll for s in schools if s.returns == "missing")
    assert any(s.roll is not None and listed[s.urn].children < s.roll for s in schools)


def test_every_school_has_a_mailbox_of_its_own_so_that_its_first_lead_can_be_invited() -> None:
    made = {one.mailbox for one in demo_schools("small", 7)}
    assert len(made) == 24
    assert all(re.fullmatch(r"office@school-9\d{5}\.example", one) for one in made)
