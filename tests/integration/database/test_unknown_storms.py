"""A carrier takes every letter and hangs up: the mailing pauses, and a person says what happens with the unknown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, address, adult
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

FAMILIES = 60
LATER = NOW + timedelta(hours=73)


@kept_city
def storm(city: City) -> None:
    """Sixty families with an inbox and a home; the mail server takes each letter and hangs up."""
    rows = [
        adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no", **address(n + 1))
        for n in range(FAMILIES)
    ]
    city.school(900001, rows, order=["email", "post"])
    city.open()
    with pytest.MonkeyPatch.context() as while_it_lasts:
        _hang_up(while_it_lasts)
        city.send()


def _hang_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.channels.errors import NoAnswer
    from everyfamily_demo.recording import RecordingChannel

    take = RecordingChannel.submit

    def take_and_hang_up(self: Any, *words: Any, **more: Any) -> None:
        take(self, *words, **more)
        raise NoAnswer("The server hung up after the letter.", "Wait.")

    monkeypatch.setattr(RecordingChannel, "submit", take_and_hang_up)


def channels(city: City) -> dict[object, int]:
    found: dict[object, int] = {}
    for line in city.outbox():
        found[line["channel"]] = found.get(line["channel"], 0) + 1
    return found


def resume(*words: str) -> Result:
    from everyfamily.cli.main import main

    asked = ["resume", "--reference", REFERENCE, "--by", "Pat Example", *words]
    return CliRunner().invoke(main, asked)


def state() -> tuple[str, str]:
    from everyfamily.mailings.models import Mailing

    mailing = Mailing.objects.get()
    return mailing.state, mailing.paused_reason


def test_it_pauses_the_mailing_before_a_page_is_through(storm: City) -> None:
    """Twenty-five of twenty-five is over any share: the other families of the page are not called."""
    assert state() == ("paused", "25 of 25 messages by email have failed, or nobody knows whether they went.")
    assert channels(storm) == {"email": 25}


def test_no_unknown_falls_back_while_the_mailing_is_paused(storm: City) -> None:
    from everyfamily.mailings.edges.tasks import look_at_school
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant
    from everyfamily_demo.clock import set_simulated

    set_simulated(LATER)
    school = storm.schools[900001]
    # A look that was queued before the pause.
    look_at_school(mailing_id=storm.mailing, school_id=school)
    storm.send(LATER)
    with tenant(school):
        assert not Attempt.objects.filter(channel="post").exists()
    assert channels(storm) == {"email": 25}


def test_whoever_resumes_is_told_how_many_and_nothing_goes_on_until_they_have_said(storm: City) -> None:
    said = resume()
    assert said.exit_code == 2
    assert "EF583: Nobody knows whether some messages went (email 25)" in said.output
    for word in ("email=went", "CHANNEL=never-went", "CHANNEL=next-way"):
        assert word in said.output
    assert state()[0] == "paused"
    assert resume("--unknown", "email=perhaps").exit_code == 2
    assert state()[0] == "paused"


def test_what_the_provider_says_it_took_is_accepted_and_nobody_gets_paper(storm: City) -> None:
    from everyfamily.audit.models import AuditEvent

    said = resume("--unknown", "email=went")
    assert "25 unknown by email: they count as accepted." in said.output
    storm.send()
    storm.send(LATER)
    assert channels(storm) == {"email": FAMILIES}
    assert AuditEvent.objects.get(action="resume mailing").detail == {"unknown": {"email": "25 went"}}


def test_what_the_provider_never_had_is_sent_again_by_the_same_way(storm: City) -> None:
    resume("--unknown", "email=never-went")
    storm.send(NOW + timedelta(hours=2))
    storm.send(LATER)
    # Here it had them after all: the test's carrier shows that they were called again.
    assert channels(storm) == {"email": FAMILIES + 25}


def test_where_the_provider_had_some_its_log_says_which(storm: City, tmp_path: Path) -> None:
    log = tmp_path / "provider.log"
    references = [str(line["reference"]) for line in storm.outbox()]
    log.write_text("".join(f"09:00:01 <{one.upper()}@eastmere.example> stored\n" for one in references[:20]))
    assert resume("--taken", str(log)).exit_code == 2, "of five nobody has said anything"
    said = resume("--taken", str(log), "--unknown", "email=never-went")
    assert "The provider's log has 20 of the unknown messages" in said.output
    assert "5 unknown by email: they are sent again." in said.output
    storm.send(NOW + timedelta(hours=2))
    storm.send(LATER)
    assert channels(storm) == {"email": FAMILIES + 5}


def test_what_nobody_can_say_goes_by_the_next_way_once_a_person_has_said_so(storm: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    said = resume("--unknown", "email=next-way")
    assert "written to by its next way" in said.output
    storm.send()
    assert channels(storm) == {"email": FAMILIES}
    storm.send(LATER)
    assert channels(storm) == {"email": FAMILIES, "post": 25}
    # And nobody is asked about the same messages again.
    pause_mailing(storm.mailing, why="a number is dead", by=Actor.typed("Pat Example"), now=LATER)
    assert resume().exit_code == 0


def test_what_was_seen_pauses_nothing_again_and_a_new_storm_does(
    storm: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume("--unknown", "email=next-way")
    with monkeypatch.context() as again:
        _hang_up(again)
        storm.send()
    assert state()[0] == "paused"
    assert channels(storm) == {"email": 50}


def test_a_receipt_takes_an_unknown_out_of_the_count_and_a_bounce_counts_once(storm: City) -> None:
    from everyfamily.mailings.models import CallTally

    storm.hear([(f"ana{n}@example.org", "delivered") for n in range(5)], NOW + timedelta(minutes=5))
    storm.hear([(f"ana{n}@example.org", "permanent-failure") for n in range(5, 8)], NOW + timedelta(minutes=6))
    tally = CallTally.objects.get()
    assert (tally.called, tally.failed) == (25, 20)
