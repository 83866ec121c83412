"""How many syllables an English word has, judged by its spelling. No list of pronunciations is read at run time.

It counts groups of vowels, less the silent ones, plus those in which two neighbouring vowels are spoken separately.
tests/unit/checks/test_syllables.py measures how often that is right, against a dictionary of pronunciation.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouy]+")
_NOT_LETTERS = re.compile(r"[^a-z]+")

_SILENT = re.compile(
    r"(?<=[^aeiouy])e$"  # have, since
    r"|(?<=[^aeiouydt])ed$(?<!dred)"  # asked; not needed, wanted
    r"|(?<=[^aeiouycgsxz])es$(?<!ches)(?<!shes)"  # homes; not houses, places, watches
    r"|(?<=[^aeiouylt])e(?=(?:ments?|ly|ful|fully|less|ness|times?|body|one|things?|where|place|works?|how|holds?)$)"
    r"|(?<=[aeiou][lt])e(?=(?:ments?|ly|ful|fully|less|ness|time|body)$)"  # lately; not settlement
    r"|(?<=^ev)e(?=ry)|(?<=^saf)e(?=[tg])|(?<=^guid)e|(?<=^mor)e|(?<=^ther)e|(?<=^lik)e|(?<=^wedn)e"
    r"|(?<=ic)a(?=lly$)|(?<=t)i(?=on)(?<!ti)"  # basically
)
_APART = re.compile(
    r"(?<![tcsgx])i[ao](?!n$(?<=[ln]ion))(?!ns$(?<=[ln]ions))(?!nship)(?!r$(?<=nior))"  # not social, nor million
    r"|(?<=[dnrv])i(?:um|us)"
    r"|[^aeioutcsxq]ie(?:t|nt|nce|rs?$|st$)(?<![^aeiou]tier)(?<!pier)(?<!fier)"  # society, earlier
    r"|eo(?!us|n$|ns$|p|r)|ea(?:te|ti|lity|s?$(?<=[dr]ea)|s$(?<=[dr]eas))|seu(?=m)|nea(?=r$)(?<=.nea)"
    r"|u(?:al|ate|ar|ous|ity|ent|el)(?<!q...)(?<!g...)"
    r"|[aeiouy]ing(?!s?t)|yi(?!e)|iet|oe[mt]|coo(?=rd)|yo(?=ne$)|who(?=e)"
)
_BEATS = re.compile(r"[^aeiouylr]l(?:e|es|ed)$|[^aeiouy]res?$(?<=[ct]re)|sm$|sms$|thm$|[sd]nt$")


def count(word: str) -> int:
    """Syllables of one word, at least one. Anything that is not a letter is left out. A hyphen separates two words."""
    return sum(_count(part) for part in word.lower().split("-") if part) or 1


@lru_cache(maxsize=20_000)
def _count(word: str) -> int:
    letters = _NOT_LETTERS.sub("", word.removesuffix("'s"))
    groups = len(_VOWELS.findall(letters))
    if not groups:
        return len(letters)  # spoken letter by letter: "pdf"
    silent, apart, beats = (len(pattern.findall(letters)) for pattern in (_SILENT, _APART, _BEATS))
    return max(1, groups - silent + apart + beats)
