"""partnership sign-keys and endorse-key: which keys of signatories count, said by people with keys of their own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.private_files import require_place
from everyfamily.cli.console.shown import shown
from everyfamily.cli.letters.letter_commands import now, open_key
from everyfamily.core.agreement.endorsements import KeyToEndorse, endorse
from everyfamily.core.agreement.signatory_keys import signed_list
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.provable_keys import fault_of
from everyfamily.core.partnership.bodies import Signatory
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.letters.files.key_lists import (
    ENDORSED,
    KEY_LIST,
    endorsements_beside,
    read_key_list,
    write_endorsement,
    write_key_list,
)
from everyfamily.letters.files.record import SignatoryWithoutKey

_file = click.Path(path_type=Path, exists=True, dir_okay=False)


class KeyNotCompared(EveryfamilyError):
    """Nobody has said that a key's fingerprint was compared with the person whose key it is to be."""

    code = "EF326"


class EndorsedByAnother(EveryfamilyError):
    """Only a key of the same body lets a further key count."""

    code = "EF325"


@click.command("sign-keys")
@click.option("--partnership", "partnership_file", type=_file, required=True, help="The partnership's file.")
@click.option("--key", "key_file", type=_file, required=True, help="The partnership's sealing key.")
@click.option("--passphrase-file", type=_file, help="Read the passphrase from this file instead of asking.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The list, beside the sealing key. One that is there already is continued.",
)
@click.option(
    "--seals",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Also publish it with these seals.",
)
@click.option(
    "--compared",
    multiple=True,
    metavar="FINGERPRINT",
    help="Fingerprint of a new key that its owner read to you. Once for each, if nobody is to be asked.",
)
@json_option
def sign_keys(
    partnership_file: Path,
    key_file: Path,
    passphrase_file: Path | None,
    out: Path,
    seals: Path | None,
    compared: tuple[str, ...],
    as_json: bool,
) -> None:
    """Sign the list of keys that count: those of the signatories in the partnership's file.

    For each new key you are asked whether its owner read you its fingerprint, by phone, on a number that you already
    had. Anyone who can put a key into this list can approve letters, so never take a fingerprint from an email or a
    page.
    """
    require_place(out)
    partnership = load_partnership(partnership_file)
    for who in partnership.signatories:
        if not who.keys:
            raise SignatoryWithoutKey(
                f"{who.organisation} has no key in the partnership's file.",
                "Make its key and write the public half there.",
            )
    key = open_key(key_file, passphrase_file)
    before = read_key_list(out, sealing_key=key.public_key) if out.exists() else None
    made = signed_list(
        partnership.name,
        partnership.signatories,
        before=before,
        endorsements=endorsements_beside(out),
        key=key,
        now=now(),
    )
    was, counts = (before.counting() if before else []), made.counting()
    names = {who.id: f"{who.name}, {who.title}, {who.organisation}" for who in partnership.signatories}
    new = [one for one in counts if one not in was]
    ended = [one for one in was if one not in counts]
    for name, one in new:
        _require_compared(one, names[name], compared, quiet=as_json)
    write_key_list(out, made)
    if seals is not None:
        write_key_list(seals / KEY_LIST, made)
    if as_json:
        rows = {what: [_row(*one) for one in some] for what, some in (("new", new), ("ended", ended))}
        click.echo(json.dumps({"list": str(out), "keys": len(counts), **rows}))
        return
    for name, one in ended:
        click.echo(shown(f"No longer counts, for {names.get(name, name)}: {_in_words(one)}"))
    click.echo(f"{len(counts)} keys are in the list, {len(new)} of them new: {out}")


@click.command("key-fingerprint")
@click.argument("public_key")
def key_fingerprint(public_key: str) -> None:
    """Show the fingerprint of a key file, to read to somebody by phone.

    PUBLIC_KEY is what `everyfamily key` printed.
    """
    key = ApprovalKey.of_file(public_key)
    if (fault := fault_of(key)) is not None:
        raise click.BadParameter(f"It {fault}.", param_hint="PUBLIC_KEY")
    click.echo(key.fingerprint)


@click.command("endorse-key")
@click.argument("fingerprint")
@click.option(
    "--partnership", "partnership_file", type=_file, required=True, help="The file that names the new key."
)
@click.option("--key", "key_file", type=_file, required=True, help="Your own key file, which counts already.")
@click.option("--passphrase-file", type=_file, help="Read the passphrase from this file instead of asking.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File for the endorsement."
)
def endorse_key(
    fingerprint: str, partnership_file: Path, key_file: Path, passphrase_file: Path | None, out: Path
) -> None:
    """Let a further key of your own body count, with your key file, until the list is signed again.

    FINGERPRINT is what its owner read to you by phone, on a number that you already had.
    """
    require_place(out)
    partnership = load_partnership(partnership_file)
    who, new = _key_with(fingerprint, partnership)
    key = open_key(key_file, passphrase_file)
    own = ApprovalKey.of_file(key.public_key)
    if not any(own in other.keys for other in partnership.signatories if other.body == who.body):
        raise EndorsedByAnother(
            f"Your key is not a key of {who.organisation}, so it cannot let the new key count.",
            "Ask somebody who signs for the same body, or have the list of keys signed again.",
        )
    write_endorsement(out, endorse(KeyToEndorse(partnership.name, who.body, who.id, new), key=key, now=now()))
    click.echo(shown(f"Counts from now on, for {who.name}, {who.organisation}: {_in_words(new)}"))
    click.echo(f"Put {out} into the folder {ENDORSED} beside the list of keys.")


def _key_with(fingerprint: str, partnership: Partnership) -> tuple[Signatory, ApprovalKey]:
    """The key in the partnership's file that has this fingerprint, and whose it is. Raises KeyNotCompared."""
    for who in partnership.signatories:
        for key in who.keys:
            if _bare(key.fingerprint) == _bare(fingerprint):
                return who, key
    raise KeyNotCompared(
        "No key in the partnership's file has this fingerprint.",
        "Ask its owner to read it to you again. If it is different, do not go on, and find out whose the key is.",
    )


def _require_compared(key: ApprovalKey, whose: str, compared: tuple[str, ...], *, quiet: bool) -> None:
    """Show a new key, and raise KeyNotCompared unless a person says that its owner read its fingerprint to them."""
    if not quiet:
        click.echo(shown(f"New, for {whose}: {_in_words(key)}"))
    if _bare(key.fingerprint) in {_bare(one) for one in compared}:
        return
    refused = KeyNotCompared(
        f"Nobody has said that the fingerprint {key.fingerprint} was compared.",
        "Ring the person, on a number that you already have, and ask them to read it to you. Nothing was written.",
    )
    if quiet or not sys.stdin.isatty():
        raise refused
    if not click.confirm("  Did this person read you exactly this fingerprint by phone?", default=False):
        raise refused


def _in_words(key: ApprovalKey) -> str:
    kind = f"passkey on {key.rp_id}" if key.is_passkey else "key file"
    return f"{kind}, fingerprint {key.fingerprint}{f', called {key.label}' if key.label else ''}"


def _row(who: str, key: ApprovalKey) -> dict[str, str]:
    return {"signatory": who, "kind": key.kind, "fingerprint": key.fingerprint}


def _bare(fingerprint: str) -> str:
    return "".join(fingerprint.split()).lower()
