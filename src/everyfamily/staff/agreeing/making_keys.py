"""A new passkey for approving: what the browser is asked, and whether its answer is good.

It is another credential than any that signs in: it has a list of its own and another handle for its person, so that a
device never puts one in the place of the other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.http import HttpRequest
from fido2.cose import ES256, RS256, CoseKey, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from everyfamily.audit.security_events import refused
from everyfamily.core.agreement.enrolment import EnrolledKey, NewKey, PasskeyNotMade
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json
from everyfamily.core.keys.approval_keys import PASSKEY, ApprovalKey
from everyfamily.core.keys.provable_keys import fault_of
from everyfamily.core.passkeys import require_kept_as

_STATE: Final = "approval key"
_PUBLIC_KEY: Final = PublicKeyCredentialType.PUBLIC_KEY
_MOST: Final = 20_000
"""Characters of a browser's answer."""


def begin(request: HttpRequest, body: str, known: Iterable[EnrolledKey]) -> dict[str, Any]:
    """What the browser is asked, for whoever is signed in and signs for this body. No key that is `known` is made
    again on the same device."""
    user: Any = request.user
    handle = hashlib.sha256(f"everyfamily approval key {body} {user.pk}".encode()).digest()
    asked, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=handle, name=f"{user.email} approves for {body}", display_name=f"{user.name}: approval"
        ),
        [PublicKeyCredentialDescriptor(type=_PUBLIC_KEY, id=_bytes_of(one.credential_id)) for one in known],
        # So that no device offers it when somebody signs in.
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[_STATE] = {"body": body, "asked": state}
    return dict(asked)


def complete(request: HttpRequest, body: str, sent: str, label: str) -> NewKey:
    """The new passkey in the browser's answer, with what its owner calls it. Raises PasskeyNotMade, and PasskeyIsCopied
    if the partnership takes only passkeys that stay on one device."""
    # Whatever comes of it, what was asked is used up.
    begun = request.session.pop(_STATE, None)
    try:
        if not isinstance(begun, dict) or begun["body"] != body or len(sent) > _MOST:
            raise ValueError("nothing was asked")
        made = _server().register_complete(begun["asked"], read_json(sent.encode()))
        found = _key_of(made, label)
        require_kept_as(settings.EVERYFAMILY_PASSKEYS, may_be_copied=found.may_be_copied)
    except EveryfamilyError as problem:
        refused("approval-key-refused", code=problem.code)
        raise
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, IndexError) as problem:
        refused("approval-key-refused")
        raise PasskeyNotMade(
            "No passkey was made: the answer of your device could not be used.", "Try again on this page."
        ) from problem
    return found


def _key_of(made: AuthenticatorData, label: str) -> NewKey:
    credential = made.credential_data
    if credential is None:
        raise ValueError("no key")
    spki = _public_key(credential.public_key).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = ApprovalKey(PASSKEY, base64.b64encode(spki).decode(), rp_id(), label)
    if (fault := fault_of(key)) is not None:
        raise ValueError(fault)
    return NewKey(websafe_encode(credential.credential_id), key, made.is_backup_eligible())


def _public_key(read: CoseKey) -> EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey:
    """The key in the form that a device gives it (RFC 9053, RFC 8230). Raises ValueError for another algorithm."""
    match read.get(3), read.get(-1):
        case (ES256.ALGORITHM, 1):
            x, y = (int.from_bytes(read[part]) for part in (-2, -3))
            return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
        case (EdDSA.ALGORITHM, 6):
            return Ed25519PublicKey.from_public_bytes(read[-2])
        case (RS256.ALGORITHM, bytes(modulus)):
            return RSAPublicNumbers(int.from_bytes(read[-2]), int.from_bytes(modulus)).public_key()
    raise ValueError("an algorithm that was not asked for")


def rp_id() -> str:
    """The host for which passkeys are made and used."""
    return str(get_adapter().get_public_key_credential_rp_entity()["id"])


def _server() -> Fido2Server:
    entity = get_adapter().get_public_key_credential_rp_entity()
    server = Fido2Server(PublicKeyCredentialRpEntity(**entity), attestation=AttestationConveyancePreference.NONE)
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=_PUBLIC_KEY, alg=one.ALGORITHM) for one in (ES256, EdDSA, RS256)
    ]
    return server


def _bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
