"""What somebody does about a fault, and on which page: one shape for findings and for letters that cannot be made."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from everyfamily.core.calendar.year_plan import TermNotPlanned
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.core.letter.compose import TopicNotPlanned
from everyfamily.core.packs.overrides import OverrideStale
from everyfamily.core.partnership.partnership import RouteUnknown
from everyfamily.core.permissions import Held, Right
from everyfamily.letters.draft_queries.words import NoSettings
from everyfamily.staff.letters.who_does import who_does


@dataclass(frozen=True, slots=True)
class Mend:
    """What somebody does about it, and where."""

    about: str
    """What it is about, in place of the words of a section. Empty: the fault has said it."""
    how: tuple[str, ...]
    """In place of words to write. Empty: the fault's own are right."""
    link: str = ""
    """The words of the link. Empty: there is no page for whoever reads this, and `how` says who sees to it."""
    address: str = ""


def in_settings(held: Held) -> Mend:
    """Something that the settings say."""
    about, how = "It comes from the settings.", "Its words are in the settings."
    if not held.may(Right.CHANGE_SETTINGS):
        return Mend(about, (f"{how} {who_does(Right.CHANGE_SETTINGS, 'change them')}",))
    return Mend(about, (how,), "Open the settings", reverse("settings"))


def of_problem(problem: EveryfamilyError, reference: str, held: Held) -> Mend | None:
    """Where it is put right that a letter cannot be made. None if no page can do that."""
    if isinstance(problem, OverrideStale):
        return Mend("", (), "See what the pack changed", reverse("letter-pack", args=[reference]))
    if isinstance(problem, TermNotPlanned | TopicNotPlanned):
        if not held.may(Right.PLAN_YEAR):
            return Mend("", (who_does(Right.PLAN_YEAR, "change the plan"),))
        return Mend("", (), "Change the year’s plan", reverse("year-plan"))
    if isinstance(problem, RouteUnknown | NoSettings | TomlNotValid):
        return in_settings(held)
    return None
