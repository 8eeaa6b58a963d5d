"""Numbers in the text that point at references: "(12)", "(4, 5)", "(1–3)", "[3]" and raised numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from .blocks import Block, Run, Runs, merged, pieces, text_of
from .report import Finding

DASHES = "-‐‑‒–—−"
NUMBERS = rf"\d{{1,3}}(?:\s*[,;{DASHES}]\s*\d{{1,3}})*"
MARKER = re.compile(rf"\(\s*({NUMBERS})\s*\)|\[\s*({NUMBERS})\s*\]|([⁰¹²³⁴-⁹]+(?:[,⁻˒][⁰¹²³⁴-⁹]+)*)")
RAISED = re.compile(rf"\s*[\[(]?\s*({NUMBERS})\s*[)\]]?\s*")
RANGE = re.compile(rf"(\d+)(?:\s*[{DASHES}]\s*(\d+))?")
POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")

BASE_OF_POWER = re.compile(r"(?:\d|(?:^|[\s/·(×\d])(?:[cdkmµn]?m|s|h|kg|R|I|x|χ|P|[A-Z][a-z]?))\s?$")
"""What a raised number makes a power or a formula of: a figure, a unit, a symbol of statistics or chemistry."""

ENUMERATES = re.compile(r"(?:\A|[:;,.])\s*(?:(?:and|or|et|ou|y|o|и|или)\s+)?$", re.IGNORECASE)
GOES_ON = re.compile(r"\s+[^\W\d_]")
PLAUSIBLE = 10
"""A number this far beyond the last reference may still be meant as a citation; a larger one is a figure."""

WIDEST = 60
NEAR = 20
"""How many characters around a marker tell what it is."""


@dataclass
class Linker:
    """Turns markers into citations, block by block in reading order, and keeps what it saw."""

    ids: Mapping[int, str]
    markers: int = 0
    cited: list[int] = field(default_factory=list)
    guessed: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def link(self, block: Block) -> Block:
        """The block with each marker that points at references made into citations; other numbers stay text."""
        if not self.ids:
            return block
        if block.kind == "table":
            rows = tuple(tuple(self._runs(cell, block) for cell in row) for row in block.rows)
            return replace(block, rows=rows)
        return replace(block, runs=self._runs(block.runs, block))

    def _runs(self, runs: Runs, block: Block) -> Runs:
        runs = self._raised(runs)
        text, listed = text_of(runs), 0
        cuts: list[int] = []
        cites: list[Runs] = []
        for marker in MARKER.finditer(text):
            before, words = text[max(marker.start() - NEAR, 0) : marker.start()], marker[0]
            if marker[3]:
                if BASE_OF_POWER.search(before):
                    continue
                numbers = _expanded(marker[3].translate(POWERS))
            else:
                numbers = _expanded(marker[1] or marker[2])
            if block.kind == "table" and re.search(r"\d\s*$", before):
                continue
            after = text[marker.end() : marker.end() + NEAR]
            if self._enumerates(numbers, before, after, listed):
                listed = numbers[0]
                self.guessed.append(Finding(code="enumeration", line=block.line, words=words))
                continue
            if not self._are_known(numbers, words, block):
                continue
            cuts += marker.span()
            cites.append(tuple(self._cites(numbers)))
        # Every second piece is a marker, and gives way to its citations.
        kept = pieces(runs, cuts)
        kept[1::2] = cites
        return merged(run for piece in kept for run in piece)

    def _raised(self, runs: Runs) -> Runs:
        """Raised numbers that are no powers, as citations."""
        found: list[Run] = []
        for run in runs:
            marker = RAISED.fullmatch(run.text) if "sup" in run.marks else None
            numbers = _expanded(marker[1]) if marker else ()
            before = text_of(found[-2:])[-NEAR:]
            if numbers and all(n in self.ids for n in numbers) and not BASE_OF_POWER.search(before):
                if before and not before[-1].isspace():
                    found.append(Run(" "))
                found += self._cites(numbers)
            else:
                found.append(run)
        return tuple(found)

    def _cites(self, numbers: tuple[int, ...]) -> Iterator[Run]:
        self.markers += 1
        self.cited += numbers
        return (Run(cite=self.ids[number]) for number in numbers)

    def _enumerates(self, numbers: tuple[int, ...], before: str, after: str, listed: int) -> bool:
        """ "…: (1) to begin with, (2) then": counted from 1, each at the start of its clause."""
        if len(numbers) != 1 or numbers[0] != listed + 1 or not GOES_ON.match(after):
            return False
        return bool(ENUMERATES.search(before))

    def _are_known(self, numbers: tuple[int, ...], words: str, block: Block) -> bool:
        if numbers and all(number in self.ids for number in numbers):
            return True
        if numbers and max(numbers) <= max(self.ids) + PLAUSIBLE and not words[0].isdigit() and words[0] in "([":
            self.warnings.append(
                Finding(code="citation_unknown", line=block.line, words=words, detail={"marker": words})
            )
        return False

    @property
    def is_in_order(self) -> bool:
        """Whether references are cited first in the order of their numbers."""
        first = list(dict.fromkeys(self.cited))
        return first == sorted(first)


def _expanded(numbers: str) -> tuple[int, ...]:
    """ "4, 6–8" is 4, 6, 7, 8. Nothing where a range runs backwards or is no list of references."""
    found: list[int] = []
    for first, last in RANGE.findall(numbers):
        start, end = int(first), int(last or first)
        if not start <= end <= start + WIDEST:
            return ()
        found += range(start, end + 1)
    return tuple(dict.fromkeys(found))
