"""The account is compared with the official lists: children who are on a list but not with us are shown next to it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.core.accounting.coverage import Reason
from everyfamily.core.accounting.published import Figure
from everyfamily.core.actors import Actor
from everyfamily.core.schools.official_figures import OfficialFigure
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.kept import kept_city
from tests.factories.national_list import establishment, national_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

DAY_2 = NOW.replace(day=3, hour=6)
DAY_3 = NOW.replace(day=4, hour=6)
LISTED, AT_HOME = 900001, 999999
OWN = (
    "URN,NAME,KIND,ROLL,SENDS,LEAD_ROLE\r\n999999,Children educated at home,home educated,212,us,EHE officer\r\n"
)


def children(count: int, prefix: str = "P") -> list[dict[str, str]]:
    return [
        adult(f"{prefix}{n}", f"Ana Ferris{n}", EMAIL=f"{prefix.lower()}{n}@example.org") for n in range(count)
    ]


def listed(city: City, urn: int, number: int, *, as_of: date = date(2027, 1, 21)):  # type: ignore[no-untyped-def]
    from everyfamily.people.actions.schools.figures import file_figure

    return file_figure(
        city.schools[urn],
        children=number,
        as_of=as_of,
        source="school census",
        by=Actor.typed("Una Marsh"),
        now=NOW,
    )


def uneven(city: City) -> None:
    """Lists that have three children less than the roll, or four more: 12 more in all."""
    for at in range(1, 8):
        listed(city, LISTED + at, 30 + at + (-3 if at % 2 else 4), as_of=date(2026, 10, 1))


def missing(city: City, now=NOW) -> int:  # type: ignore[no-untyped-def]
    from everyfamily.core.accounting.not_known import not_known_sum
    from everyfamily.reports.queries import city_coverage

    found = city_coverage(city.mailing, now)
    return not_known_sum((*found.schools, *found.outside))


def command(*arguments: object) -> str:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


@kept_city
def sent(city: City) -> None:
    """Eight schools of 30 to 37 children whose rolls have what their lists have, and the letter on its way to them."""
    for at in range(8):
        city.school(LISTED + at, children(30 + at, f"S{at}P"), order=["email"])
    city.open()


def test_children_whom_the_list_has_and_the_roll_has_not_stand_beside_the_outcomes(sent: City) -> None:
    from everyfamily.reports.queries import city_coverage

    before = city_coverage(sent.mailing, NOW).total
    assert missing(sent) == 0
    listed(sent, LISTED, 292)
    listed(sent, LISTED + 1, 5)
    assert missing(sent) == 262, "the other school's 26 more do not make up for it"
    assert city_coverage(sent.mailing, NOW).total == before


def test_home_educated_children_of_the_councils_list_have_their_row_with_whom_to_ring(
    city: City, tmp_path: Path
) -> None:
    from everyfamily.people.edges.school_imports import import_schools
    from everyfamily.people.queries import school_by_urn

    own = tmp_path / "own.csv"
    own.write_text(OWN)
    import_schools(own, by=Actor.typed("test"), now=NOW)
    city.schools[AT_HOME] = school_by_urn(AT_HOME).id
    city.import_rows(AT_HOME, children(1, "H"))
    for at in range(6):
        city.school(LISTED + at, children(30 + at, f"S{at}P"), order=["email"])
    city.open()
    assert missing(city) == 211
    found = json.loads(command("coverage", "--reference", REFERENCE, "--json"))["not_known_to_us"]
    (home,) = found["at_home"]
    assert (home["listed"], home["ring"], home["source"]) == (212, "EHE officer", "the council's own list")
    assert home["from"] <= 211 <= home["to"]
    said = command("coverage", "--reference", REFERENCE)
    assert "not known to us: 211 of 407 children on the official lists" in said
    assert "EHE officer" in said


def test_of_schools_that_send_themselves_all_children_are_not_known_until_a_return_says_otherwise(
    city: City,
) -> None:
    from everyfamily.core.accounting.coverage import Return
    from everyfamily.mailings.actions.returns.returns import file_return
    from everyfamily.reports.queries import city_coverage

    city.school(LISTED, sends="school")
    city.school(LISTED + 1, children(30), order=["email"])
    city.open()
    total = city_coverage(city.mailing, NOW).total
    assert (missing(city), total.reasons[Reason.RETURN_MISSING]) == (30, 30)
    file_return(
        city.mailing, city.schools[LISTED], Return(26, 20, 2, 4, 0, True), by=Actor.typed("school"), now=NOW
    )
    assert missing(city) == 4


def test_a_school_without_a_roll_counts_with_its_newest_figure(city: City) -> None:
    from everyfamily.reports.queries import city_coverage

    city.school(LISTED)
    city.school(LISTED + 1, children(30), order=["email"])
    city.open()
    listed(city, LISTED, 44)
    assert missing(city) == 44
    assert city_coverage(city.mailing, NOW).total.reasons[Reason.NO_ROLL] == 44


def test_a_school_that_came_onto_the_list_after_the_letter_was_opened_is_not_lost(
    sent: City, tmp_path: Path
) -> None:
    from everyfamily.people.edges.school_imports import import_schools

    late = tmp_path / "list.csv"
    late.write_bytes(national_csv([establishment(150_001, pupils="120")]))
    import_schools(late, by=Actor.typed("test"), now=NOW)
    assert missing(sent) == 120
    found = json.loads(command("coverage", "--reference", REFERENCE, "--json"))
    assert [(one["name"], one["why"]) for one in found["not_known_to_us"]["schools"]] == [
        ("Quayfield School 150001", "not in this letter")
    ]


def test_the_page_of_a_day_keeps_its_figures_and_the_next_has_the_new_ones(sent: City) -> None:
    from everyfamily.reports.accounts import account_for

    uneven(sent)
    listed(sent, LISTED, 292)
    first = account_for(sent.mailing, DAY_2)
    assert first.shown.not_known_to_us is not None
    assert first.shown.not_known_to_us.children is not None
    assert first.shown.not_known_to_us.children == Figure(274)
    listed(sent, LISTED, 352, as_of=date(2027, 2, 1))
    assert account_for(sent.mailing, DAY_2 + timedelta(hours=3)) == first
    second = account_for(sent.mailing, DAY_3).shown.not_known_to_us
    assert second is not None
    assert [(line.name, line.listed, line.as_of) for line in second.schools] == [
        (f"Quayfield School {LISTED}", 352, date(2027, 2, 1))
    ]
    assert second.children is not None
    assert str(second.children) == "about 330", (
        "one list changed since the last exact sum: the difference were its own"
    )


def test_the_newest_figure_counts_and_an_older_one_is_refused(sent: City) -> None:
    from everyfamily.people.actions.schools.figures import FigureNotGood, NewerFigureKnown
    from everyfamily.people.queries import school_by_urn

    filed = listed(sent, LISTED, 41)
    assert filed.before == OfficialFigure(30)
    with pytest.raises(NewerFigureKnown, match="41 children of 21 January 2027, school census"):
        listed(sent, LISTED, 40, as_of=date(2026, 10, 1))
    with pytest.raises(FigureNotGood):
        listed(sent, LISTED, 40, as_of=NOW.date() + timedelta(days=1))
    assert school_by_urn(LISTED).roll_expected == 41


def test_who_filed_a_figure_is_in_the_audit_trail(sent: City) -> None:
    from everyfamily.audit.models import AuditEvent

    listed(sent, LISTED, 41)
    event = AuditEvent.objects.get(action="file figure")
    assert (event.actor, event.subject_id) == ("Una Marsh", str(LISTED))
    assert (event.detail["children"], event.detail["as of"], event.detail["before"]["children"]) == (
        41,
        "2027-01-21",
        30,
    )


def test_the_command_files_a_figure_and_the_page_names_it_with_its_day(sent: City, tmp_path: Path) -> None:
    said = command(
        *("schools", "figure", "--school", LISTED, "--children", 92, "--as-of", "2026-10-01"),
        *("--source", "school census", "--by", "Una Marsh"),
    )
    assert "92 children. It was 30." in said
    uneven(sent)
    page = tmp_path / "coverage.html"
    table = tmp_path / "coverage.csv"
    command("coverage", "--reference", REFERENCE, "--live", "--html", page, "--csv", table)
    assert "Not known to us: 74 children" in page.read_text()
    assert "School census, 1 October 2026" in page.read_text()
    assert "Designated safeguarding lead" in page.read_text()
    assert "not known to us" in table.read_text()
