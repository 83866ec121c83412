"""Who gets an automatic answer, judged only by the header of what they wrote (RFC 3834)."""

from __future__ import annotations

import pytest

from everyfamily.channels.email.replies import Reply, reply_in
from tests.factories.each import each

OURS = frozenset({"replies@eastmere.example", "letters@eastmere.example", "bounces@letters.example.org"})
REFERENCE = "6f1d2c3a-8f54-4a7e-9c1b-2f0e5d6a7b8c"
PERSON = {
    "Return-Path": "<ana@example.org>",
    "From": "Ana Testing <Ana@example.org>",
    "To": "Eastmere families <Replies@eastmere.example>",
    "Message-ID": "<1@mail.example.org>",
    "In-Reply-To": f"<{REFERENCE}@eastmere.example>",
    "References": f"<older@mail.example.org> <{REFERENCE}@eastmere.example>",
    "Subject": "Re: A letter",
}


def header(changed: dict[str, str | None] | None = None) -> bytes:
    lines = {**PERSON, **(changed or {})}
    return (
        "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None).encode() + b"\r\n"
    )


def read(changed: dict[str, str | None] | None = None) -> Reply | None:
    return reply_in(header(changed), ours=OURS)


def test_a_person_gets_an_answer() -> None:
    assert read() == Reply(
        sender="ana@example.org",
        answer_to="ana@example.org",
        to=frozenset({"replies@eastmere.example"}),
        identity="<1@mail.example.org>",
        message_id="<1@mail.example.org>",
        thread=(f"<{REFERENCE}@eastmere.example>", "<older@mail.example.org>"),
    )


@each(
    "changed",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated (rejected)"},
        {"Auto-Submitted": "auto-notified; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"Precedence": "junk"},
        {"List-Id": "<parents.example.org>"},
        {"List-Unsubscribe": "<mailto:leave@example.org>"},
        {"LIST-POST": "NO"},
        {"X-Autoreply": "yes"},
        {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Spam-Flag": "YES"},
        {"X-Spam-Status": "Yes, score=9"},
        {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=x"},
        {"Return-Path": "<>"},
        {"Return-Path": "<MAILER-DAEMON>"},
        {"Return-Path": "<owner-parents@example.org>"},
        {"Return-Path": f"<bounces+{REFERENCE}@letters.example.org>"},
        {"From": "Mail Delivery <mailer-daemon@example.org>"},
        {"From": "no-reply@example.org"},
        {"From": "NoReply+123@example.org"},
        {"From": "do-not-reply@example.org"},
        {"From": "postmaster@example.org"},
        {"From": "parents-request@example.org"},
        {"From": "replies@eastmere.example"},
        {"From": "Replies+tag@eastmere.example", "Return-Path": None},
        {"From": "ana@example.org, bea@example.org"},
        {"From": ""},
        {"From": None},
        {"From": "not an address"},
        {"From": "zoë@example.org"},
    ],
)
def test_machines_lists_and_we_ourselves_get_none(changed: dict[str, str | None]) -> None:
    assert read(changed) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": "No (written by hand)"},
        {"Precedence": "first-class"},
        {"X-Auto-Response-Suppress": "DR, RN"},
        {"X-Spam-Status": "No, score=0.1"},
        {"Return-Path": None},
        {"From": "bounceclass.mother@example.org"},
        {"From": "norely@example.org"},
    ],
    ids=repr,
)
def test_what_only_looks_like_a_machine_is_answered(changed: dict[str, str | None]) -> None:
    assert read(changed) is not None


def test_an_answer_goes_to_the_envelopes_sender_and_is_counted_by_the_header_s() -> None:
    signed = read({"Return-Path": "<prvs=1a2b=ana@example.org>"})
    assert signed is not None
    assert signed.answer_to == "ana@example.org"
    reply = read({"Return-Path": "<ana+batv@example.org>"})
    assert reply is not None
    assert (reply.sender, reply.answer_to) == ("ana@example.org", "ana+batv@example.org")


def test_a_copy_has_the_same_identity_and_another_message_another() -> None:
    one, copy, other = read(), read({"Received": "again"}), read({"Message-ID": "<2@mail.example.org>"})
    assert one is not None
    assert copy is not None
    assert other is not None
    assert one.identity == copy.identity != other.identity


def test_a_message_without_an_id_is_known_by_its_header() -> None:
    one, other = read({"Message-ID": None}), read({"Message-ID": None, "Subject": "Another"})
    assert one is not None
    assert other is not None
    assert one.identity != other.identity
    assert one.message_id == ""


def test_references_of_ours_are_found_and_no_others() -> None:
    reply = read({"References": f"<{REFERENCE}@elsewhere.example> <x@eastmere.example>"})
    assert reply is not None
    assert reply.references("eastmere.example") == (REFERENCE,)
    assert reply.references("another.example") == ()


def test_a_message_id_that_would_write_a_header_of_its_own_is_not_taken() -> None:
    reply = read({"Message-ID": "<1@x\r\n Bcc: bea@example.org>", "In-Reply-To": "<a b@x>", "References": None})
    assert reply is not None
    assert (reply.message_id, reply.thread) == ("", ())


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"From: ", b"From: a@example.org" * 9_000, b"\r\n\r\n"])
def test_any_bytes_are_read_or_get_no_answer(data: bytes) -> None:
    assert reply_in(data, ours=OURS) is None
