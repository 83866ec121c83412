"""Words that GOV.UK Notify must leave as they were sealed.

It reads the body of an email as its own Markdown, in which a line that begins "999. Ring" becomes the first of a
numbered list, and it writes what is outside its alphabet of text messages as question marks. What can be escaped so
that it stays is escaped, and what cannot is refused.
"""

from __future__ import annotations

import html
import re
from typing import ClassVar

from everyfamily.channels.errors import CarrierBroken

_WEB_ADDRESS = re.compile(r"https?://\S+")
_MARKS_ANYWHERE = re.compile(r"([\[\]`~|])")
_BULLET = re.compile(r"[-•] \S")
_MARK_AT_START = re.compile(r"[#*+\-_]")
_NUMBER_AT_START = re.compile(r"(\d+)\.")
_RULE = re.compile(r"[-=_*:| ]+")

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
_WELSH = frozenset("àèìòùẁỳÀÈÌÒÙẀỲáéíóúẃýÁÉÍÓÚẂÝäëïöüẅÿÄËÏÖÜẄŸâêîôûŵŷÂÊÎÔÛŴŶ")
_WRITTEN_PLAINLY = frozenset("‑–—−…‘’“”‚„\u00a0\u202f\t\u200b\u2060\ufeff")
"""Characters that Notify replaces with plain ones. No word changes."""


class WordsNotSayable(CarrierBroken):
    """GOV.UK Notify would change a word of the letter, and there is no way to prevent it."""

    code: ClassVar[str] = "EF633"


def as_markdown(text: str, key: str) -> str:
    """The plain text of a letter, escaped so that Notify's Markdown leaves every word as it is. "- " stays a bullet.

    `key` names the body in the error. Raises WordsNotSayable.
    """
    lines: list[str] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        # Four spaces would make it a block of code, and fewer would make it part of the list before.
        line = " ".join(raw.split())
        if line and not _is_sayable(line):
            raise WordsNotSayable(
                f"GOV.UK Notify would change words of {key}, line {number} of its plain text.",
                "Send email by SMTP, or change the words of the line. The mailing pauses until a person has.",
            )
        is_bullet = _is_bullet(line)
        if is_bullet and lines and lines[-1] and not _is_bullet(lines[-1]):
            lines.append("")
        lines.append("- " + _marked(line[2:]) if is_bullet else _marked(line))
    return "\n".join(lines)


def in_subject(subject: str, key: str) -> str:
    """The subject, which Notify uses as it is. Raises WordsNotSayable."""
    if html.unescape(subject) != subject:
        raise WordsNotSayable(
            f"GOV.UK Notify would change the subject of {key}.", "Change its words, or send by SMTP."
        )
    return subject


def is_written_in_a_text(text: str) -> bool:
    """Whether Notify sends each character of a text message as it is."""
    return set(text) <= GSM | _WELSH | _WRITTEN_PLAINLY


def _is_bullet(line: str) -> bool:
    return bool(_BULLET.match(line))


def _is_sayable(line: str) -> bool:
    # An entity is resolved and a tag is removed. A caret at the start of a line is removed, and a rule is drawn.
    if _is_bullet(line):
        return _is_sayable(line[2:])
    return (
        html.unescape(line) == line
        and not {"<", "\\"} & set(line)
        and line[0] not in "^•"
        and not _RULE.fullmatch(line)
    )


def _marked(line: str) -> str:
    pieces, at = [], 0
    for found in _WEB_ADDRESS.finditer(line):
        pieces += [_MARKS_ANYWHERE.sub(r"\\\1", line[at : found.start()]), found[0]]
        at = found.end()
    marked = "".join((*pieces, _MARKS_ANYWHERE.sub(r"\\\1", line[at:])))
    if _MARK_AT_START.match(marked):
        return "\\" + marked
    return _NUMBER_AT_START.sub(r"\1\\.", marked, count=1) if _NUMBER_AT_START.match(marked) else marked
