"""The audit trail in plain words: every action of the source has a sentence, and an unknown one is still readable."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

from everyfamily.core.actors import ActorKind
from everyfamily.core.audit_words import HOW, KIND_WORDS, Kind, actions_of, said, what_was_done
from tests.factories.each import each

SRC = Path(__file__).parents[3] / "src" / "everyfamily"


WRITERS = {"record_event", "NewEvent", "_record", "record_of_key", "_settle", "_say"}
"""What adds an event, by the action: as a keyword, or first."""


def recorded() -> set[str]:
    """Every action that the source names where it adds an event."""
    return {
        str(part.value)
        for file in SRC.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in WRITERS
        for action in (*_first(call), *(word.value for word in call.keywords if word.arg == "action"))
        for part in ((action.body, action.orelse) if isinstance(action, ast.IfExp) else (action,))
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _first(call: ast.Call) -> list[ast.expr]:
    """Where a helper takes the action: after the school in `_settle`, otherwise first."""
    return call.args[1:2] if getattr(call.func, "id", "") == "_settle" else call.args[:1]


def test_every_action_has_words() -> None:
    assert recorded() - set(said()) == set(), "give it words in core/audit_words.py"


def test_every_kind_has_a_name_and_actions() -> None:
    assert set(KIND_WORDS) == set(Kind)
    assert all(actions_of(kind) for kind in Kind)
    assert set(HOW) == set(ActorKind)


@each(
    "action, subject, detail, name, words",
    [
        ("person invited", ("invitation", "4"), {"role": "lead"}, "", "invited somebody to be safeguarding lead"),
        ("seal letter", ("letter", "3"), {}, "letter ES-2703-K7R4", "sealed letter ES-2703-K7R4"),
        ("seal letter", ("letter", "3"), {}, "", "sealed letter 3"),
        ("set pace", ("provider", "smtp"), {}, "", "set the pace of provider smtp to (not recorded) a minute"),
        ("opt out", ("parent", "17"), {"channel": "text"}, "", "recorded that adult 17 wants nothing by text"),
        ("restriction", ("care", "3"), {"pupil": 20}, "", "changed who may have the letter about a child"),
        ("paint door", ("door", "9"), {}, "", "did this: paint door (door 9)"),
        ("paint door", ("", ""), {"x": 1}, "", "did this: paint door"),
    ],
)
def test_an_event_is_the_end_of_a_sentence(
    action: str, subject: tuple[str, str], detail: dict[str, object], name: str, words: str
) -> None:
    assert what_was_done(action, *subject, detail, name).words == words


@each(
    "action, detail, words",
    [
        ("say whose roll", {"ours": False}, "said that a held roll is not the school’s"),
        ("say whose roll", {"ours": True}, "said that a held roll is the school’s"),
        ("review restriction", {"to": "none"}, "decided that an adult may have the letter"),
        ("review restriction", {"to": "do not send"}, "decided that an adult must not have the letter"),
        ("review restriction", {"to": "hold"}, "decided that an adult waits"),
        ("approve letter", {"signatory": "police", "kind": "ed25519"}, "approved  for police (with a key file)"),
        (
            "write letter",
            {"sections": ["en danger", "en outside", "en talk", "ur newsletter/call"]},
            "changed words of : danger, subject and text messages and talk, in English; newsletter call, in Urdu",
        ),
        ("overtake letter", {"why": "pack"}, "made every approval of  void: it has a newer pack"),
        (
            "report dead route",
            {"place": "0151 496 0123"},
            "reported that the line 0151 496 0123 is dead",
        ),
    ],
)
def test_codes_of_a_detail_are_words(action: str, detail: dict[str, object], words: str) -> None:
    assert what_was_done(action, "", "", detail).words == words


def test_words_of_a_detail_are_shown_and_never_read_as_a_pattern() -> None:
    done = what_was_done("review restriction", "care", "1", {"to": "{subject.__class__}"})
    assert done.words == "decided that an adult {subject.__class__}"


def test_no_sentence_reaches_into_a_value() -> None:
    names = {name for _, words in said().values() for _, name, _, _ in Formatter().parse(words) if name}
    assert all(name.isidentifier() for name in names)
