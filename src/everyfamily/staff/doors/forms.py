"""allauth's forms of second factors, with our words, what a partnership asks of a passkey, and a line in the log for
each one that was refused."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import parse_authentication_response, parse_registration_response
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from everyfamily.accounts.actions.factors import account_changed, factor_changed, passkey_used
from everyfamily.audit.security_events import refused
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json
from everyfamily.core.passkeys import LONGEST_NAME, require_asked_here, require_kept_as, tidy_name
from everyfamily.mailings.installation import clock
from everyfamily.staff.doors.secrets_of_factors import SecretNotOpened

NOT_KNOWN = "This passkey does not open an account here. Try another one, or use your password."
_NOT_MADE = "The passkey could not be read. Try again, or use an authenticator app."
_NOT_CHECKED = "Your codes cannot be checked here. Ask an administrator to let you in again, or use a passkey."
_NOT_ALONE = "You use your organisation’s own sign-in. Sign in with it first."
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error)
"""What the library may raise of what no browser sends."""


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Another password for oneself."""

    def save(self) -> None:
        """Write it."""
        with transaction.atomic():
            super().save()
            account_changed("password changed", actor_of(self.user), clock.now())


class _Codes:
    """A code of an app, or a recovery code."""

    user: Any

    def clean_code(self) -> str:
        """The code, if it is good."""
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except ValidationError:
            refused("sign-in-code-refused", **_whose(self.user))
            raise
        except SecretNotOpened as problem:
            refused("sign-in-code-refused", **_whose(self.user), code=problem.code)
            raise ValidationError(_NOT_CHECKED) from problem


class CodeForm(_Codes, AuthenticateForm):  # type: ignore[misc]
    """The second factor after the password."""


class CodeAgainForm(_Codes, ReauthenticateForm):  # type: ignore[misc]
    """A code, to be sure that it is still the same person."""


class _Passkeys:
    """An answer of a browser for a passkey that was made before."""

    cleaned_data: dict[str, Any]
    user: Any = None

    def clean_credential(self) -> Authenticator:
        """The passkey, if the answer is good and the partnership takes such passkeys."""
        try:
            sent = self.cleaned_data["credential"]
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
            said, made = parse_authentication_response(sent).response, found.wrap().authenticator_data
            require_asked_here(read_json(bytes(said.client_data).decode()))
            require_kept_as(settings.EVERYFAMILY_PASSKEYS, may_be_copied=made.is_backup_eligible())
            passkey_used(
                found.pk,
                said.authenticator_data.counter,
                may_be_copied=made.is_backup_eligible(),
                first=made.counter,
            )
        except EveryfamilyError as problem:
            refused("passkey-refused", **_whose(self.user), code=problem.code)
            raise ValidationError(str(problem)) from problem
        except (ValidationError, *_UNREADABLE) as problem:
            refused("passkey-refused", **_whose(self.user))
            if getattr(problem, "code", "incorrect_code") != "incorrect_code":
                raise
            raise ValidationError(NOT_KNOWN) from problem
        return found


class PasskeyForm(_Passkeys, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second factor after the password."""


class PasskeySignInForm(_Passkeys, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in without a password.

    For whoever uses their own sign-in, a passkey is only a second step. Otherwise they could come in after it was taken
    away from them there.
    """

    def clean_credential(self) -> Authenticator:
        """The passkey, if it may sign in by itself."""
        found = super().clean_credential()
        if not found.user.has_usable_password():
            refused("passkey-refused", **_whose(found.user), why="own sign-in")
            raise ValidationError(_NOT_ALONE)
        return found


class PasskeyAgainForm(_Passkeys, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, to be sure that it is still the same person."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    name = forms.CharField(required=False, label="Name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each of ours signs in without a password; there is nothing to tick.
        self.fields.pop("passwordless", None)

    def clean_name(self) -> str:
        """A name that is fit to be shown."""
        return tidy_name(self.cleaned_data["name"], str(self.initial["name"]))

    def clean(self) -> dict[str, Any]:
        """The answer of the browser, if it is good and the partnership takes such passkeys."""
        try:
            values: dict[str, Any] = super().clean()
            said = parse_registration_response(values["credential"]).response
            require_asked_here(read_json(bytes(said.client_data).decode()))
            made = said.attestation_object.auth_data
            require_kept_as(settings.EVERYFAMILY_PASSKEYS, may_be_copied=made.is_backup_eligible())
        except EveryfamilyError as problem:
            refused("passkey-refused", code=problem.code)
            raise ValidationError(f"{problem} Remove the new one from your device.") from problem
        except (ValidationError, *_UNREADABLE) as problem:
            refused("passkey-refused")
            raise ValidationError(_NOT_MADE) from problem
        return values


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        label="Name",
        error_messages={
            "required": "Give it a name.",
            "max_length": f"A name has {LONGEST_NAME} letters at most.",
        },
    )

    def clean_name(self) -> str:
        """A name that is fit to be shown."""
        return tidy_name(self.cleaned_data["name"], self.instance.wrap().name)

    def save(self) -> Authenticator:
        """Write the name."""
        with transaction.atomic():
            renamed: Authenticator = super().save()
            factor_changed("renamed", renamed.type, actor_of(renamed.user), clock.now())
        return renamed


def _whose(account: Any) -> dict[str, int]:
    """For the log: the account's number, where it is known whose it is."""
    return {} if account is None else {"account": account.pk}


def actor_of(account: Any) -> Actor:
    """Whoever is signed in, for the audit trail."""
    return Actor(ActorKind.PERSON, account.name, account.pk)
