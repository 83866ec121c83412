"""Sessions that have ended: everybody who only looks at the page to sign in leaves one."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction


def forget_ended_sessions(now: datetime) -> int:
    """Delete them, as this machine's own clock says, and what the list of somebody's sessions has of them. Returns how
    many there were."""
    with transaction.atomic():
        ended = Session.objects.filter(expire_date__lt=now)
        UserSession.objects.filter(session_key__in=ended.values("session_key")).delete()
        return ended.delete()[0]
