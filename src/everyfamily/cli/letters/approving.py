"""approve: what a signatory is shown about a letter, the question, and the signature."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from everyfamily.cli.console.shown import of, shown
from everyfamily.cli.letters.letter_commands import now, passphrase_from, today
from everyfamily.core.agreement.approvals import RequiredSignatory
from everyfamily.core.agreement.seals import digest_of, fingerprint, required_signatories
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.overrides import line_of
from everyfamily.letters.files.agreeing import approve_record, prove_ready, signatory_of
from everyfamily.letters.files.changes import Change, changes_between
from everyfamily.letters.files.earlier import Earlier, earlier_version, version_in
from everyfamily.letters.files.folder import read_artefacts, read_record, write_approval
from everyfamily.letters.files.proof import later_than
from everyfamily.letters.files.record import letter_of, waivers_of

_folder = click.Path(path_type=Path, exists=True, file_okay=False)
_file = click.Path(path_type=Path, exists=True, dir_okay=False)

_LONGEST = 300
"""Characters of a changed passage that are shown. For a drawing, none are."""


class NobodyWasAsked(EveryfamilyError):
    """An approval needs a person's yes, or the fingerprint of exactly these words."""

    code = "EF390"


class AnotherFingerprint(EveryfamilyError):
    """The letter is not the one that was meant to be approved."""

    code = "EF391"


@click.command()
@click.argument("letter", type=_folder)
@click.option("--signatory", required=True, help="Your id in the partnership's file, such as police.")
@click.option("--key", "key_file", type=_file, required=True, help="Your own private key.")
@click.option("--passphrase-file", type=_file, help="Read the passphrase from this file instead of asking.")
@click.option("--since", type=_folder, help="Show what changed since the letter in this folder.")
@click.option("--yes", is_flag=True, help="Do not ask. For scripts, together with --fingerprint.")
@click.option(
    "--fingerprint", "wanted", help="Fingerprint of the letter that you have read. Any other letter is refused."
)
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON value. Needs --yes.")
def approve(
    letter: Path,
    signatory: str,
    key_file: Path,
    passphrase_file: Path | None,
    since: Path | None,
    yes: bool,
    wanted: str | None,
    as_json: bool,
) -> None:
    """Approve exactly the LETTER in this folder, as one signatory. Its files are rendered and checked again first.

    First you see what you are approving: the fingerprint to compare by phone, the words that changed since the
    version approved last, findings and waivers. Then you are asked to confirm.
    """
    if as_json and not yes:
        raise click.UsageError("--json asks nobody: give --yes and --fingerprint.")
    record = read_record(letter)
    digest = digest_of(record)
    prove_ready(record, read_artefacts(letter, record), today=today())
    who = signatory_of(record, signatory)
    _require_fingerprint(digest, wanted, yes=yes)
    if not as_json:
        earlier = (
            version_in(since, signatory) if since is not None else earlier_version(letter, record, signatory)
        )
        for line in what_is_approved(letter, record, who, earlier):
            click.echo(line)
    if not yes:
        _ask()
    signing = SigningKey.from_pem(key_file.read_bytes(), passphrase_from(passphrase_file))
    approval = approve_record(record, who, key=signing, now=now())
    write_approval(letter, approval)
    if as_json:
        click.echo(json.dumps({"signatory": signatory, "digest": digest, "approved_at": approval.approved_at}))
        return
    click.echo(f"{shown(who.organisation)} approved {record['reference']}, fingerprint {fingerprint(digest)}.")


def what_is_approved(
    folder: Path, record: Mapping[str, Any], who: RequiredSignatory, earlier: Earlier | None
) -> Iterator[str]:
    """The lines that a signatory reads before the question."""
    letter = letter_of(record)
    yield f"You are asked to approve, for {shown(who.organisation)} ({shown(who.name)}, {shown(who.title)}):"
    yield f"  Letter       {shown(letter.reference)}, topic {shown(letter.topic)}" + (
        ", a demonstration" * letter.demonstration
    )
    yield f"  Term         {shown(letter.term)}, dated {letter.dated:%-d %B %Y}, in {', '.join(letter.texts)}"
    yield f"  Fingerprint  {fingerprint(digest_of(record))}"
    yield "               Read it to the other signatories by phone: theirs must be the same."
    yield f"  Read first   {folder / 'files' / 'en' / 'letter.pdf'}"
    if letter.secondary_from is not None:
        yield f"               That is for families of children {from_year_in_words(letter.secondary_from)}."
        yield f"  Read too     {folder / 'files' / 'primary' / 'en' / 'letter.pdf'}, for those of younger children"
    if letter.english.press is not None:
        yield f"  And then     {folder / 'files' / 'en' / 'press-lines.pdf'}, which your press office says"
    yield from _own_words(letter)
    yield from _findings(record)
    yield from _changed(record, earlier)


def _own_words(letter: Letter) -> Iterator[str]:
    """What the pack does not say: a signatory who knows the pack would not look for it."""
    if (own := letter.overridden) is None:
        return
    words = {
        f"{text.language} {one.id}": f": {line_of(one)}"
        for text in letter.letter_texts()
        for one in (*text.passages(), *text.outside(), *text.beside())
    }
    yield f"  Own words    {of(len(own.passages), 'passage')}, not the pack's:"
    yield from (shown(f"    {one}{words.get(one, ', on the parent site')}"[:_LONGEST]) for one in own.passages)


def _findings(record: Mapping[str, Any]) -> Iterator[str]:
    findings = record["findings"]
    yield f"  Findings     {of(len(findings), 'piece') + ' of advice' if findings else 'none'}"
    for one in findings:
        yield shown(f"    {one['code']} {one['file']}:{one['line']} {one['message']}")
    if ahead := later_than(letter_of(record), today()):
        yield f"  Not yet true {of(len(ahead), 'thing')} that this letter rests on:"
        yield from (shown(f"    {one}") for one in ahead)
    waivers = waivers_of(dict(record))
    yield f"  Waivers      {of(len(waivers), 'warning') + ' that you agree to' if waivers else 'none'}"
    for waiver in waivers:
        yield shown(
            f"    {waiver.code} in {waiver.passage}, until {waiver.ends_on:%-d %B %Y}, because: {waiver.reason}"
        )


def _changed(record: Mapping[str, Any], earlier: Earlier | None) -> Iterator[str]:
    if earlier is None:
        yield "  Changed      there is no approved version next to this folder (--since FOLDER compares with one)"
        return
    whose = "which nobody approved"
    if earlier.approval is not None:
        names = {one.id: one.organisation for one in required_signatories(earlier.record)}
        day = date.fromisoformat(earlier.approval.approved_at[:10])
        whose = f"which {shown(names[earlier.approval.signatory])} approved on {day:%-d %B %Y}"
    changes = changes_between(earlier.record, record)
    count = of(len(changes), "place") if changes else "nothing that is read"
    yield f"  Changed      {count}, since the letter in {earlier.folder.name}, {whose}"
    for change in changes:
        yield from _change(change)


def _change(change: Change) -> Iterator[str]:
    yield shown(f"    {change.where}:")
    for sign, text in (("-", change.before), ("+", change.after)):
        if text:
            words = "(a drawing)" if text.lstrip().startswith("<") else shown(text)
            yield f"      {sign} {words[:_LONGEST]}{'…' * (len(words) > _LONGEST)}"


def _require_fingerprint(digest: str, wanted: str | None, *, yes: bool) -> None:
    if yes and wanted is None:
        raise NobodyWasAsked(
            "--yes says that you have read a letter, but not which.",
            "Give --fingerprint as `everyfamily compose` printed it and as you compared it.",
        )
    if wanted is None:
        return
    given = re.sub(r"[^0-9a-f]", "", wanted.casefold())
    if len(given) < len(fingerprint(digest).replace(" ", "")) or not digest.startswith(given):
        raise AnotherFingerprint(
            f"The letter in this folder has the fingerprint {fingerprint(digest)}, not the one you gave.",
            "Read this letter again, or get the folder again from the person who composed it.",
        )


def can_ask() -> bool:
    """Whether a person is at a terminal."""
    return sys.stdin.isatty()


def _ask() -> None:
    if not can_ask():
        raise NobodyWasAsked(
            "There is nobody to ask whether to approve it.",
            "Run it in a terminal, or give --yes and --fingerprint.",
        )
    if not click.confirm("Have you read it, and do you approve exactly this letter?", default=False):
        raise click.Abort
