"""Markdown and plain text into blocks.

A reader of our own, because a dossier must not lose a word: what is no certain markup stays as it was typed. There
are no comments, no link definitions and no raw HTML that could swallow text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .blocks import Block, Mark, Run, Runs, merged, stripped
from .latex import runs_of_formula
from .report import Finding

HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*$")
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$|[ \t]*(?:`{3,}|~{3,})[ \t]*$")
ITEM = re.compile(r"([ \t]*)(?:([-*+•◦▪‣–])|(\d{1,9})[.)])(?:[ \t]+(.*)|$)")
QUOTE = re.compile(r"\A {0,3}>[ \t]?(?=[^\W\d_])")
TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
CELL_BREAK = re.compile(r"(?<!\\)\|")

REACH = 2_000
"""How far the end of an emphasis or a link is looked for, so that a hostile text costs no square of its length."""
DEPTH = 6

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
FORMULA = re.compile(r"\$\$([^$]{1,400})\$\$|(?<![\w\\$])\$(?=\S)([^$\n]{0,200}?[^\s$\\])\$(?!\d)")
LINK = re.compile(
    r"!?\[([^\[\]\n]{0,400})\]\(\s*<?((?:[^\s()<>\\]|\\.|\([^\s()]*\)){0,2000})>?(?:\s+\"([^\"\n]*)\")?\s*\)"
)
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>")
SCRIPT = re.compile(r"<(sup|sub)>([^<>]{1,200})</\1>|\^([^\s^]{1,40})\^|(?<!~)~([^\s~]{1,40})~(?!~)", re.IGNORECASE)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
DELIMITERS: tuple[tuple[str, Mark, re.Pattern[str]], ...] = (
    ("**", "strong", re.compile(r"(?<![\s\\])\*\*")),
    ("__", "strong", re.compile(r"(?<![\s\\])__(?![^\W_])")),
    # A single one must be no half of a double one.
    ("*", "em", re.compile(r"(?<![\s\\*])\*(?!\*)")),
    ("_", "em", re.compile(r"(?<![\s\\_])_(?!\w)")),
)
"""What opens emphasis, what it means, and what closes it."""
SPECIAL = re.compile(r"[\\$!\[<^~`&*_]")


def read_markdown(text: str) -> tuple[list[Block], list[Finding]]:
    """Return the blocks of a text, and what was made of its LaTeX."""
    reader = _Reader(re.split(r"\r\n|\r|\n|\f", text))
    return list(reader.blocks()), reader.findings


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = [line.replace("\ufeff", "") for line in lines]
        self.findings: list[Finding] = []
        self.last_number: dict[int, int] = {}

    def blocks(self) -> Iterator[Block]:
        paragraph: list[str] = []
        start = 0
        item: Block | None = None

        def flush() -> Iterator[Block]:
            nonlocal paragraph, item
            if paragraph or item:
                runs = self.inline("\n".join(paragraph), start)
                if stripped(runs):
                    kept = item or Block("paragraph", line=start)
                    yield Block(kept.kind, stripped(runs), start, kept.level, kept.number)
            paragraph, item = [], None

        at = 0
        while at < len(self.lines):
            line, number = self.lines[at], at + 1
            at += 1
            if not line.strip():
                yield from flush()
                continue
            if heading := HEADING.match(line):
                yield from flush()
                yield from self.heading(heading[2] or "", number, len(heading[1]))
                continue
            if paragraph and not item and (underline := UNDERLINE.match(line)) and len(paragraph) == 1:
                text, paragraph = paragraph[0], []
                yield from self.heading(text, start, 1 if underline[1].startswith("=") else 2)
                continue
            if RULE.match(line):
                yield from flush()
                continue
            if "|" in line and at < len(self.lines) and "|" in self.lines[at] and TABLE_RULE.match(self.lines[at]):
                yield from flush()
                end = at + 1
                while end < len(self.lines) and "|" in self.lines[end] and self.lines[end].strip():
                    end += 1
                yield self.table([line, *self.lines[at + 1 : end]], number)
                at = end
                continue
            if (found := ITEM.match(line)) and self.is_item(found, bool(paragraph)):
                yield from flush()
                item = self.item(found)
                start, paragraph = number, [found[4] or ""]
                continue
            if not paragraph and not item:
                start = number
            paragraph.append(QUOTE.sub("", line).strip())
        yield from flush()

    def heading(self, text: str, line: int, level: int) -> Iterator[Block]:
        runs = stripped(self.inline(text, line))
        if runs:
            self.last_number.clear()
            yield Block("heading", runs, line, level)

    def is_item(self, found: re.Match[str], in_paragraph: bool) -> bool:
        """A number begins an item only where it counts on; "2019. A year" does not, and keeps its number as text."""
        if found[2]:
            # A dash or plus that begins a line within a paragraph is a dash or plus.
            return bool(found[4]) and not (in_paragraph and found[2] in "–+")
        return int(found[3]) in (1, self.last_number.get(_indent(found), 0) + 1)

    def item(self, found: re.Match[str]) -> Block:
        indent = _indent(found)
        level = min(1 + indent // 2, 6)
        if found[2]:
            return Block("item", level=level)
        self.last_number[indent] = int(found[3])
        return Block("item", level=level, number=int(found[3]))

    def table(self, lines: list[str], number: int) -> Block:
        rows = []
        for count, line in enumerate(lines):
            cells = CELL_BREAK.split(line.strip().removeprefix("|"))
            if len(cells) > 1 and not cells[-1].strip():
                cells.pop()
            rows.append(tuple(stripped(self.inline(cell.replace("\\|", "|"), number + count)) for cell in cells))
        return Block("table", rows=tuple(rows), line=number, has_header=True)

    def inline(self, text: str, line: int) -> Runs:
        return merged(self.runs(text, frozenset(), line, DEPTH))

    def runs(self, text: str, marks: frozenset[Mark], line: int, depth: int) -> Iterator[Run]:
        at = plain = 0
        # Up to where each delimiter was looked for in vain.
        barren: dict[str, int] = {}
        while special := SPECIAL.search(text, at):
            at = special.start()
            taken = self.markup(text, at, marks, line, depth, barren)
            if taken is None:
                at += 1
                continue
            runs, end = taken
            yield Run(text[plain:at], marks)
            yield from runs
            at = plain = end
        yield Run(text[plain:], marks)

    def markup(
        self, text: str, at: int, marks: frozenset[Mark], line: int, depth: int, barren: dict[str, int]
    ) -> tuple[list[Run], int] | None:
        """What begins at ``at``: its runs and where it ends; ``None`` where the character is text."""
        match text[at]:
            case "\\":
                found = ESCAPED.match(text, at)
                return ([Run(found[1], marks)], found.end()) if found else None
            case "$":
                return self.formula(text, at, marks, line)
            case "!" | "[":
                found = LINK.match(text, at)
                return self.link(found, marks, line, depth) if found and depth else None
            case "<":
                return self.angle(text, at, marks)
            case "^" | "~":
                found = SCRIPT.match(text, at)
                return ([_script(found, marks)], found.end()) if found else None
            case "`":
                found = CODE.match(text, at, at + REACH)
                return ([Run(found[2], marks)], found.end()) if found else None
            case "&":
                found = ENTITY.match(text, at)
                plain = html.unescape(found[0]) if found else ""
                return ([Run(plain, marks)], found.end()) if found and plain != found[0] else None
        return self.emphasis(text, at, marks, line, depth, barren)

    def formula(self, text: str, at: int, marks: frozenset[Mark], line: int) -> tuple[list[Run], int] | None:
        found = FORMULA.match(text, at)
        if not found:
            return None
        runs = list(runs_of_formula(found[1] or found[2], marks))
        self.findings.append(Finding(code="formula", line=line, words=found[0]))
        return runs, found.end()

    def link(self, found: re.Match[str], marks: frozenset[Mark], line: int, depth: int) -> tuple[list[Run], int]:
        target = html.unescape(ESCAPED.sub(r"\1", found[2]))
        is_web = target.startswith(("http://", "https://", "mailto:"))
        inner = [
            Run(run.text, run.marks, target if is_web else "") for run in self.runs(found[1], marks, line, depth - 1)
        ]
        rest = " ".join(filter(None, ("" if is_web or target == "#" else target, found[3])))
        if rest:
            inner.append(Run(f" ({rest})", marks))
        return inner, found.end()

    def angle(self, text: str, at: int, marks: frozenset[Mark]) -> tuple[list[Run], int] | None:
        if found := AUTOLINK.match(text, at):
            return [Run(found[1], marks, found[1])], found.end()
        if found := SCRIPT.match(text, at):
            return [_script(found, marks)], found.end()
        if found := BREAK.match(text, at):
            return [Run("\n", marks)], found.end()
        return None

    def emphasis(
        self, text: str, at: int, marks: frozenset[Mark], line: int, depth: int, barren: dict[str, int]
    ) -> tuple[list[Run], int] | None:
        if not depth:
            return None
        for delimiter, mark, closing in DELIMITERS:
            if not text.startswith(delimiter, at):
                continue
            start = at + len(delimiter)
            if start >= len(text) or text[start].isspace():
                continue
            if delimiter[0] == "_" and at and text[at - 1].isalnum():
                continue
            limit = start + REACH
            end = closing.search(text, max(start + 1, barren.get(delimiter, 0)), limit)
            if end:
                inner = self.runs(text[start : end.start()], marks | {mark}, line, depth - 1)
                return list(inner), end.end()
            barren[delimiter] = limit - len(delimiter)
        return None


def _script(found: re.Match[str], marks: frozenset[Mark]) -> Run:
    tag, tagged, raised, lowered = found.groups()
    mark: Mark = "sup" if raised or (tag and tag.lower() == "sup") else "sub"
    return Run(tagged or raised or lowered, marks | {mark})


def _indent(found: re.Match[str]) -> int:
    return len(found[1].expandtabs(4))
