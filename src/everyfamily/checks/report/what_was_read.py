"""One line about what was read, so that a person sees at once whether the check saw the letter that they meant."""

from __future__ import annotations

from everyfamily.checks.model.context import CheckContext

_NAMES = {
    "docx": "Word file",
    "odt": "OpenDocument text",
    "pdf": "PDF",
    "html": "web page or email",
    "md": "Markdown text",
    "txt": "plain text",
}


def what_was_read(context: CheckContext) -> str:
    """Such as "a letter about harm to children (Word file): 41 paragraphs, 612 words"."""
    pieces = [piece for piece in context.pieces if piece.part != "register"]
    words = sum(len(piece.text.split()) for piece in pieces)
    if context.letter is not None:
        languages = ", ".join(context.letter.texts) + ", in two versions" * bool(context.letter.primary)
        return (
            f"a letter of everyfamily in {languages}: {_count(len(pieces), 'passage')}, {_count(words, 'word')}"
        )
    if context.texts is not None:
        languages = ", ".join(context.texts)
        return (
            f"the parent site's words in {languages}: {_count(len(pieces), 'passage')}, {_count(words, 'word')}"
        )
    subject = "a letter about harm to children" if context.is_about_harm else "a letter about another matter"
    formats = ", ".join(_NAMES[document.format] for document in context.documents)
    pages = sum(document.pages or 0 for document in context.documents)
    length = [_count(pages, "page")] if pages else []
    length += [_count(len(pieces), "paragraph"), _count(words, "word")]
    question = ""
    if not context.is_about_harm and context.subject.hints:
        question = ". Is this about harm to children? Then add --about-harm"
    return f"{subject} ({formats}): {', '.join(length)}{question}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"
