"""What schools are told by email, at their own mailbox and never at a family's: at any hour that a letter is withdrawn,
and on school days what to tell their staff before it goes (briefings.py).

work/actions/outbox.py sends it. The person who withdrew the letter also rings the schools.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.core.accounting.return_reminders import in_office_hours
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Letter
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.staff_mail import UNSETTLED
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
from everyfamily.work.actions.outbox import Run

STOP, BIN, BRIEFING = "stop", "bin", "briefing"
BRIEFING_FILE = "en/staff-briefing.txt"


def write_notice(mailing_id: int, school_id: int, kind: str, now: datetime) -> None:
    """Record that a school must be told, once for each mailing and kind. Inside `tenant(school_id)`."""
    row = SchoolNotice(school_id=school_id, mailing_id=mailing_id, kind=kind, written_at=now, changed_at=now)
    SchoolNotice.objects.bulk_create([row], ignore_conflicts=True)


def tell_schools(carrier: Carrier, now: datetime, *, most: int | None = None) -> Run:
    """Send what was recorded and not sent yet."""
    run = Run(carrier, now, most)
    day = in_office_hours(now.astimezone(LONDON), lambda day: day.weekday() < 5)
    for mailing_id, school_id, kind in planner_rows(_DUE, {"unsettled": [*UNSETTLED], "now": now, "day": day}):
        if run.is_over:
            break
        _tell(mailing_id, school_id, kind, run)
    return run


# What was tried longest ago comes first, so that no school holds up the others.
_DUE = """
SELECT n.mailing_id, n.school_id, n.kind FROM mailings_schoolnotice n
JOIN mailings_mailing m ON m.id = n.mailing_id
JOIN mailings_mailingschool p ON p.mailing_id = n.mailing_id AND p.school_id = n.school_id
JOIN people_known_school s ON s.id = n.school_id AND NOT s.is_closed
WHERE n.status = ANY(%(unsettled)s)
  AND CASE n.kind WHEN 'briefing' THEN m.state = 'open' AND p.paused_at IS NULL AND p.wave_at > %(now)s AND %(day)s
    ELSE m.state = 'withdrawn' END
ORDER BY n.kind = 'briefing', n.changed_at, n.id
"""


def _tell(mailing_id: int, school_id: int, kind: str, run: Run) -> None:
    school = school_by_id(school_id)
    if not school.mailbox:
        run.no_mailbox += kind != BRIEFING
        return

    def compose(row: SchoolNotice) -> Message | None:
        body = _body(mailing_id, school_id, kind, school.name)
        if body is None or _is_kept_back(mailing_id):
            return None
        return Message(Channel.EMAIL, str(row.reference), body, to=school.mailbox)

    rows = SchoolNotice.objects.filter(mailing_id=mailing_id, school_id=school_id, kind=kind)
    run.send(rows, compose, within=partial(tenant, school_id))


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
