"""What an automatic answer says, and when one is sent again: 999 first, the area's own lines, no topic, none twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from everyfamily.channels.base import Submission
from everyfamily.channels.email.answers import Answer, AnswerPost
from everyfamily.channels.email.replies import Reply
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, ContactPointGone, NoAnswer
from everyfamily.core.letter.letters import Letter
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import AGAIN, AGAIN_AFTER
from everyfamily.mailings.actions.replies import answering
from everyfamily.mailings.actions.replies.answering import NOTHING, Outcome
from everyfamily.mailings.messages.answer_texts import answer_language, answer_text, local_lines
from everyfamily.mailings.models import ReplyAnswer
from everyfamily.mailings.queries.replies import Answered
from everyfamily.work.actions.outbox import call
from tests.factories.letters import make_letter, make_route

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
LETTER = make_letter()
LOCAL, POLICE, EMERGENCY, CHILDREN = (
    make_route(id=name, label=f"the {name} line") for name in ("local", "police", "emergency", "children")
)
REPLY = Reply(
    "ana@example.org",
    "bounces@example.org",
    frozenset({"x@example.org"}),
    "id",
    "<1@example.org>",
    ("<2@example.org>",),
)
ANSWERED = Answered(1, 2, "letters@eastmere.example", "Family letters team")


def test_999_comes_first_and_the_areas_lines_follow() -> None:
    subject, text = answer_text(LETTER, "en", owner="Family letters team", lines=[make_route(label="our team")])
    assert subject == "Automatic answer: we have your message"
    assert text == (
        "If a child is in danger now, ring 999.\n\n"
        "If you are worried about a child, ring:\nOur team: 0151 496 0120 (Any worry, any time)\n\n"
        "This is an automatic answer. Your message has arrived, and a person will read it.\n"
        "Who reads this mailbox: Family letters team.\n"
        "We cannot say when they will read it. If it cannot wait, please ring.\n\n"
        "Eastmere Safeguarding Children Partnership\nOur website: families.eastmere.example\n\n"
        "Demonstration: an invented city.\n"
    )


def test_a_real_answer_without_a_line_has_neither_list_nor_label() -> None:
    _, text = answer_text(make_letter(demonstration=False), "en", owner="Family letters team", lines=[])
    assert "worried" not in text
    assert "Demonstration" not in text


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([EMERGENCY, LOCAL, POLICE, CHILDREN], [LOCAL, POLICE]),
        ([EMERGENCY, CHILDREN, make_route(id="other")], [CHILDREN]),
        ([EMERGENCY], []),
        ([make_route(number="((school number))")], []),
        ([make_route(number="")], []),
        ([make_route(label="the CSE team")], []),
        ([make_route(hours="about sexual abuse, any time")], []),
        ([make_route(label="the CSEA team")], [make_route(label="the CSEA team")]),
    ],
)
def test_lines_are_the_areas_own_and_name_no_topic(routes: list[object], expected: list[object]) -> None:
    assert local_lines(LETTER, routes) == expected


def test_who_reads_a_language_without_an_answer_gets_english() -> None:
    arabic = make_letter(translations={"ar": {}})
    assert [answer_language(arabic, one) for one in ("en", "ar", "pl", "")] == ["en", "en", "en", "en"]


def composed(
    monkeypatch: pytest.MonkeyPatch, sealed: Letter | None, *, on: datetime = NOW, reply: Reply = REPLY
) -> Answer:
    monkeypatch.setattr(answering, "sealed_letter_by_id", lambda letter: sealed)
    monkeypatch.setattr(answering, "letter_by_id", lambda letter: LETTER)
    in_force = SimpleNamespace(partnership=SimpleNamespace(routes=LETTER.routes))
    monkeypatch.setattr(answering, "settings_in_brief", lambda: in_force)
    # Nobody has reported anything about a number since.
    monkeypatch.setattr(answering, "routes_now", lambda routes, now: tuple(routes))
    return answering._compose(ANSWERED, reply, "pl", on)


def test_an_answer_goes_to_the_envelopes_sender_within_the_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    made = composed(monkeypatch, LETTER)
    assert (made.to, made.in_reply_to, made.thread) == ("bounces@example.org", "<1@example.org>", REPLY.thread)
    assert (made.language, made.sender_name, made.reply_to) == ("en", "Eastmere", "letters@eastmere.example")
    assert "0151 496 0120" in made.text
    assert composed(monkeypatch, LETTER).reference != made.reference


def test_a_withdrawn_letter_and_an_old_check_give_999_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "0151" not in composed(monkeypatch, None).text
    after = datetime.combine(date(2027, 3, 26), NOW.timetz())
    assert "0151" not in composed(monkeypatch, LETTER, on=after).text
    assert "999" in composed(monkeypatch, None).text


class Post(AnswerPost):
    def __init__(self, problem: Exception | None) -> None:
        self._problem = problem

    def answer(self, answer: Answer, now: datetime) -> Submission:
        if self._problem is not None:
            raise self._problem
        return Submission(answer.reference, AttemptStatus.ACCEPTED)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (None, AttemptStatus.ACCEPTED),
        (CarrierRefused("a", "b"), AttemptStatus.REFUSED),
        (ContactPointGone("a", "b"), AttemptStatus.PERMANENT_FAILURE),
        (CarrierBroken("a", "b"), AttemptStatus.TECHNICAL_FAILURE),
        (NoAnswer("a", "b"), AttemptStatus.UNKNOWN),
        (ZeroDivisionError(), AttemptStatus.UNKNOWN),
    ],
)
def test_whatever_the_call_does_is_a_status(
    problem: Exception | None, status: AttemptStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = composed(monkeypatch, LETTER)
    assert call(lambda: Post(problem).answer(answer, NOW)) is status


def known(status: AttemptStatus, ago: timedelta) -> ReplyAnswer:
    return ReplyAnswer(pk=7, status=status.value, written_at=NOW - ago, changed_at=NOW - ago)


LONG_AGO = timedelta(days=1)


@pytest.mark.parametrize(
    "status", sorted({*AttemptStatus} - {AttemptStatus.CREATED} - {AttemptStatus(one) for one in AGAIN})
)
def test_an_answer_that_may_have_left_us_is_not_sent_again(status: AttemptStatus) -> None:
    assert answering._again(known(status, LONG_AGO), NOW) == NOTHING


@pytest.mark.parametrize("status", [AttemptStatus(one) for one in AGAIN])
def test_an_answer_that_never_left_us_is_tried_again_after_a_while(
    status: AttemptStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReplyAnswer, "save", lambda row, **options: None)
    assert answering._again(known(status, AGAIN_AFTER - timedelta(seconds=1)), NOW) == Outcome(settled=False)
    row = known(status, AGAIN_AFTER)
    assert answering._again(row, NOW) == 7
    assert (row.status, row.changed_at, row.written_at) == ("sending", NOW, NOW - AGAIN_AFTER)


@pytest.mark.parametrize(
    ("found", "answers"),
    [
        (None, False),
        (ANSWERED, False),
        (Answered(1, 2, "X@example.org", "Family letters team"), True),
    ],
)
def test_a_reply_to_a_mailbox_of_no_mailing_gets_no_answer(
    found: Answered | None, answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed(monkeypatch, LETTER)
    monkeypatch.setattr(answering, "message_answered", lambda references: None)
    monkeypatch.setattr(answering, "mailing_of_mailbox", lambda to, at: found)
    monkeypatch.setattr(answering, "_write", _refuses(Outcome(settled=False)))
    outcome = answering.answer_reply(REPLY, NOW, Post(None), "eastmere.example", NOW)
    assert outcome == (Outcome(settled=False) if answers else NOTHING)


def _refuses(outcome: Outcome) -> Callable[..., Outcome]:
    return lambda *words: outcome
