"""A list as a Word document, in the form of the printed lists: sections in their order, medicines with their forms.

WordprocessingML is written by hand, straight into the archive: a document that is built in memory first takes
gigabytes for a long list. Entries come in any order; each is written to a scratch file as it comes, and memory holds
only where it lies there and where it belongs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, gettext

from medicines.content import labels
from medicines.content.schema import Placement, SectionPath
from medicines.lists.own_export import formulation_line
from medicines.models.recommendation import OutcomeChoices, StatusChoices
from medicines.sorting import sort_key

from .archive import Part, archived
from .office import HEAD, OFFICE, content_types, opening, part, relationships
from .tables import AWARE, About, Entry, about_lines
from .words import explained, labelled
from .xml import xml_escaped

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

REPRESENTATIVE = "☐"
"""The square box of the printed lists."""

WIDTHS = (2700, 3300, 3900)
"""Of the three columns, in twentieths of a point: an A4 page less its margins."""

DEEPEST_HEADING = 5

TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh-hans": "zh-CN", "ar": "ar-SA"}


def lines(about: About, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The document in pieces. The first waits for all entries, since their order is that of the list."""
    return archived(_parts(about, entries))


def _parts(about: About, entries: Iterable[Entry]) -> Iterator[Part]:
    pen = _Pen()
    yield from opening("word/document.xml", about.properties)
    yield content_types({name: f"officedocument.wordprocessingml.{kind}" for name, kind in TYPES.items()})
    yield relationships(
        "word/_rels/document.xml.rels", {"styles.xml": f"{OFFICE}/styles", "footer1.xml": f"{OFFICE}/footer"}
    )
    yield part("word/footer1.xml", _footer(about, pen))
    yield part("word/styles.xml", _styles(pen))
    with tempfile.TemporaryFile() as scratch:
        index = _index(entries, scratch, pen)
        yield "word/document.xml", (piece.encode() for piece in _document(about, index, scratch, pen))


# Where an entry belongs


@dataclass(frozen=True, order=True)
class _Place:
    """A heading of the list; places sort as the list prints them.

    ``rank``: 0 for sections, then what is on no list by its status. ``edition`` is negative: the newest comes first.
    """

    rank: int
    edition: int
    key: str
    path: SectionPath | None = None
    status: str = ""


@dataclass(frozen=True)
class _Line:
    """An entry in the scratch file."""

    place: _Place
    name: str
    start: int
    length: int


@dataclass(frozen=True)
class _Index:
    lines: list[_Line]
    has_representatives: bool


def _index(entries: Iterable[Entry], scratch: BinaryIO, pen: _Pen) -> _Index:
    """Write every entry to the scratch file; return where each lies, in the order of the list."""
    lines: list[_Line] = []
    places: dict[_Place, _Place] = {}  # Each place is held once, however many entries it has.
    box = False
    for entry in entries:
        place = _place(entry)
        row = "".join(_entry(entry, pen)).encode()
        start = scratch.tell()
        scratch.write(row)
        box = box or _is_representative(entry)
        name = sort_key(f"{entry.row.medicine} / {entry.row.indication}")
        lines.append(_Line(places.setdefault(place, place), name, start, len(row)))
    lines.sort(key=lambda line: (line.place.rank, line.place.edition, line.place.key, line.name))
    return _Index(lines, box)


def _place(entry: Entry) -> _Place:
    placement, row = entry.placement, entry.row
    if placement and placement.is_listed:
        path = placement.section
        if path is None:
            return _Place(0, 1, "~")
        edition = -int(path.edition) if path.edition.isdecimal() else 0
        return _Place(0, edition, _path_key(path), path)
    status = row.status if row.status != "essential" else "removed"
    return _Place(1, 0, str(list(StatusChoices.values).index(status)), None, status)


def _path_key(path: SectionPath) -> str:
    """Numbered sections by their numbers, above those without: a parent before its children, 5.10 after 5.9."""
    if path.leaf.number:
        return sort_key(path.leaf.number)
    return "~" + " > ".join(sort_key(step.title) for step in path.steps)


# The words of one entry


def _entry(entry: Entry, pen: _Pen) -> Iterator[str]:
    """A row of a table: medicine, indication with lists, formulations."""
    row = entry.row
    name = str(capfirst(row.medicine))
    box = f"{REPRESENTATIVE} " if _is_representative(entry) else ""
    number = gettext("Recommendation %(number)s, version %(version)s") % {"number": row.number, "version": row.version}
    partners = " + ".join(row.combined_with)
    first = [pen.paragraph(pen.content(box + name, bold=True))]
    if partners:
        first.append(pen.paragraph(pen.labelled(gettext("Combined with"), pen.content(partners))))
    first.append(pen.paragraph(pen.link(number, row.address), style="Small"))
    second = [pen.paragraph(pen.content(row.indication))]
    second += [pen.paragraph(_said(term, words, pen), style="Small") for term, words in _facts(entry)]
    third = [pen.paragraph(line, style="Form") for line in _formulations(entry.placement, pen)]
    yield "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
    for cell, width in zip((first, second, third), WIDTHS, strict=True):
        yield pen.cell(cell, width)
    yield "</w:tr>"


def _is_representative(entry: Entry) -> bool:
    """Whether the entry stands for its alternatives, which in print the square box says."""
    return entry.row.alternatives in ("atc_class", "named")


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """What stands in small below the indication: (term, words), the term empty where the words need none."""
    row, placement = entry.row, entry.placement
    for name, status in (("EML", row.eml), ("EMLc", row.emlc)):
        if status:
            yield name, str(labels.LIST_STATUS[status])
    if row.unnamed_list and not (row.eml or row.emlc):
        yield "", str(labels.LIST_STATUS[row.unnamed_list])
    if placement and not placement.is_listed and placement.section:
        yield gettext("Section"), " ".join(filter(None, (row.section_number, row.section_titles[-1])))
    if row.aware:
        yield "AWaRe", str(AWARE[row.aware])
    if row.choice:
        yield "", str(labels.VALUES["choice"][row.choice])
    age = str(labels.VALUES["age"][row.age]) if row.age else ""
    if age or row.age_words:
        yield gettext("Age"), " – ".join(filter(None, (age, row.age_words)))
    if row.sex and row.sex != "all":
        yield gettext("Sex"), str(labels.VALUES["sex"][row.sex])
    if row.weight:
        yield gettext("Weight"), row.weight
    if row.alternatives == "atc_class":
        yield (
            gettext("Therapeutic alternatives"),
            gettext("Other medicines of the class %(atc)s") % {"atc": row.alternatives_atc or ""},
        )
    elif row.alternatives == "named":
        yield gettext("Therapeutic alternatives"), ", ".join(row.alternatives_medicines)
    if row.alternatives_limits:
        yield gettext("Limits of the alternatives"), row.alternatives_limits
    if row.outcome in ("not_recommended", "deferred"):
        yield row.meeting or "", str(OutcomeChoices(row.outcome).label)


def _said(term: str, words: str, pen: _Pen) -> str:
    return pen.labelled(term, pen.words(words)) if term else pen.words(words)


def _formulations(placement: Placement | None, pen: _Pen) -> Iterator[str]:
    """The lines; where they differ by list, each says which."""
    if placement is None:
        return
    differ = len({formulation.lists for formulation in placement.formulations}) > 1
    for formulation in placement.formulations:
        lists = " + ".join(formulation.lists)
        mark = pen.words(f"{lists}  ", soft=True) if differ and lists else ""
        yield mark + pen.content(formulation_line(formulation))


# The document


def _document(about: About, index: _Index, scratch: BinaryIO, pen: _Pen) -> Iterator[str]:
    yield f'{HEAD}<w:document xmlns:w="{_W}" xmlns:r="{OFFICE}"><w:body>'
    yield pen.paragraph(pen.words(about.title), style="Title")
    for term, words in about_lines(about):
        if words and words != about.title:
            yield pen.paragraph(_said(term, words, pen), style="Small")
    yield pen.paragraph(pen.words(_count(len(index.lines))), style="Lead")
    if index.has_representatives:
        meaning = explained("representative")
        legend = pen.labelled(f"{REPRESENTATIVE} {meaning.name}", pen.words(meaning.meaning))
        yield pen.paragraph(legend, style="Small")
    yield from _lists(index, scratch, pen)
    yield (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1003" w:bottom="1134" w:left="1003" w:header="567" w:footer="567" '
        'w:gutter="0"/>'
        f"{'<w:bidi/>' if pen.is_bidi else ''}</w:sectPr></w:body></w:document>"
    )


def _count(lines: int) -> str:
    if not lines:
        return gettext("The list has no entries.")
    return gettext("Entries: %(count)s") % {"count": lines}


def _lists(index: _Index, scratch: BinaryIO, pen: _Pen) -> Iterator[str]:
    has_editions = len({line.place.edition for line in index.lines if line.place.path}) > 1
    before: _Place | None = None
    for line in index.lines:
        if line.place is not before:
            if before is not None:
                yield "</w:tbl>"
            for level, words in _headings(before, line.place, has_editions=has_editions):
                yield pen.paragraph(words(pen), style=f"Heading{min(level, DEEPEST_HEADING)}")
            yield _table_head(pen)
            before = line.place
        scratch.seek(line.start)
        yield scratch.read(line.length).decode()
    if before is not None:
        yield "</w:tbl>" + pen.paragraph("")


class _Heading:
    """The words of a heading; titles of sections are the list's own, others the page's."""

    def __init__(self, words: str, *, is_content: bool = False) -> None:
        self._words, self._is_content = words, is_content

    def __call__(self, pen: _Pen) -> str:
        return pen.content(self._words) if self._is_content else pen.words(self._words)


def _headings(before: _Place | None, now: _Place, *, has_editions: bool) -> Iterator[tuple[int, _Heading]]:
    """The headings that are new at this place, with their levels."""
    if now.rank:
        if before is None or not before.rank:
            yield 1, _Heading(gettext("Not on the lists"))
        yield 2, _Heading(str(StatusChoices(now.status).label))
        return
    if now.path is None:
        yield 1, _Heading(gettext("Section not stated"))
        return
    deeper = 0
    same_edition = before is not None and before.edition == now.edition
    if has_editions:
        deeper = 1
        if not same_edition:
            edition = f"EML {now.path.edition}" if now.path.edition else ""
            yield (
                1,
                _Heading(gettext("Sections of %(edition)s") % {"edition": edition})
                if edition
                else _Heading(gettext("Sections of no stated edition")),
            )
    there = before.path.steps if before and before.path and same_edition else ()
    kept = 0
    for old, new in zip(there, now.path.steps, strict=False):
        if old != new:
            break
        kept += 1
    # The section itself is always named, also where the list comes back to it.
    for depth, step in enumerate(
        now.path.steps[min(kept, len(now.path.steps) - 1) :], min(kept, len(now.path.steps) - 1)
    ):
        yield depth + 1 + deeper, _Heading(" ".join(filter(None, (step.number, step.title))), is_content=True)


def _table_head(pen: _Pen) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in WIDTHS)
    titles = (gettext("Medicine"), gettext("Indication"), gettext("Formulations"))
    cells = "".join(
        pen.cell([pen.paragraph(pen.words(title, soft=True), style="Small")], width)
        for title, width in zip(titles, WIDTHS, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ListTable"/>{"<w:bidiVisual/>" if pen.is_bidi else ""}'
        f'<w:tblW w:w="{sum(WIDTHS)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"
    )


class _Pen:
    """Writes runs and paragraphs: words of the page in its language, words of the list in theirs, which is English."""

    def __init__(self) -> None:
        self.language = TAGS.get(get_language() or "en", "en-GB")
        self.is_bidi = get_language_bidi()

    def words(self, text: str, *, soft: bool = False) -> str:
        marks = '<w:color w:val="56616D"/>' if soft else ""
        return _run(text, marks + ("<w:rtl/>" if self.is_bidi else ""))

    def content(self, text: str, *, bold: bool = False) -> str:
        foreign = "" if self.language == TAGS["en"] else f'<w:lang w:val="{TAGS["en"]}"/>'
        return _run(text, ("<w:b/>" if bold else "") + foreign)

    def labelled(self, label: str, runs: str) -> str:
        """A label, soft, with the runs that are its value."""
        before, _value, after = labelled(label, "\0").partition("\0")
        return self.words(before, soft=True) + runs + self.words(after, soft=True)

    def link(self, text: str, address: str) -> str:
        """A field, because a relationship for each address would have to be kept until the end."""
        instruction = xml_escaped(' HYPERLINK "{}" '.format(address.replace('"', "%22")))
        words = _run(text, '<w:rStyle w:val="Hyperlink"/>' + ("<w:rtl/>" if self.is_bidi else ""))
        mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        return (
            f'{mark.format("begin")}<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
            f"{mark.format('separate')}{words}{mark.format('end')}"
        )

    def paragraph(self, runs: str, *, style: str = "") -> str:
        properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:bidi/>" if self.is_bidi else "")
        return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>" if properties else f"<w:p>{runs}</w:p>"

    def cell(self, paragraphs: list[str], width: int) -> str:
        """A cell of a table, which must hold a paragraph."""
        inside = "".join(paragraphs) or self.paragraph("")
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def _run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(xml_escaped(line) for line in text.splitlines())
    return f'<w:r>{marks}<w:t xml:space="preserve">{lines}</w:t></w:r>'


# The other parts of the archive

TYPES = {"word/document.xml": "document.main", "word/styles.xml": "styles", "word/footer1.xml": "footer"}

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _footer(about: About, pen: _Pen) -> str:
    """Whose it is, on every page: pages are copied without the first one."""
    words = " · ".join(filter(None, (about.publisher, about.notice, about.licence)))
    page = '<w:r><w:tab/></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return f'<w:ftr xmlns:w="{_W}">{pen.paragraph(pen.words(words, soft=True) + page, style="Footer")}</w:ftr>'


def _styles(pen: _Pen) -> str:
    fonts = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Arial"/>'
    languages = f'<w:lang w:val="{pen.language}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    space = '<w:spacing w:before="{}" w:after="{}"/>'
    headings = "".join(
        _style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/>{space.format(before, 80)}<w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:bCs/><w:color w:val="{colour}"/>{_size(size)}',
        )
        for level, (before, size, colour) in enumerate(
            ((480, 32, "0A5A78"), (320, 27, "0A5A78"), (240, 24, "1C2530"), (200, 22, "1C2530"), (160, 21, "56616D")), 1
        )
    )
    edge = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="{}"/>'
    borders = edge.format("top", "1C2530") + edge.format("bottom", "1C2530") + edge.format("insideH", "DCD6C9")
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_size(20)}{languages}</w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        + _style("Title", "Title", space.format(0, 160), f'<w:b/><w:bCs/><w:color w:val="1C2530"/>{_size(44)}')
        + headings
        + _style("Lead", "Lead", space.format(240, 120), _size(22))
        + _style("Small", "Small", space.format(20, 0), _size(17))
        + _style("Form", "Formulation", f'{space.format(0, 40)}<w:ind w:left="170" w:hanging="170"/>', _size(19))
        + _style("Footer", "footer", f'<w:tabs><w:tab w:val="right" w:pos="{sum(WIDTHS)}"/></w:tabs>', _size(16))
        + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:rPr><w:color w:val="0A5A78"/><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="ListTable"><w:name w:val="List Table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>'
        '<w:top w:w="60" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/>'
        '<w:right w:w="140" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>'
    )


def _style(key: str, name: str, paragraph: str, run: str) -> str:
    custom = "" if name == "Title" or name == "footer" or name.startswith("heading") else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
