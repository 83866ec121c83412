"""A web page as the sheets of its tables, and the lines outside all tables."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.formats.held_sheets import HeldSheet, Holder
from everyfamily.core.rolls.formats.html_grid import Table
from everyfamily.core.rolls.formats.html_marks import CrossedOut
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.tables.table import too_many_rows

_PIECE = 1 << 18
_LONGEST_TAG, _LONGEST_SCRIPT = 1_000_000, 4_000_000
"""Characters of one tag or comment, or of one script. The parser gives nothing until it has ended."""
_DEEPEST = 40
_LINES_ABOVE = 20
"""Lines before a table that count as rows above its headings."""
_LONGEST_TITLE = 40
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em"),
        *("font", "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "s", "samp"),
        *("small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
"""Elements that do not end a line."""
_NO_CONTENT = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input"),
        *("link", "meta", "param", "source", "track", "wbr"),
    )
)
_THROWN_AWAY = frozenset(("script", "style", "template"))
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption"))
_TOOLTIP = re.compile(r"title|alt|aria-label|aria-description|data-[\w-]*(?:title|tip|content|text|note)[\w-]*")
_DIGITS = re.compile(r"\s*([0-9]{1,6})")


class Page(HTMLParser):
    """Goes through a page once, and keeps its tables as sheets."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[HeldSheet] = []
        self.said: list[str] = []
        """Lines outside all tables."""
        self._file = file
        self._holder = Holder(file)
        self._last: Table | None = None
        """The table whose sheet is the last."""
        self._number = 0
        """The number of the last row in the last sheet."""
        self._events = self._rows = self._cells = 0
        self._tables: list[Table] = []
        self._above: list[str] = []
        self._heading = ""
        self._line: list[str] = []
        self._within = ""
        """The open elements whose content is thrown away."""
        self._css: list[str] = []
        self._crossed_out = CrossedOut()

    def read(self, text: str) -> None:
        """Read the whole page. Raises RollNotReadable beyond the limits."""
        seen, silent = 0, 0
        for at in range(0, len(text), _PIECE):
            self.feed(text[at : at + _PIECE])
            silent = 0 if self._events != seen else silent + _PIECE
            seen = self._events
            if silent > (_LONGEST_SCRIPT if self._within else _LONGEST_TAG):
                raise self._refused(
                    "The page has a tag or comment of more than 1 MB, or a script of more than 4 MB."
                )
        self.close()
        self._end_line()
        while self._tables:
            self._end_table()
        self.reset()
        self._within = ""

    # What the parser calls.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self._events += 1
        if self._within:
            return
        if tag in _THROWN_AWAY:
            self._within = tag
            return
        if tag not in _INLINE:
            self._end_line()
        given = {name: value or "" for name, value in reversed(attrs)}
        self._start(tag, given, crosses_out=self._crossed_out.is_by(tag, given))
        for name, value in given.items():
            if _TOOLTIP.fullmatch(name) and value.strip():
                self._note(value)

    def _start(self, tag: str, given: dict[str, str], *, crosses_out: bool) -> None:
        if tag == "table":
            self._start_table(given, crosses_out)
        elif tag in _GROUPS and self._tables:
            self._tables[-1].start_group()
        elif tag == "tr":
            self._start_row(crosses_out)
        elif tag in ("td", "th"):
            self._start_cell(given, crosses_out)
        elif tag == "input":
            self._input(given)
        elif tag not in _NO_CONTENT:
            self._crossed_out.start(tag, crosses_out=crosses_out)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """HTML has no elements that end where they begin, but Excel's pages have them."""
        self.handle_starttag(tag, attrs)
        if tag not in _NO_CONTENT:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        self._events += 1
        if self._within:
            self._end_of_what_is_thrown_away(tag)
            return
        if tag in _HEADINGS:
            self._keep_heading(tag)
        if tag not in _INLINE:
            self._end_line()
        if tag == "table":
            self._end_table()
        elif tag in ("td", "th") and self._tables:
            self._tables[-1].end_cell()
        elif tag == "tr" and self._tables:
            self._tables[-1].end_row()
        else:
            self._crossed_out.end(tag)

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        self._events += 1
        if self._within == "style":
            self._css.append(data)
        elif not self._within:
            self._line.append(data)
            cell = self._tables[-1].cell if self._tables else None
            if cell and self._crossed_out and not data.isspace():
                cell.crossed_out = True

    def handle_comment(self, data: str) -> None:
        """A comment may say something about the person next to it."""
        self._events += 1
        if not data.lstrip().startswith("[") and not self._within:
            self._note(data)

    # Tables.

    def _start_table(self, given: dict[str, str], crossed_out: bool) -> None:
        if len(self._tables) == _DEEPEST:
            raise self._refused(f"The page's tables are more than {_DEEPEST} deep inside each other.")
        is_hidden = "hidden" in given or "display:none" in _squeezed(given.get("style", ""))
        above, self._above = self._above, []
        marks = len(self._crossed_out)
        crossed_out = crossed_out or bool(marks)
        self._tables.append(Table(above, self._heading, not is_hidden, crossed_out, marks))
        self._heading = ""

    def _start_row(self, crossed_out: bool) -> None:
        self._rows += 1
        if self._rows > 2 * limits.ROWS:
            raise too_many_rows(SourceLocation(self._file, limits.ROWS))
        self._in_a_table().start_row(crossed_out=crossed_out)

    def _start_cell(self, given: dict[str, str], crossed_out: bool) -> None:
        self._cells += 1
        if self._cells > limits.CELLS:
            raise self._refused(f"The page has more than {limits.CELLS:,} cells.")
        across, down = _times(given.get("colspan", "")), _times(given.get("rowspan", ""), all_of_them=True)
        self._in_a_table().start_cell(across, down, is_formula="x:fmla" in given, crossed_out=crossed_out)

    def _in_a_table(self) -> Table:
        """The innermost table. What was crossed out in the cell before no longer is."""
        if not self._tables:
            self._start_table({}, crossed_out=False)
        table = self._tables[-1]
        self._crossed_out.back_to(table.marks)
        return table

    def _end_table(self) -> None:
        if not self._tables:
            return
        table = self._tables.pop()
        table.end_row()
        self._crossed_out.back_to(table.marks)
        around = self._tables[-1].cell if self._tables else None
        if table.is_layout or (self._tables and not table.is_of_its_own()):
            lines, beside = table.take()
            for text in beside:
                self._note(text)
            if around and not table.is_layout:
                around.lines += [*table.above, *lines]
            else:
                self._say([*table.above, *lines])
        else:
            self._keep(table)

    def _keep(self, table: Table) -> None:
        """Make a sheet of a table. Tables around it are only for the page's layout, and their texts are above it."""
        for outer in self._tables:
            outer.is_layout = True
            before, beside = outer.take()
            self.said += [*before, *beside]
            table.above = [*outer.above, *before, *table.above]
            outer.above = []
        if not (self._last and table.goes_on_from(self._last)):
            self._start_sheet(table)
            self._last = table
            if table.is_head():
                # What it says may be the next table's class.
                self._above += filter(None, (row.text() for row in table.rows))
        for row in table.rows:
            self._number += 1
            self._holder.hold(self.sheets[-1], self._number, row.values, row.said)

    def _start_sheet(self, table: Table) -> None:
        number = len(self.sheets) + 1
        title = table.title if 0 < len(table.title) <= _LONGEST_TITLE else f"table {number}"
        self.sheets.append(HeldSheet(title, f"table {number} of the page", table.visible))
        self._number = 0
        for line in table.above[-_LINES_ABOVE:]:
            self._number += 1
            self._holder.hold(self.sheets[-1], self._number, [line], {})

    # Text.

    def _end_line(self) -> None:
        text = " ".join("".join(self._line).split())
        self._line.clear()
        if not text:
            return
        cell = self._tables[-1].cell if self._tables else None
        if cell:
            cell.lines.append(text)
        elif self._tables:
            # Browsers show it before the table, as they do with its caption.
            self._tables[-1].above.append(text)
            self.said.append(text)
        else:
            self._say([text])

    def _say(self, lines: list[str]) -> None:
        self.said += lines
        self._above += lines

    def _note(self, text: str) -> None:
        text = " ".join(text.split())
        if not (self._tables and self._tables[-1].note(text)):
            self.said.append(text)

    def _keep_heading(self, tag: str) -> None:
        text = " ".join("".join(self._line).split())
        if tag == "caption" and self._tables:
            self._tables[-1].title = text
        else:
            self._heading = text

    def _input(self, given: dict[str, str]) -> None:
        """What a field shows. A box that is not ticked says nothing."""
        kind = given.get("type", "text").lower()
        if kind in ("checkbox", "radio"):
            self.handle_data(" yes " if "checked" in given else "")
        elif kind == "hidden":
            self._note(given.get("value", ""))
        else:
            self.handle_data(f" {given.get('value', '')} ")

    def _end_of_what_is_thrown_away(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""
            self._crossed_out.learn("".join(self._css))
            self._css.clear()

    def _refused(self, fact: str) -> RollNotReadable:
        return RollNotReadable(fact, "Export it as CSV or .xlsx.", SourceLocation(self._file))


def _times(said: str, *, all_of_them: bool = False) -> int:
    found = _DIGITS.match(said)
    if not found:
        return 1
    return int(found[1]) or (10**6 if all_of_them else 1)


def _squeezed(style: str) -> str:
    return "".join(style.lower().split())
