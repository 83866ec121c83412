"""Second factors: setting up an app, adding, naming, using and removing passkeys."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, view_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
)
from allauth.usersessions.views import ListUserSessionsView
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.generic.edit import FormView

from everyfamily.accounts.actions.factors import (
    FactorOver,
    LastSecondFactor,
    account_changed,
    factor_changed,
    make_way_for_app,
    remove_factor,
)
from everyfamily.accounts.queries import factors_of
from everyfamily.mailings.installation import clock
from everyfamily.staff.access import Visit, page
from everyfamily.staff.doors.forms import actor_of
from everyfamily.staff.doors.own_sign_in.finish import other_act_page
from everyfamily.staff.doors.sessions import renew
from everyfamily.staff.proof import act_asked, is_other_act, proved_page

_CODES = "mfa_view_recovery_codes"
_proved = method_decorator(proved_page(then=_CODES), name="dispatch")
# For the first second factor, when there is nothing else to show.
_recently = method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")


@_proved
@_recently
class SetUpApp(ActivateTOTPView):  # type: ignore[misc]
    """The first second factor, for which a passkey is offered too, or another app in the place of an earlier one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """allauth would first ask for the earlier app to be ended, and leave the account without a second factor."""
        return FormView.dispatch(self, request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also what there is already."""
        values: dict[str, Any] = super().get_context_data(**kwargs)
        factors = factors_of(self.request.user.pk)
        return values | {"factors": factors, "has_app": any(not one.name for one in factors)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The new app counts, and an earlier one does not any more."""
        by = actor_of(self.request.user)
        with transaction.atomic():
            what = "replaced" if make_way_for_app(by) else "added"
            answer: HttpResponse = super().form_valid(form)
            factor_changed(what, "totp", by, clock.now())
        renew(self.request)
        return answer


@_proved
class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """A new passkey, for which the browser asks the device."""

    template_name = "mfa/webauthn/add_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser is asked. allauth's own would ask for a key that is only a second factor."""
        values: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        factors = factors_of(self.request.user.pk)
        return values | {"options": begin_registration(self.request.user, True), "factors": factors}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The new passkey counts."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor_changed("added", "webauthn", actor_of(self.request.user), clock.now())
        renew(self.request)
        return answer


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]
    """Another name for a passkey, or a page that says it is gone."""

    template_name = "mfa/webauthn/edit_form.html"
    success_url = reverse_lazy("mfa_index")


@_proved
class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """Other recovery codes, in the place of the earlier ones."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The earlier ones count no more."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor_changed("replaced", "recovery_codes", actor_of(self.request.user), clock.now())
        return answer


see_recovery_codes = proved_page(has_form=False)(view_recovery_codes)
"""The recovery codes that are left."""


# Whoever has only an open screen looks at the sessions, and ends none.
@method_decorator(reauthentication_required(app="allauth.mfa", allow_get=True), name="dispatch")
class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """Where somebody is signed in, and signing out everywhere else."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Every other session ends."""
        account_changed("other sessions ended", actor_of(self.request.user), clock.now())
        answer: HttpResponse = super().form_valid(form)
        return answer


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in by one press. What the browser is asked comes as JSON; a refusal comes on the page of sign-in."""

    def form_invalid(self, form: BaseForm) -> HttpResponseBase:
        """The page of sign-in again, which says what is wrong."""
        again = LoginView(request=self.request, args=(), kwargs={})
        problems = [str(one) for found in form.errors.values() for one in found]
        values = again.get_context_data(form=LoginView.form_class(), passkey_problems=problems)
        answer: HttpResponseBase = again.render_to_response(values)
        return answer


class _NewSession:
    """Somebody who proved again who they are gets another session id. The page says for which act it asks."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the act that waits, in words and in the form."""
        values: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if (act := act_asked(self.request)) is None:
            return values
        hidden = format_html(
            '{}<input type="hidden" name="act" value="{}">', values["redirect_field"], act["digest"]
        )
        return values | {"act": act["what"], "for_page": act.get("for_page"), "redirect_field": hidden}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Where they wanted to go, unless something else waits for the proof by now."""
        if is_other_act(self.request, self.request.POST.get("act", "")):
            return other_act_page(self.request)
        renew(self.request)
        return super().form_valid(form)  # type: ignore[misc,no-any-return]


class PasswordAgain(_NewSession, ReauthenticateView):  # type: ignore[misc]
    """The password, to be sure that it is still the same person."""


class CodeAgain(_NewSession, CodeAgainView):  # type: ignore[misc]
    """A code, to be sure that it is still the same person."""


class PasskeyAgain(_NewSession, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey, to be sure that it is still the same person."""

    template_name = "mfa/webauthn/reauthenticate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser is asked."""
        values: dict[str, Any] = super().get_context_data(**kwargs)
        return values | {"options": begin_authentication(self.request.user)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Where they wanted to go."""
        factor_changed("used", "webauthn", actor_of(self.request.user), clock.now())
        return super().form_valid(form)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """The same page again, which says what is wrong."""
        return FormView.form_invalid(self, form)


@proved_page()
@page(None)
def remove_factor_page(visit: Visit, factor_id: int) -> HttpResponseBase:
    """Remove a passkey or an app of one's own, after a question."""
    factors = factors_of(visit.account)
    found = next((one for one in factors if one.id == factor_id), None)
    if found is None:
        raise Http404
    values = {"factor": found, "is_last": len(factors) == 1}
    if visit.request.method != "POST":
        return visit.render("staff/doors/factor_remove.html", values)
    try:
        remove_factor(factor_id, visit.actor, visit.now)
    except LastSecondFactor:
        return visit.render("staff/doors/factor_remove.html", values | {"is_last": True}, status=409)
    except FactorOver:
        raise Http404 from None
    return redirect("mfa_index")
