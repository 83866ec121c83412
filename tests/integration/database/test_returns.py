"""A school files by its link: what the page takes, what it refuses, what it says, and what it never says."""

from __future__ import annotations

import logging
import re
import threading
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from everyfamily.core.accounting.coverage import Outcome, Reason, Return
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City
from tests.factories.each import each
from tests.factories.kept import filled

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO = 900101, 900102
DUE, CLOSE = date(2027, 3, 12), date(2027, 3, 25)
GOOD = {"on_roll": "30", "by_email": "18", "on_paper": "7", "by_text": "2", "not_reached": "3", "emails": "yes"}


@pytest.fixture
def schools(city: City) -> Iterator[City]:
    """Two schools that send themselves, each with a link."""
    from django.conf import settings

    from everyfamily.staff.limits import WRONG_LINKS

    settings.SECRET_KEY = "a key that only this test knows, and long enough"
    filled(city, _two_links)
    # Other tests of this process tried wrong links too.
    WRONG_LINKS.forget()
    yield city


def _two_links(city: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import open_returns

    for urn in (ONE, TWO):
        city.school(urn, sends="school")
    city.open()
    open_returns(city.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=NOW)


def path_of(city: City, urn: int) -> str:
    from everyfamily.mailings.installation.return_tokens import address_of
    from everyfamily.mailings.queries.returns import return_standings

    code = next(school.code for school in return_standings(city.mailing) if school.urn == urn)
    assert code is not None
    return address_of("", code)


def browser(**headers: str) -> Client:
    return Client(headers={"host": "127.0.0.1"} | headers)  # type: ignore[arg-type]


def rows(city: City, urn: int) -> list[Return]:
    """What the school has filed in this mailing, oldest first."""
    from everyfamily.mailings.queries.returns import filed_returns
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return [filed.counts for filed in reversed(filed_returns(city.schools[urn], city.mailing))]


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def go_to(moment: object) -> None:
    from everyfamily_demo.clock import set_simulated

    set_simulated(moment)  # type: ignore[arg-type]


# ---- What is filed ----


def test_filed_numbers_count_and_nobody_elses(schools: City) -> None:
    page = browser().post(path_of(schools, ONE), GOOD)
    assert page.status_code == 303
    assert page.headers["Location"] == path_of(schools, ONE) + "thanks/"
    assert rows(schools, ONE) == [Return(30, 18, 2, 7, 3, True)]
    assert rows(schools, TWO) == []
    total = schools.coverage(NOW).total
    assert total.outcomes[Outcome.REACHED] == 25
    assert total.outcomes[Outcome.TOLD_BY_TEXT] == 2
    assert total.reasons == {Reason.SCHOOL_COULD_NOT: 3, Reason.RETURN_MISSING: 30}


def test_emails_that_no_system_shows_are_accepted_and_not_reached(schools: City) -> None:
    browser().post(path_of(schools, ONE), GOOD | {"emails": "no"})
    total = schools.coverage(NOW).total
    assert (total.outcomes[Outcome.REACHED], total.outcomes[Outcome.ACCEPTED]) == (7, 18)


def test_the_same_numbers_again_are_not_a_second_row(schools: City) -> None:
    client, path = browser(), path_of(schools, ONE)
    assert [client.post(path, GOOD | {"seen": "0"}).status_code for _ in range(3)] == [303, 303, 303]
    assert len(rows(schools, ONE)) == 1


def test_a_correction_is_a_new_row_and_the_page_shows_both(schools: City) -> None:
    client, path = browser(), path_of(schools, ONE)
    client.post(path, GOOD | {"seen": "0"})
    go_to(NOW + timedelta(days=2))
    opened = text_of(client.get(path))
    assert 'value="18"' in opened
    assert "Filed Tuesday 2 March 2027, 9am" in opened
    seen = re.search(r'name="seen" value="(\d+)"', opened)
    assert seen is not None
    changed = GOOD | {"on_paper": "10", "not_reached": "0", "seen": seen[1]}
    assert client.post(path, changed).status_code == 303
    assert rows(schools, ONE) == [Return(30, 18, 2, 7, 3, True), Return(30, 18, 2, 10, 0, True)]
    thanks = text_of(client.get(path + "thanks/"))
    assert "28 of 30 children are reached" in thanks
    assert "Filed Thursday 4 March 2027, 9am" in thanks
    assert "What was filed before (1)" in thanks
    assert "by this link" in thanks
    assert schools.coverage(NOW + timedelta(days=3)).total.outcomes[Outcome.REACHED] == 28


def test_a_page_left_open_does_not_overwrite_what_somebody_filed_meanwhile(schools: City) -> None:
    path = path_of(schools, ONE)
    browser().post(path, GOOD | {"seen": "0"})
    other = GOOD | {"by_email": "15", "not_reached": "6", "seen": "0"}
    page = text_of(browser().post(path, other))
    assert "Somebody else has filed meanwhile" in page
    assert 'value="15"' in page
    assert len(rows(schools, ONE)) == 1
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    assert browser().post(path, other | {"seen": seen[1]}).status_code == 303
    assert len(rows(schools, ONE)) == 2


def test_corrections_at_the_same_moment_are_filed_one_after_the_other(schools: City) -> None:
    path = path_of(schools, ONE)
    answers: list[int] = []

    def send(more: int) -> None:
        from django.db import connections

        numbers = GOOD | {"by_email": str(18 - more), "not_reached": str(3 + more), "seen": "0"}
        answers.append(browser().post(path, numbers).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send, args=(n % 4,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One of four different returns is filed; who sent the same is thanked, the others are shown what was filed.
    assert len(rows(schools, ONE)) == 1
    assert sorted(answers) == [303] * 2 + [409] * 6


def test_an_audit_event_says_that_and_by_which_link_and_no_number(schools: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    browser().post(path_of(schools, ONE), GOOD)
    with tenant(schools.schools[ONE]):
        event = AuditEvent.objects.get(action="file return")
    assert re.fullmatch(r"link \d+", event.actor)
    assert set(event.detail) == {"return", "link", "doubts"}


# ---- What is asked once ----


def test_a_strange_number_is_asked_about_once_and_filed_with_its_doubt(schools: City) -> None:
    from everyfamily.mailings.queries.returns import return_standings

    client, path = browser(), path_of(schools, ONE)
    strange = GOOD | {"on_roll": "130", "by_email": "118"}
    page = text_of(client.post(path, strange))
    assert "Is this right?" in page
    assert "You wrote 130 on roll. The published number is 30." in page
    assert rows(schools, ONE) == []
    answer = re.search(r'name="answer" type="checkbox" value="([^"]+)"', page)
    assert answer is not None
    # A tick on other numbers answers nothing.
    other = strange | {"on_roll": "131", "by_email": "119", "answer": answer[1]}
    assert "Is this right?" in text_of(client.post(path, other))
    assert client.post(path, strange | {"answer": answer[1]}).status_code == 303
    assert rows(schools, ONE) == [Return(130, 118, 2, 7, 3, True)]
    standing = {school.urn: school for school in return_standings(schools.mailing)}
    assert (standing[ONE].state, standing[ONE].doubts) == ("to look at", ("roll_not_as_published",))
    assert standing[TWO].state == "missing"
    assert "a return to look at" in text_of(client.get(path + "thanks/"))
    # What the school has already said about its roll is not asked again when it corrects another line.
    seen = re.search(r'name="seen" value="(\d+)"', text_of(client.get(path)))
    assert seen is not None
    later = strange | {"by_text": "5", "not_reached": "0", "seen": seen[1]}
    assert client.post(path, later).status_code == 303
    assert return_standings(schools.mailing)[0].doubts == ("roll_not_as_published",)


# ---- Links that do not work ----


def other_signature(path: str) -> str:
    code, signature = path.split("/")[2].split(".")
    return f"/return/{code}.{signature[:-2]}{'AA' if signature[-2:] != 'AA' else 'BB'}/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_says_nothing_and_changes_nothing(schools: City, method: str) -> None:
    from django.core import signing

    from everyfamily.mailings.installation.return_tokens import token_of

    mine, theirs = path_of(schools, ONE).split("/")[2], path_of(schools, TWO).split("/")[2]
    swapped = f"{theirs.split('.')[0]}.{mine.split('.')[1]}"
    other_salt = signing.Signer(salt="another", sep=".").sign(mine.split(".")[0])
    unknown = token_of(uuid.uuid4())
    tokens = [swapped, other_salt, unknown, mine.split(".")[0], mine[:-1], mine + "x", "%00", "a.b", "." * 500]
    pages = [getattr(browser(), method)(f"/return/{token}/", GOOD) for token in tokens]
    pages.append(getattr(browser(), method)(other_signature(path_of(schools, ONE)), GOOD))
    assert {page.status_code for page in pages} == {403}
    assert len({page.content for page in pages}) == 1
    assert "Quayfield" not in text_of(pages[0])
    assert "Ring" in text_of(pages[0]) or "ring" in text_of(pages[0])
    assert rows(schools, ONE) == rows(schools, TWO) == []


@pytest.mark.parametrize("end", ["expired", "revoked", "renewed"])
def test_a_link_that_has_ended_says_so_and_files_nothing(schools: City, end: str) -> None:
    from everyfamily.mailings.actions.returns.return_links import renew_link, revoke_link

    path = path_of(schools, ONE)
    if end == "expired":
        go_to(NOW.replace(day=25, hour=23, minute=59))
        assert browser().get(path).status_code == 200
        go_to(NOW.replace(day=26, hour=0))
    elif end == "revoked":
        assert revoke_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW)
    else:
        renew_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW)
        assert browser().get(path_of(schools, ONE)).status_code == 200
    pages = [browser().get(path), browser().post(path, GOOD), browser().get(path + "thanks/")]
    assert [page.status_code for page in pages] == [410, 410, 410]
    assert all("Quayfield" not in text_of(page) for page in pages)
    assert rows(schools, ONE) == []


def test_a_link_that_ends_while_the_button_is_pressed_files_nothing(schools: City) -> None:
    from everyfamily.core.accounting.returns import Filing
    from everyfamily.mailings.actions.returns.return_links import revoke_link
    from everyfamily.mailings.actions.returns.returns import ReturnLinkOver, file_by_link
    from everyfamily.mailings.installation.return_tokens import code_of
    from everyfamily.mailings.queries.returns import link_by_code

    link = link_by_code(code_of(path_of(schools, ONE).split("/")[2]))
    assert link is not None
    revoke_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW)
    with pytest.raises(ReturnLinkOver):
        file_by_link(link, Filing(Return(30, 30, 0, 0, 0, False)), answered=(), seen=0, now=NOW)
    assert rows(schools, ONE) == []


def test_without_a_secret_key_no_link_is_made_or_believed(schools: City) -> None:
    from django.conf import settings

    from everyfamily.mailings.installation.return_tokens import (
        SecretKeyMissing,
        code_of,
        require_secret_key,
        token_of,
    )

    token = path_of(schools, ONE).split("/")[2]
    for key in ("short", "not secret: links cannot be made"):
        settings.SECRET_KEY = key
        with pytest.raises(SecretKeyMissing):
            require_secret_key()
        with pytest.raises(SecretKeyMissing):
            token_of(uuid.uuid4())
        with pytest.raises(SecretKeyMissing):
            code_of(token)
    settings.SECRET_KEY = "another key of another installation, long enough"
    assert browser().get(f"/return/{token}/").status_code == 403


# ---- Hostile and careless input ----

HOSTILE = [
    GOOD | {"by_email": "<script>alert(1)</script>"},
    GOOD | {"on_roll": "-30"},
    GOOD | {"on_roll": "3e1"},
    GOOD | {"on_roll": "9" * 400},
    GOOD | {"by_text": "2\x00"},
    GOOD | {"by_text": "'; DROP TABLE people_school; --"},
    GOOD | {"not_reached": ["3", "4"]},
    {"on_roll": "30"},
    {},
    GOOD | {"emails": ""},
]


@each("sent", HOSTILE)
def test_what_cannot_be_read_comes_back_with_words_and_files_nothing(
    schools: City, sent: dict[str, object]
) -> None:
    page = browser().post(path_of(schools, ONE), sent)
    assert page.status_code == 422
    assert "<title>Error: " in text_of(page)
    assert 'role="alert"' in text_of(page)
    assert "<script" not in text_of(page)
    assert "\x00" not in text_of(page)
    assert rows(schools, ONE) == []


def test_numbers_that_are_no_hidden_field_of_ours_are_let_go(schools: City) -> None:
    for seen in ("", "-1", "abc", "9" * 40, "１"):
        page = browser().post(path_of(schools, ONE), GOOD | {"seen": seen, "answer": "|" * 99, "school": "2"})
        assert page.status_code == 303
    assert len(rows(schools, ONE)) == 1


@pytest.mark.parametrize(
    "body",
    [
        ("application/x-www-form-urlencoded", b"on_roll=" + b"9" * 20_000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(80))),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
    ],
    ids=["long", "many", "broken", "unbounded"],
)
def test_a_body_that_is_no_form_is_refused_calmly(schools: City, body: tuple[str, bytes]) -> None:
    page = browser().post(path_of(schools, ONE), body[1], content_type=body[0])
    assert page.status_code in (400, 422)
    assert rows(schools, ONE) == []


def test_another_sites_form_is_refused(schools: City) -> None:
    path = path_of(schools, ONE)
    for site in ("cross-site", "same-site"):
        page = browser(**{"sec-fetch-site": site}).post(path, GOOD)
        assert page.status_code == 403
    # A link in an email is opened from elsewhere, and only shows the page.
    assert browser(**{"sec-fetch-site": "cross-site"}).get(path).status_code == 200
    assert rows(schools, ONE) == []
    assert browser(**{"sec-fetch-site": "same-origin", "origin": "null"}).post(path, GOOD).status_code == 303


def test_other_methods_and_other_hosts_are_refused(schools: City) -> None:
    path = path_of(schools, ONE)
    assert browser().put(path).status_code == 405
    assert browser().delete(path + "thanks/").status_code == 405
    assert browser().head(path).status_code == 200
    assert Client(headers={"host": "elsewhere.example"}).get(path).status_code == 400


# ---- What every answer carries, and what is never written down ----


def test_every_answer_keeps_nothing_and_tells_nobody(schools: City) -> None:
    path = path_of(schools, ONE)
    answers = [
        browser().get(path),
        browser().post(path, GOOD | {"on_roll": "x"}),
        browser().post(path, GOOD),
        browser().get(path + "thanks/"),
        browser().get("/return/abc/"),
        browser().get("/return/abc"),
        browser().get("/nothing/here"),
        browser().get("/robots.txt"),
    ]
    policies = [answer.headers["Referrer-Policy"] for answer in answers]
    # Only an address that gives access to a return may not be told even to our own pages.
    assert policies == ["no-referrer"] * 6 + ["same-origin"] * 2
    for answer in answers:
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert "unsafe" not in policy
    assert not any(re.search(rb'(src|href|action)="(https?:)?//', answer.content) for answer in answers)


def test_the_style_sheet_is_served_and_small(schools: City) -> None:
    page = browser().get("/static/staff/staff.css")
    style = b"".join(page.streaming_content)  # type: ignore[arg-type]
    assert page.status_code == 200
    assert 0 < len(style) < 40_000
    assert b"http" not in style
    page.close()


def test_no_log_line_holds_a_token_or_a_number(
    schools: City, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.staff import views

    path = path_of(schools, ONE)
    token = path.split("/")[2]
    caplog.set_level(logging.INFO)
    browser().post(path, GOOD | {"on_roll": "31337"})
    browser().get(f"/return/{token}x/")
    browser().get(f"/nothing/{token}/")
    browser().put(path)

    def breaks(*_: object, **__: object) -> None:
        raise ValueError(f"failing row contains 31337 {token}")

    monkeypatch.setattr(views, "file_by_link", breaks)
    page = browser().post(path, GOOD)
    assert page.status_code == 500
    assert "our fault" in text_of(page)
    assert token not in caplog.text
    assert "31337" not in caplog.text
    assert "ValueError in" in caplog.text


# ---- Links and reminders ----


def post(city: City, *, school_days: bool = True):  # type: ignore[no-untyped-def]
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.actions.returns.reminders import Post
    from everyfamily.mailings.installation.carriers import carriers

    return Post(carriers()[Channel.EMAIL], "https://letters.eastmere.example", lambda day: school_days)


def remind(city: City, now: object, **changes: object):  # type: ignore[no-untyped-def]
    import dataclasses

    from everyfamily.mailings.actions.returns.reminders import remind_schools

    return remind_schools(city.mailing, dataclasses.replace(post(city), **changes), now)  # type: ignore[arg-type]


def give_mailbox(urn: int) -> None:
    from everyfamily.people.models import School

    School.objects.filter(urn=urn).update(mailbox=f"office{urn}@example.org")


def test_links_and_reminders_go_to_the_mailbox_once_each_until_the_return_is_in(schools: City) -> None:
    give_mailbox(ONE)
    sent = []
    for day in range(2, 26):
        for hour in (8, 10, 14, 17):
            now = NOW.replace(day=day, hour=hour)
            sent += [now.day] * remind(schools, now).sent
    assert sent == [2, 9, 12, 15]
    assert [line["to"] for line in schools.outbox()] == [f"office{ONE}@example.org"] * 4
    bodies = sorted((schools.folder / "outbox" / "bodies").glob("*.txt"))
    for body in bodies:
        text = body.read_text()
        assert f"https://letters.eastmere.example{path_of(schools, ONE)}\n" in text
        assert "0151 496 0130" in text
        assert "exploitation" not in text.lower()
    subjects = [path.read_text() for path in sorted((schools.folder / "outbox" / "bodies").glob("*.json"))]
    assert len(subjects) == 4
    assert all("exploitation" not in subject.lower() for subject in subjects)


def test_a_real_mail_server_gets_no_letter_to_schools_of_a_demonstration(
    schools: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily_demo.recording import RecordingChannel

    give_mailbox(ONE)
    with monkeypatch.context() as real:
        real.setattr(settings, "EVERYFAMILY_STAND_INS", False)
        real.setattr(RecordingChannel, "refuses_demonstrations", lambda self: True)
        assert remind(schools, NOW).sent == 0
    assert remind(schools, NOW).sent == 1


def test_nothing_goes_after_a_return_or_on_a_day_without_school(schools: City) -> None:
    give_mailbox(ONE)
    assert remind(schools, NOW, is_school_day=lambda day: False).sent == 0
    assert remind(schools, NOW).sent == 1
    browser().post(path_of(schools, ONE), GOOD)
    assert remind(schools, NOW.replace(day=12)).sent == 0


def test_a_school_without_a_mailbox_is_counted_and_named(schools: City) -> None:
    done = remind(schools, NOW)
    assert (done.sent, done.no_mailbox) == (0, 2)
    give_mailbox(ONE)
    assert remind(schools, NOW).sent == 1


def test_a_renewed_link_is_sent_again_also_to_a_school_that_has_filed(schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import renew_link

    give_mailbox(ONE)
    remind(schools, NOW)
    browser().post(path_of(schools, ONE), GOOD)
    renew_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW + timedelta(hours=1))
    assert remind(schools, NOW + timedelta(hours=2)).sent == 1
    assert remind(schools, NOW + timedelta(hours=3)).sent == 0
    newest = max((schools.folder / "outbox" / "bodies").glob("*.txt"), key=lambda body: body.stat().st_mtime_ns)
    assert path_of(schools, ONE) in newest.read_text()


class Scripted:
    """Wraps a carrier and does what the script says before each call."""

    def __init__(self, problem: Exception | None) -> None:
        self.problem = problem
        self.calls = 0

    def send(self, messages, now):  # type: ignore[no-untyped-def]
        from everyfamily.channels.base import Submission
        from everyfamily.core.sending.fallback import AttemptStatus

        self.calls += 1
        if self.problem is not None:
            raise self.problem
        return [Submission(message.reference, AttemptStatus.ACCEPTED) for message in messages]


def test_what_the_server_refused_goes_ten_minutes_later_and_once(schools: City) -> None:
    from everyfamily.channels.errors import CarrierRefused

    give_mailbox(ONE)
    carrier = Scripted(CarrierRefused("No.", "Later."))
    assert remind(schools, NOW, carrier=carrier).failed == 1
    carrier.problem = None
    assert remind(schools, NOW + timedelta(minutes=9), carrier=carrier).sent == 0
    assert remind(schools, NOW + timedelta(minutes=10), carrier=carrier).sent == 1
    assert remind(schools, NOW + timedelta(hours=4), carrier=carrier).sent == 0
    assert carrier.calls == 2


def test_a_broken_server_stops_the_run(schools: City) -> None:
    from everyfamily.channels.errors import CarrierBroken

    give_mailbox(ONE)
    give_mailbox(TWO)
    carrier = Scripted(CarrierBroken("It refuses us.", "Look."))
    done = remind(schools, NOW, carrier=carrier)
    assert done.broken
    assert carrier.calls == 1


def test_silence_and_a_crash_in_mid_call_are_unknown_and_not_sent_twice(schools: City) -> None:
    from everyfamily.channels.errors import NoAnswer
    from everyfamily.mailings.queries.returns import return_standings

    give_mailbox(ONE)
    give_mailbox(TWO)
    silent = Scripted(NoAnswer("Silence.", "Wait."))
    assert remind(schools, NOW, carrier=silent).unknown == 1, "the run stops"
    assert remind(schools, NOW, carrier=silent).unknown == 1
    assert remind(schools, NOW + timedelta(hours=5), carrier=silent).unknown == 0
    crash = Scripted(KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        remind(schools, NOW.replace(day=9), carrier=crash)
    well = Scripted(None)
    first = remind(schools, NOW.replace(day=9, hour=9, minute=30), carrier=well)
    assert (first.sent, first.unknown) == (1, 0)
    later = remind(schools, NOW.replace(day=9, hour=11), carrier=well)
    assert (later.sent, later.unknown) == (0, 1)
    statuses = [school.reminders["before"] for school in return_standings(schools.mailing)]
    assert sorted(statuses) == ["accepted", "unknown"]
    assert remind(schools, NOW.replace(day=12), carrier=well).sent == 2


def test_two_runs_at_once_send_each_letter_once(schools: City) -> None:
    give_mailbox(ONE)
    give_mailbox(TWO)
    carrier = Scripted(None)

    def run() -> None:
        from django.db import connections

        remind(schools, NOW, carrier=carrier)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert carrier.calls == 2


def test_opening_again_moves_the_last_day_and_keeps_the_link(schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import ReturnDaysNotRight, open_returns

    path = path_of(schools, ONE)
    later = CLOSE + timedelta(days=7)
    opened = open_returns(schools.mailing, due_on=DUE, close_on=later, by=Actor.typed("team"), now=NOW)
    assert (opened.schools, opened.links_made, opened.links_moved, opened.no_mailbox) == (2, 0, 2, 2)
    go_to(NOW + timedelta(days=28))
    assert browser().get(path).status_code == 200
    with pytest.raises(ReturnDaysNotRight):
        open_returns(
            schools.mailing, due_on=DUE, close_on=DUE - timedelta(days=1), by=Actor.typed("team"), now=NOW
        )
    with pytest.raises(ReturnDaysNotRight, match="closed already"):
        open_returns(
            schools.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=NOW + timedelta(days=60)
        )


def test_only_a_school_that_sends_itself_has_a_link(city: City, schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import SchoolDoesNotFile, renew_link
    from everyfamily.people.queries import school_by_urn
    from tests.factories.city import adult

    city.school(900103, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    with pytest.raises(SchoolDoesNotFile):
        renew_link(schools.mailing, school_by_urn(900103).id, by=Actor.typed("team"), now=NOW)


def test_the_commands_say_how_returns_stand(schools: City, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from click.testing import CliRunner

    from everyfamily.cli.main import main

    give_mailbox(TWO)
    browser().post(path_of(schools, ONE), GOOD)
    result = CliRunner().invoke(main, ["returns", "status", "--reference", REFERENCE, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    assert {key: figures[key] for key in ("schools", "filed", "corrected", "to_look_at", "missing")} == {
        "schools": 2,
        "filed": 1,
        "corrected": 0,
        "to_look_at": 0,
        "missing": 1,
    }
    assert path_of(schools, ONE).split("/")[2] not in result.output
    assert "18" not in json.dumps(figures["list"][0] | {"urn": 0, "name": ""})
    ended = CliRunner().invoke(main, ["returns", "revoke", "--reference", REFERENCE, "--school", str(TWO)])
    assert ended.output == "The link has ended.\n"
    confirm = ["returns", "confirm", "--reference", REFERENCE, "--school", str(ONE)]
    assert CliRunner().invoke(main, confirm).output == "This school has no return to look at.\n"
    table = CliRunner().invoke(main, ["returns", "status", "--reference", REFERENCE])
    assert "no open link" in table.output
    without = CliRunner().invoke(main, ["returns", "remind"])
    assert (without.exit_code, "EF537" in without.output) == (2, True)


def test_the_worker_sends_what_is_due_where_the_page_has_an_address(
    schools: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.edges import tasks
    from everyfamily.mailings.installation import clock

    give_mailbox(ONE)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    tasks.remind_of_returns(timestamp=0)
    assert schools.outbox() == []
    monkeypatch.setattr(settings, "EVERYFAMILY_CLOCK", "system")
    tasks.remind_of_returns(timestamp=0)
    assert schools.outbox() == []
    monkeypatch.setattr(settings, "EVERYFAMILY_BASE_URL", "https://letters.eastmere.example")
    tasks.remind_of_returns(timestamp=0)
    tasks.remind_of_returns(timestamp=1)
    assert [line["to"] for line in schools.outbox()] == [f"office{ONE}@example.org"]


def test_school_days_leave_out_weekends_bank_holidays_and_the_partnerships_holidays(
    schools: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.edges.post_to_schools import school_days
    from tests.factories.demonstration import PARTNERSHIP, demo_partnership

    anywhere = school_days()
    assert anywhere(date(2027, 3, 2))
    assert not anywhere(date(2027, 3, 6))
    assert not anywhere(date(2027, 3, 26)), "Good Friday"
    spring = next(
        planned.term for planned in demo_partnership().year_plan.letters if planned.term.season == "spring"
    )
    assert anywhere(spring.half_term_from)
    monkeypatch.setattr(settings, "EVERYFAMILY_PARTNERSHIP", str(PARTNERSHIP))
    here = school_days()
    assert here(date(2027, 3, 2))
    assert not here(spring.half_term_from)
    assert not here(date(2027, 8, 10))


# ---- What changes while letters go out ----


class Meddling(Scripted):
    """Does something else in the middle of its first call, and keeps what it was given."""

    def __init__(self, meddle) -> None:  # type: ignore[no-untyped-def]
        super().__init__(None)
        self.meddle = meddle
        self.texts: list[tuple[str, str]] = []

    def send(self, messages, now):  # type: ignore[no-untyped-def]
        if not self.texts:
            self.meddle()
        self.texts += [(message.to, message.body.text) for message in messages]
        return super().send(messages, now)


def test_a_link_that_is_renewed_while_letters_go_out_is_the_one_that_is_sent(schools: City) -> None:
    from everyfamily.channels.errors import CarrierRefused
    from everyfamily.mailings.actions.returns.return_links import renew_link

    give_mailbox(ONE)
    give_mailbox(TWO)
    remind(schools, NOW, carrier=Scripted(CarrierRefused("No.", "Later.")))
    old, later = path_of(schools, TWO), NOW + timedelta(minutes=70)
    carrier = Meddling(
        lambda: renew_link(schools.mailing, schools.schools[TWO], by=Actor.typed("team"), now=later)
    )
    remind(schools, later, carrier=carrier)
    remind(schools, later + timedelta(minutes=10), carrier=carrier)
    new = path_of(schools, TWO)
    texts = [text for to, text in carrier.texts if to == f"office{TWO}@example.org"]
    assert [(old in text, new in text) for text in texts] == [(False, True)]


def test_a_link_that_is_revoked_while_letters_go_out_is_not_sent(schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import revoke_link

    give_mailbox(ONE)
    give_mailbox(TWO)
    carrier = Meddling(
        lambda: revoke_link(schools.mailing, schools.schools[TWO], by=Actor.typed("team"), now=NOW)
    )
    remind(schools, NOW, carrier=carrier)
    assert [to for to, _ in carrier.texts] == [f"office{ONE}@example.org"]


@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_no_letter_goes_about_a_mailing_that_is_over(schools: City, state: str) -> None:
    from everyfamily.mailings.models import Mailing

    give_mailbox(ONE)
    key = None if state == "closed" else Mailing.objects.get().ledger_key
    Mailing.objects.update(state=state, ledger_key=key)
    assert remind(schools, NOW).sent == 0


def test_a_correction_counts_although_the_clock_was_put_back(schools: City) -> None:
    path = path_of(schools, ONE)
    browser().post(path, GOOD | {"seen": "0"})
    go_to(NOW - timedelta(minutes=5))
    seen = re.search(r'name="seen" value="(\d+)"', text_of(browser().get(path)))
    assert seen is not None
    browser().post(path, GOOD | {"on_paper": "10", "not_reached": "0", "seen": seen[1]})
    assert "28 of 30 children are reached" in text_of(browser().get(path + "thanks/"))


STRANGE = GOOD | {"on_roll": "130", "by_email": "118", "answer": "roll_not_as_published 130 30"}


def state_on_the_page(city: City, urn: int) -> str:
    return next(school.state for school in city.coverage(NOW + timedelta(days=9)).schools if school.urn == urn)


def test_a_return_to_look_at_is_the_schools_state_in_the_coverage_until_it_is_corrected(schools: City) -> None:
    client, path = browser(), path_of(schools, ONE)
    client.post(path, STRANGE)
    assert state_on_the_page(schools, ONE) == "return to look at"
    assert schools.coverage(NOW).total.outcomes[Outcome.REACHED] == 125
    seen = re.search(r'name="seen" value="(\d+)"', text_of(client.get(path)))
    assert seen is not None
    client.post(path, GOOD | {"seen": seen[1], "answer": "fewer_than_before 25 125|roll_not_as_before 30 130"})
    assert [one.on_roll for one in rows(schools, ONE)] == [130, 30]


def test_a_return_that_the_partnership_has_asked_about_is_not_to_look_at_any_more(schools: City) -> None:
    from everyfamily.mailings.actions.returns.returns import confirm_return

    client, path, school = browser(), path_of(schools, ONE), schools.schools[ONE]
    assert not confirm_return(schools.mailing, school, by=Actor.typed("team"), now=NOW)
    client.post(path, STRANGE)
    assert confirm_return(schools.mailing, school, by=Actor.typed("team"), now=NOW + timedelta(hours=1))
    assert not confirm_return(schools.mailing, school, by=Actor.typed("team"), now=NOW + timedelta(hours=2))
    assert not confirm_return(schools.mailing, schools.schools[TWO], by=Actor.typed("team"), now=NOW)
    assert state_on_the_page(schools, ONE) == "sends itself"
    assert rows(schools, ONE) == [Return(130, 118, 2, 7, 3, True)] * 2
    page = text_of(client.get(path))
    # Another line may be corrected, and the roll is not asked about again.
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    later = {name: value for name, value in STRANGE.items() if name != "answer"}
    assert client.post(path, later | {"by_text": "5", "not_reached": "0", "seen": seen[1]}).status_code == 303
    assert state_on_the_page(schools, ONE) == "sends itself"
    assert ", by the partnership: 130 on roll" in text_of(client.get(path))


def test_what_the_server_refused_on_the_day_it_is_due_is_not_sent_the_day_after(schools: City) -> None:
    from everyfamily.channels.errors import CarrierRefused
    from everyfamily.mailings.actions.returns.return_links import open_returns

    give_mailbox(ONE)
    open_returns(schools.mailing, due_on=date(2027, 3, 10), close_on=CLOSE, by=Actor.typed("team"), now=NOW)
    carrier = Scripted(CarrierRefused("No.", "Later."))
    assert remind(schools, NOW.replace(day=10, hour=15), carrier=carrier).failed == 1
    carrier.problem = None
    assert remind(schools, NOW.replace(day=11, hour=10), carrier=carrier).sent == 0
    assert remind(schools, NOW.replace(day=15, hour=10), carrier=carrier).sent == 1


@pytest.fixture
def six(schools: City) -> City:
    """Six schools with a mailbox and a link: the two, and four that came in before the returns were opened again."""
    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily.mailings.models import MailingSchool

    for urn in range(900103, 900107):
        school = schools.school(urn, sends="school")
        MailingSchool.objects.create(
            mailing_id=schools.mailing, school_id=school, wave=0, wave_at=NOW, state="sends itself"
        )
    open_returns(schools.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=NOW)
    for urn in schools.schools:
        give_mailbox(urn)
    return schools


def test_a_run_stops_after_a_few_letters_and_the_next_goes_on(six: City) -> None:
    from everyfamily.mailings.actions.returns.reminders import remind_schools

    runs = [remind_schools(six.mailing, post(six), NOW, most=4).sent for _ in range(3)]
    assert runs == [4, 2, 0]
    assert len({line["to"] for line in six.outbox()}) == 6


def test_a_silent_server_does_not_hold_a_worker_for_every_school(six: City) -> None:
    from everyfamily.channels.errors import NoAnswer

    silent = Scripted(NoAnswer("Silence.", "Wait."))
    assert remind(six, NOW, carrier=silent).unknown == 1
    assert silent.calls == 1
    well = Scripted(None)
    assert remind(six, NOW + timedelta(minutes=10), carrier=well).sent == 5


def test_a_school_whose_address_the_server_refuses_does_not_hold_up_the_others(six: City) -> None:
    from everyfamily.channels.errors import CarrierBroken

    broken, well = Scripted(CarrierBroken("It refuses this address.", "Look.")), Scripted(None)
    assert remind(six, NOW, carrier=broken).broken
    # The next run begins with the schools that were not tried yet.
    assert remind(six, NOW + timedelta(minutes=10), carrier=broken).broken
    assert broken.calls == 2
    assert remind(six, NOW + timedelta(minutes=15), carrier=well).sent == 5
    assert remind(six, NOW + timedelta(minutes=20), carrier=well).sent == 1


def test_a_renewed_link_waits_for_the_end_of_a_holiday_of_weeks(schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import open_returns, renew_link

    give_mailbox(ONE)
    assert remind(schools, NOW).sent == 1
    closes = date(2027, 5, 10)
    open_returns(schools.mailing, due_on=DUE, close_on=closes, by=Actor.typed("team"), now=NOW)
    renew_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW.replace(day=13))
    assert remind(schools, NOW.replace(day=31), is_school_day=lambda day: False).sent == 0
    assert remind(schools, NOW.replace(month=4, day=12)).sent == 1
