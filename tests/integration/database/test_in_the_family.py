"""Who may be a closed adult in the same family waits for a person, however the name is written. Nobody else does."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(days=1)
LEAD = Actor.typed("Una Marsh")
DOUBT = ("unknown", "doubt")
OPEN = ("none", "")

WRITTEN = [
    ("Zbigniew Wójcik", "Zbyszek Wojcik"),
    ("Małgorzata Nowakowska", "Gosia Nowakowski"),
    ("Yousef Haddad", "Joseph Hadad"),
    ("Chan Tai Man", "Peter Chan"),
    ("Oleksandr Shevchenko", "Alexander Shevchenko"),
    ("William Thorne", "Bill Thorne"),
    ("Robert Quill", "Bob Quil"),
    ("Karl Ferris", "Carl Ferris"),
    ("Karl Baker", "Dad"),
    ("Karl Hale", "Mr Hale"),
    ("Kuldeep Singh", "Kuldip Singh Gill"),
    ("Abdirahman Warsame Ali", "Abdi Rahman Warsame"),
    ("Karl Lowe", "Karl Lowe (new no.)"),
    ("Moss-Carter Karl", "Karl Carter"),
    ("Steven Dale", "Stephen Dale"),
    ("Katarzyna Zielińska", "Catherine Zielinski"),
    ("Олександр Коваль", "Oleksandr Koval"),
    ("محمد الحسن", "Mohammed Al-Hassan"),
]
"""How the closed adult is written beside one child, and beside the brother or sister. Invented people."""


def links(city: City) -> dict[tuple[str, str], tuple[str, str]]:
    """(child's id, adult's name) -> (restriction, reason)."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    school = city.schools[URN]
    with tenant(school):
        vault = open_vault(school, now=NOW)
        return {
            (
                vault.decrypt("pupil", link.pupil_id, bytes(link.pupil.id_encrypted)),
                vault.decrypt("parent", link.parent_id, bytes(link.parent.name)),
            ): (link.restriction, link.restriction_reason)
            for link in Care.objects.select_related("parent", "pupil")
        }


def decide(city: City, child: str, name: str, decision: str) -> int:
    """A person's decision about one adult and one child. Returns how many others were held with it."""
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    school = city.schools[URN]
    with tenant(school):
        vault = open_vault(school, now=NOW)
        found = next(
            link.pk
            for link in Care.objects.select_related("parent", "pupil")
            if vault.decrypt("pupil", link.pupil_id, bytes(link.pupil.id_encrypted)) == child
            and vault.decrypt("parent", link.parent_id, bytes(link.parent.name)) == name
        )
    return review_restriction(school, link=found, decision=decision, by=LEAD, now=LATER).also_held


def tasks(city: City) -> int:
    """The lead's open tasks about adults."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    with tenant(city.schools[URN]):
        return RollTask.objects.filter(closed_at=None).exclude(parent=None).count()


def father(child: str, name: str, **columns: str) -> dict[str, str]:
    inbox = {"EMAIL": f"{child}.{sum(name.encode())}@example.org".lower()}
    return adult(child, name, RELATIONSHIP="father") | inbox | columns


def mother(child: str, family: str = "1", **columns: str) -> dict[str, str]:
    return adult(child, f"Ana Marsh{family}", EMAIL=f"ana{family}@example.org", **columns)


def families(**barred: str) -> list[dict[str, str]]:
    """A family for each line of `WRITTEN`, with a mother whom both children share."""
    return [
        row
        for number, (known, also) in enumerate(WRITTEN)
        for row in (
            mother(f"A{number}", chr(97 + number)),
            mother(f"B{number}", chr(97 + number)),
            father(f"A{number}", known, **barred),
            father(f"B{number}", also),
        )
    ]


@pytest.mark.parametrize("way", ["file", "second file", "decision"])
def test_however_the_name_is_written_beside_the_brother_a_person_is_asked(city: City, way: str) -> None:
    city.school(URN)
    if way == "file":
        city.import_rows(URN, families(RESTRICTION="do not send"))
    elif way == "second file":
        closed = families(RESTRICTION="do not send")
        also = {name for _, name in WRITTEN}
        city.import_rows(URN, [row for row in closed if row["ADULT_NAME"] not in also])
        city.import_rows(URN, closed)
    else:
        city.import_rows(URN, families())
        for number, (known, _) in enumerate(WRITTEN):
            if links(city)[f"A{number}", known] == OPEN:
                assert decide(city, f"A{number}", known, "do not send") >= 1
    held = links(city)
    assert {name for (_, name), said in held.items() if said == OPEN} == {
        f"Ana Marsh{chr(97 + number)}" for number in range(len(WRITTEN))
    }
    assert {name: held[f"B{number}", name] for number, (_, name) in enumerate(WRITTEN)} == {
        name: DOUBT for _, name in WRITTEN
    }
    assert tasks(city) >= len(WRITTEN)


def test_one_decision_is_for_the_whole_family_and_the_next_file_asks_no_more(city: City) -> None:
    """Two sisters with one father, whose half-brother's father is closed."""
    rows = [mother(child) for child in ("P1", "P2", "P3", "P4")]
    rows += [father("P1", "Karl Thorne", RESTRICTION="do not send")]
    rows += [adult(child, "Sol Adair", RELATIONSHIP="father", EMAIL="sol@example.org") for child in ("P2", "P3")]
    city.school(URN)
    city.import_rows(URN, rows)
    held = links(city)
    assert [held["P2", "Sol Adair"], held["P3", "Sol Adair"]] == [DOUBT, DOUBT]
    assert tasks(city) == 1, "once a family"
    decide(city, "P2", "Sol Adair", "none")
    decide(city, "P3", "Sol Adair", "none")
    also = adult("P4", "Sol Adair", RELATIONSHIP="father", EMAIL="sol@example.org")
    city.import_rows(URN, [*rows, also])
    held = links(city)
    assert [held["P2", "Sol Adair"][0], held["P3", "Sol Adair"][0]] == ["none", "none"]
    assert held["P4", "Sol Adair"] == OPEN, "a person has said who he is"
    assert held["P1", "Karl Thorne"] == ("do not send", "")


@pytest.mark.parametrize(
    ("why", "rows"),
    [
        ("he is listed beside the closed father", [adult("P1", "Sol Adair", RELATIONSHIP="step-parent")]),
        ("the closed father is listed beside him", [father("P2", "Karl Thorne", EMAIL="karl@example.org")]),
    ],
)
def test_whoever_is_known_beside_the_closed_adult_is_somebody_else(
    city: City, why: str, rows: list[dict[str, str]]
) -> None:
    sol = adult("P2", "Sol Adair", RELATIONSHIP="father", EMAIL="sol@example.org")
    karl = father("P1", "Karl Thorne", EMAIL="karl@example.org", RESTRICTION="do not send")
    rows = [row | ({"EMAIL": "sol@example.org"} if "Sol" in row["ADULT_NAME"] else {}) for row in rows]
    city.school(URN)
    city.import_rows(URN, [mother("P1"), mother("P2"), karl, sol, *rows])
    assert links(city)["P2", "Sol Adair"] == OPEN, why


@pytest.mark.parametrize(
    ("relationship", "said"),
    [
        ("father", DOUBT),
        ("other", DOUBT),
        ("mother", OPEN),
        ("step-parent", OPEN),
        ("grandparent", OPEN),
        ("foster carer", OPEN),
    ],
)
def test_only_somebody_of_the_same_relationship_or_of_none_is_doubted(
    city: City, relationship: str, said: tuple[str, str]
) -> None:
    city.school(URN)
    rows = [mother("P1"), mother("P2"), father("P1", "Karl Thorne", RESTRICTION="do not send")]
    rows += [adult("P2", "Sol Adair", RELATIONSHIP=relationship, EMAIL="sol@example.org")]
    if relationship == "foster carer":
        rows[1] |= {"RELATIONSHIP": "kinship carer"}
    city.import_rows(URN, rows)
    assert links(city)["P2", "Sol Adair"] == said


def test_children_who_share_only_a_foster_carer_or_an_after_school_club_are_no_family(city: City) -> None:
    children = [f"P{number}" for number in range(20)]
    rows = [adult(child, "Beacon Club", RELATIONSHIP="carer", EMAIL="club@example.org") for child in children]
    rows += [
        adult(child, "Fay Foster", RELATIONSHIP="foster carer", MOBILE="07700 900123") for child in ("F1", "F2")
    ]
    rows += [
        father(child, f"Man{chr(97 + number)} Adair{chr(97 + number)}") for number, child in enumerate(children)
    ]
    rows += [adult("F1", "Bea Lowe", RELATIONSHIP="carer"), adult("F2", "Mo Dale", RELATIONSHIP="carer")]
    rows = [
        row | ({"RESTRICTION": "do not send"} if row["ADULT_NAME"] in ("Mana Adaira", "Bea Lowe") else {})
        for row in rows
    ]
    city.school(URN)
    city.import_rows(URN, rows)
    said = [held for (_, name), held in links(city).items() if name not in ("Mana Adaira", "Bea Lowe")]
    assert set(said) == {OPEN}


def test_a_second_father_beside_the_childs_own_closed_one_is_asked_about_and_an_aunt_is_not(city: City) -> None:
    city.school(URN)
    rows = [mother("P1"), father("P1", "Karl Thorne", RESTRICTION="do not send"), father("P1", "Dad")]
    city.import_rows(URN, [*rows, adult("P1", "Bea Lowe", RELATIONSHIP="other")])
    held = links(city)
    assert (held["P1", "Dad"], held["P1", "Bea Lowe"]) == (DOUBT, OPEN)


@dataclass(frozen=True)
class Link:
    """A link of a random roll."""

    adult: str
    child: str
    relationship: str
    closes: bool


def doubted(roll: Iterable[Link]) -> set[tuple[str, str]]:
    """Who should wait, told family by family as a lead would tell it."""
    at_child: dict[str, dict[str, Link]] = defaultdict(dict)
    of_adult: dict[str, set[str]] = defaultdict(set)
    for link in roll:
        if link.relationship not in ("foster carer", "registered manager", "social worker"):
            at_child[link.child][link.adult] = link
            of_adult[link.adult].add(link.child)
    waits = set()
    for child, there in at_child.items():
        for closed in (link for link in there.values() if link.closes):
            siblings = {one for adult in there for one in of_adult[adult]} - {child}
            for sibling in siblings:
                for who in at_child[sibling].values():
                    known = who.adult in there or closed.adult in at_child[sibling]
                    alike = who.relationship == closed.relationship or "other" in (
                        who.relationship,
                        closed.relationship,
                    )
                    if alike and not known and who.adult != closed.adult and not who.closes:
                        waits.add((sibling, who.adult))
            for who in there.values():
                same = who.relationship == closed.relationship in ("mother", "father", "step-parent")
                if same and who.adult != closed.adult and not who.closes:
                    waits.add((child, who.adult))
    return waits


@pytest.mark.parametrize("seed", range(4))
def test_random_families_wait_as_told(city: City, seed: int) -> None:
    chance = random.Random(seed)
    roll = {}
    for family in range(40):
        children = [f"F{family}C{number}" for number in range(chance.randint(1, 4))]
        for number in range(chance.randint(1, 5)):
            # No two names of the school share a word, so that only the family raises a doubt.
            name = (
                f"Q{chr(97 + family % 26)}{chr(97 + family // 26)}{chr(97 + number)}x Z{family}z{number}".replace(
                    "0", "o"
                )
            )
            relationship = chance.choice(
                ["mother", "father", "father", "step-parent", "grandparent", "other", "foster carer"]
            )
            closed_at = chance.choice([*children, *[None] * 6])
            for child in chance.sample(children, chance.randint(1, len(children))):
                roll[name, child] = Link(name, child, relationship, child == closed_at)
    city.school(URN)
    city.import_rows(
        URN,
        [
            adult(
                link.child,
                link.adult,
                RELATIONSHIP=link.relationship,
                EMAIL=f"{link.adult.replace(' ', '.').lower()}@example.org",
                RESTRICTION="do not send" if link.closes else "none",
            )
            for link in roll.values()
        ],
    )
    in_care = {link.child for link in roll.values() if link.relationship == "foster carer"}
    # A closed adult's other children are a doubt by the name, and children in care have a rule of their own.
    closed = {link.adult for link in roll.values() if link.closes}
    found = {
        at for at, held in links(city).items() if held == DOUBT and at[0] not in in_care and at[1] not in closed
    }
    expected = {at for at in doubted(roll.values()) if at[0] not in in_care and at[1] not in closed}
    assert expected, "a roll in which nobody waits shows nothing"
    assert found == expected
