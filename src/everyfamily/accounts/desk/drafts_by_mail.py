"""A letter that is being written, as an email to the person who asks for it: to the address of their own account, and
to no other. It is marked as a draft."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from procrastinate.contrib.django import app

from everyfamily.accounts.models import Account
from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.core.actors import Actor
from everyfamily.core.invented import is_reserved
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.letters.draft_queries.drafts import draft
from everyfamily.letters.draft_queries.words import letter_of_draft, partnership_now
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.rendering.email import render_email

JOB = "send_draft_to_its_author"
QUEUE = "sweeps"
_MARK = "DRAFT, not approved"


def ask_for_draft_by_mail(reference: str, draft_id: int, language: str, *, by: Actor, now: datetime) -> None:
    """Queue the email. The job knows only the numbers of the draft and of the account."""
    with transaction.atomic():
        record_event(
            action="send draft to oneself",
            by=by,
            subject_type="letter",
            subject_id=reference,
            now=now,
            detail={"language": language},
        )
        job = app.configure_task(JOB, queue=QUEUE)
        transaction.on_commit(partial(job.defer, draft_id=draft_id, language=language, account_id=by.account))


def send_draft(carrier: Carrier, draft_id: int, language: str, account_id: int, now: datetime) -> bool:
    """Send it as it is now. False if there is nothing to send, or this carrier may not have it."""
    found, account = draft(draft_id), Account.objects.filter(pk=account_id, is_active=True).first()
    if found is None or account is None:
        return False
    # Invented people's mail goes only to stand-ins, and nobody else's does.
    if why_not_carried(demonstration=is_reserved(account.email)) is not None:
        return False
    email = render_email(letter_of_draft(found, partnership_now(now)), language, PersonalGaps())
    body = Body(
        key=f"{found.reference} {language} draft",
        language=language,
        sender_name=email.sender_name,
        reply_to=email.reply_to,
        subject=f"{_MARK}: {email.subject}",
        text=f"{_MARK}.\n\n{email.text}",
        html=email.html,
    )
    reference = f"draft-{draft_id}-{account_id}-{int(now.timestamp())}"
    carrier.send([Message(Channel.EMAIL, reference, body, to=account.email)], now)
    return True
