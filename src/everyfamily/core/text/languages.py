"""Languages by their English names, for staff. Pure."""

from __future__ import annotations

from functools import cache


@cache
def english_name(tag: str) -> str:
    """ "Urdu" of "ur" (BCP 47). A tag that nobody knows is its own name."""
    # Most commands name no language.
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(tag, sep="-").get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return tag
