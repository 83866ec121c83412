"""A passphrase that somebody who copies the key file would guess is refused, and a good one is not."""

from __future__ import annotations

import pytest

from everyfamily.core.keys.passphrases import PassphraseTooWeak, own_words, require_strong
from tests.factories.each import each

NORTHBRIDGE = {
    "name": "Northbridge and Riverside Safeguarding Partnership",
    "bodies": [{"id": "council", "name": "Northbridge Council", "name_lines": ["Northbridge", "Council"]}],
    "signatories": [{"name": "Ottoline Farrow", "role": "Director of Harbour Works"}],
    "promises": [{"text": "kettle orbit walnut sleeve"}],
}


PLACE_AND_OFFICE = "a name, an office and a year"


@pytest.mark.parametrize(
    "weak",
    [
        *(
            "Northbridge council 2026",
            "northbridgecouncil2026",
            "Northbridge-City-Council-2026!",
            "2026 N0rthbr1dge C0uncil",
        ),
        *(
            "Northbridge Northbridge 2027",
            "Chief Constable Northbridge",
            "Northbridge families letter March 2026",
        ),
    ],
)
def test_a_place_an_office_and_a_year_are_refused_wherever_it_is(weak: str) -> None:
    with pytest.raises(PassphraseTooWeak, match=PLACE_AND_OFFICE) as refused:
        require_strong(weak.encode())
    assert "Northbridge" not in str(refused.value)


@pytest.mark.parametrize(
    "weak",
    [
        "Riverside Northbridge 2026",
        "Ottoline Farrow 1979",
        "harbour works Northbridge",
        "ottolinefarrow riverside",
    ],
)
def test_the_partnerships_own_words_are_no_secret_of_its_own(weak: str) -> None:
    require_strong(weak.encode())
    with pytest.raises(PassphraseTooWeak, match=PLACE_AND_OFFICE):
        require_strong(weak.encode(), own_words(NORTHBRIDGE))


def test_words_of_a_file_that_are_no_names_are_free_to_use() -> None:
    require_strong(b"kettle orbit walnut sleeve", own_words(NORTHBRIDGE))
    assert own_words({"name": "TO FILL IN"}) == {"fill"}
    assert own_words(None) == frozenset()


@each(
    "weak, why",
    [
        ("short", "5 characters. It needs at least 15"),
        ("fourteen chars", "14 characters"),
        ("   padded        ", "6 characters"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats a few"),
        ("abababababababababab", "repeats a few"),
        ("passwordpassword1", "everybody tries first"),
        ("P@ssw0rd-P@ssw0rd-2026", "everybody tries first"),
        ("Liverpool Police 2026!", "everybody tries first"),
        ("qwertyuiop 1234567890", "everybody tries first"),
        ("everyfamily everyfamily", "everybody tries first"),
        ("correct horse battery staple", "everybody tries first"),
    ],
)
def test_one_that_is_guessed_is_refused_and_it_is_said_how_to_choose(weak: str, why: str) -> None:
    with pytest.raises(PassphraseTooWeak, match=why) as refused:
        require_strong(weak.encode())
    assert "four words" in refused.value.fix
    assert weak not in str(refused.value)


@pytest.mark.parametrize(
    "strong",
    [
        *("kettle orbit walnut sleeve", "a passphrase of four words", "Żółw pod niebieskim mostem"),
        *("7m2vQ-x9Lf4-pTz81", "the council counted eleven herons"),
    ],
)
def test_one_that_nobody_guesses_is_taken(strong: str) -> None:
    require_strong(strong.encode())
