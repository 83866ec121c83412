"""JSON as an API gives it, a page at a time. Pages in a list are put together. The last may say that more follow."""

from __future__ import annotations

from typing import Any

from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.rolls.words.words import plain

_RECORDS = frozenset(("data", "items", "results", "value", "values", "records", "students", "contacts"))
_ABOUT_THE_PAGE = frozenset(
    (
        "meta",
        "metadata",
        "links",
        "link",
        "page",
        "pages",
        "paging",
        "pagination",
        "count",
        "total",
        "status",
        "success",
    )
)
_MORE = frozenset(
    (
        *(
            "more",
            "hasmore",
            "hasmorepages",
            "hasnext",
            "hasnextpage",
            "next",
            "nextpage",
            "nextlink",
            "nextcursor",
        ),
        *("nextpageurl", "nextpagetoken", "nexttoken", "nexturl", "odatanextlink"),
    )
)
IS_A_PART = SetAside(
    1,
    "FILE_IS_A_PART",
    "The file says that another page follows, so it is a part of the roll: nobody counts as having left.",
    whole_row=False,
)


def in_one(found: Any) -> tuple[Any, bool]:
    """The file with its pages put together, and whether the last one says that more follow."""
    if not (isinstance(found, list) and found and all(isinstance(page, dict) for page in found)):
        return found, _says_more(found, 0)
    key = next((name for name in found[0] if plain(name) in _RECORDS), "")
    if not key or not all(_is_page(page, key) for page in found):
        return found, False
    return {key: [record for page in found for record in page[key]]}, _says_more(found[-1], 0)


def _is_page(page: dict[str, Any], key: str) -> bool:
    return isinstance(page.get(key), list) and all(
        name == key or plain(name) in _ABOUT_THE_PAGE | _MORE for name in page
    )


def _says_more(found: Any, depth: int) -> bool:
    """Looks beside the records, never in one."""
    if not isinstance(found, dict) or depth > 4:
        return False
    return any(
        (
            plain(name) in _MORE
            and value not in (None, False, "", "false", 0)
            and not isinstance(value, dict | list)
        )
        or _says_more(value, depth + 1)
        for name, value in found.items()
    )
