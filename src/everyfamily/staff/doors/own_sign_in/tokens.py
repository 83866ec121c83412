"""What must be true of an ID token before anybody is signed in by it (OpenID Connect Core, 3.1.3.7)."""

from __future__ import annotations

import hmac
from typing import Any, Literal

import jwt
from jwt.exceptions import InvalidAudienceError, InvalidIssuerError, PyJWTError

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.own_sign_in import OwnSignIn
from everyfamily.staff.own_sign_in_remembered import LEEWAY

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the tenant has. Never "none", and never one by a secret that we have too."""
LONGEST_SUBJECT = 191
"""Characters that the table of connections has for a subject."""
Why = Literal["issuer", "audience", "nonce", "subject", "key", "token", "code", "another tenant"]


class TokenRefused(EveryfamilyError):
    """What a tenant answered cannot be trusted. `why` is for the log."""

    code = "EF464"

    def __init__(self, sign_in: OwnSignIn, why: Why) -> None:
        super().__init__(
            f"The answer of the {sign_in.name} sign-in did not pass our checks.",
            "Please try again. If it happens again, tell your administrator.",
        )
        self.why = why


def checked(token: object, keys: dict[str, Any], sign_in: OwnSignIn, nonce: str) -> dict[str, Any]:
    """The claims of a token that this tenant signed, for us, just now, for this one sign-in. Raises TokenRefused."""
    if not isinstance(token, str):
        raise TokenRefused(sign_in, "token")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token, keys, sign_in),
            algorithms=ALGORITHMS,
            audience=sign_in.client_id,
            issuer=sign_in.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"], "enforce_minimum_key_length": True},
        )
    except InvalidIssuerError:
        raise TokenRefused(sign_in, "issuer") from None
    except InvalidAudienceError:
        raise TokenRefused(sign_in, "audience") from None
    except (PyJWTError, ValueError, TypeError, AttributeError):
        raise TokenRefused(sign_in, "token") from None
    _check_for_us(claims, sign_in, nonce)
    return claims


def _check_for_us(claims: dict[str, Any], sign_in: OwnSignIn, nonce: str) -> None:
    party = claims.get("azp")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if party != sign_in.client_id and (party is not None or several):
        raise TokenRefused(sign_in, "audience")
    said = claims.get("nonce")
    if (
        not isinstance(said, str)
        or not nonce
        or not hmac.compare_digest(said.encode(errors="replace"), nonce.encode())
    ):
        raise TokenRefused(sign_in, "nonce")
    subject = claims["sub"]
    if not (0 < len(subject) <= LONGEST_SUBJECT and subject.isascii() and subject.isprintable()):
        raise TokenRefused(sign_in, "subject")


def _key_of(token: str, keys: dict[str, Any], sign_in: OwnSignIn) -> Any:
    """The tenant's public key that the token names."""
    wanted = jwt.get_unverified_header(token).get("kid")
    usable = [one for one in jwt.PyJWKSet.from_dict(keys).keys if one.public_key_use in (None, "sig")]
    named = [one for one in usable if one.key_id == wanted] if wanted is not None else usable
    if len(named) != 1:
        raise TokenRefused(sign_in, "key")
    return named[0].key
