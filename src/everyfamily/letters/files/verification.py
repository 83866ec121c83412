"""Is this letter real? What `everyfamily verify` can say, and no more.

Three answers are possible for a file. Its exact digest is in a seal: genuine, unchanged. If it is a personal copy, the
personal fields are cut out by structure and the rest is compared with the sealed words; name, address and looks are not
proven. Anything else: not the sealed words, with the first difference.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.agreement.known_signatories import Known, unknown_signatories
from everyfamily.core.agreement.seals import (
    Seal,
    fingerprint,
    problems,
    required_signatories,
)
from everyfamily.core.agreement.signatory_keys import SignatoryKeys
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import bytes_of
from everyfamily.core.keys.approval_keys import PASSKEY
from everyfamily.documents.compared.letter_files import Reading, read_letter_file
from everyfamily.documents.compared.unreadable import UnreadableLetterFile
from everyfamily.letters.files.folder import read_seal
from everyfamily.letters.files.key_lists import key_list_beside
from everyfamily.letters.files.proof import other_renderings
from everyfamily.letters.files.sealed_words import SealedLetterNotRendered, first_difference, rendering
from everyfamily.letters.files.verdicts import Proof, Verdict, with_history

LETTER_BYTES = 50 * 1024**2
"""More than any letter has. A bundle of a hundred has less than a tenth of it."""

_REFERENCE = re.compile(r"\b[A-Z]{2,3}-\d{4}-[A-Z0-9]{4}\b")


class SealedByAnotherVersion(EveryfamilyError):
    """A copy cannot be compared, because this version renders the sealed letter differently."""

    code = "EF316"


@dataclass(frozen=True, slots=True)
class _Trusted:
    """What is known besides the seals: the public sealing key, who signs by the partnership's file, the signed list."""

    sealing_key: str | None
    signatories: Known | None
    keys: SignatoryKeys | None


def verify_seal(
    reference: str,
    seals: Path,
    *,
    sealing_key: str | None,
    signatories: Known | None = None,
    keys: SignatoryKeys | None = None,
) -> Verdict:
    """Verify a published seal by its reference.

    `signatories` are the partnership's, if its file is known. `keys` is the signed list of their keys: the one among
    the seals, if none is given and there is one.
    """
    file = seals / f"{reference}.json"
    if not _REFERENCE.fullmatch(reference) or not file.exists():
        return Verdict(
            Proof.NO_SEAL,
            f"No seal with the reference {reference} is known here.",
            ("Ring your child's school, on a number you already have, and ask about the letter.",),
            reference,
        )
    seal = read_seal(file)
    if seal.record["reference"] != reference:
        wrong = f"The file for {reference} has the seal of {seal.record['reference']}."
        return Verdict(Proof.BROKEN_SEAL, f"The seal of {reference} is not good.", (wrong,), reference)
    trusted = _Trusted(sealing_key, signatories, keys or key_list_beside(seals))
    return with_history(_about_seal(seal, trusted), seal, seals)


def verify_file(
    path: Path,
    seals: Path,
    *,
    sealing_key: str | None,
    signatories: Known | None = None,
    keys: SignatoryKeys | None = None,
) -> Verdict:
    """Verify a letter file against the published seals.

    `signatories` and `keys` as for `verify_seal`. Raises UnreadableLetterFile, and SealedByAnotherVersion for
    a personal copy of a letter that this version would render differently.
    """
    try:
        data = bytes_of(path, most=LETTER_BYTES)
    except (OSError, ValueError) as problem:
        raise UnreadableLetterFile(
            f"The file cannot be read, or is larger than {LETTER_BYTES // 1024**2} MB.",
            "Name one file: PDF, .eml, .html or .txt.",
            SourceLocation(path.name),
        ) from problem
    return verify_bytes(data, path.name, seals, sealing_key=sealing_key, signatories=signatories, keys=keys)


def verify_bytes(
    data: bytes,
    name: str,
    seals: Path,
    *,
    sealing_key: str | None,
    signatories: Known | None = None,
    keys: SignatoryKeys | None = None,
) -> Verdict:
    """The same, of a letter file's bytes; `name` is what the file is called. They are not more than LETTER_BYTES."""
    trusted = _Trusted(sealing_key, signatories, keys or key_list_beside(seals))
    digest = hashlib.sha256(data).hexdigest()
    known = [read_seal(file) for file in sorted(seals.glob("*.json"))]
    for seal in known:
        names = [name for name, sealed in seal.record["artefacts"].items() if sealed == digest]
        if names:
            about = _about_seal(seal, trusted)
            if about.proof is not Proof.GENUINE:
                return about
            genuine = Verdict(
                Proof.GENUINE,
                f"Genuine, unchanged: this is exactly {names[0]} of letter {about.reference}.",
                about.details,
                about.reference,
            )
            return with_history(genuine, seal, seals)
    reading = read_letter_file(data, name)
    verdict = _verify_words(reading, known, trusted)
    named = next((seal for seal in known if seal.record["reference"] == verdict.reference), None)
    return verdict if named is None else with_history(verdict, named, seals)


def _verify_words(reading: Reading, known: Sequence[Seal], trusted: _Trusted) -> Verdict:
    words = " ".join(reading.words)
    # A correction also names the letter that it corrects.
    named = [seal for seal in known if seal.record["reference"] in words]
    if not named:
        claimed = _REFERENCE.search(words)
        return Verdict(
            Proof.NO_SEAL,
            f"It gives the reference {claimed[0]}, which has no seal here."
            if claimed
            else "It gives no reference.",
            ("Ring your child's school, on a number you already have, and ask about the letter.",),
            claimed[0] if claimed else None,
        )
    verdicts = []
    for seal in named:
        verdicts.append(_compared(reading, seal, trusted))
        if verdicts[-1].proof is Proof.SEALED_WORDS:
            return verdicts[-1]
    return verdicts[0]


def _compared(reading: Reading, seal: Seal, trusted: _Trusted) -> Verdict:
    """What a copy is, compared with one seal."""
    about = _about_seal(seal, trusted)
    if about.proof is not Proof.GENUINE:
        return about
    try:
        with rendering(seal):
            others = other_renderings(seal.record)
        if others:
            raise SealedByAnotherVersion(
                f"This version renders the letter {about.reference} otherwise than it was sealed.",
                "Use the version of everyfamily that sealed it, or compare with the page that the reference leads to.",
            )
        first = first_difference(reading, seal)
    except SealedLetterNotRendered as problem:
        return Verdict(
            Proof.NO_LETTER,
            f"Nothing can be compared with the seal of {about.reference}.",
            (f"{problem.code}: {problem.fact}", problem.fix),
            about.reference,
        )
    if first is not None:
        return Verdict(
            Proof.OTHER_WORDS,
            f"Not the sealed words of {about.reference}.",
            (
                f"First difference at word {first.word} of the sealed text."
                if first.word
                else "The words are the sealed ones, but what is behind them is not.",
                f"Sealed: {first.sealed or '(nothing more)'}",
                f"Found:  {first.found or '(nothing more)'}",
            ),
            about.reference,
            first,
        )
    return Verdict(
        Proof.SEALED_WORDS,
        f"The sealed words of {about.reference}. Name, address, school and looks are not proven.",
        about.details,
        about.reference,
    )


def _about_seal(seal: Seal, trusted: _Trusted) -> Verdict:
    reference = str(seal.record["reference"])
    found = problems(seal, sealing_key=trusted.sealing_key)
    if not found and trusted.signatories is not None:
        found = unknown_signatories(seal.record, seal.approvals, trusted.signatories)
    if not found and trusted.keys is not None:
        found = trusted.keys.faults_of(seal)
    if found:
        return Verdict(Proof.BROKEN_SEAL, f"The seal of {reference} is not good.", tuple(found), reference)
    passkeys = {one.signatory for one in seal.approvals if one.kind == PASSKEY}
    details = [
        f"Fingerprint {fingerprint(seal.digest)}, sealed {seal.sealed_at[:10]}.",
        *(
            f"Approved by {who.name}, {who.title}, {who.organisation}{', with a passkey' * (who.id in passkeys)}."
            for who in required_signatories(seal.record)
        ),
    ]
    organisations = {who.id: who.organisation for who in required_signatories(seal.record)}
    details += [
        f"The key of {organisations.get(one.what.signatory)} was endorsed by another key of theirs on "
        f"{one.endorsed_at[:10]}. It was in no signed list of keys yet."
        for one in seal.endorsements
    ]
    if trusted.sealing_key is None:
        details.append("The seal agrees with itself. Give the sealing key to check that it is the partnership's.")
    if trusted.keys is not None:
        details.append(
            f"Their keys are in the list that was signed with that key on {trusted.keys.signed_at[:10]}."
        )
    elif trusted.signatories is None:
        details.append("Give the partnership's file to check that these are the partnership's own signatories.")
    if seal.record["letter"].get("demonstration"):
        details.append("This is a demonstration: its signatories are invented.")
    return Verdict(Proof.GENUINE, f"The seal of {reference} is good.", tuple(details), reference)


__all__ = ["Proof", "UnreadableLetterFile", "Verdict", "verify_file", "verify_seal"]
