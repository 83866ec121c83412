"""Versions of the partnership's file: what was given, what differs, and whether that changes who signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.differences import Difference, changed_lines, differences
from everyfamily.core.partnership.new_key import with_new_key
from everyfamily.core.partnership.versions import (
    MOST_TEXT,
    FileTooLong,
    PartnershipFiles,
    faults_in,
    files_at,
    files_given,
    partnership_of,
    who_signs,
)
from tests.factories.authenticator import Authenticator
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.each import each

FILES, EXAMPLE = files_at(PARTNERSHIP)
KEPT = dict(FILES.drawings)


def changed(old: str, new: str) -> PartnershipFiles:
    assert old in FILES.text
    return files_given(FILES.text.replace(old, new).encode(), "partnership.toml", {}, KEPT)[0]


def test_the_files_make_the_same_partnership_again() -> None:
    assert partnership_of(FILES) == EXAMPLE
    assert [name for name, _ in FILES.drawings] == sorted(
        ["logo-council.svg", "logo-police.svg", "signature-garrowby.svg", "signature-whitlock.svg"]
    )


def test_what_the_file_is_called_does_not_change_its_fingerprint_and_every_character_does() -> None:
    again = PartnershipFiles("another.toml", FILES.text, FILES.drawings)
    assert again.digest == FILES.digest
    assert PartnershipFiles(FILES.file, FILES.text + " ", FILES.drawings).digest != FILES.digest
    redrawn = tuple((name, svg + " ") for name, svg in FILES.drawings)
    assert PartnershipFiles(FILES.file, FILES.text, redrawn).digest != FILES.digest


def test_a_difference_names_its_place_in_words() -> None:
    after = changed('hours = "9am to 5pm, Monday to Friday"', 'hours = "9am to 6pm, Monday to Friday"')
    assert differences(FILES, after) == [
        Difference("Enquiries, hours", "9am to 5pm, Monday to Friday", "9am to 6pm, Monday to Friday")
    ]


@each(
    "old, new, place, before, after",
    [
        (
            "checked_on = 2027-02-22",
            "checked_on = 2027-02-23",
            "Route emergency, checked on",
            "22 February 2027",
            None,
        ),
        ("opens = 09:00:00\ncloses", "opens = 09:30:00\ncloses", "When letters go out, opens", "9am", "9:30am"),
        ("demonstration = true\n", "", "Demonstration", "yes", None),
        ("send_week = 2027-03-02", "send_week = 2027-03-09", "Term spring 2027, send week", "2 March 2027", None),
        ("schools_closed = [] ", "schools_closed = [2027-03-05] ", None, "none", "5 March 2027"),
    ],
)
def test_values_are_said_as_people_say_them(
    old: str, new: str, place: str | None, before: str, after: str | None
) -> None:
    text = FILES.text.replace(old, new, 1)
    # A demonstration's checks count nowhere else, and this looks only at the difference.
    found = differences(FILES, PartnershipFiles(FILES.file, text, FILES.drawings))
    assert len(found) == 1
    assert found[0].before == before
    assert place is None or found[0].place == place
    assert after is None or found[0].after == after


def test_what_is_new_or_gone_has_no_value_on_one_side() -> None:
    added = changed('area = "Eastmere"\n', 'area = "Eastmere"\nreference_prefix = "ES"\n')
    assert differences(FILES, added) == [Difference("Reference prefix", None, "ES")]
    assert differences(added, FILES) == [Difference("Reference prefix", "ES", None)]


def test_a_new_key_is_shown_by_the_fingerprint_that_two_people_compared() -> None:
    key, police = Authenticator().key, next(one for one in EXAMPLE.signatories if one.id == "police")
    named = {one.place: one.after for one in differences(FILES, with_new_key(FILES, police, key))}
    assert named["Signatory police, key 1, fingerprint of the key"] == key.fingerprint
    assert not any(key.public_key in str(value) for value in named.values())


def test_a_drawing_that_was_drawn_again_is_a_difference() -> None:
    given = {"logo-police.svg": KEPT["logo-police.svg"].replace("<svg", "<svg data-new='1'", 1).encode()}
    after = files_given(FILES.text.encode(), FILES.file, given, KEPT)[0]
    assert [one.place for one in differences(FILES, after)] == ["Drawing logo-police.svg"]
    assert changed_lines(FILES, after) == []


def test_changed_lines_come_with_two_around_them() -> None:
    after = changed('sender_name = "Eastmere"', 'sender_name = "Eastmere CC"')
    signs = [sign for sign, _ in changed_lines(FILES, after)]
    assert signs == [" ", " ", "-", "+", " ", " "]


def test_the_first_version_is_all_new() -> None:
    assert all(one.before is None for one in differences(None, FILES))
    assert {sign for sign, _ in changed_lines(None, FILES)} == {"+"}


@each(
    "old, new, is_other",
    [
        ('name = "Tom Garrowby"', 'name = "Tom Garrowby-Lee"', True),
        ('title = "Assistant Chief Constable"', 'title = "Chief Constable"', True),
        ('["childrens-services", "police"]', '["police", "childrens-services"]', True),
        ('name = "Eastmere Police"', 'name = "Eastmere Constabulary"', True),
        ('hours = "9am to 5pm, Monday to Friday"', 'hours = "9am to 6pm, Monday to Friday"', False),
        ('logo = "logo-police.svg"', 'logo = "logo-council.svg"', False),
    ],
)
def test_only_a_change_of_who_signs_needs_a_second_person(old: str, new: str, is_other: bool) -> None:
    after = files_given(FILES.text.replace(old, new).encode(), FILES.file, {}, KEPT)[1]
    assert (who_signs(after) != who_signs(EXAMPLE)) is is_other


def test_a_signature_that_was_drawn_again_changes_who_signs() -> None:
    given = {"signature-garrowby.svg": KEPT["signature-whitlock.svg"].encode()}
    assert who_signs(files_given(FILES.text.encode(), FILES.file, given, KEPT)[1]) != who_signs(EXAMPLE)


BAD = {
    "not TOML": ('name = "', "name = "),
    "no signatory of the police": ('["childrens-services", "police"]', '["childrens-services"]'),
    "a missing signatory": ('["childrens-services", "police"]', '["childrens-services", "police", "health"]'),
    "a gap": ('area = "Eastmere"', 'area = "TO FILL IN: the area"'),
    "a wrong day": ("opens_on = 2027-01-04", "opens_on = 2027-01-32"),
    "a key nobody knows": ('area = "Eastmere"', 'area = "Eastmere"\nspeed = 7'),
    "a drawing that is not there": ('"logo-police.svg"', '"logo-new.svg"'),
    "a drawing that is no SVG": ('"logo-police.svg"', '"logo-police.png"'),
    "a drawing somewhere else": ('"logo-police.svg"', '"../logo-police.svg"'),
}


@each("what, old, new", [(what, old, new) for what, (old, new) in BAD.items()])
def test_a_file_with_a_fault_is_refused_with_its_place(what: str, old: str, new: str) -> None:
    with pytest.raises(EveryfamilyError) as caught:
        files_given(FILES.text.replace(old, new, 1).encode(), "partnership.toml", {}, KEPT)
    assert caught.value.place is not None, what
    assert caught.value.fix


def test_every_fault_is_told_at_once() -> None:
    text = FILES.text.replace('area = "Eastmere"\n', "").replace('hours = "Any time, free"', "hours = 7")
    with pytest.raises(EveryfamilyError) as caught:
        files_given(text.encode(), "partnership.toml", {}, KEPT)
    assert len(faults_in(caught.value)) >= 2


@each(
    "raw",
    [b"", b"\xff\xfe", b"a = 1\x00", b"\x89PNG\r\n\x1a\n" + bytes(100), b"[" * 5_000, b"a = " + b"9" * 10_000],
)
def test_what_is_no_text_file_is_refused(raw: bytes) -> None:
    with pytest.raises(EveryfamilyError):
        files_given(raw, "partnership.toml", {}, KEPT)


def test_a_file_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(FileTooLong):
        files_given(b"#" * (MOST_TEXT + 1), "partnership.toml", {}, KEPT)


@each(
    "svg",
    [b"<svg><script>alert(1)</script></svg>", b"<html></html>", b'<svg><image href="x"/></svg>', b"", b"\xff"],
)
def test_a_drawing_that_could_do_something_is_refused(svg: bytes) -> None:
    with pytest.raises(EveryfamilyError) as caught:
        files_given(FILES.text.encode(), "partnership.toml", {"logo-police.svg": svg}, KEPT)
    assert caught.value.place is not None


def test_the_files_next_to_it_are_read_by_name_only(tmp_path: Path) -> None:
    (tmp_path / "partnership.toml").write_text(FILES.text, encoding="utf-8")
    with pytest.raises(EveryfamilyError, match=r"logo-council\.svg"):
        files_at(tmp_path / "partnership.toml")


@each(
    "old, new, said",
    [
        ('hours = "Any time, free"', "hours = 7", "write it between quotation marks"),
        ('hours = "Any time, free"', 'hours = ""', "it is empty"),
        ('hours = "Any time, free"', f'hours = "{"x" * 61}"', "at most 60 characters fit"),
        ("opens_on = 2027-01-04", "opens_on = 4", "write the day as 2027-03-02, without quotation marks"),
        ("opens_on = 2027-01-04", 'opens_on = "January"', "write the day as 2027-03-02, without quotation marks"),
        (
            "opens = 09:00:00\ncloses",
            'opens = "nine"\ncloses',
            "write the time as 09:00:00, without quotation marks",
        ),
        ("calls_a_day = 60", 'calls_a_day = "sixty"', "write a whole number, without quotation marks"),
        ("calls_a_day = 60", "calls_a_day = 0", "write 1 or more"),
        ("calls_per_1000 = 3", "calls_per_1000 = 0", "write more than 0"),
        ("demonstration = true", 'demonstration = "perhaps"', "write true or false, without quotation marks"),
        ('days = ["Monday", "Tuesday", "Wednesday"]', 'days = "Monday"', 'write it as ["one", "two"]'),
        ('days = ["Monday", "Tuesday", "Wednesday"]', "days = []", "at least 1 must be there"),
        ('kind = "police"', 'kind = "fire"', "write 'council', 'police', 'health' or 'other'"),
    ],
)
def test_a_fault_says_what_to_write_in_a_council_officers_words(old: str, new: str, said: str) -> None:
    assert old in FILES.text
    with pytest.raises(EveryfamilyError) as caught:
        files_given(FILES.text.replace(old, new, 1).encode(), "partnership.toml", {}, KEPT)
    assert f"cannot be used: {said}." in caught.value.fact
