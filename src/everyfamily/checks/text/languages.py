"""Which language a passage is in, as far as its letters and its small words show. There is no corpus, and no guess from
one word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from everyfamily.core.files.data_tables import load_table

_SCRIPTS: Mapping[str, tuple[str, str]] = {
    "Greek": ("\u0370-\u03ff\u1f00-\u1fff", "el"),
    "Cyrillic": ("\u0400-\u052f", "ru uk bg sr mk be kk ky mn tg"),
    "Armenian": ("\u0530-\u058f", "hy"),
    "Hebrew": ("\u0590-\u05ff", "he yi"),
    "Arabic": (
        "\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
        "ar ur fa ps ku ckb sd ug pnb prs ks",
    ),
    "Devanagari": ("\u0900-\u0963\u0970-\u097f", "hi ne mr"),
    "Bengali": ("\u0980-\u09e5\u09f0-\u09ff", "bn as syl"),
    "Gurmukhi": ("\u0a00-\u0a65\u0a70-\u0a7f", "pa"),
    "Gujarati": ("\u0a80-\u0ae5\u0af0-\u0aff", "gu"),
    "Tamil": ("\u0b80-\u0bff", "ta"),
    "Telugu": ("\u0c00-\u0c7f", "te"),
    "Malayalam": ("\u0d00-\u0d7f", "ml"),
    "Sinhala": ("\u0d80-\u0dff", "si"),
    "Thai": ("\u0e00-\u0e7f", "th"),
    "Georgian": ("\u10a0-\u10ff", "ka"),
    "Ethiopic": ("\u1200-\u137f", "am ti"),
    "Chinese or Japanese": ("\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff", "zh yue ja"),
    "Korean": ("\u1100-\u11ff\uac00-\ud7af", "ko"),
}
"""Letters of a script, and the tags of languages written in it."""
ENOUGH_LETTERS = 12
"""Shorter runs are names: a list of languages gives each in its own letters."""
_OTHER_THAN_LATIN = re.compile("[\u0370-\u1fff\u3040-\ud7af\ufb50-\ufefc]")
_WORD = re.compile(r"[^\W\d_]{1,40}")
_READ = 4000
"""How many characters of a passage are read for its small words."""
_FEWEST_WORDS = 8
_FEWEST_DIFFERENT = 3
_SHARE = 0.25
_TIMES_OF_DECLARED = 2
_FEWEST_OF_A_TEXT = 12
_LEAST_ENGLISH = 0.1
"""Of the words of an English text, at least one in ten is small. In our letters it is one in four."""


def base(tag: str) -> str:
    """The language of a tag: "en" of "en-GB"."""
    return tag.split("-", 1)[0].lower()


def other_script(text: str, declared: str | None) -> tuple[int, int, str] | None:
    """The first run of letters that do not belong to the declared language: start, end, name of the script.

    None for a language that is not known here, and for one with a tag that names its script.
    """
    if _OTHER_THAN_LATIN.search(text) is None or not _can_judge(declared):
        return None
    for name, pattern, languages in _patterns():
        if declared is not None and base(declared) in languages:
            continue
        for found in pattern.finditer(text):
            if sum(character.isalpha() for character in found.group()) >= ENOUGH_LETTERS:
                return found.start(), found.end(), name
    return None


def other_words(text: str, declared: str | None) -> str | None:
    """The tag of a language whose small words fill the text, if few of the declared language's are in it.

    A file that declares nothing counts as English. None if the declared language is not known here.
    """
    known = small_words()
    expected = base(declared) if declared else "en"
    if expected not in known and expected not in _other_languages():
        return None
    words = [word.casefold() for word in _WORD.findall(text[:_READ])]
    if len(words) < _FEWEST_WORDS:
        return None
    counts = Counter(words)
    hits = {tag: sum(counts[word] for word in small) for tag, small in known.items()}
    best = max(hits, key=lambda tag: hits[tag])
    different = len(known[best] & counts.keys())
    is_clear = hits[best] >= _SHARE * len(words) and hits[best] >= _TIMES_OF_DECLARED * hits.get(expected, 0)
    return best if best != expected and is_clear and different >= _FEWEST_DIFFERENT else None


def unread(texts: Sequence[str]) -> tuple[bool, ...]:
    """Which paragraphs of a document nobody can read who only knows English.

    One counts if it has letters of another script or the small words of another language. If the whole has hardly any
    English in it, each paragraph without any counts too, in whatever language it is.
    """
    is_foreign = len(_WORD.findall(whole := " ".join(texts))) >= _FEWEST_OF_A_TEXT and not _has_english(whole)
    return tuple(
        other_script(text, "en") is not None
        or other_words(text, "en") is not None
        or (is_foreign and not _has_english(text))
        for text in texts
    )


def name_of(tag: str) -> str:
    """The English name of a language that is known here, or otherwise its tag."""
    return str(load_table(__file__).get(base(tag), {}).get("name", tag))


def _has_english(text: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(text)]
    return sum(word in small_words()["en"] for word in words) > _LEAST_ENGLISH * len(words)


@cache
def small_words() -> Mapping[str, frozenset[str]]:
    """The small words of each language that is recognised by them."""
    return {tag: frozenset(row["words"].split()) for tag, row in load_table(__file__).items()}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[str, re.Pattern[str], frozenset[str]]]:
    for name, (letters, languages) in _SCRIPTS.items():
        # Letters with a few marks, digits or spaces in between. It is possessive, so that no text is read twice.
        yield (
            name,
            re.compile(f"[{letters}]++(?:[^A-Za-z{letters}]{{1,4}}+[{letters}]++)*+"),
            frozenset(languages.split()),
        )


def _can_judge(declared: str | None) -> bool:
    if declared is None:
        return True
    names_script = any(len(part) == 4 and part.isalpha() for part in declared.split("-")[1:])
    return not names_script and (base(declared) in load_table(__file__) or base(declared) in _other_languages())


@cache
def _other_languages() -> frozenset[str]:
    return frozenset(tag for _, languages in _SCRIPTS.values() for tag in languages.split())
