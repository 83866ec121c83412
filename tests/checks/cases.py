"""Cases of rules as data: tests/checks/<family>/<rule>.toml, for people who do not program.

A case changes a letter that has no fault and says what the rule must then find. Keys of a case: `name`; what
`tests/factories/letters.py` takes (`added`, `replaced`, `asides`, `without`, `routes`, `promises`, ...); `text` as a
short way to add one paragraph; `today`, `sms`, `pages`, `waivers`; instead of our letter a `document` (lines, marked
as in `tests/factories/documents.py`, with `fields` of the document and, in `block`, of each of its blocks) or a `file`
with its `content`, and whether it is `about_harm` (yes, if not said; "told": by its own words);
and in `[[fails]]` what is found:
`words`, `passage`, `message`, `line`, `language`, `findings` (how many; 1 if not said).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from everyfamily.checks.model.context import CheckContext, SmsCount
from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Document, Image, Link, Run
from everyfamily.documents.reading import read_document
from tests.factories.documents import FILE, make_document
from tests.factories.letters import TODAY, make_letter

FOLDER = Path(__file__).parent
FOUND = ("words", "passage", "message", "line", "language")
OURS = {
    "name",
    "code",
    "text",
    "today",
    "sms",
    "pages",
    "waivers",
    "document",
    "fields",
    "block",
    "file",
    "content",
    "times",
    "about_harm",
    "findings",
    *FOUND,
}


@dataclass(frozen=True)
class Case:
    """One case: the rule's code, whether it must find something, and the case as written."""

    file: str
    code: str
    fails: bool
    raw: dict[str, Any]

    def __str__(self) -> str:
        verb = "finds" if self.fails else "lets through"
        return f"{self.code} {verb} {self.raw['name']}"


def all_cases() -> list[Case]:
    """Every case of every file."""
    cases = []
    for path in sorted(FOLDER.rglob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, fails in (("fails", True), ("passes", False)):
            for raw in data.get(key, []):
                code = raw.get("code", data.get("rule"))
                cases.append(Case(str(path.relative_to(FOLDER)), code, fails, raw))
    return cases


def context_of(raw: dict[str, Any]) -> CheckContext:
    """The context a case describes."""
    today = raw.get("today", TODAY)
    if "document" in raw:
        return CheckContext.of_document(_document_of(raw), today=today, about_harm=_about_harm(raw))
    if "content" in raw:
        read = read_document((raw["content"] * raw.get("times", 1)).encode(), raw["file"])
        return CheckContext.of_document(read, today=today, about_harm=_about_harm(raw))
    changes = {key: value for key, value in raw.items() if key not in OURS}
    if "text" in raw:
        changes["added"] = [*changes.get("added", []), {"text": raw["text"]}]
    letter = make_letter(**changes)
    fragments = {language: SmsCount(**count) for language, count in raw.get("sms", {}).items()}
    return CheckContext.of_letter(
        letter,
        today=today,
        sms_fragments={**{language: SmsCount(1, 146, "GSM-7") for language in letter.texts}, **fragments},
        print_pages={**dict.fromkeys(letter.texts, 2), **raw.get("pages", {})},
    )


def _about_harm(raw: dict[str, Any]) -> bool | None:
    said = raw.get("about_harm", True)
    return None if said == "told" else bool(said)


def _document_of(raw: dict[str, Any]) -> Document:
    block, fields = dict(raw.get("block", {})), dict(raw.get("fields", {}))
    if "links" in block:
        block["links"] = tuple(Link(**link) for link in block["links"])
    if "runs" in block:
        block["runs"] = tuple(
            Run(**{k: tuple(v) if isinstance(v, list) else v for k, v in run.items()}) for run in block["runs"]
        )
    if "images" in fields:
        fields["images"] = tuple(
            Image(SourceLocation(FILE), **{"alt": None, **image}) for image in fields["images"]
        )
    if "untagged_text" in fields:
        fields["untagged_text"] = tuple((page, text) for page, text in fields["untagged_text"])
    return make_document(raw["document"], block=block, **fields)


def waivers_of(raw: dict[str, Any]) -> list[Waiver]:
    """The waivers a case describes; agreed by both signatories, with a reason, until summer, unless it says so."""
    usual = {"reason": "Explained at once", "agreed_by": ["council", "police"], "ends_on": TODAY.replace(month=7)}
    made = [{**usual, **waiver} for waiver in raw.get("waivers", [])]
    return [Waiver(**{**waiver, "agreed_by": tuple(waiver["agreed_by"])}) for waiver in made]
