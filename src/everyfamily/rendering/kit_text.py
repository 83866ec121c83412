"""A text beside the letter as plain text, which anyone can paste anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from everyfamily.rendering.view import KitView


def kit_plain_text(view: KitView, after: Sequence[str] = ()) -> str:
    """The whole text, with one line for each paragraph, its title in capitals, and one line break at the end.

    The lines of `after` come before its foot.
    """
    return "\n".join(_lines(view, after)).replace("\n\n\n", "\n\n").strip() + "\n"


def _lines(view: KitView, after: Sequence[str]) -> Iterator[str]:
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
                if block.aside:
                    yield f"  {block.aside}"
            else:
                yield from (block.text, "")
        yield ""
    if after:
        yield from (*after, "")
    yield view.foot
