"""One account for each role of an invented city, so that somebody can look at every screen as the person it is for."""

from __future__ import annotations

import json
import secrets
import time
from base64 import b32decode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.permissions import SCOPES, Role, Scope

FILE = "sign-ins.json"
PEOPLE = {
    Role.ADMINISTRATOR: "Ada Clarke",
    Role.COORDINATOR: "Ben Frost",
    Role.AUTHOR: "Carys Nolan",
    Role.SIGNATORY: "Tom Garrowby",
    Role.DELEGATE: "Dina Marsh",
    Role.REVIEWER: "Esme Holt",
    Role.LEAD: "Femi Adler",
    Role.OFFICE: "Grace Tully",
    Role.DPO: "Hari Stone",
    Role.HEAD: "Judith Pell",
    Role.VIEWER: "Ines Ortega",
}
"""Invented people. The signatory is the one of the demo's police."""
_BODY = "police"
MORE = {
    "council-signatory": ("Amina Whitlock", Role.SIGNATORY, "childrens-services"),
    "second-signatory": ("Noor Bashir", Role.SIGNATORY, _BODY),
}
"""Who else is needed until a letter is sealed: who signs for the council, and who confirms a key of the police."""
_LETTERS = "bcdfghjkmnpqrstvwxz"
"""Of passwords: no digits and no words, which the rules for passwords might find too easy."""
_DEMO = Actor.typed("demo")


class NoSignIns(EveryfamilyError):
    """There is no demonstration that somebody can sign in to, or nobody in it has this role."""

    code = "EF955"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody types to come in as one of the invented people."""

    role: str
    """The role, or what one of MORE is called."""
    name: str
    email: str
    password: str
    secret: str
    """Of the authenticator, in base32."""


def make_sign_ins(keys: Path, schools: Sequence[int], now: datetime) -> list[SignIn]:
    """An account for each role and for MORE, with a password made for this run and an authenticator. The lead has two
    `schools`.

    They are kept in `keys`, the demonstration's own folder, for `everyfamily demo-code`.
    """
    from allauth.mfa.totp.internal import auth as authenticators
    from django.db import transaction

    from everyfamily.accounts.actions.factors import factor_changed
    from everyfamily.accounts.queries import account_by_id
    from everyfamily.staff.doors.secrets_of_factors import make_key

    make_key(keys / "sign-in.key")
    made = []
    people = {role.value: (name, role, _BODY) for role, name in PEOPLE.items()} | MORE
    for called, (name, role, body) in people.items():
        password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        email = f"{name.lower().replace(' ', '.')}@eastmere.example"
        account = _come_in(name, email, role, body, schools, password, now)
        secret = authenticators.generate_totp_secret()
        with transaction.atomic():
            authenticators.TOTP.activate(account_by_id(account), secret)
            factor_changed("added", "totp", Actor(ActorKind.PERSON, name, account), now)
        made.append(SignIn(called, name, email, password, secret))
    file = keys / FILE
    file.touch(mode=0o600)
    file.write_text(json.dumps([asdict(one) for one in made]), encoding="utf-8")
    return made


def _come_in(
    name: str, email: str, role: Role, body: str, schools: Sequence[int], password: str, now: datetime
) -> int:
    """The invitations, accepted: the account's id. `body` is whom they act for, in a role that acts for one."""
    from everyfamily.accounts.actions.inviting import accept, invite_here
    from everyfamily.core.invitations import offer_of

    account = None
    for school in schools[: 2 if role is Role.LEAD else 1] if SCOPES[role] is Scope.SCHOOL else [None]:
        of = body if SCOPES[role] is Scope.BODY else ""
        offer = offer_of(name, email, role, school_id=school, body=of)
        account = accept(invite_here(offer, _DEMO, now), now, password=password, signed_in=account)
    assert account is not None
    return account


def code_now(secret: str, at: float) -> str:
    """What the authenticator shows at `at`, in seconds since 1970 (RFC 6238)."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    return TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(int(at)).decode()  # noqa: S303 (what apps use)


@click.command(name="demo-code")
@click.argument("role", type=click.Choice([*(role.value for role in PEOPLE), *MORE]))
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), help="Folder of the demonstration.")
def demo_code(role: str, out: Path) -> None:
    """Show what somebody types to sign in to the demonstration with a ROLE, with the code for the next seconds."""
    found = {one.role: one for one in _kept(out)}
    one = found[role]
    click.echo(f"email     {one.email}\npassword  {one.password}\ncode      {code_now(one.secret, time.time())}")


def _kept(out: Path) -> list[SignIn]:
    file = out / "keys" / FILE
    try:
        return [SignIn(**one) for one in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as problem:
        raise NoSignIns(
            "There is no demonstration here that somebody can sign in to.",
            "Start one that serves its pages, and leave it running.",
            SourceLocation(str(out)),
        ) from problem
