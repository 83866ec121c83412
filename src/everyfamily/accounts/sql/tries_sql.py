"""Where failed sign-ins are counted, for every process that serves the pages (actions/tries.py)."""

from __future__ import annotations

SQL = """
CREATE TABLE accounts_tries (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_tries_expires ON accounts_tries (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_tries TO everyfamily_app;
"""
UNDO = "DROP TABLE accounts_tries;"

# By the database's clock, which all processes share, and not by the time at which a transaction began.
SET = """
INSERT INTO accounts_tries AS kept (cache_key, value, expires)
VALUES (%s, %s, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
"""
ADD = SET + "WHERE kept.expires <= clock_timestamp()"
GET = "SELECT value FROM accounts_tries WHERE cache_key = %s AND expires > clock_timestamp()"
TOUCH = """
UPDATE accounts_tries SET expires = clock_timestamp() + %s * interval '1 second'
WHERE cache_key = %s AND expires > clock_timestamp()
"""
DELETE = "DELETE FROM accounts_tries WHERE cache_key = %s"
CLEAR = "DELETE FROM accounts_tries"
# A few at a time, and none that somebody else is writing.
FORGET = """
DELETE FROM accounts_tries WHERE cache_key IN (
    SELECT cache_key FROM accounts_tries WHERE expires <= clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED)
"""
