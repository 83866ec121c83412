"""No number and no address in the repository reaches a real person."""

from __future__ import annotations

import re

from tests.repo.files import places_of

MOBILE = re.compile(r"(?<![\w.+])(?:\+44|0044|0)[ -]?\(?0?\)?7(?:[ -]?\d){9}(?!\d)")
# Ofcom keeps 07700 900000 to 900999 free for drama.
FICTIONAL_MOBILE = "7700900"
ADDRESS = re.compile(r"[\w.%+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
# RFC 2606 and RFC 6761: names that are nobody's. `noreply` addresses of git hosts do not occur.
FREE_DOMAINS = re.compile(r"(?:.+\.)?(?:example\.(?:com|org|net)|example|invalid|test)", re.IGNORECASE)
# Published addresses, each with the place that publishes it.
PUBLISHED: dict[str, str] = {
    "help@nspcc.org.uk": "the NSPCC's page on its helpline",
    "fmu@fcdo.gov.uk": "the government's resource pack on forced marriage",
    "info@indiantypefoundry.com": "the licence of the typeface Hind Siliguri, which goes with it as it is",
}
# Google gives out no name of under six letters and digits: the rule about its dots and tags can be shown with these.
TOO_SHORT_FOR_GOOGLE = re.compile(r"[a-z.]{1,5}(?:\+[a-z]+)?@(?:gmail|googlemail)\.com", re.IGNORECASE)


def test_mobile_numbers_are_ofcoms_fictional_ones() -> None:
    real = []
    for place, match in places_of(MOBILE):
        if place.startswith("requirements/"):
            continue  # digests
        digits = re.sub(r"\D", "", match[0]).lstrip("0").removeprefix("44").lstrip("0")
        if not digits.startswith(FICTIONAL_MOBILE):
            real.append(f"{place}: {match[0]}")
    assert real == []


def test_email_addresses_are_nobodys() -> None:
    real = [
        f"{place}: {match[0]}"
        for place, match in places_of(ADDRESS)
        if not (FREE_DOMAINS.fullmatch(match[1]) or TOO_SHORT_FOR_GOOGLE.fullmatch(match[0]))
        and match[0].lower() not in PUBLISHED
    ]
    assert real == []


def test_the_patterns_would_see_a_real_one() -> None:
    real = ["07911" + " 123456", "+447911" + "123456", "0044 7911" + "-123-456", "+44 (0)7911" + " 123456"]
    assert all(MOBILE.search(f"Ring {number}.") for number in real)
    assert not FREE_DOMAINS.fullmatch("merseyside.police" + ".uk")
    assert not FREE_DOMAINS.fullmatch("notexample" + ".com")
