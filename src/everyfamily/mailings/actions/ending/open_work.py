"""What is not done yet in a mailing, and what stops the mailing from being closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.queries.mailings import planner_rows

JUST_BEGUN = timedelta(hours=72)
"""For this long after its last wave, no email can be known to be accepted."""
_MOST_NAMED = 12


class MailingStillWorks(EveryfamilyError):
    """Messages are being sent or are waiting to be sent."""

    code = "EF540"


class MailingStillWaits(EveryfamilyError):
    """A failure may still come back for messages that a carrier accepted."""

    code = "EF541"


class MailingHasOpenWork(EveryfamilyError):
    """People have not yet decided or done what the mailing asked of them."""

    code = "EF388"


@dataclass(frozen=True, slots=True)
class Work:
    """What is not done yet in a mailing. `held` are URNs of schools with a lead who has not attested."""

    sending: int
    created: int
    due: int
    waves: int
    waiting: int
    quiet_until: datetime | None
    held: list[int] = field(default_factory=list)
    undecided: int = 0
    """Adults for whom somebody must still decide whether they may have the letter."""
    other_tasks: int = 0
    last_wave_at: datetime | None = None
    no_roll: list[int] = field(default_factory=list)
    """URNs of schools that we send for and that have no roll, so nobody there gets the letter."""
    rolls: list[int] = field(default_factory=list)
    """URNs of schools whose roll waits for a person: a held file, leavers, something that nobody has said."""
    uncertain: list[int] = field(default_factory=list)
    """URNs of schools where nobody has said what was sent before a restore."""
    to_tell: int = 0
    """Adults who had a wrong letter, may not be written to, and whom a person must tell."""

    def for_people(self, now: datetime) -> list[str]:
        """What waits for people, as parts of a sentence."""
        return [
            *([f"{_schools(self.held)} because the lead has not attested"] if self.held else []),
            *([f"{_schools(self.no_roll)} of which no roll came in"] if self.no_roll else []),
            *([f"{_schools(self.rolls)} whose roll waits for a person"] if self.rolls else []),
            *([f"{_schools(self.uncertain)} where nobody has said what went"] if self.uncertain else []),
            *([f"{_counted(self.undecided, 'decision')} on who may have the letter"] if self.undecided else []),
            *([f"{_counted(self.to_tell, 'adult')} to be told what was wrong"] if self.to_tell else []),
            *([f"{_counted(self.other_tasks, 'other task')} for a person"] if self.other_tasks else []),
            *(
                [f"the last wave began on {_day_of(self.last_wave_at)}, less than three days ago"]
                if self.last_wave_at is not None and now < self.last_wave_at + JUST_BEGUN
                else []
            ),
        ]


def work_of(mailing_id: int, now: datetime) -> Work:
    """What is committed but not done."""
    (row,) = planner_rows(_LEFT, {"mailing": mailing_id, "now": now})
    return Work(*row)


def require_done(work: Work, now: datetime, *, withdrawn: bool, although: str) -> None:
    """Raise MailingStillWorks, MailingStillWaits or MailingHasOpenWork. With `although`, the last two are not
    raised."""
    _require_still(work, withdrawn=withdrawn)
    if although:
        return
    if work.waiting:
        raise MailingStillWaits(
            f"For {work.waiting} adults an answer or another try may come until {_day_of(work.quiet_until)}.",
            "Close it after that day. Or close it now and give a reason: each letter then counts "
            "as what is known today.",
        )
    if not withdrawn and (left := work.for_people(now)):
        raise MailingHasOpenWork(
            f"Still open: {'; '.join(left)}.",
            "Finish it. Or close it now and give a reason: anybody who has "
            "not had the letter will then not get it.",
        )


def _require_still(work: Work, *, withdrawn: bool) -> None:
    if work.sending:
        raise MailingStillWorks(
            f"{work.sending} messages are being sent.",
            "Wait until the worker has recorded them; after a crash, start a worker once.",
        )
    if withdrawn:
        return
    if work.created or work.due:
        raise MailingStillWorks(
            f"{work.created} messages wait to be sent and {work.due} adults wait for a decision.",
            "Let the workers finish (a paused mailing has to go on first), then close it again.",
        )
    if work.waves:
        raise MailingStillWorks(
            f"The waves of {work.waves} schools have not begun.", "Close it when the last wave is over."
        )


def _schools(urns: list[int]) -> str:
    more = f" and {len(urns) - _MOST_NAMED} more" if len(urns) > _MOST_NAMED else ""
    return f"{_counted(len(urns), 'school')} ({', '.join(map(str, urns[:_MOST_NAMED]))}{more})"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day_of(moment: datetime | None) -> str:
    return "an unknown day" if moment is None else f"{moment.astimezone(LONDON):%-d %B %Y}"


_LEFT = """
WITH delivery AS (
  SELECT id, school_id, next_look_at FROM mailings_delivery
  WHERE mailing_id = %(mailing)s AND state IN ('planned', 'on its way')),
attempt AS (
  SELECT t.status FROM mailings_attempt t JOIN delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id),
part AS (
  SELECT p.state, p.wave_at, p.uncertain, p.school_id, s.urn
  FROM mailings_mailingschool p JOIN people_known_school s ON s.id = p.school_id
  WHERE p.mailing_id = %(mailing)s),
ours AS (
  SELECT * FROM part WHERE state <> 'sends itself'),
decision AS (
  SELECT school_id, parent_id, kind FROM mailings_persontask
  WHERE mailing_id = %(mailing)s AND closed_at IS NULL AND kind IN ('restriction', 'to tell'))
SELECT
  (SELECT count(*) FROM mailings_ledgerentry WHERE mailing_id = %(mailing)s AND status = 'sending'),
  (SELECT count(*) FROM attempt WHERE status = 'created'),
  (SELECT count(*) FROM delivery WHERE next_look_at <= %(now)s),
  (SELECT count(*) FROM part WHERE state = 'planned'),
  (SELECT count(*) FROM delivery WHERE next_look_at > %(now)s),
  (SELECT max(next_look_at) FROM delivery),
  (SELECT coalesce(array_agg(urn ORDER BY urn), '{}') FROM part WHERE state = 'held'),
  (SELECT count(*) FROM decision WHERE kind = 'restriction'),
  (SELECT count(*) FROM mailings_persontask
    WHERE mailing_id = %(mailing)s AND closed_at IS NULL AND kind NOT IN ('restriction', 'to tell', 'attestation'))
    + (SELECT count(*) FROM mailings_mailingtask
      WHERE mailing_id = %(mailing)s AND closed_at IS NULL AND kind <> 'restored'),
  (SELECT max(wave_at) FROM part WHERE state IN ('sending', 'held')),
  (SELECT coalesce(array_agg(urn ORDER BY urn), '{}') FROM ours p
    WHERE NOT EXISTS (SELECT FROM people_committed_roll i WHERE i.school_id = p.school_id)),
  (SELECT coalesce(array_agg(urn ORDER BY urn), '{}') FROM ours p
    WHERE EXISTS (SELECT FROM people_open_roll_task t WHERE t.school_id = p.school_id
      -- One decision is counted once: as the mailing's, where the mailing asks for it too.
      AND NOT EXISTS (SELECT FROM decision d WHERE d.school_id = t.school_id AND d.parent_id = t.parent_id))),
  (SELECT coalesce(array_agg(urn ORDER BY urn), '{}') FROM ours p
    WHERE p.uncertain OR EXISTS (SELECT FROM mailings_delivery d WHERE d.mailing_id = %(mailing)s
      AND d.school_id = p.school_id AND d.restored = 'uncertain')),
  (SELECT count(*) FROM decision WHERE kind = 'to tell')
"""
