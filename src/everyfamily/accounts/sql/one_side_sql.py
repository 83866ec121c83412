"""An account has roles in the partnership or at schools, never both at once. The database enforces it.

A constraint that excludes compares two rows of one account: their sides are two ranges that touch each other, so `-|-`
is true for two open rows of different sides. Other than a trigger, it also holds for two people who write at the same
moment.
"""

from __future__ import annotations

from everyfamily.core.permissions import SCOPES, Scope

_OF_SCHOOLS = ", ".join(f"'{role}'" for role, scope in SCOPES.items() if scope is Scope.SCHOOL)
_SIDE = f"(CASE WHEN role IN ({_OF_SCHOOLS}) THEN int4range(0, 1) ELSE int4range(1, 2) END)"

SQL = f"""
-- Before this there was no such rule. Whoever has both keeps the partnership's.
UPDATE accounts_membership m SET ended_at = now(), ended_by = 'one account, one side'
WHERE m.ended_at IS NULL AND m.role IN ({_OF_SCHOOLS}) AND EXISTS (
  SELECT 1 FROM accounts_membership o
  WHERE o.account_id = m.account_id AND o.ended_at IS NULL AND o.role NOT IN ({_OF_SCHOOLS}));
ALTER TABLE accounts_membership ADD CONSTRAINT membership_of_one_side EXCLUDE USING gist (
  int8range(account_id, account_id + 1) WITH &&, {_SIDE} WITH -|-) WHERE (ended_at IS NULL);
"""  # noqa: S608 - constants of core/permissions.py
DROP = "ALTER TABLE accounts_membership DROP CONSTRAINT membership_of_one_side;"
