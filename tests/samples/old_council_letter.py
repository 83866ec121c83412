"""A letter in plain old council style, with every fault that such letters have; written for the tests by us.

`python tests/samples/old_council_letter.py` writes it again as .docx (headings faked in bold, a letterhead in a table)
and as .pdf (printed by Chromium, as from a word processor). The bodies, people and numbers are invented.
"""

from __future__ import annotations

import html
from pathlib import Path

from docx import Document
from docx.shared import Pt

FOLDER = Path(__file__).parent / "letters"
HEAD = (
    "Eastmere City Council\nChildren's Services Directorate\nCivic Hall, Market Quay, Eastmere",
    "Your ref:\nOur ref: DCS/MB/jt\nEnquiries to: Mr Martin Bell\nDirect line: 0151 496 0476\n"
    "Email: martin.bell@eastmere.example",
)
BODY: tuple[tuple[str, str], ...] = (
    ("text", "17th March 2027"),
    ("text", "Dear Parents"),
    ("bold", "CHILD SEXUAL EXPLOITATION: IMPORTANT INFORMATION FOR ALL PARENTS"),
    (
        "text",
        "I am writing to you on behalf of Children's Services and the Police, as part of a multi-agency campaign by "
        "the LSCP, regarding the issue of Child Sexual Exploitation (CSE), which is every parent's nightmare and a "
        "matter about which, as statutory safeguarding partners, we wish to be proactive in raising awareness!",
    ),
    (
        "text",
        "The number of children affected is relatively small. However, with phones and the internet, it can happen "
        "without your child's permission, and some girls are putting themselves at risk by sending explicit pictures.",
    ),
    ("bold", "Warning signs"),
    ("text", "Parents must monitor their daughters for the following tell-tale signs:"),
    ("item", "being secretive or moody"),
    ("item", "associating with, or being in a relationship with, older men"),
    ("item", "going missing from home overnight"),
    ("item", "a change in the way she dresses, or in the music she listens to"),
    ("item", "using street language or having a street name"),
    ("item", "unexplained injuries"),
    ("item", "being tired"),
    ("item", "missing school"),
    ("item", "new and expensive possessions"),
    ("text", "If you notice three or more of these signs you should make a referral to MASH immediately."),
    ("bold", "Talk to your daughter"),
    (
        "text",
        "Tell your daughter never to talk to strangers. She should be very careful to befriend only people she can "
        "trust. Take away her phone if you are concerned, and find out who she is talking to.",
    ),
    ("bold", "What to do"),
    (
        "text",
        "If you are concerned about your child, contact Crimestoppers on 0800 555 111 or the Careline on "
        "(0151) 496-01 (open 24/7). You can also ring our information line on 0871 496 0120, the Police on 101, or "
        "999 in an emergency. The NSPCC is on 0808 800 5001. Alternatively speak to the DSL at your school.",
    ),
    ("text", "For more information click here: http://bit.ly/eastmere-cse"),
    ("text", "Yours faithfully"),
    ("text", "Martin Bell\nDirector of Children's Services"),
    ("small", "This letter can be viewed at http://www.eastmere.example/letters?utm_source=letter&id=48213"),
)


def make_docx(path: Path) -> None:
    """Write the letter as a Word file."""
    made = Document()
    cells = made.add_table(1, 2).rows[0].cells
    for cell, words in zip(cells, HEAD, strict=True):
        cell.text = words
    for style, words in BODY:
        paragraph = made.add_paragraph(style="List Bullet" if style == "item" else None)
        run = paragraph.add_run(words)
        run.bold = style == "bold"
        run.font.size = Pt(8 if style == "small" else 10)
    made.save(str(path))


def as_html() -> str:
    """The letter as a page to print."""
    rows = []
    for style, words in BODY:
        inner = html.escape(words).replace("\n", "<br>")
        mark = {"bold": f"<b>{inner}</b>", "small": f"<span style='font-size:8pt'>{inner}</span>"}.get(
            style, inner
        )
        rows.append(f"<p style='margin:0 0 3mm 6mm'>• {mark}</p>" if style == "item" else f"<p>{mark}</p>")
    head = "".join(f"<td width='50%'>{html.escape(words).replace(chr(10), '<br>')}</td>" for words in HEAD)
    look = "body{font:10pt/1.4 'Liberation Sans',Arial;margin:0} td{vertical-align:top}"
    return f"<meta charset=utf-8><style>{look}</style><table width='100%'><tr>{head}</tr></table>{''.join(rows)}"


def make_pdf(path: Path, chromium: str) -> None:
    """Print the letter to a PDF without tags, as most word processors' printer drivers did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(as_html())
        path.write_bytes(page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "22mm")))
        browser.close()


if __name__ == "__main__":
    make_docx(FOLDER / "old-council-letter.docx")
    make_pdf(FOLDER / "old-council-letter.pdf", "/usr/bin/chromium")
