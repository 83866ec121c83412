"""How each kind of bounce is treated, and the mailbox that they come from."""

from __future__ import annotations

import logging
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from everyfamily.channels.email import bounces as module
from everyfamily.channels.email.bounce_box import BounceBox
from everyfamily.channels.email.bounces import Bounces, What
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.email.failure_words import failure_of
from everyfamily.channels.email.mailbox import MailboxNotThere
from everyfamily.channels.email.maildir import Maildir
from everyfamily.channels.email.return_path import BounceAddress, BounceAddressNotRight
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.rigs import NOW, SENDER, SmtpRig, message
from tests.factories.each import each

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus" / "bounces"
REFERENCE = "6f1d2c3a-8f54-4a7e-9c1b-2f0e5d6a7b8c"
ADDRESS = BounceAddress.of("bounces@letters.example.org")
READER = Bounces(ADDRESS, SENDER.partition("@")[2])

MEANS = {
    "postfix_gone": "permanent-failure",
    "exim_gone": "permanent-failure",
    "exim_unrouteable": "permanent-failure",
    "qmail_gone": "permanent-failure",
    "gmail_gone": "permanent-failure",
    "exchange_gone": "permanent-failure",
    "opensmtpd_error": "permanent-failure",
    "status_says_nothing": "permanent-failure",
    "two_references": "permanent-failure",
    "gmail_full": "temporary-failure",
    "postfix_gave_up": "temporary-failure",
    "qmail_no_reference": "temporary-failure",
    # One of an alias's two addresses is full, so it is not gone.
    "alias_both": "temporary-failure",
    # They speak of us: counted, and no reason to stop for one of them.
    "postfix_policy": "temporary-failure",
    "exchange_restricted": "temporary-failure",
    "postfix_delayed": "no news",
    "exim_delayed": "no news",
    "delivered": "no news",
    "alias_half": "no news",
    "out_of_office": "not ours",
    "a_person_writes": "not ours",
    "a_person_quotes_a_bounce": "not ours",
    "read_receipt": "not ours",
    "complaint": "not ours",
    "forwarded_by_a_person": "not ours",
    "not_ours": "not ours",
}


def bounce(name: str, reference: str = REFERENCE) -> bytes:
    """A bounce of the corpus, of any letter."""
    return (CORPUS / f"{name}.eml").read_bytes().replace(REFERENCE.encode(), reference.encode())


def test_every_bounce_of_the_corpus_has_a_meaning_here() -> None:
    assert set(MEANS) == {path.stem for path in CORPUS.glob("*.eml")}


@each("name", MEANS)
@each("ends", [b"\n", b"\r\n"])
def test_each_shape_has_one_meaning(name: str, ends: bytes) -> None:
    reading = READER.read(bounce(name).replace(b"\n", ends))
    said = reading.status.value if reading.what is What.BOUNCE else reading.what.value
    assert said == MEANS[name]
    assert reading.reference == ("" if reading.what is What.NOT_OURS else REFERENCE)


def test_no_word_of_a_bounce_is_in_its_reason() -> None:
    for name in MEANS:
        reason = READER.read(bounce(name)).reason
        assert plain_reason(reason) == reason
        assert "ana" not in reason


def test_nothing_comes_to_delivered() -> None:
    assert AttemptStatus.DELIVERED not in {READER.read(bounce(name)).status for name in MEANS}


def test_of_several_references_the_one_of_the_address_counts() -> None:
    other = "00000000-0000-4000-8000-000000000002"
    assert other.encode() in bounce("two_references")
    assert READER.read(bounce("two_references")).reference == REFERENCE


def test_a_reference_of_another_address_is_not_ours() -> None:
    other = Bounces(BounceAddress.of("returns@letters.example.org"), "elsewhere.example")
    for name in MEANS:
        assert other.read(bounce(name)).what is What.NOT_OURS


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To", "To"])
def test_the_reference_is_found_wherever_a_server_writes_the_recipient(header: str) -> None:
    data = bounce("opensmtpd_error").replace(REFERENCE.encode(), b"")
    own = f"{header}: <BOUNCES+{REFERENCE.upper()}@Letters.Example.org>\n".encode()
    assert READER.read(own + data).reference == REFERENCE


def test_a_parser_that_fails_leaves_the_message_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(mail: object) -> None:
        raise RecursionError

    monkeypatch.setattr(module, "all_failures", fails)
    assert READER.read(bounce("qmail_gone")).what is What.NOT_OURS


@each(
    "words, status, meaning",
    [
        ("smtp; 550 5.1.1 user unknown", "5.1.1", "permanent-failure"),
        ("smtp; 550 5.1.1 user unknown", "5.0.0", "permanent-failure"),
        ("smtp; 550 no such user", "", "permanent-failure"),
        ("smtp; 550 5.2.1 account disabled", "5.2.1", "permanent-failure"),
        ("smtp; 552 mailbox is full", "5.0.0", "temporary-failure"),
        ("smtp; 552 5.2.3 too long", "5.2.3", "temporary-failure"),
        ("smtp; 550 5.4.1 denied", "5.4.1", "temporary-failure"),
        ("smtp; 550 rejected", "5.0.0", "temporary-failure"),
        ("smtp; 451 4.7.1 greylisted", "4.7.1", "temporary-failure"),
        ("", "", "temporary-failure"),
        # These are about us, whatever the code says.
        ("smtp; 550 5.1.1 user unknown; your host is blocked by our policy", "5.1.1", "technical-failure"),
        ("smtp; 550 5.7.26 not signed", "5.7.26", "technical-failure"),
        ("smtp; 554 looks like spam", "5.0.0", "technical-failure"),
        ("smtp; 550 5.1.8 sender's domain not found", "5.1.8", "technical-failure"),
        ("smtp; 552 5.3.4 too big", "5.3.4", "technical-failure"),
        # A word inside an address or a link says nothing.
        ("smtp; 550 5.1.1 <spam.policy@example.org> user unknown", "5.1.1", "permanent-failure"),
        ("smtp; 550 5.1.1 user unknown, see https://example.org/blocked", "5.1.1", "permanent-failure"),
    ],
)
def test_a_refusal_says_one_thing(words: str, status: str, meaning: str) -> None:
    assert failure_of(words, status)[0].value == meaning


# The envelope sender


def test_each_letter_leaves_with_an_address_of_its_own(smtp: SmtpRig) -> None:
    carrier = DjangoMail(sender=SENDER, bounces_to=ADDRESS)
    sent = smtp.message(1)
    carrier.send([sent], NOW)
    carrier.close()
    [taken] = smtp.server.script.taken
    assert taken.sender == f"bounces+{sent.reference}@letters.example.org"
    assert ADDRESS.reference_in(taken.sender) == sent.reference
    assert SENDER in str(taken.mail["From"])
    assert taken.mail["Message-ID"] == f"<{sent.reference}@eastmere.example>"
    assert b"bounces+" not in taken.raw


def test_without_an_address_for_bounces_the_sender_stands_on_the_envelope(smtp: SmtpRig) -> None:
    smtp.carrier.send([smtp.message(1)], NOW)
    assert smtp.server.script.taken[0].sender == SENDER


@pytest.mark.parametrize(
    "address",
    ["", "bounces", "b@x", "b+c@example.org", f"{'b' * 28}@example.org", "b@example.org\r\nX: y", "@a.b"],
)
def test_an_address_for_bounces_that_cannot_be_is_refused(address: str) -> None:
    with pytest.raises(BounceAddressNotRight):
        BounceAddress.of(address)


def test_an_envelope_sender_fits_what_servers_take() -> None:
    address = BounceAddress.of(f"{'b' * 27}@example.org")
    assert len(address.with_reference(REFERENCE).partition("@")[0]) == 64


# The mailbox


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / "mail" / part).mkdir(parents=True)
    return tmp_path / "mail"


def deliver(folder: Path, name: str, number: int = 1) -> None:
    """Put a bounce into a Maildir, as if it had come `number` minutes after NOW."""
    file = folder / "new" / f"{number:04}.{name}"
    file.write_bytes(bounce(name))
    moment = (NOW + timedelta(minutes=number)).timestamp()
    os.utime(file, (moment, moment))


def names(folder: Path, place: str = "") -> set[str]:
    parts = [(folder / f".{place}" if place else folder) / part for part in ("new", "cur")]
    return {re.sub(r"^\d+\.|:.*", "", path.name) for part in parts if part.exists() for path in part.iterdir()}


LATER = NOW + timedelta(hours=1)


def test_what_was_read_goes_to_its_place_once_it_is_recorded(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number, name in enumerate(("postfix_gone", "postfix_delayed", "out_of_office"), 1):
        deliver(folder, name, number)
    box = BounceBox(Maildir(folder), READER)
    [event] = box.events(LATER)
    assert (event.reference, event.status.value) == (REFERENCE, "permanent-failure")
    assert event.occurred_at == NOW + timedelta(minutes=1)
    assert names(folder) == {"postfix_gone", "postfix_delayed", "out_of_office"}
    with caplog.at_level(logging.WARNING):
        box.acknowledge()
    assert names(folder, "done") == {"postfix_gone", "postfix_delayed"}
    assert names(folder, "set-aside") == {"out_of_office"}
    assert "not bounces of a letter: 1." in caplog.text
    assert "ana" not in caplog.text
    assert box.events(LATER) == []


def test_a_crash_before_the_record_gives_the_same_events_again(folder: Path) -> None:
    deliver(folder, "postfix_gone")
    first = BounceBox(Maildir(folder), READER).events(LATER)
    again = BounceBox(Maildir(folder), READER).events(LATER)
    assert first == again != []


def test_an_event_is_never_later_than_now(folder: Path) -> None:
    deliver(folder, "postfix_gone", 30)
    [event] = BounceBox(Maildir(folder), READER).events(NOW)
    assert event.occurred_at == NOW


def test_a_page_is_read_at_a_time(folder: Path) -> None:
    for number in range(1, 6):
        deliver(folder, "postfix_gone", number)
    box = BounceBox(Maildir(folder), READER, page=2)
    seen = []
    for _ in range(4):
        seen.append(len(box.events(LATER)))
        box.acknowledge()
    assert seen == [2, 2, 1, 0]


def test_a_mailbox_that_ends_in_the_middle_gives_what_was_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(folder, "postfix_gone", 1)
    deliver(folder, "gmail_full", 2)
    mailbox = Maildir(folder)
    whole = mailbox.messages

    def ends(most: int):  # type: ignore[no-untyped-def]
        yield next(whole(most))
        raise MailboxNotThere("It ended.", "Wait.")

    monkeypatch.setattr(mailbox, "messages", ends)
    box = BounceBox(mailbox, READER)
    assert len(box.events(LATER)) == 1
    box.acknowledge()
    assert names(folder) == {"gmail_full"}


def test_a_mailbox_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(MailboxNotThere):
        BounceBox(Maildir(tmp_path / "nowhere"), READER).events(datetime.now(UTC))


def test_the_carrier_gives_what_came_back(folder: Path, smtp: SmtpRig) -> None:
    carrier = DjangoMail(sender=SENDER, bounces_to=ADDRESS, bounces=BounceBox(Maildir(folder), READER))
    sent = message(Channel.EMAIL, 1)
    carrier.send([sent], NOW)
    (folder / "new" / "1").write_bytes(bounce("exim_gone", sent.reference))
    [event] = carrier.receipts(LATER)
    assert (event.reference, event.status) == (sent.reference, AttemptStatus.PERMANENT_FAILURE)
    carrier.acknowledge()
    assert carrier.receipts(LATER) == []
    carrier.close()


def test_a_carrier_without_a_bounce_mailbox_hears_nothing(smtp: SmtpRig) -> None:
    assert smtp.carrier.receipts(LATER) == []
    smtp.carrier.acknowledge()
