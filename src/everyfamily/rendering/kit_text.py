"""A text of the send kit as plain text: what anyone can paste anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.rendering.view import KitView


def kit_plain_text(view: KitView) -> str:
    """The whole text, one paragraph a line, its title in capitals, ending in one line break."""
    return "\n".join(_lines(view)).replace("\n\n\n", "\n\n").strip() + "\n"


def _lines(view: KitView) -> Iterator[str]:
    yield from (view.title.upper(), "")
    for section in view.sections:
        if section.heading:
            yield from (section.heading, "")
        before = ""
        for block in section.blocks:
            if before == "item" and block.kind != "item":
                yield ""
            before = block.kind
            if block.kind == "item":
                yield f"- {block.text}"
            else:
                yield from (block.text, "")
        yield ""
    yield view.foot
