"""The facts at the head of a page: lines of labels and values into ``Facts``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from medicines.content.formulations import NO_FORMULATION, parse_line
from medicines.content.schema import (
    Age,
    Alternatives,
    Aware,
    Facts,
    Formulation,
    Link,
    ListStatus,
    Patents,
    Placement,
    SectionPath,
    SectionStep,
    StatusEvent,
)

from .blocks import Block, Run, lines_of, merged, slice_runs, stripped, text_of
from .labels import BADGES, Label, is_read_more, match_label, match_value
from .report import Finding

ATC = re.compile(r"\b[A-DGHJL-NPR-SV](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)\b")
ICD11 = re.compile(r"\b(?!\d{4}\b)[0-9A-NP-X][A-HJ-NP-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,2})?(?:[&/][0-9A-Z.]{4,8})*\b")
ICD11_LABEL = re.compile(
    r"[\s;,(\[]*(?:(?:codes?|c[oó]digos?|код[ы]?|رمز)\s*)?(?:ICD|CIM|CIE|МКБ)[\s-]*11(?:\s*(?:codes?|编码|代码))?\s*[:：]?\s*",
    re.IGNORECASE,
)
STEP = re.compile(r"(?<!\S)(\d{1,2}(?:\.\d{1,2})*)\.?\s+")
NAMED_LISTS: dict[Label, re.Pattern[str]] = {"eml": re.compile(r"\bEML\b"), "emlc": re.compile(r"\bEMLc\b")}
YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d|21\d\d)(?!\d)")
REPORT = re.compile(r"TRS\s*(?:No\.?\s*)?(\d+)", re.IGNORECASE)

SEVERAL: frozenset[Label] = frozenset({"formulations", "history", "section", "patents", "atc", "icd11", "partners"})
"""Labels under which more than one line may stand."""

ACCUMULATED = frozenset({"formulations", "history", "section", "partners", "links"})
"""Fields that hold several values. A second value for any other is left over, not lost."""

LONGEST_NAME = 60
"""A title that is longer is a sentence, and no medicine's name."""


class Head:
    """Reads the lines before the first section, and any part named "key facts". Line by line, in their order."""

    def __init__(self, edition: str = "") -> None:
        self.edition = edition
        self.title = ""
        self.recognised: list[Finding] = []
        self.left_over: list[Finding] = []
        self.leftover_blocks: list[Block] = []
        self._values: dict[str, Any] = defaultdict(list)
        self._badges: set[Label] = set()
        self._label: Label | None = None
        self._filled = False
        self._began = False

    def read(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if block.kind == "table" and self._read_table(block):
                continue
            for line in lines_of(block):
                self._read_line(line)
        self._label = None

    def _read_table(self, block: Block) -> bool:
        """A table of labels and values. One in which no label stands is left over whole."""
        rows = block.rows
        if not any(row and match_label(text_of(row[0])) for row in rows):
            self._leave(block)
            return True
        for row in rows:
            if row and not match_label(text_of(row[0])):
                # A row that nobody understands stays together.
                self._label = None
                runs = [run for cell in row if cell for run in (Run(": "), *cell)]
                self._leave(Block("paragraph", merged(runs[1:]), block.line))
                continue
            for cell in row:
                for line in lines_of(Block("paragraph", cell, block.line)):
                    self._read_line(line)
        return True

    def _read_line(self, block: Block) -> None:
        if not block.text.strip():
            return
        found = match_label(block.text) if block.kind != "table" else None
        if found:
            label, value = found
            if label in BADGES and not value:
                self._badges.add(label)
                self._note("badge", block)
                return
            self._label, self._filled, self._began = label, False, True
            if not value:
                self._note("label", block)
            elif self._take(label, _tail(block, value)):
                self._filled = True
                self._note("label", block)
            else:
                self._label = None
                self._leave(block)
            return
        if self._label and (not self._filled or self._label in SEVERAL) and self._take(self._label, block):
            self._filled = True
            self._note("label", block)
        elif not self._began and not self.title and block.kind != "item" and len(block.text) <= 200:
            self.title = " ".join(block.text.split())
            self._note("title", block)
        else:
            self._leave(block)

    def _note(self, code: Any, block: Block) -> None:
        self.recognised.append(Finding(code=code, line=block.line, words=block.words))

    def _leave(self, block: Block) -> None:
        self.left_over.append(Finding(code="head_line", line=block.line, words=block.words, section="unplaced"))
        self.leftover_blocks.append(block)

    def _take(self, label: Label, block: Block) -> bool:
        """Keep what the line says under its label. False: it says nothing that is understood."""
        text = " ".join(block.text.split())
        href = next((run.href for run in block.runs if run.href), "")
        match label:
            case "medicine" | "weight":
                return self._keep(label, text)
            case "indication":
                return self._take_indication(text)
            case "atc":
                return self._keep_codes(label, ATC, text)
            case "icd11":
                return self._keep_codes(label, ICD11, text)
            case "section":
                return self._take_section(block)
            case "formulations":
                return text in NO_FORMULATION or self._keep(label, parse_line(block.text))
            case "history":
                return self._take_history(text)
            case "patents":
                return self._take_patents(text, href)
            case "wikipedia" | "drugbank":
                return self._keep("links", Link(site=label, title=text, url=href))
            case "partners":
                return self._keep(label, text)
            case "age":
                return self._take_age(text)
            case "eml" | "emlc":
                status = match_value("list_type", text)
                return bool(status) and self._keep(label, status)
            case "alternatives":
                return self._take_alternatives(text)
            case "list_type":
                self._badges |= {name for name, found in NAMED_LISTS.items() if found.search(text)}
        value = match_value(label, text)
        return bool(value) and self._keep(label, value)

    def _keep(self, field: str, value: Any) -> bool:
        if self._values[field] and field not in ACCUMULATED:
            return False
        self._values[field].append(value)
        return True

    def _keep_codes(self, field: str, pattern: re.Pattern[str], text: str) -> bool:
        codes = pattern.findall(text)
        if re.sub(r"[\s,;/]|\band\b|\bet\b|\by\b", "", pattern.sub("", text)):
            return False
        self._values[field] += [code for code in codes if code not in self._values[field]]
        return bool(codes)

    def _take_indication(self, text: str) -> bool:
        label = ICD11_LABEL.search(text)
        if label and self._keep_codes("icd11", ICD11, text[label.end() :].strip(" )]")):
            text = text[: label.start()].strip()
        return not text or self._keep("indication", text)

    def _take_section(self, block: Block) -> bool:
        text = " ".join(block.text.split())
        steps = self._values["section"]
        starts = list(STEP.finditer(text))
        if starts and starts[0].start() == 0:
            for here, following in zip(starts, [*starts[1:], None], strict=True):
                title = text[here.end() : following.start() if following else None].strip(" >›»/")
                steps.append(SectionStep(number=here[1], title=title))
            return True
        titles = [title.strip() for title in re.split(r"\s*[>›»]\s*", text) if title.strip()]
        steps += [SectionStep(title=title) for title in titles]
        return bool(titles)

    def _take_history(self, text: str) -> bool:
        event, year = match_value("history", text), YEAR.search(text)
        if not event or not year:
            return False
        report = REPORT.search(text)
        entry = {"event": event, "year": int(year[0]), "report": f"TRS {report[1]}" if report else ""}
        return self._keep("history", StatusEvent.from_dict(entry))

    def _take_patents(self, text: str, href: str) -> bool:
        status = match_value("patents", text)
        if status:
            return self._keep("patents", status)
        if is_read_more(text):
            if href:
                self._keep("patents_url", href)
            return True
        return False

    def _take_age(self, text: str) -> bool:
        for kind in ("also_children", "adolescents_adults", "children", "adults", "all"):
            if match_value("age", text) == kind and not re.search(r"\d", text):
                return self._keep("age", Age(kind=kind))
        return bool(re.search(r"\d", text)) and self._keep("age", Age(kind="range", words=text))

    def _take_alternatives(self, text: str) -> bool:
        if match_value("alternatives", text):
            return self._keep("alternatives", Alternatives(kind="specific"))
        codes = ATC.findall(text)
        if len(codes) == 1:
            return self._keep("alternatives", Alternatives(kind="atc_class", atc=codes[0], limits=text))
        names = tuple(name.strip() for name in re.split(r"[;,]", text) if name.strip())
        return self._keep("alternatives", Alternatives(kind="named", medicines=names))

    def facts(self) -> Facts:
        """Everything that was read, as facts; what was not stays not stated."""
        values = self._values

        def first(field: str) -> Any:
            return values[field][0] if values[field] else None

        aware, status = first("aware"), first("patents")
        url = first("patents_url") or ""
        return Facts(
            medicine=first("medicine") or self._name_from_title,
            indication=first("indication") or "",
            partners=tuple(values["partners"]),
            atc=tuple(values["atc"]),
            icd11=tuple(values["icd11"]),
            medicine_type=first("medicine_type"),
            aware=Aware(group=aware) if aware else None,
            choice=first("choice"),
            placements=self._placements(),
            sex=first("sex"),
            age=first("age"),
            weight=first("weight") or "",
            alternatives=first("alternatives"),
            patents=Patents(status=status, url=url) if status or url else None,
            links=tuple(values["links"]),
            history=tuple(values["history"]),
        )

    def _placements(self) -> tuple[Placement, ...]:
        values = self._values
        list_type: ListStatus | None = values["list_type"][0] if values["list_type"] else None
        eml: ListStatus | None = values["eml"][0] if values["eml"] else list_type
        emlc: ListStatus | None = values["emlc"][0] if values["emlc"] else None
        if "eml" in self._badges and not eml:
            eml = "listed"
        if "emlc" in self._badges and not emlc:
            # The badge says which list, the type says how: a page that shows both means both.
            emlc = list_type or "listed"
        steps: tuple[SectionStep, ...] = tuple(values["section"])
        formulations: tuple[Formulation, ...] = tuple(values["formulations"])
        if not (steps or eml or emlc or formulations):
            return ()
        section = SectionPath(edition=self.edition, steps=steps) if steps else None
        return (Placement(section=section, eml=eml, emlc=emlc, formulations=formulations),)

    @property
    def _name_from_title(self) -> str:
        return self.title if len(self.title) <= LONGEST_NAME else ""

    @property
    def guesses_medicine(self) -> bool:
        """Whether the medicine's name is the document's title, for want of a label."""
        return not self._values["medicine"] and bool(self._name_from_title)


def _tail(block: Block, value: str) -> Block:
    """The block without its label: what stands behind the first colon, links and all."""
    text = block.text
    start = min(place for place in (text.find(":"), text.find("：")) if place >= 0) + 1
    runs: tuple[Run, ...] = stripped(slice_runs(block.runs, start, len(text) + 1))
    return Block("paragraph", runs or (Run(value),), block.line)
