"""Pages beside the upload: which report to run in which system."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from everyfamily.core.permissions import Right
from everyfamily.core.rolls.layout.exports import Export, exports, in_every_system
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page

_BOLD, _ITALIC = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*")
_LINK = re.compile(r"\[(.+?)\]\(.+?\)")


@school_page(Right.UPLOAD_ROLL)
def help_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """What counts for every system, and the systems."""
    values = {"here": "schools", "school": school, "systems": exports(), "steps": _steps()}
    return visit.render("staff/roll/help.html", values)


@school_page(Right.UPLOAD_ROLL)
def system_page(visit: Visit, school: SchoolFacts, system: str) -> HttpResponseBase:
    """Which report to run in one system."""
    found = next((one for one in exports() if one.slug == system), None)
    if found is None:
        return redirect("roll-help", school.urn)
    values = {"here": "schools", "school": school, "name": found.name, "steps": _steps()}
    return visit.render("staff/roll/system.html", values | _shown(found))


def _steps() -> list[SafeString]:
    return [shown(step) for step in in_every_system()]


def _shown(one: Export) -> dict[str, Any]:
    return {name: _sentence(shown(getattr(one, name))) for name in ("run", "holds", "lost", "sure")}


def _sentence(words: SafeString) -> SafeString:
    return mark_safe(words[:1].upper() + words[1:] + ("" if words.endswith((".", "?")) else "."))  # noqa: S308


def shown(words: str) -> SafeString:
    """Our own words with bold and italics as they are marked, and links as their text."""
    plain = _LINK.sub(r"\1", words)
    return mark_safe(_ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", escape(plain))))  # noqa: S308
