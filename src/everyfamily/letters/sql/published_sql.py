"""What other apps may read about letters, as a view with `security_invoker`, like those of `people`.

- `letters_known_letter`: every letter recorded here, by its reference, and whether it may still be sent.
- `letters_open_asking`: what waits for a second person about a letter.
"""

from __future__ import annotations

from everyfamily.core.agreement.approvals import LetterState
from everyfamily.people.sql.row_security import APP, PLANNER

PUBLISHED = ("letters_known_letter", "letters_open_asking")
SQL = f"""
CREATE VIEW letters_known_letter WITH (security_invoker = true) AS
SELECT l.id, l.reference, l.state = '{LetterState.SEALED}' AS is_sealed,
  l.state = '{LetterState.WITHDRAWN}' AS is_withdrawn, l.withdrawn_at
FROM letters_letter l;
GRANT SELECT ON letters_known_letter TO {APP}, {PLANNER};
"""  # noqa: S608 - constants
DROP = "DROP VIEW IF EXISTS letters_known_letter;"

ASKINGS = f"""
CREATE VIEW letters_open_asking WITH (security_invoker = true) AS
SELECT a.id, l.reference, a.act, a.why, a.asked_at, a.asked_by, a.asked_account
FROM letters_asking a JOIN letters_letter l ON l.id = a.letter_id WHERE a.ended_at IS NULL;
GRANT SELECT ON letters_open_asking TO {APP}, {PLANNER};
"""  # noqa: S608 - constants
DROP_ASKINGS = "DROP VIEW IF EXISTS letters_open_asking;"
