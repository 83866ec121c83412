"""Where failed sign-ins are counted, for every process that serves the pages: the table of Django's cache."""

from __future__ import annotations

TABLE = "accounts_tries"

SQL = f"""
CREATE TABLE {TABLE} (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX {TABLE}_expires ON {TABLE} (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO everyfamily_app;
"""
UNDO = f"DROP TABLE {TABLE};"
