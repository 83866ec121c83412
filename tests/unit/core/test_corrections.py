"""A letter that corrects one of ours is a whole letter that says first what was wrong, and passes every check."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.corrections import CorrectionNotUsable, correcting, wrong_letter
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.tagged_pdf import words_by_page
from everyfamily.letters.files.artefacts import LONGEST_SCHOOL_NAME, check_letter, record_of, render_artefacts
from everyfamily.letters.files.record import letter_of
from everyfamily.rendering.email import render_email
from everyfamily.rendering.pdf import page_count, render_letter
from everyfamily.rendering.sms import render_sms
from everyfamily.rendering.words import print_lines
from tests.factories import demonstration

ROOT = Path(__file__).parents[3]
PACKS = ROOT / "packs"
DAY = date(2027, 3, 4)
WRONG_ON = date(2027, 3, 2)
WRONG_NUMBER, RIGHT_NUMBER = "0151 496 0120", "0151 496 0125"


def partnership() -> Partnership:
    return load_partnership(ROOT / "src/everyfamily_demo/data/partnership.toml")


def put_right(where: Partnership, route: str = "local", **right: str) -> Partnership:
    routes = tuple(dataclasses.replace(one, **right) if one.id == route else one for one in where.routes)  # type: ignore[arg-type]
    return dataclasses.replace(where, routes=routes)


def composed(reference: str, where: Partnership, *, route: str | None = None, dated: date = DAY) -> Letter:
    pack = load_pack(PACKS / "child-sexual-exploitation")
    if route is not None:
        wrong = wrong_letter(composed("ES-2703-K7R4", partnership(), dated=WRONG_ON), route)
        pack = correcting(pack, PACKS / "correction", wrong, where)
    return compose(pack, where, term="spring-2027", dated=dated, reference=reference)


@cache
def correction() -> Letter:
    return composed("ES-2703-C0R2", put_right(partnership(), number=RIGHT_NUMBER), route="local")


@pytest.mark.slow
def test_a_correction_of_a_letter_to_put_up_has_the_right_number_on_its_first_side_and_two_pages() -> None:
    where = demonstration.planned_for("summer")
    wrong = wrong_letter(demonstration.letter_of("summer"), "local")
    right = put_right(where, number=RIGHT_NUMBER)
    pack = correcting(load_pack(PACKS / "summer"), PACKS / "correction", wrong, right)
    letter = compose(pack, right, term="spring-2027", dated=DAY, reference="ES-2703-C0R2")
    pages = [" ".join(words) for words in words_by_page(render_letter(letter, "en", PersonalGaps()))]
    assert len(pages) == 2
    assert pages[0].count(RIGHT_NUMBER) >= 3
    assert WRONG_NUMBER not in " ".join(pages)


@pytest.mark.parametrize("school", [None, "Harbour Primary School"])
@pytest.mark.parametrize("short", [False, True])
def test_each_sentence_of_its_text_message_begins_with_a_capital(school: str | None, short: bool) -> None:
    said = render_sms(correction(), "en", PersonalGaps(school=school), short=short).text
    assert [one for one in re.findall(r"(?:^|[.?!] )(\w)", said) if one.islower()] == [], said


def test_its_text_message_fits_two_fragments_on_the_longest_day_at_the_longest_school() -> None:
    pack = load_pack(PACKS / "child-sexual-exploitation")
    where = put_right(partnership(), number=RIGHT_NUMBER)
    wrong = wrong_letter(composed("ES-2703-K7R4", partnership(), dated=date(2026, 9, 27)), "local")
    letter = compose(
        correcting(pack, PACKS / "correction", wrong, where),
        where,
        term="spring-2027",
        dated=DAY,
        reference="ES-2703-C0R2",
    )
    longest = render_sms(letter, "en", PersonalGaps(school="x" * LONGEST_SCHOOL_NAME))
    assert "27 September 2026" in longest.text
    assert longest.fragments == 2


@pytest.mark.slow
def test_it_passes_every_check_without_a_waiver_on_two_pages_and_in_two_fragments() -> None:
    letter = correction()
    report = check_letter(letter, today=DAY)
    # Its subject is a little longer than advised, which stops nothing.
    assert {(f.code, f.severity) for f in report.findings} == {("LM006", "advice")}
    assert not report.stops_approval
    assert not report.waived
    assert page_count(letter, "en") == 2
    longest = render_sms(letter, "en", PersonalGaps(school="x" * LONGEST_SCHOOL_NAME))
    assert (longest.fragments, longest.outside_gsm) == (2, ())
    assert render_sms(letter, "en", PersonalGaps(), short=True).fragments == 1


def test_every_channel_says_what_was_wrong_and_what_is_right_and_none_repeats_the_wrong_number() -> None:
    letter = correction()
    email = render_email(letter, "en", PersonalGaps())
    channels = {
        "print": " ".join(print_lines(letter, "en", PersonalGaps())),
        "email": email.text,
        "text": render_sms(letter, "en", PersonalGaps()).text,
    }
    for name, said in channels.items():
        words = " ".join(said.replace("\u00a0", " ").split())
        assert "letter of 2 March 2027" in words, name
        assert RIGHT_NUMBER in words, name
        assert WRONG_NUMBER not in words, name
        assert words.index("999") < words.index(RIGHT_NUMBER), name
    assert email.subject == "A wrong number in our letter of 2 March 2027"
    assert "ES-2703-K7R4" in email.text


@pytest.mark.slow
def test_its_record_gives_the_same_letter_back() -> None:
    letter = dataclasses.replace(
        correction(),
        signatories=tuple(
            dataclasses.replace(one, keys=(ApprovalKey.of_file("a"),)) for one in correction().signatories
        ),
    )
    artefacts = render_artefacts(letter)
    assert letter_of(record_of(letter, artefacts, check_letter(letter, today=DAY))) == letter
    assert b"had a wrong number" in artefacts["en/staff-briefing.txt"]
    assert b"was wrong" in artefacts["en/newsletter.txt"]
    lines = artefacts["en/press-lines.txt"].decode()
    assert lines.index("We got it wrong") < lines.index("These answers are about our letter of")
    assert "The same letter goes to" not in lines
    assert WRONG_NUMBER.encode() not in b"".join(data for name, data in artefacts.items() if name.endswith("txt"))


@pytest.mark.slow
def test_the_wrong_address_of_a_page_is_corrected_as_one() -> None:
    right = put_right(partnership(), "online", url="ceop.police.uk/report")
    letter = composed("ES-2703-C0R2", right, route="online")
    assert letter.texts["en"].subject.text == "A wrong web address in our letter of 2 March 2027"
    found = [finding.code for finding in check_letter(letter, today=DAY).findings]
    assert found == [finding.code for finding in check_letter(correction(), today=DAY).findings]


def test_the_rest_of_the_letter_and_the_ids_of_its_passages_stay() -> None:
    whole = composed("ES-2703-C0R2", put_right(partnership(), number=RIGHT_NUMBER))

    def others(letter: Letter) -> list[tuple[str, str]]:
        return [(one.id, one.text) for one in letter.english.passages() if "correction" not in one.id]

    assert others(correction()) == others(whole)
    assert correction().pack_digest != whole.pack_digest


def test_a_register_that_was_not_put_right_is_refused() -> None:
    with pytest.raises(CorrectionNotUsable, match='still has the number that was wrong in the route "local"'):
        composed("ES-2703-C0R2", partnership(), route="local")


def test_a_route_that_the_wrong_letter_did_not_print_is_refused() -> None:
    with pytest.raises(CorrectionNotUsable, match='no route "health"'):
        composed("ES-2703-C0R2", partnership(), route="health")
