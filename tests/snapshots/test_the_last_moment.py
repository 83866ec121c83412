"""What changes at the last moment counts: a worker dies, a word is changed, a file is read again, a child joins.

The rules are statements on the real database. They are in `make check` because nothing else there would notice, and a
mistake in one of them is a letter sent twice, sealed unread, or not sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from everyfamily.channels.base import Carrier
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.actors import Actor
from everyfamily.core.rolls.uploads import UploadState
from everyfamily.core.sending.fallback import Channel
from everyfamily_demo.recording import RecordingChannel
from everyfamily_postgres.launcher import Server
from tests.factories import city as cities
from tests.factories import drafted
from tests.factories.city import NOW, City, adult
from tests.integration.conftest import city, database, database_server
from tests.snapshots.test_a_term import render_nothing

# As in test_a_term.py: the server is worth more than a tenth of a second, so it stays in `make check`.
pytestmark = pytest.mark.xdist_group("a-term")
__all__ = ["city", "database", "database_server"]

URN = 900001
BY = Actor.typed("Una Marsh")


class NeverHeardOfIt(RecordingChannel):
    """A carrier that can be asked, and says that it never had the message."""

    def answers_for(self, channel: Channel) -> bool:
        return channel is Channel.EMAIL

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        return None


class LearnsLate(NeverHeardOfIt):
    """Like GOV.UK Notify: it answers the same of a message that it took a moment ago."""

    knows_at_once = False


@pytest.mark.parametrize(("kind", "settled"), [(LearnsLate, "unknown"), (NeverHeardOfIt, "sent again")])
def test_only_a_carrier_that_knows_at_once_is_believed_after_a_crash(
    city: City, monkeypatch: pytest.MonkeyPatch, kind: type[RecordingChannel], settled: str
) -> None:
    """Otherwise the message could be on its way, and would go twice."""
    from everyfamily.mailings.actions.sending.rescue import settle_abandoned
    from everyfamily.mailings.models import LedgerEntry

    render_nothing(monkeypatch)
    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")], order=["email"])
    city.open()
    city.send()
    assert LedgerEntry.objects.update(status="sending", worker="dead") == 1
    carrier: Carrier = kind(city.folder / "outbox", seed=7)
    assert settle_abandoned({Channel.EMAIL: carrier}, NOW, own="dead") == {settled: 1}
    carrier.close()


@pytest.fixture
def place(database: Server, tmp_path: Path) -> Iterator[drafted.Place]:
    """Settings whose signatories have keys."""
    with drafted.with_keys(tmp_path) as made:
        yield made


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("changed", "failed"), [(False, ""), (True, "EF339")])
def test_a_word_that_is_changed_after_seal_was_pressed_keeps_the_letter_from_being_sealed(
    monkeypatch: pytest.MonkeyPatch, changed: bool, failed: str
) -> None:
    """An author saves while the worker renders the letter again to prove it."""
    from everyfamily.letters.actions import freezing, sealing
    from everyfamily.letters.models import Letter, Sealing
    from everyfamily.mailings.edges.letter_jobs import ask_seal

    render_nothing(monkeypatch)
    monkeypatch.setattr(freezing, "artefact_steps", lambda letter: [("page", {"letter.html": b"not rendered"})])
    monkeypatch.setattr(freezing, "require_still_good", lambda *words: None)

    def prove_while_somebody_saves(*words: object, **options: object) -> None:
        if changed:
            drafted.saved(draft_id, "talk", drafted.with_a_comma(draft_id), why="A comma.")

    monkeypatch.setattr(sealing, "prove_ready", prove_while_somebody_saves)
    draft_id = drafted.begun()
    frozen_id = drafted.frozen_now(draft_id)
    drafted.approved(frozen_id)
    sealing_id = ask_seal(frozen_id, needs_review=False, by=drafted.AUTHOR, now=drafted.NOW)
    sealing.seal_asked(sealing_id, lambda: drafted.NOW)
    assert Letter.objects.count() == (0 if changed else 1)
    assert Sealing.objects.get().failed_code == failed


def test_a_roll_goes_in_only_as_the_person_saw_it(city: City) -> None:
    """A column was answered again on another page, so the file was read again since."""
    from everyfamily.people.actions.rolls.uploads import UploadMoved, keep_upload, put_in
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollUpload

    school = city.school(URN)
    queued: list[int] = []
    upload = keep_upload(school, [b"PUPIL_ID\nP1\n"], "roll.csv", lambda _: None, by=BY, now=NOW)

    def state() -> str:
        with tenant(school):
            return RollUpload.objects.get(pk=upload).state

    with tenant(school):
        RollUpload.objects.filter(pk=upload).update(state=UploadState.REVIEW.value, reviews=2)
    with pytest.raises(UploadMoved):
        put_in(school, upload, queued.append, seen=1, by=BY, now=NOW)
    assert (state(), queued) == (UploadState.REVIEW.value, [])
    put_in(school, upload, queued.append, seen=2, by=BY, now=NOW)
    assert (state(), queued) == (UploadState.GOING_IN.value, [upload])


def test_a_child_who_joins_on_the_day_a_mailing_closes_is_new_for_its_letter(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody planned for them any more. The day is London's: half past eleven at night by UTC is the next day."""
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.queries.joining import new_children
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    render_nothing(monkeypatch)
    school = city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], order=["email"])
    city.open()
    city.send()
    city.hear([("ana@example.org", "delivered")], NOW)
    closing_day, closed_at = date(2027, 4, 13), datetime(2027, 4, 12, 23, 30, tzinfo=UTC)
    city.send()
    close_mailing(city.mailing, by=BY, now=closed_at, although="a test")
    for days, children in ((-1, 0), (0, 1), (1, 1)):
        with tenant(school):
            Pupil.objects.update(on_roll_from=closing_day + timedelta(days=days))
        assert sum(one.children for one in new_children(city.mailing)) == children, days


def test_no_wave_of_a_paused_school_is_planned(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.models import MailingSchool

    render_nothing(monkeypatch)
    school = city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    MailingSchool.objects.update(paused_at=NOW, paused_by="test")
    assert begin_wave(city.mailing, school, NOW) == 0
    MailingSchool.objects.update(paused_at=None, paused_by=None)
    assert begin_wave(city.mailing, school, NOW) == 1


def test_an_attempt_of_a_delivery_that_was_stopped_is_not_sent(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second guard beside who may have the letter: an adult may have it again before the school is planned again."""
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import school_by_urn

    render_nothing(monkeypatch)
    school = city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], order=["email"])
    city.open()
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school))
    bodies = Bodies(letter_of(cities.sealed_letter()[0].record), school_by_urn(URN))
    sent = []
    for state in ("stopped", "on its way"):
        with tenant(school):
            Delivery.objects.update(state=state)
        sent.append(send_created(city.look(school), bodies, Sender(carriers(), "test")).called)
    assert sent == [0, 1]
