"""A letter from Year 6 goes to the families of children who are, or may be, in Year 6 or above, and to no others. The
account counts only these children, and says how many others there are."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from everyfamily.core.accounting.coverage import Outcome, Reason, Return
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.doors import open_doors
from tests.factories.kept import kept_city
from tests.factories.signed_in import signed_in
from tests.integration.database.test_account_follow_ups import LATER, follow

pytestmark = [pytest.mark.database, pytest.mark.slow]

PRIMARY, SECONDARY, NURSERY, OWN_PRIMARY, OWN_SECONDARY, NEW_PRIMARY = range(900001, 900007)
HOUR = timedelta(hours=1)


def child(pupil: str, year: str, mailbox: str, **columns: str) -> dict[str, str]:
    """A child with one adult, whose mailbox says who it is."""
    return adult(
        pupil, mailbox.title(), YEAR_GROUP=year, CLASS=f"{year}A", EMAIL=f"{mailbox}@example.org", **columns
    )


def rolls() -> list[dict[str, str]]:
    """Every kind of family at one school."""
    return [
        child("A1", "R", "young"),
        child("B1", "6", "six"),
        child("C1", "R", "both"),
        child("C2", "8", "both"),
        child("D1", "", "blank"),
        child("E1", "Year 5", "five"),
        child("F1", "R", "held", RESTRICTION="hold"),
        child("G1", "7", "seven", RESTRICTION="hold"),
    ]


@kept_city
def sent(city: City) -> None:
    """A letter from Year 6, sent to a city with schools of every kind."""
    city.school(PRIMARY, rolls())
    city.school(SECONDARY, [child("S1", "9", "nine")], phase="Secondary")
    city.school(NURSERY, [child("N1", "N2", "nursery")], phase="Nursery")
    city.school(OWN_PRIMARY, sends="school")
    city.school(OWN_SECONDARY, sends="school", phase="Secondary")
    city.school(NEW_PRIMARY, attests=False)
    city.open(from_year=6)
    city.send()


def written_to(city: City) -> set[str]:
    return {str(line["to"]).partition("@")[0] for line in city.outbox()}


def test_it_goes_to_families_with_a_child_who_is_or_may_be_old_enough(sent: City) -> None:
    from everyfamily.mailings.models import MailingSchool, PersonTask
    from everyfamily.mailings.queries.mailings import from_year_of
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import school_sizes

    assert from_year_of(sent.mailing) == 6
    # A wave is planned for the schools that have such children, by how many those are.
    sizes = {school.urn: school.families for school in school_sizes(6)}
    assert sizes == {PRIMARY: 4, SECONDARY: 1, NEW_PRIMARY: 30}
    assert written_to(sent) == {"six", "both", "blank", "nine"}
    with tenant(sent.schools[PRIMARY]):
        # Nobody has to decide about an adult whose only child is too young for it.
        assert PersonTask.objects.filter(mailing_id=sent.mailing, kind="restriction").count() == 1
    # A school without a child of these years has no part in it: nobody there has to attest or to file a return.
    parts = MailingSchool.objects.filter(mailing_id=sent.mailing).values_list("school__urn", flat=True)
    assert set(parts) == {PRIMARY, SECONDARY, OWN_PRIMARY, OWN_SECONDARY, NEW_PRIMARY}


def test_the_account_counts_these_children_and_says_how_many_others_there_are(sent: City) -> None:
    from everyfamily.cli.accounts.summary import summary_json
    from everyfamily.core.accounting.account_record import shown_as_json, shown_from_json
    from everyfamily.core.accounting.disclosure import disclose
    from everyfamily.mailings.actions.returns.returns import _questions, file_return
    from everyfamily.reports.csv_file import coverage_csv
    from everyfamily.reports.page import coverage_page

    sent.hear([("six@example.org", "delivered"), ("nine@example.org", "delivered")], NOW + HOUR)
    sent.send(NOW + HOUR)
    city = sent.coverage(NOW + HOUR)
    by_urn = {one.urn: one for one in city.schools}
    primary = by_urn[PRIMARY].coverage
    # B1 is reached, C2 and D1 are on their way, and somebody must decide about G1.
    assert dict(primary.outcomes) == {Outcome.REACHED: 1, Outcome.ON_ITS_WAY: 2, Outcome.NOT_REACHED: 1}
    assert dict(primary.reasons) == {Reason.UNDECIDED: 1}
    assert (city.from_year, city.too_young, city.adults) == (6, 5, 5)
    # The list of a secondary school says how many children the letter is for. That of a primary school does not.
    assert by_urn[OWN_SECONDARY].state == "return missing"
    assert by_urn[OWN_SECONDARY].coverage.reasons[Reason.RETURN_MISSING] == 30
    assert {by_urn[urn].state for urn in (OWN_PRIMARY, NEW_PRIMARY)} == {"not known"}
    assert {by_urn[urn].coverage.children for urn in (OWN_PRIMARY, NEW_PRIMARY)} == {0}
    assert len(city.not_known) == 2
    assert {urn for urn, one in by_urn.items() if one.official} == {SECONDARY, OWN_SECONDARY}
    figures = summary_json(city)
    assert (figures["children"], figures["from_year"], figures["not_for_their_year"]) == (35, 6, 5)
    shown = disclose(city)
    assert shown_from_json(json.loads(json.dumps(shown_as_json(shown)))) == shown
    about = {"area": "Eastmere", "letter_title": "A letter", "term": "spring term 2027", "demonstration": True}
    sentence = "This letter is for children in Year 6 or above. About 10 other children are on rolls"
    unknown = "ntil a roll or a return is in, it is not known how many of the children are in Year 6 or above"
    page = coverage_page(shown, next_update=None, **about)  # type: ignore[arg-type]
    table = coverage_csv(shown, **about)  # type: ignore[arg-type]
    for said in (page, table):
        assert sentence in said
        assert unknown in said
        assert "lists that also have younger ones are not held against them" in said
    # Its return is about these children too, and nobody holds it against the number of all.
    counts = Return(6, 0, 0, 6, 0, emails_confirmed=False)
    school = sent.schools[OWN_PRIMARY]
    assert not [one for one in _questions(school, counts, [], None, 6) if "roll" in one.doubt]
    assert [one for one in _questions(school, counts, [], None, 0) if "roll" in one.doubt]
    file_return(sent.mailing, school, counts, by=Actor.typed("test"), now=NOW + HOUR)
    filed = next(one for one in sent.coverage(NOW + HOUR).schools if one.urn == OWN_PRIMARY)
    assert (filed.state, filed.coverage.children, filed.official) == ("sends itself", 6, None)


def test_a_year_that_a_newer_roll_changes_is_looked_at_again(sent: City) -> None:
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant

    older = {"D1": "3", "E1": "6"}
    rows = [row | {"YEAR_GROUP": older.get(row["PUPIL_ID"], row["YEAR_GROUP"])} for row in rolls()]
    sent.import_rows(PRIMARY, rows, NOW + HOUR)
    sent.send(NOW + HOUR)
    assert written_to(sent) == {"six", "both", "blank", "nine", "five"}
    with tenant(sent.schools[PRIMARY]):
        # What was sent to the family of D1 is not forgotten, and nothing more goes to it.
        assert Delivery.objects.filter(mailing_id=sent.mailing, state="stopped").count() == 1
    city = sent.coverage(NOW + HOUR)
    assert (next(one for one in city.schools if one.urn == PRIMARY).coverage.children, city.too_young) == (4, 5)


@pytest.mark.nightly
def test_a_correction_goes_to_whoever_had_the_letter_and_counts_the_same_children(sent: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.queries.mailings_of_school import mailings_of_school
    from everyfamily.people.actions.schools.schools import attest_school

    older = {"D1": "3"}
    rows = [row | {"YEAR_GROUP": older.get(row["PUPIL_ID"], row["YEAR_GROUP"])} for row in rolls()]
    sent.import_rows(PRIMARY, rows, NOW + HOUR)
    withdraw(REFERENCE, why="the number is dead", by=Actor.typed("Pat Example"), now=NOW + 2 * HOUR)
    attest_school(sent.schools[PRIMARY], by=Actor.typed("lead"), now=NOW + 2 * HOUR)
    had = len(sent.outbox())
    correction = follow(sent, "correction", "ES-2703-C0R2", from_year=6)
    correction.send(LATER)
    told = {str(line["to"]).partition("@")[0] for line in sent.outbox()[had:]}
    assert told == {"six", "both", "blank", "nine"}
    # B1, C2 and S1: nobody counts the brother or sister who was never offered the letter, nor D1 any more.
    assert correction.coverage(LATER).total.outcomes[Outcome.ON_ITS_WAY] == 3
    assert {one.from_year for one in mailings_of_school(sent.schools[PRIMARY]).mailings} == {6}


def test_the_schools_pages_say_for_whom_it_is(sent: City, tmp_path: Path) -> None:
    from click.testing import CliRunner
    from django.test import override_settings

    from everyfamily.cli.main import main
    from everyfamily.core.accounting.return_reminders import ReminderKind
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily.mailings.messages.return_letters import return_letter
    from everyfamily.mailings.queries.returns import returns_of
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        lead = signed_in(Role.LEAD, school_id=sent.schools[PRIMARY])
        families = lead.get(f"/schools/{PRIMARY}/families/", secure=True).content.decode()
        assert "This letter is for children in Year 6 or above. 4 other children are on your roll" in families
        with tenant(sent.schools[PRIMARY]):
            young = Pupil.objects.filter(year_group="Year 5").get().pk
        story = lead.get(f"/schools/{PRIMARY}/families/{young}/", secure=True).content.decode()
        assert "This letter is not for this child’s year. It is for children in Year 6 or above" in story
        due, close = NOW.date() + timedelta(days=7), NOW.date() + timedelta(days=21)
        open_returns(sent.mailing, due_on=due, close_on=close, by=Actor.typed("team"), now=NOW)
        office = signed_in(Role.OFFICE, "Priya Nand", school_id=sent.schools[OWN_PRIMARY])
        form = office.get(f"/schools/{OWN_PRIMARY}/return/{sent.mailing}/", secure=True).content.decode()
        assert "<b>This letter is for children in Year 6 or above.</b> Send it to their families" in form
    returns = returns_of(sent.mailing)
    letter = letter_by_id(returns.letter_id)
    where = {"school": "Quayfield", "key": "k", "address": "https://letters.example/x/"}
    email = return_letter(ReminderKind.LINK, letter, returns, **where).text
    assert "This letter is for children in Year 6 or above. Please send it to their families" in email
    said = CliRunner().invoke(main, ["families", "--school", str(PRIMARY)]).output
    assert "4 other children are on your roll: this letter is not for their year." in said
    assert "4 children: " in said
