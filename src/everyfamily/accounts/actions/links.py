"""Links that let somebody in, and the code of a school's invitation. Each is made with the installation's secret key
from a random code in its row, and none is in a table, so that nobody who reads the database can use one.

A link goes only into the email to the person or the school: no page shows one to the person who made it.
"""

from __future__ import annotations

import base64
import binascii
import uuid

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from everyfamily.core.school_invitations import SchoolInvitationOver
from everyfamily.mailings.installation.return_tokens import require_secret_key

_OF_A_SCHOOL = "everyfamily.school-invitation"
_OF_A_PERSON = "everyfamily.invitation"
_CODE = "everyfamily.school-code"
DIGITS = 6


def school_link(code: uuid.UUID) -> str:
    """The whole address that the school's mailbox gets. Raises SecretKeyMissing."""
    return _address("join", _signed(code, _OF_A_SCHOOL))


def code_in(token: str) -> uuid.UUID:
    """What the link of a school's invitation leads to. Raises SchoolInvitationOver if it was not made here."""
    found = _opened(token, _OF_A_SCHOOL)
    if found is None:
        raise link_over()
    return found


def person_link(code: uuid.UUID) -> str:
    """The whole address that a person gets who is invited or let in again. Raises SecretKeyMissing."""
    return _address("invitations", person_token(code))


def person_token(code: uuid.UUID) -> str:
    """The secret part of that address. Raises SecretKeyMissing."""
    return _signed(code, _OF_A_PERSON)


def code_of_person(token: str) -> uuid.UUID | None:
    """What the link of a person leads to. None if it was not made here. Raises SecretKeyMissing."""
    return _opened(token, _OF_A_PERSON)


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


def _address(page: str, token: str) -> str:
    return f"{settings.EVERYFAMILY_BASE_URL.rstrip('/')}/{page}/{token}/"


def _signed(code: uuid.UUID, salt: str) -> str:
    require_secret_key()
    return signing.Signer(salt=salt, sep=".").sign(
        base64.urlsafe_b64encode(code.bytes).rstrip(b"=").decode("ascii")
    )


def _opened(token: str, salt: str) -> uuid.UUID | None:
    """Also with an earlier secret key, which Django tries by itself."""
    require_secret_key()
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(signing.Signer(salt=salt, sep=".").unsign(token) + "=="))
    except (signing.BadSignature, binascii.Error, ValueError):
        return None
