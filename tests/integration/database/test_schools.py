"""Lists of schools come in: a school that converts keeps its people, and a list never undoes what somebody set."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult
from tests.factories.national_list import establishment, links_csv, national_csv, results_zip

pytestmark = [pytest.mark.database, pytest.mark.slow]

OLD, NEW = 150_001, 150_002


def bring(city: City, data: bytes, name: str = "results.zip", **options: object):  # type: ignore[no-untyped-def]
    """Import a list of schools through a file, with a second person for the mailboxes in it."""
    from everyfamily.accounts.actions.schools.mailboxes import ask_for_mailboxes
    from everyfamily.people.edges.school_imports import import_schools

    file = city.folder / name
    file.write_bytes(data)
    done = import_schools(file, by=Actor.typed("test"), now=NOW, **options)
    ask_for_mailboxes(done.changes.mailboxes, Actor.typed("test"), NOW, agreed_by=Actor.typed("Ruth Calloway"))
    return done


def stored() -> list[tuple[object, ...]]:
    """Every school and former URN, as the tables have them."""
    from everyfamily.people.models import FormerUrn, School

    return [*School.objects.order_by("id").values_list(), *FormerUrn.objects.order_by("id").values_list()]


def restrictions(school_id: int) -> list[tuple[bytes, str]]:
    """The school's children by hash, each with the restrictions of its adults."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(school_id):
        pairs = Care.objects.values_list("pupil__id_hash", "restriction")
        return sorted((bytes(child), restriction) for child, restriction in pairs)


def roll(urn: int) -> list[dict[str, str]]:
    return [
        adult("P1", "Ana Ferris", EMAIL="ana@example.org", SCHOOL_URN=str(urn)),
        adult("P1", "Sam Ferris", RESTRICTION="do not send", SCHOOL_URN=str(urn)),
        adult("P2", "Lee Marsh", EMAIL="lee@example.org", SCHOOL_URN=str(urn)),
    ]


def converted() -> bytes:
    rows = [
        establishment(OLD, "Quayfield Primary", status="2", closed="31-08-2026", pupils=""),
        establishment(NEW, "Quayfield Academy", type="34", opened="01-09-2026", pupils=""),
    ]
    return results_zip(rows, (OLD, NEW))


def test_the_first_list_brings_the_schools(city: City) -> None:
    from everyfamily.people.queries import open_schools

    done = bring(
        city,
        results_zip(
            [
                establishment(OLD, "St Ædan’s"),
                establishment(NEW, status="4", opened="01-09-2027"),
                establishment(150_003, status="2"),
                establishment(150_004, type="47"),
            ]
        ),
    )
    assert [school.urn for school in done.changes.opened] == [OLD]
    assert [school.urn for school in done.changes.proposed] == [NEW]
    (school,) = open_schools()
    assert (school.urn, school.name, school.roll_expected, school.sends) == (OLD, "St Ædan’s", 200, "school")
    assert school.phone == ""
    assert done.left_out == {"Children's centre": 1}


def test_the_same_list_again_changes_nothing(city: City) -> None:
    bring(city, results_zip([establishment(OLD), establishment(150_003)]))
    bring(city, converted())
    before = stored()
    again = bring(city, converted())
    assert again.changes.changes == []
    assert stored() == before


@pytest.mark.parametrize("announced", [False, True], ids=["unknown before", "known as proposed to open"])
def test_a_school_that_converts_keeps_its_children_and_their_restrictions(city: City, announced: bool) -> None:
    from everyfamily.people.queries import open_schools, school_by_urn

    first = [establishment(OLD, "Quayfield Primary")]
    if announced:
        first.append(establishment(NEW, "Quayfield Academy", type="34", status="4", pupils=""))
    bring(city, results_zip(first))
    school_id = school_by_urn(OLD).id
    city.import_rows(OLD, roll(OLD))
    before = restrictions(school_id)

    done = bring(city, converted())

    assert [(one.closing, one.following) for one in done.changes.converted] == [((OLD,), (NEW,))]
    assert done.changes.closed == []
    (school,) = open_schools()
    assert (school.id, school.urn, school.name) == (school_id, NEW, "Quayfield Academy")
    assert school.former_urns == (OLD,)
    assert school.roll_expected == 200
    assert school_by_urn(OLD) == school_by_urn(NEW) == school
    # A roll under the new URN meets the same children and the same order of the court, though it does not say so.
    report = city.import_rows(
        NEW, [row | {"RESTRICTION": "none"} for row in roll(NEW)], now=NOW + timedelta(days=1)
    )
    assert (report.joined, report.left_proposed) == (0, 0)
    assert restrictions(school_id) == before
    assert "do not send" in {restriction for _, restriction in before}


def test_a_conversion_goes_to_the_audit_trail(city: City) -> None:
    from everyfamily.audit.models import AuditEvent

    bring(city, results_zip([establishment(OLD)]))
    bring(city, converted())
    events = AuditEvent.objects.order_by("id").values_list("action", "detail")
    assert [action for action, _ in events] == ["import schools", "convert school", "import schools"]
    assert events[1][1] == {"from": OLD, "to": NEW}
    assert (events[2][1]["converted"], events[2][1]["closed"]) == (1, 0)


def test_a_school_that_had_begun_with_a_roll_of_its_own_is_not_mixed_with_the_one_that_closes(city: City) -> None:
    from everyfamily.people.models import School
    from everyfamily.people.queries import school_by_urn

    rows = [establishment(OLD), establishment(NEW, status="4")]
    bring(city, results_zip(rows))
    city.import_rows(NEW, roll(NEW))
    old, new = school_by_urn(OLD).id, school_by_urn(NEW).id
    done = bring(city, converted())
    assert done.changes.converted == []
    assert [school.urn for school in done.changes.closed] == [OLD]
    assert School.objects.get(pk=old).successor_id == new
    assert len(restrictions(new)) == 3


def test_a_merger_closes_two_schools_and_opens_one(city: City) -> None:
    from everyfamily.people.models import School
    from everyfamily.people.queries import open_schools

    bring(city, results_zip([establishment(OLD), establishment(NEW)]))
    merged = [establishment(150_003), establishment(OLD, status="2"), establishment(NEW, status="2")]
    done = bring(city, results_zip(merged, (OLD, 150_003, "merged"), (NEW, 150_003, "merged")))
    assert [(one.closing, one.following) for one in done.changes.followed] == [((OLD, NEW), (150_003,))]
    assert [school.urn for school in open_schools()] == [150_003]
    assert set(School.objects.filter(status="closed").values_list("successor__urn", flat=True)) == {150_003}


def test_a_split_has_no_one_successor(city: City) -> None:
    from everyfamily.people.models import School

    bring(city, results_zip([establishment(OLD)]))
    rows = [establishment(OLD, status="2"), establishment(NEW), establishment(150_003)]
    done = bring(city, results_zip(rows, (OLD, NEW), (OLD, 150_003)))
    assert [(one.closing, one.following) for one in done.changes.followed] == [((OLD,), (NEW, 150_003))]
    assert School.objects.get(urn=OLD).successor_id is None


def test_without_links_a_closure_that_may_be_a_conversion_waits(city: City) -> None:
    from everyfamily.people.queries import open_schools, school_by_urn

    bring(city, results_zip([establishment(OLD, number="2100")]))
    rows = [
        establishment(OLD, status="2", number="2100"),
        establishment(NEW, type="34", number="2100"),
    ]
    school_id = school_by_urn(OLD).id
    done = bring(city, national_csv(rows), "edubasealldata.csv")
    assert [(one.closing, one.following) for one in done.changes.perhaps_converted] == [((OLD,), (NEW,))]
    assert [school.urn for school in open_schools()] == [OLD]
    links = city.folder / "links.csv"
    links.write_bytes(links_csv((OLD, NEW)))
    bring(city, national_csv(rows), "edubasealldata.csv", links=links)
    assert [(school.urn, school.id) for school in open_schools()] == [(NEW, school_id)]


def test_a_school_that_is_not_in_the_file_stays_open(city: City) -> None:
    from everyfamily.people.queries import open_schools

    bring(city, results_zip([establishment(OLD), establishment(NEW)]))
    done = bring(city, results_zip([establishment(OLD)]))
    assert [school.urn for school in done.changes.missing] == [NEW]
    assert [school.urn for school in open_schools()] == [OLD, NEW]


def test_a_dry_run_says_the_same_and_writes_nothing(city: City) -> None:
    from everyfamily.audit.models import AuditEvent

    bring(city, results_zip([establishment(OLD)]))
    before, events = stored(), AuditEvent.objects.count()
    dry = bring(city, converted(), dry_run=True)
    assert (stored(), AuditEvent.objects.count()) == (before, events)
    assert bring(city, converted()).changes.converted == dry.changes.converted
    assert stored() != before


OWN = (
    "URN,NAME,KIND,ROLL,SENDS,LEAD_ROLE,MAILBOX,PHONE,PHONE_CHECKED_ON,PHONE_CHECKED_BY,KEEP_DAYS,CHANNELS\n"
    f"{OLD},,,,us,Designated safeguarding lead,lead@example.org,0151 496 0123,2027-02-01,Safeguarding team,14,paper\n"
    "999999,Children educated at home,home educated,,us,Home education team,home@example.org,,,,,\n"
)


def test_the_partnerships_own_list_sets_what_the_national_list_then_leaves(city: City) -> None:
    from everyfamily.people.models import School
    from everyfamily.people.queries import open_schools, school_by_urn

    bring(city, results_zip([establishment(OLD)]))
    done = bring(city, OWN.encode(), "own.csv")
    assert done.set_aside == ()
    school = school_by_urn(OLD)
    assert (school.sends, school.lead_role, school.mailbox) == (
        "us",
        "Designated safeguarding lead",
        "lead@example.org",
    )
    assert (school.phone, school.keep_days) == ("0151 496 0123", 14)
    assert school.channel_policy == {"order": ["post", "pupil post"]}
    done = bring(city, results_zip([establishment(OLD, "Quayfield New Name", phone="01514960199")]))
    assert [one.urn for one in done.changes.phone_differs] == [OLD]
    assert school_by_urn(OLD) == replace(school, name="Quayfield New Name")
    assert School.objects.get(urn=OLD).phone_checked_by == "Safeguarding team"
    home = next(one for one in open_schools() if one.urn == 999_999)
    assert (home.kind, home.roll_expected) == ("home educated", None)


def test_the_own_list_again_changes_nothing(city: City) -> None:
    bring(city, results_zip([establishment(OLD)]))
    bring(city, OWN.encode(), "own.csv")
    before = stored()
    assert bring(city, OWN.encode(), "own.csv").changes.changes == []
    assert stored() == before


def test_a_mailing_counts_a_list_whose_number_is_not_known(city: City) -> None:
    bring(city, OWN.encode(), "own.csv")
    city.open()
    assert [school.state for school in city.coverage(NOW).schools if school.urn == 999_999] == ["not known"]


def test_the_standing_of_a_school_holds_counts_and_no_people(city: City) -> None:
    from everyfamily.people.queries import school_standings

    bring(city, results_zip([establishment(OLD)]))
    bring(city, OWN.encode(), "own.csv")
    city.import_rows(OLD, [adult(f"P{number}", "Ana Ferris") for number in range(23)])
    ours, home = school_standings()
    assert (ours.urn, ours.lead, ours.mailbox, ours.phone_checked) == (OLD, True, True, True)
    assert (ours.children_held, ours.roll_imported_at) == (20, NOW)
    assert (home.children_held, home.roll_expected, home.phone_checked) == (None, None, False)


def test_a_list_that_cannot_be_read_leaves_everything_as_it_was(city: City) -> None:
    from everyfamily.core.errors import EveryfamilyError

    bring(city, results_zip([establishment(OLD)]))
    before = stored()
    cut = national_csv([establishment(OLD, status="2"), establishment(NEW)])[:-30]
    for data in (
        cut,
        cut[:-1] + b'"',
        b"URN,LA (code),EstablishmentName\n1,341,A\n",
        b"",
        Path(__file__).read_bytes(),
    ):
        with pytest.raises(EveryfamilyError):
            bring(city, data, "list.csv")
    assert stored() == before


def test_a_failure_in_the_middle_of_the_write_leaves_everything_as_it_was(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.schools import school_changes

    bring(city, results_zip([establishment(OLD)]))
    before = stored()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(school_changes, "_write_successors", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        bring(city, converted())
    assert stored() == before


def test_the_closed_day_of_the_former_school_is_kept(city: City) -> None:
    from everyfamily.people.models import FormerUrn

    bring(city, results_zip([establishment(OLD)]))
    bring(city, converted())
    assert list(FormerUrn.objects.values_list("urn", "until")) == [(OLD, date(2026, 8, 31))]


def command(*arguments: object) -> str:
    """Run `everyfamily` in this process; what it printed."""
    from click.testing import CliRunner

    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_says_as_json_what_a_list_changes(city: City) -> None:
    bring(city, results_zip([establishment(OLD, "Quayfield Primary"), establishment(150_003)]))
    file = city.folder / "next.zip"
    file.write_bytes(converted())
    said = json.loads(command("import", "schools", file, "--dry-run", "--json"))
    assert (said["format"], said["rows"], said["schools"]) == ("Get Information about Schools, zip", 2, 1)
    assert said["converted"] == [{"from": OLD, "to": NEW}]
    assert said["missing"] == [{"urn": 150_003, "name": "Quayfield School 150003"}]
    assert (said["opened"], said["closed"], said["renamed"], said["set_aside"]) == ([], [], [], [])
    assert (said["changed"], said["unchanged"], said["dry_run"]) == (0, 0, True)


def test_the_command_tells_people_to_look_at_the_agreement_of_a_school_that_converts(city: City) -> None:
    bring(city, results_zip([establishment(OLD, "Quayfield Primary")]))
    file = city.folder / "next.zip"
    file.write_bytes(converted())
    said = command("import", "schools", file)
    assert f"Converted:\n  {OLD} is now {NEW}\n" in said
    assert "look at the data agreement again" in said


def test_the_table_of_schools_says_what_is_missing_and_what_to_do(city: City) -> None:
    assert "Next: everyfamily import schools FILE" in command("schools")
    bring(city, results_zip([establishment(OLD, "Quayfield [bold]")]))
    bring(city, OWN.encode(), "own.csv")
    said = command("schools")
    assert "Quayfield [bold]" in said
    assert "2 of 2: no roll here, though we send for them. (everyfamily import roll FILE --school URN)" in said
    assert "1 of 2: number of children not known." in said
    rows = json.loads(command("schools", "--json"))
    assert [(row["urn"], row["roll_expected"], row["mailbox"]) for row in rows] == [
        (OLD, 200, True),
        (999_999, None, True),
    ]


def dated(day: str, rows: list[dict[str, str]]) -> tuple[bytes, str]:
    return national_csv(rows), f"edubasealldata{day}.csv"


def test_a_list_that_is_older_than_the_last_one_of_the_area_is_refused(city: City) -> None:
    from everyfamily.people.edges.school_imports import ListIsOlder

    bring(city, *dated("20260901", [establishment(OLD, status="2"), establishment(NEW)]))
    older = dated("20260801", [establishment(OLD), establishment(NEW, "Quayfield Old Name")])
    before = stored()
    for dry_run in (True, False):
        with pytest.raises(ListIsOlder, match="1 August 2026"):
            bring(city, *older, dry_run=dry_run)
    assert stored() == before
    elsewhere = dated("20260801", [establishment(150_004, area="342")])
    assert len(bring(city, *elsewhere, areas=[342]).changes.opened) == 1
    assert len(bring(city, *older, although_older=True, areas=[341]).changes.renamed) == 1
    again = dated("20260901", [establishment(OLD, status="2"), establishment(NEW)])
    assert len(bring(city, *again, areas=[341]).changes.renamed) == 1


def test_an_older_list_without_a_day_does_not_take_a_converted_school_off(city: City) -> None:
    from everyfamily.people.queries import open_schools

    announced = [establishment(OLD), establishment(NEW, type="34", status="4", pupils="")]
    bring(city, national_csv(announced), "list.csv")
    city.import_rows(OLD, roll(OLD))
    bring(city, converted())
    done = bring(city, national_csv(announced), "list.csv")
    assert [(one.closing, one.following) for one in done.changes.contradicted] == [((OLD,), (NEW,))]
    assert [school.urn for school in open_schools()] == [NEW]


def test_what_is_no_file_is_refused_and_not_waited_for(city: City) -> None:
    import os

    from everyfamily.core.schools.school_file import SchoolsNotReadable
    from everyfamily.people.edges.school_imports import import_schools

    pipe = city.folder / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), city.folder, city.folder / "nothing.csv"):
        with pytest.raises(SchoolsNotReadable):
            import_schools(path, by=Actor.typed("test"), now=NOW)


def test_the_command_says_what_waits_for_a_newer_list(city: City) -> None:
    bring(city, results_zip([establishment(OLD, number="7")]))
    file = city.folder / "next.zip"
    file.write_bytes(results_zip([establishment(OLD, number="7", status="2"), establishment(NEW, number="7")]))
    said = command("import", "schools", file)
    assert f"{OLD} followed by {NEW}\n  The closing or the link is not in the list" in said
