"""Reasons of carriers without anything personal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.sending.carrier_words import MAX_REASON, plain_reason
from tests.factories.each import each


@each(
    "said, kept",
    [
        ("the contact point does not exist", "the contact point does not exist"),
        ("could not be delivered in time", "could not be delivered in time"),
        ("the post came back", "the post came back"),
        ("refused by the server (550)", "refused by the server (550)"),
        ("the address does not fit the window", "the address does not fit the window"),
        ("550 5.1.1 <ana.ferris@example.org>: user unknown", "550 5.1.1 … user unknown"),
        ("Recipient Mark Post moved", "Recipient … moved"),
        ("mailbox is full.", "mailbox is full."),
        ("The mailbox of Ana Ferris is full", "The mailbox of … is full"),
        ("Phone +44 7700 900123 switched off", "Phone … switched off"),
        ("no such recipient: 12 Lantern Row, EM4 7QX", "no such recipient: …"),
        ("Ana Ferris", ""),
        ("", ""),
        ("Will May moved", "… moved"),
    ],
)
def test_only_harmless_words_and_codes_are_kept(said: str, kept: str) -> None:
    assert plain_reason(said) == kept


def test_our_own_reasons_are_kept_whole() -> None:
    from everyfamily_demo.recording import _REASONS

    assert [plain_reason(reason) for reason in _REASONS.values()] == list(_REASONS.values())
    for reason in (
        "its bundle is in the print folder",
        "the worker stopped in mid-send",
        "the carrier never had it",
    ):
        assert plain_reason(reason) == reason


@given(st.text(max_size=400))
def test_any_text_comes_to_a_reason_that_fits_and_stays_as_it_is(text: str) -> None:
    reason = plain_reason(text)
    assert len(reason) <= MAX_REASON
    assert plain_reason(reason) == reason


@given(st.from_regex(r"[a-z]{3,12}\.[a-z]{3,12}@example\.(com|org)", fullmatch=True))
def test_no_address_is_kept_wherever_it_stands(address: str) -> None:
    for text in (address, f"<{address}>", f"user {address} unknown", f"mailto:{address}", f"({address};)"):
        assert address not in plain_reason(text)
        assert address.split("@")[0] not in plain_reason(text)
