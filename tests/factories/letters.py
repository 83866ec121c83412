"""A small letter without a fault, and what a test may change about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from everyfamily.core.errors import SourceLocation
from everyfamily.core.letter.letters import CitedSource, Letter
from everyfamily.core.partnership.bodies import Body, Enquiries, Promise, Signatory
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.passages import KitText, LetterText, Passage, PassageKind, Section

TODAY = date(2027, 3, 2)
FILE = "letter.en.md"

BODY: dict[str, tuple[str, list[tuple[PassageKind, str, str | None]]]] = {
    "opening": ("", [("paragraph", "This letter goes to every parent and carer in Eastmere.", None)]),
    "danger": ("", [("paragraph", "If a child is in danger now, call 999.", None)]),
    "what": ("What it is", [("paragraph", "Someone tricks, pressures or controls a child under 18.", None)]),
    "fault": ("", [("paragraph", "It is not your child’s fault.", None)]),
    "signs": ("Changes you may notice", [("paragraph", "These changes can have other causes.", None)]),
    "now": (
        "Tell us now, on 0800 1111, if your child…",
        [
            ("item", "goes missing, or stays out and will not say where", "rows at home"),
            ("item", "is very scared of someone", "bullying"),
        ],
    ),
    "changes": (
        "Have a talk if your child…",
        [("item", "misses lessons or whole days", "worry, caring at home")],
    ),
    "adults": ("Look out for someone who…", [("item", "gives gifts and wants it kept secret", None)]),
    "dont": ("Please do not", [("item", "promise to keep it secret", None)]),
    "call": ("What happens when you call", [("item", "A trained person listens.", None)]),
    "real": ("", [("paragraph", "To check that this letter is real, ask your child’s school.", None)]),
}
OUTSIDE = {
    "subject": "A letter about keeping children safe",
    "preheader": "Sent to every parent and carer in Eastmere.",
    "sms": "A letter about keeping children safe comes home today. In danger now? Call 999.",
}


def make_letter(
    *,
    replaced: Mapping[str, str] | None = None,
    asides: Mapping[str, str] | None = None,
    without: Iterable[str] = (),
    added: Sequence[Mapping[str, str]] = (),
    promises_in_text: Mapping[str, str] | None = None,
    translations: Mapping[str, Mapping[str, Any]] | None = None,
    routes: Mapping[str, Mapping[str, Any]] | None = None,
    newsletter: Sequence[str] = (),
    briefing: Sequence[str] = (),
    press: Sequence[str] = (),
    promises: Sequence[Mapping[str, Any]] = (),
    sources: Mapping[str, date] | None = None,
    sources_in_text: Mapping[str, Sequence[str]] | None = None,
    english_digest: str | None = None,
    **fields: Any,
) -> Letter:
    """A letter that passes every rule, then changed.

    `replaced` and `asides` go by passage id ("what/1", "subject"); `without` takes passages out; `added` are passages
    of their own section with `text`, and if wanted `kind`, `heading` and `aside`; `promises_in_text` marks passages as
    promises; `translations` are the same changes by language; `routes` changes routes by id or adds one; `newsletter`,
    `briefing` and `press` are paragraphs beside the letter; `sources` gives days of review by key, and
    `sources_in_text` keys by passage id of the English; `english_digest` is the English text's own; `fields` are fields
    of Letter.
    """
    marked = promises_in_text or {}
    english = make_text("en", replaced or {}, asides or {}, set(without), added, marked)
    texts = {
        "en": replace(
            english,
            newsletter=_beside("newsletter", newsletter),
            briefing=_beside("briefing", briefing),
            press=_beside("press", press),
        )
    }
    for language, change in (translations or {}).items():
        texts[language] = make_text(
            language,
            change.get("replaced", {}),
            change.get("asides", {}),
            set(change.get("without", ())),
            change.get("added", ()),
            marked,
        )
        made = {name: change.get(name) for name in ("translator", "checker", "english_digest")}
        texts[language] = replace(texts[language], **made)
    texts["en"] = replace(_with_sources(texts["en"], sources_in_text or {}), english_digest=english_digest)
    letter = Letter(
        reference="ES-2703-K7R4",
        topic="child-sexual-exploitation",
        topic_words=("exploitation", "sexual abuse", "CSE"),
        term="spring term 2027",
        dated=TODAY,
        review_on=date(2027, 8, 31),
        pack="child-sexual-exploitation",
        pack_version="1.0.0",
        pack_digest="0" * 64,
        partnership="Eastmere Safeguarding Children Partnership",
        area="Eastmere",
        site="families.eastmere.example",
        page="families.eastmere.example/spring-2027",
        sender_name="Eastmere",
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        next_topic="harmful groups online",
        bodies=(Body("council", "council", "Eastmere City Council", ("Eastmere", "City Council"), "<svg/>"),),
        signatories=(_signatory("council"), _signatory("police")),
        enquiries=Enquiries("Family letters team", "0151 496 0130", "9am to 5pm", "letters@eastmere.example"),
        from_lines=("Eastmere Safeguarding Children Partnership", "Civic Hall, Market Quay"),
        routes=_routes(routes or {}),
        promises=tuple(Promise(**promise) for promise in promises),
        sources=tuple(
            CitedSource(key, "What it says", "a page", "found", day) for key, day in (sources or {}).items()
        ),
        texts=texts,
        demonstration=True,
    )
    lists = {"topic_words", "signatories", "from_lines"}
    return replace(letter, **{name: tuple(v) if name in lists else v for name, v in fields.items()})


def make_text(
    language: str,
    replaced: Mapping[str, str],
    asides: Mapping[str, str],
    without: set[str],
    added: Sequence[Mapping[str, str]],
    promises: Mapping[str, str],
) -> LetterText:
    """One language of the letter. Every passage is on its own line, from column 1."""
    line = 0

    def passage(passage_id: str, kind: PassageKind, text: str, aside: str | None = None) -> Passage:
        nonlocal line
        line += 1
        words = replaced.get(passage_id, text)
        beside = asides.get(passage_id, aside) or None
        return Passage(passage_id, kind, words, SourceLocation(FILE, line), beside, promises.get(passage_id))

    title = passage("title", "title", "Keeping children safe")
    body = dict(BODY)
    for number, extra in enumerate(added, start=1):
        kind: Any = extra.get("kind", "paragraph")
        body[f"added-{number}"] = (extra.get("heading", ""), [(kind, extra["text"], extra.get("aside"))])
    sections = []
    for section_id, (heading, passages) in body.items():
        head = passage(section_id, "heading", heading) if heading and section_id not in without else None
        standing = [
            passage(f"{section_id}/{number}", kind, text, aside)
            for number, (kind, text, aside) in enumerate(passages, start=1)
            if f"{section_id}/{number}" not in without
        ]
        sections.append(Section(section_id, head, tuple(standing)))
    return LetterText(
        language=language,
        title=title,
        sections=tuple(sections),
        subject=passage("subject", "subject", OUTSIDE["subject"]),
        preheader=passage("preheader", "preheader", OUTSIDE["preheader"]),
        sms=passage("sms", "text message", OUTSIDE["sms"]),
    )


def _with_sources(text: LetterText, keys: Mapping[str, Sequence[str]]) -> LetterText:
    sections = tuple(
        replace(
            section,
            passages=tuple(
                replace(one, sources=tuple(keys.get(one.id, one.sources))) for one in section.passages
            ),
        )
        for section in text.sections
    )
    return replace(text, sections=sections)


def _beside(part: str, paragraphs: Sequence[str]) -> KitText | None:
    if not paragraphs:
        return None
    file = f"{part}.en.md"
    passages = tuple(
        Passage(f"{part}/all/{number}", "paragraph", text, SourceLocation(file, number + 1))
        for number, text in enumerate(paragraphs, start=1)
    )
    return KitText(Passage(part, "title", "A letter", SourceLocation(file)), (Section("all", None, passages),))


def make_route(**fields: Any) -> Route:
    """A route that a person rang last week."""
    row: dict[str, Any] = {
        "id": "local",
        "need": "Eastmere children’s team",
        "label": "Eastmere children’s team",
        "hours": "Any worry, any time",
        "owner": "Duty manager",
        "number": "0151 496 0120",
        "checked_on": date(2027, 2, 23),
        "checked_by": "Duty manager",
        "expires_on": date(2027, 3, 25),
        "hours_confirmed_on": date(2027, 2, 23),
        "hours_confirmed_by": "Duty manager",
        "line": 12,
    }
    return Route(**{**row, **{name: value if value != "" else None for name, value in fields.items()}})


def _routes(changes: Mapping[str, Mapping[str, Any]]) -> tuple[Route, ...]:
    rows: dict[str, dict[str, Any]] = {
        "emergency": {"need": "In danger now", "label": "the emergency services", "number": "999", "line": 4},
        "local": {},
        "school": {"number": "((school number))", "checked_on": "", "checked_by": "", "line": 20},
        "children": {"need": "Under 19? Childline", "label": "Childline", "number": "0800 1111", "line": 24},
        "online": {"number": "", "url": "ceop.police.uk/Safety-Centre", "line": 28},
    }
    for route_id, change in changes.items():
        rows[route_id] = {**rows.get(route_id, {"line": 36}), **change}
    return tuple(make_route(id=route_id, **row) for route_id, row in rows.items())


def _signatory(signatory_id: str) -> Signatory:
    return Signatory(signatory_id, signatory_id, "A. Person", "Director", "Eastmere", "<svg/>")
