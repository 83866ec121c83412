"""Row security, grants and same-school keys of the people tables. The migration that makes each table runs them."""

from __future__ import annotations

from everyfamily.people.sql.row_security import APP, PLANNER, keep_to_school, same_school, shared

SQL = "\n".join(
    (
        shared("people_school"),
        keep_to_school("people_schoolkey", app_may="SELECT, INSERT, UPDATE"),
        keep_to_school(
            "people_pupil",
            planner_reads=("id", "school_id", "year_group", "on_roll_from", "on_roll_to", "died_known_at"),
        ),
        keep_to_school(
            "people_parent",
            planner_reads=("id", "school_id", "language", "format", "prefers", "objects_at"),
        ),
        keep_to_school(
            "people_care",
            planner_reads=(
                *("id", "school_id", "parent_id", "pupil_id", "relationship", "parental_responsibility"),
                *("has_care", "priority", "restriction", "restriction_reviewed_at"),
            ),
        ),
        keep_to_school(
            "people_contactpoint",
            planner_reads=("id", "school_id", "parent_id", "channel", "value_hash", "status"),
        ),
        keep_to_school("people_rollimport", planner_reads=("id", "school_id", "rows", "accepted", "imported_at")),
        keep_to_school("people_attestation", planner_reads=("id", "school_id", "attested_at")),
        same_school("people_care", "parent_id", "people_parent"),
        same_school("people_care", "pupil_id", "people_pupil"),
        same_school("people_contactpoint", "parent_id", "people_parent"),
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO everyfamily_app;",
        "GRANT SELECT ON django_migrations TO everyfamily_app;",
    )
)

SQL_OF_ROLLS = "\n".join(
    (
        shared("people_formerurn"),
        keep_to_school("people_rollmapping"),
        keep_to_school(
            "people_rolltask",
            planner_reads=("id", "school_id", "kind", "owner", "opened_at", "due_on", "closed_at"),
        ),
        same_school("people_rolltask", "parent_id", "people_parent"),
        f"GRANT SELECT (leaving_proposed_at) ON people_pupil TO {PLANNER};",
        f"GRANT SELECT (restriction_reason, parent_or_carer) ON people_care TO {PLANNER};",
        f"GRANT SELECT (state) ON people_rollimport TO {PLANNER};",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the second migration: former URNs, mappings and tasks of rolls."""

SQL_OF_ROLL_ANSWERS = "\n".join(
    (keep_to_school("people_rollanswers"), f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};")
)
"""For the migration that keeps what people said about exports."""

SQL_OF_ROLL_UPLOADS = "\n".join(
    (
        keep_to_school(
            "people_rollupload", planner_reads=("id", "school_id", "state", "keep_until", "cleared_at")
        ),
        keep_to_school("people_rolluploadpart"),
        same_school("people_rolluploadpart", "upload_id", "people_rollupload"),
        # Encrypted already, so pressing them together costs time and saves nothing.
        "ALTER TABLE people_rolluploadpart ALTER COLUMN content SET STORAGE EXTERNAL;",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration that lets a roll be uploaded on a screen."""

SQL_OF_SHARED_HOMES = "\n".join(
    (
        keep_to_school("people_hometoldapart"),
        same_school("people_hometoldapart", "way_id", "people_contactpoint"),
        same_school("people_hometoldapart", "shut_id", "people_contactpoint"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the third migration: who is told apart from somebody who may not have the letter."""

SQL_OF_ONE_HOME = "\n".join(
    (
        keep_to_school("people_homesaidone"),
        same_school("people_homesaidone", "way_id", "people_contactpoint"),
        same_school("people_homesaidone", "shut_id", "people_contactpoint"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration that keeps which homes are one."""

SQL_OF_NOTES = "\n".join(
    (
        keep_to_school("people_rollnote"),
        same_school("people_rollnote", "pupil_id", "people_pupil"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration that keeps notes until the lead has read them."""

SQL_OF_GROUNDS = "\n".join(
    (
        keep_to_school("people_ground", planner_reads=("id", "school_id", "care_id", "ends_on", "decided_at")),
        same_school("people_ground", "care_id", "people_care"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration that keeps what a decision was made on."""

SQL_OF_CALLS = "\n".join(
    (
        keep_to_school("people_call"),
        same_school("people_call", "parent_id", "people_parent"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration that keeps what somebody asked for on the telephone."""

SQL_OF_WHOSE_TASK = f"GRANT SELECT (parent_id) ON people_rolltask TO {PLANNER};"
"""For the fourth migration: one decision about an adult is counted once, however many mailings ask for it."""

SQL_OF_TAKING_BACK = f"GRANT DELETE ON people_school TO {APP};"
"""A list for the wrong area can be taken back. What belongs to a school protects it: every foreign key to it
refuses."""

SQL_OF_DATA_REQUESTS = "\n".join(
    (
        keep_to_school("people_dataexport", planner_reads=("id", "school_id", "asked_at")),
        keep_to_school("people_keydestruction", app_may="SELECT, INSERT"),
        f"GRANT UPDATE (ended_at, ended_by, ended_account, became) ON people_keydestruction TO {APP};",
        same_school("people_dataexport", "parent_id", "people_parent"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
    )
)
"""For the migration of requests about data. What was asked for stays as it was asked."""

SQL_OF_WAITING_DESTRUCTIONS = "\n".join(
    (
        f"CREATE POLICY planner ON people_keydestruction FOR SELECT TO {PLANNER} USING (true);",
        f"GRANT SELECT (id, school_id, asked_at, asked_account, ended_at) ON people_keydestruction TO {PLANNER};",
    )
)
"""For the migration after which a desk says that a key waits for a second person, at whichever school."""
