"""Whoever opens a mailing after a restore is told what still waits for a word on what went."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

OTHER = "ES-2704-M2T8"
DEMO = Path(__file__).parents[3] / "src/everyfamily_demo/data"


@kept_city
def put_back(city: City) -> None:
    """A mailing in which two adults are uncertain since a restore."""
    from everyfamily.mailings.actions.guards.lost_time import open_task
    from everyfamily.mailings.models import Delivery, Mailing, MailingSchool, SentMarker
    from everyfamily.people.database.tenancy import tenant

    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"a{n}@example.org") for n in (1, 2)])
    city.open()
    city.send()
    restored = {"restored_at": NOW, "restored_to": NOW}
    Mailing.objects.update(**restored)
    MailingSchool.objects.update(uncertain=True)
    with tenant(city.schools[900001]):
        Delivery.objects.update(state="unknown", restored="uncertain", next_look_at=None)
    open_task(city.mailing, owner=Actor.typed("Pat Example"), now=NOW)
    SentMarker.objects.update_or_create(
        pk=1,
        defaults={"epoch": "1" * 32, "moved_at": NOW}
        | {name: datetime(2040, 1, 1, tzinfo=NOW.tzinfo) for name in restored},
    )


def letter_folder(folder: Path) -> tuple[Path, str]:
    from everyfamily.letters.files.folder import write_seal

    seal, artefacts, key = sealed_letter(OTHER)
    for name, data in artefacts.items():
        file = folder / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    write_seal(folder, seal)
    return folder, key


@pytest.mark.parametrize("command", ["send", "send --plan", "rehearse"])
def test_it_says_what_waits_in_this_mailing_and_in_others(
    put_back: City, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.cli.main import main
    from everyfamily_demo.clock import set_simulated

    staff = tmp_path / "staff.txt"
    staff.write_text("ana@example.org\n")
    monkeypatch.setattr(settings, "EVERYFAMILY_REHEARSAL", str(staff))
    set_simulated(NOW - timedelta(minutes=30))
    folder, key = letter_folder(tmp_path / "letter")
    name, *words = command.split()
    if name == "send":
        words += ["--opens", "2027-03-02T09:00", "--partnership", str(DEMO / "partnership.toml")]
    said = CliRunner().invoke(main, [name, str(folder), "--sealing-key", key, *words])
    assert said.exit_code == 0, said.output
    assert (
        f"The database was put back after {OTHER} was sealed, so it may have gone already at 1 school. Nothing goes "
        f"out there until you say what went. (everyfamily uncertain --reference {OTHER})"
    ) in said.output
    assert f"Of {REFERENCE} nobody knows whether it went to 2 adults at 1 school." in said.output
    assert f"everyfamily uncertain --reference {REFERENCE}" in said.output


def test_a_script_is_told_too(put_back: City, tmp_path: Path) -> None:
    from everyfamily.cli.main import main
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW - timedelta(minutes=30))
    folder, key = letter_folder(tmp_path / "letter")
    words = ["--opens", "2027-03-02T09:00", "--partnership", str(DEMO / "partnership.toml"), "--json"]
    said = CliRunner().invoke(main, ["send", str(folder), "--sealing-key", key, *words])
    assert json.loads(said.output)["uncertain"] == 1, said.output
