"""How the rows that a file changes were before it, kept by triggers, so that no way in can forget one.

They write only while an import has named its school in `SETTING`, and keep only what is put back if the file is taken
back (actions/rolls/taking_back.py): nothing by which somebody would be freer than by the file. So there are no names,
and no home of before: somebody may have fled from it.
"""

from __future__ import annotations

from everyfamily.people.sql.row_security import APP, keep_to_school

SETTING = "everyfamily.file_goes_in"
COLUMNS = {
    "people_pupil": ("year_group", "class_name", "on_roll_from", "on_roll_to", "leaving_proposed_at"),
    "people_parent": ("language", "format", "prefers"),
    "people_care": (
        *("relationship", "parental_responsibility", "has_care", "priority", "restriction", "restriction_reason"),
        *("restriction_reviewed_at", "restriction_reviewed_by"),
    ),
    "people_contactpoint": ("value",),
}
"""What is kept, by table."""
_ONLY = {"people_contactpoint": "w.channel <> 'post' AND w.value IS NOT NULL"}


def _trigger(table: str) -> str:
    image = ", ".join(f"'{column}', w.{column}" for column in COLUMNS[table])
    name = f"{table}_before_file"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO people_rowbefore (school_id, of_table, row, before)
  SELECT w.school_id, '{table}', w.id, jsonb_build_object({image}) FROM was w WHERE {_ONLY.get(table, "true")}
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER UPDATE ON {table} REFERENCING OLD TABLE AS was
FOR EACH STATEMENT WHEN (current_setting('{SETTING}', true) <> '') EXECUTE FUNCTION {name}();
"""  # noqa: S608 - constants


SQL = "\n".join(
    (
        keep_to_school("people_filetotakeback", planner_reads=("id", "school_id", "until")),
        keep_to_school("people_rowbefore"),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
        *map(_trigger, COLUMNS),
    )
)
DROP = "\n".join(f"DROP FUNCTION IF EXISTS {table}_before_file() CASCADE;" for table in COLUMNS)
