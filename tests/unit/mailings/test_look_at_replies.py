"""A look at the reply mailbox: what is answered, what is remembered, and when the look ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from everyfamily.channels.email.answers import AnswerPost
from everyfamily.channels.email.mailbox import Mail
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.mailings.actions.replies.answering import Outcome
from everyfamily.mailings.edges import replies as edge
from everyfamily.mailings.edges.replies import WINDOW, Replies

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
ACCEPTED = Outcome(settled=True, status=AttemptStatus.ACCEPTED)


class Box:
    """A mailbox of headers, by key."""

    def __init__(self, *mails: Mail) -> None:
        self.mails = mails
        self.closed = 0
        self.asked: list[tuple[datetime, int, set[str]]] = []

    def headers(self, since: datetime, most: int, known: Collection[str]) -> Iterator[Mail]:
        self.asked.append((since, most, set(known)))
        return iter(self.mails)

    def close(self) -> None:
        self.closed += 1


class Post:
    closed = 0

    def close(self) -> None:
        self.closed += 1


class Look:
    """A mailbox, and what its messages are answered with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.outcomes: list[Outcome | Exception] = []
        self.answered: list[tuple[str, datetime]] = []
        self.ours: set[str] = set()
        self.posts: list[Post] = []
        monkeypatch.setattr(edge, "settle_answers", lambda now: 0)
        monkeypatch.setattr(edge, "reply_mailboxes", lambda: frozenset({"replies@eastmere.example"}))
        monkeypatch.setattr(edge, "reply_in", self._reply)
        monkeypatch.setattr(edge, "answer_reply", self._answer)

    def _reply(self, data: bytes, *, ours: Collection[str]) -> str | None:
        self.ours = set(ours)
        return data.decode() or None

    def _answer(self, reply: str, came_at: datetime, post: Any, domain: str, now: datetime) -> Outcome:
        assert domain == "eastmere.example"
        self.answered.append((reply, came_at))
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def of(self, *mails: Mail) -> Replies:
        def post() -> AnswerPost:
            self.posts.append(Post())
            return self.posts[-1]

        return Replies(Box(*mails), post, "Letters@eastmere.example", frozenset({"bounces@eastmere.example"}))


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Look:
    return Look(monkeypatch)


def mail(key: str, *, ago: timedelta = timedelta(minutes=1), data: str | None = None) -> Mail:
    return Mail(key, NOW - ago, (key if data is None else data).encode())


def test_each_reply_is_answered_and_remembered(look: Look) -> None:
    made = look.of(mail("a"), mail("b"), mail("machine", data=""), mail("of the future", ago=-timedelta(hours=1)))
    look.outcomes = [ACCEPTED, Outcome(settled=True), ACCEPTED]
    assert made.look(NOW) == 2
    minute_ago = NOW - timedelta(minutes=1)
    assert look.answered == [("a", minute_ago), ("b", minute_ago), ("of the future", NOW)]
    assert look.ours == {"letters@eastmere.example", "bounces@eastmere.example", "replies@eastmere.example"}
    made.mailbox.mails = ()
    assert made.look(NOW) == 0
    assert made.mailbox.asked[-1] == (NOW - WINDOW, 200, {"a", "b", "machine", "of the future"})
    assert [one.closed for one in look.posts] == [1], "without mail nothing is opened"
    assert made.mailbox.closed == 2


def test_what_came_in_before_the_window_is_passed_over(look: Look) -> None:
    made = look.of(mail("old", ago=WINDOW + timedelta(seconds=1)), mail("just", ago=WINDOW))
    look.outcomes = [ACCEPTED]
    made.look(NOW)
    assert [who for who, _ in look.answered] == ["just"]


def test_what_is_not_settled_comes_again(look: Look) -> None:
    made = look.of(mail("a"))
    look.outcomes = [Outcome(settled=False), ACCEPTED]
    assert (made.look(NOW), made.look(NOW)) == (0, 1)


@pytest.mark.parametrize("status", [AttemptStatus.TECHNICAL_FAILURE, AttemptStatus.UNKNOWN])
def test_a_mail_server_in_trouble_ends_the_look(look: Look, status: AttemptStatus) -> None:
    look.outcomes = [Outcome(settled=False, status=status)]
    assert look.of(mail("a"), mail("b")).look(NOW) == 0
    assert len(look.answered) == 1


def test_three_refusals_in_a_row_end_the_look(look: Look) -> None:
    refused = Outcome(settled=False, status=AttemptStatus.REFUSED)
    look.outcomes = [refused, ACCEPTED, refused, refused, refused]
    assert look.of(*(mail(one) for one in "abcdef")).look(NOW) == 1
    assert len(look.answered) == 5


def test_the_connection_is_given_back_after_an_error(look: Look) -> None:
    look.outcomes = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        look.of(mail("a")).look(NOW)
    assert [one.closed for one in look.posts] == [1]


def test_what_was_settled_is_forgotten_two_days_after_the_window(look: Look) -> None:
    made = look.of(mail("a", ago=timedelta(0)))
    look.outcomes = [ACCEPTED]
    made.look(NOW)
    made.mailbox.mails = ()
    for days, known in ((5, {"a"}), (6, set())):
        made.look(NOW + timedelta(days=days))
        assert made.mailbox.asked[-1][2] == known
