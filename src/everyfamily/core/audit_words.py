"""The audit trail in plain words: what somebody did, as the end of a sentence that begins with who did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from everyfamily.core.actors import ActorKind
from everyfamily.core.files.data_tables import load_table
from everyfamily.core.text.languages import english_name
from everyfamily.core.text.name_lists import joined_names


class Kind(StrEnum):
    """What an event is about, for a filter."""

    ACCOUNTS = "accounts"
    SETTINGS = "settings"
    LETTERS = "letters"
    MAILINGS = "mailings"
    RETURNS = "returns"
    SCHOOLS = "schools"
    ROLLS = "rolls"
    KEYS = "keys"
    RUNNING = "running"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.ACCOUNTS: "People with accounts, and signing in",
    Kind.SETTINGS: "Settings of the partnership",
    Kind.LETTERS: "Letters",
    Kind.MAILINGS: "Mailings",
    Kind.RETURNS: "Returns",
    Kind.SCHOOLS: "Lists of schools and figures",
    Kind.ROLLS: "Rolls and decisions at a school",
    Kind.KEYS: "Keys",
    Kind.RUNNING: "Running the product",
}
AT_A_SCHOOL: Final = frozenset({Kind.ACCOUNTS, Kind.MAILINGS, Kind.RETURNS, Kind.ROLLS, Kind.KEYS})
"""What a school's own trail may have."""
HOW: Final[Mapping[str, str]] = {
    ActorKind.PERSON: "in a browser",
    ActorKind.COMMAND: "by a command",
    ActorKind.WORKER: "by the product itself",
    ActorKind.LINK: "by a link in a school’s mailbox",
}
"""How somebody came to act, by the kind of the actor."""

_PLACES: Final = {"outside": "subject and text messages"}
_ROLES: Final = {"lead": "safeguarding lead", "office": "school office", "dpo": "data protection officer"}


@dataclass(frozen=True, slots=True)
class Done:
    """What an event says: the words after the name of whoever did it."""

    words: str
    kind: Kind | None
    """None for an action that has no words yet."""


@cache
def said() -> Mapping[str, tuple[Kind, str]]:
    """An action -> what it is about, and its words (audit_words.toml)."""
    kinds: Mapping[str, Mapping[str, str]] = load_table(__file__)["said"]
    return {action: (Kind[kind], words) for kind, rows in kinds.items() for action, words in rows.items()}


def what_was_done(
    action: str, subject_type: str, subject_id: str, detail: Mapping[str, Any], subject: str = "", child: str = ""
) -> Done:
    """An event in words. `subject` is a name for what it was done to, if the caller knows one ("letter ES-2703-K7R4").
    `child` names the child whom it is about ("child S-20417"), which only its own school is shown: our number for it
    says nothing to anybody.

    An action without words of its own is still readable: by its own name and what it was done to.
    """
    subject = subject or " ".join(part for part in (subject_type, subject_id) if part)
    known = said().get(action)
    if known is None:
        return Done(f"did this: {action}" + (f" ({subject})" if subject else ""), None)
    kind, words = known
    values = {name: detail_in_words(action, name, value) for name, value in detail.items()}
    return Done(
        words.format_map(_Known(values | {"subject": subject, "id": subject_id, "child": child or "a child"})),
        kind,
    )


def detail_in_words(action: str, name: str, value: object) -> str:
    """One value of an event's detail, for people: "danger and talk, in English" of ["en danger", "en talk"]."""
    meanings = load_table(__file__)["values"].get(action, {}).get(name, {})
    if str(value) in meanings:
        return str(meanings[str(value)])
    if name == "sections" and isinstance(value, list):
        return _sections(value)
    if name == "language" and isinstance(value, str) and value:
        return english_name(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _ROLES.get(str(value)) or (", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _sections(places: list[object]) -> str:
    """Sections of a letter by their language. Each is "en danger", "en newsletter/call"."""
    by: dict[str, list[str]] = {}
    for place in places:
        language, _, section = str(place).partition(" ")
        by.setdefault(language, []).append(_PLACES.get(section, section.replace("/", " ")))
    return "; ".join(f"{joined_names(names)}, in {english_name(language)}" for language, names in by.items())


def actions_of(kind: Kind) -> tuple[str, ...]:
    """The actions that are about this."""
    return tuple(action for action, (about, _) in said().items() if about is kind)


class _Known(dict[str, str]):
    """What the detail of an older event does not say."""

    def __missing__(self, key: str) -> str:
        return "(not recorded)"
