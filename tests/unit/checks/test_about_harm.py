"""Is a text about harm to children, and of which kind?"""

from __future__ import annotations

import tomllib
from pathlib import Path

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.report.what_was_read import what_was_read
from everyfamily.checks.run.told_by_faults import settled
from everyfamily.documents.reading import read_document
from tests.factories.each import each
from tests.factories.letters import TODAY

CASES = tomllib.loads(Path(__file__).with_name("about_harm_cases.toml").read_text(encoding="utf-8"))["text"]
MENU = "".join(f"<li><a href='/{n}'>{n}</a></li>" for n in ("Child protection", "Online safety", "Bullying"))
FOOT = "<footer><p>Childline 0800 1111. CEOP. In danger call 999. Report abuse or exploitation.</p></footer>"


@each("case", CASES)
def test_a_text_is_told_apart(case: dict[str, str]) -> None:
    subject = CheckContext.of_document(read_document(case["text"].encode(), "a.txt"), today=TODAY).subject
    assert subject.about_harm is bool(case["kind"]), subject
    assert case["kind"] in ("", "any", *subject.kinds)
    assert len(subject.why) >= len(subject.kinds)


def test_the_menu_and_the_foot_of_a_saved_page_decide_nothing() -> None:
    page = (
        f"<html lang=en><nav><ul>{MENU}</ul></nav><h1>Term dates</h1><p>School opens on 4 May at 9am.</p>{FOOT}"
    )
    assert not CheckContext.of_document(read_document(page.encode(), "a.html"), today=TODAY).is_about_harm


def test_an_announcement_of_a_lesson_is_told_from_a_warning() -> None:
    lesson = "Year 4 will learn the PANTS rule in an assembly next week. The NSPCC made it against abuse."
    warning = "On Friday an incident was reported: a man approached by car tried to get a child into his van."
    read = {
        text: CheckContext.of_document(read_document(text.encode(), "a.txt"), today=TODAY).subject
        for text in (lesson, warning)
    }
    assert [subject.is_lesson for subject in read.values()] == [True, False]
    assert all(subject.about_harm for subject in read.values())


def test_whoever_asks_says_it_better() -> None:
    document = read_document(b"Please bring a coat.", "a.txt")
    assert CheckContext.of_document(document, today=TODAY, about_harm=True).is_about_harm


def test_a_hint_and_a_grave_fault_together_make_it_a_letter_about_harm() -> None:
    for text, is_about_harm in (
        ("There were fights between a few of our pupils. Go round to his house and speak to the family.", True),
        ("There were fights between a few of our pupils. We have spoken to their parents about it.", False),
        ("Go round to the shop and ask for a poster of our fair, with the date and the time.", False),
    ):
        context = CheckContext.of_document(read_document(text.encode(), "a.txt"), today=TODAY)
        assert not context.is_about_harm
        assert settled(context).is_about_harm is is_about_harm
        asks = "Is this about harm to children?" in what_was_read(context)
        assert asks is bool(context.subject.hints)


def test_an_assembly_after_something_that_happened_is_no_announcement_of_a_lesson() -> None:
    text = "A man stopped his van and called to a pupil. The police have been told. We will talk about it in assembly."
    assert not CheckContext.of_document(read_document(text.encode(), "a.txt"), today=TODAY).subject.is_lesson


def test_a_letter_about_lice_is_about_lice_whatever_its_advice_says() -> None:
    text = (
        "Dear families\n\nNits have been found in two classes.\n\nWhite eggs do not mean that your child has them. "
        "Comb wet hair on Sunday, and treat only those with live lice. You do not need to see a doctor.\n\n"
        "Children found with lice may stay in school. A second treatment will stop them coming back.\n\nThe office"
    )
    context = CheckContext.of_document(read_document(text.encode(), "a.txt"), today=TODAY)
    assert not settled(context).is_about_harm
