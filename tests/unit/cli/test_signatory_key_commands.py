"""sign-keys and endorse-key ask about each new key, and seal and verify believe what they wrote."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.letters.files.agreeing import seal_record
from everyfamily.letters.files.key_lists import (
    ENDORSED,
    KEY_LIST,
    endorsements_beside,
    read_key_list,
    write_key_list,
)
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.pins import approved, by_passkey, file_key, list_of, own_keys, passkey_of, record_with
from tests.factories.records import SEALED_AT, SEALING

PASSPHRASE = b"four words of a test"
COUNCIL, POLICE = SigningKey.new(), SigningKey.new()
SPARE = passkey_of("spare of the police").key
SPARE_TABLE = (
    f'\n[[signatories.keys]]\nkind = "passkey"\npublic_key = "{SPARE.public_key}"\n'
    f'rp_id = "{SPARE.rp_id}"\nlabel = "spare"\n'
)
NOW = datetime.now(UTC) + timedelta(minutes=1)

pytestmark = pytest.mark.slow


class Place:
    """A folder with a partnership's file, the sealing key and the passphrase of all keys."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.list = folder, folder / "signatory-keys.json"
        for file in PARTNERSHIP.parent.glob("*.svg"):
            shutil.copy(file, folder)
        (folder / "passphrase.txt").write_bytes(PASSPHRASE)
        (folder / "sealing.pem").write_bytes(SEALING.to_pem(PASSPHRASE))
        self.write()

    def write(self, spare: str = "") -> None:
        """The partnership's file, with the key files of both, and `spare` at the end of it."""
        text = PARTNERSHIP.read_text(encoding="utf-8")
        for key in (COUNCIL, POLICE):
            text = text.replace(
                '# public_key = "…"', f'public_key = "{key.public_key}"{spare * (key is POLICE)}', 1
            )
        (self.folder / "partnership.toml").write_text(text, encoding="utf-8")

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, words)

    def sign(self, *compared: str, key: str = "sealing.pem", more: tuple[str, ...] = ()) -> Result:
        words = [("--compared", one) for one in compared]
        return self.run(
            *("partnership", "sign-keys", "--partnership", str(self.folder / "partnership.toml")),
            *("--key", str(self.folder / key), "--passphrase-file", str(self.folder / "passphrase.txt")),
            *("--out", str(self.list), *(word for pair in words for word in pair), *more),
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def print_of(key: SigningKey) -> str:
    return file_key(key).fingerprint


def test_a_list_is_signed_once_every_new_key_was_compared(place: Place) -> None:
    shown = place.run("partnership", "key-fingerprint", COUNCIL.public_key)
    assert shown.output.strip() == print_of(COUNCIL)
    assert place.run("partnership", "key-fingerprint", SPARE.public_key).exit_code == 2
    refused = place.sign(print_of(COUNCIL))
    assert (refused.exit_code, place.list.exists()) == (2, False)
    assert f"EF326: Nobody has said that the fingerprint {print_of(POLICE)} was compared." in refused.output
    done = place.sign(print_of(COUNCIL).replace(" ", "").upper(), print_of(POLICE))
    assert done.exit_code == 0, done.output
    assert "2 keys are in the list, 2 of them new" in done.output
    assert read_key_list(place.list, sealing_key=SEALING.public_key).fault(SEALING.public_key) is None

    place.write(spare=SPARE_TABLE)
    assert place.sign().exit_code == 2
    seals = place.folder / "seals"
    seals.mkdir()
    done = place.sign(SPARE.fingerprint, more=("--json", "--seals", str(seals)))
    assert json.loads(done.output) == {
        "list": str(place.list),
        "keys": 3,
        "new": [{"signatory": "police", "kind": "passkey", "fingerprint": SPARE.fingerprint}],
        "ended": [],
    }
    assert (seals / KEY_LIST).read_bytes() == place.list.read_bytes()
    place.write()
    ended = place.sign()
    assert (ended.exit_code, "No longer counts, for" in ended.output) == (0, True)
    assert f"passkey on {SPARE.rp_id}, fingerprint {SPARE.fingerprint}" in ended.output


def test_a_list_that_another_key_signed_is_not_continued(place: Place) -> None:
    write_key_list(place.list, list_of(own_keys(), key=POLICE))
    refused = place.sign(print_of(COUNCIL), print_of(POLICE))
    assert (refused.exit_code, "EF319" in refused.output) == (2, True)
    place.list.write_bytes(b"x" * 1024**2 + b"x")
    assert "EF318" in place.sign(print_of(COUNCIL), print_of(POLICE)).output


def test_a_key_is_endorsed_with_a_key_file_of_the_same_body(place: Place) -> None:
    place.sign(print_of(COUNCIL), print_of(POLICE))
    place.write(spare=SPARE_TABLE)
    for name, key in (("police", POLICE), ("council", COUNCIL)):
        (place.folder / f"{name}.pem").write_bytes(key.to_pem(PASSPHRASE))
    out = place.folder / ENDORSED / "spare.json"
    out.parent.mkdir()

    def endorse(fingerprint: str, key: str) -> Result:
        return place.run(
            *("partnership", "endorse-key", fingerprint, "--partnership", str(place.folder / "partnership.toml")),
            *("--key", str(place.folder / key), "--passphrase-file", str(place.folder / "passphrase.txt")),
            *("--out", str(out)),
        )

    assert "EF326" in endorse(passkey_of("of nobody").key.fingerprint, "police.pem").output
    assert "EF325" in endorse(SPARE.fingerprint, "council.pem").output
    assert not out.exists()
    done = endorse(SPARE.fingerprint, "police.pem")
    assert done.exit_code == 0, done.output
    (found,) = endorsements_beside(place.list)
    assert (found.what.key, found.by, found.is_good()) == (SPARE, file_key(POLICE), True)
    listed = read_key_list(place.list, sealing_key=SEALING.public_key)
    assert listed.known_at(NOW, [found])["police"] == {file_key(POLICE), SPARE}
    out.write_text("{}", encoding="utf-8")
    assert "EF324" in place.sign(SPARE.fingerprint).output


def test_verify_believes_the_list_among_the_seals_and_the_one_that_is_named(tmp_path: Path) -> None:
    record, keys = record_with(own_keys()), list_of(own_keys())
    made = seal_record(record, approved(record), key=SEALING, now=SEALED_AT, keys=keys)
    (tmp_path / f"{record['reference']}.json").write_text(made.to_json(), encoding="utf-8")
    others = list_of({**own_keys(), "police": (ApprovalKey.of_file(POLICE.public_key),)})

    def verify(*more: str) -> Result:
        return CliRunner().invoke(main, ["verify", record["reference"], "--seals", str(tmp_path), *more])

    bare = verify()
    assert (bare.exit_code, "with a passkey." in bare.output) == (0, True)
    assert "Give the partnership's file to check" in bare.output
    write_key_list(tmp_path / KEY_LIST, keys)
    good = verify("--sealing-key", SEALING.public_key)
    assert (good.exit_code, "Give" in good.output) == (0, False)
    assert "Their keys are in the list that was signed with that key on 2027-01-11." in good.output
    write_key_list(tmp_path / "theirs.json", others)
    named = verify("--signatory-keys", str(tmp_path / "theirs.json"))
    assert (named.exit_code, "with a key that is in the signed list of keys" in named.output) == (1, True)
    write_key_list(tmp_path / KEY_LIST, list_of(own_keys(), key=POLICE))
    assert verify().exit_code == 1
    (tmp_path / KEY_LIST).write_text("[]", encoding="utf-8")
    assert "EF318" in verify().output


def test_verify_says_that_a_key_was_endorsed_and_in_no_list_yet(tmp_path: Path) -> None:
    new = passkey_of("new of the police")
    record, keys = record_with(own_keys(more={"police": (new.key,)})), list_of(own_keys())
    endorsed = by_passkey(new.key, passkey_of("police"))
    made = seal_record(
        record, approved(record, police=new), key=SEALING, now=SEALED_AT, keys=keys, endorsements=[endorsed]
    )
    (tmp_path / f"{record['reference']}.json").write_text(made.to_json(), encoding="utf-8")
    write_key_list(tmp_path / KEY_LIST, keys)
    said = CliRunner().invoke(main, ["verify", record["reference"], "--seals", str(tmp_path)])
    assert said.exit_code == 0, said.output
    assert "was endorsed by another key of theirs on 2027-02-25. It was in no signed list" in said.output
