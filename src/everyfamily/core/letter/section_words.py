"""A section of a letter as one text that a person edits, and back: which passage has which words now.

The text is written as in packs: a blank line between paragraphs, "- " before an item, "text | aside". Passages have no
marks of their own in it. A block of the text is the passage whose words it has. Between two such blocks, likeness and
order decide, so whatever changes in one passage never moves the id of another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from everyfamily.core.packs.overrides import line_of
from everyfamily.core.text.passages import Passage, PassageKind

ITEM = "- "
_LIKE = 0.6
"""From this likeness, a block is a passage that became one of another kind. Below it, it is a new one."""
_OWN = re.compile(r"\+\d+$")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or item of an edited text, with its lines joined. `number` counts from 1."""

    number: int
    kind: PassageKind
    words: str


@dataclass(frozen=True, slots=True)
class Added:
    """A block that is no passage of the pack. `after` is the id of the pack's passage before it, or of the heading.
    `like` is the partnership's own passage that it was until now, or None if it is new."""

    after: str
    block: Block
    like: str | None


@dataclass(frozen=True, slots=True)
class SectionWords:
    """What an edited text says, by passage."""

    words: Mapping[str, str]
    """Every passage of the pack that is in the text, by id, with its line ("text | aside")."""
    blocks: Mapping[str, Block]
    """The same passages, each with its block."""
    added: tuple[Added, ...]
    gone: tuple[str, ...]
    """Ids of the pack's passages that are in the text no more."""

    def changed_from(self, passages: Sequence[Passage]) -> dict[str, str]:
        """The passages that have other words than in `passages`, with their new lines."""
        before = {one.id: line_of(one) for one in passages}
        return {name: line for name, line in self.words.items() if before.get(name) != line}


def is_own(passage_id: str) -> bool:
    """Whether a passage is one that the partnership added: "call/7+1"."""
    return _OWN.search(passage_id) is not None


def section_text(passages: Sequence[Passage]) -> str:
    """The passages as one text, without their heading."""
    lines: list[str] = []
    before = ""
    for one in passages:
        if lines and not one.kind == before == "item":
            lines.append("")
        lines.append(f"{ITEM if one.kind == 'item' else ''}{line_of(one)}")
        before = one.kind
    return "\n".join(lines)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The paragraphs and items of an edited text, in order."""
    return tuple(
        Block(number, kind, words) for number, (kind, words) in enumerate(_blocks(text), start=1) if words
    )


def section_words(text: str, passages: Sequence[Passage], start: str) -> SectionWords:
    """Which passage has which words in an edited text. `passages` are those of the section until now, without its
    heading. `start` is the id after which comes what is written before the first of them."""
    blocks = blocks_of(text)
    pairs = _paired(blocks, passages)
    after, added = start, []
    words: dict[str, str] = {}
    found: dict[str, Block] = {}
    for block in blocks:
        passage = pairs.get(block.number)
        if passage is None or is_own(passage.id):
            added.append(Added(after, block, passage.id if passage else None))
        else:
            after = passage.id
            words[passage.id], found[passage.id] = block.words, block
    gone = tuple(one.id for one in passages if not is_own(one.id) and one.id not in words)
    return SectionWords(words, found, tuple(added), gone)


def _blocks(text: str) -> Iterator[tuple[PassageKind, str]]:
    kind: PassageKind = "paragraph"
    lines: list[str] = []
    for raw in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        line = " ".join(raw.split())
        is_item = line == ITEM.strip() or line.startswith(ITEM)
        if (not line or is_item) and lines:
            yield kind, " ".join(lines)
            lines = []
        if is_item:
            kind, lines = "item", [line.removeprefix(ITEM.strip()).strip()]
        elif line:
            kind = kind if lines else "paragraph"
            lines.append(line)


def _paired(blocks: Sequence[Block], passages: Sequence[Passage]) -> dict[int, Passage]:
    """Block number -> its passage. What has the same words first and last is found without comparing the rest."""
    first, last = 0, 0
    most = min(len(blocks), len(passages))
    while first < most and _same(blocks[first], passages[first]):
        first += 1
    while last < most - first and _same(blocks[-1 - last], passages[-1 - last]):
        last += 1
    pairs = {blocks[at].number: passages[at] for at in range(first)}
    pairs |= {blocks[-1 - at].number: passages[-1 - at] for at in range(last)}
    return pairs | _best(blocks[first : len(blocks) - last], passages[first : len(passages) - last])


def _best(blocks: Sequence[Block], passages: Sequence[Passage]) -> dict[int, Passage]:
    """The pairs, in order, that are worth most together."""
    counted_blocks = [_counted(one.words) for one in blocks]
    counted_passages = [_counted(line_of(one)) for one in passages]
    worth = [
        [_worth(b, p, counted_blocks[i], counted_passages[j]) for j, p in enumerate(passages)]
        for i, b in enumerate(blocks)
    ]
    rows, columns = len(blocks), len(passages)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            paired = worth[i][j] + best[i + 1][j + 1] if worth[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: dict[int, Passage] = {}
    i = j = 0
    while i < rows and j < columns:
        if worth[i][j] and best[i][j] == worth[i][j] + best[i + 1][j + 1]:
            pairs[blocks[i].number] = passages[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return pairs


def _worth(block: Block, passage: Passage, own: Counter[str], theirs: Counter[str]) -> float:
    """How much speaks for a block being this passage. The same words outweigh everything."""
    if _same(block, passage):
        return 10_000.0
    likeness = 2 * (own & theirs).total() / max(1, own.total() + theirs.total())
    if block.kind != passage.kind and likeness < _LIKE:
        return 0.0
    # A passage of the pack cannot go, and one of the partnership's own can.
    return (1.0 if is_own(passage.id) else 2.0) + 9.0 * likeness


def _same(block: Block, passage: Passage) -> bool:
    return block.kind == passage.kind and block.words == line_of(passage)


def _counted(words: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", words.casefold()))
