"""A dossier in one call: the file is opened, read, sorted into facts, sections and references, and reported on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from medicines.content import richtext
from medicines.content.schema import (
    SECTION_KEYS,
    DraftContent,
    Narrative,
    NarrativeSection,
    Part,
    ProposalFacts,
    Reference,
    SectionKey,
)

from . import refusals
from .blocks import Block, Run, in_one_line, is_all_bold, joined, lines_of, merged, slice_runs, text_of
from .citations import Linker
from .facts import Head
from .files import open_safely
from .headings import Match, Place, match_heading
from .languages import language_of
from .markdown import read_markdown
from .markup import html_of
from .mending import rejoin
from .pandoc import read_document
from .references import (
    authors_named_twice,
    looks_like_reference,
    parse_reference,
    reference_id,
    starts_reference,
    without_number,
)
from .report import Counts, Finding, Report, Unit
from .splits import offered_splits

PAGE_ORDER: tuple[SectionKey, ...] = (*SECTION_KEYS, "unplaced")
LONGEST_BOLD_HEADING = 150
BARE = 1
"""The rank of a heading that has no mark of its rank."""

DEEPER = 6


class Dossier(Part):
    """What a file says, ready to become a draft, and the report on how it was read."""

    title: str
    narrative: Narrative
    proposals: tuple[ProposalFacts, ...]
    report: Report

    @property
    def content(self) -> DraftContent:
        """The draft, without salt."""
        return DraftContent(proposals=self.proposals, narrative=self.narrative)


def read_dossier(
    source: bytes | str | Path,
    filename: str,
    *,
    proposal_key: str = "p1",
    edition: str = "",
) -> Dossier:
    """Read a dossier from bytes or a path. ``filename`` tells the format by its ending.

    The draft has one proposal, under ``proposal_key``; ``edition`` names the edition that the section path is from.
    Every word of the file is in the draft or in the report. Nothing is written and nothing fetched. Raises a subclass
    of ``IntakeRefused`` for a file that cannot be taken in, and nothing else.
    """
    file = open_safely(source, filename)
    if file.format == "markdown":
        blocks, findings = read_markdown(file.text)
    else:
        blocks, findings = read_document(file)
    sorting = _Sorting(Head(edition))
    sorting.sort(blocks)
    if not sorting.sections_found:
        raise refusals.NoSectionFound()
    return _assemble(sorting, findings, file.name, file.format, proposal_key)


@dataclass
class _Sorting:
    """Sorts blocks to the place that the last heading named, and remembers what it took for a heading."""

    head: Head
    placed: list[tuple[SectionKey, Block]] = field(default_factory=list)
    listed: list[Block] = field(default_factory=list)
    recognised: list[Finding] = field(default_factory=list)
    guessed: list[Finding] = field(default_factory=list)
    left_over: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    sections_found: set[SectionKey] = field(default_factory=set)
    place: Place = "facts"
    rank: int = BARE
    waiting: list[Block] = field(default_factory=list)

    def sort(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            for part in self._parted(block):
                self._sort_one(part)
        self._read_head()
        if not self.listed:
            self._take_trailing_list()

    def _parted(self, block: Block) -> Sequence[Block]:
        """A paragraph, cut where one of its lines is a heading."""
        if block.kind != "paragraph" or "\n" not in block.text:
            return (block,)
        lines = lines_of(block)
        if not any(match_heading(line.text, marked=False) for line in lines):
            return (block,)
        groups: list[list[Block]] = []
        heading_before = True
        for line in lines:
            is_heading = bool(match_heading(line.text, marked=False)) and not line.text[:1].islower()
            if is_heading or heading_before:
                groups.append([line])
            else:
                groups[-1].append(line)
            heading_before = is_heading
        return [_with_lines(group) for group in groups]

    def _sort_one(self, block: Block) -> None:
        if block.kind == "apart":
            self.placed.append(("unplaced", replace(block, kind="table" if block.rows else "paragraph")))
            return
        is_bold = block.kind == "paragraph" and len(block.text) <= LONGEST_BOLD_HEADING and is_all_bold(block)
        marked = block.kind == "heading" or is_bold
        match = self._match(block, marked)
        if match:
            self._open(match, block, block.level if block.kind == "heading" else BARE)
        elif marked and self.place not in ("facts", "references"):
            self._sort_sub_heading(block, is_bold)
        elif block.kind == "heading" and self.place == "references":
            self._open_unknown(block)
        else:
            self._put(block)

    def _match(self, block: Block, marked: bool) -> Match | None:
        if block.kind == "table" or (block.kind == "item" and block.number is None):
            return None
        found = match_heading(block.text, marked)
        # A bare line that is wider than a section may be a label or a sentence's remains.
        return None if found and found.how == "near" and not marked and block.number is None else found

    def _open(self, match: Match, block: Block, rank: int) -> None:
        self.place, self.rank = match.place, rank
        if match.place == "references":
            self.recognised.append(Finding(code="references", line=block.line, words=block.words))
            return
        if match.place == "facts":
            self.recognised.append(Finding(code="section", line=block.line, words=block.words))
            return
        self.sections_found.add(match.place)
        heading = Finding(code="section", line=block.line, words=block.words, section=match.place)
        if match.how == "near":
            self.guessed.append(heading.model_copy(update={"code": "heading_mapped"}))
            self._put(Block("heading", block.runs, block.line, BARE))
            return
        self.recognised.append(heading)
        if match.how == "mislabelled":
            detail = {"heading": block.words}
            self.warnings.append(heading.model_copy(update={"code": "heading_mislabelled", "detail": detail}))

    def _sort_sub_heading(self, block: Block, is_bold: bool) -> None:
        if not is_bold and block.level <= self.rank:
            self._open_unknown(block)
            return
        if is_bold:
            self.guessed.append(Finding(code="sub_heading", line=block.line, words=block.words))
        runs = tuple(replace(run, marks=run.marks - {"strong"}) for run in block.runs) if is_bold else block.runs
        deeper = block.level - self.rank > 1 and not is_bold
        self._put(Block("heading", runs, block.line, DEEPER if deeper else BARE))

    def _open_unknown(self, block: Block) -> None:
        self.place, self.rank = "unplaced", block.level
        self.left_over.append(Finding(code="unknown_section", line=block.line, words=block.words, section="unplaced"))
        self._put(Block("heading", block.runs, block.line, BARE))

    def _put(self, block: Block) -> None:
        if self.place == "facts":
            self.waiting.append(block)
            return
        self._read_head()
        if self.place == "references":
            self.listed.append(block)
        else:
            self.placed.append((self.place, block))

    def _read_head(self) -> None:
        self.head.read(self.waiting)
        self.waiting = []

    def _take_trailing_list(self) -> None:
        """A numbered list at the very end whose lines name years is the list of references, heading or no."""
        start = len(self.placed)
        while start and self.placed[start - 1][1].kind == "item" and self.placed[start - 1][1].number is not None:
            start -= 1
        items = [block for _, block in self.placed[start:]]
        if len(items) >= 2 and sum(looks_like_reference(item.text) for item in items) * 5 >= len(items) * 3:
            self.listed = items
            self.placed = self.placed[:start]
            self.guessed.append(Finding(code="references_without_heading", line=items[0].line))


def _with_lines(lines: Sequence[Block]) -> Block:
    """One paragraph of several lines, its line breaks kept."""
    runs = [run for line in lines for run in (Run("\n"), *line.runs)]
    return replace(lines[0], runs=merged(runs[1:]))


@dataclass
class _References:
    """The list of references: entries by the number that the text cites them by."""

    entries: list[Reference] = field(default_factory=list)
    ids: dict[int, str] = field(default_factory=dict)
    recognised: list[Finding] = field(default_factory=list)
    guessed: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    others: list[Block] = field(default_factory=list)


def _read_references(blocks: Iterable[Block]) -> _References:
    found = _References()
    lines: list[tuple[int | None, Block]] = []
    for block in blocks:
        for line in _reference_lines(block):
            number = line.number if line.kind == "item" else starts_reference(line.text)
            if number is not None or (line.kind == "item" and line.level == 1):
                lines.append((number, line))
            elif lines and line.kind == "paragraph" and _goes_on(lines[-1][1], line):
                number, last = lines[-1]
                lines[-1] = (number, replace(last, runs=joined(last.runs, line.runs)))
                found.recognised.append(Finding(code="rejoined", line=line.line, words=line.words))
            else:
                found.others.append(line)
    if not lines:
        # No line has a number: each paragraph is an entry, in the order of the page.
        lines = [(None, block) for block in found.others if block.kind == "paragraph"]
        found.others = [block for block in found.others if block.kind != "paragraph"]
    taken: set[str] = set()
    typed: list[int] = []
    for order, (number, block) in enumerate(lines, start=1):
        _add_reference(found, block, number or order, taken)
        typed.append(number or order)
    if typed != list(range(1, len(typed) + 1)):
        found.warnings.append(Finding(code="reference_numbers", words=", ".join(map(str, typed))))
    return found


def _reference_lines(block: Block) -> Sequence[Block]:
    lines = lines_of(block) if block.kind == "paragraph" else []
    if len(lines) > 1 and all(starts_reference(line.text) for line in lines):
        return lines
    return (replace(block, runs=in_one_line(block.runs)),)


def _goes_on(last: Block, line: Block) -> bool:
    return line.text[:1].islower() or not looks_like_reference(last.text)


def _add_reference(found: _References, block: Block, number: int, taken: set[str]) -> None:
    text = text_of(block.runs)
    runs = block.runs
    if block.kind != "item":
        runs = slice_runs(runs, len(text) - len(without_number(text)), len(text))
    reference = parse_reference(runs, "unnamed")
    reference = reference.model_copy(update={"id": reference_id(reference.csl, taken, number)})
    found.entries.append(reference)
    found.ids.setdefault(number, reference.id)
    entry = Finding(
        code="reference",
        line=block.line,
        words=f"{number}. {reference.original}",
        detail={"reference": number},
    )
    found.recognised.append(entry)
    if reference.guessed:
        code = "issuing_body" if reference.guessed == ("author",) else "reference_fields"
        detail = entry.detail | {"fields": ", ".join(reference.guessed)}
        found.guessed.append(entry.model_copy(update={"code": code, "detail": detail}))
    for author in authors_named_twice(reference.csl):
        detail = entry.detail | {"author": author}
        found.warnings.append(entry.model_copy(update={"code": "author_twice", "detail": detail}))


def _assemble(sorting: _Sorting, findings: list[Finding], filename: str, format: str, proposal_key: str) -> Dossier:
    head = sorting.head
    references = _read_references(sorting.listed)
    recognised = [*head.recognised, *sorting.recognised, *references.recognised]
    left_over = [*head.left_over, *sorting.left_over]
    left_over += [
        Finding(code="not_a_reference", line=block.line, words=block.words, section="unplaced")
        for block in references.others
    ]
    for finding in findings:
        (recognised if finding.code in ("formula", "tracked_changes") else left_over).append(finding)

    linker = Linker(references.ids)
    blocks_of: dict[SectionKey, list[Block]] = {}
    for key, members in _by_section(sorting.placed).items():
        mended, seams = rejoin([_in_lines(block) for block in members])
        recognised += [seam.model_copy(update={"section": key}) for seam in seams]
        blocks_of[key] = [linker.link(block) for block in mended]
    apart = [*map(_as_paragraph, map(_in_lines, head.leftover_blocks)), *map(_in_lines, references.others)]
    blocks_of["unplaced"] = [*apart, *blocks_of.get("unplaced", [])]

    lines: dict[str, int] = {}
    keys = [key for key in PAGE_ORDER if blocks_of.get(key) or (key in sorting.sections_found and key != "unplaced")]
    texts = richtext.unique_blocks([html_of(blocks_of.get(key, []), lines) for key in keys])
    sections = [(key, html) for key, html in zip(keys, texts, strict=True) if html or key != "unplaced"]
    facts = head.facts()
    prose = "\n".join(richtext.text(html) for _, html in sections)
    language = language_of(prose)
    narrative = Narrative(
        language=language,
        sections=tuple(NarrativeSection(key=key, html=html) for key, html in sections),
        references=tuple(references.entries),
    )
    guessed = [*sorting.guessed, *references.guessed, *linker.guessed]
    guessed.append(Finding(code="language", words=language))
    if head.guesses_medicine:
        guessed.append(Finding(code="medicine", words=facts.medicine))
    warnings = [*sorting.warnings, *references.warnings, *linker.warnings, *_warnings(references, linker)]
    if not facts.medicine:
        warnings.append(Finding(code="no_medicine"))
    if not facts.indication:
        warnings.append(Finding(code="no_indication"))
    unit: Unit = "line" if format == "markdown" else "paragraph"
    report = Report(
        filename=filename,
        format=format,
        language=language,
        counts=Counts(
            sections=len([key for key in keys if key != "unplaced"]),
            references=len(references.entries),
            citation_markers=linker.markers,
            citations=len(linker.cited),
            formulations=sum(len(placement.formulations) for placement in facts.placements),
        ),
        recognised=_in_order(recognised, unit),
        guessed=_in_order(guessed, unit),
        left_over=_in_order(left_over, unit),
        warnings=_in_order(warnings, unit),
        splits=tuple(offered_splits(sections, lines)),
    )
    return Dossier(
        title=head.title or facts.medicine,
        narrative=narrative,
        proposals=(ProposalFacts(key=proposal_key, facts=facts),),
        report=report,
    )


def _warnings(references: _References, linker: Linker) -> list[Finding]:
    if not references.entries:
        return [Finding(code="no_references")]
    found = []
    if not linker.is_in_order:
        order = dict.fromkeys(linker.cited)
        found.append(Finding(code="citations_out_of_order", words=", ".join(map(str, order))))
    cited = set(linker.cited)
    for number in references.ids:
        if number not in cited:
            found.append(Finding(code="reference_not_cited", detail={"reference": number}))
    return found


def _by_section(placed: Iterable[tuple[SectionKey, Block]]) -> dict[SectionKey, list[Block]]:
    """The blocks of each section, sections in the order in which the text names them first."""
    found: dict[SectionKey, list[Block]] = {}
    for key, block in placed:
        found.setdefault(key, []).append(block)
    return found


def _in_lines(block: Block) -> Block:
    """Within a block, the line breaks of the source are blanks."""
    if block.kind == "table":
        return replace(block, rows=tuple(tuple(in_one_line(cell) for cell in row) for row in block.rows))
    return replace(block, runs=in_one_line(block.runs))


def _as_paragraph(block: Block) -> Block:
    """A line of the head that was not understood, with the number or rank that it had as plain words."""
    if block.kind == "table":
        return block
    words = block.runs if block.number is None else (Run(f"{block.number}. "), *block.runs)
    return Block("paragraph", tuple(words), block.line)


def _in_order(findings: Iterable[Finding], unit: Unit) -> tuple[Finding, ...]:
    """As they stand in the source; what concerns the document as a whole comes last."""
    ordered = sorted(findings, key=lambda finding: finding.line or sys.maxsize)
    return tuple(finding.model_copy(update={"unit": unit}) for finding in ordered)
