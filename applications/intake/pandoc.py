"""Word and other formats into blocks, through pandoc's JSON.

pandoc runs in its sandbox (it opens no file and fetches nothing), with limits of time and memory. Tracked changes
are accepted. What Word keeps outside the flow of the text (text boxes, margins, comments) is gathered afterwards.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

import pypandoc

from . import refusals
from .blocks import Block, Mark, Run, Runs, in_one_line, merged, stripped
from .files import SafeFile, read_member
from .latex import runs_of_formula
from .report import Code, Finding

SECONDS = 30
MEMORY = "512M"
OUT_OF_MEMORY = 251
"""What a Haskell program exits with when its heap is exhausted."""

DEEPEST = 60
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
FORMULA = "\0"
"""Stands for a formula within a paragraph; no XML can hold it."""

TRACKED = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)\s")

WRITTEN_METADATA = ("title", "subtitle", "author", "date", "abstract", "keywords", "description")
"""What a person wrote; a web page also names its generator and the width of a screen."""

MARKS_OF: dict[str, Mark] = {
    "Emph": "em",
    "Strong": "strong",
    "Superscript": "sup",
    "Subscript": "sub",
}
NO_MARKS: frozenset[Mark] = frozenset()


def read_document(file: SafeFile) -> tuple[list[Block], list[Finding]]:
    """Return the blocks of a document, and what was accepted, set apart or left out. Raises ``IntakeRefused``."""
    reader = _Reader()
    tree = _ast(file)
    blocks = [*reader.metadata(tree.get("meta", {})), *reader.blocks(tree.get("blocks", ()))]
    findings = reader.findings
    if file.format == "docx":
        outside, more = _outside_the_flow(file.data, blocks + reader.notes)
        findings = [*findings, *more]
        reader.notes += outside
    return [*blocks, *reader.notes], findings


def _ast(file: SafeFile) -> dict[str, Any]:
    command = [
        pypandoc.get_pandoc_path(),
        "+RTS",
        f"-M{MEMORY}",
        "-RTS",
        "--sandbox",
        f"--from={file.format}",
        "--to=json",
    ]
    if file.format == "docx":
        command.append("--track-changes=accept")
    data = file.data if file.format != "html" else file.text.encode("utf-8", errors="replace")
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise refusals.TookTooLong() from error
    if done.returncode == OUT_OF_MEMORY or done.returncode < 0:
        raise refusals.TookTooLong()
    if done.returncode:
        raise refusals.CorruptFile()
    try:
        return json.loads(done.stdout)
    except (ValueError, RecursionError) as error:
        raise refusals.CorruptFile() from error


class _Reader:
    """Walks pandoc's tree once. ``notes`` are the footnotes, as paragraphs to be set apart."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.notes: list[Block] = []
        self.count = 0

    def metadata(self, meta: dict[str, Any]) -> Iterator[Block]:
        """What pandoc takes from paragraphs of the styles Title, Subtitle, Author and so on: it belongs to the head."""
        for key in WRITTEN_METADATA:
            if key in meta:
                yield from self.meta_value(meta[key])

    def meta_value(self, value: dict[str, Any]) -> Iterator[Block]:
        content: Any = value.get("c")
        match value["t"]:
            case "MetaInlines":
                yield from self.leaf("paragraph", content)
            case "MetaBlocks":
                yield from self.blocks(content)
            case "MetaString":
                yield from self.plain(content)
            case "MetaList":
                for entry in content:
                    yield from self.meta_value(entry)
            case "MetaMap":
                for entry in content.values():
                    yield from self.meta_value(entry)

    def blocks(self, nodes: Iterable[dict[str, Any]], level: int = 0, depth: int = 0) -> Iterator[Block]:
        if depth > DEEPEST:
            raise refusals.TookTooLong()
        for node in nodes:
            content: Any = node.get("c")
            match node["t"]:
                case "Para" | "Plain":
                    yield from self.leaf("paragraph", content)
                case "Header":
                    yield from self.leaf("heading", content[2], content[0])
                case "LineBlock":
                    for line in content:
                        yield from self.leaf("paragraph", line)
                case "CodeBlock":
                    yield from self.plain(content[1])
                case "RawBlock":
                    yield from self.plain(content[1])
                case "BlockQuote":
                    yield from self.blocks(content, level, depth + 1)
                case "Div":
                    yield from self.blocks(content[1], level, depth + 1)
                case "Figure":
                    yield from self.blocks(content[1][1], level, depth + 1)
                    yield from self.blocks(content[2], level, depth + 1)
                case "BulletList":
                    for item in content:
                        yield from self.item(item, level + 1, None, depth)
                case "OrderedList":
                    for number, item in enumerate(content[1], start=content[0][0]):
                        yield from self.item(item, level + 1, number, depth)
                case "DefinitionList":
                    for term, meanings in content:
                        yield from self.leaf("paragraph", term)
                        for meaning in meanings:
                            yield from self.blocks(meaning, level, depth + 1)
                case "Table":
                    yield from self.table(content, depth)

    def leaf(self, kind: Any, inlines: Any, level: int = 1, number: int | None = None) -> Iterator[Block]:
        self.count += 1
        line = self.count
        runs = stripped(merged(self.runs(inlines, NO_MARKS, "", line)))
        if runs:
            yield Block(kind, runs, line, level, number)

    def plain(self, text: str) -> Iterator[Block]:
        for line in text.splitlines():
            self.count += 1
            if line.strip():
                yield Block("paragraph", (Run(line.strip()),), self.count)

    def item(self, nodes: list[dict[str, Any]], level: int, number: int | None, depth: int) -> Iterator[Block]:
        """An item is its first paragraph; what follows in it stands behind it."""
        level = min(level, 6)
        if nodes and nodes[0]["t"] in ("Para", "Plain"):
            yield from self.leaf("item", nodes[0]["c"], level, number)
            nodes = nodes[1:]
        yield from self.blocks(nodes, level, depth + 1)

    def table(self, content: list[Any], depth: int) -> Iterator[Block]:
        _, caption, _, head, bodies, foot = content
        yield from self.blocks(caption[1], depth=depth + 1)
        self.count += 1
        line = self.count
        head_rows = head[1]
        rows = [*head_rows]
        for body in bodies:
            rows += [*body[2], *body[3]]
        rows += foot[1]
        cells = tuple(tuple(self.cell(cell[4], line, depth) for cell in row[1]) for row in rows)
        if any(map(any, cells)):
            yield Block("table", rows=cells, line=line, has_header=bool(head_rows))

    def cell(self, nodes: list[dict[str, Any]], line: int, depth: int) -> Runs:
        """The words of a cell in one piece; its paragraphs are parted by a line break."""
        runs: list[Run] = []
        for block in self.blocks(nodes, depth=depth + 1):
            pieces = [block.runs] if block.kind != "table" else [cell for row in block.rows for cell in row]
            for piece in pieces:
                if runs:
                    runs.append(Run("\n"))
                if block.number is not None:
                    runs.append(Run(f"{block.number}. "))
                runs += piece
        self.count = line
        return merged(runs)

    def runs(
        self, nodes: Iterable[dict[str, Any]], marks: frozenset[Mark], href: str, line: int, depth: int = 0
    ) -> Iterator[Run]:
        if depth > DEEPEST:
            raise refusals.TookTooLong()
        for node in nodes:
            kind: str = node["t"]
            content: Any = node.get("c")
            match kind:
                case "Str":
                    yield Run(content, marks, href)
                case "Space" | "SoftBreak":
                    yield Run(" ", marks, href)
                case "LineBreak":
                    yield Run("\n", marks, href)
                case "Emph" | "Strong" | "Superscript" | "Subscript":
                    yield from self.runs(content, marks | {MARKS_OF[kind]}, href, line, depth + 1)
                case "Underline" | "Strikeout" | "SmallCaps":
                    yield from self.runs(content, marks, href, line, depth + 1)
                case "Span":
                    yield from self.runs(content[1], marks, href, line, depth + 1)
                case "Quoted":
                    opening, closing = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
                    yield Run(opening, marks, href)
                    yield from self.runs(content[1], marks, href, line, depth + 1)
                    yield Run(closing, marks, href)
                case "Cite":
                    yield from self.runs(content[1], marks, href, line, depth + 1)
                case "Code" | "RawInline":
                    yield Run(content[1], marks, href)
                case "Math":
                    self.findings.append(Finding(code="formula", line=line, words=content[1]))
                    yield from runs_of_formula(content[1], marks)
                case "Link":
                    target = content[2][0]
                    is_web = target.startswith(("http://", "https://", "mailto:"))
                    yield from self.runs(content[1], marks, target if is_web else href, line, depth + 1)
                case "Image":
                    words = " ".join(run.text for run in self.runs(content[1], NO_MARKS, "", line, depth + 1))
                    self.findings.append(Finding(code="picture", line=line, words=" ".join(words.split())))
                case "Note":
                    self.note(content, line)

    def note(self, nodes: list[dict[str, Any]], line: int) -> None:
        for block in self.blocks(nodes):
            self.set_apart("note", block)

    def set_apart(self, code: Code, block: Block) -> None:
        self.findings.append(Finding(code=code, line=block.line, words=block.words, section="unplaced"))
        self.notes.append(Block("apart", block.runs, block.line, rows=block.rows, has_header=block.has_header))


def _outside_the_flow(data: bytes, blocks: list[Block]) -> tuple[list[Block], list[Finding]]:
    """Paragraphs of a Word file that the text does not hold, and whether changes were tracked."""
    held = _letters(" ".join(block.text for block in blocks))
    found: list[Block] = []
    findings: list[Finding] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            code = _kind_of_part(name)
            if not code:
                continue
            xml = read_member(archive, name)
            if code == "not_in_text" and TRACKED.search(xml):
                findings.append(Finding(code="tracked_changes"))
            for words in _passages(xml):
                letters = _letters(words)
                if letters and not letters.isdigit() and letters not in held:
                    held += letters
                    runs = in_one_line((Run(words),))
                    found.append(Block("apart", runs))
                    findings.append(Finding(code=code, words=" ".join(words.split()), section="unplaced"))
    return found, findings


def _kind_of_part(name: str) -> Code | None:
    if name == "word/document.xml":
        return "not_in_text"
    if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
        return "margin"
    return "comment" if name == "word/comments.xml" else None


def _passages(xml: bytes) -> Iterator[str]:
    """The text of each paragraph, cut at its formulas, of which pandoc makes another text."""
    try:
        # Document types and entities were refused when the file was opened.
        root = ElementTree.fromstring(xml)  # noqa: S314
    except ElementTree.ParseError as error:
        raise refusals.CorruptFile() from error
    for paragraph in root.iter(f"{WORD}p"):
        yield from "".join(_texts(paragraph)).split(FORMULA)


def _texts(element: ElementTree.Element, depth: int = 0) -> Iterator[str]:
    """The words of a paragraph; what a tracked change deleted is gone."""
    if depth > DEEPEST:
        return
    for child in element:
        if child.tag == f"{WORD}t":
            yield child.text or ""
        elif child.tag in (f"{WORD}tab", f"{WORD}br"):
            yield " "
        elif child.tag.startswith(MATH):
            yield FORMULA
        elif child.tag not in (f"{WORD}p", f"{WORD}del", f"{WORD}moveFrom"):
            # A paragraph within a paragraph is a text box and is met on its own.
            yield from _texts(child, depth + 1)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
