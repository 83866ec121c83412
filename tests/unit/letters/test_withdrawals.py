"""Whoever has the published seals can tell that a letter was withdrawn, and which letters put it right."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.agreement.withdrawals import (
    NoticeNotReadable,
    NotTheSealingKey,
    WithdrawalNotice,
    notice_faults,
    withdrawal_notice,
)
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letter_history import LetterHistory, letter_histories
from everyfamily.core.letter.letters import Followed
from everyfamily.letters.files.record import build_record, letter_of
from everyfamily.letters.files.verification import Proof, verify_file, verify_seal
from everyfamily.letters.files.withdrawal_notices import SealNotThere, notice_file, publish_withdrawal
from tests.factories.records import SEALING
from tests.factories.sealed import SEALING as SITES_KEY
from tests.factories.sealed import letter_of_term, seal_letter

WRONG, RIGHT, WHOLE = "ES-2703-K7R4", "ES-2703-C0R2", "ES-2703-N3W5"
AT = datetime(2027, 3, 8, 10, 30, tzinfo=UTC)
KEY = SITES_KEY.public_key


@pytest.fixture
def seals(tmp_path: Path) -> Path:
    """The wrong letter, the one that corrects it and the one that takes its place; nobody has withdrawn anything."""
    place = tmp_path / "seals"
    for reference, kind in ((WRONG, None), (RIGHT, "correction"), (WHOLE, "replacement")):
        follows = Followed(WRONG, kind) if kind else None  # type: ignore[arg-type]
        seal_letter(letter_of_term(reference=reference, follows=follows)).publish(place)
    return place


def alone(seals: Path) -> Path:
    """Leave the wrong letter's seal as it is."""
    for reference in (RIGHT, WHOLE):
        (seals / f"{reference}.json").unlink()
    return seals


def verified(seals: Path, what: str = WRONG) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(main, ["verify", what, "--seals", str(seals), "--sealing-key", KEY, "--json"])
    return done.exit_code, json.loads(done.output)


def test_a_letter_that_nobody_withdrew_is_good(seals: Path) -> None:
    code, row = verified(alone(seals))
    assert (code, row["withdrawn"], row["withdrawn_on"]) == (0, False, None)
    assert row["sentence"] == f"The seal of {WRONG} is good."


def test_a_withdrawn_letter_is_said_to_be_and_on_which_day_and_by_which_letters_it_was_put_right(
    seals: Path,
) -> None:
    publish_withdrawal(seals, WRONG, key=SITES_KEY, withdrawn_at=AT)
    code, row = verified(seals)
    assert code == 1
    assert row["sentence"] == f"{WRONG} was withdrawn on 8 March 2027. Do not use it, or any number in it."
    assert (row["withdrawn_on"], row["corrected_by"], row["replaced_by"]) == ("2027-03-08", [RIGHT], [WHOLE])
    assert f"{RIGHT} corrects it." in row["details"]
    assert f"{WHOLE} takes its place." in row["details"]


def test_it_is_said_before_anything_follows_it(seals: Path) -> None:
    publish_withdrawal(alone(seals), WRONG, key=SITES_KEY, withdrawn_at=AT)
    code, row = verified(seals)
    assert (code, row["withdrawn_on"], row["corrected_by"]) == (1, "2027-03-08", [])


def test_a_letter_that_a_sealed_one_corrects_is_not_to_be_used_though_no_notice_is_there(seals: Path) -> None:
    code, row = verified(seals)
    assert (code, row["withdrawn"], row["withdrawn_on"]) == (1, True, None)
    assert row["sentence"] == f"{WRONG} was withdrawn. Do not use it, or any number in it."


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (RIGHT, f"It corrects {WRONG}, which was withdrawn on 8 March 2027."),
        (WHOLE, f"It takes the place of {WRONG}, which was withdrawn on 8 March 2027."),
    ],
)
def test_what_follows_it_is_good_and_says_what_it_follows(seals: Path, reference: str, said: str) -> None:
    publish_withdrawal(seals, WRONG, key=SITES_KEY, withdrawn_at=AT)
    code, row = verified(seals, reference)
    assert (code, row["sentence"], row["details"][0]) == (0, f"The seal of {reference} is good.", said)


def test_a_file_of_a_withdrawn_letter_is_said_to_be_withdrawn(seals: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 the letter")
    alone(seals)
    assert verify_file(tmp_path / "letter.pdf", seals, sealing_key=KEY).is_withdrawn is False
    publish_withdrawal(seals, WRONG, key=SITES_KEY, withdrawn_at=AT)
    code, row = verified(seals, str(tmp_path / "letter.pdf"))
    assert (code, row["proof"]) == (1, "genuine, unchanged")
    assert row["sentence"].startswith(f"{WRONG} was withdrawn on 8 March 2027.")


def test_a_correction_that_was_wrong_too_leads_on_to_the_next() -> None:
    again = "ES-2703-A6A8"
    told = letter_histories(
        {WRONG: None, RIGHT: Followed(WRONG, "correction"), again: Followed(RIGHT, "correction")},
        {WRONG: date(2027, 3, 8), RIGHT: date(2027, 3, 9)},
    )
    assert told[WRONG].corrected_by == told[RIGHT].corrected_by == (again,)
    assert told[again] == LetterHistory(
        follows=Followed(RIGHT, "correction"), follows_withdrawn_on=date(2027, 3, 9)
    )


def test_two_letters_that_follow_each_other_end_nowhere() -> None:
    told = letter_histories({"A": Followed("B", "correction"), "B": Followed("A", "correction")}, {})
    assert (told["A"].withdrawn, told["B"].withdrawn) == (True, True)
    assert told["A"].corrected_by == ()


def test_a_follower_under_another_key_counts_for_nothing(seals: Path) -> None:
    alone(seals)
    follower = letter_of_term(reference=RIGHT, follows=Followed(WRONG, "correction"))
    seal_letter(follower, key=SigningKey.new()).publish(seals)
    assert verified(seals)[0] == 0


def test_a_damaged_seal_beside_it_says_nothing_about_a_letter(seals: Path) -> None:
    (alone(seals) / "ES-2703-XXXX.json").write_text("{", encoding="utf-8")
    assert verify_seal(WRONG, seals, sealing_key=KEY).proof is Proof.GENUINE


@pytest.mark.parametrize("change", ["signature", "withdrawn_at", "digest", "reference", "sealing_key"])
def test_a_changed_notice_is_held_against_the_letter_until_somebody_asks(seals: Path, change: str) -> None:
    """Who can write there may want to hide that it was withdrawn; unknown means hold."""
    notice = publish_withdrawal(alone(seals), WRONG, key=SITES_KEY, withdrawn_at=AT)
    other = {"withdrawn_at": "2027-03-09T10:30:00+00:00", "sealing_key": SigningKey.new().public_key}
    changed = replace(notice, **{change: other.get(change, "ES-2703-XXXX")})
    notice_file(seals, WRONG).write_text(changed.to_json(), encoding="utf-8")
    code, row = verified(seals)
    assert (code, row["sentence"]) == (1, f"The withdrawal notice of {WRONG} is not good.")
    assert row["details"][0].startswith("EF363")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '"x"', '{"format": "everyfamily withdrawal 1"}', "null"])
def test_what_is_no_notice_is_refused(seals: Path, text: str) -> None:
    with pytest.raises(NoticeNotReadable):
        WithdrawalNotice.from_json(text)
    file = notice_file(alone(seals), WRONG)
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    assert verified(seals)[1]["details"][0].startswith("EF361")


def test_a_notice_is_signed_by_the_key_that_sealed_and_reads_back(seals: Path) -> None:
    seal = seal_letter(letter_of_term()).seal
    with pytest.raises(NotTheSealingKey):
        withdrawal_notice(seal, key=SEALING, withdrawn_at=AT)
    notice = withdrawal_notice(seal, key=SITES_KEY, withdrawn_at=AT)
    assert WithdrawalNotice.from_json(notice.to_json()) == notice
    assert notice_faults(notice, seal) == []


def test_a_withdrawal_is_published_beside_a_good_seal_alone(seals: Path) -> None:
    with pytest.raises(SealNotThere, match="no seal of ES-2703-XXXX"):
        publish_withdrawal(seals, "ES-2703-XXXX", key=SITES_KEY, withdrawn_at=AT)
    first = publish_withdrawal(seals, WRONG, key=SITES_KEY, withdrawn_at=AT)
    assert publish_withdrawal(seals, WRONG, key=SITES_KEY, withdrawn_at=AT) == first
    assert sorted(one.name for one in notice_file(seals, WRONG).parent.iterdir()) == [f"{WRONG}.json"]


def test_a_letter_that_follows_none_has_the_record_that_older_versions_made() -> None:
    record = build_record(
        letter_of_term(), {}, findings=[], waivers=[], rule_set="1", templates={"template": "1"}
    )
    assert "follows" not in record["letter"]
    assert letter_of(record).follows is None


def test_what_a_letter_follows_is_under_the_digest() -> None:
    letter = letter_of_term(follows=Followed(WRONG, "correction"))
    record = build_record(letter, {}, findings=[], waivers=[], rule_set="1", templates={"template": "1"})
    assert record["letter"]["follows"] == {"reference": WRONG, "kind": "correction"}
    assert letter_of(record) == letter
