"""The site's short words: every catalogue whole, its header told, and days and hours as a language writes them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from everyfamily.core.partnership.route_hours import DAY, RouteHours, Span
from everyfamily.parentsite.furniture import Furniture, furniture_languages, furniture_of, read_furniture
from tests.factories.each import each
from tests.factories.sealed import DRAFTS

HEADER = 'msgid ""\nmsgstr ""\n'
WORDS = '\nmsgid "Open now"\nmsgstr "Otwarte"\n'
OFFICE = RouteHours(tuple(Span(day, 540, 1050) for day in range(5)))


def catalogue(*header: str, words: str = WORDS) -> Furniture:
    lines = "".join(f'"{line}\\n"\n' for line in header)
    return read_furniture("pl", f"# Polish words.\n{HEADER}{lines}{words}".encode())


READ = f"X-Checked-Digest: {catalogue().own_digest}"
"""What the reader of these tests' catalogue writes into its header."""


def test_english_is_the_first_of_the_languages() -> None:
    assert furniture_languages() == ("en", *DRAFTS)


@pytest.mark.parametrize(
    ("tag", "name", "direction"),
    [
        ("en", "English", "ltr"),
        ("pl", "Polski", "ltr"),
        ("ar", "العربية", "rtl"),
        ("ur", "اردو", "rtl"),
        ("bn", "বাংলা", "ltr"),
        ("pa", "ਪੰਜਾਬੀ", "ltr"),
        ("ckb", "کوردی (سۆرانی)", "rtl"),
    ],
)
def test_a_language_has_its_own_name_and_direction(tag: str, name: str, direction: str) -> None:
    furniture = furniture_of(tag)
    assert (furniture.own_name, furniture.direction, furniture.tag) == (name, direction, tag)


def test_a_language_with_a_script_or_a_region_is_known() -> None:
    assert Furniture("pt-BR").own_name == "Português (Brasil)"
    assert Furniture("zh-Hant").direction == "ltr"


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        furniture_of("cy")


def test_english_needs_no_catalogue_and_no_reader() -> None:
    english = furniture_of("en")
    assert english.say("Open now") == "Open now"
    assert english.is_reviewed
    assert english.missing == ()


@pytest.mark.parametrize("tag", DRAFTS)
def test_a_catalogue_says_who_made_it_and_that_nobody_read_it(tag: str) -> None:
    """They were made by a machine. Whoever reads one writes their name there, and takes it out of this test."""
    furniture = furniture_of(tag)
    assert furniture.translator == "everyfamily (machine draft)"
    assert furniture.checker is None
    assert not furniture.is_reviewed
    assert furniture.missing == ()


@each(
    "header, translator, checker, reviewed",
    [
        (("Last-Translator: T. Person", "X-Checker: C. Person", READ), "T. Person", "C. Person", True),
        ((READ, "X-Checker: C. Person", "Last-Translator: T. Person"), "T. Person", "C. Person", True),
        (("last-translator: T. Person", "x-checker:C. Person", READ.lower()), "T. Person", "C. Person", True),
        (("Last-Translator: T. Person", "X-Checker: ", READ), "T. Person", None, False),
        (("Last-Translator: T. Person", READ), "T. Person", None, False),
        (("Last-Translator: T. Person", "X-Checker: t.  person", READ), "T. Person", "t.  person", False),
        (("Last-Translator: ", "X-Checker: C. Person", READ), None, "C. Person", False),
        (("X-Checker: C. Person", READ), None, "C. Person", False),
        (("Last-Translator: T: Person", READ), "T: Person", None, False),
        ((), None, None, False),
        (("Last-Translator: T. Person", "X-Checker: C. Person"), "T. Person", "C. Person", False),
        (
            ("Last-Translator: T. Person", "X-Checker: C. Person", "X-Checked-Digest: "),
            "T. Person",
            "C. Person",
            False,
        ),
        (
            ("Last-Translator: T. Person", "X-Checker: C. Person", "X-Checked-Digest: 0123456789abcdef"),
            "T. Person",
            "C. Person",
            False,
        ),
    ],
)
def test_a_catalogue_counts_as_read_by_a_second_person_only(
    header: tuple[str, ...], translator: str | None, checker: str | None, reviewed: bool
) -> None:
    furniture = catalogue(*header)
    assert (furniture.translator, furniture.checker, furniture.is_reviewed) == (translator, checker, reviewed)


def test_a_word_changed_after_its_checker_read_it_needs_a_second_reader_again() -> None:
    header = ("Last-Translator: T. Person", "X-Checker: C. Person", READ)
    assert catalogue(*header).is_reviewed
    changed = catalogue(*header, words=WORDS.replace("Otwarte", "Zamknięte"))
    assert not changed.is_reviewed
    more = catalogue(*header, words=WORDS + '\nmsgid "Menu"\nmsgstr "Menu"\n')
    assert not more.is_reviewed
    assert len({changed.own_digest, more.own_digest, changed.checked_digest}) == 3


def test_the_digest_is_of_the_words_alone() -> None:
    both = '\nmsgid "Menu"\nmsgstr "Menu"\n'
    assert catalogue(words=WORDS + both).own_digest == catalogue(words=both + WORDS).own_digest
    assert catalogue("Last-Translator: T. Person").own_digest == catalogue().own_digest
    assert re.fullmatch(r"[0-9a-f]{16}", catalogue().own_digest)


def test_a_header_that_an_editor_broke_into_lines_is_read() -> None:
    po = f'{HEADER}"Last-Translator: T. "\n"Person\\n"\n"X-Checker: C. Person\\n"\n{WORDS}'
    furniture = read_furniture("pl", po.encode())
    assert (furniture.translator, furniture.checker) == ("T. Person", "C. Person")


def test_a_header_with_the_line_ends_of_windows_is_read() -> None:
    po = f'{HEADER}"Last-Translator: T. Person\\n"\n"X-Checker: C. Person\\n"\n{WORDS}'
    furniture = read_furniture("pl", po.replace("\n", "\r\n").encode())
    assert (furniture.translator, furniture.checker) == ("T. Person", "C. Person")
    assert furniture.say("Open now") == "Otwarte"


def test_no_word_of_the_body_is_taken_for_the_header() -> None:
    assert catalogue(words='\nmsgid "X"\nmsgstr "X-Checker: C. Person\\n"\n').checker is None


def test_words_without_translation_are_told_and_stand_in_english() -> None:
    words = '\nmsgid "Open now"\nmsgstr ""\n\n#, fuzzy\nmsgid "Closed now"\nmsgstr "?"\n\nmsgid "Menu"\nmsgstr "Menu"\n'
    furniture = catalogue(words=words)
    assert furniture.missing == ("Open now", "Closed now")
    assert furniture.say("Open now") == "Open now"
    assert furniture.say("Closed now") == "Closed now"
    assert furniture.say("Never heard of {it}", it="this") == "Never heard of this"


def test_places_in_the_words_are_filled() -> None:
    furniture = catalogue(words='\nmsgid "Dated {day}."\nmsgstr "Z dnia {day}."\n')
    assert furniture.say("Dated {day}.", day="2 marca") == "Z dnia 2 marca."
    assert furniture.say("Dated {day}.", day="{x}") == "Z dnia {x}."


@each(
    "words",
    [
        "Z dnia.",
        "Z dnia {date}.",
        "Z dnia {day} {day}.",
        "Z dnia {day} {place}.",
        "Z dnia {}.",
        "Z dnia {day.__class__}.",
        "Z dnia {day!r}.",
        "Z dnia {day:>9999999}.",
        "Z dnia {day:{place}}.",
        "Z dnia {day.",
        "Z dnia day}.",
        "Z dnia {{day}}.",
        *(f"Z dnia {mark}{{day}}." for mark in ("\u200b", "\u202e", "\u2066", "\ufeff")),
    ],
)
def test_words_that_fill_other_gaps_or_hold_an_unseen_mark_count_as_missing(words: str) -> None:
    furniture = catalogue(words=f'\nmsgid "Dated {{day}}."\nmsgstr "{words}"\n{WORDS}')
    assert furniture.missing == ("Dated {day}.",)
    assert furniture.say("Dated {day}.", day="2 March") == "Dated 2 March."
    assert furniture.say("Open now") == "Otwarte"


def test_a_gap_that_the_english_does_not_have_counts_as_missing() -> None:
    assert catalogue(words='\nmsgid "Menu"\nmsgstr "Menu {day}"\n').missing == ("Menu",)
    assert catalogue(words='\nmsgid "Menu"\nmsgstr "Me{nu"\n').missing == ("Menu",)


def test_gaps_may_stand_in_another_order_and_joiners_are_writing() -> None:
    words = '\nmsgid "{first} to {last}"\nmsgstr "do {last}\u200c od {first}"\n'
    furniture = catalogue(words=words)
    assert furniture.missing == ()
    assert furniture.say("{first} to {last}", first="a", last="b") == "do b\u200c od a"


@pytest.mark.parametrize(
    ("tag", "day"),
    [
        ("en", "2 March 2027"),
        ("pl", "2 marca 2027"),
        ("ar", "2 مارس 2027"),
        ("ur", "2 مارچ 2027"),
        ("pt", "2 de março de 2027"),
        ("ro", "2 martie 2027"),
        ("so", "2 Maarso 2027"),
        ("uk", "2 березня 2027"),
        ("bn", "2 মার্চ 2027"),
        ("ckb", "2 ئازار 2027"),
        ("pa", "2 ਮਾਰਚ 2027"),
    ],
)
def test_a_day_is_in_full_with_the_digits_of_the_letter(tag: str, day: str) -> None:
    assert furniture_of(tag).day(date(2027, 3, 2)) == day


@pytest.mark.parametrize(
    ("tag", "first", "last"),
    [
        ("en", "Monday", "Friday"),
        ("pl", "poniedziałek", "piątek"),
        ("ar", "الاثنين", "الجمعة"),
        ("ur", "پیر", "جمعہ"),
        ("pt", "segunda-feira", "sexta-feira"),
        ("ro", "luni", "vineri"),
        ("so", "Isniin", "Jimco"),
        ("bn", "সোমবার", "শুক্রবার"),
        ("ckb", "دووشەممە", "ھەینی"),
        ("pa", "ਸੋਮਵਾਰ", "ਸ਼ੁੱਕਰਵਾਰ"),
        ("uk", "понеділок", "пʼятниця"),
    ],
)
def test_hours_are_as_the_language_writes_them_with_western_digits(tag: str, first: str, last: str) -> None:
    (line,) = furniture_of(tag).hours(OFFICE)
    assert 0 <= line.index(first) < line.index(last) < line.index("9:00") < line.index("17:30")
    assert "".join(digit for digit in line if digit.isdigit()) == "9001730"


def test_english_hours_read_as_a_sentence_would() -> None:
    assert furniture_of("en").hours(OFFICE) == ["Monday to Friday: 9:00 to 17:30"]


@pytest.mark.parametrize("tag", ["en", *DRAFTS])
def test_a_line_that_is_always_answered_says_so_in_words(tag: str) -> None:
    (line,) = furniture_of(tag).hours(RouteHours())
    assert line == furniture_of(tag).say("Any time, day or night")
    assert (line == "Any time, day or night") is (tag == "en")


def test_each_run_of_days_has_its_line() -> None:
    opening = RouteHours((Span(0, 540, 720), Span(0, 780, 1020), Span(1, 540, 720), Span(6, 0, DAY)))
    assert furniture_of("en").hours(opening) == [
        "Monday: 9:00 to 12:00, 13:00 to 17:00",
        "Tuesday: 9:00 to 12:00",
        "Sunday: 0:00 to 0:00",
    ]
