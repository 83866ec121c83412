"""Row security, grants and same-school keys of the mailing tables. The migration that makes each table runs them."""

from __future__ import annotations

from everyfamily.people.sql.row_security import APP, PLANNER, keep_to_school, same_school, shared

SQL = "\n".join(
    (
        shared("mailings_mailing", planner_may="SELECT"),
        shared("mailings_mailingschool"),
        shared("mailings_ledgerentry"),
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON mailings_simulatedclock TO {APP};",
        keep_to_school(
            "mailings_delivery",
            planner_reads=("id", "school_id", "mailing_id", "parent_id", "state", "next_look_at"),
        ),
        keep_to_school(
            "mailings_attempt",
            planner_reads=(
                *("id", "school_id", "delivery_id", "channel", "ledger_id", "status", "reason"),
                *("created_at", "changed_at"),
            ),
        ),
        keep_to_school("mailings_deliveryevent", app_may="SELECT, INSERT, DELETE"),
        keep_to_school(
            "mailings_persontask",
            planner_reads=("id", "school_id", "mailing_id", "kind", "parent_id", "due_on", "closed_at"),
        ),
        keep_to_school(
            "mailings_schoolreturn",
            app_may="SELECT, INSERT",
            planner_reads=(
                *("id", "school_id", "mailing_id", "on_roll", "by_email", "by_text", "on_paper"),
                *("not_reached", "emails_confirmed", "filed_at"),
            ),
        ),
        same_school("mailings_delivery", "parent_id", "people_parent"),
        same_school("mailings_attempt", "delivery_id", "mailings_delivery"),
        same_school("mailings_deliveryevent", "attempt_id", "mailings_attempt"),
        same_school("mailings_persontask", "parent_id", "people_parent"),
        # The work engine is in the same database, so that a mailing and its jobs commit together.
        f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events,
  procrastinate_periodic_defers, procrastinate_workers TO {APP};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};
""",
    )
)

SQL_OF_RETURNS = "\n".join(
    (
        keep_to_school(
            "mailings_returnlink",
            planner_reads=("id", "school_id", "mailing_id", "code", "issued_at", "expires_at", "revoked_at"),
        ),
        keep_to_school(
            "mailings_returnreminder",
            planner_reads=("id", "school_id", "mailing_id", "kind", "status", "written_at", "changed_at"),
        ),
        # Codes that say which return to look at, never a number beyond those above.
        f"GRANT SELECT (doubts) ON mailings_schoolreturn TO {PLANNER};",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the second migration: links and reminders of schools that send the letter themselves."""

SQL_OF_DELIVERY = "\n".join(
    (
        shared("mailings_mailingtask"),
        shared("mailings_calltally", app_may="SELECT, INSERT, UPDATE, DELETE"),
        shared("mailings_carrierpace", app_may="SELECT, INSERT, UPDATE, DELETE"),
        shared("mailings_carrierslot", app_may="SELECT, INSERT, UPDATE, DELETE"),
        shared("mailings_replyanswer", app_may="SELECT, INSERT, UPDATE, DELETE"),
        # A day's account is written once. What was said stays, and the next account says what changed.
        shared("mailings_dailyaccount", app_may="SELECT, INSERT"),
        f"CREATE POLICY planner ON mailings_deliveryevent FOR SELECT TO {PLANNER} USING (true);",
        "GRANT SELECT (id, school_id, attempt_id, status, occurred_at, heard_at) ON mailings_deliveryevent "
        f"TO {PLANNER};",
        f"GRANT SELECT (owner, opened_at) ON mailings_persontask TO {PLANNER};",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the third migration: tasks of a mailing, pace of providers, answers to replies, accounts of days."""

SQL_OF_RESTORE = "\n".join(
    (
        shared("mailings_sentmarker", planner_may="SELECT"),
        f"GRANT SELECT (restored) ON mailings_delivery TO {PLANNER};",
    )
)
"""For the migration of restores: the marker of what was sent, and what waits for a person after a restore."""

SQL_OF_WITHDRAWALS = "\n".join(
    (
        keep_to_school(
            "mailings_schoolnotice",
            planner_reads=("id", "school_id", "mailing_id", "kind", "status", "written_at", "changed_at"),
        ),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration of withdrawals: what schools are told."""

WHOSE_TASK = f"GRANT SELECT (owner_role) ON mailings_persontask TO {PLANNER};"
"""For the ninth migration: the role that a task at a school waits for."""

WHO_FILED = f"""
-- The owner of a table is kept to one school too, except while this runs.
ALTER TABLE mailings_schoolreturn NO FORCE ROW LEVEL SECURITY;
ALTER TABLE mailings_returnlink NO FORCE ROW LEVEL SECURITY;
UPDATE mailings_schoolreturn r SET link = l.id FROM mailings_returnlink l
WHERE (l.school_id, l.mailing_id) = (r.school_id, r.mailing_id) AND r.filed_by = 'link ' || l.id;
ALTER TABLE mailings_returnlink FORCE ROW LEVEL SECURITY;
ALTER TABLE mailings_schoolreturn FORCE ROW LEVEL SECURITY;
GRANT SELECT (not_sent_at) ON mailings_schoolnotice TO {PLANNER};
"""  # noqa: S608 - a constant of this module
"""For the migration that says who filed a return. Until then it was told by the words in `filed_by`."""

SQL_OF_REVIEWS = "\n".join(
    (
        shared("mailings_letterreview", app_may="SELECT, INSERT"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration of reviews: what somebody recorded stays, and a later row counts."""
