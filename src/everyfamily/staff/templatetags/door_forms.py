"""Forms of allauth in the look of our frame: a summary of what is wrong, then each field with its label."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import segno
from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_AUTOCOMPLETE = {"login": "username", "password": "current-password", "code": "one-time-code"}
_AGAIN = {
    "reauthenticate": "use your password",
    "own_sign_in": "use your own sign-in",
    "mfa_reauthenticate": "use a code",
    "mfa_reauthenticate:webauthn": "use a passkey",
}
_LABELS = {"login": "Email", "code": "Code", "oldpassword": "Your password now", "password1": "New password"}


@register.inclusion_tag("staff/doors/form_problems.html")
def form_problems(form: BaseForm) -> dict[str, Any]:
    """What is wrong, with links to the fields."""
    first = next((field.id_for_label for field in form.visible_fields()), "")
    found = [(first, problem) for problem in form.non_field_errors()]
    found += [(field.id_for_label, problem) for field in form.visible_fields() for problem in field.errors]
    return {"problems": found}


@register.inclusion_tag("staff/doors/form_problems.html")
def problems_of(problems: Iterable[str], place: str) -> dict[str, Any]:
    """What is wrong with a part of the page that is no field, with links to it."""
    return {"problems": [(place, problem) for problem in problems]}


@register.inclusion_tag("staff/doors/passkey_form.html", takes_context=True)
def passkey_form(
    context: Context,
    *,
    what: str,
    action_name: str,
    button: str,
    otherwise: str,
    options: Any = None,
    name: str = "",
    quiet: bool = False,
) -> dict[str, Any]:
    """A form that a script of ours fills with the browser's answer. `what` is "create" or "get".

    `options` is what the browser is asked; without it, the script first gets that from the form's address.
    `otherwise` says what to do without a passkey.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "redirect_field": context.get("redirect_field", ""),
        "action": reverse(action_name),
        "options": json.dumps(options, default=dict) if options else "",
        "what": what,
        "button": button,
        "otherwise": otherwise,
        "name": name,
        "quiet": quiet,
    }


@register.inclusion_tag("staff/doors/again_otherwise.html")
def again_otherwise(ways: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Other ways of proving again who one is."""
    return {"ways": [(way["url"], _AGAIN.get(way["id"], way["description"])) for way in ways]}


@register.inclusion_tag("staff/doors/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """The fields, those that are seen and those that are not. "Remember me" is not offered: a session ends."""
    fields = [
        (field, _LABELS.get(field.name, field.label), _AUTOCOMPLETE.get(field.name, "new-password"))
        for field in form.visible_fields()
        if field.name != "remember"
    ]
    return {"fields": fields, "hidden": form.hidden_fields()}


@register.inclusion_tag("staff/doors/own_sign_in/buttons.html", takes_context=True)
def own_sign_ins(context: Context, *, token: str = "", connect: bool = False) -> dict[str, Any]:
    """A button for each own sign-in, and nothing where there is none: to sign in, to take the invitation with this
    token, or to connect one's account."""

    def address(sign_in: str) -> str:
        if token:
            return reverse("invitation_with", args=[token, sign_in])
        return reverse("own_sign_in_connect" if connect else "own_sign_in", args=[sign_in])

    every = settings.EVERYFAMILY_OWN_SIGN_INS
    return {
        "sign_ins": [(one, address(one.id)) for one in every],
        "token": token,
        "connect": connect,
        "next": "" if token or connect else context.get("redirect_field_value", ""),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def in_fours(secret: str) -> str:
    """A secret in groups of four, as somebody types it from one screen into another."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """The square to scan, as an inline picture: a strict policy allows no other."""
    return mark_safe(  # noqa: S308 (segno writes it, of an address that we made)
        segno.make(address).svg_inline(scale=5, border=3, svgclass="qr", lineclass=None, omitsize=False)
    )
