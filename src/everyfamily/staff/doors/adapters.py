"""What allauth asks us: who may have an account, which address a request came from, and how secrets are kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from everyfamily.accounts.actions.factors import hash_again
from everyfamily.accounts.actions.roles import signed_in
from everyfamily.accounts.queries import account_of_address, factors_of, issuers_of
from everyfamily.audit.security_events import refused, source_of
from everyfamily.mailings.installation import clock
from everyfamily.staff.doors.factor_rows import OfRow, OnItsWay
from everyfamily.staff.doors.known_browsers import COOKIE, mark_of, remember_browser
from everyfamily.staff.doors.own_sign_in.stage import SecondStep, said_by_own
from everyfamily.staff.doors.secrets_of_factors import SecretNotOpened, opened, sealed
from everyfamily.staff.limits import network_of
from everyfamily.staff.own_sign_in_remembered import forget, remember, was_just_now
from everyfamily.staff.proof import OWN_SIGN_IN, act_asked, is_open, ways_of_proof

_FACTORS = frozenset(Authenticator.Type.values)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation, and allauth writes no email of its own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts come by invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that waitress gives, which is the proxy's word only if that proxy is the one it trusts."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Whose password it is, which from now on is kept as passwords are hashed today."""
        found = super().authenticate(request, **credentials)
        if found is not None:
            hash_again(found, credentials["password"], clock.now())
        return found

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Under what wrong passwords for an address are counted: for a browser that its account came in with, apart."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        if COOKIE not in request.COOKIES:
            return str(key)
        return f"{key}{mark_of(request, account_of_address(str(credentials.get('email', ''))))}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it for whoever watches the machine, without the address that was tried: by the account's number, if
        somebody has that address."""
        super().authentication_failed(request, **credentials)
        account = account_of_address(str(credentials.get("email", "")))
        whose = {} if account is None else {"account": account.pk}
        refused("sign-in-refused", source=source_of(network_of(self.get_client_ip(request))), **whose)

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> Any:
        """Write down that somebody signed in. The day they were last here is in their account."""
        records = get_authentication_records(request, user)
        used = [str(one.get("type") or one["method"]) for one in records]
        signed_in(user.pk, user.name, clock.now(), used)
        said = said_by_own(facts.get("signal_kwargs"))
        if said is None:
            forget(request)
        else:
            remember(request, user.pk, **said)
        answer = super().post_login(request, user, **facts)
        if not _FACTORS.isdisjoint(used):
            remember_browser(answer, user)
        return answer

    def get_login_stages(self) -> list[str]:
        """allauth's, with our own second step in the place of its."""
        ours = f"{SecondStep.__module__}.{SecondStep.__name__}"
        theirs = "allauth.mfa.stages.AuthenticateStage"
        return [ours if one == theirs else one for one in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not for somebody who showed at their own sign-in just now that it is them, or for whom a proof opened the
        page."""
        shown = was_just_now(context.request) or is_open(context.request)
        return super().is_reauthentication_required(app=app, **more) and not shown

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """allauth's, and the own sign-in of somebody who has no password."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not user.has_usable_password() and issuers_of(user.pk):
            url = reverse("own_sign_in_again")
            found.insert(0, {"id": OWN_SIGN_IN, "description": "Use your own sign-in", "url": url})
        return found if act_asked(context.request) is None else ways_of_proof(context.request, found)

    def is_safe_url(self, url: str) -> bool:
        """Whether a browser may be sent there after signing in: only to a page of ours, by its path."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing: what happens to an account is in the audit trail, and in mail of our own words."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say what happened in their heading."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted under a key that is not in the database, for the account and kind
    of factor whose row holds them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Use the newest one that your app shows. If no code is taken, let "
        "your phone set its time by itself: codes are made from the phone’s clock. A recovery code works once."
    }

    def encrypt(self, text: str) -> str:
        """As it is until the row is written (factor_rows.py)."""
        return OnItsWay(sealed(text))

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises SecretNotOpened."""
        kept = encrypted_text if isinstance(encrypted_text, OfRow) else OfRow(encrypted_text, -1, "")
        try:
            return opened(kept, kept.account, kept.kind)
        except SecretNotOpened:
            refused("second-factor-does-not-open", account=kept.account, kind=kept.kind)
            raise

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which host passkeys are made: the one of the address of the pages, whatever a request says."""
        host = urlsplit(settings.EVERYFAMILY_BASE_URL).hostname
        return {"id": host or context.request.get_host().partition(":")[0], "name": "everyfamily"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """How a device names the account to its owner."""
        values: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return values | {"display_name": user.name}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a passkey is called if nobody gives it a name."""
        number = len([one for one in factors_of(user.pk) if one.name]) + 1
        return "Passkey" if number == 1 else f"Passkey {number}"
