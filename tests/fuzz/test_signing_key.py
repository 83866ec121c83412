"""A damaged private key file, or its passphrase, opens or is refused; and so is a public key or signature as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.keys.signing import SigningKey, signature_is_good
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

PASSPHRASE = b"a passphrase of the corpus"
OURS = SigningKey.new().to_pem(PASSPHRASE)
"""Made again each time, because no private key is kept in the repository."""
SEEDS = [OURS, OURS, *corpus("signing_key")]
WORDS = (
    b"everyfamily signing key 1 scrypt ",
    b"-----BEGIN ",
    b"-----END ",
    b"PUBLIC KEY",
    b"RSA ",
    b"-----",
    b"=",
)
FILES = st.tuples(mutated(SEEDS, WORDS), st.sampled_from((PASSPHRASE, PASSPHRASE, b"", b"\x00", b"x" * 2_000)))
TEXTS = st.one_of(
    st.text(max_size=90), st.sampled_from(("", "AAAA", "=" * 44, "A" * 43 + "=", "\ud800", "A" * 9_000))
)


def check(pem: bytes, passphrase: bytes) -> None:
    found = outcome(lambda: SigningKey.from_pem(pem, passphrase))
    if isinstance(found, SigningKey):
        assert signature_is_good(found.public_key, found.sign(b"x"), b"x")


@pytest.mark.slow
@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_opens_or_is_refused(data: bytes) -> None:
    assert isinstance(outcome(lambda: SigningKey.from_pem(data, PASSPHRASE)), SigningKey) is (data == OURS)


@pytest.mark.slow
@given(FILES)
@SHORT
def test_a_damaged_key_opens_or_is_refused(file: tuple[bytes, bytes]) -> None:
    check(*file)


@given(TEXTS, TEXTS)
@SHORT
def test_no_text_is_taken_for_a_signature(public_key: str, signature: str) -> None:
    assert outcome(lambda: signature_is_good(public_key, signature, b"x")) is False


@pytest.mark.nightly
@given(FILES)
@settings(LONG, max_examples=600)  # each whole first line costs a fifth of a second, as it should
def test_hundreds_of_damaged_keys_open_or_are_refused(file: tuple[bytes, bytes]) -> None:
    check(*file)
