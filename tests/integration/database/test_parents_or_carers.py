"""If a file says neither responsibility nor care, a person says who is a parent or carer, and it holds."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(days=1)
SILENT = {"PARENTAL_RESPONSIBILITY": "", "HAS_CARE": ""}
ANA = adult("P1", "Ana Ferris", EMAIL="ana@example.org") | SILENT
BEN = adult("P1", "Ben Ferris", EMAIL="ben@example.org", RELATIONSHIP="other") | SILENT
SAM = adult("P3", "Sam Quill", EMAIL="sam@example.org", RELATIONSHIP="social worker") | SILENT
HALF = adult("P2", "Gil Marsh", EMAIL="gil@example.org", RELATIONSHIP="grandparent") | {
    "PARENTAL_RESPONSIBILITY": "no",
    "HAS_CARE": "",
}
SURE = adult("P2", "Dee Marsh", EMAIL="dee@example.org")


def command(*words: str) -> str:
    from everyfamily.cli.main import main

    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def unclear() -> dict[str, int]:
    """Link's number by the adult's name."""
    found = json.loads(command("parents", "list", "--school", str(URN), "--json"))
    return {link["adult_name"]: link["link"] for link in found}


def say(city: City, name: str, *, is_one: bool) -> None:
    from everyfamily.people.actions.decided.responsibility import say_parent_or_carer

    say_parent_or_carer(
        city.schools[URN], link=unclear()[name], is_one=is_one, by=Actor.typed("Una Marsh"), now=LATER
    )


def attest_all(city: City) -> int:
    from everyfamily.people.actions.attesting import attest

    lead = Actor.typed("Una Marsh")
    return attest(city.schools[URN], restrictions=False, parents=True, by=lead, now=LATER).parents


def inboxes(city: City) -> set[object]:
    return {line["to"] for line in city.outbox()}


def test_nobody_is_written_to_until_somebody_says_so_and_one_word_is_enough(city: City) -> None:
    city.school(URN, [ANA, BEN, SAM, HALF, SURE])
    city.open()
    city.send()
    assert inboxes(city) == {"dee@example.org"}
    assert unclear().keys() == {"Ana Ferris", "Ben Ferris", "Sam Quill", "Gil Marsh"}
    say(city, "Ana Ferris", is_one=True)
    city.send(LATER)
    assert inboxes(city) == {"dee@example.org", "ana@example.org"}
    assert unclear().keys() == {"Ben Ferris", "Sam Quill", "Gil Marsh"}


def test_the_leads_word_for_the_roll_is_about_families_of_whom_the_file_says_nothing(city: City) -> None:
    city.school(URN, [ANA, BEN, SAM, HALF, SURE])
    city.open()
    assert attest_all(city) == 2
    assert attest_all(city) == 0
    city.send()
    assert inboxes(city) == {"ana@example.org", "ben@example.org", "dee@example.org"}
    assert unclear().keys() == {"Sam Quill", "Gil Marsh"}


def test_a_word_stands_while_the_file_is_silent_and_the_file_counts_once_it_speaks(city: City) -> None:
    city.school(URN, [ANA, BEN])
    attest_all(city)
    city.import_rows(
        URN, [ANA | {"EMAIL": "new@example.org"}, BEN | {"PARENTAL_RESPONSIBILITY": "no", "HAS_CARE": "no"}]
    )
    city.open()
    city.send()
    assert inboxes(city) == {"new@example.org"}, "no to both is the file's word, and a no"


def test_who_is_no_parent_gets_nothing_and_waits_for_nobody(city: City) -> None:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA, HALF])
    city.open()
    city.send()
    say(city, "Ana Ferris", is_one=False)
    say(city, "Gil Marsh", is_one=False)
    city.send(LATER)
    assert inboxes(city) == set()
    assert unclear() == {}
    with tenant(city.schools[URN]):
        assert set(PersonTask.objects.values_list("closed_by", flat=True)) == {"Una Marsh"}
    city.import_rows(URN, [SURE | {"PUPIL_ID": "P1"}, HALF | {"HAS_CARE": "yes"}])
    city.attest(URN, LATER)
    city.send(LATER)
    assert "gil@example.org" in inboxes(city), "a file that says yes counts"


def test_a_parent_who_is_restricted_stays_so(city: City) -> None:
    city.school(URN, [ANA | {"RESTRICTION": "do not send"}, BEN | {"RESTRICTION": ""}])
    attest_all(city)
    city.open()
    city.send()
    assert inboxes(city) == set()


def test_each_word_is_on_record_with_its_link_and_no_person(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA, SAM])
    attest_all(city)
    say(city, "Sam Quill", is_one=False)
    with tenant(city.schools[URN]):
        events = list(AuditEvent.objects.filter(action__in=["parent or carer", "attest parents"]).order_by("id"))
    assert [(event.action, event.detail.get("said")) for event in events] == [
        ("parent or carer", "yes"),
        ("attest parents", None),
        ("parent or carer", "no"),
    ]
    assert {event.actor for event in events} == {"Una Marsh"}


def test_the_commands_say_what_waits_and_take_the_word(city: City) -> None:
    city.school(URN, [ANA, BEN, SAM])
    school = ["--school", str(URN)]
    listed = command("parents", "list", *school)
    assert f"link {unclear()['Sam Quill']}: child P3, Sam Quill (social worker): responsibility unknown" in listed
    assert "3 links" in command("attest", *school, "--by", "Una Marsh")
    assert "2 links did not say" in command("attest", *school, "--by", "Una Marsh", "--parents-checked")
    sam = str(unclear()["Sam Quill"])
    command("parents", "deny", *school, "--link", sam, "--by", "Una Marsh")
    assert "No adult waits" in command("parents", "list", *school)
    command("parents", "confirm", *school, "--link", sam, "--by", "Una Marsh")


NO = {"PARENTAL_RESPONSIBILITY": "no", "HAS_CARE": "no"}


def test_a_files_two_noes_end_a_persons_yes_and_later_silence_does_not_revive_it(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, [ANA, BEN])
    attest_all(city)
    city.import_rows(URN, [ANA, BEN | NO])
    city.import_rows(URN, [ANA, BEN])
    city.open()
    city.send()
    assert inboxes(city) == {"ana@example.org"}
    assert unclear().keys() == {"Ben Ferris"}
    with tenant(city.schools[URN]):
        last = AuditEvent.objects.filter(action="parent or carer").latest("id")
    assert (last.actor, last.detail["said"], last.detail["reason"]) == ("test", "", "file")


def test_a_word_that_the_file_leaves_no_room_for_is_refused_and_not_kept(city: City) -> None:
    """Otherwise the lead would be told that no letter goes while it does."""
    from everyfamily.people.actions.decided.responsibility import FileSaysOtherwise, say_parent_or_carer
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    school = city.school(URN, [SURE, HALF | NO])
    for link, is_one in ((1, False), (2, True)):
        with pytest.raises(FileSaysOtherwise):
            say_parent_or_carer(school, link=link, is_one=is_one, by=Actor.typed("Una Marsh"), now=LATER)
    with tenant(school):
        assert set(Care.objects.values_list("parent_or_carer", flat=True)) == {""}


def test_a_slip_is_found_again_and_put_right(city: City) -> None:
    city.school(URN, [ANA, BEN])
    school = ["--school", str(URN)]
    link = str(unclear()["Ana Ferris"])
    assert "Nobody has said it" in command("parents", "list", *school, "--said")
    command("parents", "deny", *school, "--link", link, "--by", "Una Marsh")
    listed = command("parents", "list", *school, "--said")
    assert f"link {link}: child P1, Ana Ferris" in listed
    assert "Una Marsh said no" in listed
    assert "Ben" not in listed
    command("parents", "confirm", *school, "--link", link, "--by", "Una Marsh")
    assert "Una Marsh said yes" in command("parents", "list", *school, "--said")


def test_a_subject_access_answer_says_nothing_that_nobody_has_said(city: City) -> None:
    from everyfamily.people.actions.keeping.subject_access import adult_record
    from everyfamily.people.database.tenancy import tenant

    school = city.school(URN, [ANA])
    with tenant(school):
        [child] = adult_record(school, 1, now=LATER)["children"]  # type: ignore[misc]
    assert "parent_or_carer" not in child
    say(city, "Ana Ferris", is_one=True)
    with tenant(school):
        [child] = adult_record(school, 1, now=LATER)["children"]  # type: ignore[misc]
    assert (child["parent_or_carer"], child["parent_or_carer_by"]) == ("yes", "Una Marsh")  # type: ignore[index]


def test_a_link_of_another_school_is_not_known(city: City) -> None:
    from everyfamily.people.actions.decided.responsibility import say_parent_or_carer
    from everyfamily.people.actions.decided.restrictions import LinkNotKnown

    city.school(URN, [ANA])
    other = city.school(URN + 1, [SURE])
    with pytest.raises(LinkNotKnown):
        say_parent_or_carer(
            other, link=unclear()["Ana Ferris"], is_one=True, by=Actor.typed("Una Marsh"), now=LATER
        )
