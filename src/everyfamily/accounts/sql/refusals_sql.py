"""How often doors were tried: a row a day, account and right (actions/refusals.py)."""

from __future__ import annotations

SECURITY = """
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_refusal TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
COUNT = """
INSERT INTO accounts_refusal AS kept (day, account, what, times) VALUES (%s, %s, %s, 1)
ON CONFLICT (day, account, what) DO UPDATE SET times = least(kept.times + 1, 1000000)
"""
