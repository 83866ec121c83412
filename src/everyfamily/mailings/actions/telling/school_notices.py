"""What schools are told by email, at their own mailbox and never at a family's: at any hour that a letter is withdrawn,
and on school days what to tell their staff before it goes (briefings.py).

As with reminders (reminders.py), each is recorded and committed before it is sent, so that none is sent twice. If a
call has not ended after an hour, it is *unknown* and not sent again. The person who withdrew the letter also rings the
schools.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.accounting.return_reminders import in_office_hours
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Letter
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.letters.queries import letter_by_id, sealed_file, withdrawn_at
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.mailings.messages.briefing_letters import briefing_letter
from everyfamily.mailings.messages.notice_letters import bin_letter, stop_letter
from everyfamily.mailings.models import Mailing, MailingSchool, SchoolNotice
from everyfamily.mailings.queries.hand_outs import copies_waiting
from everyfamily.mailings.queries.hours import lacks_rehearsal_list
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.mailings.queries.returns import filed_returns
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import school_by_id

STOP, BIN, BRIEFING = "stop", "bin", "briefing"
BRIEFING_FILE = "en/staff-briefing.txt"
AN_HOUR = timedelta(hours=1)
_AGAIN = (AttemptStatus.REFUSED.value, AttemptStatus.TECHNICAL_FAILURE.value)
"""Nothing had left us, so it is tried again after an hour."""


@dataclass(slots=True)
class Told:
    """What one run did, as numbers of letters to schools."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    no_mailbox: int = 0
    """Schools that nobody can write to, so they must be rung."""


def write_notice(mailing_id: int, school_id: int, kind: str, now: datetime) -> None:
    """Record that a school must be told, once for each mailing and kind. Inside `tenant(school_id)`."""
    row = SchoolNotice(school_id=school_id, mailing_id=mailing_id, kind=kind, written_at=now, changed_at=now)
    SchoolNotice.objects.bulk_create([row], ignore_conflicts=True)


def tell_schools(carrier: Carrier, now: datetime, *, most: int | None = None) -> Told:
    """Send what was recorded and not sent yet. Stops if the mail server refuses us or does not answer."""
    done = Told()
    local = now.astimezone(LONDON)
    values = {
        "again": list(_AGAIN),
        "hour_ago": now - AN_HOUR,
        "now": now,
        "day": in_office_hours(local, lambda day: day.weekday() < 5),
    }
    for mailing_id, school_id, kind in planner_rows(_DUE, values):
        status = _tell(mailing_id, school_id, kind, carrier, now, done)
        done.sent += status is AttemptStatus.ACCEPTED
        done.unknown += status is AttemptStatus.UNKNOWN
        done.failed += status in (AttemptStatus.REFUSED, AttemptStatus.PERMANENT_FAILURE)
        if status in (AttemptStatus.TECHNICAL_FAILURE, AttemptStatus.UNKNOWN):
            done.failed += status is AttemptStatus.TECHNICAL_FAILURE
            break
        if most is not None and done.sent + done.failed >= most:
            break
    return done


_DUE = """
SELECT n.mailing_id, n.school_id, n.kind FROM mailings_schoolnotice n
JOIN mailings_mailing m ON m.id = n.mailing_id
JOIN mailings_mailingschool p ON p.mailing_id = n.mailing_id AND p.school_id = n.school_id
JOIN people_known_school s ON s.id = n.school_id AND NOT s.is_closed
WHERE (n.status = 'created' OR (n.status = ANY(%(again)s) AND n.changed_at <= %(hour_ago)s)
    OR (n.status = 'sending' AND n.changed_at <= %(hour_ago)s))
  AND CASE n.kind WHEN 'briefing' THEN m.state = 'open' AND p.paused_at IS NULL AND p.wave_at > %(now)s AND %(day)s
    ELSE m.state = 'withdrawn' END
ORDER BY n.kind = 'briefing', n.written_at, n.id
"""


def _tell(
    mailing_id: int, school_id: int, kind: str, carrier: Carrier, now: datetime, done: Told
) -> AttemptStatus | None:
    school = school_by_id(school_id)
    with tenant(school_id):
        rows = SchoolNotice.objects.filter(mailing_id=mailing_id, school_id=school_id, kind=kind)
        # The process that sent it has died or given up.
        rows.filter(status=AttemptStatus.SENDING.value, changed_at__lte=now - AN_HOUR).update(
            status=AttemptStatus.UNKNOWN.value, changed_at=now
        )
        if not school.mailbox:
            done.no_mailbox += kind != BRIEFING
            return None
        body = _body(mailing_id, school_id, kind, school.name)
        ready = rows.filter(status__in=(AttemptStatus.CREATED.value, *_AGAIN))
        if body is None or _is_kept_back(mailing_id):
            return None
        if not ready.update(status=AttemptStatus.SENDING.value, changed_at=now):
            return None
        reference = str(rows.get().reference)
    status = _call(carrier, Message(Channel.EMAIL, reference, body, to=school.mailbox), now)
    with tenant(school_id):
        SchoolNotice.objects.filter(reference=reference).update(status=status.value, changed_at=now)
    return status


def _is_kept_back(mailing_id: int) -> bool:
    """A demonstration's schools do not exist, and a rehearsal writes only to the people on its list."""
    letter = letter_by_id(Mailing.objects.values_list("letter_id", flat=True).get(pk=mailing_id))
    return why_not_carried(demonstration=letter.demonstration) is not None or lacks_rehearsal_list(mailing_id)


def _body(mailing_id: int, school_id: int, kind: str, name: str) -> Body | None:
    """None if there is nothing left to bin, and for a briefing of a letter that is withdrawn or has none."""
    if kind == BRIEFING:
        return _briefing(mailing_id, school_id, name)
    letter_id = Mailing.objects.values_list("letter_id", flat=True).get(pk=mailing_id)
    letter: Letter = letter_by_id(letter_id)
    at = withdrawn_at(letter_id)
    if at is None:
        return None
    day, key = at.astimezone(LONDON).date(), f"{letter.reference} {kind} {school_by_id(school_id).urn}"
    if kind == STOP:
        filed = bool(filed_returns(school_id, mailing_id))
        return stop_letter(letter, school=name, withdrawn_on=day, has_filed=filed, key=key)
    copies: dict[str, int] = {}
    for copy in copies_waiting(school_id):
        if copy.mailing == mailing_id:
            copies[copy.group] = copies.get(copy.group, 0) + 1
    return bin_letter(letter, school=name, withdrawn_on=day, copies=copies, key=key) if copies else None


def _briefing(mailing_id: int, school_id: int, name: str) -> Body | None:
    part = MailingSchool.objects.select_related("mailing").get(mailing_id=mailing_id, school_id=school_id)
    page = sealed_file(part.mailing.letter_id, BRIEFING_FILE)
    if page is None:
        return None
    letter = letter_by_id(part.mailing.letter_id)
    return briefing_letter(
        letter,
        page.decode(),
        school=name,
        on=part.wave_at.astimezone(LONDON).date(),
        sends_itself=part.state == "sends itself",
        key=f"{letter.reference} {BRIEFING} {school_by_id(school_id).urn}",
    )


def _call(carrier: Carrier, message: Message, now: datetime) -> AttemptStatus:
    try:
        return carrier.send([message], now)[0].status
    except CarrierRefused:
        return AttemptStatus.REFUSED
    except CarrierBroken:
        return AttemptStatus.TECHNICAL_FAILURE
    except NoAnswer:
        return AttemptStatus.UNKNOWN
