"""A private key is opened only by its own passphrase, and a signature only by its own key."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from everyfamily.core.keys.signing import (
    KeyNotReadable,
    PassphraseEmpty,
    SigningKey,
    is_public_key,
    signature_is_good,
)

PASSPHRASE = b"forty two herons on the quay"
# As `ssh-keygen -t ed25519` writes it under a passphrase: another program's key, for a test only.
OPENSSH = (
    b"-----BEGIN OPENSSH PRIVATE KEY-----\n"
    + base64.encodebytes(
        b"openssh-key-v1\0"
        + b"".join(
            len(part).to_bytes(4, "big") + part
            for part in (b"aes256-ctr", b"bcrypt", b"\0\0\0\x10" + b"s" * 16 + b"\0\0\0\x10")
        )
        + (1).to_bytes(4, "big")
        + (51).to_bytes(4, "big")
        + b"\0\0\0\x0bssh-ed25519\0\0\0\x20"
        + b"k" * 32
        + (144).to_bytes(4, "big")
        + b"e" * 144
    )
    + b"-----END OPENSSH PRIVATE KEY-----\n"
)


@pytest.mark.slow
def test_a_key_comes_back_from_its_file() -> None:
    key = SigningKey.new()
    again = SigningKey.from_pem(key.to_pem(PASSPHRASE), PASSPHRASE)
    assert again.public_key == key.public_key
    assert signature_is_good(key.public_key, again.sign(b"words"), b"words")


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [b"", b" ", PASSPHRASE + b"\n", PASSPHRASE.upper()])
def test_another_passphrase_does_not_open_it(wrong: bytes) -> None:
    pem = SigningKey.new().to_pem(PASSPHRASE)
    with pytest.raises(KeyNotReadable, match="could not be opened with this passphrase"):
        SigningKey.from_pem(pem, wrong)


@pytest.mark.slow
def test_a_key_file_shows_nothing_of_the_key() -> None:
    private = Ed25519PrivateKey.generate()
    pem = SigningKey(private).to_pem(PASSPHRASE)
    assert b"ENCRYPTED" in pem
    assert private.private_bytes_raw() not in base64.b64decode(b"".join(pem.splitlines()[1:-1]))


def test_a_key_is_never_written_without_a_passphrase() -> None:
    with pytest.raises(PassphraseEmpty):
        SigningKey.new().to_pem(b"")


def _pkcs8(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes | None) -> bytes:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="no key"),
        pytest.param(_pkcs8(Ed25519PrivateKey.generate(), None), id="not locked"),
        pytest.param(_pkcs8(ec.generate_private_key(ec.SECP256R1()), PASSPHRASE), id="another kind"),
        pytest.param(OPENSSH, id="another program's"),
    ],
)
def test_what_is_not_our_key_is_refused(pem: bytes) -> None:
    with pytest.raises(KeyNotReadable):
        SigningKey.from_pem(pem, PASSPHRASE)


def test_a_signature_fits_one_key_and_one_message() -> None:
    key, other = SigningKey.new(), SigningKey.new()
    signature = key.sign(b"words")
    assert signature_is_good(key.public_key, signature, b"words")
    assert not signature_is_good(key.public_key, signature, b"word")
    assert not signature_is_good(other.public_key, signature, b"words")
    assert not signature_is_good(key.public_key, other.sign(b"words"), b"words")


@pytest.mark.parametrize("text", ["", "=", "é", "AAAA", "A" * 88, "not base64 at all"])
def test_what_is_no_signature_or_key_is_not_good(text: str) -> None:
    key = SigningKey.new()
    assert not signature_is_good(key.public_key, text, b"words")
    assert not signature_is_good(text, key.sign(b"words"), b"words")


def test_a_signature_has_one_spelling() -> None:
    key = SigningKey.new()
    signature = key.sign(b"words")
    # The last letter before "==" holds four bits that mean nothing.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = signature[:-3] + alphabet[alphabet.index(signature[-3]) + 1] + "=="
    assert base64.b64decode(spare) == base64.b64decode(signature)
    assert not signature_is_good(key.public_key, spare, b"words")


# Points of small order


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def plus(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Two points of the curve, added (RFC 8032, 5.1.4)."""
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P,
    )


def eight_points() -> list[tuple[int, int]]:
    """Every point of which eight make the identity: the multiples of one of order eight."""
    y = next(y for y in SMALL_Y if times((0 if y == 1 else x_of(y), y), 4) != (0, 1))
    generator = (x_of(y), y)
    return [times(generator, n) for n in range(8)]


def x_of(y: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    return x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P


def times(point: tuple[int, int], n: int) -> tuple[int, int]:
    total = (0, 1)
    for _ in range(n):
        total = plus(total, point)
    return total


SMALL_Y = (
    # Of order eight, as libsodium lists it.
    int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
)


def spelled(x: int, y: int) -> str:
    return base64.b64encode((y | (x & 1) << 255).to_bytes(32, "little")).decode()


def test_no_point_of_small_order_is_a_public_key() -> None:
    points = eight_points()
    assert len(set(points)) == 8
    assert all(times(point, 8) == (0, 1) for point in points)
    assert [point for point in points if is_public_key(spelled(*point))] == []


@pytest.mark.parametrize("y", [P, P + 1, P + 18, 2**255 - 1])
def test_a_point_in_a_spelling_that_is_not_its_own_is_no_public_key(y: int) -> None:
    assert not is_public_key(spelled(0, y))
    assert not is_public_key(spelled(1, y))


@pytest.mark.parametrize("text", ["", "a", "A" * 43 + "=", base64.b64encode(b"k" * 31).decode(), "ß" * 44])
def test_what_is_no_key_is_no_public_key(text: str) -> None:
    assert not is_public_key(text)


def test_a_key_that_was_made_here_is_one() -> None:
    assert all(is_public_key(SigningKey.new().public_key) for _ in range(20))


def test_a_signature_that_fits_any_message_fits_none() -> None:
    identity = spelled(0, 1)
    fits_all = base64.b64encode((1).to_bytes(32, "little") + bytes(32)).decode()
    assert not signature_is_good(identity, fits_all, b"any words")
