"""What the signed list of keys keeps out of the tables, whoever can write there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.endorsements import endorse
from everyfamily.core.agreement.seals import digest_of
from everyfamily.core.agreement.signatory_keys import KeyNotPinned, signed_list
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.agreeing import seal_record
from everyfamily.letters.files.key_lists import KeyListNotProven, NoKeyList, key_list_to_seal, write_key_list
from everyfamily_postgres.launcher import Server
from tests.factories.authenticator import Authenticator, new_private
from tests.factories.drafted import NOW, approval_of, begun, frozen_now, keys, sealing_key, with_keys
from tests.factories.pins import approved, asked, by_passkey, list_of, own_keys, record_with
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


def forged_endorsements(record: dict[str, Any], passkey: Authenticator) -> list[str]:
    """Rows that say the passkey is endorsed: by itself, and by a key that only claims to be the police's."""
    police = next(who for who in record["required_signatories"] if who["id"] == "police")
    what = asked(passkey.key, partnership=record["letter"]["partnership"])
    claimed = replace(endorse(what, key=SigningKey.new(), now=NOW), by=ApprovalKey.from_row(police["keys"][0]))
    own = by_passkey(passkey.key, passkey, what)
    return [one.to_json() for one in (own, claimed)]


def test_somebody_who_can_write_every_row_approves_nothing(database: Server, tmp_path: Path) -> None:
    """They put a passkey of their own into the settings as one of the police's, and write approvals and endorsements.
    All of it agrees with itself. The worker believes the signed list."""
    from everyfamily.letters.actions.approving import receive_approval
    from everyfamily.letters.actions.sealing import seal_asked
    from everyfamily.letters.draft_queries.frozen import record_of_frozen
    from everyfamily.letters.models import Letter, ReceivedApproval, Sealing

    attacker, keys_file = Authenticator(), tmp_path / "signatory-keys.json"
    with with_keys(tmp_path) as place, override_settings(EVERYFAMILY_SIGNATORY_KEYS_FILE=str(keys_file)):
        own = load_partnership(place.partnership)
        listed = signed_list(own.name, own.signatories, before=None, key=sealing_key(), now=NOW)
        write_key_list(keys_file, listed)
        line = f'public_key = "{keys()["police"].public_key}"'
        key = f'kind = "passkey"\npublic_key = "{attacker.key.public_key}"\nrp_id = "{attacker.rp_id}"'
        place.rewrite(line, f"{line}\n[[signatories.keys]]\n{key}")
        frozen_id = frozen_now(begun())
        record = record_of_frozen(frozen_id)
        forged = attacker.approves(
            reference=record["reference"], digest=digest_of(record), signatory="police", now=NOW
        )
        with pytest.raises(KeyNotPinned):
            receive_approval(frozen_id, forged, by=Actor.typed("Police"), now=NOW)
        council = approval_of(frozen_id, "childrens-services")
        for one in (council, forged):
            row = {"signatory": one.signatory, "kind": one.kind, "json": one.row()}
            ReceivedApproval.objects.create(frozen_id=frozen_id, by="Police", at=NOW, **row)
        sealing = Sealing.objects.create(
            frozen_id=frozen_id,
            endorsements=forged_endorsements(record, attacker),
            asked_by="Robin",
            asked_at=NOW,
        )
        seal_asked(sealing.pk, lambda: NOW)
        sealing.refresh_from_db()
        assert (sealing.state, sealing.failed_code) == ("failed", "EF322")
        assert not Letter.objects.exists()
        # With the approval that only the police can make the same version is sealed: nothing else stopped it.
        genuine = [council, approval_of(frozen_id, "police")]
        assert seal_record(record, genuine, key=sealing_key(), now=NOW, keys=listed).endorsements == ()
        # And a worker that has lost the list, or has another's, seals no real letter.
        record["letter"]["demonstration"] = False
        with pytest.raises(NoKeyList):
            key_list_to_seal(record, "", sealing_key=sealing_key().public_key)
        write_key_list(
            keys_file, signed_list(own.name, own.signatories, before=None, key=SigningKey.new(), now=NOW)
        )
        with pytest.raises(KeyListNotProven):
            key_list_to_seal(record, str(keys_file), sealing_key=sealing_key().public_key)
