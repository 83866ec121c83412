"""One letter written by the libraries of six formats."""

from __future__ import annotations

import io

import docx
import odfdo
import typst

WORDS: tuple[tuple[str, int, str], ...] = (
    ("heading", 1, "Keeping in touch this winter"),
    ("paragraph", 0, "Dear parent or carer, this letter goes to every family & every carer in Eastmere."),
    ("heading", 2, "What you may notice"),
    ("paragraph", 0, "There may be a simple reason for each of these."),
    ("item", 1, "comes home much later than usual"),
    ("item", 1, "has things that nobody can explain"),
    ("paragraph", 0, "Call us on 0151 496 0120 at any time, or see the page of the council."),
)
TABLE = (("cell", 0, "Danger now"), ("cell", 0, "999"))


def as_txt() -> bytes:
    lines: list[str] = []
    for kind, level, text in WORDS:
        if kind == "heading":
            lines += ["", text, ("=" if level == 1 else "-") * len(text), ""]
        elif kind == "item":
            lines.append(f"- {text}")
        else:
            lines += ["", text, ""]
    return "\n".join(lines).encode()


def as_md() -> bytes:
    marks = {"heading": "#", "item": "-", "paragraph": ""}
    lines = [f"\n{marks[kind] * max(level, 1)} {text}".replace("\n ", "\n") for kind, level, text in WORDS]
    return "\n".join(lines).replace("&", "&amp;").encode() + b"\n\n| Danger now | 999 |\n|---|---|\n"


def as_html() -> bytes:
    tags = {"heading": "h", "item": "li", "paragraph": "p"}
    out = ["<!doctype html><html lang='en-GB'><title>t</title><body>"]
    for kind, level, text in WORDS:
        tag = tags[kind] + (str(level) if kind == "heading" else "")
        line = f"<{tag}>{text.replace('&', '&amp;')}</{tag}>"
        out.append(f"<ul>{line}</ul>" if kind == "item" else line)
    return "\n".join([*out, "<table><tr><td>Danger now<td>999</table>"]).encode()


def as_docx() -> bytes:
    made = docx.Document()
    for kind, level, text in WORDS:
        if kind == "heading":
            made.add_heading(text, level)
        else:
            made.add_paragraph(text, style="List Bullet" if kind == "item" else None)
    cells = made.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = TABLE[0][2], TABLE[1][2]
    return saved(made)


def as_odt() -> bytes:
    made = odfdo.Document("text")
    made.body.clear()
    for kind, level, text in WORDS:
        if kind == "heading":
            made.body.append(odfdo.Header(level, text))
        elif kind == "item":
            made.body.append(odfdo.List([text]))
        else:
            made.body.append(odfdo.Paragraph(text))
    table = odfdo.Table("Numbers", width=2, height=1)
    table.set_value("A1", TABLE[0][2])
    table.set_value("B1", TABLE[1][2])
    made.body.append(table)
    return saved(made)


def as_pdf() -> bytes:
    marks = {"heading": "=", "item": "-", "paragraph": ""}
    lines = [f"\n{marks[kind] * max(level, 1)} {text}".replace("\n ", "\n") for kind, level, text in WORDS]
    lines.append("\n#table(columns: 2, [Danger now], [999])")
    source = '#set document(title: "t")\n#set text(lang: "en", region: "GB")\n' + "\n".join(lines)
    made = typst.compile(source.encode(), format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


WRITERS = {"txt": as_txt, "md": as_md, "html": as_html, "docx": as_docx, "odt": as_odt, "pdf": as_pdf}
