"""GOV.UK Notify on the stand-in: what arrives, how each answer is treated, and what it says when asked."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.channels.errors import CarrierBroken, CarrierRefused, FeatureNotSupported, NoAnswer
from everyfamily.channels.notify.account import NotifyAccount
from everyfamily.channels.notify.answers import ANSWERS, Meaning
from everyfamily.channels.notify.carrier import DemonstrationNotSent, Notify
from everyfamily.channels.notify.words import WordsNotSayable
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.notify_rig import NotifyRig
from tests.contract.notify_service import EMAIL_TEMPLATE, KEY, SECRET, Faults, Service
from tests.contract.rigs import BODY, NOW, SECRETS, message, printed_in

TEXT = replace(BODY, text="Harbour School: a letter about keeping children safe. Môr. In danger now? Call 999.")


@pytest.fixture
def make() -> Iterator[Callable[..., NotifyRig]]:
    """Makes rigs and closes them."""
    made: list[NotifyRig] = []

    def one(channel: Channel = Channel.EMAIL, **more: Any) -> NotifyRig:
        made.append(NotifyRig(channel, **more))
        return made[-1]

    yield one
    for rig in made:
        rig.close()


def fails(rig: NotifyRig, kind: type[EveryfamilyError], **changed: Any) -> EveryfamilyError:
    """Send one message that fails; neither the exception nor anything it hangs on holds a personal value."""
    with pytest.raises(kind) as caught:
        rig.carrier.send([rig.message(1, **changed)], NOW)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert not any(part in told for part in (*SECRETS, SECRET))
    return caught.value


# What arrives


def test_an_email_arrives_in_the_gaps_of_its_template(make: Callable[..., NotifyRig]) -> None:
    rig = make(reply_to="11111111-2222-4333-8444-555555555555")
    sent = rig.message(1)
    rig.carrier.send([sent], NOW)
    [one] = rig.service.taken
    assert (one.kind, one.to, one.reference) == ("email", sent.to, sent.reference)
    assert one.fields == {"subject": BODY.subject, "body": BODY.text}


def test_a_text_arrives_as_sealed(make: Callable[..., NotifyRig]) -> None:
    rig = make(Channel.TEXT)
    rig.carrier.send([rig.message(1, body=TEXT)], NOW)
    [one] = rig.service.taken
    assert (one.kind, one.to, one.fields) == ("sms", "+447700900001", {"body": TEXT.text})


@pytest.mark.parametrize("postage", ["first", "second", "economy"])
def test_a_letter_arrives_as_printed_with_its_postage(make: Callable[..., NotifyRig], postage: Any) -> None:
    rig = make(Channel.POST)
    sent = rig.message(1, body=replace(BODY, postage=postage))
    rig.carrier.send([sent], NOW)
    [one] = rig.service.taken
    assert (one.kind, one.reference, one.postage) == ("letter", sent.reference, postage)
    assert printed_in(one.pdf) == [list(sent.address)]


def test_a_new_body_is_sent_and_the_old_one_not_kept(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    other = replace(BODY, key="another", subject="Another letter")
    for number, body in enumerate((BODY, other, BODY), start=1):
        rig.carrier.send([rig.message(number, body=body)], NOW)
    assert [one.fields["subject"] for one in rig.service.taken] == [BODY.subject, "Another letter", BODY.subject]


def test_it_goes_on_from_another_thread_and_after_a_pause(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    rig.carrier.send([rig.message(1)], NOW)
    other = threading.Thread(target=lambda: rig.carrier.send([rig.message(2)], NOW))
    other.start()
    other.join()
    rig.carrier.close()
    rig.carrier.send([rig.message(3)], NOW)
    assert [value for _, value in rig.taken()] == [f"adult-{number}@example.com" for number in (1, 2, 3)]


# What is not sent


@pytest.mark.parametrize("number", ["+999123456789", "+999000000001"])
def test_a_number_of_a_demonstration_is_never_sent_to(make: Callable[..., NotifyRig], number: str) -> None:
    rig = make(Channel.TEXT, abroad="yes")
    problem = fails(rig, DemonstrationNotSent, to=number, body=TEXT)
    assert isinstance(problem, CarrierBroken)
    assert rig.taken() == []


@pytest.mark.parametrize("domain", ["example.org", "mail.example.com", "eastmere.example", "x.test", "localhost"])
def test_nobodys_address_is_not_sent_to_the_real_service(domain: str) -> None:
    carrier = Notify(NotifyAccount(KEY, email_template=EMAIL_TEMPLATE))
    with pytest.raises(DemonstrationNotSent):
        carrier.send([message(Channel.EMAIL, 1, to=f"adult-1@{domain}")], NOW)


def test_a_number_abroad_is_sent_to_only_where_that_was_said(make: Callable[..., NotifyRig]) -> None:
    for abroad, status in (("no", AttemptStatus.TEMPORARY_FAILURE), ("yes", AttemptStatus.ACCEPTED)):
        rig = make(Channel.TEXT, abroad=abroad)
        [answer] = rig.carrier.send([rig.message(1, to="+353850000001", body=TEXT)], NOW)
        assert answer.status is status
        assert plain_reason(answer.reason) == answer.reason
        assert len(rig.taken()) == (abroad == "yes")


@pytest.mark.parametrize("words", ["Twoje dziecko: zadzwoń", "آپ کا بچہ", "Ring 999 \N{TELEPHONE RECEIVER}"])
def test_a_text_that_notify_would_change_is_left_to_the_next_way(
    make: Callable[..., NotifyRig], words: str
) -> None:
    rig = make(Channel.TEXT)
    [answer] = rig.carrier.send([rig.message(1, body=replace(BODY, text=words))], NOW)
    assert answer.status is AttemptStatus.TEMPORARY_FAILURE
    assert rig.taken() == []


def test_a_letter_that_notify_would_change_pauses_the_mailing(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    for body in (replace(BODY, text="Ring us.\n^ This line.\n"), replace(BODY, subject="Talk &amp; listen")):
        problem = fails(rig, WordsNotSayable, body=body)
        assert isinstance(problem, CarrierBroken)
        assert BODY.key in problem.fact
    assert rig.taken() == []


def test_an_address_that_does_not_fit_the_window_is_a_permanent_failure(make: Callable[..., NotifyRig]) -> None:
    rig = make(Channel.POST)
    long = replace(rig.message(1), address=("Amina Testing", "x" * 41, "EM4 7QX"))
    [answer] = rig.carrier.send([long], NOW)
    assert answer.status is AttemptStatus.PERMANENT_FAILURE
    assert rig.taken() == []


def _bad_press(addresses: object) -> bytes:
    raise ValueError(f"cannot print {addresses}")


def _our_press(addresses: object) -> bytes:
    raise FeatureNotSupported("The font is missing.", "Bring it back.")


@pytest.mark.parametrize(("press", "says"), [(_bad_press, "ValueError"), (_our_press, "The font is missing.")])
def test_a_press_that_fails_is_technical_and_quotes_nobody(
    make: Callable[..., NotifyRig], press: Any, says: str
) -> None:
    rig = make(Channel.POST)
    assert says in fails(rig, CarrierBroken, body=replace(BODY, press=press)).fact
    assert rig.taken() == []


def test_a_body_without_a_press_is_refused_as_post(make: Callable[..., NotifyRig]) -> None:
    fails(make(Channel.POST), FeatureNotSupported, body=replace(BODY, press=None))


# How each answer is treated


def errors(code: int, error: str, words: str = "adult-1@example.com +447700900001 Amina Testing") -> Any:
    return (code, {"status_code": code, "errors": [{"error": error, "message": words}]})


REFUSED = [
    errors(429, "RateLimitError"),
    errors(429, "TooManyRequestsError"),
    (429, b"slow down"),
]
BROKEN = [
    errors(400, "BadRequestError"),
    errors(400, "ValidationError", "template_id is not a valid UUID"),
    errors(400, "ValidationError", "personalisation adult-1@example.com is not of type object"),
    errors(400, "BadRequestError", "phone_number cannot be reached in trial mode"),
    (400, b"adult-1@example.com"),
    (400, {"errors": "adult-1@example.com"}),
    errors(401, "AuthError"),
    errors(403, "AuthError"),
    errors(403, "BadRequestError"),
    errors(404, "NoResultFound"),
    (413, b"too large"),
    (302, b""),
]
ASKED = [
    errors(500, "Exception"),
    errors(502, "Exception"),
    (503, b"away"),
    errors(504, "EventletTimeout"),
    (408, b"late"),
    (201, b"<html>adult-1@example.com</html>"),
    (201, {"message": "adult-1@example.com"}),
    (201, ["adult-1@example.com"]),
    "hang up",
    "take, hang up",
]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.TEXT, Channel.POST])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        *[(answer, CarrierRefused) for answer in REFUSED],
        *[(answer, CarrierBroken) for answer in BROKEN],
        *[(answer, NoAnswer) for answer in ASKED],
    ],
)
def test_an_answer_comes_to(
    make: Callable[..., NotifyRig], channel: Channel, answer: Any, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    rig = make(channel)
    rig.service.next_answers.append(answer)
    with caplog.at_level(logging.INFO):
        fails(rig, kind, body=TEXT)
    assert not any(part in caplog.text for part in SECRETS)
    assert rig.carrier.send([rig.message(2, body=TEXT)], NOW)[0].status is AttemptStatus.ACCEPTED


RECIPIENT = [
    errors(400, "ValidationError", "phone_number Not a UK mobile number"),
    errors(400, "ValidationError", "email_address Not a valid email address"),
    errors(400, "InvalidPhoneError", "Too many digits"),
    errors(400, "InvalidEmailError", "Not a valid email address"),
]


@pytest.mark.parametrize("answer", RECIPIENT)
def test_what_is_said_of_the_recipient_marks_the_contact_point(
    make: Callable[..., NotifyRig], answer: Any
) -> None:
    rig = make()
    rig.service.next_answers.append(answer)
    [said] = rig.carrier.send([rig.message(1)], NOW)
    assert said.status is AttemptStatus.PERMANENT_FAILURE
    assert plain_reason(said.reason) == said.reason != ""


def test_an_error_about_the_recipient_and_the_template_marks_nobody(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    both = [
        {"error": "ValidationError", "message": "email_address Not a valid email address"},
        {"error": "ValidationError", "message": "template_id is not a valid UUID"},
    ]
    rig.service.next_answers.append((400, {"status_code": 400, "errors": both}))
    fails(rig, CarrierBroken)


def test_the_stand_in_itself_knows_a_bad_address(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    [said] = rig.carrier.send([rig.message(1, to="adult-1@nowhere")], NOW)
    assert said.status is AttemptStatus.PERMANENT_FAILURE


def test_every_row_of_the_table_is_on_the_page() -> None:
    from tests.contract.test_feature_matrix import FOLDER

    page = (FOLDER / "notify.md").read_text(encoding="utf-8")
    for row in ANSWERS:
        assert row.error in page
        if row.least == row.most:
            assert str(row.least) in page
    assert {row.meaning for row in ANSWERS} == set(Meaning)


def test_a_silence_after_the_call_is_no_answer(make: Callable[..., NotifyRig]) -> None:
    rig = make(service=Service(faults=Faults(hang=1.0)), timeout=0.2)
    rig.service.next_answers.append("take, silent")
    fails(rig, NoAnswer)
    assert len(rig.taken()) == 1


def test_a_redirect_takes_the_message_nowhere_else(
    make: Callable[..., NotifyRig], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.contract.notify_server import _Handler

    rig, elsewhere = make(), make()

    def redirect(handler: Any) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        if handler.service is elsewhere.service:
            elsewhere.service.calls["reached"] += 1
        handler.send_response(307)
        handler.send_header("Location", f"{elsewhere.server.url}{handler.path}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    monkeypatch.setattr(_Handler, "do_POST", redirect)
    fails(rig, CarrierBroken)
    assert elsewhere.service.calls["reached"] == 0


def test_the_stand_in_serves_other_processes_too(tmp_path: Path) -> None:
    log = tmp_path / "taken.jsonl"
    command = [
        sys.executable,
        "-m",
        "tests.contract.notify_server",
        "--log",
        str(log),
        "--faults",
        "rate_limited=1",
    ]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        url = said.pop("url")
        assert url == said["base_url"]
        carrier = Notify(NotifyAccount(**said))
        sent = message(Channel.EMAIL, 1)
        with pytest.raises(CarrierRefused):
            carrier.send([sent], NOW)
        # The same twice: each is a message that a family would have had.
        for _ in range(2):
            carrier.send([sent], NOW)
        carrier.close()
        process.stdin.close()
        assert process.wait(10) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["type"], line["to"], line["reference"]) for line in lines] == [
        ("email", sent.to, sent.reference)
    ] * 2


def test_nobody_at_the_address_is_refused_and_tried_again(make: Callable[..., NotifyRig]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    rig = make(base_url=f"http://127.0.0.1:{port}")
    fails(rig, CarrierRefused)
    rig.server.stop()


def test_a_service_that_does_not_take_the_connection_is_refused(make: Callable[..., NotifyRig]) -> None:
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(full.getsockname())
    time.sleep(0.05)
    rig = make(base_url=f"http://127.0.0.1:{full.getsockname()[1]}", timeout=0.3)
    try:
        fails(rig, CarrierRefused)
    finally:
        for one in (*waiting, full):
            one.close()


def test_a_wrong_key_is_technical(make: Callable[..., NotifyRig]) -> None:
    fails(make(key=KEY[:-4] + "0000"), CarrierBroken)


def test_a_key_without_a_certificate_to_trust_is_technical(make: Callable[..., NotifyRig]) -> None:
    import ssl

    import requests
    from urllib3.exceptions import MaxRetryError, SSLError

    from everyfamily.channels.notify.answers import _without_answer

    reason = SSLError(ssl.SSLCertVerificationError("certificate verify failed"))
    cause = requests.exceptions.SSLError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]
    assert _without_answer(cause).meaning is Meaning.BROKEN
    assert _without_answer(requests.exceptions.SSLError("bad record")).meaning is Meaning.SILENCE
    assert _without_answer(None).meaning is Meaning.SILENCE


# What it says when asked


def asked(rig: NotifyRig, *statuses: str) -> Any:
    """Ask about one reference that stands in the list once for each status, given in order of taking in."""
    reference = rig.message(1).reference
    for status in statuses:
        one = rig.service.take(
            {"email": "email", "text": "sms", "post": "letter"}[rig.channel], reference, "", {}
        )
        rig.service.move(one, status)
    return rig.carrier.ask(reference, NOW)


@pytest.mark.parametrize(
    ("channel", "status", "expected"),
    [
        *[(Channel.EMAIL, status, "accepted") for status in ("created", "sending", "pending", "sent")],
        *[
            (channel, status, status)
            for channel in (Channel.EMAIL, Channel.TEXT)
            for status in ("delivered", "temporary-failure", "permanent-failure", "technical-failure")
        ],
        (Channel.EMAIL, "failed", "temporary-failure"),
        (Channel.TEXT, "failed", "temporary-failure"),
        (Channel.TEXT, "sent", "accepted"),
        *[
            (Channel.POST, status, "accepted")
            for status in ("created", "sending", "accepted", "received", "delivered", "pending-virus-check")
        ],
        (Channel.POST, "cancelled", "temporary-failure"),
        *[
            (Channel.POST, status, "technical-failure")
            for status in ("validation-failed", "virus-scan-failed", "technical-failure", "permanent-failure")
        ],
        (Channel.POST, "returned-letter", "returned"),
    ],
)
def test_a_status_comes_to(make: Callable[..., NotifyRig], channel: Channel, status: str, expected: str) -> None:
    event = asked(make(channel), status)
    assert event.status == expected
    assert plain_reason(event.reason) == event.reason
    assert bool(event.reason) == (expected not in ("accepted", "delivered"))


def test_a_letter_is_never_delivered() -> None:
    from everyfamily.channels.notify.statuses import LETTER

    assert AttemptStatus.DELIVERED not in {said[0] for said in LETTER.values()}
    assert AttemptStatus.PERMANENT_FAILURE not in {said[0] for said in LETTER.values()}


def test_of_several_with_one_reference_the_furthest_counts(make: Callable[..., NotifyRig]) -> None:
    assert asked(make(), "sending", "delivered", "temporary-failure").status is AttemptStatus.DELIVERED
    assert asked(make(), "permanent-failure", "sending").status is AttemptStatus.PERMANENT_FAILURE


def test_the_furthest_counts_on_a_later_page_too(
    make: Callable[..., NotifyRig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("everyfamily.channels.notify.carrier.PAGE", 2)
    rig = make()
    rig.service.page_size = 2
    assert asked(rig, "delivered", "sending", "sending", "sending").status is AttemptStatus.DELIVERED
    # A reference that stands in more pages than anybody would make is not read to its end.
    monkeypatch.setattr("everyfamily.channels.notify.carrier.PAGE", 1)
    rig.service.page_size = 1
    assert asked(rig, "sending", "sending").status is AttemptStatus.ACCEPTED


def test_what_was_never_taken_in_is_not_there(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    rig.carrier.send([rig.message(2)], NOW)
    assert rig.carrier.ask(rig.message(1).reference, NOW) is None


def test_what_was_taken_in_may_be_listed_only_later(make: Callable[..., NotifyRig]) -> None:
    rig = make(service=Service(faults=Faults(late=1, late_seconds=0.2)))
    sent = rig.message(1)
    rig.carrier.send([sent], NOW)
    assert rig.carrier.knows_at_once is False
    assert rig.carrier.ask(sent.reference, NOW) is None
    time.sleep(0.25)
    event = rig.carrier.ask(sent.reference, NOW)
    assert event is not None
    assert event.status is AttemptStatus.ACCEPTED


def test_a_list_of_other_peoples_messages_says_nothing_of_ours(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    rig.service.listed = lambda reference, kinds, older_than: rig.service.taken  # type: ignore[method-assign]
    rig.carrier.send([rig.message(2)], NOW)
    assert rig.carrier.ask(rig.message(1).reference, NOW) is None


def test_a_time_that_is_still_to_come_counts_as_now(make: Callable[..., NotifyRig]) -> None:
    for ahead, expected in ((timedelta(days=400), NOW), (-timedelta(hours=1), NOW - timedelta(hours=1))):
        rig = make(service=Service(clock=lambda ahead=ahead: NOW + ahead))  # type: ignore[misc]
        assert asked(rig, "delivered").occurred_at == expected


def test_a_status_that_is_new_is_not_guessed(make: Callable[..., NotifyRig]) -> None:
    with pytest.raises(NoAnswer):
        asked(make(), "teleported")
    assert asked(make(), "teleported", "sending").status is AttemptStatus.ACCEPTED


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (errors(429, "RateLimitError"), NoAnswer),
        (errors(500, "Exception"), NoAnswer),
        (errors(403, "AuthError"), CarrierBroken),
        ((200, {"notifications": "adult-1@example.com"}), NoAnswer),
        ((200, {"notifications": [{"reference": "no id"}]}), NoAnswer),
        ((200, b"adult-1@example.com"), NoAnswer),
        ((200, []), NoAnswer),
    ],
)
def test_where_it_cannot_be_said_now_asking_says_so(
    make: Callable[..., NotifyRig], monkeypatch: pytest.MonkeyPatch, answer: Any, kind: Any
) -> None:
    from tests.contract.notify_server import _Handler

    rig = make()
    monkeypatch.setattr(_Handler, "do_GET", lambda self: self._answer(*answer))
    with pytest.raises(kind) as caught:
        rig.carrier.ask(rig.message(1).reference, NOW)
    assert caught.value.__context__ is None
    assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)


def test_nobody_at_the_address_is_no_answer_to_a_question(make: Callable[..., NotifyRig]) -> None:
    rig = make()
    rig.server.stop()
    with pytest.raises(NoAnswer):
        rig.carrier.ask(rig.message(1).reference, NOW)


@pytest.mark.slow
def test_every_message_of_a_bad_hour_is_found_by_asking(make: Callable[..., NotifyRig]) -> None:
    """Whatever the fault: asking settles what the carrier did not confirm, and nothing was accepted twice."""
    faults = Faults(rate_limited=0.1, failing=0.1, failing_after=0.1, silent=0.1, dropped=0.1, hang=0.3)
    rig = make(service=Service(faults=faults), timeout=0.2)
    said: dict[str, str] = {}
    for number in range(1, 60):
        sent = rig.message(number)
        try:
            said[sent.reference] = rig.carrier.send([sent], NOW)[0].status.value
        except CarrierRefused:
            said[sent.reference] = "refused"
        except NoAnswer:
            event = rig.carrier.ask(sent.reference, NOW)
            said[sent.reference] = event.status.value if event is not None else "never had it"
    taken = [reference for reference, _ in rig.taken()]
    assert len(taken) == len(set(taken))
    assert set(taken) == {reference for reference, status in said.items() if status == "accepted"}
    assert set(said.values()) == {"accepted", "refused", "never had it"}
