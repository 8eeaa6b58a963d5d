"""Workbooks, written by hand straight into the stream that leaves: openpyxl makes objects of every cell.

Text stays text, whatever it begins with, and is read back character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from itertools import chain

from django.utils.translation import get_language_bidi

from .archive import Part, archived
from .office import HEAD, OFFICE, Properties, content_types, opening, part, relationships
from .xml import xml_escaped

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_CELL = 32_767
"""Characters that a cell of Excel can hold."""

CUT = " […]"
"""What ends a cell that was cut."""

LONGEST_TITLE = 31
"""Characters that the title of a sheet can have."""

MOST_ROWS = 1_048_576
"""Rows that a sheet of Excel can have."""

MOST_BYTES = 2_000_000_000
"""How long a sheet may become: parts of archives end at 2 GiB."""

Value = str | int | date | None
"""What stands in a cell; ``None`` and empty words leave it empty."""


class Look(IntEnum):
    """How the cells of a column look."""

    WRAPPED = 0
    PLAIN = 1
    HEADING = 2


@dataclass(frozen=True)
class Column:
    """``width`` is in characters."""

    heading: str = ""
    width: int = 14
    look: Look = Look.WRAPPED


@dataclass(frozen=True)
class Sheet:
    """A table: ``rows`` are read once, when their turn comes, and go on in another sheet where one is full.

    Headings stay in view, are printed on every page and filter the rows; so many columns stay in view beside them. A
    sheet whose columns have none is rows alone. ``footer`` is printed on every page.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    columns_in_view: int = 0
    footer: str = ""

    @property
    def has_headings(self) -> bool:
        return any(column.heading for column in self.columns)


def workbook(properties: Properties, sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """An .xlsx in pieces, with memory that does not grow with its rows.

    Its sheets run in the direction of the language that is active when they are asked for.
    """
    return archived(_parts(properties, sheets))


def _parts(properties: Properties, sheets: Iterable[Sheet]) -> Iterator[Part]:
    """The sheets first, since what tells of them must know how many they became, and how long."""
    pages: list[_Page] = []
    yield from opening("xl/workbook.xml", properties)
    yield part("xl/styles.xml", _styles())
    for sheet in sheets:
        rows: Iterator[Sequence[Value]] | None = iter(sheet.rows)
        while rows is not None:
            page = _Page(sheet, _title(sheet.title, taken={page.title.casefold() for page in pages}))
            pages.append(page)
            yield f"xl/{_name(len(pages))}", page.pieces(rows)
            rows = page.left
    yield part("xl/workbook.xml", _book(pages))
    names = [_name(number) for number in range(1, len(pages) + 1)]
    kinds = dict.fromkeys(names, f"{OFFICE}/worksheet") | {"styles.xml": f"{OFFICE}/styles"}
    yield relationships("xl/_rels/workbook.xml.rels", kinds)
    yield content_types(
        {
            "xl/workbook.xml": f"{_TYPE}.sheet.main",
            "xl/styles.xml": f"{_TYPE}.styles",
            **{f"xl/{name}": f"{_TYPE}.worksheet" for name in names},
        }
    )


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPE = "officedocument.spreadsheetml"


def _name(number: int) -> str:
    return f"worksheets/sheet{number}.xml"


_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")


def _title(words: str, *, taken: Iterable[str]) -> str:
    """Words as the title of a sheet: cut where a word ends if they are too long, and with a number if it is taken."""
    words = _FORBIDDEN.sub(" ", words)
    number, found = 1, _cut(words, LONGEST_TITLE)
    while found.casefold() in taken:
        number += 1
        end = f" {number}"
        found = _cut(words, LONGEST_TITLE - len(end)) + end
    return found


def _cut(words: str, longest: int) -> str:
    if len(words) <= longest:
        return words
    whole, blank, _rest = words[:longest].rpartition(" ")
    return f"{whole if blank else words[: longest - 1]}…"


# A sheet


@dataclass
class _Page:
    """A sheet of the workbook. ``last`` is its last row, ``left`` the rows for which it had no room, if any."""

    sheet: Sheet
    title: str
    last: int = 0
    left: Iterator[Sequence[Value]] | None = None
    letters: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self.letters = [_letters(place) for place in range(1, len(self.sheet.columns) + 1)]

    @property
    def corners(self) -> tuple[str, str, str, str]:
        """Of the table: first column and row, last column and row."""
        return "A", "1", self.letters[-1], str(self.last)

    def pieces(self, rows: Iterator[Sequence[Value]]) -> Iterator[bytes]:
        """The words of the part, a row at a time."""
        columns = self.sheet.columns
        styles = [_style(column.look) for column in columns]
        yield f"{HEAD}<worksheet {_MAIN}>{self._view()}{_widths(columns)}<sheetData>".encode()
        if self.sheet.has_headings:
            self.last = 1
            yield self._row([column.heading for column in columns], [_style(Look.HEADING)] * len(columns))
        size = 0
        for row in rows:
            if self.last == MOST_ROWS or size > MOST_BYTES:
                self.left = chain([row], rows)
                break
            self.last += 1
            words = self._row(row, styles)
            size += len(words)
            yield words
        yield f"</sheetData>{self._end()}</worksheet>".encode()

    def _row(self, values: Sequence[Value], styles: Sequence[int]) -> bytes:
        number = self.last
        cells = [
            _cell(f"{letters}{number}", style, value)
            for letters, style, value in zip(self.letters, styles, values, strict=True)
            if value is not None and value != ""
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'.encode()

    def _view(self) -> str:
        direction = ' rightToLeft="1"' if get_language_bidi() else ""
        view = f'<sheetView{direction} workbookViewId="0"'
        if not self.sheet.has_headings:
            return f"<sheetViews>{view}/></sheetViews>"
        aside = self.sheet.columns_in_view
        split, pane = (f'xSplit="{aside}" ', "bottomRight") if aside else ("", "bottomLeft")
        return (
            f'<sheetViews>{view}><pane {split}ySplit="1" topLeftCell="{_letters(aside + 1)}2" activePane="{pane}" '
            f'state="frozen"/><selection pane="{pane}"/></sheetView></sheetViews>'
        )

    def _end(self) -> str:
        """What stands below the rows, in the order that the format asks for."""
        filtered = '<autoFilter ref="{}{}:{}{}"/>'.format(*self.corners) if self.sheet.has_headings else ""
        margins = '<pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5"/>'
        setup = '<pageSetup orientation="landscape"/>' if self.sheet.has_headings else ""
        words = self.sheet.footer.replace("&", "&&")
        footer = xml_escaped(f"&L{words}&R&P / &N")
        return f"{filtered}{margins}{setup}<headerFooter><oddFooter>{footer}</oddFooter></headerFooter>"


def _letters(place: int) -> str:
    """The name of a column: A to Z, AA and so on."""
    name = ""
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _widths(columns: Sequence[Column]) -> str:
    each = (
        f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"/>'
        for place, column in enumerate(columns, 1)
    )
    return f"<cols>{''.join(each)}</cols>"


# A cell

TEXT, QUOTED, DAY = KINDS = range(3)
"""The kinds of cells that look different. Excel keeps a quoted one text when somebody edits it."""

_TAKEN_FOR_MORE = re.compile(r"[=+\-@#\t\r]")
"""What begins a formula, or the name of an error."""

_LIKE_A_CODE = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)")
"""Where text would be taken for the code of a character, as in "_x0041_"."""

_FIRST_DAY = date(1899, 12, 30).toordinal()


def _cell(place: str, style: int, value: str | int | date) -> str:
    """``style`` is that of text; those of the other kinds follow it."""
    if isinstance(value, str):
        if _TAKEN_FOR_MORE.match(value):
            style += QUOTED
        return f'<c r="{place}" s="{style}" t="inlineStr"><is>{_words(value)}</is></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{style + DAY}"><v>{value.toordinal() - _FIRST_DAY}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def _words(text: str) -> str:
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(CUT)] + CUT
    is_spaced = text != text.strip() or not text.isprintable()
    words = xml_escaped(text)
    if "_x" not in words or not _LIKE_A_CODE.search(words):
        return _text(words, is_spaced)
    # Torn apart there: every program joins the runs, while not every one knows the code for a code.
    return "".join(f"<r>{_text(run, is_spaced)}</r>" for run in _LIKE_A_CODE.split(words))


def _text(words: str, is_spaced: bool) -> str:
    return f'<t xml:space="preserve">{words}</t>' if is_spaced else f"<t>{words}</t>"


# Parts that tell of the sheets


def _book(pages: Sequence[_Page]) -> str:
    sheets = "".join(
        f'<sheet name="{_attribute(page.title)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, page in enumerate(pages, 1)
    )
    names = "".join(_defined(page, number) for number, page in enumerate(pages) if page.sheet.has_headings)
    return (
        f'<workbook {_MAIN} xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews><sheets>{sheets}</sheets>'
        f"{f'<definedNames>{names}</definedNames>' if names else ''}</workbook>"
    )


def _defined(page: _Page, number: int) -> str:
    """The rows that are filtered, and those that are printed on every page."""
    title = xml_escaped("'{}'".format(page.title.replace("'", "''")))
    table = "${}${}:${}${}".format(*page.corners)
    return (
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{title}!{table}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{title}!$1:$1</definedName>'
    )


def _attribute(words: str) -> str:
    return xml_escaped(words).replace('"', "&quot;")


def _style(look: int) -> int:
    """The number of the style of text that looks so; the first style is for what has none."""
    return 1 + len(KINDS) * look


def _styles() -> str:
    fonts = "".join(f'<font>{bold}<sz val="11"/><name val="Calibri"/><family val="2"/></font>' for bold in ("", "<b/>"))
    fills = (
        '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE4F0F4"/></patternFill></fill>'
    )
    looks = "".join(_format(look, kind) for look in Look for kind in KINDS)
    plain = 'numFmtId="0" fontId="0" fillId="0" borderId="0"'
    return (
        f'<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
        f'<fonts count="2">{fonts}</fonts><fills count="3">{fills}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf {plain}/></cellStyleXfs>'
        f'<cellXfs count="{_style(len(Look))}"><xf {plain} xfId="0"/>{looks}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _format(look: Look, kind: int) -> str:
    font, fill = (1, 2) if look is Look.HEADING else (0, 0)
    quoted = ' quotePrefix="1"' if kind == QUOTED else ""
    wraps = "" if look is Look.PLAIN else ' wrapText="1"'
    return (
        f'<xf numFmtId="{164 if kind == DAY else 0}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"{quoted} '
        'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
        f'<alignment vertical="top"{wraps}/></xf>'
    )
