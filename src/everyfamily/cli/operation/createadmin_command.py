"""createadmin: the first administrator, invited from the machine itself. Everybody else is invited in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option
from everyfamily.config.start import prepare
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import LASTS, offer_of
from everyfamily.core.permissions import Role

if TYPE_CHECKING:
    from everyfamily.core.actors import Actor


class KeyNotMade(EveryfamilyError):
    """The key for sign-in is not there and cannot be made."""

    code = "EF279"


class PagesHaveNoAddress(EveryfamilyError):
    """Nobody has said under which address people reach the pages."""

    code = "EF280"


@click.command()
@click.option("--name", required=True, help="First and last name of the administrator.")
@click.option("--email", required=True, help="Their work email, with which they sign in.")
@by_option("Who invites")
def createadmin(name: str, email: str, by: Actor) -> None:
    """Invite an administrator by a link, and make the key for sign-in if there is none."""
    offer = offer_of(name, email, Role.ADMINISTRATOR)
    prepare()
    from django.conf import settings

    from everyfamily.accounts.actions.inviting import invite_here
    from everyfamily.mailings.installation import clock

    base = settings.EVERYFAMILY_BASE_URL.rstrip("/")
    if not base:
        raise PagesHaveNoAddress(
            "Nobody has said under which address people reach the pages.",
            "Set EVERYFAMILY_BASE_URL to https:// and the host.",
        )
    _key_at(settings.EVERYFAMILY_SIGN_IN_KEY_FILE)
    token = invite_here(offer, by, clock.now())
    click.echo(f"{base}/invitations/{token}/")
    click.echo(f"Give this link only to {offer.name}. It works once, and for {LASTS.days} days.", err=True)


def _key_at(file: str) -> None:
    """Make the key if its file is not there. Raises KeyNotMade and SignInKeyMissing."""
    from everyfamily.staff.doors.secrets_of_factors import make_key, require_sign_in_key

    if file and not Path(file).exists():
        try:
            make_key(Path(file))
        except OSError as problem:
            raise KeyNotMade(
                "The key for sign-in could not be written to the file that EVERYFAMILY_SIGN_IN_KEY_FILE names.",
                "Make its folder, and let only the account that serves the pages read it.",
            ) from problem
        click.echo(
            f"Made the key for sign-in in {file}. Keep a copy where the database's copies are not.", err=True
        )
    require_sign_in_key()
