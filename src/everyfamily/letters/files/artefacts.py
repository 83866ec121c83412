"""Every file that a letter is rendered into before anyone approves it.

There are two of each if a family's or a school's own values are printed. The send kit's version has neutral words in
the gaps ("your child's school", no address), and is exactly what a school that sends for itself sends. The other
version has its gaps open, and the words of a personal copy are compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from everyfamily.checks.model.context import CheckContext, SmsCount
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.report.report import as_rows
from everyfamily.checks.run.runner import CheckReport, run
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.passages import LetterText
from everyfamily.letters.files.read_back import documents_of
from everyfamily.letters.files.record import (
    GUIDE,
    GUIDE_PAGE,
    OTHER_LANGUAGES,
    PRIMARY_FOLDER,
    SECONDARY_FOLDER,
    build_record,
    folder_of,
)
from everyfamily.rendering.briefing import BRIEFING_TEMPLATE_VERSION, briefing_text, render_briefing
from everyfamily.rendering.email import EMAIL_TEMPLATE_VERSION, render_email
from everyfamily.rendering.kit_guide import KIT_GUIDE_VERSION, render_kit_guide, render_kit_guide_page
from everyfamily.rendering.large_print import LARGE_PRINT_TEMPLATE_VERSION, render_large_print
from everyfamily.rendering.newsletter import NEWSLETTER_TEMPLATE_VERSION, newsletter_text, render_newsletter
from everyfamily.rendering.other_languages import render_other_languages
from everyfamily.rendering.pdf import TEMPLATE_VERSION, page_count, render_letter
from everyfamily.rendering.press_lines import PRESS_TEMPLATE_VERSION, press_text, render_press_lines
from everyfamily.rendering.sms import count, render_sms
from everyfamily.rendering.web_page import WEB_TEMPLATE_VERSION, render_web_page
from everyfamily.rendering.word import WORD_TEMPLATE_VERSION, render_word

TEMPLATES = {
    "template": TEMPLATE_VERSION,
    "email_template": EMAIL_TEMPLATE_VERSION,
    "web_template": WEB_TEMPLATE_VERSION,
    "large_print_template": LARGE_PRINT_TEMPLATE_VERSION,
    "word_template": WORD_TEMPLATE_VERSION,
    "newsletter_template": NEWSLETTER_TEMPLATE_VERSION,
    "briefing_template": BRIEFING_TEMPLATE_VERSION,
    "press_template": PRESS_TEMPLATE_VERSION,
    "kit_guide": KIT_GUIDE_VERSION,
}
"""The version of each template, as a letter's record names it."""

LONGEST_SCHOOL_NAME = 50
"""A text message is counted with a school name of this many characters."""


def render_artefacts(letter: Letter) -> dict[str, bytes]:
    """Render the letter in every version, language and channel: name -> bytes. Raises what the renderers raise."""
    return {name: data for _, files in artefact_steps(letter) for name, data in files.items()}


def artefact_steps(letter: Letter) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The same step by step, for somebody who wants to see how far it is: the guide, then each language by its tag,
    "primary/en" of a primary version."""
    yield "guide", _guides(letter)
    for version in letter.versions:
        for language, files in _steps_of_version(letter.in_version(version)):
            yield (
                f"{folder_of(version)}{language}",
                {f"{folder_of(version)}{name}": data for name, data in files.items()},
            )


def _guides(letter: Letter) -> dict[str, bytes]:
    """The send kit's guide: of the whole kit, and of the kit of a school that has only one of two versions."""
    files: dict[str, bytes] = {}
    folders = {Version.PRIMARY: PRIMARY_FOLDER, Version.SECONDARY: SECONDARY_FOLDER}
    for folder, only in (("", None), *((folders[one], one) for one in letter.versions if one is not None)):
        files[f"{folder}{GUIDE}"] = render_kit_guide(letter, only).encode()
        files[f"{folder}{GUIDE_PAGE}"] = render_kit_guide_page(letter, only).encode()
    for version in letter.versions:
        if (one := letter.in_version(version)).short:
            files[f"{folder_of(version)}{OTHER_LANGUAGES}"] = render_other_languages(one).encode()
    return files


def _steps_of_version(letter: Letter) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The files of a letter in one version, language by language."""
    for language, text in letter.texts.items():
        files = {}
        for prefix, gaps in ((f"{language}/", PersonalGaps()), (f"{language}/gaps-open/", PersonalGaps.open())):
            email = render_email(letter, language, gaps)
            files[f"{prefix}letter.pdf"] = render_letter(letter, language, gaps)
            files[f"{prefix}letter-large-print.pdf"] = render_large_print(letter, language, gaps)
            files[f"{prefix}email.html"] = email.html.encode()
            files[f"{prefix}email.txt"] = email.text.encode()
            files[f"{prefix}text-message.txt"] = render_sms(letter, language, gaps).text.encode()
        files[f"{language}/page.html"] = render_web_page(letter, language).encode()
        files |= {f"{language}/{name}": data for name, data in _for_schools_alone(letter, text)}
        if text.press is not None:
            files[f"{language}/press-lines.pdf"] = render_press_lines(letter, language, text.press)
            files[f"{language}/press-lines.txt"] = press_text(letter, language, text.press).encode()
        yield language, files
    for language in letter.short:
        files = {}
        for prefix, gaps in ((f"{language}/", PersonalGaps()), (f"{language}/gaps-open/", PersonalGaps.open())):
            files[f"{prefix}letter.pdf"] = render_letter(letter, language, gaps)
            files[f"{prefix}text-message.txt"] = render_sms(letter, language, gaps).text.encode()
        yield language, files


def _for_schools_alone(letter: Letter, text: LetterText) -> Iterator[tuple[str, bytes]]:
    """Files that hold no value of a family or school, so that they never become personal."""
    language = text.language
    yield "letter.docx", render_word(letter, language)
    if text.sms_short is not None:
        yield "text-message-short.txt", render_sms(letter, language, PersonalGaps(), short=True).text.encode()
    if text.newsletter is not None:
        yield "newsletter.html", render_newsletter(letter, language, text.newsletter).encode()
        yield "newsletter.txt", newsletter_text(letter, language, text.newsletter).encode()
    if text.briefing is not None:
        yield "staff-briefing.pdf", render_briefing(letter, language, text.briefing)
        yield "staff-briefing.txt", briefing_text(letter, language, text.briefing).encode()


def check_letter(
    letter: Letter,
    *,
    today: date,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    waivers: Sequence[Waiver] = (),
    artefacts: Mapping[str, bytes] | None = None,
) -> CheckReport:
    """Run every rule on the letter as it would be sent on `today`, with the waivers that were agreed for it.

    Pass its rendered `artefacts` (name -> bytes) if you have them. Otherwise they are rendered here.
    """
    contexts = [
        _context(letter.in_version(version), today, artefacts, folder_of(version)) for version in letter.versions
    ]
    return run(contexts[0], select=select, ignore=ignore, waivers=waivers, others=contexts[1:])


def _context(letter: Letter, today: date, artefacts: Mapping[str, bytes] | None, folder: str) -> CheckContext:
    """What the rules look at in a letter in one version, whose files are in `folder`."""
    return CheckContext.of_letter(
        letter,
        today=today,
        sms_fragments=sms_counts(letter),
        print_pages={language: page_count(letter, language) for language in letter.texts},
        documents=documents_of(letter, artefacts, folder),
        folder=folder,
    )


def sms_counts(letter: Letter) -> dict[str, SmsCount]:
    """What the text message of a letter in one version costs in each language, with a school's name as long as any."""
    long_name = PersonalGaps(school="x" * LONGEST_SCHOOL_NAME)
    counts = {
        language: count(render_sms(letter, language, long_name).text)
        for language in (*letter.texts, *letter.short)
    }
    return {
        language: SmsCount(one.fragments, one.characters, "UCS-2" if one.outside_gsm else "GSM-7")
        for language, one in counts.items()
    }


def record_of(
    letter: Letter, artefacts: Mapping[str, bytes], report: CheckReport, waivers: Sequence[Waiver] = ()
) -> dict[str, Any]:
    """The record that is approved and sealed. `waivers` are those that the report was made with."""
    return build_record(
        letter,
        artefacts,
        findings=as_rows(report),
        waivers=waivers,
        rule_set=report.rule_set_version,
        templates=TEMPLATES,
    )
