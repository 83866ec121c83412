"""An address that is not what it looks like."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import WebAddress, addresses_of, host_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.partnership.national_lines import national_lines

_OTHERS = ("gov.uk", "police.uk", "nhs.uk", "iwf.org.uk", "ivisontrust.org.uk", "ceopeducation.co.uk")
_PUBLIC = ("gov.uk", "police.uk", "nhs.uk", "sch.uk")
"""Endings that are given only to public bodies and schools. "gov-uk.com" only looks like one."""
_LONGEST_KNOWN = 30
_ENOUGH = 8
"""How many letters a known host must have before one letter more or less counts as a slip and not as another name."""
_HINT = "Open the true site yourself and copy its address from there."
_SAME = "Let the words of the link and its address be the same."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for each address."""
    known = _known()
    for address in addresses_of(context):
        why = _why(address.host, known)
        if why is not None:
            yield Hit(address.piece, address.start, address.end, why, _HINT)
        elif address.is_link and _says_another(address):
            shown = clip(address.words, 28)
            message = f"“{shown}” leads to {clip(address.host, 28)}"
            yield Hit(address.piece, address.start, address.end, message, _SAME)


def _known() -> frozenset[str]:
    return frozenset([*_OTHERS, *(site for line in national_lines() for site in line.sites)])


def _why(host: str, known: frozenset[str]) -> str | None:
    if any(label.startswith("xn--") for label in host.split(".")) or _mixes_alphabets(host):
        return f"{clip(host, 28)} is written with letters of another alphabet"
    if not host.isascii() or host in known or any(host.endswith(f".{site}") for site in known):
        return None
    if any(f"{ending.replace('.', '-')}." in host or f".{ending}." in f".{host}" for ending in _PUBLIC):
        return f"{clip(host, 30)} looks like a public address and is none"
    if len(host) > _LONGEST_KNOWN:
        return None
    meant = next((site for site in known if len(site) >= _ENOUGH and _is_one_slip(host, site)), None)
    return None if meant is None else f"{clip(host, 26)} is not {meant}"


def _mixes_alphabets(host: str) -> bool:
    """Whether one label mixes Latin letters with Greek or Cyrillic ones. Some of them look the same."""
    for label in host.split(".") if not host.isascii() else ():
        alphabets = {
            unicodedata.name(letter, "?").split(" ", maxsplit=1)[0] for letter in label if letter.isalpha()
        }
        if len(alphabets) > 1 or alphabets & {"CYRILLIC", "GREEK"}:
            return True
    return False


def _is_one_slip(host: str, site: str) -> bool:
    """Whether one letter is missing, added or wrong, or has changed places with the next."""
    if abs(len(host) - len(site)) > 1 or host == site:
        return False
    start = 0
    while start < min(len(host), len(site)) and host[start] == site[start]:
        start += 1
    ours, theirs = host[start:], site[start:]
    return (
        ours[1:] == theirs[1:]
        or ours[1:] == theirs
        or ours == theirs[1:]
        or (ours[:2] == theirs[1::-1] and ours[2:] == theirs[2:])
    )


def _says_another(address: WebAddress) -> bool:
    shown = host_of(address.words)
    if not shown or not address.host:
        return False
    return not (address.host == shown or address.host.endswith(f".{shown}") or shown.endswith(f".{address.host}"))


RULE = Rule("TR015", "look-alike-address", Severity.WARNING, "text", check)
