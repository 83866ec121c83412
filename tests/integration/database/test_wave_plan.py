"""Waves are planned by the rolls that came in and by what the partnership's file says."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter

pytestmark = [pytest.mark.database, pytest.mark.slow]

DEMO = Path(__file__).parents[3] / "src/everyfamily_demo/data"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A sealed letter's folder, with the partnership's file next to it."""
    from everyfamily.letters.files.folder import write_seal

    folder = tmp_path / "letter"
    seal, artefacts, _ = sealed_letter()
    for name, data in artefacts.items():
        file = folder / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    write_seal(folder, seal)
    shutil.copytree(DEMO, tmp_path / "partnership")
    return folder


def send(letter: Path, *words: str, opens: str = "2027-03-02T09:00", key: str | None = None) -> Result:
    from everyfamily.cli.main import main
    from everyfamily_demo.clock import set_simulated

    file = str(letter.parent / "partnership/partnership.toml")
    set_simulated(NOW - timedelta(minutes=30))
    key = key or sealed_letter()[2]
    asked = ["send", str(letter), "--sealing-key", key, "--opens", opens, "--partnership", file, *words]
    return CliRunner().invoke(main, asked)


def few_calls(letter: Path) -> None:
    file = letter.parent / "partnership/partnership.toml"
    text = file.read_text(encoding="utf-8").replace("calls_a_day = 60 ", "calls_a_day = 1 ")
    file.write_text(text.replace("calls_per_1000 = 3 ", "calls_per_1000 = 500 "), encoding="utf-8")


def children(school: int, count: int) -> list[dict[str, str]]:
    return [adult(f"P{n}", f"Ana Ferris{school}x{n}", EMAIL=f"a{school}x{n}@example.org") for n in range(count)]


def test_a_plan_is_shown_and_nothing_is_opened_until_it_is_asked_for(city: City, letter: Path) -> None:
    from everyfamily.mailings.models import Mailing, MailingSchool

    few_calls(letter)
    for urn, count in ((900001, 2), (900002, 1), (900003, 1)):
        city.school(urn, children(urn, count))
    city.school(900004, sends="school")
    planned = send(letter, "--plan", "--json")
    assert planned.exit_code == 0, planned.output
    assert [(one["on"], one["schools"], one["families"]) for one in json.loads(planned.output)["waves"]] == [
        ("2027-03-02", 1, 2),
        ("2027-03-03", 2, 2),
    ]
    assert "Wave 2: Wednesday 3 March 2027, 09:00: 2 schools, 2 children" in send(letter, "--plan").output
    assert Mailing.objects.count() == 0
    opened = send(letter)
    assert opened.exit_code == 0, opened.output
    waves = MailingSchool.objects.order_by("school__urn").values_list("wave", "wave_at", "state")
    assert [(wave, f"{at:%d %H:%M}", state) for wave, at, state in waves][:3] == [
        (1, "02 09:00", "planned"),
        (2, "03 09:00", "planned"),
        (2, "03 09:00", "planned"),
    ]
    assert waves[3][2] == "sends itself"


def test_a_school_whose_roll_has_not_come_in_counts_as_published(city: City, letter: Path) -> None:
    city.school(900001)
    assert json.loads(send(letter, "--plan", "--json").output)["waves"][0]["families"] == 30


def test_a_term_without_a_day_left_stops_before_anything_is_opened(city: City, letter: Path) -> None:
    from everyfamily.mailings.models import Mailing

    city.school(900001, children(1, 1))
    for words in ((), ("--plan",)):
        result = send(letter, *words, opens="2027-03-22T09:00")
        assert result.exit_code == 2
        assert (
            "EF524: 1 of 1 schools have no day when letters go out before the spring term 2027 ends"
            in result.output
        )
    assert Mailing.objects.count() == 0


BOTH = pytest.mark.parametrize("words", [("--plan",), ()], ids=["plan", "send"])


def nothing_was_written() -> bool:
    from everyfamily.letters.queries import sealed_letter as known
    from everyfamily.mailings.models import Mailing

    return known(REFERENCE) is None and Mailing.objects.count() == 0


@BOTH
@pytest.mark.parametrize("key", ["nonsense", "A" * 43 + "="])
def test_a_mistyped_sealing_key_is_refused_with_the_right_advice(
    city: City, letter: Path, words: tuple[str, ...], key: str
) -> None:
    city.school(900001, children(1, 1))
    result = send(letter, *words, key=key)
    assert (result.exit_code, "EF306" in result.output) == (2, True), result.output
    assert "Compare --sealing-key with what everyfamily key printed" in result.output
    assert f"you gave {len(key)}" in result.output
    assert "folder again" not in result.output
    assert nothing_was_written()


@BOTH
def test_a_changed_folder_is_refused_with_the_advice_to_take_it_again(
    city: City, letter: Path, words: tuple[str, ...]
) -> None:
    city.school(900001, children(1, 1))
    (letter / "files" / "en" / "email.txt").write_text("changed")
    result = send(letter, *words)
    assert (result.exit_code, "folder again" in result.output) == (2, True), result.output
    assert nothing_was_written()


@BOTH
def test_a_time_that_is_over_is_refused(city: City, letter: Path, words: tuple[str, ...]) -> None:
    city.school(900001, children(1, 1))
    result = send(letter, *words, opens="2027-03-01T11:00")
    assert (result.exit_code, "EF382: Monday 1 March 2027, 11:00 is in the past." in result.output) == (2, True)
    assert nothing_was_written()


@BOTH
def test_a_wave_after_a_routes_check_ends_is_refused(
    city: City, letter: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demonstration's local number is checked until 27 March; its spring term is made longer here."""
    city.school(900001, children(1, 1))
    file = letter.parent / "partnership/partnership.toml"
    text = file.read_text(encoding="utf-8").replace("closes_on = 2027-03-25", "closes_on = 2027-04-09")
    file.write_text(text, encoding="utf-8")
    result = send(letter, *words, opens="2027-03-30T09:00")
    assert (result.exit_code, "EF384: On Tuesday 30 March 2027" in result.output) == (2, True), result.output
    assert '"local" (checked until 27 March 2027)' in result.output
    assert nothing_was_written()


@BOTH
def test_a_letter_for_a_term_that_the_file_does_not_have_is_refused(
    city: City, letter: Path, words: tuple[str, ...]
) -> None:
    city.school(900001, children(1, 1))
    file = letter.parent / "partnership/partnership.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index('[[terms]]\nseason = "spring"')], encoding="utf-8")
    result = send(letter, *words)
    assert (result.exit_code, "EF383: The letter is for the spring term 2027" in result.output) == (2, True), (
        result.output
    )
    assert nothing_was_written()


def test_no_wave_begins_earlier_than_it_was_asked_for(city: City, letter: Path) -> None:
    """Within the hours of the first day it begins at that time; after them on the next day on which letters go out."""
    city.school(900001, children(1, 1))
    late = [
        json.loads(send(letter, "--plan", "--json", opens=at).output)
        for at in ("2027-03-02T10:30", "2027-03-02T15:00")
    ]
    assert [one["waves"][0]["at"] for one in late] == ["2027-03-02T10:30+00:00", "2027-03-03T09:00+00:00"]
    assert (
        "Wave 1: Tuesday 2 March 2027, 10:30: 1 school" in send(letter, "--plan", opens="2027-03-02T10:30").output
    )


def test_a_plan_names_the_schools_and_what_each_needs(city: City, letter: Path) -> None:
    few_calls(letter)
    city.school(900001, children(1, 2))
    city.school(900002, children(2, 1), attests=False)
    city.school(900003)
    city.school(900004, sends="school")
    said = json.loads(send(letter, "--plan", "--json").output)
    assert {one["urn"]: (one["wave"], one["needs"]) for one in said["schools"]} == {
        900001: (2, []),
        900002: (3, ["attest"]),
        900003: (1, ["roll"]),
        900004: (None, ["kit", "mailbox"]),
    }
    lines = send(letter, "--plan").output
    assert (
        "Nobody gets the letter until a roll has come in (everyfamily import roll FILE --school URN): 1 school."
        in lines
    )
    assert "On hold until their lead attests, in the 24 hours before the wave" in lines
    assert "  900002 Quayfield School 900002, wave 3\n" in lines
    assert "Send it themselves: give each the kit" in lines
    assert "  900004 Quayfield School 900004\n" in lines


@BOTH
def test_a_letter_that_is_mailed_already_is_refused(city: City, letter: Path, words: tuple[str, ...]) -> None:
    city.school(900001, children(1, 1))
    assert send(letter).exit_code == 0
    again = send(letter, *words)
    assert (again.exit_code, "EF522" in again.output) == (2, True)


@BOTH
def test_a_demonstration_is_refused_where_carriers_are_real(
    city: City, letter: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import close_carriers

    city.school(900001, children(1, 1))
    close_carriers()
    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", False)
    monkeypatch.setattr(settings, "EVERYFAMILY_SENDER", "@".join(("letters", "council.gov.uk")))
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    result = send(letter, *words)
    assert (result.exit_code, "EF386" in result.output) == (2, True), result.output
    assert nothing_was_written()


@BOTH
def test_a_partnerships_file_that_still_holds_invented_things_is_refused(
    city: City, letter: Path, words: tuple[str, ...]
) -> None:
    city.school(900001, children(1, 1))
    file = letter.parent / "partnership/partnership.toml"
    text = (
        file.read_text(encoding="utf-8").replace("demonstration = true", "").replace('"demo"', '"Duty manager"')
    )
    file.write_text(text, encoding="utf-8")
    result = send(letter, *words)
    assert (result.exit_code, "EF380" in result.output) == (2, True), result.output
    assert "number in [enquiries] (0151 496 0130)" in result.output
    assert nothing_was_written()


def test_a_second_letter_of_a_term_is_planned_within_that_term(city: City) -> None:
    from everyfamily.mailings.queries.wave_plan import plan_by_partnership
    from tests.factories.demonstration import demo_partnership

    city.school(900001, children(1, 2))
    which = "spring term 2027, second letter"
    plan = plan_by_partnership(demo_partnership(), opens_at=NOW, schools_a_day=5, term=which)
    assert [wave.on for wave in plan.waves] == [NOW.date()]
