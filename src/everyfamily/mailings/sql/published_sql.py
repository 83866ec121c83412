"""What `reports` may read of mailings, as views with `security_invoker`, like those of `people`. None has a value in
it.

- `mailings_known_mailing`: what it follows, and whether it is stopped. `mailings_part`: each school's part in it.
- `mailings_joiners`: for each school in a mailing for late joiners, the days from which and before which a child who
  comes on the roll is new for its letter; `until` is null while the mailing is open.
- `mailings_known_delivery`: one mailing to one adult. `mailings_delivery_proof`: see proof_sql.py.
- `mailings_try`: each attempt with its delivery; `had_it`, if somebody has, or may have, that message.
- `mailings_event`: news about an attempt, and when it had happened.
- `mailings_open_task`: what a person at a school is asked to do. `mailings_open_mailing_task`: the same for the whole
  mailing.
- `mailings_known_return`: what schools that send the letter themselves filed. `mailings_messages`: messages by channel
  and status.
"""

from __future__ import annotations

from everyfamily.core.sending.fallback import HAD_IT
from everyfamily.mailings.sql.proof_sql import PROOF
from everyfamily.people.sql.row_security import APP, PLANNER

_HAD_IT = ", ".join(f"'{status}'" for status in sorted(HAD_IT))
MAILINGS = """
CREATE VIEW mailings_known_mailing WITH (security_invoker = true) AS
SELECT m.id, m.follows_id, m.follows_as, m.state = 'closed' AS is_closed, m.paused_reason, CASE
  WHEN l.is_withdrawn OR m.state = 'withdrawn' THEN 'withdrawn'
  WHEN m.state = 'paused' THEN 'paused' ELSE '' END AS stop
FROM mailings_mailing m JOIN letters_known_letter l ON l.id = m.letter_id;
CREATE VIEW mailings_part WITH (security_invoker = true) AS
SELECT s.mailing_id, s.school_id, s.state, s.wave_at, s.paused_at, l.withdrawn_at, CASE
  WHEN l.is_withdrawn OR m.state = 'withdrawn' THEN 'withdrawn'
  WHEN m.state = 'paused' OR (s.paused_at IS NOT NULL AND m.state <> 'closed') THEN 'paused' ELSE '' END AS stop
FROM mailings_mailingschool s JOIN mailings_mailing m ON m.id = s.mailing_id
JOIN letters_known_letter l ON l.id = m.letter_id;
CREATE VIEW mailings_messages WITH (security_invoker = true) AS
SELECT l.mailing_id, l.channel, l.status, count(*) AS messages FROM mailings_ledgerentry l
WHERE l.status <> 'created' GROUP BY l.mailing_id, l.channel, l.status;
CREATE VIEW mailings_open_mailing_task WITH (security_invoker = true) AS
SELECT t.mailing_id, t.kind, t.owner, t.due_on FROM mailings_mailingtask t WHERE t.closed_at IS NULL;
"""
JOINERS = f"""
DROP VIEW IF EXISTS mailings_joiners;
CREATE VIEW mailings_joiners WITH (security_invoker = true) AS
-- Until a mailing is closed, children who join are planned in it.
SELECT s.mailing_id, s.school_id, max((b.closed_at AT TIME ZONE 'Europe/London')::date) AS since,
  (m.closed_at AT TIME ZONE 'Europe/London')::date AS until
FROM mailings_mailingschool s
JOIN mailings_mailing m ON m.id = s.mailing_id AND m.follows_as = 'joiners'
JOIN mailings_mailing b ON b.id = m.follows_id
  OR (b.follows_id = m.follows_id AND b.follows_as = 'joiners' AND b.id < m.id)
-- Where a wave never began, nobody had the letter, and those who were new then still are.
JOIN mailings_mailingschool p ON p.mailing_id = b.id AND p.school_id = s.school_id AND p.state = 'sending'
GROUP BY s.mailing_id, s.school_id, m.closed_at;
GRANT SELECT ON mailings_joiners TO {APP}, {PLANNER};
"""  # noqa: S608 - constants
DELIVERIES = f"""
CREATE VIEW mailings_known_delivery WITH (security_invoker = true) AS
SELECT d.school_id, d.id, d.mailing_id, d.parent_id, d.state, d.planned_at FROM mailings_delivery d;
CREATE VIEW mailings_try WITH (security_invoker = true) AS
SELECT t.school_id, t.id, t.delivery_id, d.mailing_id, d.parent_id, d.state AS delivery_state, t.channel, t.status,
  t.created_at, t.changed_at, t.status IN ({_HAD_IT}) AS had_it
FROM mailings_attempt t JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id;
CREATE VIEW mailings_event WITH (security_invoker = true) AS
-- A receipt whose time of arrival was not kept was heard when it happened; none can happen after it was heard.
SELECT e.school_id, e.attempt_id, e.status, coalesce(e.heard_at, e.occurred_at) AS heard_at,
  least(e.occurred_at, coalesce(e.heard_at, e.occurred_at)) AS occurred_at
FROM mailings_deliveryevent e;
CREATE VIEW mailings_open_task WITH (security_invoker = true) AS
SELECT t.school_id, t.id, t.mailing_id, t.parent_id, t.kind, t.owner, t.due_on FROM mailings_persontask t
WHERE t.closed_at IS NULL;
CREATE VIEW mailings_known_return WITH (security_invoker = true) AS
SELECT r.school_id, r.id, r.mailing_id, r.on_roll, r.by_email, r.by_text, r.on_paper, r.not_reached,
  r.emails_confirmed, r.filed_at, r.doubts <> '[]'::jsonb AS is_doubtful
FROM mailings_schoolreturn r;
GRANT SELECT (planned_at) ON mailings_delivery TO {PLANNER};
"""  # noqa: S608 - constants of core/sending/fallback.py
PUBLISHED = (
    *("mailings_known_mailing", "mailings_part", "mailings_joiners", "mailings_messages"),
    "mailings_open_mailing_task",
    *("mailings_known_delivery", "mailings_delivery_proof", "mailings_try", "mailings_event"),
    *("mailings_open_task", "mailings_known_return"),
)
SQL = "\n".join(
    (MAILINGS, JOINERS, DELIVERIES, PROOF, f"GRANT SELECT ON {', '.join(PUBLISHED)} TO {APP}, {PLANNER};")
)
DROP = "\n".join(f"DROP VIEW IF EXISTS {view};" for view in PUBLISHED)
