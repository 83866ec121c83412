"""A carrier that can be asked is asked about what is unknown or has gone quiet, and no message goes twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from everyfamily.channels.base import Carrier
from everyfamily.channels.errors import NoAnswer
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily_demo.recording import RecordingChannel
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


class Asked(RecordingChannel):
    """A carrier that learns of its messages late, and forgets them after a week."""

    knows_at_once = False
    remembers = timedelta(days=7)

    def __init__(self, *args: object, **kept: object) -> None:
        super().__init__(*args, **kept)  # type: ignore[arg-type]
        self.says: AttemptStatus | None = AttemptStatus.DELIVERED
        self.asked: Counter[str] = Counter()
        self.is_away = False

    def answers_for(self, channel: Channel) -> bool:
        return channel is Channel.EMAIL

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        self.asked[reference] += 1
        if self.is_away:
            raise NoAnswer("Away.", "Later.")
        return DeliveryEvent(reference, self.says, now) if self.says is not None else None


@pytest.fixture
def carrier(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    from everyfamily.mailings.actions.sending import deciding
    from everyfamily.mailings.edges import tasks
    from everyfamily.mailings.installation import carriers as module

    found = Asked(city.folder / "outbox", seed=7)
    ways: dict[Channel, Carrier] = dict.fromkeys(Channel, found)
    for place in (module, tasks, deciding):
        monkeypatch.setattr(place, "carriers", lambda: ways)
    yield found
    found.close()


def fill(city: City, families: int = 1) -> None:
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no") for n in range(families)]
    city.school(900001, rows, order=["email"])
    city.open()


def ask(carrier: Asked, now: datetime) -> int:
    from everyfamily.mailings.actions.sending.asking import Asking

    return Asking().go_on({Channel.EMAIL: carrier}, now)


def statuses() -> Counter[str]:
    from everyfamily.mailings.models import LedgerEntry

    return Counter(LedgerEntry.objects.values_list("status", flat=True))


def silent(monkeypatch: pytest.MonkeyPatch, *, takes: bool) -> None:
    taken = RecordingChannel.submit

    def submit(self: RecordingChannel, messages, now):  # type: ignore[no-untyped-def]
        if takes:
            taken(self, messages, now)
        raise NoAnswer("Silence.", "Ask.")

    monkeypatch.setattr(RecordingChannel, "submit", submit)


def test_silence_is_unknown_first_and_asked_about_an_hour_later(
    city: City, carrier: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(city)
    silent(monkeypatch, takes=True)
    city.send()
    assert statuses() == {"unknown": 1}
    assert ask(carrier, NOW + timedelta(minutes=59)) == 0
    assert not carrier.asked
    assert ask(carrier, NOW + timedelta(minutes=61)) == 1
    assert statuses() == {"delivered": 1}


def test_what_the_carrier_never_had_is_called_again_and_goes_once(
    city: City, carrier: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(city)
    carrier.says = None
    with monkeypatch.context() as patch:
        silent(patch, takes=False)
        city.send()
    asked_at = NOW + timedelta(minutes=61)
    assert ask(carrier, asked_at) == 1
    assert statuses() == {"refused": 1}
    city.send(asked_at + timedelta(hours=1, minutes=1))
    assert statuses() == {"accepted": 1}
    assert len(city.outbox()) == 1


def test_what_the_carrier_has_forgotten_is_not_taken_for_never_had(
    city: City, carrier: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(city)
    carrier.says = None
    silent(monkeypatch, takes=True)
    city.send()
    assert ask(carrier, NOW + timedelta(days=8)) == 0
    assert statuses() == {"unknown": 1}


def test_what_went_quiet_is_asked_about_until_it_can_say_no_more(city: City, carrier: Asked) -> None:
    fill(city, 3)
    city.send()
    carrier.says = AttemptStatus.ACCEPTED
    assert ask(carrier, NOW + timedelta(hours=3)) == 0
    assert not carrier.asked
    assert ask(carrier, NOW + timedelta(hours=5)) == 0
    assert set(carrier.asked.values()) == {1}
    carrier.says = AttemptStatus.PERMANENT_FAILURE
    assert ask(carrier, NOW + timedelta(hours=6)) == 3
    assert ask(carrier, NOW + timedelta(hours=7)) == 0


def test_a_round_goes_on_where_it_stopped_and_begins_again(
    city: City, carrier: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.sending import asking

    monkeypatch.setattr(asking, "MOST", 2)
    fill(city, 5)
    city.send()
    carrier.says = AttemptStatus.ACCEPTED
    round_ = asking.Asking()
    for _ in range(3):
        round_.go_on({Channel.EMAIL: carrier}, NOW + timedelta(hours=5))
    assert sorted(carrier.asked.values()) == [1] * 5
    round_.go_on({Channel.EMAIL: carrier}, NOW + timedelta(hours=5))
    assert sum(carrier.asked.values()) == 7


def test_a_carrier_that_is_away_is_asked_again_later(city: City, carrier: Asked) -> None:
    fill(city, 2)
    city.send()
    carrier.is_away = True
    assert ask(carrier, NOW + timedelta(hours=5)) == 0
    assert statuses() == {"accepted": 2}
    carrier.is_away = False
    assert ask(carrier, NOW + timedelta(hours=6)) == 2


def test_a_carrier_that_cannot_be_asked_holds_up_no_other_channel(
    city: City, carrier: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.sending.rescue import settle_abandoned
    from everyfamily.mailings.models import LedgerEntry

    monkeypatch.setattr(Asked, "knows_at_once", True)
    rows = [adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700900123", HAS_CARE="no")]
    city.school(900001, rows, order=["email", "text"])
    city.open()
    city.send()
    entry = LedgerEntry.objects.get()
    LedgerEntry.objects.create(mailing_id=city.mailing, value_hash=b"t" * 32, channel="text", changed_at=NOW)
    LedgerEntry.objects.update(status="sending", worker="dead")
    ways: dict[Channel, Carrier] = dict.fromkeys(Channel, carrier)
    carrier.is_away = True
    assert settle_abandoned(ways, NOW) == {"unknown": 1}
    assert LedgerEntry.objects.get(pk=entry.pk).status == "sending"
    carrier.is_away = False
    assert settle_abandoned(ways, NOW) == {"delivered": 1}


def test_silence_of_a_carrier_that_cannot_be_asked_is_unknown(
    city: City, carrier: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Asked, "knows_at_once", True)
    fill(city)
    carrier.is_away = True
    silent(monkeypatch, takes=True)
    city.send()
    assert statuses() == {"unknown": 1}
