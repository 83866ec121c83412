"""new-area writes once, never over what is there, and says what is missing until nothing is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.letters import new_area_command
from everyfamily.cli.main import main
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.new_area import QUESTIONS
from everyfamily.core.partnership.partnership import load_partnership
from tests.factories.demonstration import ROOT

PACK = ROOT / "packs" / "child-sexual-exploitation"
ASKED = tuple(f'nobody has confirmed the hours of the route "{name}"' for name in ("marriage", "cutting"))
"""Said of the example too: nobody found the hours of these two, and a real partnership asks them."""


def new_area(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["new-area", *words], input=typed)


def answers(folder: Path, text: str) -> str:
    file = folder / "answers.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_what_is_missing_is_said_and_no_letter_is_made_of_it(tmp_path: Path) -> None:
    area = tmp_path / "northmere"
    done = new_area(str(area), "--answers", answers(tmp_path, 'area = "Northmere"'))
    assert done.exit_code == 1
    assert "the number of the front door, as printed" in done.output
    assert "logo-council.svg" in done.output
    assert (area / "seals").is_dir()
    composed = CliRunner().invoke(
        main,
        [
            *("compose", str(PACK), "--partnership", str(area / "partnership.toml"), "--term", "spring-2027"),
            *("--reference", "NM-2703-K7R4", "--out", str(tmp_path / "letter")),
        ],
    )
    assert (composed.exit_code, "EF961" in composed.output) == (2, True)
    assert not (tmp_path / "letter").exists()


def test_a_file_that_is_there_is_never_changed(tmp_path: Path) -> None:
    new_area(str(tmp_path), "--answers", answers(tmp_path, 'area = "Northmere"'))
    file = tmp_path / "partnership.toml"
    file.write_text(file.read_text() + "# the coordinator's own remark\n")
    before = file.read_bytes()
    again = new_area(str(tmp_path), "--answers", answers(tmp_path, 'area = "Elsewhere"'))
    assert again.exit_code == 1
    assert file.read_bytes() == before


def test_a_number_whose_check_has_run_out_is_said(demo_area: Path) -> None:
    in_time = list(new_area_command.what_is_missing(demo_area, date(2027, 3, 2)))
    late = list(new_area_command.what_is_missing(demo_area, date(2027, 4, 20)))
    assert [line for line in in_time if "the route" in line] == [line for line in in_time if line.endswith(ASKED)]
    assert any('the route "local" is expired' in line for line in late)
    assert all("public_key" in line or "packs/" in line or line.endswith(ASKED) for line in in_time), in_time


def test_a_number_whose_hours_nobody_confirmed_is_said(demo_area: Path) -> None:
    file = demo_area / "partnership.toml"
    text = file.read_text(encoding="utf-8")
    confirmed = 'hours_confirmed_on = 2027-02-25\nhours_confirmed_by = "demo"\n'
    assert confirmed in text
    file.write_text(text.replace(confirmed, "", 1), encoding="utf-8")
    said = [line for line in new_area_command.what_is_missing(demo_area, date(2027, 3, 2)) if "hours" in line]
    assert said[0].endswith('nobody has confirmed the hours of the route "local"')
    assert len(said) == 1 + len(ASKED)


def test_a_check_and_a_promise_of_the_future_are_said_with_their_day(demo_area: Path) -> None:
    early = list(new_area_command.what_is_missing(demo_area, date(2026, 11, 26)))
    assert any('the route "local" is unverified: checked_on 2027-02-25 is in' in line for line in early), early
    assert any("the promise trained-person: agreed_on" in line and "in the future" in line for line in early)


def test_a_drawing_that_is_not_there_hides_nothing_else(demo_area: Path) -> None:
    (demo_area / "logo-police.svg").unlink()
    late = "\n".join(new_area_command.what_is_missing(demo_area, date(2027, 4, 20)))
    assert "logo-police.svg: a drawing" in late
    assert 'the route "local" is expired' in late
    (demo_area / "logo-police.svg").write_text("<html/>")
    assert "is not an SVG" in "\n".join(new_area_command.what_is_missing(demo_area, date(2027, 4, 20)))


def test_what_nobody_is_reached_by_is_missing_too(demo_area: Path) -> None:
    file = demo_area / "partnership.toml"
    text = file.read_text().replace("demonstration = true\n", "").replace('"demo"', '"Duty manager"')
    file.write_text(text)
    missing = "\n".join(new_area_command.what_is_missing(demo_area, date(2027, 3, 2)))
    assert "number in [enquiries] (0151 496 0130) is reserved for examples, so that nobody is reached" in missing
    assert "add the line `demonstration = true` above `name =` at the top of the file" in missing


def test_everything_that_cannot_be_used_is_said_at_once_and_in_words(demo_area: Path) -> None:
    file = demo_area / "partnership.toml"
    text = file.read_text()
    for old, new in (
        ('site = "families', 'site = "https://families'),
        ('sender_name = "Eastmere"', 'sender_name = "Eastmere letters"'),
        ('nation = "England"', 'nation = "England"\nreference_prefix = "e"'),
    ):
        text = text.replace(old, new, 1)
    file.write_text(text)
    said = "\n".join(new_area_command.what_is_missing(demo_area, date(2027, 3, 2)))
    assert said.count("cannot be used") == 3, said
    assert "^" not in said
    file.write_text(text.replace('area = "Eastmere"', 'area = "TO FILL IN: the area"'))
    said = "\n".join(new_area_command.what_is_missing(demo_area, date(2027, 3, 2)))
    assert (said.count("cannot be used"), "the area" in said) == (3, True), said


def test_a_promise_is_shown_as_the_letter_on_paper_prints_it() -> None:
    promises = new_area_command._promises(load_pack(PACK))
    printed = (PACK / "letter.en.md").read_text(encoding="utf-8").replace("\n", " ")
    assert promises["audio"] == promises["bsl"] == "Audio, BSL or Braille: ask the school."
    # The first only the newsletter makes, and the others only the answers to reporters.
    beside = {name: promises.pop(name) for name in ("formats", "planned-letter", "calls-planned", "cost-given")}
    assert beside["cost-given"].endswith("We will send you what it cost.")
    assert [one for one in promises.values() if re.sub(r"\[([a-z ]+)\]", r"((\1))", one) not in printed] == []
    promises |= beside
    guide = (ROOT / "docs/howto/set-up-your-area.md").read_text(encoding="utf-8")
    assert [one for one in promises.values() if f"\n- {one}" not in guide] == []


@pytest.fixture
def demo_area(tmp_path: Path) -> Path:
    for file in (ROOT / "src/everyfamily_demo/data").iterdir():
        if file.suffix in (".toml", ".svg"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_a_person_is_asked_and_a_blank_stays_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_area_command, "_somebody_can_be_asked", lambda: True)
    typed = {
        "area": "Northmere",
        "address": "Civic Hall; Northmere",
        "front_door.checked_by": "Front door manager",
    }
    lines = []
    for question in QUESTIONS:
        if question.id == "front_door.checked_on":
            lines += ["2 March", "2026-03-02"]
        elif question.after is None:
            lines.append(typed.get(question.id, ""))
    done = new_area(str(tmp_path), typed="\n".join(lines) + "\n")
    assert done.exit_code == 1
    assert "write the day as 2026-11-26" in done.output
    assert "  No one will judge you for calling." in done.output
    text = (tmp_path / "partnership.toml").read_text()
    assert 'area = "Northmere"' in text
    assert 'address = ["Civic Hall", "Northmere"]' in text


def test_nobody_is_asked_where_nobody_can_be(tmp_path: Path) -> None:
    done = new_area(str(tmp_path / "x"))
    assert (done.exit_code, "--questions" in done.output, (tmp_path / "x").exists()) == (2, True, False)


def test_a_reference_is_drawn_from_the_prefix_and_another_is_refused(demo_area: Path) -> None:
    from everyfamily.core.letter.compose import ReferenceNotUsable
    from everyfamily.core.letter.references import reference_for

    file = demo_area / "partnership.toml"
    without = load_partnership(file)
    file.write_text(
        file.read_text().replace("demonstration = true", 'demonstration = true\nreference_prefix = "EM"')
    )
    with_prefix = load_partnership(file)
    day = date(2027, 3, 2)
    drawn = {reference_for(with_prefix, None, day) for _ in range(20)}
    assert len(drawn) > 15
    assert all(one.startswith("EM-2703-") and not set(one[8:]) & set("0O1IBS58Z2") for one in drawn)
    for partnership, asked in ((without, None), (with_prefix, "ES-2703-K7R4")):
        with pytest.raises(ReferenceNotUsable):
            reference_for(partnership, asked, day)
    assert reference_for(without, "ES-2703-K7R4", day) == "ES-2703-K7R4"
