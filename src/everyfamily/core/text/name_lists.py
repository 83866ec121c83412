"""Names in a list, as English joins them."""

from __future__ import annotations

from collections.abc import Sequence


def joined_names(names: Sequence[str]) -> str:
    """ "Eastmere City Council, Eastmere Police and Eastmere Health"; at least one name."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
