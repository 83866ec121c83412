"""A passage shows its language by its letters and its small words, or it is not judged."""

from __future__ import annotations

import pytest

from everyfamily.checks.text.languages import name_of, other_script, other_words, small_words
from tests.factories.each import each

SAID = {
    "en": "If you think that a child is in danger now, you can call 999 from any phone, and it is free for you.",
    "pl": "Jeśli dziecko jest w niebezpieczeństwie, zadzwoń pod numer 999. To nie jest wina dziecka i nie ma kary.",
    "ro": "Dacă un copil este în pericol acum, sunați la 999. Nu este vina copilului și nu trebuie să vă fie teamă.",
    "cy": "Os yw plentyn mewn perygl nawr, ffoniwch 999. Nid yw hyn yn fai ar y plentyn, ac mae help ar gael i chi.",
    "fr": "Si un enfant est en danger, appelez le 999. Ce n’est pas la faute de votre enfant et vous pouvez parler.",
    "es": "Si un niño está en peligro, llame al 999. No es culpa de su hijo y usted puede hablar con una persona.",
    "pt": "Se uma criança está em perigo, ligue para o 999. Não é culpa do seu filho e você pode falar com uma pessoa.",
    "it": "Se un bambino è in pericolo, chiama il 999. Non è colpa di tuo figlio e si può parlare con una persona.",
    "de": "Wenn ein Kind in Gefahr ist, rufen Sie 999 an. Es ist nicht die Schuld von dem Kind, und wir sind da.",
    "lt": "Jei vaikas yra pavojuje, skambinkite 999. Tai ne jūsų vaiko kaltė ir jūs galite kalbėti su mumis apie tai.",
    "so": "Haddii ilmahaaga uu khatar ku jiro, wac 999. Ma aha qaladka ilmahaaga, waxaana la hadli kara qof ka mid ah.",
    "tr": "Bir çocuk tehlikede ise 999 ile arayın. Bu sizin çocuğunuz için bir suç değil ve konuşmak için geç değil.",
    "sq": "Nëse një fëmijë është në rrezik, telefononi 999. Nuk është faji i fëmijës dhe ju mund të flisni me ne.",
}


@each("language", SAID)
def test_each_language_is_told_by_its_small_words(language: str) -> None:
    assert other_words(SAID[language], "en" if language != "en" else "pl") == language
    assert other_words(SAID[language], f"{language}-XX") is None


def test_every_language_that_is_told_has_its_sentence_here() -> None:
    assert set(SAID) == set(small_words())


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("Call 999", "pl"),
        (SAID["pl"], "tlh"),
        ("Eastmere City Council, Civic Hall, Market Quay, Eastmere, telephone 0151 496 0120", "pl"),
        ("", None),
    ],
)
def test_what_cannot_be_told_is_not_judged(text: str, declared: str | None) -> None:
    assert other_words(text, declared) is None


@each(
    "text, declared, script",
    [
        ("إذا كان الطفل في خطر الآن", "en", "Arabic"),
        ("إذا كان الطفل في خطر الآن", "bn", "Arabic"),
        ("শিশুটি এখন বিপদে থাকলে ফোন করুন", "en", "Bengali"),
        ("Если ребёнок в опасности, звоните", None, "Cyrillic"),
        ("إذا كان الطفل في خطر الآن", "ar", None),
        ("إذا كان الطفل في خطر الآن", "ur-PK", None),
        ("إذا كان الطفل في خطر الآن", "pa-Arab", None),
        ("إذا كان الطفل في خطر الآن", "tlh", None),
        ("العربية, اردو", "en", None),
        ("Call 999", "ar", None),
    ],
)
def test_letters_of_another_script_are_seen(text: str, declared: str | None, script: str | None) -> None:
    found = other_script(text, declared)
    assert (found[2] if found else None) == script


def test_only_the_run_in_other_letters_is_pointed_at() -> None:
    text = "Call 999. إذا كان الطفل في خطر الآن. Thank you."
    found = other_script(text, "en")
    assert found is not None
    assert text[found[0] : found[1]] == "إذا كان الطفل في خطر الآن"


def test_a_language_has_its_name_or_its_tag() -> None:
    assert (name_of("pl"), name_of("en-GB"), name_of("ur")) == ("Polish", "English", "ur")
