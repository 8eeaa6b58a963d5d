"""What a comparison says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

from medicines.content.labels import Words

Kind = Literal["same", "added", "removed", "changed"]
Side = Literal["same", "added", "removed"]


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


def marked_html(change: BlockChange | FieldChange) -> SafeString:
    """The words of a change with ``<ins>`` and ``<del>`` around what is new and what is gone, safe to print.

    A block comes in its own element, a table as one table with its cells marked, a field without an element.
    """
    if isinstance(change, BlockChange) and change.table is not None:
        return change.table
    html = marked_runs(change.runs)
    if isinstance(change, BlockChange):
        html = f"<{change.tag}>{html}</{change.tag}>"
    return mark_safe(html)  # noqa: S308  runs are made of escaped words and our own tags


def marked_runs(runs: Iterable[Run]) -> str:
    tags = {"same": "", "added": "ins", "removed": "del"}
    return "".join(f"<{tag}>{run.html}</{tag}>" if (tag := tags[run.side]) else run.html for run in runs)
