"""What a school's office does about each kind of row or value that was set aside, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.core.files.data_tables import load_table
from everyfamily.core.rolls.model.roll_rows import NOT_REPEATED, SetAside

# A file can only close: a better one does not free the adult.
_DECIDE_NOW = "The school's lead decides about this adult now."

_IF_IT_CLOSES = {
    "RESTRICTION_NOT_KNOWN": "do not send",
    "COURT_ORDER_NOT_KNOWN": "yes",
    "CORRESPONDENCE_NOT_KNOWN": "no",
}


def sentences() -> Mapping[str, str]:
    """What to do, by code."""
    return load_table(__file__)


def what_to_do(one: SetAside) -> str:
    """About one row or value. Whoever wrote that somebody must be kept away is not asked to write yes or no."""
    if one.value == NOT_REPEATED and (answer := _IF_IT_CLOSES.get(one.code)):
        return f"If the adult must not have the letter, write “{answer}” for next time. {_DECIDE_NOW}"
    return sentences().get(one.code, "")
