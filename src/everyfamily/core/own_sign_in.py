"""A council's or a force's own sign-in, by OpenID Connect: what is set for each, and what may be set. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import StrictModel, like

LONGEST_ISSUER = 200
"""Characters that the table of connections has for an issuer."""
_OF_EVERYBODY = frozenset(
    {"common", "organizations", "consumers", "{tenantid}", "{tenant}", "9188040d-6c67-4c5b-b112-36a304b66dad"}
)
"""Parts of addresses that are open to every organisation or person, and not one organisation's."""
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class OwnSignInNotRight(EveryfamilyError):
    """An own sign-in is set in a way that is not safe or cannot work."""

    code = "EF460"


class SecondStepFile(StrictModel):
    """What in a token says that a second step was taken."""

    claim: str = "amr"
    has: Annotated[tuple[str, ...], Field(min_length=1)] = ("mfa",)
    ask: bool = False


class OwnSignInRow(StrictModel):
    """One [[sign_in]] table of the file."""

    id: Annotated[str, AfterValidator(like(r"[a-z][a-z0-9-]{1,29}", "it must be a short word such as eastmere"))]
    name: Annotated[str, Field(max_length=60)]
    issuer: Annotated[str, Field(max_length=LONGEST_ISSUER)]
    client_id: Annotated[str, Field(max_length=200)]
    secret_file: str
    second_step: SecondStepFile = SecondStepFile()


class OwnSignInFile(StrictModel):
    """The file that lists every own sign-in."""

    sign_in: Annotated[tuple[OwnSignInRow, ...], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One tenant that people may sign in with. `issuer` is exactly as its tokens name it."""

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    claim: str = "amr"
    has: frozenset[str] = frozenset({"mfa"})
    ask: bool = False
    """Whether the claim is asked for with each sign-in, as tenants want that say it only then."""

    @property
    def discovery(self) -> str:
        """Where the tenant says what its addresses are."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    def took_second_step(self, claims: Mapping[str, Any]) -> bool:
        """Whether a token says that the person took a second step: its claim is or holds one of the set values."""
        said = claims.get(self.claim)
        found = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        return any(isinstance(one, str) and one in self.has for one in found)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a tenant: its own lasting name for them, which is no email address."""

    sign_in: str
    """The id of the own sign-in, for the audit trail."""
    issuer: str
    subject: str


def require_one_tenant(issuer: str, *, plain_here: bool) -> None:
    """Raise OwnSignInNotRight unless `issuer` is the https address of one tenant.

    `plain_here` allows http to this machine, for the stand-ins of tests.
    """
    try:
        parts = urlsplit(issuer)
        host = parts.hostname or ""
        named = parts.username is not None or parts.password is not None
    except ValueError:
        host, named = "", False
    if not host or named or parts.query or parts.fragment or issuer != issuer.strip():
        raise OwnSignInNotRight(
            "The issuer of an own sign-in is not an address.",
            "Give it as the tenant's own page of settings names it, such as https://login.example.org/tenant/v2.0.",
        )
    if parts.scheme != "https" and not (plain_here and parts.scheme == "http" and host in _THIS_MACHINE):
        raise OwnSignInNotRight(
            "The issuer of an own sign-in is not an https:// address.",
            "Give the https:// address. Without it, anybody on the way could sign in as anybody.",
        )
    if any(part.lower() in _OF_EVERYBODY for part in parts.path.split("/")):
        raise OwnSignInNotRight(
            "The issuer of an own sign-in is open to every organisation.",
            "Give the address with your own tenant's id in it, not with common, organizations or consumers.",
        )
