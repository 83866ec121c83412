"""Email by a provider through django-anymail: a stand-in of Postmark over HTTP, and anymail's own test backend."""

from __future__ import annotations

import base64
import json
import socket
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from anymail.backends import test as anymail_test
from anymail.exceptions import AnymailAPIError, AnymailUnsupportedFeature
from anymail.message import AnymailRecipientStatus
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from everyfamily.channels.email.answers import Answer
from everyfamily.channels.email.anymail_mail import AnymailMail, ProviderNotRight
from everyfamily.channels.email.tracking import events_of, tracking_view
from everyfamily.channels.errors import CarrierBroken
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.provider_server import TOKEN
from tests.contract.rigs import BODY, NOW, SECRETS, SENDER, ProviderRig, message
from tests.factories.each import each


def outcome(carrier: AnymailMail, number: int = 1) -> str:
    """The status of one message, or the name of what was raised; nothing of it may hold a contact value or a key."""
    try:
        [answer] = carrier.send([message(Channel.EMAIL, number)], NOW)
    except EveryfamilyError as problem:
        told = "".join(traceback.format_exception(problem))
        assert not any(part in told for part in (*SECRETS, TOKEN))
        assert problem.__context__ is None
        return type(problem).__name__
    assert not any(part in answer.reason for part in SECRETS)
    assert plain_reason(answer.reason) == answer.reason
    return answer.status.value


# What is sent


def test_the_letter_goes_as_sealed_with_our_reference_and_without_tracking(anymail: ProviderRig) -> None:
    sent = anymail.message(1)
    anymail.carrier.send([sent], NOW)
    [taken] = anymail.provider.taken
    headers = {one["Name"]: one["Value"] for one in taken["Headers"]}
    assert taken["To"] == sent.to
    assert SENDER in taken["From"]
    assert (taken["Subject"], taken["TextBody"], taken["HtmlBody"]) == (BODY.subject, BODY.text, BODY.html)
    assert taken["ReplyTo"] == BODY.reply_to
    assert taken["Metadata"] == {"reference": sent.reference}
    assert taken["TrackOpens"] is False
    assert taken["TrackLinks"] == "None"
    assert headers == {
        "Message-ID": f"<{sent.reference}@eastmere.example>",
        "Auto-Submitted": "auto-generated",
    }


def test_one_connection_is_kept(anymail: ProviderRig) -> None:
    for number in range(4):
        anymail.carrier.send([anymail.message(number)], NOW)
    assert anymail.provider.connections == 1


def test_an_answer_to_a_reply_goes_too(anymail: ProviderRig) -> None:
    answer = Answer(
        "r-1", "ana@example.org", "en", "Eastmere", SENDER, "Automatic answer", "Ring 999.", "<1@x.example>"
    )
    assert isinstance(anymail.carrier, AnymailMail)
    assert anymail.carrier.answer(answer, NOW).status is AttemptStatus.ACCEPTED
    [taken] = anymail.provider.taken
    headers = {one["Name"]: one["Value"] for one in taken["Headers"]}
    assert headers["Auto-Submitted"] == "auto-replied"
    assert headers["In-Reply-To"] == "<1@x.example>"
    assert taken["TrackOpens"] is False


# How each answer is treated

INACTIVE = "You tried to send to a recipient that has been marked as inactive. Found inactive addresses: {}. Inactive recipients are ones that have generated a hard bounce or a spam complaint."  # noqa: E501
ANSWERS: dict[str, tuple[int, Any, str]] = {
    "too many": (429, {"Message": "slow down"}, "CarrierRefused"),
    "no key": (401, {"Message": "adult-1@example.com"}, "CarrierBroken"),
    "forbidden": (403, {"Message": "no"}, "CarrierBroken"),
    "too big": (413, "", "CarrierBroken"),
    "our address": (422, {"ErrorCode": 300, "Message": "Invalid 'From' address"}, "CarrierBroken"),
    "not that address": (
        422,
        {"ErrorCode": 300, "Message": "Invalid 'To' address: 'adult-1@example.com'."},
        "permanent-failure",
    ),
    "on its list": (
        422,
        {"ErrorCode": 406, "Message": INACTIVE.format("adult-1@example.com")},
        "permanent-failure",
    ),
    "slow": (408, {"Message": "timed out"}, "NoAnswer"),
    "its fault": (500, {"Message": "adult-1@example.com"}, "NoAnswer"),
    "away": (503, "", "NoAnswer"),
    "not JSON": (200, "<html>", "NoAnswer"),
    "strange": (200, {"What": "is this"}, "NoAnswer"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_one_meaning(anymail: ProviderRig, name: str) -> None:
    status, body, meaning = ANSWERS[name]
    anymail.provider.answers["adult-1"] = (status, body)
    assert outcome(anymail.carrier) == meaning
    assert outcome(anymail.carrier, 2) == "accepted"


@pytest.mark.slow
def test_silence_after_it_was_taken_in_is_unknown(anymail: ProviderRig) -> None:
    anymail.provider.hang["adult-1"] = 1.0
    carrier = anymail.another(REQUESTS_TIMEOUT=0.3)
    assert outcome(carrier) == "NoAnswer"
    assert len(anymail.provider.taken) == 1
    carrier.close()


def test_a_provider_that_is_not_there_refuses(anymail: ProviderRig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    carrier = anymail.another(POSTMARK_API_URL=f"http://127.0.0.1:{port}/")
    assert outcome(carrier) == "CarrierRefused"
    carrier.close()


def test_a_wrong_key_pauses(anymail: ProviderRig) -> None:
    assert outcome(anymail.another(POSTMARK_SERVER_TOKEN="another")) == "CarrierBroken"


@pytest.mark.parametrize(
    "address", ["zoë@example.com", "adult-1@", "a@example.com\r\nBcc: b@example.com", "", "a b"]
)
def test_an_address_that_no_email_can_carry_fails_by_itself(anymail: ProviderRig, address: str) -> None:
    [answer] = anymail.carrier.send([message(Channel.EMAIL, 1, to=address or " ")], NOW)
    assert answer.status is AttemptStatus.PERMANENT_FAILURE
    assert anymail.provider.taken == []


class Told(anymail_test.EmailBackend):  # type: ignore[misc]
    """anymail's test backend, told what becomes of the next message."""

    said: Any = "sent"

    def post_to_esp(self, payload: Any, mail: Any) -> Any:
        if isinstance(self.said, Exception):
            raise self.said
        status = AnymailRecipientStatus(message_id="1", status=self.said)
        return {"recipient_status": {mail.to[0]: status}}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnymailMail]:
    from django.conf import settings

    monkeypatch.setattr(settings, "MAILERS", {"anymail": {"BACKEND": f"{__name__}.Told"}})
    monkeypatch.setattr("django.core.mail.handler.import_string", lambda path: Told)
    carrier = AnymailMail(sender=SENDER)
    yield carrier
    carrier.close()


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("sent", "accepted"),
        ("queued", "accepted"),
        ("rejected", "permanent-failure"),
        ("invalid", "permanent-failure"),
        # The provider says neither that it has it nor that it has not.
        ("failed", "NoAnswer"),
        ("unknown", "NoAnswer"),
        (None, "NoAnswer"),
        (RuntimeError("adult-1@example.com"), "NoAnswer"),
        (AnymailAPIError("adult-1@example.com"), "NoAnswer"),
        (AnymailUnsupportedFeature("Test does not support track_opens"), "CarrierBroken"),
    ],
)
def test_each_status_of_anymail_has_one_meaning(
    told: AnymailMail, monkeypatch: pytest.MonkeyPatch, said: Any, meaning: str
) -> None:
    monkeypatch.setattr(Told, "said", said)
    assert outcome(told) == meaning


def test_a_provider_that_cannot_be_told_not_to_track_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    mailers = {"anymail": {"BACKEND": "anymail.backends.brevo.EmailBackend"}}
    monkeypatch.setattr(settings, "MAILERS", mailers)
    monkeypatch.setattr(settings, "ANYMAIL", {"BREVO_API_KEY": TOKEN}, raising=False)
    carrier = AnymailMail(sender=SENDER)
    with pytest.raises(CarrierBroken, match="use its SMTP server"):
        carrier.send([message(Channel.EMAIL, 1)], NOW)
    carrier.close()


@pytest.mark.parametrize(
    ("mailers", "anymail"),
    [
        ({}, {}),
        ({"anymail": {"BACKEND": "anymail.backends.postmark.EmailBackend"}}, {}),
        ({"anymail": {"BACKEND": "anymail.backends.nobody.EmailBackend"}}, {}),
        ({"anymail": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}, {}),
    ],
)
def test_settings_that_cannot_be_are_said(
    monkeypatch: pytest.MonkeyPatch, mailers: dict[str, Any], anymail: dict[str, Any]
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "MAILERS", mailers)
    monkeypatch.setattr(settings, "ANYMAIL", anymail, raising=False)
    with pytest.raises(ProviderNotRight):
        AnymailMail(sender=SENDER)


# What a provider calls us with

REFERENCE = message(Channel.EMAIL, 1).reference


def event(kind: str, reason: str | None = None, response: str | None = None, **more: Any) -> AnymailTrackingEvent:
    about: dict[str, Any] = {
        "event_type": kind,
        "reject_reason": reason,
        "mta_response": response,
        "metadata": {"reference": REFERENCE},
        "recipient": "adult-1@example.com",
        "timestamp": NOW,
    }
    return AnymailTrackingEvent(**{**about, **more})


@each(
    "said, meaning",
    [
        (event(EventType.DELIVERED), "delivered"),
        (event(EventType.BOUNCED, RejectReason.BOUNCED, "550 5.1.1 no such user"), "permanent-failure"),
        (event(EventType.BOUNCED, RejectReason.BOUNCED, "552 5.2.2 mailbox full"), "temporary-failure"),
        (event(EventType.BOUNCED, RejectReason.BOUNCED, "554 5.7.1 blocked"), "temporary-failure"),
        # Postmark calls a full mailbox so too, and says nothing more.
        (event(EventType.BOUNCED, RejectReason.BOUNCED), "temporary-failure"),
        (event(EventType.BOUNCED, RejectReason.INVALID), "permanent-failure"),
        (event(EventType.BOUNCED, RejectReason.BLOCKED), "temporary-failure"),
        (event(EventType.REJECTED, RejectReason.BOUNCED), "permanent-failure"),
        (event(EventType.REJECTED, RejectReason.INVALID), "permanent-failure"),
        (event(EventType.REJECTED, RejectReason.SPAM), "temporary-failure"),
        (event(EventType.REJECTED, RejectReason.UNSUBSCRIBED), "temporary-failure"),
        (event(EventType.REJECTED, RejectReason.BLOCKED), "temporary-failure"),
        (event(EventType.FAILED), "technical-failure"),
    ],
)
def test_each_event_has_one_meaning(said: AnymailTrackingEvent, meaning: str) -> None:
    [heard] = events_of([said], NOW)
    assert (heard.reference, heard.status.value, heard.occurred_at) == (REFERENCE, meaning, NOW)
    assert plain_reason(heard.reason) == heard.reason


@each(
    "kind",
    [
        EventType.OPENED,
        EventType.CLICKED,
        EventType.COMPLAINED,
        EventType.UNSUBSCRIBED,
        EventType.DEFERRED,
        EventType.QUEUED,
        EventType.SENT,
        EventType.AUTORESPONDED,
        EventType.UNKNOWN,
        "new to us",
    ],
)
def test_opens_clicks_and_what_says_nothing_of_arriving_are_let_go(kind: str) -> None:
    assert events_of([event(kind)], NOW) == []


@pytest.mark.parametrize(
    "metadata", [{}, {"reference": "not ours"}, {"reference": None}, None, "x", {"other": "1"}]
)
def test_an_event_without_our_reference_is_let_go(metadata: Any) -> None:
    assert events_of([event(EventType.DELIVERED, metadata=metadata)], NOW) == []


@pytest.mark.parametrize(
    ("at", "recorded"),
    [
        (NOW + timedelta(days=300), NOW),
        (None, NOW),
        (NOW - timedelta(hours=1), NOW - timedelta(hours=1)),
        ((NOW - timedelta(hours=1)).replace(tzinfo=None), NOW - timedelta(hours=1)),
    ],
)
def test_an_event_is_never_later_than_now(at: datetime | None, recorded: datetime) -> None:
    [heard] = events_of([event(EventType.DELIVERED, timestamp=at)], NOW)
    assert heard.occurred_at == recorded


@pytest.mark.parametrize(
    ("backend", "name"),
    [
        ("anymail.backends.postmark.EmailBackend", "PostmarkTrackingWebhookView"),
        ("anymail.backends.mailgun.EmailBackend", "MailgunTrackingWebhookView"),
        ("anymail.backends.mandrill.EmailBackend", "MandrillCombinedWebhookView"),
        ("anymail.backends.test.EmailBackend", None),
        ("django.core.mail.backends.smtp.EmailBackend", None),
        ("", None),
    ],
)
def test_a_provider_s_calls_are_read_by_its_own_view(backend: str, name: str | None) -> None:
    found = tracking_view(backend)
    assert (found.__name__ if found is not None else None) == name


# The edge; what it records is tested on the database.

SECRET = "everyfamily:a-password-of-a-test"
PATH = "/receipts/anymail"


def call(body: bytes | dict[str, Any], secret: str | None = SECRET, method: str = "POST") -> Any:
    from django.test import RequestFactory

    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {}
    if secret is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return RequestFactory().generic(method, PATH, data, content_type="application/json", headers=headers)


def postmark(kind: str = "Delivery", **more: Any) -> dict[str, Any]:
    """A call as Postmark's documentation shows it, with invented values."""
    return {
        "MessageID": "00000000-1111-4222-8333-444444444444",
        "Recipient": "adult-1@example.com",
        "DeliveredAt": "2027-03-02T09:05:00Z",
        "Details": "Test",
        "Tag": "",
        "ServerID": 1,
        "Metadata": {"reference": REFERENCE},
        "RecordType": kind,
        "MessageStream": "outbound",
        **more,
    }


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the edge records."""
    import django
    from django.conf import settings

    django.setup()

    from everyfamily.mailings.edges import anymail_receipts

    found: list[Any] = []
    monkeypatch.setattr(anymail_receipts, "record_receipts", lambda events, now: found.extend(events))
    monkeypatch.setattr(anymail_receipts.clock, "now", lambda: NOW + timedelta(hours=1))
    monkeypatch.setattr(settings, "ANYMAIL", {"WEBHOOK_SECRET": SECRET}, raising=False)
    monkeypatch.setattr(settings, "EVERYFAMILY_ANYMAIL", "anymail.backends.postmark.EmailBackend", raising=False)
    return found


def status_of(request: Any) -> int:
    from everyfamily.mailings.edges.anymail_receipts import anymail_receipt

    return int(anymail_receipt(request).status_code)


def test_a_call_is_recorded(heard: list[Any]) -> None:
    assert status_of(call(postmark())) == 200
    [one] = heard
    assert (one.reference, one.status.value) == (REFERENCE, "delivered")
    assert one.occurred_at == datetime(2027, 3, 2, 9, 5, tzinfo=UTC)


def test_a_bounce_is_read_by_the_server_s_own_words(heard: list[Any]) -> None:
    bounce = postmark(
        "Bounce",
        Type="HardBounce",
        Email="adult-1@example.com",
        BouncedAt="2027-03-02T09:05:00Z",
        Details="smtp;550 5.1.1 The email account that you tried to reach does not exist.",
    )
    del bounce["DeliveredAt"]
    assert status_of(call(bounce)) == 200
    assert [one.status.value for one in heard] == ["permanent-failure"]


@pytest.mark.parametrize("kind", ["Open", "Click", "SubscriptionChange", "SpamComplaint"])
def test_what_a_provider_tracks_anyway_is_let_go_unread(heard: list[Any], kind: str) -> None:
    assert status_of(call(postmark(kind, UserAgent="x", OriginalLink="https://example.org/"))) == 200
    assert heard == []


@pytest.mark.parametrize("secret", [None, "", "everyfamily:wrong", "wrong", SECRET + "x"])
def test_a_forged_call_is_turned_away_and_nothing_recorded(heard: list[Any], secret: str | None) -> None:
    assert status_of(call(postmark(), secret)) == 401
    assert heard == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"RecordType": []}', b"\xff" * 50, b"[" * 50_000])
def test_what_cannot_be_read_is_turned_away_without_a_word_of_it(
    heard: list[Any], body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert status_of(call(body)) == 400
    assert heard == []
    assert "adult" not in caplog.text


def test_too_much_is_not_read(heard: list[Any]) -> None:
    assert status_of(call(postmark(Details="x" * 100_001))) == 413


def test_other_methods_are_turned_away(heard: list[Any]) -> None:
    assert status_of(call(b"", method="GET")) == 405
    assert status_of(call(b"", method="HEAD")) == 200


@pytest.mark.parametrize(
    ("secret", "backend"),
    [
        ("", "anymail.backends.postmark.EmailBackend"),
        (SECRET, ""),
        (SECRET, "anymail.backends.test.EmailBackend"),
    ],
)
def test_without_a_secret_or_a_provider_there_is_no_such_address(
    heard: list[Any], monkeypatch: pytest.MonkeyPatch, secret: str, backend: str
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "ANYMAIL", {"WEBHOOK_SECRET": secret})
    monkeypatch.setattr(settings, "EVERYFAMILY_ANYMAIL", backend)
    assert status_of(call(postmark())) == 404
