"""A carrier's reason without anything personal: only words from a short list and codes of mail servers are kept.

A bounce quotes the address, and sometimes the name, the number or the letter. A name cannot be recognised by its form,
so anything that is not known to be harmless is left out. Words that are also names ("will", "may") are not on the list.
"""

from __future__ import annotations

import re

MAX_REASON = 60
"""Length of the column that holds it."""
_LEFT_OUT = "…"

_WORDS = frozenset(
    """
    a about absent account address addressee after again an and answer at away back be been before being blocked bounced
    box bundle by call called came can cannot carrier closed code contact could day days dead deceased deliver delivered
    delivery denied did disabled does domain down email error exceeded exist expired failed failure family fit folder
    for found full gone had handed has have held home host hours in inactive incomplete invalid is it its known letter
    limit list mail mailbox message mid-send missing moved network never no not number of off on or out over paper
    permanent permanently phone placed point policy possible post print provider quota reason received recipient
    refused rejected reply return returned route said school send sender sending sent server service soft spam
    stopped storage such suspended switched system take taken technical temporarily temporary text that the them there
    this time timeout to too try unallocated unavailable unknown unreachable unsubscribed until up user validity
    was when window with within without worker working wrong
    """.split()  # noqa: SIM905 - a list of words reads as one
)
_CODE = re.compile(r"[245][0-9]{2}|[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_TOKEN = re.compile(r"\(?([A-Za-z0-9.-]*[A-Za-z0-9-])\)?[.,:;]?")
"""A word or a code, with the punctuation around it."""


def plain_reason(text: str) -> str:
    """The words of `text` that may be kept, in their order. What is left out shows as one ellipsis."""
    kept: list[str] = []
    for piece in text.split():
        if _is_harmless(piece, first=not kept):
            kept.append(piece)
        elif kept[-1:] != [_LEFT_OUT]:
            kept.append(_LEFT_OUT)
    reason = " ".join(kept)
    return "" if reason == _LEFT_OUT else _cut(reason)


def _is_harmless(piece: str, *, first: bool) -> bool:
    found = _TOKEN.fullmatch(piece)
    if found is None:
        return False
    word = found[1]
    # A capital inside a sentence begins a name more often than anything else.
    known = word.lower() in _WORDS and (first or word.islower())
    return known or _CODE.fullmatch(word) is not None


def _cut(reason: str) -> str:
    if len(reason) <= MAX_REASON:
        return reason
    return reason[: MAX_REASON - 1].rpartition(" ")[0] + " " + _LEFT_OUT
