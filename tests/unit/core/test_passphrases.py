"""A passphrase that whoever copies the key file would guess is refused, and a good one is not."""

from __future__ import annotations

import pytest

from everyfamily.core.passphrases import PassphraseTooWeak, require_strong


@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("short", "5 characters; 15 is the least"),
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
