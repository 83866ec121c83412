"""Did a signatory's passkey sign exactly this? Pure, with `cryptography` only, so that anyone can check it offline.

A passkey signs what its browser says about the moment (the client's data) and what the device says (the
authenticator's data). The client's data hold a challenge, which here is SHA-256 of the words that are signed. Source:
W3C Web Authentication Level 3, section 7.2, "Verifying an Authentication Assertion". A passkey's count of uses is not
looked at: it proves nothing of one approval.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.files.json_text import read_json
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.provable_keys import passkey_signed
from everyfamily.core.keys.signing import decoded
from everyfamily.core.passkeys import asked_inside

_PRESENT, _VERIFIED, _HAS_KEY, _HAS_MORE = 0x01, 0x04, 0x40, 0x80
_BARE = 37
"""Bytes of an authenticator's data without extensions: 32 of the site, one of flags, four that count uses."""
LONGEST_CLIENT_DATA = 4_000
LONGEST_AUTHENTICATOR_DATA = 2_000
LONGEST_SIGNATURE = 800
"""Characters of base64."""


class PasskeyFault(StrEnum):
    """Why a passkey's signature does not count, in words that follow "because", in the order of looking."""

    UNREADABLE = "what the passkey signed cannot be read"
    OTHER_USE = "the passkey was not used to sign"
    OTHER_WORDS = "the passkey signed something else"
    EMBEDDED = "the page that asked for it was inside a page of another site"
    OTHER_SITE = "the passkey is for another site"
    OTHER_PAGE = "a page of another site asked for it"
    NOBODY_THERE = "the device does not say that a person was there"
    NOT_VERIFIED = "the device did not ask for a finger, a face or a PIN"
    OTHER_KEY = "the signature does not fit a key of theirs"


@dataclass(frozen=True, slots=True)
class PasskeySignature:
    """What a browser gives when a passkey was used. Each is base64 with padding, as in our files."""

    signature: str
    authenticator_data: str
    client_data: str
    """`clientDataJSON`, byte for byte."""


def challenge_of(message: bytes) -> str:
    """The challenge for a passkey that signs `message`: SHA-256 of it in base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(message).digest()).rstrip(b"=").decode()


def origin_fits(rp_id: str, origin: str) -> bool:
    """Whether a page at `origin` may ask for a passkey of the site: the site itself by https, with no port of its own.

    A page of a host below the site may not, though browsers would let it. On this machine (localhost), for
    demonstrations and tests, http and any port will do.
    """
    if rp_id != "localhost":
        return origin == f"https://{rp_id}"
    front, _, port = origin.removeprefix("http://").partition(":")
    return origin.startswith("http://") and front == rp_id and (not port or (port.isascii() and port.isdigit()))


def passkey_fault(message: bytes, said: PasskeySignature, keys: Iterable[ApprovalKey]) -> PasskeyFault | None:
    """Why none of the passkeys among `keys` signed `message`, or None if one did."""
    return passkey_that_signed(message, said, keys)[1]


def passkey_that_signed(
    message: bytes, said: PasskeySignature, keys: Iterable[ApprovalKey]
) -> tuple[ApprovalKey | None, PasskeyFault | None]:
    """The passkey among `keys` that signed `message`; or why none did, by the key that came nearest."""
    if (general := _general_fault(message, said)) is not None:
        return None, general
    faults: list[PasskeyFault] = []
    for key in keys:
        if not key.is_passkey:
            continue
        if (fault := _fault_of(said, key)) is None:
            return key, None
        faults.append(fault)
    return None, max(faults, key=list(PasskeyFault).index, default=PasskeyFault.OTHER_KEY)


def _general_fault(message: bytes, said: PasskeySignature) -> PasskeyFault | None:
    """What is wrong whatever the key is."""
    if (
        len(said.client_data) > LONGEST_CLIENT_DATA
        or len(said.authenticator_data) > LONGEST_AUTHENTICATOR_DATA
        or len(said.signature) > LONGEST_SIGNATURE
    ):
        return PasskeyFault.UNREADABLE
    try:
        client = read_json(decoded(said.client_data).decode())
        device, _ = decoded(said.authenticator_data), decoded(said.signature)
    except (ValueError, RecursionError):
        return PasskeyFault.UNREADABLE
    if not isinstance(client, dict) or len(device) < _BARE:
        return PasskeyFault.UNREADABLE
    if client.get("type") != "webauthn.get" or device[32] & _HAS_KEY:
        return PasskeyFault.OTHER_USE
    if (len(device) > _BARE) != bool(device[32] & _HAS_MORE):
        return PasskeyFault.UNREADABLE
    if client.get("challenge") != challenge_of(message):
        return PasskeyFault.OTHER_WORDS
    if asked_inside(client):
        return PasskeyFault.EMBEDDED
    return None


def _fault_of(said: PasskeySignature, key: ApprovalKey) -> PasskeyFault | None:
    """What is wrong with it as a signature of this passkey. `said` has no general fault."""
    client, device = decoded(said.client_data), decoded(said.authenticator_data)
    if device[:32] != hashlib.sha256(key.rp_id.encode()).digest():
        return PasskeyFault.OTHER_SITE
    origin = read_json(client.decode()).get("origin")
    if not isinstance(origin, str) or not origin_fits(key.rp_id, origin):
        return PasskeyFault.OTHER_PAGE
    if not device[32] & _PRESENT:
        return PasskeyFault.NOBODY_THERE
    if not device[32] & _VERIFIED:
        return PasskeyFault.NOT_VERIFIED
    signed = device + hashlib.sha256(client).digest()
    if not passkey_signed(key.public_key, decoded(said.signature), signed):
        return PasskeyFault.OTHER_KEY
    return None
