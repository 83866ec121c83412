"""What the app's role may do with drafts that people sent to themselves: add and change, never remove."""

from __future__ import annotations

SQL = """
GRANT SELECT, INSERT, UPDATE ON accounts_sentdraft TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
