"""No file weakens a restriction; what a person decided overrules silence, and every change is on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(days=1)


def links(city: City) -> dict[str, tuple[str, str, bool]]:
    """Adult's name -> (restriction, reason, reviewed), for one child."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        vault = open_vault(city.schools[URN], now=NOW)
        return {
            vault.decrypt("parent", link.parent_id, bytes(link.parent.name)): (
                link.restriction,
                link.restriction_reason,
                link.restriction_reviewed_at is not None,
            )
            for link in Care.objects.select_related("parent")
        }


def review(city: City, decision: str, name: str = "Joe Ferris") -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    school = city.schools[URN]
    with tenant(school):
        vault = open_vault(school, now=NOW)
        link = next(
            link.pk
            for link in Care.objects.select_related("parent")
            if vault.decrypt("parent", link.parent_id, bytes(link.parent.name)) == name
        )
    review_restriction(school, link=link, decision=decision, by=Actor.typed("Pat Example"), now=LATER)


def changes(city: City) -> list[tuple[str, str, str]]:
    """(from, to, reason) of every restriction event, in order."""
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]):
        return [
            (event.detail["from"], event.detail["to"], event.detail["reason"])
            for event in AuditEvent.objects.filter(action="restriction").order_by("id")
        ]


def tasks(city: City, *, open_only: bool = True) -> list[tuple[str, bool]]:
    """(kind, about an adult) of the school's tasks."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    with tenant(city.schools[URN]):
        found = RollTask.objects.order_by("kind", "id")
        if open_only:
            found = found.filter(closed_at=None)
        return [(task.kind, task.parent_id is not None) for task in found]


JOE = adult("P1", "Joe Ferris", EMAIL="joe@example.org", RELATIONSHIP="father")
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org")


def test_why_a_link_is_held_is_kept(city: City) -> None:
    city.school(URN)
    city.import_rows(
        URN,
        [
            JOE | {"RESTRICTION": ""},
            ANA | {"RESTRICTION": "see file"},
            adult("P1", "Bo Marsh", RELATIONSHIP="other", RESTRICTION="hold"),
            adult("P1", "B Marsh", MOBILE="07700 900123"),
        ],
    )
    assert links(city) == {
        "Joe Ferris": ("unknown", "not said", False),
        "Ana Ferris": ("unknown", "value not read", False),
        "Bo Marsh": ("hold", "", False),
        "B Marsh": ("unknown", "doubt", False),
    }


def test_a_none_that_a_newer_file_leaves_unsaid_is_unknown_again_and_on_record(city: City) -> None:
    city.school(URN)
    city.import_rows(URN, [JOE])
    city.import_rows(URN, [JOE | {"RESTRICTION": ""}])
    assert links(city)["Joe Ferris"] == ("unknown", "not said", False)
    city.import_rows(URN, [JOE])
    assert links(city)["Joe Ferris"] == ("unknown", "not said", False), "a file never opens"
    assert changes(city) == [("none", "unknown", "not said")]


def test_a_persons_decision_stands_against_silence_and_not_against_hold(city: City) -> None:
    city.school(URN)
    silent = JOE | {"RESTRICTION": ""}
    city.import_rows(URN, [silent])
    review(city, "none")
    city.import_rows(URN, [silent])
    assert links(city)["Joe Ferris"] == ("none", "", True)
    city.import_rows(URN, [JOE | {"RESTRICTION": "hold"}])
    assert links(city)["Joe Ferris"] == ("hold", "", False), "reviewed is only what a person last decided"
    assert changes(city) == [("none", "hold", "file")]


def test_a_persons_decision_stands_against_the_doubt_they_saw(city: City) -> None:
    city.school(URN)
    rows = [adult("P1", "J Ferris", EMAIL="j@example.org", RESTRICTION="do not send"), JOE]
    city.import_rows(URN, rows)
    assert links(city)["Joe Ferris"] == ("unknown", "doubt", False)
    review(city, "none")
    city.import_rows(URN, rows)
    assert links(city)["Joe Ferris"][::2] == ("none", True)


def test_the_leads_word_for_the_whole_roll_covers_silence_only(city: City) -> None:
    from everyfamily.people.actions.attesting import attest

    city.school(URN)
    silent = JOE | {"RESTRICTION": ""}
    city.import_rows(URN, [silent])
    attest(city.schools[URN], restrictions=True, parents=False, by=Actor.typed("lead"), now=LATER)
    city.import_rows(URN, [silent])
    assert links(city)["Joe Ferris"][::2] == ("none", True)
    city.import_rows(URN, [silent, adult("P1", "Fay Foster", RELATIONSHIP="foster carer")])
    assert links(city)["Joe Ferris"] == ("hold", "child in care", False)


@pytest.mark.parametrize("carer", ["foster carer", "registered manager", "social worker"])
def test_the_birth_family_of_a_child_in_care_is_held(city: City, carer: str) -> None:
    city.school(URN)
    rows = [
        JOE,
        ANA | {"RESTRICTION": ""},
        adult("P1", "Fay Foster", RELATIONSHIP=carer),
        adult("P1", "Kit Marsh", RELATIONSHIP="kinship carer"),
        adult("P1", "Bo Marsh", RELATIONSHIP="step-parent", RESTRICTION="do not send"),
    ]
    city.import_rows(URN, rows)
    held = {
        "Joe Ferris": ("hold", "child in care", False),
        "Ana Ferris": ("hold", "child in care", False),
        "Fay Foster": ("none", "", False),
        "Kit Marsh": ("none", "", False),
        "Bo Marsh": ("do not send", "", False),
    }
    assert links(city) == held
    review(city, "none")
    city.import_rows(URN, rows)
    assert links(city) == held | {"Joe Ferris": ("none", "child in care", True)}


def test_somebody_new_where_a_restricted_adult_is_missing_waits(city: City) -> None:
    city.school(URN)
    city.import_rows(URN, [ANA, JOE | {"RESTRICTION": "do not send"}])
    city.import_rows(URN, [ANA, adult("P1", "Joseph Marsh", EMAIL="jm@example.com")])
    assert links(city) == {
        "Ana Ferris": ("none", "", False),
        "Joe Ferris": ("do not send", "", False),
        "Joseph Marsh": ("unknown", "doubt", False),
    }


def test_a_new_foster_carer_is_nobody_who_was_there_before(city: City) -> None:
    city.school(URN)
    city.import_rows(URN, [JOE | {"RESTRICTION": "do not send"}])
    city.import_rows(URN, [adult("P1", "Fay Foster", RELATIONSHIP="foster carer")])
    assert links(city) == {"Joe Ferris": ("do not send", "", False), "Fay Foster": ("none", "", False)}


def held_beside(city: City, pupil: str, name: str = "Joe Ferris") -> list[tuple[str, str]]:
    """(restriction, reason) of every link with that name and a child with that id."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        vault = open_vault(city.schools[URN], now=NOW)
        return [
            (link.restriction, link.restriction_reason)
            for link in Care.objects.select_related("parent", "pupil").order_by("id")
            if link.parent.name is not None
            and vault.decrypt("parent", link.parent_id, bytes(link.parent.name)) == name
            and link.pupil.id_encrypted is not None
            and vault.decrypt("pupil", link.pupil_id, bytes(link.pupil.id_encrypted)) == pupil
        ]


def link_beside(city: City, pupil: str, name: str) -> int:
    """The number of the link with that name and a child with that id."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        vault = open_vault(city.schools[URN], now=NOW)
        return next(
            link.pk
            for link in Care.objects.select_related("parent", "pupil")
            if vault.decrypt("parent", link.parent_id, bytes(link.parent.name)) == name
            and vault.decrypt("pupil", link.pupil_id, bytes(link.pupil.id_encrypted)) == pupil
        )


def attest_checked(city: City, now: datetime = LATER) -> None:
    from everyfamily.people.actions.attesting import attest

    attest(city.schools[URN], restrictions=True, parents=False, by=Actor.typed("lead"), now=now)


BARRED = JOE | {"RESTRICTION": "do not send"}
ELSEWHERE = {"EMAIL": "jf@example.net", "MOBILE": "07700 900456"}


@pytest.mark.parametrize("said", ["", "none"])
@pytest.mark.parametrize("name", ["Joe Ferris", "J Ferris", "Mr. JOE FERRIS"])
def test_a_barred_fathers_name_at_a_new_address_beside_a_brother_waits(city: City, said: str, name: str) -> None:
    city.school(URN)
    city.import_rows(URN, [ANA, BARRED])
    beside = adult("P2", name, RELATIONSHIP="father", RESTRICTION=said, **ELSEWHERE)
    city.import_rows(URN, [ANA, BARRED, ANA | {"PUPIL_ID": "P2"}, beside])
    attest_checked(city)
    assert held_beside(city, "P2", name) == [("unknown", "doubt")]
    assert held_beside(city, "P2", "Ana Ferris") == [("none", "")]


def test_a_barred_fathers_name_beside_the_same_child_under_a_new_id_waits(city: City) -> None:
    from everyfamily.people.actions.keeping.leavers import confirm_leavers

    city.school(URN)
    city.import_rows(URN, [ANA, BARRED])
    new = {"PUPIL_ID": "UPN-1"}
    rows = [ANA | new, JOE | new | ELSEWHERE]
    city.import_rows(URN, rows)
    confirm_leavers(city.schools[URN], pupils=None, by=Actor.typed("Pat Example"), on=LATER.date(), now=LATER)
    city.import_rows(URN, rows)
    attest_checked(city)
    assert held_beside(city, "UPN-1") == [("unknown", "doubt")]
    assert held_beside(city, "UPN-1", "Ana Ferris") == [("none", "")]


def test_an_adult_in_two_rows_is_held_by_the_row_that_is_closed(city: City) -> None:
    city.school(URN)
    second = adult("P2", "Joe Ferris", RELATIONSHIP="father", **ELSEWHERE)
    city.import_rows(URN, [JOE, ANA, second])
    city.import_rows(URN, [BARRED, ANA, second])
    assert held_beside(city, "P2") == [("unknown", "doubt")], "the same name stands elsewhere, closed"


def test_a_decision_about_a_namesake_stands_in_later_files(city: City) -> None:
    city.school(URN)
    rows = [ANA, BARRED, adult("P2", "J Ferris", **ELSEWHERE)]
    city.import_rows(URN, rows)
    assert held_beside(city, "P2", "J Ferris") == [("unknown", "doubt")]
    review(city, "none", "J Ferris")
    city.import_rows(URN, rows)
    assert held_beside(city, "P2", "J Ferris") == [("none", "doubt")]
    assert held_beside(city, "P1") == [("do not send", "")]


@pytest.mark.parametrize(
    ("name", "looked_at", "after"),
    [
        ("Joe Ferris", False, ("unknown", "doubt")),
        ("J Ferris", False, ("unknown", "doubt")),
        ("Joel Ferris", False, ("none", "")),
        ("Joe Ferris", True, ("none", "")),
    ],
)
def test_a_decision_to_close_holds_the_name_at_another_address_at_once(
    city: City, name: str, looked_at: bool, after: tuple[str, str]
) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction

    city.school(URN)
    silent = {"RESTRICTION": ""}
    city.import_rows(URN, [ANA, adult("P2", name, **ELSEWHERE) | silent])
    if looked_at:
        review(city, "none", name)
    attest_checked(city, LATER + timedelta(minutes=5))
    assert held_beside(city, "P2", name) == [("none", "")]
    city.import_rows(URN, [ANA, JOE, adult("P2", name, **ELSEWHERE) | silent])
    link = link_beside(city, "P1", "Joe Ferris")
    review_restriction(
        city.schools[URN], link=link, decision="do not send", by=Actor.typed("Pat Example"), now=LATER
    )
    assert held_beside(city, "P2", name) == [after]
    assert held_beside(city, "P1", "Ana Ferris") == [("none", "")]
    assert changes(city)[1:] == ([("none", "unknown", "doubt")] if after[1] else [])


def test_a_doubt_is_not_lifted_with_the_silence_of_the_same_cell(city: City) -> None:
    city.school(URN)
    silent = {"RESTRICTION": ""}
    city.import_rows(
        URN, [JOE | silent, adult("P1", "J Ferris", RESTRICTION="hold", RELATIONSHIP="father"), ANA | silent]
    )
    attest_checked(city)
    assert held_beside(city, "P1") == [("unknown", "doubt")]
    assert held_beside(city, "P1", "Ana Ferris") == [("none", "")]


def test_a_doubt_about_somebody_of_whom_the_file_is_silent_is_lifted_with_it(city: City) -> None:
    city.school(URN)
    silent = {"RESTRICTION": ""}
    city.import_rows(URN, [JOE | silent, adult("P1", "J Ferris", **silent)])
    attest_checked(city)
    assert held_beside(city, "P1") == held_beside(city, "P1", "J Ferris") == [("none", "")]


def test_a_decision_about_somebody_gone_stands_until_they_are_back(city: City) -> None:
    city.school(URN)
    gone = [ANA]
    city.import_rows(URN, [ANA, JOE])
    city.import_rows(URN, gone)
    assert links(city)["Joe Ferris"] == ("unknown", "gone from file", False)
    review(city, "none")
    city.import_rows(URN, gone)
    assert links(city)["Joe Ferris"] == ("none", "gone from file", True)
    city.import_rows(URN, [ANA, JOE])
    assert links(city)["Joe Ferris"] == ("none", "", True)
    city.import_rows(URN, gone)
    assert links(city)["Joe Ferris"] == ("unknown", "gone from file", False), "another time than they decided on"


def test_a_later_file_that_has_an_adult_again_does_not_open_them_by_itself(city: City) -> None:
    """Their row was set aside once for lack of an id. Nobody can tell that from one who was taken out on purpose."""
    city.school(URN)
    city.import_rows(URN, [ANA, JOE])
    city.import_rows(URN, [ANA, JOE | {"PUPIL_ID": ""}])
    assert links(city)["Joe Ferris"] == ("unknown", "gone from file", False)
    city.import_rows(URN, [ANA, JOE])
    assert links(city)["Joe Ferris"] == ("unknown", "gone from file", False)
    review(city, "none")
    city.import_rows(URN, [ANA, JOE])
    assert links(city)["Joe Ferris"] == ("none", "", True)


def test_a_new_name_in_the_same_inbox_takes_the_restriction_along(city: City) -> None:
    city.school(URN)
    city.import_rows(URN, [ANA, JOE | {"RESTRICTION": "do not send"}])
    city.import_rows(URN, [ANA, JOE | {"ADULT_NAME": "Joe Marsh"}])
    assert links(city)["Joe Marsh"] == ("do not send", "", False)
    city.import_rows(URN, [ANA, JOE | {"EMAIL": "new@example.com"}])
    assert links(city)["Joe Ferris"] == ("unknown", "doubt", False), "known neither by name nor by inbox"


def test_tasks_open_once_and_close_when_nothing_waits(city: City) -> None:
    city.school(URN)
    rows = [
        JOE | {"RESTRICTION": "hold"},
        ANA | {"RESTRICTION": ""},
        *[adult(f"P{number}", "Bo Marsh", EMAIL="bo@example.org") for number in range(2, 9)],
    ]
    for _ in range(2):
        city.import_rows(URN, rows)
        assert tasks(city) == [("restriction", True), ("restrictions not said", False)]
    city.import_rows(URN, rows[:-1])
    assert ("leavers", False) in tasks(city)
    review(city, "do not send")
    city.import_rows(URN, [*rows[:1], *rows[2:]])
    assert tasks(city) == [("restriction", True)], "Ana is gone from the file: a person says"
    assert len(tasks(city, open_only=False)) == 4


def test_the_task_about_silence_closes_with_the_last_decision(city: City) -> None:
    city.school(URN)
    city.import_rows(URN, [JOE | {"RESTRICTION": ""}])
    assert tasks(city) == [("restrictions not said", False)]
    review(city, "none")
    assert tasks(city) == []


def test_the_task_has_an_owner_and_a_day(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    city.school(URN)
    report = city.import_rows(URN, [JOE | {"RESTRICTION": "hold"}])
    assert report.tasks == {"restriction": 1}
    with tenant(city.schools[URN]):
        task = RollTask.objects.get()
    assert (task.owner, task.due_on) == ("Designated safeguarding lead", (NOW + timedelta(days=3)).date())


def test_a_decision_in_the_middle_of_an_import_is_not_written_over(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from django.db import connection

    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.people.actions.rolls.roll_links import Links

    city.school(URN)
    city.import_rows(URN, [JOE])
    whole = Links.write

    def decided_meanwhile(self: Links, *arguments: object) -> object:
        def decide() -> None:
            # One that closes waits for the import (test_namesakes.py).
            review(city, "none")
            connection.close()

        other = threading.Thread(target=decide)
        other.start()
        other.join()
        return whole(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Links, "write", decided_meanwhile)
    with pytest.raises(EveryfamilyError) as raised:
        city.import_rows(URN, [JOE | {"HAS_CARE": "no"}])
    assert raised.value.code == "EF233"
    assert links(city)["Joe Ferris"] == ("none", "", True)


SAM = [
    adult("P1", "Sam Thorne", EMAIL="mother@example.org", RELATIONSHIP="mother"),
    adult("P1", "Sam Thorne", EMAIL="father@example.org", RELATIONSHIP="father", RESTRICTION="do not send"),
]


def of_one_name(city: City) -> dict[str, tuple[str, str]]:
    """Relationship -> (restriction, reason)."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        found = Care.objects.order_by("id").values_list("relationship", "restriction", "restriction_reason")
        return {relationship: held for relationship, *rest in found for held in [(rest[0], rest[1])]}


@pytest.mark.parametrize("first", [SAM, SAM[1:]], ids=["together", "the father first"])
def test_a_mother_with_the_name_of_the_closed_father_is_asked_about_and_not_closed(
    city: City, first: list[dict[str, str]]
) -> None:
    both = {"mother": ("unknown", "doubt"), "father": ("do not send", "")}
    city.school(URN)
    city.import_rows(URN, first)
    city.import_rows(URN, SAM)
    assert of_one_name(city) == both
    assert ("restriction", True) in tasks(city)
    city.import_rows(URN, SAM[::-1])
    assert of_one_name(city) == both, "the same file in another order is about the same two"


def test_one_adult_whom_the_next_file_calls_something_else_is_still_the_same(city: City) -> None:
    """Also where every contact value is another by then."""
    city.school(URN)
    city.import_rows(URN, SAM[1:])
    city.import_rows(
        URN, [SAM[1] | {"RELATIONSHIP": "step-parent", "EMAIL": "new@example.org", "RESTRICTION": ""}]
    )
    assert of_one_name(city) == {"step-parent": ("do not send", "")}
