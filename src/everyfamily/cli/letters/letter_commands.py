"""compose, key and seal: a letter as files, without a database. approving.py has how a signatory approves, and
verify_command.py how anyone asks whether a letter is real."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from everyfamily.checks.model.waiver_file import load_waivers
from everyfamily.cli.console.known_words import words_known_here
from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.cli.letters.pack_overrides import overrides_option, parsed_with
from everyfamily.core.agreement.seals import digest_of, fingerprint
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.keys.passphrases import require_strong
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.compose import compose as compose_letter
from everyfamily.core.letter.corrections import correcting, wrong_letter
from everyfamily.core.letter.letters import Followed
from everyfamily.core.letter.nothing_invented import require_nothing_invented
from everyfamily.core.letter.references import reference_for
from everyfamily.core.packs.opened_pack import open_pack
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.agreeing import make_letter, prove_ready, seal_record
from everyfamily.letters.files.folder import (
    read_approvals,
    read_artefacts,
    read_record,
    write_letter_folder,
    write_seal,
)
from everyfamily.letters.files.key_lists import endorsements_beside, read_key_list
from everyfamily.letters.files.record import letter_of

FINDINGS = 1

_folder = click.Path(path_type=Path, exists=True, file_okay=False)
_file = click.Path(path_type=Path, exists=True, dir_okay=False)


class KeyFileExists(EveryfamilyError):
    """A private key is never overwritten."""

    code = "EF312"


class PassphraseMissing(EveryfamilyError):
    """No passphrase was given and nobody can be asked."""

    code = "EF311"


@click.command()
@click.argument("pack", type=click.Path(path_type=Path, exists=True))
@click.option("--partnership", "partnership_file", type=_file, required=True, help="The partnership's TOML file.")
@click.option("--term", required=True, help="Term of the year plan, such as spring-2027.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="Date of the letter. Today if not given.")
@click.option(
    "--reference",
    help="Reference that families can check, such as ES-2703-K7R4. If not given, one is drawn with the file's prefix.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write the letter to.")
@click.option(
    "--corrects", type=_folder, help="Folder of the letter that was wrong. This letter first says what was wrong."
)
@click.option("--wrong-route", help="Which route was wrong: its id in the partnership's file, such as local.")
@click.option("--replaces", type=_folder, help="Folder of the withdrawn letter that this one replaces.")
@click.option(
    "--waivers", "waivers_file", type=_file, help="File of waivers that every signatory has agreed (TOML)."
)
@overrides_option
@json_option
def compose(
    pack: Path,
    partnership_file: Path,
    term: str,
    dated: datetime | None,
    reference: str | None,
    out: Path,
    corrects: Path | None,
    wrong_route: str | None,
    replaces: Path | None,
    waivers_file: Path | None,
    overrides_file: Path | None,
    as_json: bool,
) -> None:
    """Make a letter from a content PACK: print, email, text message and web page.

    The folder also has what is said beside it: for newsletters, for staff, and for press offices (press-lines.pdf).

    PACK is a folder, or the zip of one. With --corrects the letter first says what was wrong in an earlier
    letter, in the words of packs/correction. What a letter corrects or replaces is part of what is approved, and
    the site and `everyfamily verify` show it.
    """
    if (corrects is None) is not (wrong_route is None):
        raise click.UsageError("--corrects and --wrong-route belong together.")
    if corrects is not None and replaces is not None:
        raise click.UsageError("A letter corrects or replaces: make two letters, one with each.")
    partnership = load_partnership(partnership_file)
    require_nothing_invented(partnership)
    day = dated.date() if dated else today()
    # A letter does not wait for the site's translations, unless some of them are its own words.
    words = parsed_with(open_pack(pack), overrides_file, site_languages=() if overrides_file is None else None)
    follows = None
    if replaces is not None:
        follows = Followed(letter_of(read_record(replaces)).reference, "replacement")
    if corrects is not None and wrong_route is not None:
        wrong = wrong_letter(letter_of(read_record(corrects)), wrong_route)
        beside = pack.resolve().parent / "correction"
        said = beside if beside.is_dir() or pack.is_dir() else packs_folder() / "correction"
        words = correcting(words, said, wrong, partnership)
        follows = Followed(wrong.reference, "correction")
    reference = reference_for(partnership, reference, day)
    letter = compose_letter(words, partnership, term=term, dated=day, reference=reference, follows=follows)
    waivers = load_waivers(waivers_file) if waivers_file is not None else ()
    record, artefacts, _ = make_letter(letter, today=day, waivers=waivers)
    write_letter_folder(out, record, artefacts)
    digest = digest_of(record)
    if as_json:
        click.echo(json.dumps({"reference": reference, "digest": digest, "files": sorted(artefacts)}))
        return
    click.echo(f"Letter {reference} in {', '.join(letter.texts)}, fingerprint {fingerprint(digest)}.")
    if years := from_year_in_words(letter.from_year):
        click.echo(f"It is only for children {years}.")
    if letter.secondary_from is not None:
        click.echo(
            f"It has two versions: families of children {from_year_in_words(letter.secondary_from)} get one, and those "
            f"of younger children the other, {out / 'files' / 'primary' / 'en' / 'letter.pdf'}"
        )
    if letter.english.press is None:
        click.echo(
            "The pack has no press lines (press.en.md). Agree what your press offices say before the letter goes."
        )
    else:
        click.echo(f"For your press offices, not for schools: {out / 'files' / 'en' / 'press-lines.pdf'}")
    if letter.overridden is not None:
        click.echo(f"In your own words: {', '.join(letter.overridden.passages)}.")
    click.echo(f"Look at {out / 'files' / 'en' / 'letter.pdf'}, then run: everyfamily check {out}")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File for the private key.")
@click.option("--passphrase-file", type=_file, help="Read the passphrase from this file instead of asking.")
@click.option(
    "--partnership",
    "partnership_file",
    type=_file,
    help="The partnership's file, whose names and places are refused. By default partnership.toml here, if any.",
)
def key(out: Path, passphrase_file: Path | None, partnership_file: Path | None) -> None:
    """Make a signatory's or the partnership's own key, and print the public half for the partnership's file.

    For the passphrase, choose four words that have nothing to do with each other, with you or with your work:
    15 characters or more. Keep it away from the key.
    """
    if out.exists():
        raise KeyFileExists(
            "There is a file of this name already.", "Choose another --out.", SourceLocation(out.name)
        )
    made = SigningKey.new()
    passphrase = passphrase_from(passphrase_file, confirm=True)
    require_strong(passphrase, words_known_here(partnership_file, out.parent))
    write_key(out, made, passphrase)
    click.echo(f'public_key = "{made.public_key}"')


def write_key(out: Path, made: SigningKey, passphrase: bytes) -> None:
    """Write a private key that only its owner can read."""
    pem = made.to_pem(passphrase)
    out.touch(mode=0o600, exist_ok=False)
    out.write_bytes(pem)


@click.command()
@click.argument("letter", type=_folder)
@click.option("--key", "key_file", type=_file, required=True, help="The partnership's sealing key.")
@click.option("--passphrase-file", type=_file, help="Read the passphrase from this file instead of asking.")
@click.option(
    "--signatory-keys",
    "keys_file",
    type=_file,
    envvar="EVERYFAMILY_SIGNATORY_KEYS_FILE",
    help="The signed list of keys that count. Any other key is refused.",
)
@json_option
def seal(
    letter: Path,
    key_file: Path,
    passphrase_file: Path | None,
    keys_file: Path | None,
    as_json: bool,
) -> None:
    """Seal a LETTER that every signatory has approved, and publish its seal as one JSON file."""
    record = read_record(letter)
    prove_ready(record, read_artefacts(letter, record), today=today())
    signing = SigningKey.from_pem(key_file.read_bytes(), passphrase_from(passphrase_file))
    keys = read_key_list(keys_file, sealing_key=signing.public_key) if keys_file is not None else None
    endorsements = endorsements_beside(keys_file) if keys_file is not None else ()
    made = seal_record(
        record, read_approvals(letter), key=signing, now=now(), keys=keys, endorsements=endorsements
    )
    file = write_seal(letter, made)
    if as_json:
        click.echo(json.dumps({"reference": record["reference"], "digest": made.digest, "seal": str(file)}))
        return
    click.echo(f"{record['reference']} is sealed, fingerprint {fingerprint(made.digest)}: {file}")


def open_key(file: Path, passphrase_file: Path | None) -> SigningKey:
    """A private key. Asks for its passphrase if no file is given. Raises KeyNotReadable and PassphraseMissing."""
    return SigningKey.from_pem(file.read_bytes(), passphrase_from(passphrase_file))


def passphrase_from(file: Path | None, *, confirm: bool = False) -> bytes:
    """The passphrase of a key, from a file or asked for. Raises PassphraseMissing."""
    if file is not None:
        return file.read_bytes().rstrip(b"\r\n")
    if not sys.stdin.isatty():
        raise PassphraseMissing("Nobody can be asked for the passphrase.", "Give --passphrase-file.")
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)).encode()


def now() -> datetime:
    """The present time."""
    return datetime.now(UTC)


def today() -> date:
    """The present day."""
    return now().date()
