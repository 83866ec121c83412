"""A signatory's further key, written into the text of the partnership's file: everything else in it stays as it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import tomlkit
from tomlkit.items import Table

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.partnership.bodies import Signatory
from everyfamily.core.partnership.file_edits import add_row, edited, row_of
from everyfamily.core.partnership.versions import PartnershipFiles, partnership_of


class KeyNotWritten(EveryfamilyError):
    """The key cannot be put into the file without changing anything else."""

    code: ClassVar[str] = "EF399"


def key_table(key: ApprovalKey) -> str:
    """What the partnership's file says of a passkey, below its signatory."""
    return f"[[signatories.keys]]\n{_row(key).as_string()}".rstrip("\n")


def with_new_key(files: PartnershipFiles, who: Signatory, key: ApprovalKey) -> PartnershipFiles:
    """The files with this passkey for the signatory, who is as the files have them. Raises KeyNotWritten."""
    text = edited(
        files.text,
        lambda file: add_row(row_of(file["signatories"], who.id), "keys", _row(key)),
        partial(_kept, who.id),
    )
    with suppress(EveryfamilyError):
        made = replace(files, text=text or "")
        was, now = ({one.id: set(one.keys) for one in partnership_of(some).signatories} for some in (files, made))
        if text is not None and now[who.id] - was[who.id] == {key}:
            return made
    raise KeyNotWritten(
        "The row of this signatory in the settings is written in a way that this page cannot change.",
        "Download the settings, add the lines that the page of the key shows, and give them back.",
    )


def _row(key: ApprovalKey) -> Table:
    row = tomlkit.table()
    row.update({"kind": key.kind, "label": key.label, "rp_id": key.rp_id, "public_key": key.public_key})
    return row


def _kept(name: str, file: dict[str, Any]) -> object:
    """All but the keys of that signatory."""
    rows = [
        {field: one for field, one in row.items() if row["id"] != name or field != "keys"}
        for row in file.pop("signatories")
    ]
    return file, rows
