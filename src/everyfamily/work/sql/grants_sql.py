"""What the app's role may do with work: add and change, never remove, except emails that have ended. The planner
reads none of it."""

from __future__ import annotations

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON work_verification TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
SITES = """
GRANT SELECT, INSERT, UPDATE ON work_sitebuild TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
TOLD = """
GRANT SELECT, INSERT, UPDATE, DELETE ON work_toldmail TO everyfamily_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;
"""
