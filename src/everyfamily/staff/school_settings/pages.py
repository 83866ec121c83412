"""What the page of a school's settings shows, and what is read from its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.schools.own_settings import OwnSettings, SettingNotGood, Typed
from everyfamily.core.sending.channel_policy import CHOICE_WORDS, PolicyNotGood, choice_of, in_words
from everyfamily.core.text.dates import day_in_words
from everyfamily.people.actions.schools.own_settings import SettingsChanged, own_settings
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit

_LONGEST = 200


def typed_of(posted: Mapping[str, str]) -> Typed:
    """What was posted, cut where nothing good could be that long."""
    return Typed(
        lead_role=posted.get("lead_role", "")[:_LONGEST],
        phone=posted.get("phone", "")[:_LONGEST],
        has_rung=posted.get("has_rung") == "yes",
        keep_days=posted.get("keep_days", "")[:_LONGEST],
        channels=posted.get("channels", "")[:_LONGEST],
    )


def settings_values(
    visit: Visit, school: SchoolFacts, typed: Typed | None = None, problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    """The page: what is set, or what was typed."""
    now = own_settings(school.id)
    each = problem.each if isinstance(problem, SettingNotGood) else ()
    return {
        "here": "schools",
        "school": school,
        "now": now,
        "typed": typed or _as_set(now),
        "moved": _moved(now, typed) if typed and isinstance(problem, SettingsChanged) else [],
        "checked_on": day_in_words(now.phone_checked_at.astimezone(LONDON).date())
        if now.phone_checked_at
        else "",
        "choices": CHOICE_WORDS.items(),
        "own_policy": "" if choice_of(now.channel_policy) else _own_policy(now),
        "sends_itself": school.sends == "school",
        "problem": None if each else problem,
        "problems": each,
        "wrong": {one.field: one for one in each},
        "problem_at": "channels-all" if isinstance(problem, PolicyNotGood) else "",
    }


def said_of(done: list[str]) -> str:
    """What the next page tells whoever saved."""
    return "Saved." if done else "Nothing was different, so nothing was saved."


def _as_set(now: OwnSettings) -> Typed:
    return Typed(
        now.lead_role,
        now.phone,
        has_rung=False,
        keep_days=str(now.keep_days),
        channels=choice_of(now.channel_policy),
    )


def _own_policy(now: OwnSettings) -> str:
    try:
        return in_words(now.channel_policy)
    except PolicyNotGood:
        return "Something that nobody can send by. Choose another"


def _moved(now: OwnSettings, typed: Typed) -> list[str]:
    """What is set now where it is not what was typed."""
    is_set = {
        "What your lead is called": (now.lead_role, typed.lead_role),
        "Telephone number": (now.phone or "none", typed.phone or "none"),
        "Days kept": (str(now.keep_days), typed.keep_days),
        "How we send": (
            CHOICE_WORDS.get(choice_of(now.channel_policy), ""),
            CHOICE_WORDS.get(typed.channels, ""),
        ),
    }
    return [f"{name}: now {here}" for name, (here, there) in is_set.items() if here != there and here]
