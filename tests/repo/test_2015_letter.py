"""What became of each thing in the letter of 2015: docs/explanation/from-the-2015-letter.md, row by row."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.words import print_lines
from tests.factories.demonstration import DATED, PACK, REFERENCE, ROOT, demo_letter, demo_partnership
from tests.factories.each import each

PAGE = ROOT / "docs" / "explanation" / "from-the-2015-letter.md"
LETTER = demo_letter()


def section(name: str) -> str:
    """Heading, texts and asides of one section."""
    found = LETTER.english.section(name)
    heading = [found.heading.text, found.heading.aside or ""] if found.heading else []
    return "\n".join([*heading, *(f"{passage.text} {passage.aside or ''}" for passage in found.passages)])


def items(name: str) -> list[str]:
    return [passage.text for passage in LETTER.english.section(name).passages if passage.kind == "item"]


SITE = (PACK / "site.en.md").read_text(encoding="utf-8")
WHOLE = "\n".join(section(part.id) for part in LETTER.english.sections)
PRINTED = print_lines(LETTER, "en", PersonalGaps())


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").split("\n") if re.match(r"\| \d+ \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_page_has_all_thirty_two_rows() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, 33))
    assert {row[2] for row in rows()} <= {"keep", "reword", "remove", "add"}


@each("row", rows())
def test_the_rows_place_exists(row: list[str]) -> None:
    kind, _, names = row[4].partition(": ")
    for name in names.split(", "):
        if kind in ("section", "sections"):
            LETTER.english.section(name)
        elif kind == "partnership":
            text = Path(ROOT / "src/everyfamily_demo/data/partnership.toml").read_text(encoding="utf-8")
            assert re.search(rf"^\[+{name}\]+$", text, re.MULTILINE)
        else:
            assert (PACK / name).is_file()


@each("row", rows())
def test_the_rows_test_exists(row: list[str]) -> None:
    assert callable(globals()[row[5]])
    assert row[5].startswith(f"test_row_{int(row[0]):02d}_")


def test_row_01_bodies_have_name_address_and_logo() -> None:
    assert [body.kind for body in LETTER.bodies] == ["council", "police"]
    assert all(body.address and "<svg" in body.logo_svg for body in LETTER.bodies)
    assert PRINTED[:2] == ["Eastmere City Council", "Eastmere Police"]
    assert any("Civic Hall, Market Quay" in line for line in PRINTED)


def test_row_02_enquiries_go_to_a_role() -> None:
    signatories = {word for who in LETTER.signatories for word in who.name.split()}
    assert not signatories & set(LETTER.enquiries.role.split())
    assert "@" in LETTER.enquiries.mailbox
    assert any(LETTER.enquiries.role in line for line in PRINTED)


def test_row_03_references_and_date_are_printed() -> None:
    head = " ".join(PRINTED[:8])
    assert REFERENCE in head
    assert all(body.their_reference and body.their_reference in head for body in LETTER.bodies)
    assert f"{DATED.day} March {DATED.year}" in head


def test_row_04_the_greeting_names_no_child() -> None:
    assert LETTER.english.section("opening").passages[0].text == "Dear parent or carer"
    assert "child name" not in WHOLE


def test_row_05_the_topic_is_named_inside_only() -> None:
    assert "sexual exploitation" in LETTER.english.title.text
    for passage in LETTER.english.outside():
        for word in LETTER.topic_words:
            assert not re.search(rf"\b{word}", passage.text, re.IGNORECASE)


def test_row_06_it_says_who_writes_and_that_nobody_was_picked_out() -> None:
    assert all(body.name in section("opening") for body in LETTER.bodies)
    assert "You have not been picked out." in section("opening")


def test_row_07_no_figure_comforts_or_frightens() -> None:
    assert not re.search(r"\b(rare|few|small|thousands|per cent|percent|one in)\b|%", WHOLE, re.IGNORECASE)
    assert re.findall(r"\d+", section("what")) == ["18"]


def test_row_08_the_child_is_never_the_actor() -> None:
    assert "Someone tricks, pressures or controls a child" in section("what")
    assert "The child may not see that it is abuse." in section("what")
    assert not re.search(r"permission|consent|persuad", WHOLE, re.IGNORECASE)


def test_row_09_in_person_and_online_stand_together() -> None:
    assert "in person or online" in section("what")


def test_row_10_changes_have_other_causes() -> None:
    assert "Your child may show none of these changes. These changes can have other causes." in section("signs")
    for name in ("now", "changes"):
        assert all(passage.aside for passage in LETTER.english.section(name).passages)


def test_row_11_pulling_away_from_people() -> None:
    assert any(item.startswith("pulls away from people") for item in items("changes"))


def test_row_12_an_adults_behaviour_is_the_adults() -> None:
    assert any(item.startswith("is older or has power, and gives") for item in items("adults"))
    assert not re.search(r"older|relationship", section("now") + section("changes"))


def test_row_13_missing_comes_first_and_calls_the_police() -> None:
    assert items("now")[0].startswith("goes missing")
    assert LETTER.english.section("now").passages[0].aside == "cannot find them? Call 999"


def test_row_14_missing_lessons() -> None:
    assert "misses lessons or whole days" in items("changes")


def test_row_15_messages_from_anyone() -> None:
    assert "gets calls or messages that upset or control them" in items("changes")
    assert not re.search(r"stranger|unknown", WHOLE)


def test_row_16_things_that_cannot_be_explained() -> None:
    assert "has money, clothes or a phone you cannot explain" in items("changes")
    assert not re.search(r"expensive|designer", WHOLE)


def test_row_17_dress_and_music_are_gone() -> None:
    assert not re.search(r"\bdress|music|style\b|look", section("now") + section("changes"), re.IGNORECASE)


def test_row_18_tired_stands_beside_others() -> None:
    assert "pulls away from people, or is more angry, low or tired" in items("changes")


def test_row_19_injuries_are_grave() -> None:
    assert "has injuries they hide or cannot explain" in items("now")
    assert "get medical help" in section("now")


def test_row_20_street_words_are_gone() -> None:
    assert not re.search(r"street|slang|nickname|gang", WHOLE, re.IGNORECASE)


def test_row_21_what_a_caring_person_feels_like() -> None:
    assert "“How should someone who cares about you make you feel?”" in items("talk")


def test_row_22_show_me_how_it_works() -> None:
    assert "“Show me how this game works." in SITE


def test_row_23_prevention_is_not_put_on_the_child() -> None:
    assert "Who would you tell?" in SITE
    assert not re.search(r"careful|befriend|stay safe", WHOLE, re.IGNORECASE)


def test_row_24_they_can_tell_you_stands_first() -> None:
    assert items("talk")[0] == "“You can tell me, or another adult you trust. You will not be in trouble.”"


def test_row_25_every_family_wherever_a_child_learns() -> None:
    assert f"every parent and carer in {LETTER.area}, wherever their child learns" in section("opening")


def test_row_26_the_next_letter_is_announced() -> None:
    assert len(demo_partnership().year_plan.letters) == 3
    assert "The next letter comes in April 2027. It will be about harmful groups online." in section("closing")


def test_row_27_danger_comes_first() -> None:
    assert section("danger").startswith("If a child is in danger now, call 999.")
    assert "Cannot speak?" in section("danger")
    assert "press 55" in section("danger")
    assert [route.id for route in LETTER.card_routes][:3] == ["emergency", "local", "police"]
    numbers = [line for line in PRINTED if re.fullmatch(r"(\d+ ?)+", line)]
    assert numbers[0] == "999"


def test_row_28_every_route_has_an_owner_and_a_check() -> None:
    for route in LETTER.routes:
        assert route.owner
        assert route.hours
        assert route.checked_by
        assert isinstance(route.checked_on, date)
        assert isinstance(route.expires_on, date)


def test_row_29_the_school_is_a_route_and_a_role() -> None:
    assert "school" in [route.id for route in LETTER.card_routes]
    assert "the person in charge of keeping children safe (safeguarding lead)" in section("call")


def test_row_30_one_site_stands_apart() -> None:
    sites = [route for route in LETTER.routes if route.url]
    assert [route.id for route in sites] == ["online"]
    assert "online" in LETTER.apart
    assert sites[0].url is not None
    assert sites[0].url in section("call")


def test_row_31_both_bodies_sign() -> None:
    assert [who.body for who in LETTER.signatories] == ["council", "police"]
    for who in LETTER.signatories:
        assert f"{who.name}, {who.organisation} {who.title}" in PRINTED
        assert "<svg" in who.signature_svg


@each(
    "name, words",
    [
        ("fault", "It is not your child’s fault."),
        ("signs", "You do not need to be sure before you call."),
        ("now", "What to do"),
        ("changes", "It could also be"),
        ("adults", "Look out for someone who…"),
        ("what", "Anyone can be targeted: boys and girls, disabled children, children from every community."),
        ("what", "Anyone can do this: men, women, other young people, someone you know."),
        ("call", "What happens when you call"),
        ("card", "Need an interpreter? Say your language."),
        ("card", "BSL"),
        ("card", "18000"),
        ("real", "Is this letter real?"),
        ("past", "It was not your fault, and it is never too late to talk."),
        ("more", "Large print and a short version too."),
        ("more", "Audio, BSL or Braille: ask the school."),
        ("opening", "We write because you are often the first to see a change."),
        ("opening", "The earlier we know, the more we can do."),
        ("now", "Tell us now: 0151 496 0120, day or night, if your child…"),
        ("adults", "asks for a picture"),
        ("call", "Under 18s can use Report Remove: childline.org.uk"),
        ("closing", "Thank you for looking out for the children of Eastmere."),
        ("closing", "Yours sincerely"),
        ("closing", "A person reads every reply"),
    ],
)
def test_row_32_what_was_not_in_it_is_added(name: str, words: str) -> None:
    assert words in section(name)
    assert any(route.id == "children" and route.label == "Childline" for route in LETTER.card_routes)
    assert any(line.startswith("Review date: 31 August 2027") for line in PRINTED)
