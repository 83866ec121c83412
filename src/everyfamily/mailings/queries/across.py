"""What mailings ask of the partnership's people, for their desks: in one read, however many schools there are. It
returns states, days and counts of schools, and nothing about a family."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from everyfamily.core.agreement.two_people import Act, Asked
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.sending_window import LONDON, window_of
from everyfamily.core.files.json_text import read_json
from everyfamily.mailings.queries.desk import FOR_THEM
from everyfamily.mailings.queries.health import GRACE
from everyfamily.mailings.queries.hours import opening_of
from everyfamily.mailings.queries.mailings import planner_rows


@dataclass(frozen=True, slots=True)
class MailingNow:
    """A mailing that goes on, as the partnership looks after it. Counts are of schools."""

    mailing_id: int
    letter_id: int
    reference: str
    state: str
    started_by: str
    started_account: int | None
    schools: int
    """That we send for."""
    begun: int
    held: tuple[str, ...]
    """Names of schools, here and below. Held until their lead attests."""
    late: tuple[str, ...]
    """Whose wave should have begun."""
    late_since: datetime | None
    next_wave_at: datetime | None
    next_wave: int
    """How many schools are in the next wave."""
    returns_due_on: date | None
    missing: tuple[str, ...]
    """Whose return is due or late, and has not come."""
    unreachable: tuple[str, ...]
    """With no return, and with no open link or no mailbox for it."""
    to_look_at: tuple[str, ...]
    """Whose return has something unlikely in it."""


def _mailing(sending: Any, found: MailingNow, now: datetime) -> MailingNow:
    if found.late_since is None:
        return found
    due_at = opening_of(window_of(sending, {}, bank_holidays()) if sending else None, found.late_since)
    return found if due_at <= now - GRACE else replace(found, late=(), late_since=None)


_NAMES = "coalesce(array_agg(p.name ORDER BY p.urn) FILTER (WHERE {which}), '{{}}')"
_MAILINGS = f"""
WITH part AS (
  SELECT p.mailing_id, s.urn, s.name, p.state, p.wave_at,
    p.state = 'planned' AND p.paused_at IS NULL AND g.state = 'open' AND p.wave_at <= %(late)s AS is_late,
    p.state = 'planned' AND p.wave_at > %(now)s AS is_next,
    p.state = 'sends itself' AND g.returns_close_on >= %(today)s AND NOT s.is_closed AND f.doubts IS NULL
      AND {FOR_THEM} AS is_missing,
    g.returns_due_on <= %(today)s AS is_due,
    r.code IS NULL OR s.mailbox = '' AS is_unreachable, coalesce(f.doubts, '[]') <> '[]' AS is_to_look_at
  FROM mailings_mailingschool p
  JOIN mailings_mailing g ON g.id = p.mailing_id AND g.state IN ('open', 'paused')
  JOIN people_known_school s ON s.id = p.school_id
  LEFT JOIN mailings_returnlink r ON r.mailing_id = p.mailing_id AND r.school_id = p.school_id
    AND r.revoked_at IS NULL AND r.expires_at > %(now)s
  LEFT JOIN LATERAL (SELECT f.doubts::text AS doubts FROM mailings_schoolreturn f
    WHERE p.state = 'sends itself' AND f.mailing_id = p.mailing_id AND f.school_id = p.school_id
    ORDER BY f.filed_at DESC, f.id DESC LIMIT 1) f ON true),
first AS (
  SELECT mailing_id, min(wave_at) AS wave_at FROM part WHERE is_next GROUP BY mailing_id)
SELECT g.sending, g.id, g.letter_id, l.reference, g.state, g.started_by, g.started_account,
  count(*) FILTER (WHERE p.state <> 'sends itself'), count(*) FILTER (WHERE p.state = 'sending'),
  {_NAMES.format(which="p.state = 'held'")}, {_NAMES.format(which="p.is_late")},
  min(p.wave_at) FILTER (WHERE p.is_late), first.wave_at,
  count(*) FILTER (WHERE p.is_next AND p.wave_at = first.wave_at), g.returns_due_on,
  {_NAMES.format(which="p.is_missing AND p.is_due")}, {_NAMES.format(which="p.is_missing AND p.is_unreachable")},
  {_NAMES.format(which="p.is_to_look_at")}
FROM mailings_mailing g JOIN letters_known_letter l ON l.id = g.letter_id
LEFT JOIN part p ON p.mailing_id = g.id LEFT JOIN first ON first.mailing_id = g.id
WHERE g.state IN ('open', 'paused')
GROUP BY g.id, l.reference, first.wave_at
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class PausedPart:
    """A school's part that somebody stopped, in a mailing that goes on."""

    school_id: int
    name: str
    reference: str
    owner: str
    """Who stopped it."""
    due_on: date
    why: str


_PAUSED = """
SELECT s.urn, t.school_id, s.name, l.reference, t.owner, t.due_on, p.paused_reason
FROM mailings_persontask t
JOIN mailings_mailing g ON g.id = t.mailing_id AND g.state IN ('open', 'paused')
JOIN mailings_mailingschool p ON p.mailing_id = t.mailing_id AND p.school_id = t.school_id
JOIN letters_known_letter l ON l.id = g.letter_id
JOIN people_known_school s ON s.id = t.school_id
WHERE t.kind = 'paused' AND t.closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class StopOfMailing:
    """What stopped a whole mailing, once."""

    id: int
    reference: str
    kind: str
    """"paused" by a person, or what stopped it ("carrier", "failures", "letter", "route", "restored")."""
    fact: str
    owner: str
    account: int | None
    opened_at: datetime
    due_on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A letter that was withdrawn, and the schools of its mailing that were asked for."""

    letter_id: int
    reference: str
    at: datetime
    schools: tuple[int, ...]
    waits: bool
    """For its correction: it was being sent, and none was."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened to letters and mailings, oldest first."""

    stops: tuple[StopOfMailing, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


def news_since(since: datetime, schools: Collection[int] | None) -> News:
    """Letters withdrawn after `since`, and what stops a mailing now or stopped one after it.

    For `schools`, only the letters of mailings in which one of them had begun, and no stop. Raises SchoolNotYours for a
    school that this request was not opened for.
    """
    values = {"schools": None if schools is None else list(schools), "since": since}
    return _news(planner_rows(_NEWS, values, schools=schools))


def _news(found: Iterable[Sequence[Any]]) -> News:
    rows = sorted(found, key=lambda row: (row[7], row[1]))
    return News(
        tuple(StopOfMailing(*row[1:10]) for row in rows if row[0] == "stop"),
        tuple(
            Withdrawn(row[1], row[2], row[7], tuple(row[10] or ()), row[9])
            for row in rows
            if row[0] == "withdrawn"
        ),
    )


_NEWS = """
SELECT 'withdrawn', l.id, l.reference, '', '', '', NULL::bigint, l.withdrawn_at, NULL::date,
  EXISTS (SELECT 1 FROM mailings_mailing w WHERE w.letter_id = l.id AND w.state = 'withdrawn' AND NOT EXISTS (
    SELECT 1 FROM mailings_mailing c WHERE c.follows_as = 'correction' AND c.follows_id = w.id)),
  array_agg(DISTINCT p.school_id) FILTER (WHERE p.school_id IS NOT NULL)
FROM letters_known_letter l
LEFT JOIN mailings_mailing g ON g.letter_id = l.id
LEFT JOIN mailings_mailingschool p ON p.mailing_id = g.id AND p.state <> 'planned'
  AND (%(schools)s::bigint[] IS NULL OR p.school_id = ANY(%(schools)s))
WHERE l.withdrawn_at >= %(since)s
GROUP BY l.id, l.reference, l.withdrawn_at
HAVING %(schools)s::bigint[] IS NULL OR count(p.school_id) > 0
UNION ALL
SELECT 'stop', t.id, l.reference, t.kind, t.fact, t.owner, t.owner_account, t.opened_at, t.due_on,
  t.closed_at IS NULL, NULL
FROM mailings_mailingtask t JOIN mailings_mailing g ON g.id = t.mailing_id
JOIN letters_known_letter l ON l.id = g.letter_id
WHERE %(schools)s::bigint[] IS NULL AND (t.closed_at IS NULL OR t.opened_at >= %(since)s)
"""


@dataclass(frozen=True, slots=True)
class NotBriefed:
    """Schools that the staff briefing of a letter cannot reach, before their wave."""

    reference: str
    wave_at: datetime
    """The first of their waves."""
    names: tuple[str, ...]


_NOT_BRIEFED = """
SELECT l.reference, min(p.wave_at), array_agg(s.name ORDER BY s.urn) FROM mailings_schoolnotice n
JOIN mailings_mailing g ON g.id = n.mailing_id AND g.state = 'open'
JOIN letters_known_letter l ON l.id = g.letter_id
JOIN mailings_mailingschool p ON p.mailing_id = n.mailing_id AND p.school_id = n.school_id
  AND p.state IN ('planned', 'sends itself') AND p.wave_at > %(now)s
JOIN people_known_school s ON s.id = n.school_id AND NOT s.is_closed
WHERE n.kind = 'briefing' AND n.status NOT IN ('accepted', 'delivered')
  AND (s.mailbox = '' OR n.status NOT IN ('created', 'sending'))
GROUP BY l.reference
"""


@dataclass(frozen=True, slots=True)
class TakeOut:
    """A letter with copies that the print house should take out."""

    reference: str
    due_on: date


_TAKE_OUT = """
SELECT l.reference, max(t.due_on) FROM mailings_persontask t JOIN mailings_mailing g ON g.id = t.mailing_id
JOIN letters_known_letter l ON l.id = g.letter_id WHERE t.kind = 'take out' AND t.closed_at IS NULL
GROUP BY l.reference ORDER BY l.reference
"""


@dataclass(frozen=True, slots=True)
class Across:
    """What mailings ask of the partnership's people."""

    mailings: tuple[MailingNow, ...]
    """Oldest first."""
    news: News
    paused: tuple[PausedPart, ...]
    """By URN."""
    not_briefed: tuple[NotBriefed, ...]
    """By their waves."""
    asked: tuple[Asked, ...]
    """What waits for a second person about a letter."""
    to_take_out: tuple[TakeOut, ...]


def across(now: datetime, news_since: datetime) -> Across:
    """All of it in one read, because each page has few. Raises SchoolNotYours for a page about one school."""
    values = {"now": now, "today": now.astimezone(LONDON).date(), "late": now - GRACE}
    [texts] = planner_rows(_ACROSS, values | {"schools": None, "since": news_since})
    mailings, news, paused, not_briefed, asked, to_take_out = (
        list(map(_typed, read_json(text))) for text in texts
    )
    found = (_mailing(one.pop("sending"), MailingNow(**one), now) for one in mailings)
    return Across(
        tuple(sorted(found, key=lambda one: one.mailing_id)),
        _news([*one.values()] for one in news),
        tuple(PausedPart(**one) for one in sorted(paused, key=lambda one: one.pop("urn"))),
        tuple(sorted((NotBriefed(**one) for one in not_briefed), key=lambda one: (one.wave_at, one.reference))),
        tuple(Asked(**one | {"act": Act(one["act"])}) for one in asked),
        tuple(TakeOut(**one) for one in to_take_out),
    )


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row of JSON with its moments, days and lists as Python has them."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in _DAYS:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


_MOMENTS, _DAYS = ("late_since", "next_wave_at", "happened_at", "wave_at", "at"), ("returns_due_on", "due_on")


def _rows(sql: str, *columns: str) -> str:
    """The rows of a read as JSON, with these names for their columns."""
    return f"(SELECT coalesce(json_agg(x), '[]') FROM ({sql}) x ({', '.join(columns)}))::text"  # noqa: S608 - constants


_OF_NEWS = (
    "what",
    "id",
    "reference",
    "kind",
    "fact",
    "owner",
    "account",
    "happened_at",
    "due_on",
    "is_open",
    "schools",
)
_ASKED = "SELECT * FROM letters_open_asking ORDER BY id"
_ACROSS = "SELECT " + ", ".join(
    (
        _rows(_MAILINGS, "sending", *MailingNow.__slots__),
        _rows(_NEWS, *_OF_NEWS),
        _rows(_PAUSED, "urn", *PausedPart.__slots__),
        _rows(_NOT_BRIEFED, *NotBriefed.__slots__),
        _rows(_ASKED, *Asked.__slots__),
        _rows(_TAKE_OUT, *TakeOut.__slots__),
    )
)
