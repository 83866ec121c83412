"""Scripts of ours, and what the page knows of the end of the session.

A page loads a script only by `own_script`, which marks the request; the guard then sends the policy that allows it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from everyfamily.core.browser_words import browser_words
from everyfamily.core.text.dates import time_in_words
from everyfamily.staff.doors.ends import ends_of

register = template.Library()
register.filter(browser_words)


@dataclass(frozen=True, slots=True)
class SessionEnds:
    """When the session ends: seconds from now, the time if no other page is opened, and the time at the latest."""

    left: int
    at: datetime
    last: datetime


@register.simple_tag(takes_context=True)
def own_script(context: Context, name: str) -> SafeString:
    """Load a static file of ours as a script, after the page."""
    context["request"].needs_script = True
    return format_html('<script src="{}" defer></script>', static(name))


@register.simple_tag(takes_context=True)
def session_ends(context: Context) -> SessionEnds | None:
    """When the session of this page ends, or None if nobody is signed in."""
    ends = ends_of(context["request"])
    if ends is None:
        return None
    at, last = (datetime.fromtimestamp(one, UTC) for one in ends)
    return SessionEnds(int(ends[0] - time.time()), at, last)


@register.filter
def clock_time(when: datetime) -> str:
    """As people say it: 9am, 2:12pm."""
    return time_in_words(localtime(when).time())
