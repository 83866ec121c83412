"""Forms of allauth in the look of our frame: a summary of what is wrong, then each field with its label."""

from __future__ import annotations

from typing import Any

import segno
from django import template
from django.forms import BaseForm
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_AUTOCOMPLETE = {"login": "username", "password": "current-password", "code": "one-time-code"}
_LABELS = {"login": "Email", "code": "Code", "oldpassword": "Your password now", "password1": "New password"}


@register.inclusion_tag("staff/doors/form_problems.html")
def form_problems(form: BaseForm) -> dict[str, Any]:
    """What is wrong, with links to the fields."""
    first = next((field.id_for_label for field in form.visible_fields()), "")
    found = [(first, problem) for problem in form.non_field_errors()]
    found += [(field.id_for_label, problem) for field in form.visible_fields() for problem in field.errors]
    return {"problems": found}


@register.inclusion_tag("staff/doors/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """The fields, those that are seen and those that are not. "Remember me" is not offered: a session ends."""
    fields = [
        (field, _LABELS.get(field.name, field.label), _AUTOCOMPLETE.get(field.name, "new-password"))
        for field in form.visible_fields()
        if field.name != "remember"
    ]
    return {"fields": fields, "hidden": form.hidden_fields()}


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """The square to scan, as an inline picture: a strict policy allows no other."""
    return mark_safe(  # noqa: S308 (segno writes it, of an address that we made)
        segno.make(address).svg_inline(scale=5, border=3, svgclass="qr", lineclass=None, omitsize=False)
    )
