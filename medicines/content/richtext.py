"""
Rich text: a small HTML, written in one form only.

`sanitise` turns any HTML into that form; the editor (static/editor/html.js) writes the same form from
its own document, by the same rules. What the editor shows and what is stored are therefore equal byte
for byte, and a save that changes nothing is seen to change nothing. Whoever changes a rule here changes
it there too: tests/journeys/test_editor.py holds the two together.

The form, in which a *leaf* holds words and everything else holds leaves:

    document    leaves, lists, quotations and tables
    leaf        <p data-block>, <h3 data-block>, <h4 data-block>
    list        <ul> or <ol> of <li>; an item begins with a <p> and goes on with paragraphs and lists
    quotation   <blockquote> of paragraphs and lists
    table       <table data-block>, <caption>, <thead>, <tbody>, <tr>, <th scope>, <td>; a cell holds
                paragraphs and lists, which carry no id of their own: the table is the block
    words       text, <br>, <a href>, <strong>, <em>, <sub>, <sup>, nested in this order
    objects     <cite data-ref="…"></cite> and <data data-finding="…"></data>: empty, outside all marks

No white space stands between tags, runs of it are one space, only `& < >` (and `"` in attributes) are
escaped. Empty leaves, items and quotations are left out, except where the structure needs them.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby
from typing import NamedTuple

import nh3

Mint = Callable[[], str]

_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_BLOCK_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_HREF = re.compile(r"(?:https?://[^/?#]|mailto:[^@]+@)", re.IGNORECASE)

_MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup"}
_LEAVES = {"p": "p", "h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_LISTS = {"ul", "ol"}
_TABLE_PARTS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
# Elements we do not keep, but whose edges part one paragraph from the next.
_EDGES = {
    "address", "article", "aside", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "main", "menu",
    "nav", "optgroup", "option", "pre", "search", "section", "summary",
}  # fmt: skip
_BLOCKS = set(_LEAVES) | _LISTS | _TABLE_PARTS | _EDGES | {"li", "blockquote"}
_SCOPES = {"col", "row", "colgroup", "rowgroup"}

# Deeper nesting is nobody's text; it is flattened, so that recursion stays shallow. Lists stop well
# before elements do: what we write is never too deep for us to read.
_MAX_DEPTH = 60
_MAX_LIST_DEPTH = 8
_MAX_COLSPAN = 30
_MAX_ROWSPAN = 500

_CLEANER = nh3.Cleaner(
    tags=_BLOCKS | set(_MARKS) | {"a", "br", "cite", "data"},
    clean_content_tags={"script", "style"},
    attributes={
        "a": {"href"},
        "cite": {"data-ref"},
        "data": {"data-finding"},
        "th": {"scope", "colspan", "rowspan"},
        "td": {"colspan", "rowspan"},
        "table": {"data-block"},
        **{tag: {"data-block"} for tag in _LEAVES},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)

# Line and paragraph separators count as spaces. The C0 and C1 controls, lone surrogates,
# non-characters and the byte order mark carry nothing that can be read. Joiners and direction marks
# stay: Arabic needs them.
_SPACES = re.compile("[ \t\n\f\r\v\x1c-\x1f\x85\u2028\u2029]+")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
# With the tag in front: the same letters may stand in the text.
_DATA_BLOCK = re.compile(r'(<(?:p|h3|h4|table) data-block=")([^"]*)')
_CITE = re.compile(r'<cite data-ref="([^"]*)"></cite>')


class BlockNotFound(LookupError):
    """The text has no block of this id."""


class Block(NamedTuple):
    """
    One block of a sanitised text.

    `path` names its ancestors from the outside in, each with its place among its siblings:
    `(("ul", 2), ("li", 0))` is the first item of the list that is the third element of the text.
    """

    id: str
    tag: str
    html: str
    text: str
    path: tuple[tuple[str, int], ...]


# --- The promises ----------------------------------------------------------------------------------


def sanitise(html: str, *, mint: Mint | None = None) -> str:
    """
    Return `html` in the one form described above; safe to store, and to print inside a page.

    Nothing readable is dropped: what is not allowed is reduced to its text, and text outside any
    paragraph becomes a paragraph. Only the contents of scripts and styles go, with comments, control
    characters, and the text inside <cite data-ref> and <data data-finding>, which is computed.
    Links lead to http, https or mailto, or are reduced to their text.

    Every block without an id gets one from `mint`; of two equal ids the first keeps it. A text that is
    already in the form is returned as it is, whatever `mint` is.
    """
    document = _Flow("document")
    document.take(_parse(html), _NO_MARKS)
    document.flush()
    _identify(document.blocks, mint or new_id)
    out: list[str] = []
    _write(document.blocks, out)
    return "".join(out)


def new_id() -> str:
    """A random block id: ten letters and digits, 50 bits."""
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(10))


def blocks(html: str) -> list[Block]:
    """The blocks of a sanitised text, in reading order."""
    return list(_blocks(html))


def text(html: str) -> str:
    """
    The plain text of a sanitised text: a line a paragraph.

    Citations leave no trace. The cells of a table row are parted by tabs.
    """
    return "\n".join(block.text for block in _blocks(html))


def replace_block(html: str, block_id: str, new_html: str) -> str:
    """
    Put `new_html` in the place of a block, and return the sanitised result.

    The first block of the new text keeps the id, unless the new text brings ids of its own. Raises
    BlockNotFound.
    """
    block, start, end = _find(html, block_id)
    new = sanitise(new_html)
    first = next(_blocks(new), None)
    if first and first.id not in new_html:
        new = _DATA_BLOCK.sub(rf"\g<1>{block.id}", new, count=1)
    return sanitise(html[:start] + new + html[end:])


def reblock(html: str, *, mint: Mint | None = None) -> str:
    """Give every block of a sanitised text a new id, for a copy that starts a life of its own."""
    mint = mint or new_id
    return _DATA_BLOCK.sub(lambda match: match[1] + mint(), html)


def unique_blocks(texts: Iterable[str], *, mint: Mint | None = None) -> list[str]:
    """
    Make ids unique across several sanitised texts, the sections of one document in reading order.

    The first block with an id keeps it, a later one gets a new one. Texts without a clash are
    returned as they are.
    """
    mint = mint or new_id
    seen: set[str] = set()

    def keep_or_mint(match: re.Match[str]) -> str:
        block_id = match[2]
        while block_id in seen:
            block_id = mint()
        seen.add(block_id)
        return match[1] + block_id

    return [_DATA_BLOCK.sub(keep_or_mint, html) for html in texts]


def cited(html: str) -> list[str]:
    """The ids of the references that a sanitised text cites, in reading order, repeats included."""
    return _CITE.findall(html)


def rename_refs(html: str, mapping: Mapping[str, str]) -> str:
    """
    Point the citations of a sanitised text at other references; ids not in `mapping` stay.

    Raises ValueError for a new id that could not stand in a citation.
    """
    for new in mapping.values():
        if not _TOKEN.fullmatch(new):
            raise ValueError(f"Not a reference id: {new!r}")
    return _CITE.sub(lambda match: _cite(mapping.get(match[1], match[1])), html)


# --- Reading what came in --------------------------------------------------------------------------


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str]
    children: list["_Element | str"] = field(default_factory=list)


def _readable(words: str) -> str:
    return _UNREADABLE.sub("", words)


def _parse(html: str) -> _Element:
    """
    Parse HTML as a browser would and keep the elements that matter, as a shallow tree.

    nh3 (html5ever) does the parsing and writes a regular HTML: balanced, lower case, every attribute in
    double quotes. That is what makes a regular expression enough here.
    """
    # Twice, because a character reference such as &#1; is a control character only after parsing.
    clean = _readable(_CLEANER.clean(_readable(html)))
    root = _Element("div", {})
    stack = [root]
    position = 0
    for tag in _TAG.finditer(clean):
        if tag.start() > position:
            stack[-1].children.append(unescape(clean[position : tag.start()]))
        position = tag.end()
        closing, name, attributes = tag.groups()
        if closing:
            stack.pop()
            continue
        element = _Element(name, {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)})
        if name in {"br", "hr"}:
            stack[-1].children.append(element)
        elif len(stack) < _MAX_DEPTH:
            stack[-1].children.append(element)
            stack.append(element)
        else:
            # Too deep: its words go to the parent, parted from what stood before.
            if name in _BLOCKS:
                stack[-1].children.append(_Element("hr", {}))
            stack.append(stack[-1])
    if position < len(clean):
        root.children.append(unescape(clean[position:]))
    return root


# --- Words -----------------------------------------------------------------------------------------


class _Marks(NamedTuple):
    """What words carry, in the order in which the tags nest."""

    href: str = ""
    strong: bool = False
    em: bool = False
    script: str = ""

    def tags(self) -> list[tuple[str, str]]:
        """The opening and the closing tag of each mark."""
        found = []
        if self.href:
            found.append((f'<a href="{escape(self.href, quote=False)}">', "</a>"))
        if self.strong:
            found.append(("<strong>", "</strong>"))
        if self.em:
            found.append(("<em>", "</em>"))
        if self.script:
            found.append((f"<{self.script}>", f"</{self.script}>"))
        return found

    def plus(self, tag: str) -> "_Marks":
        name = _MARKS[tag]
        if name == "strong":
            return self._replace(strong=True)
        if name == "em":
            return self._replace(em=True)
        return self._replace(script=name)


_NO_MARKS = _Marks()
_BREAK = "<br>"


class _Word(NamedTuple):
    """A stretch of text with its marks, or an object: a break, a citation, a figure."""

    text: str
    marks: _Marks = _NO_MARKS
    object: str = ""


def _cite(ref: str) -> str:
    return f'<cite data-ref="{ref}"></cite>'


def _safe_href(value: str) -> str:
    """The address in the only form that we write, or nothing where it is not a link we allow."""
    value = _SPACES.sub(" ", value).strip().replace(" ", "%20")
    value = re.sub('["<>`]', lambda match: f"%{ord(match[0]):02X}", value)
    return value if _HREF.match(value) else ""


def _tidy(words: list[_Word]) -> list[_Word]:
    """Make runs of white space one space, with none at an edge or beside a break, nor breaks at an edge."""
    tidy: list[_Word] = []

    def drop_trailing_space() -> None:
        if tidy and not tidy[-1].object and tidy[-1].text.endswith(" "):
            last = tidy.pop()
            if last.text != " ":
                tidy.append(last._replace(text=last.text[:-1]))

    for word in words:
        if word.object == _BREAK:
            drop_trailing_space()
            if tidy:
                tidy.append(word)
            continue
        if word.object:
            tidy.append(word)
            continue
        value = _SPACES.sub(" ", word.text)
        after_edge = not tidy or tidy[-1].object == _BREAK
        if after_edge or (not tidy[-1].object and tidy[-1].text.endswith(" ")):
            value = value.removeprefix(" ")
        if value:
            tidy.append(word._replace(text=value))
    drop_trailing_space()
    while tidy and tidy[-1].object == _BREAK:
        tidy.pop()
        drop_trailing_space()
    # No-break spaces alone are how Word writes an empty line.
    said = any(word.object not in {"", _BREAK} or word.text.strip() for word in tidy)
    return tidy if said else []


def _inline(words: list[_Word]) -> str:
    out: list[str] = []
    active: list[tuple[str, str]] = []
    for word in _tidy(words):
        wanted = [] if word.object else word.marks.tags()
        shared = 0
        while shared < min(len(active), len(wanted)) and active[shared] == wanted[shared]:
            shared += 1
        out.extend(closing for _, closing in reversed(active[shared:]))
        out.extend(opening for opening, _ in wanted[shared:])
        active = wanted
        out.append(word.object or escape(word.text, quote=False))
    out.extend(closing for _, closing in reversed(active))
    return "".join(out)


# --- Structure -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Leaf:
    tag: str
    id: str
    inner: str


@dataclass(slots=True)
class _List:
    tag: str
    items: list[list["_Node"]]


@dataclass(slots=True)
class _Quote:
    children: list["_Node"]


@dataclass(slots=True)
class _Cell:
    heading: bool
    scope: str
    colspan: int
    rowspan: int
    children: list["_Node"]

    @property
    def empty(self) -> bool:
        first = self.children[0]
        return len(self.children) == 1 and isinstance(first, _Leaf) and not first.inner


@dataclass(slots=True)
class _Table:
    id: str
    caption: str
    rows: list[list[_Cell]]


_Node = _Leaf | _List | _Quote | _Table


class _Flow:
    """
    Gathers the blocks of one container from whatever stands in it.

    `place` is what the container is: document, quote, item, cell or caption. It decides what may stand
    there; the rest is taken apart until it may.
    """

    def __init__(self, place: str, *, list_depth: int = 0):
        self.place = place
        self.list_depth = list_depth
        self.blocks: list[_Node] = []
        self.words: list[_Word] = []
        self.leaf = ("p", "")
        self.empty_id = ""  # of an empty paragraph that stood first

    def flush(self) -> None:
        """End the paragraph that is being gathered."""
        if self.place == "caption":
            self.words.append(_Word(" "))
            return
        inner = _inline(self.words)
        self.words = []
        if inner:
            tag, block_id = self.leaf
            self.blocks.append(_Leaf(tag, block_id, inner))
            self.leaf = (tag, "")
        elif not self.blocks:
            self.empty_id = self.empty_id or self.leaf[1]

    def take(self, element: _Element, marks: _Marks) -> None:
        """Take what stands in an element, with the marks that it inherits."""
        for child in element.children:
            if isinstance(child, str):
                self.words.append(_Word(child, marks))
            elif child.tag in _BLOCKS:
                self.flush()
                self.take_block(child, marks)
                self.flush()
            else:
                self.take_inline(child, marks)

    def take_inline(self, element: _Element, marks: _Marks) -> None:
        attributes = element.attributes
        if element.tag == "br":
            self.words.append(_Word("", object=_BREAK))
        elif element.tag == "cite" and _TOKEN.fullmatch(ref := attributes.get("data-ref", "")):
            self.words.append(_Word("", object=_cite(ref)))
        elif element.tag == "data" and _TOKEN.fullmatch(finding := attributes.get("data-finding", "")):
            self.words.append(_Word("", object=f'<data data-finding="{finding}"></data>'))
        elif element.tag == "a":
            href = _safe_href(attributes.get("href", ""))
            self.take(element, marks._replace(href=href) if href else marks)
        elif element.tag in _MARKS:
            self.take(element, marks.plus(element.tag))
        else:
            self.take(element, marks)

    def take_block(self, element: _Element, marks: _Marks) -> None:
        tag = element.tag
        if self.place == "caption":
            self.take(element, marks)
        elif tag in _LEAVES:
            self.take_leaf(element, marks)
        elif tag in _LISTS and self.list_depth < _MAX_LIST_DEPTH:
            if items := _items(element, marks, self.list_depth + 1):
                self.blocks.append(_List(tag, items))
        elif tag == "blockquote" and self.place == "document":
            quote = _Flow("quote")
            quote.take(element, marks)
            quote.flush()
            if quote.blocks:
                self.blocks.append(_Quote(quote.blocks))
        elif tag == "table" and self.place == "document":
            self.take_table(element, marks)
        else:
            self.take(element, marks)

    def take_leaf(self, element: _Element, marks: _Marks) -> None:
        outer = self.leaf
        tag = _LEAVES[element.tag] if self.place == "document" else "p"
        self.leaf = (tag, element.attributes.get("data-block", ""))
        self.take(element, marks)
        self.flush()
        self.leaf = outer

    def take_table(self, element: _Element, marks: _Marks) -> None:
        caption, rows = _Flow("caption"), []
        for part in _elements(element, {"caption", "thead", "tbody", "tfoot"}):
            if part.tag == "caption":
                caption.take(part, marks)
                caption.flush()
            else:
                for row in _elements(part, {"tr"}):
                    cells = _elements(row, {"td", "th"})
                    rows.append([_cell(cell, marks, in_head=part.tag == "thead") for cell in cells])
        if _regular(rows):
            block_id = element.attributes.get("data-block", "")
            self.blocks.append(_Table(block_id, _inline(caption.words), rows))
        else:
            self.take(element, marks)


def _elements(element: _Element, tags: set[str]) -> list[_Element]:
    return [child for child in element.children if isinstance(child, _Element) and child.tag in tags]


def _items(element: _Element, marks: _Marks, list_depth: int) -> list[list[_Node]]:
    """The items of a list. What stands between items becomes one, or joins the one before if it is a list."""
    items: list[list[_Node]] = []
    for tag, children in groupby(element.children, key=_item_kind):
        group = list(children)
        # Real items one by one, and lists; words between them are one item together.
        for part in [group] if tag == "words" else [[child] for child in group]:
            item = _Flow("item", list_depth=list_depth)
            item.take(_Element("li", {}, part), marks)
            item.flush()
            if tag == "list" and items:
                items[-1].extend(item.blocks)
            elif item.blocks:
                if isinstance(item.blocks[0], _List):
                    item.blocks.insert(0, _Leaf("p", item.empty_id, ""))
                items.append(item.blocks)
    return items


def _item_kind(child: _Element | str) -> str:
    if isinstance(child, str):
        return "words"
    if child.tag in _LISTS:
        return "list"
    return "item" if child.tag == "li" else "words"


# --- Tables ----------------------------------------------------------------------------------------


def _cell(element: _Element, marks: _Marks, *, in_head: bool) -> _Cell:
    flow = _Flow("cell")
    flow.take(element, marks)
    flow.flush()
    scope = element.attributes.get("scope", "").lower()
    cell = _Cell(
        heading=element.tag == "th",
        scope=scope if scope in _SCOPES else "",
        colspan=_span(element.attributes.get("colspan", ""), _MAX_COLSPAN),
        rowspan=_span(element.attributes.get("rowspan", ""), _MAX_ROWSPAN),
        children=flow.blocks or [_Leaf("p", "", "")],
    )
    # An empty corner stays a plain cell: a heading that says nothing helps nobody.
    cell.heading = cell.heading or (in_head and not cell.empty)
    return cell


def _span(value: str, limit: int) -> int:
    return min(int(value), limit) or 1 if re.fullmatch("[0-9]{1,6}", value) else 1


def _regular(rows: list[list[_Cell]]) -> bool:
    """
    Make a table rectangular, as the editor would on the first edit: spans that collide or reach out are
    cut back, missing cells are added at the end of the row. False if it is no table: no cells at all, or
    so ragged that the added cells would outweigh the text.
    """
    covered_by_row: list[int] = []
    spans: list[int] = []  # for each column, the rows that a cell still reaches down, this one included
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < len(spans) and spans[column]:
                column += 1
            cell.rowspan = min(cell.rowspan, len(rows) - number)
            free = 1
            while free < cell.colspan and not (column + free < len(spans) and spans[column + free]):
                free += 1
            cell.colspan = free
            spans.extend([0] * (column + free - len(spans)))
            spans[column : column + free] = [cell.rowspan] * free
            column += free
        covered_by_row.append(sum(1 for span in spans if span))
        spans = [max(0, span - 1) for span in spans]
    width = len(spans)
    cells = sum(map(len, rows))
    missing = sum(width - covered for covered in covered_by_row)
    if not cells or missing > 4 * cells + 50:
        return False
    for row, covered in zip(rows, covered_by_row, strict=True):
        row.extend(_Cell(False, "", 1, 1, [_Leaf("p", "", "")]) for _ in range(width - covered))
    return True


def _head_rows(rows: list[list[_Cell]]) -> int:
    """
    How many rows are the table's head: the leading ones in which every cell is a heading or empty.

    A row of one single heading further down is a sub-heading of the body. No cell reaches out of the
    head, and a table of nothing but headings has no head.
    """
    head = 0
    for row in rows:
        headings = all(cell.heading or cell.empty for cell in row) and any(cell.heading for cell in row)
        if not headings or (head and len(row) == 1):
            break
        head += 1
    while any(cell.rowspan > head - number for number, row in enumerate(rows[:head]) for cell in row):
        head -= 1
    return 0 if head == len(rows) else head


def _scope(cell: _Cell, row: list[_Cell], *, in_head: bool) -> str:
    if cell.scope:
        return cell.scope
    if in_head:
        return "col"
    return "rowgroup" if len(row) == 1 else "row"


# --- Writing ---------------------------------------------------------------------------------------


def _identify(nodes: list[_Node], mint: Mint) -> None:
    seen: set[str] = set()

    def identify(node: _Leaf | _Table) -> None:
        if not _BLOCK_ID.fullmatch(node.id) or node.id in seen:
            node.id = mint()
            while node.id in seen:
                node.id = mint()
        seen.add(node.id)

    def walk(nodes: list[_Node]) -> None:
        for node in nodes:
            if isinstance(node, _List):
                for item in node.items:
                    walk(item)
            elif isinstance(node, _Quote):
                walk(node.children)
            else:
                identify(node)

    walk(nodes)


def _write(nodes: list[_Node], out: list[str], *, in_cell: bool = False) -> None:
    for node in nodes:
        if isinstance(node, _Leaf):
            block = "" if in_cell else f' data-block="{node.id}"'
            out.append(f"<{node.tag}{block}>{node.inner}</{node.tag}>")
        elif isinstance(node, _List):
            out.append(f"<{node.tag}>")
            for item in node.items:
                out.append("<li>")
                _write(item, out, in_cell=in_cell)
                out.append("</li>")
            out.append(f"</{node.tag}>")
        elif isinstance(node, _Quote):
            out.append("<blockquote>")
            _write(node.children, out)
            out.append("</blockquote>")
        else:
            _write_table(node, out)


def _write_table(table: _Table, out: list[str]) -> None:
    head = _head_rows(table.rows)
    out.append(f'<table data-block="{table.id}">')
    if table.caption:
        out.append(f"<caption>{table.caption}</caption>")
    for tag, rows in (("thead", table.rows[:head]), ("tbody", table.rows[head:])):
        if rows:
            out.append(f"<{tag}>")
            for row in rows:
                _write_row(row, out, in_head=tag == "thead")
            out.append(f"</{tag}>")
    out.append("</table>")


def _write_row(row: list[_Cell], out: list[str], *, in_head: bool) -> None:
    out.append("<tr>")
    for cell in row:
        tag = "th" if cell.heading else "td"
        scope = f' scope="{_scope(cell, row, in_head=in_head)}"' if cell.heading else ""
        colspan = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        rowspan = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        out.append(f"<{tag}{scope}{colspan}{rowspan}>")
        _write(cell.children, out, in_cell=True)
        out.append(f"</{tag}>")
    out.append("</tr>")


# --- Reading the form back -------------------------------------------------------------------------


def _blocks(html: str) -> Iterator[Block]:
    for block, _, _ in _located(html):
        yield block


def _located(html: str) -> Iterator[tuple[Block, int, int]]:
    """Each block with the places where its HTML begins and ends."""
    path: list[tuple[str, int]] = []
    siblings = [0]
    start, block_id, depth = 0, "", 0
    for tag in _TAG.finditer(html):
        closing, name, _ = tag.groups()
        if name not in _BLOCKS:
            continue
        if not closing:
            if not block_id and (match := _DATA_BLOCK.match(tag[0])):
                start, block_id, depth = tag.start(), match[2], len(path)
            path.append((name, siblings[-1]))
            siblings[-1] += 1
            siblings.append(0)
            continue
        path.pop()
        siblings.pop()
        if block_id and len(path) == depth:
            outer = html[start : tag.end()]
            yield Block(block_id, name, outer, _plain(outer), tuple(path)), start, tag.end()
            block_id = ""


def _find(html: str, block_id: str) -> tuple[Block, int, int]:
    for block, start, end in _located(html):
        if block.id == block_id:
            return block, start, end
    raise BlockNotFound(block_id)


_CITE_GROUP = re.compile(r" ?(?:<cite [^>]*></cite>)+")
_NEWLINES = re.compile(r"</caption>|</tr>|<br>")
_BETWEEN_CELLS = re.compile(r"</t[dh]>(?=<t[dh])")
_BETWEEN_PARAGRAPHS = re.compile(r"</p>(?!(?:</li>|</[uo]l>)*</t[dh]>|$)")


def _plain(outer: str) -> str:
    plain = _CITE_GROUP.sub("", outer)
    plain = _BETWEEN_PARAGRAPHS.sub(" ", plain)
    plain = _BETWEEN_CELLS.sub("\t", plain)
    plain = _NEWLINES.sub("\n", plain)
    return unescape(_TAG.sub("", plain)).strip(" \n")
