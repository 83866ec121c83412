"""A row of the partnership's file is changed or added, and what people wrote around it stays where it was."""

from __future__ import annotations

from typing import Any

import tomlkit

from everyfamily.core.partnership.file_edits import add_row, edited, put, row_of

FILE = """# The lines.
[[routes]]
id = "local"
number = "1"   # of the new switchboard
open = [    # as they said
    { days = ["Monday"] },
]

# Each school has its own.
[[routes]]
id = "school"
owner = "Sam"
"""
MADE = """# The lines.
[[routes]]
id = "local"
number = "2"   # of the new switchboard
open = [    # as they said
    { days = ["Monday"] },
]
by = "Pat"

[[routes.keys]]
kind = "a"

[[routes.keys]]
kind = "b"

# Each school has its own.
[[routes]]
id = "school"
"""


def _edit(file: Any) -> None:
    row = row_of(file["routes"], "local")
    put(row, "number", "2")
    put(row, "by", "Pat")
    put(row, "nobody", None)
    put(row_of(file["routes"], "school"), "owner", None)
    for kind in ("a", "b"):
        key = tomlkit.table()
        key["kind"] = kind
        add_row(row, "keys", key)


def test_comments_stay_above_what_they_are_about() -> None:
    assert edited(FILE, _edit, lambda file: [one["id"] for one in file["routes"]]) == MADE


def test_an_edit_that_changes_more_or_finds_nothing_is_refused() -> None:
    assert edited(FILE, _edit, lambda file: file) is None
    assert edited(FILE, lambda file: row_of(file["routes"], "elsewhere"), lambda file: file) is None
    assert edited(FILE, lambda file: put(file["routes"], "x", "y"), lambda file: file) is None
    assert edited("routes = 1\n", _edit, lambda file: file) is None
