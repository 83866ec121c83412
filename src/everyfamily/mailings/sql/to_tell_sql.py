"""Tasks to tell an adult of a wrong letter had the kind "restriction" before, in the mailing that corrects it."""

from __future__ import annotations

_RENAME = """
-- The owner of a table is kept to one school too, except while this runs.
ALTER TABLE mailings_persontask NO FORCE ROW LEVEL SECURITY;
UPDATE mailings_persontask t SET kind = '{now}' FROM mailings_mailing m
WHERE m.id = t.mailing_id AND m.follows_as = 'correction' AND t.kind = '{was}';
ALTER TABLE mailings_persontask FORCE ROW LEVEL SECURITY;
"""
SQL = _RENAME.format(was="restriction", now="to tell")
BACK = _RENAME.format(was="to tell", now="restriction")
