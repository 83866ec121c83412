"""The link and the code of a school's invitation: both are made with the installation's secret key, and neither is in a
table, so that whoever reads the database can use neither."""

from __future__ import annotations

import base64
import binascii
import uuid

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from everyfamily.core.school_invitations import SchoolInvitationOver
from everyfamily.mailings.installation.return_tokens import require_secret_key

_LINK = "everyfamily.school-invitation"
_CODE = "everyfamily.school-code"
DIGITS = 6


def school_link(code: uuid.UUID) -> str:
    """The whole address that the school's mailbox gets. Raises SecretKeyMissing."""
    require_secret_key()
    token = _signer().sign(base64.urlsafe_b64encode(code.bytes).rstrip(b"=").decode("ascii"))
    return f"{settings.EVERYFAMILY_BASE_URL.rstrip('/')}/join/{token}/"


def code_in(token: str) -> uuid.UUID:
    """What the link of an invitation leads to. Raises SchoolInvitationOver if it was not made here."""
    require_secret_key()
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(_signer().unsign(token) + "=="))
    except (signing.BadSignature, binascii.Error, ValueError):
        raise link_over() from None


def digits_of(asked: uuid.UUID) -> str:
    """The 6 digits that are mailed for one asking. Raises SecretKeyMissing."""
    require_secret_key()
    number = int.from_bytes(salted_hmac(_CODE, asked.hex, algorithm="sha256").digest())
    return f"{number % 10**DIGITS:0{DIGITS}}"


def link_over() -> SchoolInvitationOver:
    """The same sentence whatever is the matter with a link."""
    return SchoolInvitationOver(
        "This invitation has ended.", "Ask the person who invited your school for a new one."
    )


def _signer() -> signing.Signer:
    return signing.Signer(salt=_LINK, sep=".")
