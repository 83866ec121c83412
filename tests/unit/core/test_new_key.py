"""A signatory's further key in the text of the partnership's file: it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from everyfamily.core.keys.approval_keys import PASSKEY, ApprovalKey
from everyfamily.core.partnership.new_key import KeyNotWritten, with_new_key
from everyfamily.core.partnership.versions import PartnershipFiles, files_at, partnership_of
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.passkey import Passkey


def _key(label: str = "force “laptop”, 2nd") -> ApprovalKey:
    return ApprovalKey(PASSKEY, Passkey().public_key, "letters.eastmere.example", label)


def _put_in(files: PartnershipFiles, name: str, key: ApprovalKey) -> PartnershipFiles:
    who = next(one for one in partnership_of(files).signatories if one.id == name)
    return with_new_key(files, who, key)


def test_each_signatory_gets_their_own_keys_and_no_other_line_changes() -> None:
    files, partnership = files_at(PARTNERSHIP)
    first, second, third = _key(), _key("spare"), _key()
    made = _put_in(_put_in(_put_in(files, "police", first), "police", second), "childrens-services", third)
    keys = {one.id: set(one.keys) for one in partnership_of(made).signatories}
    before = {one.id: set(one.keys) for one in partnership.signatories}
    assert keys["police"] - before["police"] == {first, second}
    assert keys["childrens-services"] - before["childrens-services"] == {third}
    assert next(one for one in partnership_of(made).signatories if one.id == "police").keys[-1].label
    added = [line for line in made.text.splitlines() if line not in files.text.splitlines()]
    assert [line for line in files.text.splitlines() if line not in made.text.splitlines()] == []
    assert {line.partition(" ")[0] for line in added} <= {
        "[[signatories.keys]]",
        "kind",
        "label",
        "rp_id",
        "public_key",
    }


def test_a_key_that_is_there_or_a_row_that_is_elsewhere_is_refused() -> None:
    files, partnership = files_at(PARTNERSHIP)
    key, police = _key(), partnership.signatories[1]
    made = _put_in(files, "police", key)
    with pytest.raises(KeyNotWritten):
        _put_in(made, "police", key)
    with pytest.raises(KeyNotWritten):
        _put_in(made, "childrens-services", key)
    with pytest.raises(KeyNotWritten):
        with_new_key(files, replace(police, id="elsewhere"), key)
