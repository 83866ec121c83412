"""A signatory's further key, written into the text of the partnership's file: everything else in it stays as it is."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.partnership.bodies import Signatory
from everyfamily.core.partnership.versions import PartnershipFiles, partnership_of


class KeyNotWritten(EveryfamilyError):
    """The key cannot be put into the file without changing anything else."""

    code: ClassVar[str] = "EF399"


def key_table(key: ApprovalKey) -> str:
    """What the partnership's file says of a passkey, below its signatory."""
    values = {"kind": key.kind, "label": key.label, "rp_id": key.rp_id, "public_key": key.public_key}
    # A basic string of TOML has the escapes of JSON.
    lines = (f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in values.items())
    return "\n".join(("[[signatories.keys]]", *lines))


def with_new_key(files: PartnershipFiles, who: Signatory, key: ApprovalKey) -> PartnershipFiles:
    """The files with this passkey for the signatory, who is as the files have them. Raises KeyNotWritten."""
    made = replace(files, text=_written(files.text, who.line, key))
    with suppress(EveryfamilyError):
        was, now = (_by_id(partnership_of(one).signatories) for one in (files, made))
        added = set(now[who.id].keys) - set(was[who.id].keys)
        if added == {key} and _bare(now, but=who.id) == _bare(was, but=who.id):
            return made
    raise KeyNotWritten(
        "The row of this signatory in the settings is written in a way that this page cannot change.",
        "Download the settings, add the lines that the page of the key shows, and give them back.",
    )


def _written(text: str, line: int, key: ApprovalKey) -> str:
    lines = text.splitlines(keepends=True)
    end = next((at for at in range(line, len(lines)) if lines[at].startswith("[")), len(lines))
    # After the last value of the row, and before what is said above the next one.
    while end > line and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    before = "".join(lines[:end])
    return f"{before}{'' if before.endswith('\n') else '\n'}\n{key_table(key)}\n{''.join(lines[end:])}"


def _by_id(signatories: tuple[Signatory, ...]) -> dict[str, Signatory]:
    return {one.id: replace(one, line=1) for one in signatories}


def _bare(signatories: dict[str, Signatory], *, but: str) -> dict[str, Signatory]:
    return signatories | {but: replace(signatories[but], keys=())}
