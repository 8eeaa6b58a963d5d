"""What changed between two versions, as the API says it."""

from __future__ import annotations

from collections.abc import Iterable

from medicines.api import schema
from medicines.api.links import Addresses
from medicines.api.rows import version_fields
from medicines.content.differences import FieldChange, RowChange, SectionChange, compare, marked_html
from medicines.models import Version


def changes_between(older: Version, newer: Version, to: Addresses) -> schema.Changes:
    """Compare two versions of one recommendation, as ``read_versions`` gives them."""
    number = older.recommendation.number
    found = compare(older.content, newer.content)
    return schema.Changes.model_construct(
        recommendation=to.of("recommendation", number),
        older=_summary(older, to),
        newer=_summary(newer, to),
        is_empty=found.is_empty,
        layout_changed=found.layout_changed,
        words_added=found.words_added,
        words_removed=found.words_removed,
        facts=[_field(field) for change in found.facts for field in change.fields],
        language=_field(found.language) if found.language else None,
        sections=[_section(section) for section in found.changed_sections],
        findings=_rows(found.findings),
        costs=_rows(found.costs),
        references=_rows(found.references),
        page=to.page("changes", number, older.number, newer.number),
    )


def _summary(version: Version, to: Addresses) -> schema.VersionSummary:
    corrected = version.corrected  # type: ignore[attr-defined]
    return schema.VersionSummary.model_construct(
        **version_fields(version, version.recommendation.number, corrected, to)
    )


def _field(field: FieldChange) -> schema.FieldDifference:
    return schema.FieldDifference(
        label=str(field.label),
        kind=field.kind,
        before=field.before,
        after=field.after,
        html=marked_html(field),
    )


def _section(section: SectionChange) -> schema.SectionDifference:
    return schema.SectionDifference(
        key=section.key,
        title=str(section.title),
        blocks=[
            schema.BlockDifference(
                id=block.id,
                kind=block.kind,
                is_moved=block.is_moved,
                moved_from=str(block.moved_from),
                html=marked_html(block),
            )
            for block in section.blocks
            if block.is_change
        ],
    )


def _rows(rows: Iterable[RowChange]) -> list[schema.RowDifference]:
    return [
        schema.RowDifference(id=row.id, label=row.label, kind=row.kind, fields=[_field(field) for field in row.fields])
        for row in rows
    ]
