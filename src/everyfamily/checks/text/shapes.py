"""Shapes of a sentence: words and sets of words in a sequence, with space between them.

A shape says "somebody advises, a verb of destroying, something that is evidence", and matches every letter that says
this in any words of the sets. It is written as steps, separated by spaces:

    bag             this word, small; bag_of_tricks  these words
    @trace          a word of the set, in any of its forms
    @destroy/b      a verb's bare form and -ing; @destroy/p  its past forms
    a|@b            either of them
    step?           the step may be missing
    ~4              up to four words between, none of which denies, and no end of a clause other than a comma
    ~~4             the same, and any of them may deny
    -a|@b           not followed by any of these
    ^               what follows begins a clause, or follows a word that leads to advice (please, and, then, to, should)

Words in between are never taken from another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from everyfamily.checks.text.inflection import noun_forms, verb_forms

LONGEST_SENTENCE = 120
"""How many words of a sentence are read. A longer run is a table or hostile."""
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*'?")
_CLAUSE_END = re.compile(r"[,;:()\n•–—!?.\"…-]")
_HARD_END = re.compile(r"[;:()!?.…]")
_DENIES_WORDS = """
not never nor don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't cannot couldn't
shouldn't haven't hasn't hadn't without nobody
"""
_DENIES = frozenset(_DENIES_WORDS.split())
_LEADS_TO_ADVICE_WORDS = """
and or but please then just also simply to should must can could may might would will you so by always
first immediately kindly consider recommend suggest advise try start worth before do either quickly
quietly even now best let's regularly routinely of about parents carers ensure need
"""
_LEADS_TO_ADVICE = frozenset(_LEADS_TO_ADVICE_WORDS.split())


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what may be there, or a gap, or what must not be there."""

    words: frozenset[str] = frozenset()
    """Single words and "@set" or "@set/b" names. One of them must be here."""
    phrases: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    """Runs of words, by their first word."""
    gap: int = 0
    may_deny: bool = False
    """Whether words in the gap may deny what follows."""
    is_optional: bool = False
    is_denied: bool = False
    begins_clause: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """If the step fits, a sentence has at least one of these."""
        return self.words | self.phrases.keys()

    @property
    def is_required(self) -> bool:
        """Whether a sentence without any of its keys cannot fit."""
        return not (self.gap or self.is_optional or self.is_denied or self.begins_clause)


@dataclass(frozen=True, slots=True)
class Shape:
    """The steps, and the keys of the rarest step. One of these keys must be there."""

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, written: str) -> Shape:
        """Read a shape. Raises ValueError for a shape without a word."""
        steps = tuple(_step(word) for word in written.split())
        if not any(step.is_required for step in steps):
            raise ValueError(f"the shape names no word: {written}")
        return cls(steps)

    def anchor(self, common: frozenset[str]) -> frozenset[str]:
        """The keys of the first required step that no common word matches, or otherwise of the first."""
        required = [step.keys for step in self.steps if step.is_required]
        return next((keys for keys in required if keys.isdisjoint(common)), required[0])


def _step(written: str) -> Step:
    if written == "^":
        return Step(begins_clause=True)
    if written.startswith("~"):
        return Step(gap=int(written.strip("~")), may_deny=written.startswith("~~"))
    is_denied = written.startswith("-")
    is_optional = written.endswith("?")
    choices = written.removeprefix("-").removesuffix("?").split("|")
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for choice in choices:
        if "_" in choice and choice[0] != "@":
            run = tuple(choice.split("_"))
            phrases.setdefault(run[0], []).append(run)
    singles = frozenset(choice for choice in choices if choice[0] == "@" or "_" not in choice)
    return Step(singles, phrases, is_optional=is_optional, is_denied=is_denied)


@dataclass(frozen=True)
class Vocabulary:
    """Sets of words: verbs and nouns in all their forms, and words that have one form."""

    verbs: Mapping[str, str]
    nouns: Mapping[str, str]
    words: Mapping[str, str]

    @cached_property
    def forms(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]]:
        """By first word: the words that follow it, and the keys that it then has."""
        found: dict[str, dict[tuple[str, ...], list[str]]] = {}

        def add(form: str, *keys: str) -> None:
            first, *rest = form.split()
            found.setdefault(first, {}).setdefault(tuple(rest), []).extend(keys)

        for name, verbs in self.verbs.items():
            for verb in _listed(verbs):
                for form in verb_forms(verb):
                    head = form.partition(" ")[0]
                    is_bare = form == verb or head.endswith("ing")
                    is_past = form != verb and not head.endswith(("ing", "s"))
                    add(form, f"@{name}", *[f"@{name}/b"] * is_bare, *[f"@{name}/p"] * is_past)
        for name, nouns in self.nouns.items():
            for noun in _listed(nouns):
                for form in noun_forms(noun):
                    add(form, f"@{name}")
        for name, words in self.words.items():
            for word in _listed(words):
                add(word, f"@{name}")
        return {
            first: sorted(((rest, tuple(keys)) for rest, keys in rests.items()), key=lambda one: -len(one[0]))
            for first, rests in found.items()
        }


def _listed(words: str) -> Iterator[str]:
    """The entries of a set: words separated by spaces. An entry of several words has "_" between them."""
    return (word.replace("_", " ") for word in words.split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence, where they are in the text, and which keys each of them has."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    opens: tuple[bool, ...]
    """Whether a clause begins with the word."""
    hard: tuple[bool, ...]
    """Whether more than a comma separates the word from the one before."""
    at: tuple[Mapping[str, int], ...]
    """For each word its sets, and how many words the entry has."""
    keys: frozenset[str]


def read(text: str, sentences: Sequence[tuple[int, int]], vocabulary: Vocabulary) -> tuple[Sentence, ...]:
    """The sentences of a folded text."""
    return tuple(_read(text, start, end, vocabulary) for start, end in sentences)


def _read(text: str, start: int, end: int, vocabulary: Vocabulary) -> Sentence:
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    opens: list[bool] = []
    hard: list[bool] = []
    last = start
    for match in _WORD.finditer(text, start, end):
        between = text[last : match.start()]
        words.append(match.group().lower().rstrip("'"))
        spans.append((match.start(), match.start() + len(match.group().rstrip("'"))))
        opens.append(last == start or bool(_CLAUSE_END.search(between)))
        hard.append(bool(_HARD_END.search(between)))
        last = match.end()
        if len(words) >= LONGEST_SENTENCE:
            break
    at = tuple(_keys_at(words, index, vocabulary) for index in range(len(words)))
    keys = frozenset(words).union(*at)
    return Sentence(tuple(words), tuple(spans), tuple(opens), tuple(hard), at, keys)


def _keys_at(words: Sequence[str], index: int, vocabulary: Vocabulary) -> dict[str, int]:
    word = words[index]
    entries = vocabulary.forms.get(word) or vocabulary.forms.get(word.removesuffix("'s"))
    found: dict[str, int] = {}
    for rest, keys in entries or ():
        if not rest or tuple(words[index + 1 : index + 1 + len(rest)]) == rest:
            for key in keys:
                found.setdefault(key, 1 + len(rest))
    return found


def find(shape: Shape, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The places in the text where the shape fits, without overlaps."""
    if any(step.is_required and step.keys.isdisjoint(sentence.keys) for step in shape.steps):
        return
    position, count = 0, len(sentence.words)
    while position < count:
        end = _fits(shape.steps, 0, sentence, position)
        if end > position:
            yield sentence.spans[position][0], sentence.spans[end - 1][1]
            position = end
        else:
            position += 1


def _fits(steps: Sequence[Step], index: int, sentence: Sentence, at: int) -> int:
    """Where the words that fit the steps from `index` onwards end, or -1."""
    if index == len(steps):
        return at
    step = steps[index]
    if step.gap:
        return _over_gap(steps, index, sentence, at)
    if step.begins_clause:
        return _fits(steps, index + 1, sentence, at) if _begins(sentence, at) else -1
    if step.is_denied:
        return -1 if _lengths(step, sentence, at) else _fits(steps, index + 1, sentence, at)
    is_parted = (
        index > 0 and 0 < at < len(sentence.words) and sentence.hard[at] and not steps[index - 1].begins_clause
    )
    for length in () if is_parted else _lengths(step, sentence, at):
        if (end := _fits(steps, index + 1, sentence, at + length)) >= 0:
            return end
    return _fits(steps, index + 1, sentence, at) if step.is_optional else -1


def _over_gap(steps: Sequence[Step], index: int, sentence: Sentence, at: int) -> int:
    step = steps[index]
    for skipped in range(step.gap + 1):
        if at + skipped > len(sentence.words):
            break
        if skipped and sentence.hard[at + skipped - 1]:
            break
        if skipped and not step.may_deny and sentence.words[at + skipped - 1] in _DENIES:
            break
        if (end := _fits(steps, index + 1, sentence, at + skipped)) >= 0:
            return end
    return -1


def _begins(sentence: Sentence, at: int) -> bool:
    if at >= len(sentence.words):
        return False
    return sentence.opens[at] or sentence.words[at - 1] in _LEADS_TO_ADVICE


def _lengths(step: Step, sentence: Sentence, at: int) -> Sequence[int]:
    """How many words the step may take from here: first runs as written, then the longest entry of a set."""
    if at >= len(sentence.words):
        return ()
    word, keys = sentence.words[at], sentence.at[at]
    single = (1,) if word in step.words else ()
    runs = step.phrases.get(word, ())
    if not runs and (not keys or step.words.isdisjoint(keys)):
        return single
    fitting = [len(run) for run in runs if sentence.words[at : at + len(run)] == run]
    lengths = {*single, *(keys[key] for key in step.words.intersection(keys))}
    return [*fitting, *sorted(lengths, reverse=True)]
