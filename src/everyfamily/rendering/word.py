"""The letter as a Word file: real headings, real lists, a table for the numbers, and pictures that say what they are.

For a school that needs a file it can open and print anywhere. It has the words of the printed letter in the same order.
What a family needs is at the top, and who sent it is at the end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.placeholders import fill
from everyfamily.rendering.language_names import names_of
from everyfamily.rendering.letterhead import sender_entries
from everyfamily.rendering.short_view import strip_of
from everyfamily.rendering.targets import web_targets
from everyfamily.rendering.typesetting import any_of, page_code, picture
from everyfamily.rendering.view import SectionView, View, beside, direction_of, sentence, view_of
from everyfamily.rendering.word_file import Properties, finished, new_document

WORD_TEMPLATE_VERSION = "2"
"""Raised with every change that a family could see. The seal records it."""

_WIDTH_MM = 174
_LOGO_MM, _SIGNATURE_MM, _CODE_MM = 15, 11, 26
_COLUMNS_MM = (54, 44, 76)
_NUMBER_POINTS = 16
"""As on the printed card."""
_LEAD_IN = re.compile(r"[^.?:“]+[?:]")


def render_word(letter: Letter, language: str) -> bytes:
    """Return the letter as .docx, with neutral words in the gaps for school and family. It is the same bytes every
    time.

    Raises KeyError for a language the letter does not have.
    """
    view = view_of(letter, language, "print", PersonalGaps())
    spoken = "en-GB" if language == "en" else language
    document = new_document(spoken, right_to_left=direction_of(language) == "rtl")
    _Writer(view, document).write()
    subject = fill(view.text.subject.text, {"school": view.labels.school})
    return finished(document, Properties(subject, letter.partnership, letter.reference, spoken, letter.dated))


class _Writer:
    """Writes one letter into one document, top to bottom."""

    def __init__(self, view: View, document: WordDocument) -> None:
        self.view = view
        self.document = document
        self.targets = web_targets(view.letter)
        self.known = re.compile(any_of(list(self.targets)))

    def write(self) -> None:
        sections = self.view.sections
        self._head()
        self.document.add_heading(self.view.title, 1)
        own = {"danger": self._danger, "fault": self._fault, "card": self._card, "more": self._more}
        for name, section in sections.items():
            own.get(name, self._section)(section)
        self._signed()
        self._foot()

    def _head(self) -> None:
        view, labels = self.view, self.view.labels
        bodies = view.letter.bodies
        name_mm = _WIDTH_MM / len(bodies) - _LOGO_MM - 5
        cells = self._side_by_side([width for _ in bodies for width in (_LOGO_MM + 5, name_mm)])
        for n, body in enumerate(bodies):
            self._picture(body.logo_svg, _LOGO_MM, labels.logo, body.name, into=cells[2 * n].paragraphs[0])
            line = cells[2 * n + 1].paragraphs[0]
            line.style = self.document.styles["Letterhead"]
            for number, words in enumerate(body.name_lines):
                run = line.add_run(words)
                if number < len(body.name_lines) - 1:
                    run.add_break()
        line = self.document.add_paragraph()
        line.paragraph_format.space_before = Pt(6)
        for label, words in (
            (labels.date, f" {view.date}. "),
            (labels.our_reference, f" {view.letter.reference}"),
        ):
            line.add_run(label).bold = True
            line.add_run(words)

    def _side_by_side(self, widths: Sequence[float]) -> Sequence[_Cell]:
        """The cells of a row without lines that holds together, each centred from top to bottom."""
        table = self.document.add_table(1, len(widths))
        table.autofit = False
        # The words begin where those above them do.
        margins = OxmlElement("w:tblCellMar")
        left = OxmlElement("w:left")
        left.set(qn("w:w"), "0")
        left.set(qn("w:type"), "dxa")
        margins.append(left)
        table._tbl.tblPr.append(margins)
        row = table.rows[0]
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, column, width in zip(row.cells, table.columns, widths, strict=True):
            cell.width = column.width = Mm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        return list(row.cells)

    def _more(self, section: SectionView) -> None:
        """What is behind the code, with the code beside it: they never part."""
        self.document.add_heading(section.heading or "", 2)
        words, code = self._side_by_side((_WIDTH_MM - _CODE_MM - 8, _CODE_MM + 8))
        for number, text in enumerate(section.paragraphs):
            self._say(words.add_paragraph() if number else words.paragraphs[0], text)
        if names := names_of(self.view.letter):
            self._named(words.add_paragraph(), names)
        page = self.view.letter.page
        self._picture(page_code(page), _CODE_MM, self.view.labels.code, page, into=code.paragraphs[0])
        # A Word file has room for the lines of every language.
        for one in strip_of(self.view.letter, "lines"):
            line = self.document.add_paragraph()
            if one["dir"] == "rtl":
                line._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
            self._named(line, [(one["lang"] or "", one["text"] or "")])

    def _danger(self, section: SectionView) -> None:
        first, *rest = section.paragraphs
        self._paragraph(first, "Danger", bold=True, points=16)
        for text in rest:
            self._paragraph(text, "Danger")
        self.document.paragraphs[-1].paragraph_format.keep_with_next = False

    def _fault(self, section: SectionView) -> None:
        line = self.document.add_paragraph(style="Fault")
        first, *rest = section.paragraphs
        line.add_run(first).bold = True
        self._say(line, " " + " ".join(rest))

    def _section(self, section: SectionView) -> None:
        if section.heading:
            self.document.add_heading(section.heading, self.view.level(section.id))
        self._blocks(section, numbered=section.id == "call")

    def _blocks(self, section: SectionView, *, numbered: bool = False) -> None:
        for block in section.blocks:
            if block.kind != "item":
                self._paragraph(block.text)
                continue
            line = self._paragraph(
                sentence(block.text) if block.aside else block.text, "List Number" if numbered else "List Bullet"
            )
            if block.aside:
                line.add_run().add_break()
                self._say(line, beside(section.aside, block.aside))

    def _card(self, section: SectionView) -> None:
        """The numbers, on one page, so that all rows stay together."""
        first, *rest = section.paragraphs
        self.document.add_heading(section.heading or "", 2)
        self._paragraph(first).paragraph_format.keep_with_next = True
        table = self.document.add_table(1, 3, style="Routes")
        table.autofit = False
        for column, width in zip(table.columns, _COLUMNS_MM, strict=True):
            column.width = Mm(width)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        self._cells(table.rows[0].cells, self.view.labels.card, bold=True)
        for row in self.view.routes:
            cells = table.add_row().cells
            self._cells(cells, (row.need, row.number or row.instead or "", row.hours), bold=False)
            for run in cells[1].paragraphs[0].runs:
                run.bold = True
                if row.number:
                    run.font.size = Pt(_NUMBER_POINTS)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), section.heading or "")
        table._tbl.tblPr.append(caption)
        lines = [self._lead_in(text) for text in (*rest, *filter(None, (self.view.written,)))]
        for line in lines[:1]:
            line.paragraph_format.space_before = Pt(10)

    def _cells(self, cells: Sequence[_Cell], texts: Sequence[str], *, bold: bool) -> None:
        for cell, text, width in zip(cells, texts, _COLUMNS_MM, strict=True):
            cell.width = Mm(width)
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(0)
            line.paragraph_format.keep_with_next = True
            self._say(line, text, bold=bold)

    def _lead_in(self, text: str) -> Paragraph:
        found = _LEAD_IN.match(text)
        line = self.document.add_paragraph()
        if found is not None:
            self._say(line, found[0], bold=True)
        self._say(line, text[found.end() :] if found else text)
        return line

    def _named(self, line: Paragraph, names: Sequence[tuple[str, str]]) -> None:
        """Languages by their own names, each marked as what it is."""
        for number, (tag, name) in enumerate(names):
            if number:
                line.add_run(" · ")
            run = line.add_run(name)
            rtl = direction_of(tag) == "rtl"
            run.font.rtl = rtl or None
            spoken = OxmlElement("w:lang")
            spoken.set(qn("w:bidi" if rtl else "w:val"), tag)
            run._r.get_or_add_rPr().append(spoken)

    def _signed(self) -> None:
        signatories = self.view.letter.signatories
        cells = self._side_by_side([_WIDTH_MM / len(signatories)] * len(signatories))
        for who, cell in zip(signatories, cells, strict=True):
            self._picture(
                who.signature_svg, _SIGNATURE_MM, self.view.labels.signature, who.name, into=cell.paragraphs[0]
            )
            line = cell.add_paragraph()
            line.add_run(who.name).bold = True
            line.add_run(f", {who.organisation}").add_break()
            line.add_run(who.title)

    def _foot(self) -> None:
        view = self.view
        # The date and our reference are at the top.
        (_, (_, *theirs)), *others = sender_entries(view)[1:]
        if theirs:
            self._paragraph(", ".join(theirs))
        for (label, lines), cell in zip(
            others, self._side_by_side([_WIDTH_MM / len(others)] * len(others)), strict=True
        ):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
            self._entry(label, lines, cell.paragraphs[0])
        demonstration = view.labels.demonstration_line.format(view.letter.area)
        self._paragraph(f"{view.review}." + (f" {demonstration}" if view.letter.demonstration else ""))
        foot = self.document.sections[0].footer.paragraphs[0]
        foot.style = self.document.styles["Footer"]
        foot.add_run(view.letter.reference).bold = True
        if view.letter.demonstration:
            foot.add_run(f"  {view.labels.demonstration}")
        before, between, after = view.labels.page_of.split("{}")
        foot.add_run(f"\t{before}")
        _field(foot, "PAGE")
        foot.add_run(between)
        _field(foot, "NUMPAGES")
        foot.add_run(after)

    def _entry(self, label: str, lines: Sequence[str], line: Paragraph) -> None:
        line.add_run(label).bold = True
        for text in lines:
            line.add_run().add_break()
            self._say(line, text)

    def _paragraph(self, text: str, style: str = "Normal", *, bold: bool = False, points: int = 0) -> Paragraph:
        line = self.document.add_paragraph(style=style)
        self._say(line, text, bold=bold)
        for run in line.runs if points else ():
            run.font.size = Pt(points)
        return line

    def _say(self, line: Paragraph, text: str, *, bold: bool = False) -> None:
        """Add a text to a paragraph, with the letter's own addresses as links."""
        at = 0
        for found in self.known.finditer(text):
            if found.start() > at:
                line.add_run(text[at : found.start()]).bold = bold or None
            _link(line, found[0], self.targets[found[0]], bold=bold)
            at = found.end()
        if text[at:]:
            line.add_run(text[at:]).bold = bold or None

    def _picture(self, svg: str, height: int, label: str, what: str, *, into: Paragraph) -> None:
        drawn = into.add_run().add_picture(io.BytesIO(picture(svg, height_mm=height)), height=Mm(height))
        drawn._inline.docPr.set("descr", label.format(what))


def _link(line: Paragraph, shown: str, address: str, *, bold: bool) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), line.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = line.add_run(shown, style="Hyperlink")
    run.bold = bold or None
    link.append(run._r)
    line._p.append(link)


def _field(line: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = line.add_run("1")
    field.append(run._r)
    line._p.append(field)
