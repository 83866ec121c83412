"""While a mailing is open: who joins late is sent it, and a corrected contact value is a new way to try."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER = 900001, 900002
LATER = NOW + timedelta(days=1)
QUIET = LATER + timedelta(hours=73)

OLD = "ana@example.org"
NEW = "ana.ferris@example.com"


def state_of(city: City, urn: int = URN, number: int = 0) -> str:
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        states = Delivery.objects.filter(mailing_id=city.mailing, school_id=city.schools[urn])
        return str(list(states.order_by("parent_id").values_list("state", flat=True))[number])


def sent_to(city: City) -> list[object]:
    return [line["to"] or line["address"] for line in city.outbox()]


def new_roll(city: City, *rows: dict[str, str], urn: int = URN, at: datetime = LATER) -> None:
    """A new file with the adult's row, and half a class that is always there."""
    city.import_rows(urn, [*rows, *_CLASS], now=at)


_CLASS = [adult(f"C{n}", f"Cia Quill{n}", EMAIL=f"cia{n}@example.org", HAS_CARE="no") for n in range(4)]
OTHERS = {f"cia{n}@example.org" for n in range(4)}


def ana(**columns: str) -> dict[str, str]:
    return adult("P1", "Ana Ferris", HAS_CARE="no", **columns)


def start(city: City, *rows: dict[str, str], **policy: object) -> None:
    city.school(URN, [*rows, *_CLASS], **policy)
    city.open()
    city.send()


def fresh(city: City) -> list[object]:
    return [value for value in sent_to(city) if value not in OTHERS]


def test_a_child_who_joins_late_is_planned_and_sent_to(city: City) -> None:
    start(city, ana(EMAIL=OLD))
    new_roll(city, ana(EMAIL=OLD), adult("P2", "Ben Marsh", EMAIL="ben@example.org", HAS_CARE="no"))
    city.send(LATER)
    assert fresh(city) == [OLD, "ben@example.org"]


def test_a_second_adult_who_joins_late_is_sent_to_and_the_first_is_not_again(city: City) -> None:
    start(city, ana(EMAIL=OLD))
    new_roll(city, ana(EMAIL=OLD), adult("P1", "Bo Ferris", EMAIL="bo@example.org", HAS_CARE="no"))
    city.send(LATER)
    city.send(QUIET)
    assert fresh(city) == [OLD, "bo@example.org"]


def no_contact(city: City) -> dict[str, str]:
    start(city, ana())
    return ana(EMAIL=NEW)


def failed(city: City) -> dict[str, str]:
    start(city, ana(EMAIL=OLD))
    city.hear([(OLD, "permanent-failure")], NOW)
    return ana(EMAIL=NEW)


def temporarily_failed(city: City) -> dict[str, str]:
    start(city, ana(MOBILE="07700 900101"))
    city.hear([("+447700900101", "temporary-failure")], NOW)
    return ana(MOBILE="07700 900101", EMAIL=NEW)


def returned(city: City) -> dict[str, str]:
    start(city, ana(**address(4)))
    city.hear([("\n".join(["Ana Ferris", "4 Lantern Row", "Eastmere", "EM4 7QX"]), "returned")], NOW)
    return ana(EMAIL=NEW, **address(4))


def told(city: City) -> dict[str, str]:
    start(city, ana(MOBILE="07700 900101"))
    city.hear([("+447700900101", "delivered")], NOW)
    return ana(MOBILE="07700 900101", EMAIL=NEW)


def unknown(city: City) -> dict[str, str]:
    from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
    from everyfamily.mailings.models import LedgerEntry
    from everyfamily.people.database.tenancy import tenant

    start(city, ana(MOBILE="07700 900101"))
    LedgerEntry.objects.filter(channel="text").update(status="unknown", changed_at=NOW - timedelta(days=4))
    with tenant(city.schools[URN]):
        from everyfamily.mailings.models import Attempt

        Attempt.objects.filter(channel="text").update(status="sending")
        mirror_attempts(city.schools[URN], NOW)
    return ana(MOBILE="07700 900101", EMAIL=NEW)


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (no_contact, "no contact"),
        (failed, "failed"),
        (temporarily_failed, "failed"),
        (returned, "returned"),
        (told, "told by text"),
        (unknown, "unknown"),
    ],
)
def test_whoever_was_not_reached_is_tried_by_a_corrected_way(city: City, ends, state: str) -> None:  # type: ignore[no-untyped-def]
    corrected = ends(city)
    city.send(NOW)
    assert state_of(city) == state
    before = len(sent_to(city))
    city.send(LATER)
    assert state_of(city) == state, "without news nobody is looked at again"
    new_roll(city, corrected)
    city.send(LATER)
    assert sent_to(city)[before:] == [NEW] or NEW in sent_to(city)
    assert len(sent_to(city)) == before + 1
    city.hear([(NEW, "delivered")], LATER)
    city.send(LATER)
    assert state_of(city) == "reached"


def test_a_second_number_is_no_way_for_whoever_was_told_by_text(city: City) -> None:
    told(city)
    city.send(NOW)
    new_roll(city, ana(MOBILE="07700 900102"))
    city.send(LATER)
    assert state_of(city) == "told by text"
    assert fresh(city) == ["+447700900101"]


@pytest.mark.parametrize("heard", ["delivered", None])
def test_whoever_is_reached_or_waited_for_is_not_tried_by_a_new_way(city: City, heard: str | None) -> None:
    start(city, ana(EMAIL=OLD))
    if heard:
        city.hear([(OLD, heard)], NOW)
    city.send(QUIET)
    state = state_of(city)
    assert state == ("reached" if heard else "accepted")
    new_roll(city, ana(EMAIL=NEW), at=QUIET)
    city.send(QUIET)
    assert fresh(city) == [OLD]
    assert state_of(city) == state


def test_a_dead_value_that_comes_again_unchanged_stays_dead(city: City) -> None:
    failed(city)
    city.send(NOW)
    new_roll(city, ana(EMAIL=OLD))
    city.send(LATER)
    assert fresh(city) == [OLD]
    assert state_of(city) == "failed"
    # Also after a file without it.
    new_roll(city, ana(), at=QUIET)
    new_roll(city, ana(EMAIL=OLD), at=QUIET + timedelta(hours=1))
    city.send(QUIET + timedelta(hours=1))
    assert fresh(city) == [OLD]


def test_a_corrected_way_is_not_tried_for_somebody_who_may_not_be_written_to_now(city: City) -> None:
    failed(city)
    city.send(NOW)
    new_roll(city, ana(EMAIL=NEW, RESTRICTION="do not send"))
    city.send(LATER)
    assert fresh(city) == [OLD]


def test_an_adult_who_was_written_to_through_another_school_is_written_to_once(city: City) -> None:
    city.school(OTHER, [adult("Q1", "Ana Ferris", EMAIL=OLD, HAS_CARE="no")])
    start(city)
    new_roll(city, ana(EMAIL=OLD))
    city.send(LATER)
    assert fresh(city) == [OLD]
    city.hear([(OLD, "delivered")], LATER)
    city.send(LATER)
    assert (state_of(city, OTHER), state_of(city, URN, 4)) == ("reached", "reached")


def test_after_the_close_nobody_is_added_or_tried_again(city: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.edges.tasks import look_at_school

    failed(city)
    city.send(NOW)
    city.send(QUIET)
    close_mailing(city.mailing, by=Actor.typed("Pat Example"), now=QUIET, although="this is only a test")
    new_roll(city, ana(EMAIL=NEW), adult("P2", "Ben Marsh", EMAIL="ben@example.org"), at=QUIET)
    look_at_school(mailing_id=city.mailing, school_id=city.schools[URN])
    assert fresh(city) == [OLD]
    assert state_of(city) == "failed"
