""" "Send me this letter": by email, to the address of one's own account."""

from __future__ import annotations

import time
from datetime import datetime

from everyfamily.accounts.desk.drafts_by_mail import ask_for_draft_by_mail
from everyfamily.core.actors import Actor
from everyfamily.core.tries import Tries

OF_ONE_ACCOUNT = Tries(10, seconds=600)
"""Emails."""


def send_to_me(reference: str, draft_id: int, language: str, by: Actor, now: datetime) -> str:
    """Ask for the email. What happens now, as a sentence."""
    if OF_ONE_ACCOUNT.count(str(by.account), time.monotonic()) > OF_ONE_ACCOUNT.most:
        return "You have asked for many emails. Wait ten minutes, and ask again."
    ask_for_draft_by_mail(reference, draft_id, language, by=by, now=now)
    return "The email is on its way to you. If it does not come in a few minutes, email is not set up here."
