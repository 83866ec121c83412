"""The newest file is taken back: the roll is as before it, and nobody whom the file names is freer than by the file."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, address, adult, roll_csv
from tests.factories.uploads import URN, newest, office, people, press, run, upload, words  # noqa: F401
from tests.integration.database.test_in_the_family import decide, links, tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

LEAD = Actor.typed("Una Marsh")
LATER = NOW + timedelta(hours=1)
PAGE = f"/schools/{URN}/roll/take-back/"

type Rows = Sequence[dict[str, str]]

HERE: Rows = [
    adult(
        f"P{n}", f"Ana Ferris{chr(97 + n)}", EMAIL=f"a{n}@example.org", **address(n), CLASS=f"7{chr(65 + n % 3)}"
    )
    for n in range(1, 13)
]
NEIGHBOURS: Rows = [
    row | {"ADULT_NAME": f"Ben Okafor{chr(97 + n)}", "EMAIL": f"b{n}@example.org", "CLASS": "8X"}
    for n, row in enumerate(HERE)
]


def put_in(city: City, rows: Rows) -> None:
    """Also what is held: somebody says that it is right."""
    from everyfamily.people.edges.roll_imports import import_roll_data

    data = roll_csv(URN, rows)
    report = import_roll_data(data, "roll.csv", urn=URN, by=LEAD, now=LATER)
    if report.held:
        import_roll_data(data, "roll.csv", urn=URN, by=LEAD, now=LATER, although_few_match=True)


def offered(city: City, now: Any = LATER) -> Any:
    from everyfamily.people.actions.rolls.taking_back import to_take_back

    return to_take_back(city.schools[URN], now)


def take(city: City, now: Any = LATER) -> Any:
    from everyfamily.people.actions.rolls.taking_back import take_back

    found = offered(city, now)
    return take_back(city.schools[URN], file=found.file if found else 1, by=LEAD, now=now)


def roll(city: City) -> dict[str, Any]:
    """Children with year and class, links with their restriction, and what adults are reached by. Decrypted."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import ContactPoint, Pupil

    school, of_links = city.schools[URN], links(city)
    with tenant(school):
        vault = open_vault(school, now=LATER)
        return {
            "children": {
                vault.decrypt("pupil", one.pk, bytes(one.id_encrypted)): (
                    *(one.year_group, one.class_name, one.on_roll_from, one.on_roll_to),
                    one.leaving_proposed_at,
                )
                for one in Pupil.objects.all()
            },
            "links": of_links,
            "ways": {
                (
                    vault.decrypt("parent", way.parent_id, bytes(way.parent.name)),
                    vault.decrypt("contact", way.pk, bytes(way.value)),
                )
                for way in ContactPoint.objects.exclude(value=None).select_related("parent")
            },
        }


def gets_it(city: City, *, by_word: bool = True) -> set[str]:
    """Names of the adults to whom a letter would go now."""
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    school = city.schools[URN]
    vouched = "AND s.vouched_up_to IS NOT NULL" if by_word else ""
    with tenant(school), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.name FROM people_adult_standing s "
            "JOIN people_parent p ON p.school_id = s.school_id AND p.id = s.id "
            f"WHERE s.school_id = %s AND s.may_have_it {vouched}",
            [school],
        )
        vault = open_vault(school, now=LATER)
        return {vault.decrypt("parent", row, bytes(name)) for row, name in cursor.fetchall()}


def listed(city: City) -> set[tuple[int, int]]:
    """Every adult and child who are linked."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        return set(Care.objects.values_list("parent_id", "pupil_id"))


def attest(city: City) -> None:
    from everyfamily.people.actions.attesting import attest

    attest(city.schools[URN], restrictions=True, parents=True, by=LEAD, now=LATER + timedelta(minutes=1))


@pytest.fixture
def here(city: City) -> City:
    city.school(URN, HERE)
    return city


def test_a_neighbours_file_is_taken_back_and_everything_is_as_before(here: City) -> None:
    before, could = roll(here), gets_it(here)
    assert len(could) == 12
    put_in(here, NEIGHBOURS)
    assert gets_it(here, by_word=False).isdisjoint(could)
    found = offered(here)
    assert (found.children, found.adults, found.back, found.closed) == (0, 12, 12, 0)
    take(here)
    assert roll(here) == before
    assert tasks(here) == 0
    assert gets_it(here) == set(), "the word from before covers nobody any more"
    attest(here)
    assert gets_it(here) == could, "nothing is left to decide one by one"
    assert offered(here) is None


def test_children_join_leave_and_change_back(here: City) -> None:
    before = roll(here)
    others = [adult(f"Q{n}", f"Cy Nandi{chr(97 + n)}") for n in range(3)]
    put_in(here, [HERE[0] | {"YEAR_GROUP": "8", "CLASS": "8C"}, *HERE[1:10], *others])
    found = offered(here)
    assert (found.children, found.adults, found.back) == (3, 3, 3)
    take(here)
    assert roll(here) == before


def test_a_first_file_goes_whole_and_can_come_again(city: City) -> None:
    city.school(URN)
    put_in(city, HERE)
    take(city)
    assert roll(city) == {"children": {}, "links": {}, "ways": set()}
    put_in(city, HERE)
    attest(city)
    assert len(gets_it(city)) == 12


@pytest.mark.parametrize(
    ("column", "value", "after"),
    [
        ("RESTRICTION", "do not send", ("unknown", "doubt")),
        ("RESTRICTION", "hold", ("unknown", "doubt")),
        ("RESTRICTION", "Osman warning", ("unknown", "value not read")),
        ("RESTRICTION", "", ("unknown", "not said")),
    ],
)
def test_what_the_file_says_about_an_adult_whom_the_school_knew_stays(
    here: City, column: str, value: str, after: tuple[str, str]
) -> None:
    put_in(here, [HERE[0] | {column: value}, *HERE[1:]])
    take(here)
    assert links(here)["P1", HERE[0]["ADULT_NAME"]] == after


def test_a_restriction_that_stood_before_stands_with_the_name_of_who_decided_it(here: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    name = HERE[0]["ADULT_NAME"]
    decide(here, "P1", name, "do not send")
    put_in(here, [HERE[0] | {"ADULT_NAME": "Xi Lantern"}, *HERE[1:]])
    take(here)
    assert links(here)["P1", name] == ("do not send", "")
    with tenant(here.schools[URN]):
        (kept,) = Care.objects.filter(restriction="do not send")
    assert (kept.restriction_reviewed_by, kept.restriction_reviewed_at) == ("Una Marsh", NOW + timedelta(days=1))


def test_an_adult_barred_from_a_child_whom_only_the_file_had_waits_for_a_decision(here: City) -> None:
    also = HERE[0] | {"PUPIL_ID": "Q1", "RESTRICTION": "do not send"}
    put_in(here, [*HERE, also])
    take(here)
    assert links(here)["P1", HERE[0]["ADULT_NAME"]] == ("unknown", "doubt")


def test_no_new_way_and_no_home_of_before_is_written_to_and_an_inbox_comes_back(here: City) -> None:
    name = HERE[0]["ADULT_NAME"]
    put_in(here, [HERE[0] | {"EMAIL": "new@example.org", **address(40)}, *HERE[1:]])
    take(here)
    assert {value for who, value in roll(here)["ways"] if who == name} == {"a1@example.org"}


def test_a_number_that_the_file_has_beside_somebody_elses_name_does_not_come_back(city: City) -> None:
    rows = [adult("P1", "Ana Marsh", MOBILE="07700 900704"), *HERE[1:]]
    city.school(URN, rows)
    put_in(city, [rows[0] | {"MOBILE": "07700 900704 (Karl) / 07700 900703"}, *rows[1:]])
    take(city)
    assert not [value for who, value in roll(city)["ways"] if who == "Ana Marsh"]


def test_a_barred_adults_new_inbox_closes_it_for_others_also_afterwards(here: City) -> None:
    put_in(here, [HERE[0] | {"EMAIL": "b@example.org", "RESTRICTION": "do not send"}, *HERE[1:]])
    take(here)
    put_in(here, [*HERE, adult("P1", "Bea Lowe", RELATIONSHIP="carer", EMAIL="b@example.org")])
    assert closed_ways(here) == {"b@example.org", "a1@example.org"}


def closed_ways(city: City) -> set[str]:
    """Inboxes that are closed for everybody who has them."""
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    school = city.schools[URN]
    with tenant(school), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, value FROM people_way WHERE school_id = %s AND is_closed AND channel = 'email' "
            "AND value IS NOT NULL",
            [school],
        )
        vault = open_vault(school, now=LATER)
        return {vault.decrypt("contact", row, bytes(value)) for row, value in cursor.fetchall()}


def test_a_decision_ends_it(here: City) -> None:
    put_in(here, NEIGHBOURS)
    assert offered(here) is not None
    decide(here, "P1", NEIGHBOURS[0]["ADULT_NAME"], "none")
    assert offered(here) is None
    with pytest.raises(Exception, match="cannot be taken back"):
        take(here)
    assert len([who for _, who in links(here) if who.startswith("Ben")]) == 12, "nothing has changed"


def test_a_plan_ends_it_and_keeps_nothing_of_before(here: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RowBefore

    here.open()
    put_in(here, [*HERE, adult("Q1", "Cy Nandi", EMAIL="cy@example.org")])
    assert offered(here) is not None
    here.send(LATER)
    assert offered(here) is None
    with tenant(here.schools[URN]):
        assert not RowBefore.objects.exists()


def test_a_mailing_waits_for_the_leads_new_word(here: City) -> None:
    here.open()
    put_in(here, NEIGHBOURS)
    take(here)
    here.send(LATER)
    assert here.outbox() == []
    attest(here)
    here.send(LATER + timedelta(hours=1))
    assert len({line["to"] for line in here.outbox()}) == 12


def test_it_ends_at_6pm_on_the_next_working_day_and_what_was_kept_goes(here: City) -> None:
    from everyfamily.people.actions.rolls.upload_clearing import clear_overdue_uploads
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RowBefore

    put_in(here, NEIGHBOURS)
    until = offered(here).until
    assert until == NOW.replace(hour=18) + timedelta(days=1)
    assert offered(here, until) is None
    clear_overdue_uploads(until - timedelta(seconds=1))
    with tenant(here.schools[URN]):
        assert RowBefore.objects.exists()
    clear_overdue_uploads(until)
    with tenant(here.schools[URN]):
        assert not RowBefore.objects.exists()


def test_a_new_key_and_a_purge_end_it(here: City) -> None:
    from everyfamily.people.actions.keeping.forgetting import forget_adult
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Parent, RowBefore

    school = here.schools[URN]

    def is_kept() -> bool:
        with tenant(school):
            return RowBefore.objects.exists()

    put_in(here, NEIGHBOURS)
    assert is_kept()
    rotate_school_key(school, by=LEAD, now=LATER)
    assert (offered(here), is_kept()) == (None, False)
    put_in(here, HERE)
    assert is_kept()
    with tenant(school):
        adult_id = Parent.objects.earliest("pk").pk
    forget_adult(school, adult_id, by=LEAD, now=LATER)
    assert (offered(here), is_kept()) == (None, False)


def test_a_crash_in_the_middle_changes_nothing(here: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.people.actions.rolls import taking_back

    put_in(here, NEIGHBOURS)
    before = roll(here)

    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    for step in ("_put_links_back", "_record", "settle_tasks", "count_decision"):
        with monkeypatch.context() as patch:
            patch.setattr(taking_back, step, dies)
            with pytest.raises(KeyboardInterrupt):
                take(here)
        assert roll(here) == before, step
    take(here)


def test_a_decision_that_is_made_at_the_same_moment_is_not_overwritten(
    here: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lead closes somebody once the links were read, and before they are written."""
    from everyfamily.people.actions.rolls import taking_back

    name = HERE[0]["ADULT_NAME"]
    put_in(here, NEIGHBOURS)
    read = taking_back._links

    def decided_meanwhile(school_id: int) -> Any:
        found = read(school_id)
        if reading.armed:
            with ThreadPoolExecutor(1) as other:
                other.submit(closed_elsewhere).result()
        return found

    def closed_elsewhere() -> None:
        from django.db import connections

        try:
            decide(here, "P1", name, "do not send")
        finally:
            connections.close_all()

    reading = SimpleNamespace(armed=False)
    seen = offered(here).file
    monkeypatch.setattr(taking_back, "_links", decided_meanwhile)
    monkeypatch.setattr(
        "everyfamily.people.actions.decided.restrictions.wait_for_roll", lambda _: None, raising=False
    )
    reading.armed = True
    with pytest.raises(taking_back.CannotBeTakenBack):
        taking_back.take_back(here.schools[URN], file=seen, by=LEAD, now=LATER)
    assert links(here)["P1", name][0] == "do not send"


def test_another_file_is_not_taken_back_for_it(here: City) -> None:
    from everyfamily.people.actions.rolls.taking_back import CannotBeTakenBack, take_back

    put_in(here, NEIGHBOURS)
    seen = offered(here).file
    put_in(here, HERE)
    before = roll(here)
    with pytest.raises(CannotBeTakenBack):
        take_back(here.schools[URN], file=seen, by=LEAD, now=LATER)
    assert roll(here) == before


@pytest.mark.parametrize("seed", range(6))
def test_nobody_whom_a_random_file_names_is_freer_than_by_the_file(city: City, seed: int) -> None:
    chance = random.Random(seed)
    relations = ["mother", "father", "step-parent", "carer", "other"]

    def some() -> dict[tuple[str, str], dict[str, str]]:
        rows = {}
        for _ in range(60):
            child, who = (
                f"P{chance.randint(1, 14)}",
                f"Q{chr(97 + chance.randint(0, 19))}x Z{chr(97 + chance.randint(0, 2))}y",
            )
            rows[child, who] = adult(
                child,
                who,
                RELATIONSHIP=chance.choice(relations),
                EMAIL=f"{chance.randint(1, 25)}@example.org",
                MOBILE=chance.choice(
                    ["", "07700 900123", f"07700 900{chance.randint(200, 220)}", "07700 900124 (Karl)"]
                ),
                RESTRICTION=chance.choice(["none"] * 12 + ["do not send", "hold", "Osman", ""]),
                PARENTAL_RESPONSIBILITY=chance.choice(["yes", "yes", "unknown", "no"]),
                HAS_CARE=chance.choice(["yes", "no", "unknown"]),
                OBJECTS=chance.choice(["no"] * 15 + ["yes"]),
            )
        return rows

    first, second = some(), some()
    city.school(URN, list(first.values()))
    attest(city)
    before = listed(city)
    put_in(city, list(second.values()))
    named = {who for _, who in second}
    with_file = gets_it(city, by_word=False)
    take(city)
    assert gets_it(city) == set()
    freed = (gets_it(city, by_word=False) - with_file) & named
    # Beside a child of theirs for whom the file did not list them, they are as before.
    for who in freed:
        assert any(name == who and (child, who) not in second for child, name in first), who
    assert {child for child, _ in links(city)} <= {child for child, _ in first}
    assert listed(city) == before


def test_the_lead_does_it_on_a_page_that_asks_who_they_are(people: Callable[[Role], Client], city: City) -> None:  # noqa: F811
    office, lead = people(Role.OFFICE), people(Role.LEAD)  # noqa: F811
    upload(office, roll_csv(URN, [adult(f"P{n}", f"Ana Ferris{chr(96 + n)}", CLASS="8X") for n in range(1, 10)]))
    run()
    press(office, "put-in")
    run()
    assert "Your lead can take it back until 6pm" in words(office.get(f"/schools/{URN}/roll/file/", secure=True))
    assert office.get(PAGE, secure=True).status_code == 403
    shown = words(lead.get(PAGE, secure=True))
    assert "1 child and 1 adult that only this file brought are deleted" in shown
    assert "8 children whom it changed" in shown
    done = lead.post(PAGE, {"file": str(offered(city).file)}, secure=True)
    assert (done.status_code, done["Location"]) == (302, f"/schools/{URN}/")
    assert "Your last file was taken back" in words(office.get(f"/schools/{URN}/roll/file/", secure=True))
    assert "Went in, and was taken back" in words(office.get(f"/schools/{URN}/roll/history/", secure=True))
    again = lead.post(PAGE, {"file": "1"}, secure=True)
    assert (again.status_code, "cannot be taken back any more" in words(again)) == (409, True)
    assert newest().state == "taken back"
