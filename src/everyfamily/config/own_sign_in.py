"""Own sign-ins, from the file that EVERYFAMILY_OWN_SIGN_IN_FILE names, with each secret in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from everyfamily.config.environment import secret_in

if TYPE_CHECKING:
    from everyfamily.core.own_sign_in import OwnSignIn, OwnSignInRow

FILE = "EVERYFAMILY_OWN_SIGN_IN_FILE"


def own_sign_ins(environment: Mapping[str, str]) -> tuple[OwnSignIn, ...]:
    """Every own sign-in that is set. None if the variable is not.

    Raises TextFileUnreadable, TomlNotValid, SettingNotRight and OwnSignInNotRight.
    """
    named = environment.get(FILE, "")
    if not named:
        return ()
    # Most installations have none, and every command reads the settings.
    from everyfamily.core.files.text_files import read_text
    from everyfamily.core.files.toml_files import parse_toml
    from everyfamily.core.own_sign_in import OwnSignInFile, OwnSignInNotRight

    file = Path(named)
    model, _ = parse_toml(OwnSignInFile, read_text(file, file.name), file.name)
    plain_here = environment.get("EVERYFAMILY_STAND_INS") == "yes"
    found = tuple(_one(row, file.parent, plain_here=plain_here) for row in model.sign_in)
    if len({one.id for one in found}) < len(found) or len({one.issuer for one in found}) < len(found):
        raise OwnSignInNotRight(
            "Two own sign-ins have the same id or the same issuer.", "Give each its own, or take one out."
        )
    return found


def _one(row: OwnSignInRow, folder: Path, *, plain_here: bool) -> OwnSignIn:
    from everyfamily.core.own_sign_in import OwnSignIn, require_one_tenant

    require_one_tenant(row.issuer, plain_here=plain_here)
    step = row.second_step
    kept = secret_in(str(folder / row.secret_file), f"secret_file of {row.id}")
    return OwnSignIn(row.id, row.name, row.issuer, row.client_id, kept, step.claim, frozenset(step.has), step.ask)
