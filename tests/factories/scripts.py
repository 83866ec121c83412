"""A letter in another script that nobody needs to translate: each English letter by one of that script.

It shows whether words are set, ordered and read out right. It says nothing about a language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.passages import LetterText, Passage, Section
from tests.factories.demonstration import demo_letter

_LATIN = "abcdefghijklmnopqrstuvwxyz"
ALPHABETS: Mapping[str, str] = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنه",
    "ur": "اٹپدےفگہیجکلمنوآقرستںڈڑچھگ",
    "ckb": "ابچدەفگهیژکلمنۆپقرستێڤڵڕێز",
    "bn": "অবচদএফগহইজকলমনওপছরসটউভঔখঘঝ",
    "pa": "ਅਬਚਦਏਫਗਹਇਜਕਲਮਨਓਪਖਰਸਟਉਵਘੜਯਝ",
    "pl": "ąbćdęfghijklłmńóprsśtuwyzż",
}
_KEPT = re.compile(r"\(\([^()]*\)\)|\S+\.[a-z]\S*|\S+@\S+|\b[A-Z]{2}-\d{4}-\w{4}\b|[^a-zA-Z]+")


def letter_in_script(language: str) -> Letter:
    """The demonstration's letter with one language more, in which gaps, numbers and addresses are as in English."""
    letter = demo_letter()
    table = str.maketrans(_LATIN + _LATIN.upper(), ALPHABETS[language] * 2)

    def shorter(word: str) -> str:
        """Half as long: languages of these scripts are mostly shorter than English, and two pages are full."""
        return word.translate(table)[: -(-len(word) // 2)]

    def words(text: str) -> str:
        kept = _KEPT.findall(text)
        others = _KEPT.split(text)
        return "".join(shorter(one) + (kept[at] if at < len(kept) else "") for at, one in enumerate(others))

    def passage(one: Passage) -> Passage:
        return replace(one, text=words(one.text), aside=words(one.aside) if one.aside else None)

    def section(one: Section) -> Section:
        heading = passage(one.heading) if one.heading else None
        return Section(one.id, heading, tuple(map(passage, one.passages)))

    english = letter.english
    text = LetterText(
        language,
        passage(english.title),
        tuple(map(section, english.sections)),
        english.subject,
        english.preheader,
        english.sms,
    )
    return replace(letter, texts={**letter.texts, language: text})
