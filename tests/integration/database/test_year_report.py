"""The report of a year, through the database: a wrong letter, its correction and what took its place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter
from tests.factories.demonstration import PARTNERSHIP

pytestmark = [pytest.mark.database, pytest.mark.slow]

LATER = NOW + timedelta(days=2, hours=1)


def report(*more: str) -> str:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["year", "report", "2026-27", "--partnership", PARTNERSHIP, *more])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_figures_of_a_year_add_up_and_no_family_counts_twice(city: City, tmp_path: Path) -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
    from everyfamily_demo.clock import set_simulated

    by = Actor.typed("Pat Example")
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(30)]
    city.school(900001, rows, order=["email"])
    city.school(900002, sends="school")
    set_simulated(NOW)
    assert json.loads(report("--json"))["letters"] == []
    city.open()
    city.send()
    city.hear([(f"ana{n}@example.org", "delivered") for n in range(20)], NOW + timedelta(hours=1))
    withdraw(REFERENCE, why="the number is dead", by=by, now=NOW + timedelta(hours=2))
    for kind, reference in (("correction", "ES-2703-C0R2"), ("replacement", "ES-2703-N3W5")):
        seal, artefacts, key = sealed_letter(reference)
        record_sealed_letter(seal, artefacts, sealing_key=key, by=by, now=LATER)
        open_mailing(
            reference=reference,
            term="spring term 2027",
            waves=dict.fromkeys([city.schools[900001]], (1, LATER)),
            closes_at=LATER + timedelta(days=42),
            reply_mailbox="letters@eastmere.example",
            reply_owner="Family letters team",
            by=by,
            now=LATER,
            follows=Follows(city.mailing, kind),  # type: ignore[arg-type]
        )
    set_simulated(LATER + timedelta(hours=1))
    page = tmp_path / "year.html"
    found = json.loads(report("--json", "--html", str(page)))
    assert [(one["reference"], one["counts"]) for one in found["letters"]] == [
        (REFERENCE, False),
        ("ES-2703-C0R2", False),
        ("ES-2703-N3W5", True),
    ]
    for one in (*found["letters"], found["total"]):
        if one["children"]["exact"]:
            assert sum(figure["number"] for figure in one["outcomes"].values()) == one["children"]["number"]
    assert found["total"]["children"] == found["letters"][2]["children"]
    assert found["letters"][0]["messages"] == {"email": 30}
    assert found["letters"][0]["schools_that_send"] == 1
    assert found["cost"]["pounds"] is None, "the demonstration's file has no prices"
    assert "1 letter in 2026-27" in page.read_text(encoding="utf-8")
    assert "In place of ES-2703-K7R4" in report()
