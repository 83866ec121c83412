"""An email spliced from parts is, byte for byte, the email that Django builds for only that message."""

from __future__ import annotations

import email.policy
import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.channels.base import Body, Message
from everyfamily.channels.email.wire import Wire, mail_of, on_the_wire
from everyfamily.core.sending.fallback import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")

SENDER = "letters@eastmere.example"
OWN = (b"To", b"Message-ID", b"Date")

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
LINES = st.lists(WORDS | st.sampled_from([".", "..", "", "From here", "--", "-" * 90]), max_size=8).map("\n".join)
LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9_+-]{0,30}[a-z0-9])?", fullmatch=True)
ADDRESSES = st.tuples(LOCAL, st.from_regex(r"[a-z0-9]{1,40}\.(example|org)", fullmatch=True)).map("@".join)
BODIES = st.builds(
    Body,
    key=st.just("ES-2703-K7R4 en 900003"),
    language=st.just("en"),
    sender_name=WORDS,
    reply_to=st.just("replies@eastmere.example"),
    subject=WORDS,
    text=LINES,
    html=st.none() | LINES.map(lambda text: f"<p>{text}</p>"),
)
MOMENTS = st.integers(0, 10**8).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


def split(letter: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """The lines that are the family's own, unfolded, and the rest of the letter in its order."""
    header, _, body = letter.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", header)
    own = dict.fromkeys(OWN, b"")
    rest = []
    for field in fields:
        name, _, value = field.partition(b":")
        if name in own:
            own[name] = re.sub(rb"\r\n[ \t]", b" ", value).strip()
        else:
            rest.append(field)
    # Django draws the line between the parts again for each message.
    boundary = re.search(rb'boundary="([^"]+)"', header)
    whole = b"\r\n".join(rest) + b"\r\n\r\n" + body
    return own, whole.replace(boundary[1], b"BOUNDARY") if boundary else whole


@settings(max_examples=150)
@given(
    st.lists(st.tuples(ADDRESSES, MOMENTS, st.integers(0, 2)), min_size=1, max_size=6),
    st.lists(BODIES, min_size=3, max_size=3),
)
@pytest.mark.slow
def test_a_spliced_email_is_the_one_that_is_built_alone(
    sent: list[tuple[str, datetime, int]], bodies: list[Body]
) -> None:
    wire = Wire(SENDER)
    for address, now, which in sent:
        message = Message(Channel.EMAIL, str(uuid.uuid4()), bodies[which], to=address)
        fast = wire.letter(message, address, now)
        slow = on_the_wire(mail_of(message, SENDER, now))
        assert split(fast) == split(slow)


@given(BODIES, ADDRESSES)
def test_a_reader_finds_the_familys_own_lines_and_no_others(body: Body, address: str) -> None:
    reference = str(uuid.uuid4())
    now = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
    letter = Wire(SENDER).letter(Message(Channel.EMAIL, reference, body, to=address), address, now)
    mail = message_from_bytes(letter.removesuffix(b".\r\n"), policy=email.policy.default)
    assert mail.get_all("To") == [address]
    assert mail.get_all("Message-ID") == [f"<{reference}@eastmere.example>"]
    assert len(mail.get_all("Date") or []) == 1
    assert letter.isascii()
