"""Waves are planned by the rolls that came in and by what the partnership's file says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.factories.city import City, adult, sealed_letter

pytestmark = [pytest.mark.database, pytest.mark.slow]

DEMO = Path(__file__).parents[3] / "src/everyfamily/cli/demo/data"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A sealed letter's folder, with the partnership's file beside it."""
    from everyfamily.letters.folder import write_seal

    folder = tmp_path / "letter"
    seal, artefacts, _ = sealed_letter()
    for name, data in artefacts.items():
        file = folder / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    write_seal(folder, seal)
    shutil.copytree(DEMO, tmp_path / "partnership")
    return folder


def send(letter: Path, *words: str, opens: str = "2027-03-02T09:00") -> Result:
    from everyfamily.cli.main import main

    file = str(letter.parent / "partnership/partnership.toml")
    key = sealed_letter()[2]
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
    assert [(one["on"], one["schools"], one["families"]) for one in json.loads(planned.output)] == [
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
    assert json.loads(send(letter, "--plan", "--json").output)[0]["families"] == 30


def test_a_term_without_a_day_left_stops_before_anything_is_opened(city: City, letter: Path) -> None:
    from everyfamily.mailings.models import Mailing

    city.school(900001, children(1, 1))
    result = send(letter, opens="2027-07-19T09:00")
    assert result.exit_code == 2
    assert "EF524: 1 of 1 schools have no day" in result.output
    assert Mailing.objects.count() == 0
