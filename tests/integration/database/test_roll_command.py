"""`everyfamily import roll`: what the command knows about the school that a file is for."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult, roll_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(hours=1)
NOBODYS = "+999123456789"
"""A number under a country code that no country has, as the demo makes them."""


@pytest.mark.parametrize(("demonstration", "set_aside"), [(True, []), (False, ["PHONE_NOT_VALID"])])
def test_a_number_of_the_demo_goes_in_at_its_schools_and_is_set_aside_at_a_real_one(
    city: City, demonstration: bool, set_aside: list[str]
) -> None:
    from everyfamily.cli.main import main
    from everyfamily.people.actions.schools.schools import NewSchool, add_schools

    school = NewSchool(URN, "Quayfield School", "state primary", "Primary", "us", 1, demonstration=demonstration)
    add_schools([school], by=Actor.typed("test"), now=NOW)
    file = city.folder / "roll.csv"
    file.write_bytes(roll_csv(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE=NOBODYS)]))
    done = CliRunner().invoke(main, ["import", "roll", str(file), "--school", str(URN), "--json"])
    assert done.exit_code == 0, done.output
    assert [row["code"] for row in json.loads(done.output)["set_aside"]] == set_aside


MESSY = [
    *(adult(f"A-{number}", f"Parent Number{number}", ADDRESS_1="1 Lantern Row") for number in range(1, 8)),
    adult("A-8", "Joe Ferris", MOBILE="NOT TO BE CONTACTED"),
    adult("", "Bo Marsh"),
]


def imported(city: City, *words: str) -> Result:
    from everyfamily.cli.main import main

    if URN not in city.schools:
        city.school(URN)
    file = city.folder / "messy.csv"
    file.write_bytes(roll_csv(URN, MESSY))
    return CliRunner().invoke(main, ["import", "roll", str(file), "--school", str(URN), *words])


def test_the_report_counts_by_what_is_wrong_and_shows_the_first_of_each(city: City) -> None:
    done = imported(city)
    assert done.exit_code == 0, done.output
    said = done.output[done.output.index("Set aside") :].splitlines()
    assert said[0] == "Set aside, 10 in all:"
    assert said[1].startswith("  1 row, PUPIL_ID_MISSING: ")
    assert said[3].startswith("  1 adult held until decided, WORDS_THAT_CLOSE: ")
    assert said[5] == "  7 values, POSTCODE_MISSING: The address has no postcode."
    assert said[6] == "    row 2, 3, 4 and 4 more. Add the postcode."
    assert "A-8" not in done.output, "a child's id stays out of the terminal"


def test_what_was_set_aside_is_written_to_a_file_that_only_its_owner_reads(city: City) -> None:
    out = city.folder / "aside.csv"
    done = imported(city, "--dry-run", "--set-aside", str(out))
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o777 == 0o600
    text = out.read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 11
    assert "9,A-8,held until decided,WORDS_THAT_CLOSE" in text
    assert "Ferris" not in text
    assert "keep it at the school" in done.output


def test_a_place_where_the_file_cannot_be_written_stops_the_import_before_it_begins(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollImport

    for place in (city.folder, city.folder / "nowhere" / "aside.csv"):
        done = imported(city, "--set-aside", str(place))
        assert (done.exit_code, "EF268" in done.output) == (2, True), done.output
    with tenant(city.schools[URN]):
        assert not RollImport.objects.exists()


SIMS = (
    "Adno,Forename,Surname,Reg,Contact Priority,Contact Forename,Contact Surname,Relationship,Parental Responsibility,"
    "Court Order,Contact Primary Email,Contact Notes\n"
    "2041,Kit,Sample,4B,1,Ana,Ferris,Mother,T,F,ana@example.com,works nights\n"
    "2041,Kit,Sample,4B,2,Joe,Ferris,Step Father,T,F,joe@example.com,{note}\n"
    "Total,2,,,,,,,,,,\n"
)


def test_a_note_that_nobody_mapped_keeps_the_letter_back_until_a_person_decides(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import links_to_review, review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.edges.roll_imports import import_roll
    from everyfamily.people.models import Care, Pupil, RollTask

    school = city.school(URN)
    file = city.folder / "sims.csv"

    def links() -> list[tuple[str, str]]:
        with tenant(school):
            assert Pupil.objects.count() == 1, "the total is no child"
            return list(Care.objects.order_by("id").values_list("restriction", "restriction_reason"))

    file.write_text(SIMS.format(note=""), encoding="utf-8")
    import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW)
    assert links() == [("none", ""), ("none", "")]
    file.write_text(SIMS.format(note="NOT TO BE CONTACTED - see Mrs Marsh"), encoding="utf-8")
    import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW)
    assert links() == [("none", ""), ("unknown", "not readable")]
    with tenant(school):
        assert RollTask.objects.filter(kind="restriction", closed_at=None).count() == 1
    [link] = links_to_review(school, now=NOW)
    review_restriction(school, link=link.link, decision="none", by=Actor.typed("Una Marsh"), now=LATER)
    import_roll(file, urn=URN, by=Actor.typed("test"), now=LATER)
    assert links()[1][0] == "none", "the person saw these words"


def test_a_mailing_sends_nothing_to_an_adult_beside_closing_words(city: City) -> None:
    city.school(
        URN,
        [
            adult("P1", "Ana Ferris", EMAIL="ana@example.org"),
            adult("P2", "Joe Quill", EMAIL="joe@example.org", MOBILE="court order - see DSL"),
        ],
    )
    city.open()
    city.send()
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]
