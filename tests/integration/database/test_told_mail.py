"""People are told by email about an act: with the act or not at all, once each, whatever the mail server does."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.channels.base import Message, Submission
from everyfamily.channels.errors import CarrierBroken, NotOnRehearsalList
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.sending.staff_mail import AGAIN_AFTER, GIVEN_UP_AFTER, SILENCE, TOLD_KEPT
from tests.contract.mail_server import HANG_UP, MailServer, Taken
from tests.factories.city import City
from tests.factories.taking_post import Post
from tests.integration.database.mail_here import mail_here
from tests.integration.database.worker_processes import wait_for, words, worker

pytestmark = [pytest.mark.database, pytest.mark.slow]

AT_NIGHT = datetime(2027, 3, 6, 3, 12, tzinfo=UTC)
"""A Saturday."""
PAGES = "https://letters.eastmere.example/"
SUBJECT = "Somebody asked to change a number that families ring"
LINES = ["Ada Clarke asked to change the number of your line.", "If this is not right, ring 0151 496 0130 today."]
ADA = Actor(ActorKind.PERSON, "Ada Clarke", 77)


@pytest.fixture
def server(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_here(monkeypatch) as serving:
        yield serving


def _account(name: str, *, is_active: bool = True) -> int:
    from everyfamily.accounts.models import Account

    email = f"{name.split()[0].lower()}@example.org"
    return Account.objects.create(email=email, name=name, made_at=AT_NIGHT, is_active=is_active).pk


def _tell(*to: int | str, now: datetime = AT_NIGHT) -> int:
    from everyfamily.work.actions.telling import tell

    return tell(to=to, about="numbers.asked", subject=SUBJECT, lines=LINES, by=ADA, now=now)


def _send(now: datetime, carrier: Any = None, **changes: Any) -> Any:
    from everyfamily.accounts.queries import address_of_account
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.installation.stand_ins import why_not_carried
    from everyfamily.work.actions.telling import TellingPost, send_told

    carrier = carrier or carriers()[Channel.EMAIL]
    post = TellingPost(carrier, "letters@eastmere.example", PAGES, address_of_account, why_not_carried)
    return send_told(post, now, **changes)


def _statuses() -> list[str]:
    from everyfamily.work.models import ToldMail

    return list(ToldMail.objects.order_by("id").values_list("status", flat=True))


def _jobs() -> int:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name="tell_people", status="todo").count()


def test_accounts_and_plain_addresses_are_told_once_each_at_any_hour(city: City, server: MailServer) -> None:
    dev = _account("Dev Marchetti")
    gone = _account("Tom Rydal", is_active=False)
    assert _tell(dev, gone, "Owner@example.org", dev, "owner@example.org ", "") == 3
    assert _send(AT_NIGHT).sent == 3
    assert _send(AT_NIGHT + timedelta(days=2)).sent == 0
    assert {one.to for one in server.script.taken} == {"dev@example.org", "tom@example.org", "owner@example.org"}
    mail = server.script.taken[0].mail
    assert mail["Subject"] == SUBJECT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == "\n\n".join((*LINES, f"everyfamily, {PAGES}")) + "\n"


def test_it_is_written_with_the_act_or_not_at_all_and_wakes_a_worker_after_the_commit(city: City) -> None:
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _tell("owner@example.org")
        _ = 1 / 0
    assert (_statuses(), _jobs()) == ([], 0)
    with transaction.atomic():
        _tell("owner@example.org")
        assert _jobs() == 0
    assert (_statuses(), _jobs()) == (["created"], 1)
    _tell("other@example.org")
    assert _jobs() == 1, "the job that waits sends this one too"


def test_an_act_at_a_school_can_tell_too(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.school(900001)):
        _tell("owner@example.org")
    assert (_statuses(), _jobs()) == (["created"], 1)


def test_the_audit_trail_says_how_many_and_neither_address_nor_words(city: City) -> None:
    from everyfamily.audit.models import AuditEvent

    assert _tell("owner@example.org", "other@example.org") == 2
    assert _tell("") == 0
    [event] = AuditEvent.objects.filter(action="tell people")
    assert (event.actor, event.subject_id, event.detail) == ("Ada Clarke", "numbers.asked", {"emails": 2})


def test_what_somebody_typed_makes_no_second_header(city: City, server: MailServer) -> None:
    from everyfamily.work.actions.telling import tell

    subject = "A role of Eve\r\nBcc: eve@example.com\n" + "x" * 300
    tell(to=["owner@example.org"], about="role.ended", subject=subject, lines=LINES, by=ADA, now=AT_NIGHT)
    assert _send(AT_NIGHT).sent == 1
    [one] = server.script.taken
    assert one.mail["Bcc"] is None
    assert one.mail["Subject"].startswith("A role of Eve Bcc: eve@example.com x")


def test_an_account_that_is_not_there_is_not_needed(city: City, server: MailServer) -> None:
    _tell(4711)
    assert _send(AT_NIGHT).dropped == 1
    assert _statuses() == ["not needed"]


# What goes wrong


def test_a_mail_server_that_is_down_and_up_again_gets_each_once(city: City, server: MailServer) -> None:
    _tell(*(f"owner{number}@example.org" for number in range(5)))
    server.stop()
    assert _send(AT_NIGHT).failed == 3, "three refusals in a row end the run"
    assert _statuses() == ["refused"] * 3 + ["created"] * 2
    server.start()
    assert _send(AT_NIGHT + timedelta(minutes=1)).sent == 2
    assert _send(AT_NIGHT + AGAIN_AFTER).sent == 3
    assert _send(AT_NIGHT + 2 * AGAIN_AFTER).sent == 0
    assert sorted(one.to for one in server.script.taken) == [f"owner{number}@example.org" for number in range(5)]


def test_what_a_server_never_takes_is_given_up_after_a_week(city: City, server: MailServer) -> None:
    _tell("owner@example.org")
    server.script.recipient["owner"] = "451 4.3.2 later"
    assert _send(AT_NIGHT + GIVEN_UP_AFTER - timedelta(minutes=1)).failed == 1
    del server.script.recipient["owner"]
    assert _send(AT_NIGHT + GIVEN_UP_AFTER + AGAIN_AFTER).sent == 0
    assert _statuses() == ["given up"]


def test_silence_ends_the_run_and_is_never_sent_again(city: City, server: MailServer) -> None:
    _tell("silent@example.org", "owner@example.org")
    server.script.letter["silent"] = HANG_UP
    assert (_send(AT_NIGHT).unknown, _statuses()) == (1, ["unknown", "created"])
    del server.script.letter["silent"]
    assert _send(AT_NIGHT + timedelta(minutes=1)).sent == 1
    assert _send(AT_NIGHT + timedelta(days=1)).sent == 0
    assert [one.to for one in server.script.taken] == ["silent@example.org", "owner@example.org"]


def test_an_address_that_the_server_refuses_does_not_hold_up_the_others(city: City, server: MailServer) -> None:
    _tell("refused@example.org", "owner@example.org")
    server.script.recipient["refused"] = "550 5.7.1 not you"
    first = AT_NIGHT + timedelta(minutes=1)
    assert (_send(first).broken, _statuses()) == (True, ["technical-failure", "created"])
    assert _send(first + AGAIN_AFTER).sent == 1
    assert _statuses() == ["technical-failure", "accepted"]


class Watching(Post):
    """Looks at the rows while it is called, or does what it is told."""

    def __init__(self, problem: BaseException | None = None) -> None:
        super().__init__()
        self.problem = problem
        self.seen: list[list[str]] = []

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        found: list[str] = []

        def look() -> None:
            from django.db import connections

            found.extend(_statuses())
            connections.close_all()

        # Another connection sees only what is committed.
        other = threading.Thread(target=look)
        other.start()
        other.join()
        self.seen.append(found)
        if self.problem is not None:
            raise self.problem
        return super().submit(messages, now)


def test_the_claim_is_committed_before_the_call(city: City) -> None:
    _tell("owner@example.org", "other@example.org")
    post = Watching()
    assert _send(AT_NIGHT, post).sent == 2
    assert post.seen == [["sending", "created"], ["accepted", "sending"]]


def test_inside_another_transaction_nothing_is_called(city: City) -> None:
    from django.db import transaction

    _tell("owner@example.org")
    post = Watching()
    with pytest.raises(RuntimeError), transaction.atomic():
        _send(AT_NIGHT, post)
    assert post.seen == []


def test_a_process_that_dies_in_mid_call_leaves_it_unknown(city: City) -> None:
    _tell("owner@example.org", "other@example.org")
    with pytest.raises(KeyboardInterrupt):
        _send(AT_NIGHT, Watching(KeyboardInterrupt()))
    post = Post()
    assert _send(AT_NIGHT + timedelta(minutes=1), post).sent == 1
    assert _statuses() == ["sending", "accepted"]
    assert _send(AT_NIGHT + SILENCE - timedelta(seconds=1), post).unknown == 0
    assert _send(AT_NIGHT + SILENCE, post).unknown == 1
    assert _send(AT_NIGHT + timedelta(days=1), post).sent == 0
    assert (_statuses(), len(post.taken)) == (["unknown", "accepted"], 1)


def test_an_answer_that_comes_after_an_hour_still_counts_but_sends_nothing_again(city: City) -> None:
    """A process that was taken for dead."""
    from everyfamily.work.models import ToldMail

    class Late(Post):
        def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
            ToldMail.objects.update(status="unknown")
            return super().submit(messages, now)

    _tell("owner@example.org")
    assert _send(AT_NIGHT, Late()).sent == 1
    assert _statuses() == ["accepted"]
    _tell("other@example.org")
    assert _send(AT_NIGHT, Late(refuses=True)).failed == 1
    assert _statuses() == ["unknown", "unknown"]


def test_workers_at_once_send_each_once(city: City) -> None:
    from django.db import connections

    _tell(*(f"owner{number}@example.org" for number in range(12)))
    start, post = threading.Barrier(4), Post()

    def work() -> None:
        start.wait(10)
        _send(AT_NIGHT, post)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.to for one in post.taken) == sorted(f"owner{number}@example.org" for number in range(12))
    assert set(_statuses()) == {"accepted"}


def test_a_real_worker_that_is_killed_in_mid_call_sends_it_no_second_time(
    city: City, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(self: Any, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(Taken(envelope.rcpt_tos[0], envelope.content))
        await asyncio.sleep(120)
        return "250 2.0.0 OK"

    environment = {
        "EVERYFAMILY_CLOCK": "system",
        "EVERYFAMILY_CHANNELS": "smtp",
        "EVERYFAMILY_STAND_INS": "yes",
        "EVERYFAMILY_SMTP_PORT": str(server.port),
        "EVERYFAMILY_BASE_URL": PAGES[:-1],
    }
    now = datetime.now(UTC)
    _tell("owner@example.org", now=now)
    with monkeypatch.context() as hanging:
        hanging.setattr(type(server.script), "handle_DATA", silent)
        with worker(tmp_path, **environment) as process:
            wait_for(lambda: server.script.taken, "a call", seconds=60)
            process.kill()
            process.wait()
    assert _statuses() == ["sending"]
    _tell("other@example.org", now=now)
    with worker(tmp_path, **environment):
        wait_for(lambda: _statuses() == ["sending", "accepted"], "the other email", seconds=60)
    assert _send(now + 2 * SILENCE).sent == 0
    assert _statuses() == ["unknown", "accepted"]
    assert [one.to for one in server.script.taken] == ["owner@example.org", "other@example.org"]
    assert "owner@" not in words(tmp_path)
    assert "Ada Clarke" not in words(tmp_path)


def test_a_fault_during_the_call_is_unknown_and_its_words_are_not_logged(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    _tell("owner@example.org")
    assert _send(AT_NIGHT, Watching(RuntimeError("owner@example.org"))).unknown == 1
    assert "RuntimeError" in caplog.text
    assert "owner@" not in caplog.text


def test_without_a_carrier_or_the_address_of_the_pages_they_wait_and_the_log_says_how_many(
    city: City, server: MailServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.conf import settings

    from everyfamily.accounts import tasks

    caplog.set_level(logging.INFO)
    _tell("owner@example.org", "other@example.org", now=datetime.now(UTC))
    monkeypatch.setattr(tasks.clock, "now", lambda: datetime.now(UTC))
    monkeypatch.setattr(settings, "EVERYFAMILY_BASE_URL", "")
    tasks.tell_people(timestamp=0)
    assert "this worker has no setting for EVERYFAMILY_BASE_URL. 2 wait." in caplog.text
    monkeypatch.setattr(settings, "EVERYFAMILY_BASE_URL", PAGES[:-1])
    with monkeypatch.context() as none:
        none.setattr(tasks, "carriers", dict)
        tasks.tell_people(timestamp=0)
    assert "this worker has no setting for a carrier of email. 2 wait." in caplog.text
    assert server.script.taken == []
    tasks.tell_people(timestamp=0)
    assert _statuses() == ["accepted", "accepted"]
    # The test's server has a log of its own.
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert not [line for line in ours if "@" in line]


def test_invented_people_are_told_by_stand_ins_only_and_nobody_else_is(
    city: City, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.work.actions import telling

    monkeypatch.setattr(telling, "is_reserved", lambda address: address != "real@example.org")
    _tell("owner@example.org", "real@example.org")
    assert _send(AT_NIGHT).sent == 1
    assert [one.to for one in server.script.taken] == ["owner@example.org"]
    _tell("other@example.org")
    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", False)
    # The carriers of the settings are real ones now.
    monkeypatch.setattr(type(carriers()[Channel.EMAIL]), "refuses_demonstrations", lambda self: True)
    post = Post()
    assert _send(AT_NIGHT, post).sent == 1
    assert [one.to for one in post.taken] == ["real@example.org"]
    # What these carriers may not have waits, and is not lost.
    assert _statuses() == ["accepted", "accepted", "created"]


def test_in_a_rehearsal_only_those_on_the_list_are_told_and_the_others_wait(city: City) -> None:
    class List:
        def require(self, messages: Sequence[Message]) -> None:
            if any(message.to != "owner@example.org" for message in messages):
                raise NotOnRehearsalList("Not on the list.", "Add them.")

    _tell("other@example.org", "owner@example.org")
    post = Post()
    post.rehearsal = List()
    assert _send(AT_NIGHT, post).sent == 1
    assert [one.to for one in post.taken] == ["owner@example.org"]
    assert _statuses() == ["refused", "accepted"]


def test_a_run_ends_after_so_many_calls(city: City) -> None:
    _tell(*(f"owner{number}@example.org" for number in range(3)))
    assert _send(AT_NIGHT, Post(), most=2).sent == 2
    assert _send(AT_NIGHT, Watching(CarrierBroken("No.", "Look.")), most=2).failed == 1


def test_the_words_go_four_weeks_after_it_ended_in_the_nightly_purge(city: City, tmp_path: Path) -> None:
    from everyfamily.mailings.actions.ending.keeping import purge_due
    from everyfamily.work.models import ToldMail

    _tell("owner@example.org", 4711)
    assert _send(AT_NIGHT, Post()).sent == 1
    _tell("other@example.org")
    purge_due(AT_NIGHT + TOLD_KEPT - timedelta(seconds=1), outbox=tmp_path)
    assert len(_statuses()) == 3
    purge_due(AT_NIGHT + TOLD_KEPT, outbox=tmp_path, dry_run=True)
    assert len(_statuses()) == 3
    purge_due(AT_NIGHT + TOLD_KEPT, outbox=tmp_path)
    # Also the one that no worker ever looked at: it would have been given up long ago.
    assert _statuses() == ["created"]
    assert ToldMail.objects.get().address == "other@example.org"
