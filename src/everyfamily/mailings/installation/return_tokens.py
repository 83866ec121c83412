"""The signed part of a return's link: nobody without the installation's secret key can make one.

The token is the link's own 128-bit random code and an HMAC over it. A forged token is turned away before the database
is asked. The comparison takes the same time wherever the first difference is.
"""

from __future__ import annotations

import base64
import binascii
import uuid

from django.conf import settings
from django.core import signing

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.secret_key import SHORTEST, may_sign

_SALT = "everyfamily.return-link"


class SecretKeyMissing(EveryfamilyError):
    """There is no secret key, or one that could be guessed, so links could be forged."""

    code = "EF531"


class ReturnLinkForged(EveryfamilyError):
    """The token was not signed here."""

    code = "EF532"


def require_secret_key() -> None:
    """Raise SecretKeyMissing unless the installation has its own secret key."""
    if not may_sign(settings.SECRET_KEY):
        raise SecretKeyMissing(
            f"EVERYFAMILY_SECRET_KEY is not set, or has fewer than {SHORTEST} characters: links could be forged.",
            'Make one with `python -c "import secrets; print(secrets.token_urlsafe(48))"`, keep it outside the data '
            "folder, and set it for the worker and for the web server alike.",
        )


def token_of(code: uuid.UUID) -> str:
    """The token for a link's code, in a form that fits into an address. Raises SecretKeyMissing."""
    require_secret_key()
    return _signer().sign(base64.urlsafe_b64encode(code.bytes).rstrip(b"=").decode("ascii"))


def code_of(token: str) -> uuid.UUID:
    """The code in a token. Raises ReturnLinkForged, and SecretKeyMissing."""
    require_secret_key()
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(_signer().unsign(token) + "=="))
    except (signing.BadSignature, binascii.Error, ValueError) as problem:
        raise ReturnLinkForged("The link's signature does not fit.", "Use the link as it was sent.") from problem


def address_of(base_url: str, code: uuid.UUID) -> str:
    """The whole address that a school opens. Raises SecretKeyMissing."""
    return f"{base_url.rstrip('/')}/return/{token_of(code)}/"


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")
