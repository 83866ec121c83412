"""Shapes of sentences: steps, gaps, denials, clauses, and the forms of words."""

from __future__ import annotations

import pytest

from everyfamily.checks.text.inflection import noun_forms, verb_forms
from everyfamily.checks.text.prose import sentences
from everyfamily.checks.text.shapes import LONGEST_SENTENCE, Shape, Vocabulary, find, read

VOCABULARY = Vocabulary(
    verbs={"destroy": "wipe bin get_rid_of", "tell": "tell"},
    nouns={"trace": "message group_chat", "child": "child"},
    words={"your": "your their the"},
)


def _found(shape: str, text: str) -> list[str]:
    said = read(text, sentences(text), VOCABULARY)
    return [text[start:end] for sentence in said for start, end in find(Shape.of(shape), sentence)]


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("wipe", ("wipe", "wipes", "wiped", "wiping")),
        ("carry", ("carry", "carries", "carried", "carrying")),
        ("push", ("push", "pushes", "pushed", "pushing")),
        ("stop", ("stop", "stops", "stopped", "stopping")),
        ("agree", ("agree", "agrees", "agreed", "agreeing")),
        ("take away", ("take away", "takes away", "took away", "taken away", "taking away")),
        ("hide", ("hide", "hides", "hid", "hidden", "hiding")),
    ],
)
def test_a_verb_has_its_forms(verb: str, forms: tuple[str, ...]) -> None:
    assert verb_forms(verb) == forms


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("message", "messages"),
        ("child", "children"),
        ("family", "families"),
        ("group chat", "group chats"),
        ("watch", "watches"),
    ],
)
def test_a_noun_has_its_plural(noun: str, plural: str) -> None:
    assert noun_forms(noun) == (noun, plural)


def test_a_shape_knows_every_word_of_its_sets_in_every_form() -> None:
    shape = "@destroy ~3 @trace"
    assert _found(shape, "She wiped all of her messages.") == ["wiped all of her messages"]
    assert _found(shape, "They are getting rid of the group chat.") == ["getting rid of the group chat"]
    assert _found(shape, "He kept the messages.") == []


def test_a_form_can_be_asked_for() -> None:
    assert _found("@destroy/b", "He wiped it.") == []
    assert _found("@destroy/b", "Wiping it is wrong.") == ["Wiping"]
    assert _found("@destroy/p", "He wiped it.") == ["wiped"]


def test_a_gap_holds_no_denial_and_no_end_of_a_clause() -> None:
    assert _found("tell ~4 @trace", "Please tell us of any message.") == ["tell us of any message"]
    assert _found("tell ~4 @trace", "Please tell us: a message came.") == []
    assert _found("tell ~4 @trace", "Tell us and never a message.") == []
    assert _found("tell ~4 @trace", "Tell us. A message came.") == []
    assert _found("tell ~~4 @trace", "Tell us and never a message.") == ["Tell us and never a message"]


def test_advice_begins_a_clause_or_follows_a_word_that_leads_to_it() -> None:
    shape = "^ @destroy/b ~2 @trace"
    assert _found(shape, "Please wipe the messages.") == ["wipe the messages"]
    assert _found(shape, "Calm down, wipe the messages.") == ["wipe the messages"]
    assert _found(shape, "Gangs wipe the messages.") == []


def test_steps_may_be_missing_or_must_be() -> None:
    assert _found("bin @your? @trace", "bin messages") == ["bin messages"]
    assert _found("bin @trace -of_joy", "bin messages of joy") == []
    assert _found("bag_of_tricks|sack", "a bag of tricks") == ["bag of tricks"]


def test_a_possessive_is_in_its_noun_s_set() -> None:
    assert _found("@child @trace", "Your child's message.") == ["child's message"]


def test_a_shape_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="names no word"):
        Shape.of("~3 bag?")


def test_a_sentence_without_end_is_read_only_so_far() -> None:
    text = " ".join(["wipe"] * (LONGEST_SENTENCE + 50))
    assert len(read(text, [(0, len(text))], VOCABULARY)[0].words) == LONGEST_SENTENCE
