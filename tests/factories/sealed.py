"""Letters sealed within milliseconds, and the parent site made of them: nothing is rendered for print."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from everyfamily.core.agreement.approvals import approve
from everyfamily.core.agreement.seals import Seal, digest_of, seal
from everyfamily.core.agreement.signatory_keys import SignatoryKeys, signed_list
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letter_history import LetterHistory
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.site_pack import SitePack, load_site_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.files.folder import write_letter_folder, write_seal
from everyfamily.letters.files.record import build_record
from everyfamily.parentsite.assets import build_assets
from everyfamily.parentsite.furniture import Furniture
from everyfamily.parentsite.render import render_site
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import Site
from tests.factories.demonstration import DATED, REFERENCE, ROOT, demo_letter, demo_pack, demo_partnership

SITE_PACK = ROOT / "packs" / "parent-site"
DRAFTS = ("ar", "bn", "ckb", "pa", "pl", "pt", "ro", "so", "uk", "ur")
"""The site's languages beside English, made by a machine. Whoever reads one takes it out of the tests that say so."""
SEALED_AT = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
SEALING = SigningKey.new()
FILES: Mapping[str, bytes] = {
    "en/letter.pdf": b"%PDF-1.7 the letter",
    "en/letter-large-print.pdf": b"%PDF-1.7 the letter in large print",
    "en/email.html": b"<p>Dear parent or carer</p>",
    "en/gaps-open/letter.pdf": b"%PDF-1.7 with its gaps open",
}


@cache
def _keys() -> Mapping[str, SigningKey]:
    return {who.id: SigningKey.new() for who in demo_letter().signatories}


@dataclass(frozen=True)
class Sealed:
    """A seal, and the files of which it holds the digests."""

    seal: Seal
    files: Mapping[str, bytes]

    @property
    def reference(self) -> str:
        return str(self.seal.record["reference"])

    def publish(self, seals: Path) -> Path:
        """Put the seal into a folder of seals, under its reference."""
        seals.mkdir(exist_ok=True)
        file = seals / f"{self.reference}.json"
        file.write_text(self.seal.to_json(), encoding="utf-8")
        return file

    def write(self, folder: Path) -> Path:
        """Write the letter's folder."""
        write_letter_folder(folder, self.seal.record, self.files)
        write_seal(folder, self.seal)
        return folder


def letter_of_term(
    term: str = "spring-2027", dated: date = DATED, reference: str = REFERENCE, **fields: Any
) -> Letter:
    """The demonstration's letter as that of another term; `fields` are fields of Letter."""
    letter = demo_letter()
    site = fields.get("site", letter.site)
    season, _, year = term.partition("-")
    return replace(
        letter,
        **{
            "reference": reference,
            "term": f"{season} term {year}",
            "page": f"{site}/{term}",
            "dated": dated,
            "signatories": tuple(
                replace(who, keys=(ApprovalKey.of_file(_keys()[who.id].public_key),))
                for who in letter.signatories
            ),
            **fields,
        },
    )


def seal_letter(letter: Letter, *, key: SigningKey = SEALING, files: Mapping[str, bytes] = FILES) -> Sealed:
    """The letter, approved by its signatories and sealed with `key`."""
    made = build_record(letter, files, findings=[], waivers=[], rule_set="1", templates={"template": "1"})
    record = json.loads(json.dumps(made))
    approvals = [
        approve(reference=letter.reference, digest=digest_of(record), signatory=name, key=one, now=SEALED_AT)
        for name, one in _keys().items()
    ]
    return Sealed(seal(record, approvals, key=key, now=SEALED_AT), files)


def key_list(letter: Letter, key: SigningKey = SEALING) -> SignatoryKeys:
    """The list of the keys of those who sign the letter, signed with `key` an hour before it was sealed."""
    before = SEALED_AT - timedelta(hours=1)
    return signed_list(letter.partnership, letter.signatories, before=None, key=key, now=before)


def on_site(letter: Letter | None = None, *, withdrawn: bool = False) -> SealedLetter:
    """A sealed letter as the site has it, with its two files to print."""
    letter = letter or letter_of_term()
    files = {name: FILES[name] for name in ("en/letter.pdf", "en/letter-large-print.pdf")}
    term = letter.page.removeprefix(f"{letter.site}/")
    history = LetterHistory(withdrawn=withdrawn, follows=letter.follows)
    return SealedLetter(letter, seal_letter(letter).seal, term, files, history)


@cache
def site_pack() -> SitePack:
    """The general pages of this checkout."""
    return load_site_pack(SITE_PACK)


def site(
    letters: Sequence[SealedLetter] | None = None,
    *,
    languages: tuple[str, ...] = ("en",),
    partnership: Partnership | None = None,
    packs: Mapping[str, Pack] | None = None,
    pages: SitePack | None = None,
    **fields: Any,
) -> Site:
    """The demonstration's site, made on the day of its letter; `fields` are fields of Site."""
    return Site(
        partnership=partnership or demo_partnership(),
        pages=pages or site_pack(),
        packs={demo_pack().id: demo_pack()} if packs is None else packs,
        letters=tuple(letters) if letters is not None else (_demo_letter_on_site(),),
        languages=languages,
        **{"today": DATED, **fields},
    )


@cache
def _demo_letter_on_site() -> SealedLetter:
    return on_site()


def rendered(made: Site) -> dict[str, str]:
    """Every page of a site by its path."""
    return {
        path: data.decode()
        for path, data in render_site(made, build_assets(made.base, made.choices, made.partnership.bodies))
    }


def another_topic(pack_id: str = "harmful-groups-online") -> Pack:
    """A second topic with pages, as a copy of the first under another name."""
    pack = demo_pack()
    return dataclasses.replace(pack, about=pack.about.model_copy(update={"id": pack_id}))


def catalogue_read_by_somebody(furniture: Furniture) -> Furniture:
    """The short words as if a second person had read them against the English."""
    return replace(furniture, checker="C. Person", checked_digest=furniture.own_digest)


def read_by_somebody(texts: Mapping[str, SiteText]) -> dict[str, SiteText]:
    """The texts as if a second person had read each translation against the English."""
    return {
        tag: text
        if text.translator is None
        else replace(text, checker="C. Person", checked_digest=text.own_digest)
        for tag, text in texts.items()
    }
