"""Numbers, addresses and names that are nobody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from everyfamily.core.invented import (
    DEMO_DRAWINGS,
    DEMO_NAMES,
    digits_of,
    drawing_digest,
    is_drama_number,
    is_reserved,
)
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.nothing_invented import (
    InventedInLetter,
    InventedInPartnership,
    invented_in,
    require_letter_of_real_people,
    require_nothing_invented,
)
from tests.factories.demonstration import (
    DATED,
    PARTNERSHIP,
    REFERENCE,
    demo_letter,
    demo_pack,
    demo_partnership,
)
from tests.factories.each import each

DRAMA = """
0113 496 0000 to 0999 | 0114 496 0000 | 0115 496 0999 | 0116 496 0500 | 0117 496 0001 | 0118 496 0002 | 0121 496 0003
0131 496 0004 | 0141 496 0005 | 0151 496 0006 | 0161 496 0007 | 0191 498 0008 | 020 7946 0009 | 028 9649 6010
029 2018 0011 | 01632 960012 | 07700 900013 | 0808 157 0014 | 0909 879 0015 | 0306 999 0016 | +44 7700 900 017
"""


@each("printed", [one.partition(" to ")[0].strip() for one in DRAMA.replace("\n", "|").split("|") if one])
def test_every_range_that_ofcom_keeps_for_drama_is_known(printed: str) -> None:
    assert is_drama_number(digits_of(printed))


@pytest.mark.parametrize(
    "printed",
    ["0151 496 1000", "0191 496 0000", "020 7946 1000", "0800 1111", "999", "028 9649 5999"],
)
def test_a_number_beside_a_range_is_somebodys(printed: str) -> None:
    assert not is_drama_number(digits_of(printed))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "letters@eastmere.example",
            "https://families.eastmere.EXAMPLE/spring",
            "example.com",
            "www.example.org/a?b",
        ),
        *("a@mail.example.net", "x.test", "y.invalid:8000", "http://localhost/", "z.localhost."),
    ],
)
def test_an_address_that_leads_nowhere_is_known(address: str) -> None:
    assert is_reserved(address)


@pytest.mark.parametrize("address", ["example.gov.uk", "myexample.com", "council.gov.uk/test", "contest.org"])
def test_an_address_that_only_looks_like_one_is_not(address: str) -> None:
    assert not is_reserved(address)


def test_the_demonstrations_names_and_drawings_are_those_of_its_data() -> None:
    partnership = demo_partnership()
    assert {partnership.name, *(one.name for one in (*partnership.bodies, *partnership.signatories))} == set(
        DEMO_NAMES
    )
    drawings = {drawing_digest(file.read_text(encoding="utf-8")) for file in PARTNERSHIP.parent.glob("*.svg")}
    assert drawings == DEMO_DRAWINGS


def test_the_demonstration_itself_may_hold_all_of_it() -> None:
    require_nothing_invented(demo_partnership())
    require_letter_of_real_people(demo_letter())


def test_a_copy_that_is_no_demonstration_is_refused_with_all_that_must_be_replaced() -> None:
    copied = replace(demo_partnership(), demonstration=False)
    with pytest.raises(InventedInPartnership) as refused:
        require_nothing_invented(copied)
    assert refused.value.place is not None
    assert refused.value.place.file == "partnership.toml"
    for what in (
        "site (families.eastmere.example)",
        "number in [enquiries] (0151 496 0130)",
        "mailbox in [replies] (letters@eastmere.example)",
        'name of the body "council" (Eastmere City Council)',
        'logo of the body "police"',
        'signature of "police"',
        'number of the route "local" (0151 496 0120)',
    ):
        assert what in refused.value.fact
    assert "demonstration = true" in refused.value.fix


def test_national_lines_need_not_be_replaced() -> None:
    found = {one.what for one in invented_in(replace(demo_partnership(), demonstration=False))}
    assert 'number of the route "adults"' not in found
    assert 'address of the route "online"' not in found


def test_a_letter_that_was_sealed_under_older_rules_is_refused_too() -> None:
    letter = compose(demo_pack(), demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)
    with pytest.raises(InventedInLetter, match="name of the signatory"):
        require_letter_of_real_people(replace(letter, demonstration=False))


def test_spellings_that_reach_nobody_either_are_seen() -> None:
    from everyfamily.core.invented import Printed, digits_of, invented_among, is_drama_number, is_reserved

    assert is_drama_number(digits_of("44 161 496 0000"))
    assert is_reserved("https://eastmere\u3002example/x")
    assert is_reserved("//eastmere.example/x")
    assert is_reserved("eastmere.example/@gov.uk")
    assert not is_reserved("https://families.eastshire.gov.uk/a@eastmere.example")
    assert list(invented_among([Printed("n", "EASTMERE  CITY COUNCIL", "name")]))
