"""What the signed list of keys keeps out of the tables, whoever can write there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from everyfamily.core.actors import Actor
from everyfamily.core.keys.signing import SigningKey
from everyfamily.letters.files.agreeing import seal_record
from everyfamily.letters.files.key_lists import KeyListNotProven, write_key_list
from everyfamily_postgres.launcher import Server
from tests.factories.authenticator import Authenticator, new_private
from tests.factories.pins import approved, list_of, own_keys, record_with
from tests.factories.records import SEALED_AT, SEALING

pytestmark = [pytest.mark.database, pytest.mark.slow]

FILES = {"en/letter.pdf": b"%PDF-1.7"}


def test_a_letter_comes_in_only_if_the_keys_that_approved_it_are_in_the_list(
    database: Server, tmp_path: Path
) -> None:
    from everyfamily.letters.actions.sealed_letters import SealNotGood, record_sealed_letter
    from everyfamily.letters.models import Approval, Letter

    windows = Authenticator(new_private("RS256"))
    record = record_with(own_keys(more={"police": (windows.key,)}))
    made = seal_record(record, approved(record, police=windows), key=SEALING, now=SEALED_AT)
    file = tmp_path / "signatory-keys.json"

    def come_in() -> int:
        with override_settings(EVERYFAMILY_SIGNATORY_KEYS_FILE=str(file)):
            return record_sealed_letter(
                made, FILES, sealing_key=SEALING.public_key, by=Actor.typed("test"), now=SEALED_AT
            )

    write_key_list(file, list_of(own_keys()))
    with pytest.raises(SealNotGood, match="with a key that is in the signed list of keys"):
        come_in()
    write_key_list(file, list_of(own_keys(more={"police": (windows.key,)}), key=SigningKey.new()))
    with pytest.raises(KeyListNotProven):
        come_in()
    assert not Letter.objects.exists()
    write_key_list(file, list_of(own_keys(more={"police": (windows.key,)})))
    letter = come_in()
    kept = Approval.objects.get(letter_id=letter, signatory="police")
    assert len(kept.signature) == 344, "a passkey of Windows has a longer signature than any other"
