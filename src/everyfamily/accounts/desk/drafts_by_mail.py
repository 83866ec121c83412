"""A letter that is being written, sent to the person who asks for it: to the address of their own account, and to no
other. What became of it is a row of work, which says no address."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from procrastinate.contrib.django import app

from everyfamily.accounts.desk.draft_emails import DraftEmail, draft_emails
from everyfamily.accounts.models import Account, SentDraft
from everyfamily.accounts.queries import held_of
from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.channels.errors import CarrierRefused, NoAnswer
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invented import is_reserved
from everyfamily.core.letter.draft_ways import MOST_IN_A_SPAN, SPAN, Way
from everyfamily.core.letter.letters import Letter
from everyfamily.core.permissions import Right
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.core.work import WorkState
from everyfamily.letters.draft_queries.drafts import draft
from everyfamily.letters.draft_queries.words import letter_of_draft, partnership_now
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.work.actions.asking import ask_for, leave_to_asker
from everyfamily.work.actions.doing import Turn, work_on

JOB = "send_draft_to_its_author"
QUEUE = "sweeps"
"""Only a worker that sends has a carrier of email."""


class NothingToSend(EveryfamilyError):
    """The form names no way or no language that the letter has."""

    code = "EF620"


class SentTooOften(EveryfamilyError):
    """The account asked too often in the last hour."""

    code = "EF621"


class NoEmailHere(EveryfamilyError):
    """The worker that took it up may not send email to this account, or cannot."""

    code = "EF622"


_OF_THE_ASKER = (NothingToSend.code, NoEmailHere.code, CarrierRefused.code, NoAnswer.code)
"""Why it is not sent although everything works, or will again soon: who asked reads it, and nobody else."""


@dataclass(frozen=True, slots=True)
class SentFacts:
    """What became of the newest request of one account for one draft."""

    state: WorkState
    asked_at: datetime
    ended_at: datetime | None
    done: int
    of: int
    """Emails."""
    ways: tuple[str, ...]
    languages: tuple[str, ...]
    left_out: tuple[tuple[str, str, str], ...]
    """A way, a language and the reason of each that could not be made."""
    failed_fact: str


def sent_to(account_id: int, draft_id: int) -> SentFacts | None:
    """The newest request. None if there is none."""
    row = SentDraft.objects.filter(asked_account=account_id, draft_id=draft_id).order_by("-id").first()
    if row is None:
        return None
    return SentFacts(
        WorkState(row.state),
        row.asked_at,
        row.ended_at,
        row.done,
        row.of,
        tuple(row.ways),
        tuple(row.languages),
        tuple((way, language, why) for way, language, why in row.left_out),
        row.failed_fact,
    )


def ask_for_draft_by_mail(
    reference: str, draft_id: int, ways: Collection[Way], languages: Collection[str], *, by: Actor, now: datetime
) -> bool:
    """Queue it. False if an earlier request of this account is still under way. Raises NothingToSend and SentTooOften.

    The job knows only a number. The audit trail has the ways and the languages.
    """
    if not ways or not languages:
        raise NothingToSend("Nothing is chosen.", "Choose at least one way, and one language.")
    if SentDraft.objects.filter(asked_account=by.account, asked_at__gt=now - SPAN).count() >= MOST_IN_A_SPAN:
        raise SentTooOften(
            f"You have asked {MOST_IN_A_SPAN} times in the last hour.", "Wait an hour, or look at the previews."
        )
    row = SentDraft(draft_id=draft_id, ways=[*ways], languages=[*languages])

    def queue(work_id: int) -> None:
        record_event(
            action="send draft to oneself",
            by=by,
            subject_type="letter",
            subject_id=reference,
            now=now,
            detail={"ways": ", ".join(ways), "languages": ", ".join(languages)},
        )
        app.configure_task(JOB, queue=QUEUE).defer(work_id=work_id)

    return ask_for(row, queue, by=by, now=now) is not None


def send_asked(work_id: int, carrier: Carrier | None, clock: Callable[[], datetime]) -> None:
    """A worker sends what somebody asked for, as the letter is now."""
    work_on(SentDraft, work_id, lambda turn: _send(turn, carrier), clock)
    leave_to_asker(SentDraft, work_id, _OF_THE_ASKER, clock())


def _send(turn: Turn, carrier: Carrier | None) -> None:
    row = SentDraft.objects.get(pk=turn.id)
    found, account = (
        draft(row.draft_id),
        Account.objects.filter(pk=row.asked_account or 0, is_active=True).first(),
    )
    if found is None or account is None or not held_of(account.pk).anywhere(Right.SEE_LETTERS):
        raise NothingToSend(
            "The letter is not there any more, or your role has ended.", "Look at the list of letters."
        )
    if carrier is None:
        raise NoEmailHere(
            "The worker that took this up cannot send email.", "Ask the person who looks after the server."
        )
    # Invented people's mail goes only to stand-ins, and nobody else's does.
    if (why := why_not_carried(demonstration=is_reserved(account.email))) is not None:
        raise NoEmailHere(why, "Ask the person who looks after the server.")
    now = turn.clock()
    letter = letter_of_draft(found, partnership_now(now))
    ways, today = [Way(one) for one in row.ways], now.astimezone(LONDON).date()
    made = draft_emails(letter, ways, row.languages, today, with_files=carrier.carries_files)
    # A second try goes on where the first one stopped. Each email is counted before its call, as in the rule for email
    # to staff (core/sending/staff_mail.py): the one in whose call a worker died may have gone, and does not come twice.
    sent = turn.before if row.of == len(made.emails) else 0
    turn.reached(sent, len(made.emails), left_out=[list(one) for one in made.left_out])
    for number, email in enumerate(made.emails[sent:], start=sent + 1):
        turn.reached(number, len(made.emails))
        message = _message(letter, email, account.email, f"draft-{row.pk}-{turn.number}-{number}")
        (answer,) = carrier.send([message], turn.clock())
        if answer.status is not AttemptStatus.ACCEPTED:
            raise NoEmailHere("The mail server does not take your address.", "Tell your administrator.")


def _message(letter: Letter, email: DraftEmail, to: str, reference: str) -> Message:
    body = Body(
        key=f"{letter.reference} {email.key} draft",
        language=email.language,
        sender_name=letter.sender_name,
        reply_to=letter.reply_mailbox,
        subject=email.subject,
        text=email.text,
        html=email.html,
        files=email.files,
    )
    return Message(Channel.EMAIL, reference, body, to=to)
