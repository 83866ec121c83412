"""Mail about desks, through a real mail server: what is urgent at once, otherwise one digest a school day."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.mail_server import HANG_UP, MailServer
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.integration.database.mail_here import mail_here
from tests.integration.database.worker_processes import wait_for, words, worker

if TYPE_CHECKING:
    from everyfamily.accounts.desk.mail import Post

pytestmark = [pytest.mark.database, pytest.mark.slow]

SCHOOL = 900001
HELD = adult("P1", "Ana Ferris", EMAIL="ana.ferris@example.org", RESTRICTION="hold")
DESK = "https://letters.eastmere.example/"
BEFORE_8 = NOW.replace(hour=7, minute=59)
AT_8 = NOW.replace(hour=8)
MINUTE, AGAIN = timedelta(minutes=1), timedelta(minutes=10)


@pytest.fixture
def server(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_here(monkeypatch) as serving:
        yield serving


def _account(name: str, role: str, school_id: int | None = None) -> int:
    from everyfamily.accounts.models import Account, Membership

    made_at = NOW - timedelta(days=90)
    account = Account.objects.create(email=f"{name.split()[0].lower()}@example.org", name=name, made_at=made_at)
    Membership.objects.create(
        account=account, role=role, school_id=school_id, given_by="Ines Ortega", given_at=made_at
    )
    return account.pk


def _run(now: datetime, *, has_school: bool = True, most: int = 50) -> int:
    from everyfamily.accounts.desk.mail import Post, write_mail
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.installation.carriers import carriers

    post = Post(carriers()[Channel.EMAIL], "letters@eastmere.example", DESK, has_school)
    return write_mail(post, now, most=most)


def _rows() -> list[tuple[str, str]]:
    from everyfamily.accounts.models import DeskMail

    return list(DeskMail.objects.order_by("id").values_list("key", "status"))


def test_a_digest_comes_once_at_8am_on_school_days_and_only_when_something_waits(
    city: City, server: MailServer
) -> None:
    school = city.school(SCHOOL, [HELD])
    _account("Dev Marchetti", "lead", school)
    _account("Mara Quill", "viewer")
    assert _run(BEFORE_8) == 0
    assert _run(AT_8, has_school=False) == 0
    assert _run(AT_8) == 1
    assert _run(AT_8 + MINUTE) == 0
    assert _run(AT_8 + timedelta(hours=9)) == 0
    assert [one.to for one in server.script.taken] == ["dev@example.org"]
    # And the next day again, because it still waits.
    assert _run(AT_8 + timedelta(days=1)) == 1


def test_a_key_that_waits_for_a_second_person_is_in_the_digest_of_whoever_may_agree(
    city: City, server: MailServer
) -> None:
    from everyfamily.core.actors import Actor, ActorKind
    from everyfamily.mailings.actions.keys.destroying import ask_to_destroy

    school = city.school(SCHOOL, [adult("P2", "Bo Ferris", EMAIL="bo@example.org")])
    leo = _account("Leo Lindt", "lead", school)
    _account("Dee Pereira", "dpo", school)
    ask_to_destroy(school, by=Actor(ActorKind.PERSON, "Leo Lindt", leo), now=BEFORE_8)
    assert _run(AT_8) == 1
    [mail] = server.script.taken
    assert mail.to == "dee@example.org"
    assert (
        "A colleague asked for your school’s key to be destroyed." in next(mail.mail.iter_parts()).get_content()
    )


def test_the_mail_has_no_topic_no_name_no_number_of_people_and_no_link_but_the_desks(
    city: City, server: MailServer
) -> None:
    from everyfamily.mailings.actions.guards.sendable import pause

    school = city.school(SCHOOL, [HELD])
    city.open()
    pause(city.mailing, "Too many emails to Ana Ferris fail.", kind="failures", now=AT_8)
    _account("Dev Marchetti", "lead", school)
    _account("Una Marsh", "coordinator")
    assert _run(AT_8) == 3
    for one in server.script.taken:
        text, html = (part.get_content() for part in one.mail.iter_parts())
        whole = f"{one.mail['Subject']} {text} {html}"
        for word in ("Ferris", "exploitation", "1 adult", "Quayfield", str(SCHOOL), REFERENCE, "Too many"):
            assert word not in whole, word
        assert set(re.findall(r"https?://[^\s\"<]+", whole)) == {DESK}
        assert one.mail["Auto-Submitted"] == "auto-generated"
        assert one.sender == "letters@eastmere.example"


def test_what_is_urgent_goes_at_once_and_at_any_hour_also_without_the_digest(
    city: City, server: MailServer
) -> None:
    from everyfamily.accounts.models import Account
    from everyfamily.mailings.actions.guards.sendable import pause

    city.school(SCHOOL, [HELD])
    city.open()
    _account("Una Marsh", "coordinator")
    Account.objects.update(digest=False)
    at_night = NOW.replace(hour=23)
    pause(city.mailing, "Too many emails fail.", kind="failures", now=at_night)
    assert _run(at_night, has_school=False) == 1
    assert _run(at_night + MINUTE, has_school=False) == 0
    [one] = server.script.taken
    assert one.to == "una@example.org"
    assert "A mailing has stopped by itself." in one.mail.get_body(("plain",)).get_content()
    # No digest the next morning: they chose so.
    assert _run(AT_8 + timedelta(days=1)) == 0


def test_somebody_who_was_let_in_again_hears_of_it_and_nobody_else(city: City, server: MailServer) -> None:
    from everyfamily.accounts.actions.inviting import let_in_again
    from everyfamily.core.actors import Actor

    tom = _account("Tom Rydal", "author")
    _account("Mara Quill", "author")
    let_in_again(tom, Actor.typed("Ada Clarke"), NOW)
    assert _run(NOW) == 1
    assert _run(NOW + timedelta(days=2)) == 0
    [one] = server.script.taken
    assert one.to == "tom@example.org"
    text = one.mail.get_body(("plain",)).get_content()
    assert "If you did not ask for it, ring your administrator." in text
    assert "/invitations/" not in text


def test_what_the_server_refuses_is_tried_again_and_given_up_at_its_time(city: City, server: MailServer) -> None:
    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    server.script.recipient["dev"] = "451 4.3.2 later"
    assert _run(AT_8) == 0
    assert _run(AT_8 + MINUTE) == 0
    assert [status for _, status in _rows()] == ["refused"]
    del server.script.recipient["dev"]
    assert _run(AT_8 + AGAIN) == 1
    assert _run(AT_8 + 2 * AGAIN) == 0
    server.script.recipient["dev"] = "451 4.3.2 later"
    next_day = AT_8 + timedelta(days=1)
    assert _run(next_day) == 0
    del server.script.recipient["dev"]
    assert _run(next_day.replace(hour=16)) == 0
    assert [status for _, status in _rows()] == ["accepted", "given up"]


def test_what_nobody_knows_to_have_gone_is_not_sent_twice(city: City, server: MailServer) -> None:
    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    server.script.letter["dev"] = HANG_UP
    assert _run(AT_8) == 0
    del server.script.letter["dev"]
    assert _run(AT_8 + AGAIN) == 0
    assert [status for _, status in _rows()] == ["unknown"]
    assert len(server.script.taken) == 1


def test_a_worker_that_died_while_sending_leaves_nothing_that_is_sent_twice(
    city: City, server: MailServer
) -> None:
    from everyfamily.accounts.models import DeskMail

    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    assert _run(AT_8) == 1
    DeskMail.objects.update(status="sending")
    assert _run(AT_8 + AGAIN) == 0
    assert _run(AT_8 + timedelta(hours=2)) == 0
    assert [status for _, status in _rows()] == ["unknown"]


def test_a_row_that_two_workers_write_is_one_and_only_one_of_them_sends(city: City, server: MailServer) -> None:
    from django.db import connections

    from everyfamily.accounts.models import DeskMail

    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    assert _run(AT_8, most=0) == 0
    [row] = DeskMail.objects.all()
    start, sent = threading.Barrier(4), []

    def work() -> None:
        start.wait(10)
        sent.append(_run(AT_8))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0, 0, 0, 1]
    assert len(server.script.taken) == 1
    with pytest.raises(Exception, match="desk_mail_once"):
        DeskMail.objects.create(
            account_id=row.account_id,
            key=row.key,
            is_urgent=False,
            written_at=AT_8,
            changed_at=AT_8,
            give_up_at=AT_8,
        )


def test_what_is_settled_before_the_mail_goes_is_not_written_about(city: City, server: MailServer) -> None:
    from everyfamily.accounts.models import Membership

    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    server.script.recipient["dev"] = "451 4.3.2 later"
    assert _run(AT_8) == 0
    Membership.objects.update(ended_at=AT_8, ended_by="Ada Clarke")
    _account("Ben Frost", "viewer")
    del server.script.recipient["dev"]
    assert _run(AT_8 + AGAIN) == 0
    assert [status for _, status in _rows()] == ["not needed"]
    assert server.script.taken == []


def test_invented_people_get_nothing_from_a_real_mail_server(
    city: City, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers

    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    carriers()
    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", False)
    assert _run(AT_8) == 0
    assert server.script.taken == []


def test_the_audit_trail_says_how_many_were_written_and_to_nobody_by_name(city: City, server: MailServer) -> None:
    from everyfamily.audit.queries.events import events

    _account("Dev Marchetti", "lead", city.school(SCHOOL, [HELD]))
    _run(AT_8)
    _run(AT_8 + MINUTE)
    found = [event for event in events(None) if event.action == "write desk mail"]
    assert [(event.actor, event.detail) for event in found] == [("worker", {"digests": 1, "urgent": 0})]


def test_a_real_worker_writes_what_is_urgent(city: City, server: MailServer, tmp_path: Path) -> None:
    from everyfamily.accounts.actions.inviting import let_in_again
    from everyfamily.accounts.desk.tasks import write_desk_mail
    from everyfamily.core.actors import Actor

    let_in_again(_account("Tom Rydal", "author"), Actor.typed("Ada Clarke"), datetime.now(UTC))
    environment = {
        "EVERYFAMILY_CLOCK": "system",
        "EVERYFAMILY_CHANNELS": "smtp",
        "EVERYFAMILY_STAND_INS": "yes",
        "EVERYFAMILY_SMTP_PORT": str(server.port),
        "EVERYFAMILY_BASE_URL": DESK[:-1],
    }
    write_desk_mail.defer(timestamp=0)
    with worker(tmp_path, **environment):
        wait_for(lambda: [row[1] for row in _rows()] == ["accepted"], "its row", seconds=60)
    # He is told of the act too (work/actions/telling.py).
    assert {one.to for one in server.script.taken} == {"tom@example.org"}
    assert "Rydal" not in words(tmp_path)


def test_the_job_is_one_of_the_workers_and_needs_the_address_of_the_pages(
    city: City, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from procrastinate.contrib.django import app

    from everyfamily.accounts.desk import tasks

    assert "everyfamily.accounts.desk.tasks" in settings.PROCRASTINATE_IMPORT_PATHS
    assert "write_desk_mail" in app.tasks
    asked: list[Post] = []
    monkeypatch.setattr(tasks, "write_mail", lambda post, now, most: asked.append(post))
    monkeypatch.setattr(settings, "EVERYFAMILY_CLOCK", "system")
    for base, runs in (("", 0), (DESK[:-1], 1)):
        monkeypatch.setattr(settings, "EVERYFAMILY_BASE_URL", base)
        tasks.write_desk_mail(timestamp=0)
        assert len(asked) == runs
    assert asked[0].desk == DESK
