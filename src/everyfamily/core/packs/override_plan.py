"""What overrides would put where, and everything that keeps them from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.overrides import (
    Addition,
    Change,
    Overrides,
    OverridesNotUsable,
    OverrideStale,
    line_of,
    passages_of,
)
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.pack_text import PackTextMalformed, parse_words
from everyfamily.core.packs.packs import Pack, passage_faults
from everyfamily.core.packs.parity import check_unseen
from everyfamily.core.packs.site_files import check_gaps
from everyfamily.core.packs.sources import Source, source_faults
from everyfamily.core.partnership.partnership_gaps import GAP
from everyfamily.core.text.passages import Passage

type _Key = tuple[str, str]
"""Language and id of a passage."""


@dataclass(slots=True)
class Plan:
    """What is to be put where, and what is wrong."""

    changed: dict[_Key, Passage] = field(default_factory=dict)
    added: dict[_Key, list[Passage]] = field(default_factory=dict)
    faults: list[EveryfamilyError] = field(default_factory=list)

    def all(self) -> Iterator[tuple[_Key, Passage]]:
        """Every passage that is changed or added, with what it is in place of, or comes after."""
        yield from self.changed.items()
        yield from ((key, one) for key, added in self.added.items() for one in added)


def planned(pack: Pack, overrides: Overrides, places: TomlPlaces) -> Plan:
    """What these overrides would do to the pack."""
    plan = Plan()
    if overrides.pack != pack.id:
        plan.faults.append(
            OverridesNotUsable(
                f'The overrides are of the pack "{overrides.pack}", not of "{pack.id}".',
                "Use them with their own pack.",
                places.place(("pack",)),
            )
        )
        return plan
    known = passages_of(pack)
    drawn = {f"site/{section}" for section in pack.about.site.pictures} if pack.about.site is not None else set()
    for number, change in enumerate(overrides.changes):
        _plan_change(plan, known, change, places.place(("changes", number)))
    for number, addition in enumerate(overrides.additions):
        place = places.place(("additions", number))
        if _section_of(addition.after) in drawn:
            _refuse(
                plan,
                "This section has a drawing beside each of its lines.",
                "Change a line of it instead.",
                place,
            )
        else:
            _plan_addition(plan, known, addition, place)
    for key in overrides.sources:
        if key in pack.sources:
            plan.faults.append(
                OverridesNotUsable(
                    f'The pack has a source "{key}" of its own.',
                    "Give yours another key.",
                    places.place(("sources", key)),
                )
            )
    sources = {**pack.sources, **overrides.sources}
    plan.faults += [fault for _, one in plan.all() for fault in _faults_of_words(pack, sources, one)]
    return plan


def _section_of(passage_id: str) -> str:
    """ "site/easy-do" of "site/easy-do/2", and of the heading, whose id it is."""
    stem, _, last = passage_id.rpartition("/")
    return stem if last.isdigit() else passage_id


def _plan_change(plan: Plan, known: Mapping[_Key, Passage], change: Change, place: SourceLocation) -> None:
    key = change.language, change.passage
    _require_why(plan, change.why, place)
    own = _own(plan, known, key, change.was, place)
    if own is None:
        return
    if key in plan.changed:
        _refuse(plan, f'The passage "{change.passage}" is changed twice.', "Keep one of them.", place)
        return
    made = _made(plan, change.words, own.id, own, place)
    if made is None:
        return
    if line_of(made) == line_of(own) and change.sources is None and change.promises is None:
        _refuse(plan, "The words are those of the pack.", "Write yours, or take the change out.", place)
    plan.changed[key] = replace(
        own,
        text=made.text,
        aside=made.aside,
        place=place,
        sources=own.sources if change.sources is None else change.sources,
        promise=own.promise if change.promises is None else ",".join(change.promises) or None,
    )


def _plan_addition(plan: Plan, known: Mapping[_Key, Passage], addition: Addition, place: SourceLocation) -> None:
    key = addition.language, addition.after
    _require_why(plan, addition.why, place)
    own = _own(plan, known, key, addition.was, place)
    if own is None:
        return
    if own.kind not in ("heading", "paragraph", "item"):
        _refuse(plan, f'Nothing can come after "{addition.after}".', "Name a passage of a section.", place)
        return
    added = plan.added.setdefault(key, [])
    like = replace(own, kind="paragraph", aside=None) if own.kind == "heading" else own
    stem = f"{own.id}/0" if own.kind == "heading" else own.id
    made = _made(plan, addition.words, f"{stem}+{len(added) + 1}", like, place)
    if made is not None:
        promise = ",".join(addition.promises) or None
        added.append(replace(made, sources=addition.sources, promise=promise, only=addition.only))


def _own(plan: Plan, known: Mapping[_Key, Passage], key: _Key, was: str, place: SourceLocation) -> Passage | None:
    """The pack's passage, if it has the words for which the override was written. If not, that is a fault."""
    own, wanted = known.get(key), " ".join(was.split())
    if own is not None and line_of(own) == wanted:
        return own
    moved = [name for (language, name), one in known.items() if language == key[0] and line_of(one) == wanted]
    if moved:
        fix = f'The words are now in "{moved[0]}": look at it, and name that.'
    else:
        fix = (
            "Look at what the pack says now, write your words again if they are still right, and copy it to was."
        )
    fact = (
        f'The pack has no passage "{key[1]}" in {key[0]} any more.'
        if own is None
        else f'The pack has other words now in "{key[1]}".'
    )
    plan.faults.append(OverrideStale(fact, fix, place))
    return None


def _made(plan: Plan, words: str, passage_id: str, like: Passage, place: SourceLocation) -> Passage | None:
    try:
        made = parse_words(words, passage_id, like.kind, place)
    except PackTextMalformed as fault:
        plan.faults.append(fault)
        return None
    if (made.aside is None) is not (like.aside is None):
        have = "no aside" if like.aside is None else "an aside"
        _refuse(plan, f"The passages there have {have}.", 'Write "text | aside" where the pack does.', place)
        return None
    return made


def _require_why(plan: Plan, why: str, place: SourceLocation) -> None:
    if GAP in why:
        _refuse(
            plan,
            "Nobody has said why the words are other ones.",
            "Write it: it is on the page for reviewers.",
            place,
        )


def _refuse(plan: Plan, fact: str, fix: str, place: SourceLocation) -> None:
    plan.faults.append(OverridesNotUsable(fact, fix, place))


def _faults_of_words(pack: Pack, sources: Mapping[str, Source], passage: Passage) -> Iterator[EveryfamilyError]:
    """Gaps, sources and invisible marks, as in the pack's own words."""
    try:
        check_unseen(passage)
        if passage.id.startswith("site/") or passage.id == "site":
            check_gaps(passage)
            yield from source_faults(sources, [passage])
        else:
            yield from passage_faults(pack.about, sources, [passage])
    except PackIncomplete as fault:
        yield fault
