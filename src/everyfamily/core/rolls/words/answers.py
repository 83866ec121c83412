"""What a person answered in words: "Yes (shared)", "no - lives with gran", "none (sorry, new phone!)", "not sure".

The first word counts, if the others do not contradict it. A yes that frees somebody needs every other word to be known.
A no does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection

NOTHING_SAID = "nothing said"
"""For an answer that is about something else: "please ring me first"."""
_LEAD = re.compile(r"(?P<lead>[a-z]+(?:/a)?)(?P<rest>(?:[^a-z].*)?)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_HALVES = re.compile(r"\b50 ?[/:-] ?50\b")
_NOTHING = ("none", "nil", "nothing")
_LONGEST = 200


class AnswersInWords:
    """Reads answers with lists of words: those that begin a yes, a no or a "not known", and harmless ones."""

    def __init__(
        self,
        leads: dict[str, str],
        unknown: Collection[str],
        *,
        with_yes: Collection[str],
        with_no_orders: Collection[str],
        about_else: Collection[str],
    ) -> None:
        self._leads = leads
        self._unknown = unknown
        self._with_yes = with_yes
        self._with_no_orders = with_no_orders
        self._about_else = about_else

    def yes_no_unknown(self, text: str) -> str | None:
        """About responsibility and care: "yes", "no", "unknown", or None if the words may mean something else."""
        lead, rest = self._split(_HALVES.sub(" ", text))
        if lead == "no":
            # "None" is how some systems write that there is nothing.
            return lead if rest or _words(text)[0] not in _NOTHING else None
        return None if lead == "yes" and not all(word in self._with_yes for word in rest) else lead

    def of_orders(self, text: str) -> str | None:
        """About orders and restrictions: "no", NOTHING_SAID, or None for anything else."""
        lead, rest = self._split(text)
        if lead == "unknown":
            return NOTHING_SAID
        if lead == "no":
            return (
                lead if all(word in self._with_no_orders or word in self._about_else for word in rest) else None
            )
        words = _words(text)
        return NOTHING_SAID if words and all(word in self._about_else for word in words) else None

    def _split(self, text: str) -> tuple[str | None, list[str]]:
        plain = " ".join(text.casefold().replace("\u2019", "'").split())
        if not plain or len(plain) > _LONGEST:
            return None, []
        if plain.strip(" .!?()") in self._unknown:
            return "unknown", []
        found = _LEAD.fullmatch(plain.lstrip(" (*-"))
        if not found or found["lead"] not in self._leads:
            return None, []
        return self._leads[found["lead"]], _words(found["rest"])


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("\u2019", "'"))
