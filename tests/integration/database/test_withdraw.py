"""A letter that is withdrawn goes to nobody any more, on any worker; what was sent stays on record, and news of it
counts."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.kept import kept_city
from tests.integration.database.test_decisions_in_mid_send import send_while
from tests.integration.database.test_killed_worker import jobs_left, wait_for, worker

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER, ITSELF = 900001, 900002, 900003
WHY = "the front door's number does not answer"
WITHDRAW = (
    "withdraw",
    "--reference",
    REFERENCE,
    "--why",
    WHY,
    "--by",
    "Pat Example",
    "--agreed-by",
    "Bo Example",
)
LATER = NOW + timedelta(hours=2)


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def withdraw() -> str:
    said = command(*WITHDRAW)
    assert said.exit_code == 0, said.output
    return said.output


def states(city: City, model: str = "Delivery", of: str = "state") -> Counter[str]:
    from everyfamily.mailings import models
    from everyfamily.people.database.tenancy import tenant

    found: Counter[str] = Counter()
    for school in city.schools.values():
        with tenant(school):
            found.update(getattr(models, model).objects.filter(school_id=school).values_list(of, flat=True))
    return found


def families(urn: int, number: int, **columns: str) -> list[dict[str, str]]:
    return [
        adult(f"P{n}", f"Ana Ferris{urn}{n}", EMAIL=f"ana{urn}-{n}@example.org", HAS_CARE="no", **columns)
        for n in range(number)
    ]


def test_a_withdrawal_takes_hold_within_one_message_on_two_workers(city: City, tmp_path: Path) -> None:
    """Two real workers send for four schools; a person withdraws in the middle."""
    from everyfamily.mailings.actions.guards.tripwire import living_workers
    from everyfamily.mailings.edges.tasks import begin_school
    from everyfamily.mailings.models import LedgerEntry, Mailing

    each = 200
    for urn in range(URN, URN + 4):
        city.school(urn, families(urn, each), order=["email"])
    city.open()

    def workers() -> set[str]:
        return set(LedgerEntry.objects.exclude(worker="").values_list("worker", flat=True))

    with worker(tmp_path), worker(tmp_path):
        # On a busy machine one may have sent everything before the other has started.
        wait_for(lambda: len(living_workers()) == 2, 60, "both workers")
        for school in city.schools.values():
            begin_school.defer(mailing_id=city.mailing, school_id=school)
        wait_for(lambda: len(city.outbox()) > 40 and len(workers()) == 2, 60, "forty messages, of both")
        withdraw()
        # Each worker had at most one message with the carrier when the withdrawal was committed.
        at_once = len(city.outbox())
        wait_for(lambda: not jobs_left(), 60, "the workers to find nothing to do")
        wait_for(lambda: not LedgerEntry.objects.filter(status="sending").exists(), 60, "the last call")
        after = len(city.outbox())
    assert after - at_once <= 2
    assert after < 4 * each, "there was something left to stop"
    assert max(Counter(line["to"] for line in city.outbox()).values()) == 1
    assert Mailing.objects.get().state == "withdrawn"
    withdraw()
    assert states(city, "Attempt", "status") == {"accepted": after}
    assert set(states(city)) <= {"on its way", "stopped"}
    assert states(city)["on its way"] == after


def test_what_was_written_down_and_never_called_is_taken_back_and_nothing_hangs(city: City) -> None:
    """The letter is withdrawn while the first message of a page is with the carrier."""
    from everyfamily.core.sending.fallback import Channel

    city.school(URN, families(URN, 3), order=["email"])
    city.school(OTHER, families(OTHER, 2), order=["email"], attests=False)
    city.open()
    assert send_while(city, Channel.EMAIL, withdraw) == 1
    from everyfamily.mailings.actions.ending.withdrawing import wind_down_withdrawn

    wind_down_withdrawn(LATER)
    assert states(city, "Attempt", "status") == {"accepted": 1}
    assert states(city) == {"on its way": 1, "stopped": 2}
    city.send(LATER)
    assert len(city.outbox()) == 1
    total = city.coverage(LATER).total
    assert (total.children, total.outcomes[Outcome.ON_ITS_WAY]) == (5, 1)


@kept_city
def sent(city: City) -> None:
    """One school has it, one waits for its lead, one sends it itself."""
    city.school(URN, [*families(URN, 3), adult("P9", "Bea Quill", RESTRICTION="hold", HAS_CARE="no")])
    city.school(OTHER, families(OTHER, 2), attests=False)
    city.school(ITSELF, sends="school")
    city.open()
    city.send()


def test_what_a_carrier_has_is_still_heard_of_and_settled(sent: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import wind_down_withdrawn

    withdraw()
    first, second, _ = (f"ana{URN}-{n}@example.org" for n in range(3))
    assert sent.hear([(first, "delivered"), (second, "permanent-failure")], LATER) == 2
    assert states(sent) == {"on its way": 3}
    wind_down_withdrawn(LATER)
    assert states(sent) == {"reached": 1, "failed": 1, "on its way": 1}
    assert len(sent.outbox()) == 3, "nobody is tried by another way"
    assert wind_down_withdrawn(LATER) == 0
    quiet = NOW + timedelta(hours=73)
    wind_down_withdrawn(quiet)
    assert states(sent) == {"reached": 1, "failed": 1, "accepted": 1}
    # A bounce after that still counts.
    sent.hear([(f"ana{URN}-2@example.org", "permanent-failure")], quiet)
    wind_down_withdrawn(quiet)
    assert states(sent) == {"reached": 1, "failed": 2}


def test_it_says_who_has_it_who_has_not_and_whom_to_tell(sent: City) -> None:
    said = withdraw()
    assert f"{REFERENCE} is withdrawn." in said
    assert "Adults who have it: email 3." in said
    assert "Not begun: 1 school." in said
    assert f"may have sent it: {ITSELF}" in said
    assert f"--corrects {REFERENCE}" in said
    told = json.loads(command(*WITHDRAW, "--json").output)
    assert told["to_tell"] == [
        {"urn": ITSELF, "has_filed": False, "has_stopped": False, "name": f"Quayfield School {ITSELF}"}
    ]
    assert told["letter"]["before"] is True


def test_tasks_close_but_for_those_about_a_restriction(sent: City) -> None:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    assert "Closed with it: 1 task." in withdraw()
    for school, kind, closed_by in ((URN, "restriction", None), (OTHER, "attestation", "letter withdrawn")):
        with tenant(sent.schools[school]):
            task = PersonTask.objects.get(school_id=sent.schools[school])
            assert (task.kind, task.closed_by) == (kind, closed_by)


def test_it_is_on_record_once_with_its_reason_whoever_asks_again(sent: City) -> None:
    from everyfamily.audit.models import AuditEvent

    withdraw()
    again = command(*WITHDRAW[:-1], "Sam Example").output
    assert "is withdrawn already, by Pat Example" in again
    assert "Adults who have it: email 3." in again
    for action in ("withdraw letter", "withdraw mailing"):
        event = AuditEvent.objects.get(action=action)
        assert (event.actor, event.detail["why"]) == ("Pat Example", WHY)


def test_two_people_who_withdraw_at_once_withdraw_once(sent: City) -> None:
    from django.db import connections

    from everyfamily.audit.models import AuditEvent
    from everyfamily.mailings.actions.ending.withdrawing import withdraw as withdraw_now

    together = threading.Barrier(4)
    before = []

    def one(name: str) -> None:
        together.wait()
        try:
            before.append(withdraw_now(REFERENCE, why=WHY, by=Actor.typed(name), now=LATER).letter.before)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(f"Pat Example{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(before) == [False, True, True, True]
    assert AuditEvent.objects.filter(action="withdraw mailing").count() == 1


def test_a_withdrawn_mailing_begins_nothing_and_goes_on_by_nobodys_word(sent: City) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.people.actions.schools.schools import attest_school

    withdraw()
    attest_school(sent.schools[OTHER], by=Actor.typed("lead"), now=LATER)
    assert begin_wave(sent.mailing, sent.schools[OTHER], LATER) == 0
    sent.send(LATER)
    assert len(sent.outbox()) == 3
    assert "Nothing to do" in command("resume", "--reference", REFERENCE, "--by", "Pat Example").output


def test_a_withdrawn_mailing_can_be_closed(sent: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.models import Mailing

    withdraw()
    close_mailing(sent.mailing, by=Actor.typed("Pat Example"), now=LATER, although="this is only a test")
    assert Mailing.objects.get().state == "closed"
    assert states(sent) == {"accepted": 3}
    assert "no correction can follow it" in withdraw()


def test_a_message_that_its_carrier_never_had_is_taken_back_too(
    sent: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker died in mid-call, the letter was withdrawn, and the carrier says that it never had the message."""
    from everyfamily.mailings.actions.ending.withdrawing import wind_down_withdrawn
    from everyfamily.mailings.actions.sending.rescue import _send_again
    from everyfamily.mailings.models import Attempt, LedgerEntry
    from everyfamily.people.database.tenancy import tenant

    entry = LedgerEntry.objects.order_by("id").first()
    assert entry is not None
    LedgerEntry.objects.filter(pk=entry.pk).update(status="sending")
    with tenant(sent.schools[URN]):
        Attempt.objects.filter(ledger=entry).update(status="created")
    said = withdraw()
    assert "Not known of 1 adult" in said
    assert states(sent, "Attempt", "status")["created"] == 1, "what a carrier may have is left alone"
    _send_again([entry.pk], entry.worker)
    wind_down_withdrawn(LATER)
    assert states(sent, "Attempt", "status") == {"accepted": 2}
    assert states(sent)["stopped"] == 1


def test_a_letter_that_was_never_sent_from_here_is_said_so(city: City) -> None:
    said = command("withdraw", "--reference", "ES-0000-NONE", "--why", WHY, "--by", "Pat Example")
    assert (said.exit_code, "EF526" in said.output) == (2, True)
