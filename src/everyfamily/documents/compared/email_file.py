"""Read an email file: the words of its two bodies, who it says it is from, and anything else in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from everyfamily.core.errors import SourceLocation
from everyfamily.documents.compared.page_source import tokens_of_html
from everyfamily.documents.compared.unreadable import UnreadableLetterFile

PARTS = ("multipart/alternative", "text/plain", "text/html")
_ONCE = ("subject", "from", "reply-to", "content-type", "content-transfer-encoding")
"""Headers that programs read differently if they occur twice."""


def read_email(data: bytes, name: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Words of the subject, the plain text and the page, and what else there is. Raises UnreadableLetterFile."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        if isinstance(message, EmailMessage) and message["subject"] is not None:
            return tuple(_words(message)), frozenset(_more(message))
    # RecursionError: a header with a thousand brackets.
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as problem:
        raise UnreadableLetterFile(
            "The email is damaged.", "Save the email itself as .eml.", SourceLocation(name)
        ) from problem
    raise UnreadableLetterFile(
        "The file is not an email.", "Save the email itself as .eml.", SourceLocation(name)
    )


def _words(message: EmailMessage) -> Sequence[str]:
    words = str(message["subject"]).split()
    plain = message.get_body(("plain",))
    html = message.get_body(("html",))
    words += plain.get_content().split() if plain is not None else []
    words += tokens_of_html(html.get_content()) if html is not None else []
    words += [f"[attachment {part.get_filename()}]" for part in message.iter_attachments()]
    return words


def sender_and_replies(sender_name: str, reply_to: str) -> frozenset[str]:
    """How a sender's name and a reply mailbox are named among the other contents of an email."""
    return frozenset({f'the sender "{sender_name}"', f"replies to {reply_to}"})


def _more(message: EmailMessage) -> Iterator[str]:
    yield f'the sender "{"; ".join(_names(message, "from"))}"'
    yield f"replies to {'; '.join(_addresses(message, 'reply-to'))}"
    parts = list(message.walk())
    if tuple(part.get_content_type() for part in parts) != PARTS:
        yield "parts other than one text and one page"
    for part in parts:
        yield from (f"two headers {header}" for header in _ONCE if len(part.get_all(header, [])) > 1)
        if part.defects:
            yield "damage that programs read differently"


def _names(message: EmailMessage, header: str) -> list[str]:
    return [str(one.display_name) for one in getattr(message[header], "addresses", ())]


def _addresses(message: EmailMessage, header: str) -> list[str]:
    return [str(one.addr_spec) for one in getattr(message[header], "addresses", ())]
