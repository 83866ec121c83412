"""The tables that decide who may come in, and which of their changes the database writes down by itself
(audit/sql/access_changes_sql.py).

Left out is what a visit writes: the day, the last use of a factor, a recovery code that is used up, a passkey's count,
an invitation that ends. A code that would be good again, and a count that goes back, are written down.
"""

from __future__ import annotations

from collections.abc import Mapping

_ANY = "OLD.* IS DISTINCT FROM NEW.*"


def _other(columns: str, *, may_end: bool = False) -> str:
    """Whether one of the columns changes, or if the row `may_end`, whether it is open again."""
    pairs = [f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns.split()]
    ends = ("used_at", "cancelled_at") if may_end else ()
    return " OR ".join([*pairs, *(f"OLD.{end} IS NOT NULL AND NEW.{end} IS NULL" for end in ends)])


_LEFT_OUT = "'{used_mask,viewed_at,count}'::text[]"
_FACTOR = f"""{_other("user_id type")} OR OLD.data - {_LEFT_OUT} IS DISTINCT FROM NEW.data - {_LEFT_OUT}
  OR coalesce((OLD.data->>'used_mask')::bigint, 0) & ~coalesce((NEW.data->>'used_mask')::bigint, 0) <> 0
  OR coalesce((OLD.data->>'count')::bigint, 0) > coalesce((NEW.data->>'count')::bigint, 0)"""
_OF_SCHOOL = f"""{_other("school_id mailbox code asked expires_at is_beside known_at invited_account", may_end=True)}
  OR NEW.email NOT IN ('', OLD.email) OR NEW.tries < OLD.tries AND NEW.asked = OLD.asked"""
_INVITATION = _other("account_id email role school_id body code expires_at is_beside", may_end=True)
_RESET = _other("account_id asked_account asked_at opens_at expires_at", may_end=True)
_ACCOUNT = {"password": _other("password"), "address": _other("email"), "being stopped": _other("is_active")}

_WATCHED: tuple[tuple[str, str, str, str | Mapping[str, str]], ...] = (
    ("accounts_account", "id", "account", _ACCOUNT),
    ("accounts_membership", "account_id", "role", _ANY),
    ("accounts_suspension", "account_id", "suspension", _ANY),
    ("accounts_signatorykey", "account_id", "approval key", _ANY),
    ("accounts_invitation", "account_id", "invitation", _INVITATION),
    ("accounts_schoolinvitation", "", "invitation of a school", _OF_SCHOOL),
    ("accounts_reset", "account_id", "reset", _RESET),
    ("account_emailaddress", "user_id", "address", _ANY),
    ("mfa_authenticator", "user_id", "second factor", _FACTOR),
    ("socialaccount_socialaccount", "user_id", "own sign-in", _other("user_id provider uid")),
)
"""Each table, its column with the account, what a row is, and which updates count: of the row, or of a part of it."""


def _triggers(table: str, account: str, row: str, updates: str | Mapping[str, str]) -> list[str]:
    parts = {row: updates} if isinstance(updates, str) else updates
    when = {f"UPDATE ON {table} FOR EACH ROW WHEN ({counts})": what for what, counts in parts.items()}
    when[f"INSERT OR DELETE ON {table} FOR EACH ROW"] = row
    return [
        f"CREATE TRIGGER access_change_{number} AFTER {on} EXECUTE FUNCTION audit_note_change('{account}', '{what}');"
        for number, (on, what) in enumerate(when.items(), start=1)
    ]


_INVITATIONS = ("accounts_invitation", "accounts_schoolinvitation")
SQL = "\n".join(line for watched in _WATCHED if watched[0] not in _INVITATIONS for line in _triggers(*watched))
INVITATIONS_NOT_WATCHED = "\n".join(
    f"DROP TRIGGER IF EXISTS access_change_{number} ON {table};" for table in _INVITATIONS for number in (1, 2)
)
INVITATIONS_WATCHED = "\n".join(
    line for watched in _WATCHED if watched[0] in _INVITATIONS for line in _triggers(*watched)
)
"""By themselves, because a later migration changes the columns that count."""
