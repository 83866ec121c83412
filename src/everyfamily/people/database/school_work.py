"""Work that a screen asks for about one school: its rows are read and written only with that school set."""

from __future__ import annotations

from functools import partial

from everyfamily.people.database.tenancy import tenant
from everyfamily.work.rows import Whose


def of_school(school_id: int) -> Whose:
    """Whose work it is, for work/actions. Its events are in the school's own chain."""
    return Whose(school_id, partial(tenant, school_id))
