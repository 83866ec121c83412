"""Replies get one automatic answer, and stay where they are for the person who reads them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from everyfamily.channels.base import Submission
from everyfamily.channels.email.answers import Answer, AnswerPost
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import AttemptStatus
from tests.contract.mail_server import MailServer
from tests.factories.city import NOW, City, adult
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

MINUTE = timedelta(minutes=1)
SENDER = "letters@eastmere.example"
"""Of the letters, and the mailbox of the replies."""
SECRET = "He was there on Sunday and nobody knows"


@dataclass
class Recorded(AnswerPost):
    """Takes answers, or does what it is told."""

    problem: Exception | None = None
    given: list[Answer] = field(default_factory=list)

    def answer(self, answer: Answer, now: datetime) -> Submission:
        self.given.append(answer)
        if self.problem is not None:
            raise self.problem
        return Submission(answer.reference, AttemptStatus.ACCEPTED)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / "replies" / part).mkdir(parents=True)
    return tmp_path / "replies"


@kept_city
def sent(city: City) -> None:
    """A letter to two adults: one reads English, one Arabic."""
    rows = [
        adult("P1", "Ana Testing", EMAIL="ana@example.org"),
        adult("P2", "Bea Testing", EMAIL="bea@example.org", LANGUAGE="ar"),
    ]
    city.school(900001, rows)
    city.open()
    city.send()


def looking(maildir: Path, post: AnswerPost):  # type: ignore[no-untyped-def]
    from everyfamily.channels.email.maildir import Maildir
    from everyfamily.mailings.edges.replies import Replies

    return Replies(Maildir(maildir), lambda: post, SENDER)


def writes(
    maildir: Path, who: str = "ana@example.org", *, number: int = 1, at: datetime = NOW + MINUTE, **headers: str
) -> Path:
    """A reply comes in; `headers` are more of them, with _ for -."""
    lines = {
        "Return-Path": f"<{who}>",
        "From": f"Ana Testing <{who}>",
        "To": SENDER,
        "Message-ID": f"<{number}@mail.example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    file = maildir / "new" / f"{number:06}.reply"
    file.write_text("".join(f"{name}: {value}\n" for name, value in lines.items()) + f"\n{SECRET}\n")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def reference_of(city: City, to: str) -> str:
    [line] = [line for line in city.outbox() if line["to"] == to]
    return str(line["reference"])


def rows() -> list[tuple[str, str]]:
    from everyfamily.mailings.models import ReplyAnswer

    return list(ReplyAnswer.objects.order_by("id").values_list("status", "language"))


def test_a_reply_is_answered_once_and_left_unread(sent: City, maildir: Path) -> None:
    post = Recorded()
    file = writes(maildir, In_Reply_To=f"<{reference_of(sent, 'ana@example.org')}@eastmere.example>")
    before = file.stat()
    assert looking(maildir, post).look(NOW + 2 * MINUTE) == 1
    [answer] = post.given
    assert answer.to == "ana@example.org"
    assert answer.in_reply_to == "<1@mail.example.org>"
    # Another process, which remembers nothing.
    assert looking(maildir, post).look(NOW + 3 * MINUTE) == 0
    assert len(post.given) == 1
    assert rows() == [("accepted", "en")]
    assert file.stat().st_mtime == before.st_mtime
    assert sorted(path.name for path in maildir.rglob("*.reply*")) == ["000001.reply"]


def test_the_answer_says_999_first_then_the_local_lines_and_who_reads(sent: City, maildir: Path) -> None:
    from everyfamily.mailings.queries.replies import mailing_of_mailbox

    post = Recorded()
    writes(maildir)
    looking(maildir, post).look(NOW + 2 * MINUTE)
    [answer] = post.given
    said = answer.text
    assert said.splitlines()[0] == "If a child is in danger now, ring 999."
    assert "Eastmere children’s team: 0151 496 0120 (Any worry, day or night)" in said
    assert "The police: 101 (Any time, free)" in said
    found = mailing_of_mailbox([SENDER], NOW + MINUTE)
    assert found is not None
    assert f"Who reads this mailbox: {found.reply_owner}." in said
    assert "automatic answer" in said
    for word in ("sexual", "exploitation", "abuse", "Sunday", "Ana", "ana@", "Quayfield", "http"):
        assert word not in said
        assert word not in answer.subject


def test_the_answer_has_the_lines_as_the_settings_have_them_today(
    sent: City, maildir: Path, tmp_path: Path
) -> None:
    from django.test import override_settings

    file = tmp_path / "partnership.toml"
    for one in PARTNERSHIP.parent.glob("*.svg"):
        (tmp_path / one.name).write_bytes(one.read_bytes())
    text = PARTNERSHIP.read_text(encoding="utf-8")
    taken_out = text.replace('id = "local"', 'id = "day"')
    for number, (words, line) in enumerate(
        (
            (text.replace("0151 496 0120", "0151 496 0125"), "children’s team: 0151 496 0125"),
            (taken_out, "The police: 101"),
        ),
        start=1,
    ):
        file.write_text(words, encoding="utf-8")
        post = Recorded()
        writes(maildir, f"ana{number}@example.org", number=number)
        with override_settings(EVERYFAMILY_PARTNERSHIP=str(file)):
            looking(maildir, post).look(NOW + 2 * MINUTE)
        [answer] = post.given
        assert line in answer.text
        assert "0151 496 0120" not in answer.text


def test_of_a_reply_nothing_but_two_hashes_is_stored(
    sent: City, maildir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connections

    writes(maildir, Subject=SECRET)
    looking(maildir, Recorded()).look(NOW + 2 * MINUTE)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM mailings_replyanswer r")
        [(row,)] = cursor.fetchall()
        cursor.execute("SELECT row_to_json(r)::text FROM audit_auditevent r")
        said = row + "".join(one for (one,) in cursor.fetchall()) + caplog.text
    for word in ("Sunday", "ana@", "mail.example.org", "Ana Testing"):
        assert word not in said
        assert word.encode().hex() not in said


def test_a_sender_gets_one_answer_in_seven_days(sent: City, maildir: Path) -> None:
    post = Recorded()
    box = looking(maildir, post)
    for day in range(9):
        at = NOW + timedelta(days=day)
        writes(maildir, number=day + 1, at=at + MINUTE)
        box.look(at + 2 * MINUTE)
    assert [answer.in_reply_to for answer in post.given] == ["<1@mail.example.org>", "<9@mail.example.org>"]
    # What was left unanswered is not answered when the week is over.
    looking(maildir, post).look(NOW + timedelta(days=8, minutes=3))
    assert len(post.given) == 2


def test_each_sender_gets_an_answer(sent: City, maildir: Path) -> None:
    post = Recorded()
    writes(maildir, "ana@example.org", number=1)
    writes(maildir, "bea@example.org", number=2)
    assert looking(maildir, post).look(NOW + 2 * MINUTE) == 2
    assert {answer.to for answer in post.given} == {"ana@example.org", "bea@example.org"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"To": "somebody@example.org"},
        {"From": SENDER},
        {"List_Id": "<x>"},
    ],
)
def test_what_must_not_be_answered_is_not(sent: City, maildir: Path, headers: dict[str, str]) -> None:
    post = Recorded()
    writes(maildir, **headers)
    assert looking(maildir, post).look(NOW + 2 * MINUTE) == 0
    assert (post.given, rows()) == ([], [])


def test_a_copy_to_the_mailbox_counts_as_written_to_it(sent: City, maildir: Path) -> None:
    writes(maildir, To="school@example.org", Cc=f"Letters <{SENDER.upper()}>")
    assert looking(maildir, Recorded()).look(NOW + 2 * MINUTE) == 1


def test_two_mailboxes_that_answer_each_other_stop(sent: City, maildir: Path) -> None:
    """The worst responder there is: no sign of a machine in its header, and it answers everything."""
    post = Recorded()
    box = looking(maildir, post)
    for turn in range(1, 30):
        at = NOW + turn * MINUTE
        writes(maildir, number=turn, at=at)
        box.look(at + MINUTE)
    assert len(post.given) == 1


def test_the_language_is_the_letters_own_where_its_answer_was_reviewed(
    sent: City, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.replies import answering
    from everyfamily.mailings.messages import answer_texts

    letter = answering.sealed_letter_by_id(1)
    assert letter is not None
    both = changed(letter, texts={**letter.texts, "ar": letter.texts["en"]})
    monkeypatch.setattr(answering, "sealed_letter_by_id", lambda letter_id: both)
    about = f"<{reference_of(sent, 'bea@example.org')}@eastmere.example>"
    post = Recorded()
    writes(maildir, "bea@example.org", number=1, In_Reply_To=about)
    looking(maildir, post).look(NOW + 2 * MINUTE)
    reviewed = {**answer_texts.REVIEWED, "ar": changed(answer_texts.REVIEWED["en"], subject="checked")}
    monkeypatch.setattr(answer_texts, "REVIEWED", reviewed)
    writes(maildir, "cai@example.org", number=2, References=f"<x@y.example> {about} <z@y.example>")
    writes(maildir, "dee@example.org", number=3)
    looking(maildir, post).look(NOW + 3 * MINUTE)
    assert [(answer.to, answer.language) for answer in post.given] == [
        ("bea@example.org", "en"),
        ("cai@example.org", "ar"),
        ("dee@example.org", "en"),
    ]
    assert post.given[1].subject == "checked"


def test_a_letter_that_was_withdrawn_gives_no_number_but_999(sent: City, maildir: Path) -> None:
    from everyfamily.letters.models import Letter

    Letter.objects.filter(pk=1).update(state="withdrawn")
    post = Recorded()
    writes(maildir)
    looking(maildir, post).look(NOW + 2 * MINUTE)
    [answer] = post.given
    assert "999" in answer.text
    assert "0151" not in answer.text
    assert "101" not in answer.text


def test_a_line_whose_check_has_run_out_is_left_out(sent: City, maildir: Path) -> None:
    post = Recorded()
    later = NOW + timedelta(days=30)  # the local line's check counts until 27 March
    writes(maildir, at=later)
    looking(maildir, post).look(later + MINUTE)
    [answer] = post.given
    assert "0151 496 0120" not in answer.text
    assert "999" in answer.text


# What goes wrong


def test_a_server_that_takes_nothing_is_tried_again_and_the_answer_goes_once(sent: City, maildir: Path) -> None:
    writes(maildir)
    away = Recorded(problem=CarrierRefused("Not now.", "Later."))
    box = looking(maildir, away)
    for minute in range(2, 9):
        box.look(NOW + minute * MINUTE)
    assert len(away.given) == 1
    assert rows() == [("refused", "en")]
    there = Recorded()
    box.post = lambda: there
    box.look(NOW + 20 * MINUTE)
    box.look(NOW + 40 * MINUTE)
    assert len(there.given) == 1
    assert rows() == [("accepted", "en")]


def test_a_server_that_refuses_us_stops_the_look_and_no_mailing(sent: City, maildir: Path) -> None:
    from everyfamily.mailings.models import Mailing

    for number in (1, 2, 3):
        writes(maildir, f"ana{number}@example.org", number=number)
    post = Recorded(problem=CarrierBroken("Not you.", "Look."))
    looking(maildir, post).look(NOW + 2 * MINUTE)
    assert len(post.given) == 1
    assert Mailing.objects.get().state == "open"


@pytest.mark.parametrize("problem", [NoAnswer("Nothing.", "Wait."), RuntimeError("ana@example.org")])
def test_silence_leaves_it_unknown_and_it_is_never_sent_again(
    sent: City, maildir: Path, problem: Exception
) -> None:
    writes(maildir)
    post = Recorded(problem=problem)
    for minute in (2, 20, 200):
        looking(maildir, post).look(NOW + minute * MINUTE)
    assert len(post.given) == 1
    assert rows() == [("unknown", "en")]


def test_a_crash_in_mid_call_leaves_it_unknown_and_never_two_answers(sent: City, maildir: Path) -> None:
    """The answer is committed as being sent before the call; a process that dies then may have sent it."""
    writes(maildir)
    seen: list[list[tuple[str, str]]] = []

    class Dies(Recorded):
        def answer(self, answer: Answer, now: datetime) -> Submission:
            seen.append(rows())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        looking(maildir, Dies()).look(NOW + 2 * MINUTE)
    assert seen == [[("sending", "en")]]
    post = Recorded()
    looking(maildir, post).look(NOW + 3 * MINUTE)
    looking(maildir, post).look(NOW + 90 * MINUTE)
    assert post.given == []
    assert rows() == [("unknown", "en")]


def test_two_workers_at_once_send_one_answer(sent: City, maildir: Path) -> None:
    from django.db import connections

    for number in range(1, 6):
        writes(maildir, number=number)  # one sender, five messages
    post = Recorded()
    start = threading.Barrier(4)

    def work() -> None:
        start.wait(10)
        try:
            looking(maildir, post).look(NOW + 2 * MINUTE)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(post.given) == 1


def test_a_mailbox_that_is_away_is_said_and_stops_nothing(
    sent: City, maildir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.conf import settings

    from everyfamily.mailings.edges import replies

    monkeypatch.setattr(settings, "EVERYFAMILY_REPLIES", {"mailbox": f"maildir:{maildir}/gone", "password": ""})
    replies.replies.cache_clear()
    assert replies.look_at_replies(NOW) == 0
    assert "EF612" in caplog.text
    replies.replies.cache_clear()


# The end


def test_after_the_close_nothing_is_left_and_nothing_is_answered(sent: City, maildir: Path) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing

    post = Recorded()
    writes(maildir)
    looking(maildir, post).look(NOW + 2 * MINUTE)
    assert len(rows()) == 1
    later = NOW + timedelta(days=2)
    close_mailing(sent.mailing, by=Actor.typed("test"), now=later, although="this is only a test")
    assert rows() == []
    # Neither the one that was answered nor a new one.
    writes(maildir, number=2, at=later + MINUTE)
    looking(maildir, post).look(later + 2 * MINUTE)
    assert len(post.given) == 1


# As it is sent


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


def test_on_a_real_server_it_leaves_with_the_null_sender(
    sent: City, maildir: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.edges import replies

    backend = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": server.port, "timeout": 5}
    monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options}})
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    monkeypatch.setattr(settings, "EVERYFAMILY_REPLIES", {"mailbox": f"maildir:{maildir}", "password": ""})
    replies.replies.cache_clear()
    writes(maildir, References="<first@mail.example.org>", In_Reply_To="<second@mail.example.org>")
    assert replies.look_at_replies(NOW + 2 * MINUTE) == 1
    assert replies.look_at_replies(NOW + 3 * MINUTE) == 0
    replies.replies.cache_clear()
    [taken] = server.script.taken
    mail = taken.mail
    assert taken.sender == "<>"
    assert taken.to == mail["To"] == "ana@example.org"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<1@mail.example.org>"
    assert mail["References"] == "<first@mail.example.org> <second@mail.example.org> <1@mail.example.org>"
    assert mail["Reply-To"] == SENDER
    assert mail["Content-Language"] == "en"
    assert "999" in mail.get_content()
    # What we send ourselves we do not answer.
    assert replies.reply_in(taken.raw, ours=frozenset()) is None


def test_in_a_rehearsal_a_line_without_an_address_is_written(sent: City, maildir: Path) -> None:
    from everyfamily.mailings.edges.replies import answer_post
    from everyfamily.mailings.installation.carriers import outbox

    writes(maildir)
    looking(maildir, answer_post()).look(NOW + 2 * MINUTE)
    line = (outbox() / "answers.log").read_text()
    assert '"language": "en"' in line
    assert "@" not in line


def test_a_reply_to_our_letter_that_was_written_to_somebody_else_is_not_answered(
    sent: City, maildir: Path
) -> None:
    post = Recorded()
    about = f"<{reference_of(sent, 'ana@example.org')}@eastmere.example>"
    writes(maildir, To="school@example.org", In_Reply_To=about)
    assert looking(maildir, post).look(NOW + 2 * MINUTE) == 0
    assert post.given == []
