"""allauth's provider of OpenID Connect, told which tenants there are, and with what it leaves unchecked.

By itself it would keep the names and emails of tokens, believe a token that came over TLS without its signature, send
no nonce, take the issuer from the answer, and match accounts by our own name for a tenant instead of by its issuer.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from everyfamily.core.own_sign_in import OwnSignIn
from everyfamily.staff.doors.addresses import whole
from everyfamily.staff.doors.own_sign_in.asking import LimitedSession, addresses_of, asked
from everyfamily.staff.doors.own_sign_in.finish import finish, not_signed_in
from everyfamily.staff.doors.own_sign_in.tokens import TokenRefused, checked


def sign_in_of(name: str) -> OwnSignIn:
    """The own sign-in with this id, or this issuer. Raises SocialApp.DoesNotExist."""
    for one in settings.EVERYFAMILY_OWN_SIGN_INS:
        if name in (one.id, one.issuer):
            return one
    raise SocialApp.DoesNotExist


class _Client(OAuth2Client):  # type: ignore[misc]
    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, Any]) -> str:
        address: str = super().get_redirect_url(authorization_url, scope, extra_params)
        # An address may have a query of its own (RFC 6749, 3.1).
        own = "?" in authorization_url
        return address.replace(f"{authorization_url}?", f"{authorization_url}&", 1) if own else address


class Dance(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Asks one tenant, and believes only what `checked` does. `state` is what this session began with."""

    client_class = _Client
    state: dict[str, Any]

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        self.sign_in = sign_in_of(provider_id)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the tenant says of itself. Raises TenantSilent."""
        return addresses_of(self.sign_in)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """The one address to come back to, whatever host this request named."""
        return whole(request, reverse("own_sign_in_back", args=[self.sign_in.id]))

    def get_access_token_data(self, *args: Any, **more: Any) -> Any:
        """What the code is worth. Raises TokenRefused and OAuth2Error."""
        # Whoever answered may say who it is (RFC 9207).
        if self.request.GET.get("iss", self.sign_in.issuer) != self.sign_in.issuer:
            raise TokenRefused(self.sign_in, "another tenant")
        try:
            return super().get_access_token_data(*args, **more)
        except (KeyError, ValueError, TypeError, AttributeError):
            raise OAuth2Error("no answer that can be read") from None

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **more: Any) -> SocialLogin:
        """Who it is, once every check has passed. Raises TokenRefused and TenantSilent."""
        answer = more["response"]
        keys = asked(self.sign_in, self.openid_config["jwks_uri"])
        nonce = (self.state.get("data") or {}).get("nonce", "")
        claims = checked(answer.get("id_token") if isinstance(answer, dict) else None, keys, self.sign_in, nonce)
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.second_step = self.sign_in.took_second_step(claims)
        shown_at = claims.get("auth_time")
        login.shown_at = float(shown_at) if isinstance(shown_at, int | float) else 0.0
        return login


class OwnSignInProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """One tenant. Connections are kept under its issuer, so that another tenant under the same name has none."""

    oauth2_adapter_class = Dance

    @property
    def sub_id(self) -> str:
        """The issuer."""
        return str(self.app.settings["server_url"])

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The tenant's lasting name for the person."""
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of a token is kept."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: names and addresses are those of the invitation."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: nobody is found by an address."""
        return []


class OwnSignInAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Which tenants there are, and what happens with whoever comes from one."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings. None is read from the database."""
        return [
            _app(one)
            for one in settings.EVERYFAMILY_OWN_SIGN_INS
            if provider in (None, one.id, one.issuer) and client_id in (None, one.client_id)
        ]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> OwnSignInProvider:
        """By id or by issuer. Raises SocialApp.DoesNotExist."""
        return OwnSignInProvider(request, app=_app(sign_in_of(provider)))

    def list_providers(self, request: HttpRequest) -> list[OwnSignInProvider]:
        """Every tenant."""
        return [OwnSignInProvider(request, app=app) for app in self.list_apps(request)]

    def get_requests_session(self) -> LimitedSession:
        """For the code's exchange, which allauth makes."""
        return LimitedSession()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The last that allauth does here: it would offer an account to anybody who is unknown."""
        raise ImmediateHttpResponse(finish(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, provider: OwnSignInProvider, **facts: Any) -> None:
        """In our own words, without the tenant's."""
        raise ImmediateHttpResponse(not_signed_in(request, sign_in_of(provider.sub_id), **facts))


def _app(one: OwnSignIn) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=one.id,
        name=one.name,
        client_id=one.client_id,
        secret=one.secret,
        settings={"server_url": one.issuer, "oauth_pkce_enabled": True, "scope": ["openid"]},
    )
