"""Whatever happens to a roll, in any order: nobody who was closed is opened by a file, and no child is lost.

Random histories of one school run against the real database and a small model that knows the rules and nothing of how
they are kept: an adult is who shares an inbox and first name, or a name at a child, with somebody before; a closed
adult stays closed until a person decides; a child goes when a person says so. The same histories each time; the nightly
ones and EVERYFAMILY_EXAMPLES=new are new ones.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

NAMES = {
    "Ana": ("Ana Ferris", "Ana Marsh", "Ms Ana Ferris"),
    "Joe": ("Joe Ferris", "Mr Joe Ferris", "J Ferris"),
    "Bo": ("Bo Osei", "Bo Sample", "Mr Bo Osei"),
    "Cal": ("Cal Osei", "Cal Example", "Mr Cal Osei"),
    "Dee": ("Dee Example", "Dee Sample", "Ms Dee Example"),
}
HOMES = {"Ana": "ferris", "Joe": "ferris", "Bo": "osei", "Cal": "osei", "Dee": "dee"}
"""Whose inbox is shared with whom."""
FAMILIES = {
    "P1": ("Ana", "Joe"),
    "P2": ("Ana", "Joe"),
    "P3": ("Bo", "Cal"),
    "P4": ("Cal",),
    "P5": ("Dee",),
    "P6": ("Dee",),
}
CHILDREN = tuple(FAMILIES)
BESIDE = tuple((person, child) for child, family in FAMILIES.items() for person in family)
WORDS = ("", "none", "unknown", "hold", "do not send", "see file")
CLOSED = ("hold", "do not send")
WHAT_HAPPENS = ("held", "closed by a file", "died", "recipients", "closed people", "doubted people")
REASONS = ("not said", "gone from file", "doubt", "child in care", "not readable", "")
"""The later, the fewer decisions lift it."""

Key = tuple[str, str, str]
Edits = list[tuple[str, tuple[str | None, str | None], int]]
"""What is done, to whom with which child, and how."""
Level = tuple[int, int]
File = tuple[Edits, int]


def email(person: str, which: int) -> str:
    """An adult's own inbox, a new one, or the one at home that is shared."""
    own = person.lower()
    return (f"{own}@example.org", f"{own}.new@example.com", f"{HOMES[person]}@example.net")[which]


# An adult has one name and one inbox in a file: no rule joins rows of two children that share only a name.
EDITS = st.one_of(
    st.tuples(st.just("no child"), st.sampled_from([(None, child) for child in CHILDREN]), st.just(0)),
    st.tuples(st.just("no adult"), st.sampled_from(BESIDE), st.just(0)),
    st.tuples(st.just("name"), st.sampled_from([(person, None) for person in NAMES]), st.integers(1, 2)),
    st.tuples(st.just("email"), st.sampled_from([(person, None) for person in NAMES]), st.integers(1, 2)),
    st.tuples(st.just("another"), st.sampled_from([(person, None) for person in NAMES]), st.just(1)),
    st.tuples(st.just("only"), st.just((None, None)), st.integers(1, 4)),
    st.tuples(st.just("says"), st.sampled_from(BESIDE), st.sampled_from([0, 2, 3, 4, 5])),
    st.tuples(st.just("objects"), st.sampled_from(BESIDE), st.just(0)),
    st.tuples(st.just("nameless"), st.sampled_from(BESIDE), st.just(0)),
)
FILES = st.tuples(st.lists(EDITS, max_size=6), st.sampled_from([1, 1, 1, 0]))
"""What a file has beside the usual, and what it says of everybody's restriction."""


def rows_of(edits: Edits, says: int) -> list[dict[str, str]]:
    """Rows of a file: the whole roll, edited."""
    gone = {child for what, (_, child), _ in edits if what == "no child"}
    gone |= {child for what, _, only in edits if what == "only" for child in CHILDREN[only:]}
    rows = []
    for person, child in BESIDE:
        of_row = {what: value for what, beside, value in edits if beside in ((person, child), (person, None))}
        if child in gone:
            continue
        alone = "no adult" in of_row
        another = of_row.get("another", 0)
        rows.append(
            adult(
                child,
                "" if alone or "nameless" in of_row else NAMES[person][of_row.get("name", another)],
                EMAIL="" if alone else email(person, of_row.get("email", another)),
                RESTRICTION=WORDS[of_row.get("says", says)],
                OBJECTS="yes" if "objects" in of_row else "no",
                RELATIONSHIP="carer",
            )
        )
    return rows


def keys_of(name: str, children: list[str], emails: list[str]) -> set[Key]:
    """What tells an adult again. In one inbox here nobody else has the same initial."""
    known = plain(name)
    return {("inbox", known[0], one) for one in emails if one} | {("name", known, child) for child in children}


def plain(name: str) -> str:
    """A name without its title."""
    return " ".join(word for word in name.lower().split() if word not in ("mr", "ms"))


def renamed(keys: set[Key], name: str, child: str) -> set[Key]:
    """What tells an adult again whom the newest file calls so: a former name does not, and an initial is none."""
    names = {known for kind, known, _ in keys if kind == "name"}
    known = next(
        (known for known in names if len(name.split()[0]) == 1 and known[0] + known[known.index(" ") :] == name),
        name,
    )
    children = {child} | {where for kind, _, where in keys if kind == "name"}
    return {key for key in keys if key[0] == "inbox"} | {("name", known, where) for where in children}


@dataclass
class Person:
    """One adult as the model knows them."""

    keys: set[Key] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    """Children about whom a file or a person closed them."""
    doubted: set[str] = field(default_factory=set)
    """Children for whom they were new when somebody closed was missing."""
    objects: bool = False


@dataclass(frozen=True)
class Link:
    """A link as stored."""

    parent: int
    pupil: int
    restriction: str
    reason: str
    reviewed_by: str | None

    @property
    def level(self) -> Level:
        closes = ("none", "unknown", *CLOSED).index(self.restriction)
        return closes, REASONS.index(self.reason) if closes else 0


@dataclass(frozen=True)
class Stored:
    """What the database holds of the school at one moment."""

    links: dict[int, Link]
    pupils: dict[str, tuple[int, str, bool]]
    """By the school's own id: number, "on", "left" or "died", and whether leaving is proposed."""
    adults: dict[int, tuple[str, tuple[str, ...]]]
    """Name and usable inboxes, as far as they are not purged."""
    recipients: tuple[int, ...]
    events: list[tuple[str, str, dict[str, object]]]


class History(RuleBasedStateMachine):
    """One school's history."""

    city: City
    urns: Iterator[int]
    seen: Counter[str]
    """How often something happened, over all histories."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.people: list[Person] = []
        self.known: dict[int, set[Key]] = {}
        """By number: what an adult is called, as far as it is not purged, and everything they were written to at."""
        self.children: dict[str, str] = {}
        self.proposed: set[str] = set()
        self.forgotten: set[int] = set()

    @initialize(file=FILES)
    def a_school(self, file: File) -> None:
        self.urn = next(self.urns)
        self.school = self.city.school(self.urn, attests=False)
        self.before = self.stored()
        self.a_file_comes(file)

    # ---- What may happen ----

    @rule(file=FILES)
    def a_file_comes(self, file: File) -> None:
        rows = rows_of(*file)
        if not rows:
            return
        report = self.import_rows(rows)
        if report.held:
            self.seen["held"] += 1
            after = self.stored()
            assert (after.links, after.pupils, after.adults) == (
                self.before.links,
                self.before.pupils,
                self.before.adults,
            )
            self.import_rows(rows, although_few_match=True)
        self.told_by(rows)
        before, after = self.before, self.moved()
        changes = []
        for number, link in before.links.items():
            assert after.links[number].level >= link.level, "a file opened what was closed"
            if after.links[number].restriction != link.restriction:
                changes.append((str(number), link.restriction, after.links[number].restriction))
        events = [
            (subject, detail["from"], detail["to"])
            for action, subject, detail in after.events[len(before.events) :]
            if action == "restriction"
        ]
        assert sorted(events) == sorted(changes), "each change of a restriction is on record once"
        self.seen["closed by a file"] += len(changes)

    @rule(file=FILES)
    def the_next_file_comes(self, file: File) -> None:
        """Files come more often than anything else."""
        self.a_file_comes(file)

    @rule(which=st.integers(0, 30), decision=st.sampled_from(("none", "none", *CLOSED)))
    def a_person_decides(self, which: int, decision: str) -> None:
        from everyfamily.people.actions.decided.restrictions import review_restriction

        if not self.before.links:
            return
        number = sorted(self.before.links)[which % len(self.before.links)]
        link = self.before.links[number]
        review_restriction(
            self.school, link=number, decision=decision, by=Actor.typed("Una Marsh"), now=self.later()
        )
        child = next(own for own, (pupil, *_) in self.before.pupils.items() if pupil == link.pupil)
        for person in self.people:
            if person.keys & self.known[link.parent]:
                person.closed.discard(child)
                person.doubted.discard(child)
                if decision != "none":
                    person.closed.add(child)
        before, after = self.before, self.moved()
        assert after.links[number].restriction == decision
        for other, stood in before.links.items():
            assert other == number or after.links[other].level >= stood.level, "nobody else's link opened"
        assert ("review restriction", str(number), {"from": link.restriction, "to": decision}) in after.events[
            -3:
        ]

    @rule()
    def the_lead_attests(self) -> None:
        from everyfamily.people.actions.attesting import attest

        attest(self.school, restrictions=True, parents=False, by=Actor.typed("Una Marsh"), now=self.later())
        before, after = self.before, self.moved()
        on_roll = {number for number, state, _ in after.pupils.values() if state == "on"}
        for number, link in before.links.items():
            if link.restriction == "unknown" and link.reason == "not said" and link.pupil in on_roll:
                assert after.links[number].restriction == "none"
            else:
                assert after.links[number] == link, "the lead's word covers silence only"

    @rule()
    def leavers_are_confirmed(self) -> None:
        from everyfamily.people.actions.keeping.leavers import confirm_leavers

        now = self.later()
        left = confirm_leavers(
            self.school, pupils=None, by=Actor.typed("Una Marsh"), on=now.date(), now=now, although_many=True
        )
        assert left == len(self.proposed)
        self.children |= dict.fromkeys(self.proposed, "left")
        self.proposed.clear()
        self.only_values_moved()

    @rule(child=st.sampled_from(CHILDREN))
    def a_child_stays_all_the_same(self, child: str) -> None:
        from everyfamily.people.actions.keeping.leavers import keep_pupils

        if child in self.proposed:
            keep_pupils(
                self.school, pupils=[self.before.pupils[child][0]], by=Actor.typed("Una Marsh"), now=self.later()
            )
            self.proposed.discard(child)
            self.only_values_moved()

    @rule(child=st.sampled_from(CHILDREN))
    def a_child_dies(self, child: str) -> None:
        from everyfamily.people.actions.keeping.leavers import record_death

        if self.children.get(child) == "on":
            record_death(
                self.school, pupil=self.before.pupils[child][0], by=Actor.typed("Una Marsh"), now=self.later()
            )
            self.children[child] = "died"
            self.proposed.discard(child)
            self.only_values_moved()
            self.seen["died"] += 1

    @rule(child=st.sampled_from(CHILDREN))
    def it_was_another_child(self, child: str) -> None:
        from everyfamily.people.actions.keeping.leavers import take_back_death

        if self.children.get(child) == "died":
            take_back_death(self.school, own_id=child, by=Actor.typed("Una Marsh"), now=self.later())
            self.children[child] = "on"
            self.only_values_moved()

    @rule(which=st.integers(0, 30), forget=st.booleans())
    def an_adult_objects(self, which: int, forget: bool) -> None:
        from everyfamily.people.actions.decided.objections import record_objection
        from everyfamily.people.actions.keeping.forgetting import forget_adult

        if not self.known:
            return
        number = sorted(self.known)[which % len(self.known)]
        if forget:
            forget_adult(self.school, number, by=Actor.typed("Una Marsh"), now=self.later())
        else:
            record_objection(self.school, adult=number, by=Actor.typed("Una Marsh"), now=self.later())
        self.forgotten.add(number)
        for person in self.people:
            person.objects |= bool(person.keys & self.known[number])
        self.only_values_moved()

    @rule()
    def everything_is_purged(self) -> None:
        from everyfamily.core.sending.keeping import PurgeReason
        from everyfamily.people.actions.keeping.purging import purge_school

        purge_school(self.school, reason=PurgeReason.ROLL_IS_OLD, by=Actor.worker(), now=self.later())
        self.only_values_moved()
        assert all(not name and not inboxes for name, inboxes in self.before.adults.values())

    # ---- What must hold ----

    @invariant()
    def the_roll_is_the_models(self) -> None:
        stored = {own: (state, proposed) for own, (_, state, proposed) in self.before.pupils.items()}
        assert stored == {child: (state, child in self.proposed) for child, state in self.children.items()}

    @invariant()
    def nobody_closed_gets_the_letter(self) -> None:
        here = {number for number, state, _ in self.before.pupils.values() if state == "on"}
        for recipient in self.before.recipients:
            links = [link for link in self.before.links.values() if link.parent == recipient]
            assert any(link.pupil in here for link in links), "no child of theirs is on the roll"
            assert recipient not in self.forgotten
            on_roll = {own for own, state in self.children.items() if state == "on"}
            for person in self.people:
                if person.keys & self.keys_now(recipient):
                    assert not person.closed, f"closed about {person.closed}, and written to"
                    assert not person.doubted & on_roll, f"in doubt about {person.doubted}, and written to"
                    assert not person.objects
            self.seen["recipients"] += 1
        self.seen["closed people"] += sum(bool(person.closed) for person in self.people)
        self.seen["doubted people"] += sum(bool(person.doubted) for person in self.people)

    # ---- How ----

    def later(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now

    def import_rows(self, rows: list[dict[str, str]], *, although_few_match: bool = False):  # type: ignore[no-untyped-def]
        from everyfamily.people.edges.roll_imports import import_roll
        from tests.factories.city import roll_csv

        file = self.city.folder / "roll.csv"
        file.write_bytes(roll_csv(self.urn, rows))
        return import_roll(
            file,
            urn=self.urn,
            by=Actor.typed("Una Marsh"),
            now=self.later(),
            although_few_match=although_few_match,
        )

    def told_by(self, rows: list[dict[str, str]]) -> None:
        """What the model makes of a file that went in."""
        in_file = {row["PUPIL_ID"] for row in rows}
        for child in in_file:
            self.children[child] = "died" if self.children.get(child) == "died" else "on"
        self.proposed = {
            child for child, state in self.children.items() if state == "on" and child not in in_file
        }
        earlier = list(self.people)
        beside: dict[str, set[Key]] = {}
        for row in rows:
            if not row["ADULT_NAME"]:
                continue
            keys = keys_of(row["ADULT_NAME"], [row["PUPIL_ID"]], [row["EMAIL"]])
            same = [person for person in self.people if person.keys & keys]
            one = Person(
                set(),
                {row["PUPIL_ID"]} if row["RESTRICTION"] in CLOSED else set(),
                objects=row["OBJECTS"] == "yes",
            )
            for person in same:
                one.keys |= person.keys
                one.closed |= person.closed
                one.objects |= person.objects
                one.doubted |= person.doubted
            one.keys = renamed(one.keys, plain(row["ADULT_NAME"]), row["PUPIL_ID"])
            one.keys |= {key for key in keys if key[0] == "inbox"}
            beside.setdefault(row["PUPIL_ID"], set()).update(keys)
            self.people = [person for person in self.people if person not in same] + [one]

        for person in earlier:
            missing = {child for child in person.closed & in_file if not person.keys & beside.get(child, set())}
            for one in self.people:
                if not any(one.keys & known.keys for known in earlier):
                    one.doubted |= {child for child in missing if one.keys & beside.get(child, set())}

    def keys_now(self, parent: int) -> set[Key]:
        name, inboxes = self.before.adults[parent]
        if not name:
            return set()
        pupils = {link.pupil for link in self.before.links.values() if link.parent == parent}
        children = [own for own, (number, *_) in self.before.pupils.items() if number in pupils]
        return keys_of(name, children, list(inboxes))

    def only_values_moved(self) -> None:
        before = self.before.links
        assert self.moved().links == before, "who may be written to is nobody's decision here"

    def moved(self) -> Stored:
        self.before = self.stored()
        for parent in self.before.adults:
            if now := self.keys_now(parent):
                known = self.known.get(parent, set())
                self.known[parent] = now | {key for key in known if key[0] == "inbox"}
        return self.before

    def stored(self) -> Stored:
        from django.db import connection

        from everyfamily.audit.models import AuditEvent
        from everyfamily.people.database.tenancy import tenant
        from everyfamily.people.keys.school_keys import open_vault
        from everyfamily.people.models import Care, ContactPoint, Parent, Pupil

        with tenant(self.school):
            vault = open_vault(self.school, now=self.now)
            own_ids = {vault.blind_index("pupil", child): child for child in CHILDREN}
            inboxes: dict[int, list[str]] = {}
            for point in ContactPoint.objects.filter(status="usable").exclude(value=None):
                inboxes.setdefault(point.parent_id, []).append(
                    vault.decrypt("contact", point.pk, bytes(point.value))
                )
            with connection.cursor() as cursor:
                cursor.execute("SELECT id FROM people_adult_standing WHERE may_have_it")
                recipients = tuple(sorted(row[0] for row in cursor.fetchall()))
            return Stored(
                links={
                    care.pk: Link(
                        care.parent_id,
                        care.pupil_id,
                        care.restriction,
                        care.restriction_reason,
                        care.restriction_reviewed_by,
                    )
                    for care in Care.objects.all()
                },
                pupils={own_ids[bytes(pupil.id_hash)]: _child(pupil) for pupil in Pupil.objects.all()},
                adults={
                    parent.pk: (
                        vault.decrypt("parent", parent.pk, bytes(parent.name)) if parent.name else "",
                        tuple(sorted(inboxes.get(parent.pk, ()))),
                    )
                    for parent in Parent.objects.all()
                },
                recipients=recipients,
                events=list(
                    AuditEvent.objects.filter(school_id=self.school)
                    .order_by("id")
                    .values_list("action", "subject_id", "detail")
                ),
            )


def _child(pupil) -> tuple[int, str, bool]:  # type: ignore[no-untyped-def]
    state = "died" if pupil.died_known_at else "left" if pupil.on_roll_to else "on"
    return pupil.pk, state, pupil.leaving_proposed_at is not None


def run(city: City, *, examples: int, steps: int, new: bool, must_happen: tuple[str, ...] = WHAT_HAPPENS) -> None:
    seen: Counter[str] = Counter()
    machine = type("History", (History,), {"city": city, "urns": count(900001), "seen": seen})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not new,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Histories in which nothing of this happens would show nothing.
    assert min(seen[what] for what in must_happen) > 0, seen


def test_no_history_opens_what_was_closed_or_loses_a_child(city: City) -> None:
    new = os.environ.get("EVERYFAMILY_EXAMPLES") == "new"
    if new:
        run(city, examples=1500, steps=12, new=True)
    else:
        # Too few for the rarest of them.
        run(city, examples=13, steps=12, new=False, must_happen=WHAT_HAPPENS[:-1])


@pytest.mark.nightly
def test_no_history_of_eighty_does(city: City) -> None:
    run(city, examples=80, steps=12, new=False)


@pytest.mark.nightly
def test_no_long_history_does_either(city: City) -> None:
    run(city, examples=400, steps=25, new=True)


SIMS = "UPN,Contact Priority,Contact Forename,Contact Surname,Parental Responsibility,Court Order,Contact Email"


@pytest.mark.parametrize("heading", ["Deceased", "Leaving Date"])
def test_a_family_whose_child_a_file_says_is_gone_waits_for_a_person(city: City, heading: str) -> None:
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.edges.roll_imports import import_roll
    from everyfamily.people.models import Pupil

    school = city.school(900001)
    file = city.folder / "sims.csv"

    def recipients(value: str) -> int:
        row = f"1,Ana,Ferris,T,F,ana@example.org,{value}"
        file.write_text(f"{SIMS},{heading}\nP1,{row}\n")
        import_roll(file, urn=900001, by=Actor.typed("test"), now=NOW)
        with tenant(school), connection.cursor() as cursor:
            assert Pupil.objects.get().on_roll_to is None
            cursor.execute("SELECT id FROM people_adult_standing WHERE may_have_it")
            return len(cursor.fetchall())

    assert recipients("") == 1
    assert recipients("12/03/2027") == 0
    assert recipients("") == 0, "a file never opens"
