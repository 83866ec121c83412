"""Writes to schools and their people: each in one transaction, with its audit event inside."""

from everyfamily.people.actions.rolls import File, ImportReport, commit_roll
from everyfamily.people.actions.schools import NewSchool, add_schools, attest_school

__all__ = ["File", "ImportReport", "NewSchool", "add_schools", "attest_school", "commit_roll"]
