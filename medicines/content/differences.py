"""What differs between two documents: blocks with their words marked, facts and rows with before and after.

One comparison serves the drafting desk, the redline that is shown when a correction is signed, and the public "what
changed" between two versions. ``marked_html`` shows changed words in ``<ins>`` and ``<del>``; templates add words for
what is added, removed or moved, so that nothing rests on colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape, unescape
from itertools import pairwise, zip_longest
from typing import Any, Literal, NamedTuple

from django.utils.functional import lazy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from medicines.content import labels, richtext
from medicines.content.citations import Numbering
from medicines.content.evidence import typographic
from medicines.content.labels import Words
from medicines.content.merge import moved_keys, words_of
from medicines.content.references import plain_reference
from medicines.content.schema import (
    SECTION_KEYS,
    Content,
    Cost,
    DraftContent,
    Facts,
    Finding,
    Formulation,
    Narrative,
    Placement,
    Reference,
)

Kind = Literal["same", "added", "removed", "changed"]
Side = Literal["same", "added", "removed"]

SIMILAR = 0.5
"""Blocks without a common id are taken for one text, edited, when at least this share of their words is the same."""

LONGEST = 4_000_000
"""Above so many pairs of words a block is shown as replaced: nobody reads such a mixture, and it would take seconds."""


# --- what a comparison says


@dataclass(frozen=True)
class Run:
    """A stretch of words of one kind, as safe HTML."""

    side: Side
    html: SafeString
    words: int = 0


@dataclass(frozen=True)
class BlockChange:
    """One block. ``is_moved``: it stands elsewhere, whatever its words. ``form`` is what it was and what it is
    ("Paragraph", "Bulleted list"), where that changed. ``moved_from`` is the section that it came from, if another.
    """

    kind: Kind
    id: str
    tag: str
    runs: tuple[Run, ...] = ()
    table: SafeString | None = None
    is_moved: bool = False
    moved_from: Words = ""
    form: tuple[Words, Words] | None = None
    depth: int = 0

    @property
    def is_change(self) -> bool:
        return self.kind != "same" or self.is_moved


@dataclass(frozen=True)
class SectionChange:
    key: str
    title: Words
    blocks: tuple[BlockChange, ...]

    @property
    def is_change(self) -> bool:
        return any(block.is_change for block in self.blocks)


@dataclass(frozen=True)
class FieldChange:
    """One field: ``before`` and ``after`` are words; ``None`` where the field, or its row, was not there."""

    label: Words
    before: str | None
    after: str | None
    runs: tuple[Run, ...] = ()

    @property
    def kind(self) -> Kind:
        if self.before == self.after:
            return "same"
        return "added" if not self.before else "removed" if not self.after else "changed"


@dataclass(frozen=True)
class RowChange:
    """A reference, a finding or a cost: ``label`` names it, ``fields`` are those that differ."""

    kind: Kind
    id: str
    label: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class FactsChange:
    """The facts of one proposal, or of a version; ``fields`` are those that differ."""

    kind: Kind
    key: str
    title: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Comparison:
    """All that differs. Sections hold every block, rows and fields only the changed ones.

    ``is_empty`` means that the two documents say exactly the same; ``layout_changed`` that they differ in nothing but
    how lists and quotations are laid out.
    """

    is_empty: bool
    sections: tuple[SectionChange, ...] = ()
    facts: tuple[FactsChange, ...] = ()
    findings: tuple[RowChange, ...] = ()
    costs: tuple[RowChange, ...] = ()
    references: tuple[RowChange, ...] = ()
    language: FieldChange | None = None
    words_added: int = 0
    words_removed: int = 0

    @property
    def changed_sections(self) -> tuple[SectionChange, ...]:
        return tuple(section for section in self.sections if section.is_change)

    @property
    def layout_changed(self) -> bool:
        shown = (self.changed_sections, self.facts, self.findings, self.costs, self.references, self.language)
        return not self.is_empty and not any(shown)


Document = DraftContent | Content


def compare(old: Document, new: Document) -> Comparison:
    """Compare two drafts, or two published contents, in the words of the language that is active.

    Blocks are matched by id, wherever they stand, and those left over by their words. A citation counts as changed when
    it points at another reference, not when its number moved.
    """
    before, after = _Side(old.narrative), _Side(new.narrative)
    sections = tuple(_sections(before, after))
    if _said(old) == _said(new):
        return Comparison(is_empty=True, sections=sections)
    facts = tuple(_facts(old, new))
    findings = tuple(_rows(before, after, before.narrative.findings, after.narrative.findings, _finding_cells))
    costs = tuple(_rows(before, after, before.narrative.costs, after.narrative.costs, _cost_cells))
    references = tuple(_rows(before, after, before.narrative.references, after.narrative.references, _reference_cells))
    language = _field(gettext_lazy("Language"), old.narrative.language, new.narrative.language)
    runs = [run for section in sections for block in section.blocks for run in block.runs]
    fields = [entry for change in facts for entry in change.fields]
    fields += [entry for change in (*findings, *costs, *references) for entry in change.fields]
    runs += [run for entry in fields for run in entry.runs]
    return Comparison(
        is_empty=False,
        sections=sections,
        facts=facts,
        findings=findings,
        costs=costs,
        references=references,
        language=language if language.kind != "same" else None,
        words_added=sum(run.words for run in runs if run.side == "added"),
        words_removed=sum(run.words for run in runs if run.side == "removed"),
    )


def marked_html(change: BlockChange | FieldChange) -> SafeString:
    """The words of a change with ``<ins>`` and ``<del>`` around what is new and what is gone, safe to print.

    A block comes in its own element, a table as one table with its cells marked, a field without an element.
    """
    if isinstance(change, BlockChange) and change.table is not None:
        return change.table
    html = _marked(change.runs)
    if isinstance(change, BlockChange):
        html = f"<{change.tag}>{html}</{change.tag}>"
    return mark_safe(html)  # noqa: S308  runs are made of escaped words and our own tags


def _said(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.to_dict().items() if name != "salt"}


# --- words

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_WORD = re.compile(
    r"[\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # one by one
    r"|[-+\u2212]?\d+(?:[.,\u00b7]\d+)*%?"
    r"|(?:[^\W\d]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d])+(?:['’](?=\w)\w+)?"
    r"|\s+|.",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'="([^"]*)"')


class _Token(NamedTuple):
    """A word, a space, a sign or an object, with its marks; equal tokens read the same."""

    text: str
    marks: tuple[str, ...] = ()
    object: tuple[str, str] = ("", "")

    @property
    def is_word(self) -> bool:
        return bool(self.object[0]) or any(character.isalnum() for character in self.text)


class _Side:
    """One of the two narratives, with what its citations and figures read as."""

    def __init__(self, narrative: Narrative):
        self.narrative = narrative
        self.numbering = Numbering(narrative)
        self.references = {reference.id: reference for reference in reversed(narrative.references)}
        self.findings = {finding.id: finding for finding in reversed(narrative.findings)}
        self._shapes: dict[str, Counter[Any]] = {}
        self.blocks: dict[str, list[richtext.Block]] = {}
        for section in narrative.sections:
            self.blocks.setdefault(section.key, []).extend(richtext.blocks(section.html))

    def shape(self, block: richtext.Block) -> Counter[Any]:
        """How often each word, and each pair of neighbours, stands in a block."""
        if block.id not in self._shapes:
            words = [self.sense(token) for token in self.tokens(block.html) if token.is_word]
            self._shapes[block.id] = Counter([*words, *pairwise(words)])
        return self._shapes[block.id]

    def tokens(self, html: str) -> list[_Token]:
        """The words of a piece of sanitised text, in reading order."""
        found: list[_Token] = []
        marks: list[str] = []
        position = 0
        for tag in _TAG.finditer(html):
            found.extend(_words(html[position : tag.start()], tuple(marks)))
            position = tag.end()
            closing, name, attributes = tag.groups()
            if name == "br":
                found.append(_Token("", object=("br", "")))
            elif name in ("cite", "data"):
                if not closing:
                    found.append(_Token("", object=(name, _ATTRIBUTE.findall(attributes)[0])))
            elif name in ("a", "strong", "em", "sub", "sup"):
                if closing:
                    marks.pop()
                else:
                    marks.append(tag[0])
        found.extend(_words(html[position:], tuple(marks)))
        return found

    def sense(self, token: _Token) -> tuple[Any, ...]:
        """What makes two tokens the same: a citation is its reference, whatever its id or number."""
        kind, target = token.object
        if kind == "cite":
            reference = self.references.get(target)
            return (kind, repr(sorted(reference.csl.items())) if reference and reference.csl else target)
        if kind == "data":
            finding = self.findings.get(target)
            return (kind, target, finding.estimate if finding else None)
        return token

    def html(self, tokens: Sequence[_Token], after: str = "") -> str:
        """Tokens as safe HTML; ``after`` is the text that stands before them."""
        out: list[str] = []
        opened: tuple[str, ...] = ()
        index = 0
        while index < len(tokens):
            token = tokens[index]
            shared = 0
            while shared < min(len(opened), len(token.marks)) and opened[shared] == token.marks[shared]:
                shared += 1
            out.extend(_closing(mark) for mark in reversed(opened[shared:]))
            out.extend(token.marks[shared:])
            opened = token.marks
            if token.object[0] == "cite":
                group = []
                while index < len(tokens) and tokens[index].object[0] == "cite":
                    group.append(f'<cite data-ref="{tokens[index].object[1]}"></cite>')
                    index += 1
                before = out[-1] if out else after
                out.append("" if not before or before[-1:].isspace() or before[-1] in "(（" else " ")
                out.append(self.numbering.written("".join(group)))
                continue
            if token.object[0] == "br":
                out.append("<br>")
            elif token.object[0] == "data":
                finding = self.findings.get(token.object[1])
                out.append(escape(typographic(finding.estimate)) if finding else "?")
            else:
                out.append(escape(token.text, quote=False))
            index += 1
        out.extend(_closing(mark) for mark in reversed(opened))
        return "".join(out)


def _words(html: str, marks: tuple[str, ...]) -> Iterator[_Token]:
    for word in _WORD.findall(unescape(html)):
        yield _Token(word, marks)


def _closing(mark: str) -> str:
    return f"</{mark[1:-1].split(' ')[0]}>"


def _runs(before: _Side, old: Sequence[_Token], after: _Side, new: Sequence[_Token]) -> tuple[Run, ...]:
    """Two texts as stretches: what is gone stands before what came in its place."""
    pieces: list[tuple[Side, Sequence[_Token]]] = []
    for gone, come, is_same in _stretches(before, old, after, new):
        if is_same:
            pieces.append(("same", come))
        else:
            pieces.extend([("removed", gone), ("added", come)])
    runs: list[Run] = []
    last = {"removed": "", "added": ""}
    for side, tokens in pieces:
        if tokens:
            source = "removed" if side == "removed" else "added"
            html = (before if side == "removed" else after).html(tokens, last[source])
            runs.append(Run(side, mark_safe(html), sum(token.is_word for token in tokens)))  # noqa: S308  escaped
            for each in ("removed", "added") if side == "same" else (source,):
                last[each] = tokens[-1].text or " "
    return tuple(runs)


def _stretches(
    before: _Side, old: Sequence[_Token], after: _Side, new: Sequence[_Token]
) -> list[tuple[list[_Token], list[_Token], bool]]:
    a, b = [before.sense(token) for token in old], [after.sense(token) for token in new]
    if len(a) * len(b) > LONGEST and a != b:
        return [(list(old), list(new), False)]
    found: list[tuple[list[_Token], list[_Token], bool]] = []
    operations = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for index, (kind, i1, i2, j1, j2) in enumerate(operations):
        gone, come = list(old[i1:i2]), list(new[j1:j2])
        is_same = kind == "equal"
        # A space or a comma alone between two changes is no landmark for a reader: it joins them.
        inner = 0 < index < len(operations) - 1
        if is_same and inner and not any(token.is_word for token in come):
            is_same = False
        if found and not is_same and not found[-1][2]:
            found[-1][0].extend(gone)
            found[-1][1].extend(come)
        else:
            found.append((gone, come, is_same))
    return found


def _whole(side: _Side, tokens: Sequence[_Token], kind: Side) -> tuple[Run, ...]:
    if not tokens:
        return ()
    html = mark_safe(side.html(tokens))  # noqa: S308  escaped
    return (Run(kind, html, sum(token.is_word for token in tokens)),)


def _marked(runs: Iterable[Run]) -> str:
    tags = {"same": "", "added": "ins", "removed": "del"}
    return "".join(f"<{tag}>{run.html}</{tag}>" if (tag := tags[run.side]) else run.html for run in runs)


# --- blocks


FORMS: dict[str, Words] = {
    "p": gettext_lazy("Paragraph"),
    "h3": gettext_lazy("Heading"),
    "h4": gettext_lazy("Sub-heading"),
    "ul": gettext_lazy("Bulleted list"),
    "ol": gettext_lazy("Numbered list"),
    "blockquote": gettext_lazy("Quotation"),
    "table": gettext_lazy("Table"),
}


class _Pair(NamedTuple):
    old: richtext.Block | None
    new: richtext.Block | None
    is_moved: bool = False
    moved_from: Words = ""


def _sections(before: _Side, after: _Side) -> Iterator[SectionChange]:
    partners = _partners(before, after)
    old_home = {block.id: key for key, blocks in before.blocks.items() for block in blocks}
    old_block = {block.id: block for blocks in before.blocks.values() for block in blocks}
    gone = set(old_home) - set(partners.values())
    for key in (*SECTION_KEYS, "unplaced"):
        old, new = before.blocks.get(key, []), after.blocks.get(key, [])
        if not old and not new:
            continue
        old_ids = [block.id for block in old]
        moved = moved_keys(old_ids, [partners[block.id] for block in new if block.id in partners])
        pairs: list[_Pair] = []
        places: dict[str, int] = {}
        for block in new:
            partner = partners.get(block.id)
            if partner is None:
                pairs.append(_Pair(None, block))
            elif old_home[partner] != key:
                pairs.append(_Pair(old_block[partner], block, True, labels.SECTIONS[old_home[partner]]))
            else:
                pairs.append(_Pair(old_block[partner], block, partner in moved))
        # What is gone is shown behind what stood before it.
        for index, block in enumerate(old):
            if block.id in gone:
                places = {pair.old.id: at for at, pair in enumerate(pairs) if pair.old and not pair.is_moved}
                at = next((places[i] + 1 for i in reversed(old_ids[:index]) if i in places), 0)
                pairs.insert(at, _Pair(block, None))
        yield SectionChange(key, labels.SECTIONS[key], tuple(_block(before, after, pair) for pair in pairs))


def _partners(before: _Side, after: _Side) -> dict[str, str]:
    """For each block of the new text the id of the old block that it was: by id, else by its words."""
    old = {block.id: block for blocks in before.blocks.values() for block in blocks}
    new = {block.id: block for blocks in after.blocks.values() for block in blocks}
    partners = {block_id: block_id for block_id in new if block_id in old}
    for key, blocks in after.blocks.items():
        left = [block for block in before.blocks.get(key, []) if block.id not in new]
        for block in blocks:
            if block.id in partners or not left:
                continue
            likeness = [_likeness(before, candidate, after, block) for candidate in left]
            best = max(likeness)
            if best >= SIMILAR:
                partners[block.id] = left.pop(likeness.index(best)).id
    return partners


def _likeness(before: _Side, old: richtext.Block, after: _Side, new: richtext.Block) -> float:
    """The share of words, and of neighbouring pairs of words, that two blocks have in common: from 0 to 1."""
    if (old.tag == "table") != (new.tag == "table"):
        return 0
    a, b = before.shape(old), after.shape(new)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else float(old.tag == new.tag)


def _block(before: _Side, after: _Side, pair: _Pair) -> BlockChange:
    block = pair.new or pair.old
    if block is None:
        raise ValueError("a pair without blocks")
    old, new = pair.old, pair.new
    form = (FORMS[_form(old)], FORMS[_form(new)]) if old and new and _form(old) != _form(new) else None
    table: SafeString | None = None
    if "table" in ((old.tag if old else ""), (new.tag if new else "")):
        runs, table = _table(before, old, after, new)
    elif old is None or new is None:
        side = after if new else before
        runs = _whole(side, side.tokens(block.html), "added" if new else "removed")
    else:
        runs = _runs(before, before.tokens(old.html), after, after.tokens(new.html))
    kind: Kind = "removed" if new is None else "added" if old is None else "changed"
    if old and new and form is None and all(run.side == "same" for run in runs):
        kind = "same"
    return BlockChange(
        kind=kind,
        id=block.id,
        tag=block.tag,
        runs=runs,
        table=table,
        is_moved=pair.is_moved,
        moved_from=pair.moved_from,
        form=form,
        depth=sum(tag == "li" for tag, _ in block.path),
    )


def _form(block: richtext.Block) -> str:
    tags = [tag for tag, _ in block.path]
    return next((tag for tag in reversed(tags) if tag in ("ul", "ol", "blockquote")), block.tag)


# --- tables

_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[dh])([^>]*)>(.*?)</\1>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_HEAD = re.compile(r"<thead>(.*?)</thead>", re.DOTALL)
_PARTED = re.compile(r"</(?:p|li)>(?:</?(?:ul|ol|li)>)*<(?:p|li)>|</p><[uo]l><li><p>")
_LAID_OUT = re.compile(r"</?(?:p|ul|ol|li)>")


class _Cell(NamedTuple):
    tag: str
    attributes: str
    html: str


def _grid(block: richtext.Block | None) -> tuple[str, list[list[_Cell]], int]:
    """The caption, the rows, and how many of them are the head."""
    if block is None or block.tag != "table":
        rows = [[_Cell("td", "", _inner(block.html))]] if block else []
        return "", rows, 0
    caption, head = _CAPTION.search(block.html), _HEAD.search(block.html)
    rows = [[_Cell(*cell) for cell in _CELL.findall(row)] for row in _ROW.findall(block.html)]
    return (caption[1] if caption else ""), rows, len(_ROW.findall(head[1])) if head else 0


def _inner(html: str) -> str:
    return html[html.index(">") + 1 : html.rindex("</")]


def _table(
    before: _Side, old: richtext.Block | None, after: _Side, new: richtext.Block | None
) -> tuple[tuple[Run, ...], SafeString]:
    """A table with its cells marked, and all its stretches for the counting of words."""
    old_caption, old_rows, old_head = _grid(old)
    new_caption, new_rows, new_head = _grid(new)
    runs: list[Run] = []

    def cell(old_html: str | None, new_html: str | None) -> str:
        a, b = _cell_tokens(before, old_html or ""), _cell_tokens(after, new_html or "")
        if new_html is None:
            found = _whole(before, a, "removed")
        else:
            found = _whole(after, b, "added") if old_html is None else _runs(before, a, after, b)
        runs.extend(found)
        return _marked(found)

    caption = cell(old_caption if old else None, new_caption if new else None)
    head: list[str] = []
    body: list[str] = []
    for of_old, of_new in _row_pairs(before, old_rows, after, new_rows):
        shown = of_new if of_new is not None else of_old or []
        cells = []
        for at, entry in enumerate(shown):
            old_html = of_old[at].html if of_old is not None else None
            new_html = of_new[at].html if of_new is not None else None
            cells.append(f"<{entry.tag}{entry.attributes}>{cell(old_html, new_html)}</{entry.tag}>")
        is_head = any(of_new is row for row in new_rows[:new_head]) or (
            of_new is None and any(of_old is row for row in old_rows[:old_head])
        )
        # A table has one head: what follows the first row of the body is body.
        (head if is_head and not body else body).append(f"<tr>{''.join(cells)}</tr>")
    html = (
        "<table>"
        + (f"<caption>{caption}</caption>" if caption else "")
        + (f"<thead>{''.join(head)}</thead>" if head else "")
        + (f"<tbody>{''.join(body)}</tbody>" if body else "")
        + "</table>"
    )
    return tuple(runs), mark_safe(html)  # noqa: S308  cells are escaped, tags come from the sanitised table


def _cell_tokens(side: _Side, html: str) -> list[_Token]:
    return side.tokens(_LAID_OUT.sub("", _PARTED.sub("<br>", html)))


Rows = list[tuple[list[_Cell] | None, list[_Cell] | None]]


def _row_pairs(before: _Side, old: list[list[_Cell]], after: _Side, new: list[list[_Cell]]) -> Rows:
    """Rows that belong together. Cells over several rows, and rows of unlike width, are not taken apart."""
    if any("rowspan" in cell.attributes for row in (*old, *new) for cell in row):
        if [len(row) for row in old] == [len(row) for row in new]:
            return list(zip(old, new, strict=True))
        return [*((row, None) for row in old), *((None, row) for row in new)]
    senses_of_old = [_row_sense(before, row) for row in old]
    senses_of_new = [_row_sense(after, row) for row in new]
    pairs: Rows = []
    for i1, i2, j1, j2 in _aligned(senses_of_old, senses_of_new):
        # Among changed rows those that begin alike belong together.
        gone, come = senses_of_old[i1:i2], senses_of_new[j1:j2]
        for k1, k2, l1, l2 in _aligned([sense[:1] for sense in gone], [sense[:1] for sense in come]):
            for of_old, of_new in zip_longest(old[i1 + k1 : i1 + k2], new[j1 + l1 : j1 + l2]):
                if of_old is not None and of_new is not None and len(of_old) != len(of_new):
                    pairs.extend([(of_old, None), (None, of_new)])
                else:
                    pairs.append((of_old, of_new))
    return pairs


def _row_sense(side: _Side, row: list[_Cell]) -> tuple[Any, ...]:
    return tuple(tuple(side.sense(token) for token in _cell_tokens(side, cell.html)) for cell in row)


def _aligned(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int, int, int, int]]:
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield i1, i2, j1, j2


# --- facts

Cells = Mapping[Any, tuple[Words, str]]


def _facts(old: Document, new: Document) -> Iterator[FactsChange]:
    before, after = _facts_by_key(old), _facts_by_key(new)
    for key in dict.fromkeys([*after, *before]):
        of_old, of_new = before.get(key), after.get(key)
        fields = tuple(_fields(*_facts_cells(of_old, of_new)))
        facts = of_new or of_old
        if fields and facts:
            kind: Kind = "added" if of_old is None else "removed" if of_new is None else "changed"
            title = " – ".join(filter(None, (facts.medicine, facts.indication)))
            yield FactsChange(kind, key, title, fields)


def _facts_by_key(document: Document) -> dict[str, Facts]:
    if isinstance(document, DraftContent):
        return {proposal.key: proposal.facts for proposal in document.proposals}
    return {"": document.facts}


ROW_IDENTITY: dict[str, Callable[[Any], Any]] = {
    "links": lambda link: (link.site, link.title),
    "history": lambda entry: (entry.event, entry.year),
}


def _facts_cells(old: Facts | None, new: Facts | None) -> tuple[Cells, Cells]:
    """Both sets of facts as labelled words, under keys that match where the two speak of the same thing."""
    cells: tuple[dict[Any, tuple[Words, str]], dict[Any, tuple[Words, str]]] = ({}, {})
    sides = [(facts, found) for facts, found in zip((old, new), cells, strict=True) if facts]
    for name in Facts.model_fields:
        for facts, found in sides:
            value = getattr(facts, name)
            if name not in ("placements", "links", "history"):
                found[name] = (labels.FACTS[name], words_of(value, name))
        if name == "placements":
            _placement_cells(old.placements if old else (), new.placements if new else (), *cells)
        elif name in ("links", "history"):
            rows = [getattr(facts, name) if facts else () for facts in (old, new)]
            for side, key, row in _matched(*rows, identity=ROW_IDENTITY[name]):
                cells[side][(name, key)] = (labels.FACTS[name], words_of(row))
    return cells


def _placement_cells(
    old: Sequence[Placement], new: Sequence[Placement], before: dict[Any, Any], after: dict[Any, Any]
) -> None:
    several = len(old) > 1 or len(new) > 1
    by_key: dict[Any, list[tuple[Formulation, ...]]] = {}
    for side, key, placement in _matched(old, new, identity=lambda placement: placement.section):
        found = (before, after)[side]
        where = _section_name(placement) if several else ""
        found[("placements", key, "section")] = (labels.FACTS["section"], _section_words(placement))
        for name in ("eml", "emlc", "unnamed_list"):
            label = _in_section(labels.FACTS[name], where)
            found[("placements", key, name)] = (label, words_of(getattr(placement, name), name))
        by_key.setdefault(key, [(), ()])[side] = placement.formulations
    for key, (gone, come) in by_key.items():
        for side, line, formulation in _matched(gone, come, identity=lambda formulation: formulation):
            (before, after)[side][("placements", key, "formulations", line)] = (
                labels.FACTS["formulations"],
                formulation_words(formulation),
            )


def _matched(
    old: Sequence[Any], new: Sequence[Any], *, identity: Callable[[Any], Any]
) -> Iterator[tuple[int, Any, Any]]:
    """Each row as (side, key, row): rows of one identity share a key, and so do those left over, in their order."""
    keys: list[list[Any]] = [[], []]
    for side, rows in enumerate((old, new)):
        for row in rows:
            key = (repr(identity(row)), 1)
            while key in keys[side]:
                key = (key[0], key[1] + 1)
            keys[side].append(key)
    left = [[key for key in keys[side] if key not in keys[1 - side]] for side in (0, 1)]
    same = dict(zip(left[1], left[0], strict=False))
    for side, rows in enumerate((old, new)):
        for key, row in zip(keys[side], rows, strict=True):
            yield side, same.get(key, key) if side else key, row


def _section_name(placement: Placement) -> str:
    if not placement.section or not placement.section.steps:
        return ""
    leaf = placement.section.leaf
    return leaf.number or leaf.title


def _section_words(placement: Placement) -> str:
    if not placement.section:
        return ""
    steps = " › ".join(" ".join(filter(None, (step.number, step.title))) for step in placement.section.steps)
    return f"{steps} ({placement.section.edition})" if placement.section.edition else steps


def _in_section(label: Words, section: str) -> Words:
    if not section:
        return label
    return lazy(lambda: gettext("%(field)s, section %(section)s") % {"field": label, "section": section}, str)()


def formulation_words(formulation: Formulation) -> str:
    """One formulation as a line: "Oral > solid > tablet: 10 mg; 25 mg (EML, EMLc)"."""
    line = formulation.original
    if formulation.route or formulation.strengths:
        line = ": ".join(filter(None, (" > ".join(formulation.route), "; ".join(formulation.strengths))))
    return f"{line} ({', '.join(formulation.lists)})" if formulation.lists else line


def _fields(before: Cells, after: Cells) -> Iterator[FieldChange]:
    for key in dict.fromkeys([*after, *before]):
        label = (after.get(key) or before[key])[0]
        change = _field(label, before[key][1] if key in before else None, after[key][1] if key in after else None)
        if change.kind != "same" and (change.before or change.after):
            yield change


_NOTHING = _Side(Narrative())


def _field(label: Words, before: str | None, after: str | None) -> FieldChange:
    old, new = (list(_words(escape(words or ""), ())) for words in (before, after))
    return FieldChange(label, before, after, _runs(_NOTHING, old, _NOTHING, new))


# --- rows


def _rows(
    before: _Side, after: _Side, old: Sequence[Any], new: Sequence[Any], cells: Callable[[_Side, Any], Cells]
) -> Iterator[RowChange]:
    """Rows by id; those left over are the same where they read the same."""
    of_old = {row.id: cells(before, row) for row in old}
    of_new = {row.id: cells(after, row) for row in new}
    unmatched = [row_id for row_id in of_old if row_id not in of_new]
    partner: dict[str, str] = {row_id: row_id for row_id in of_new if row_id in of_old}
    for row_id, found in of_new.items():
        if row_id not in partner:
            twin = next((other for other in unmatched if of_old[other] == found), None)
            if twin is not None:
                unmatched.remove(twin)
                partner[row_id] = twin
    for row_id, found in of_new.items():
        fields = tuple(_fields(of_old[partner[row_id]] if row_id in partner else {}, found))
        if row_id not in partner:
            yield RowChange("added", row_id, _label(found), fields)
        elif fields:
            yield RowChange("changed", row_id, _label(found), fields)
    for row_id in unmatched:
        yield RowChange("removed", row_id, _label(of_old[row_id]), tuple(_fields(of_old[row_id], {})))


def _label(cells: Cells) -> str:
    return next((words for _, words in cells.values() if words), "")


def _finding_cells(side: _Side, finding: Finding) -> Cells:
    cells: dict[str, tuple[Words, str]] = {}
    for name, label in labels.FINDING.items():
        value = getattr(finding, name)
        cells[name] = (label, typographic(value) if name in ("estimate", "low", "high") else words_of(value, name))
    cells["reference"] = (labels.FINDING["reference"], _cited_words(side, finding.reference))
    return cells


def _cost_cells(side: _Side, cost: Cost) -> Cells:
    cells = {name: (label, words_of(getattr(cost, name))) for name, label in labels.COST.items()}
    cells["reference"] = (labels.COST["reference"], _cited_words(side, cost.reference))
    return cells


def _cited_words(side: _Side, ref: str) -> str:
    reference = side.references.get(ref)
    return plain_reference(reference.csl, reference.original) if reference else ref


_PRINTED = frozenset({"id", "author", "title", "container-title", "issued", "volume", "issue", "page", "DOI", "URL"})


def _reference_cells(side: _Side, reference: Reference) -> Cells:
    """The reference as it is printed, and what of it is not printed."""
    cells: dict[str, tuple[Words, str]] = {
        "printed": (labels.FINDING["reference"], plain_reference(reference.csl, reference.original))
    }
    for name, value in reference.csl.items():
        if name not in _PRINTED:
            cells[name] = (labels.CSL.get(name, name), words_of(value))
    cells["original"] = (labels.FACTS["original"], reference.original)
    cells["guessed"] = (gettext_lazy("Guessed fields"), words_of(reference.guessed))
    return cells
