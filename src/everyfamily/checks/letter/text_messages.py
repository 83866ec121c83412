"""Whether a document from outside is a text message. A file does not say so, except by its name."""

from __future__ import annotations

import re

from everyfamily.core.text.outside_document import Document

_NAMED_AS_TEXT = re.compile(r"(?:^|[^a-z])(?:sms|text[-_ ]?messages?|texts?)(?:[^a-z]|$)", re.IGNORECASE)
_FORMATS = ("txt", "md")


def is_plain_text(document: Document) -> bool:
    """Whether the words of a text message may be in such a file."""
    return document.format in _FORMATS


def is_named_as_text_message(document: Document) -> bool:
    """Whether the name of a plain file says that it is a text message: "sms.txt", "year 7 text.txt"."""
    return is_plain_text(document) and bool(_NAMED_AS_TEXT.search(document.file.rpartition(".")[0]))
