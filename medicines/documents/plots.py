"""Figures of the record as bars: SVG made on the server, with a title, a description and a table beside it.

A plot is as wide as its place: positions are percentages, so that words keep their size on a narrow screen. Each bar
carries its words and its number; colour says nothing. Right-to-left languages get the mirror image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, pgettext

from medicines.browsing.figures import Size
from medicines.browsing.meetings import MeetingRow
from medicines.models.classification import AwareEntry

from .words import content_marks, labelled

HEADING, ROW, GAP = 30, 40, 12
"""The heights of a heading, of a bar with its words, and of the space before a heading, in pixels."""


@dataclass(frozen=True)
class Bar:
    name: str
    value: int


@dataclass(frozen=True)
class Group:
    """Bars that belong together, under a heading if there is one: words of the page, or a name in the record."""

    bars: tuple[Bar, ...]
    heading: str = ""
    is_name: bool = False


@dataclass(frozen=True)
class Plot:
    """What a page shows: ``rows`` of the table have as many cells as ``headings``; without rows there is no plot."""

    title: str
    intro: str
    svg: SafeString
    headings: tuple[str, ...]
    rows: tuple[tuple[str | SafeString, ...], ...]


def sizes(editions: Sequence[Size], now: Size | None) -> Plot:
    """The medicines on each list, by edition, and on the lists as they are now."""
    title = gettext("Size of the lists by edition")
    unnamed = gettext("List not stated")
    groups = []
    found = [*editions, now] if now else editions
    for size in found:
        on = ((gettext("EML"), size.eml), (gettext("EMLc"), size.emlc), (unnamed, size.unnamed))
        all_of_it = Bar(gettext("Medicines"), size.medicines)
        groups.append(Group((all_of_it, *(Bar(name, value) for name, value in on if value)), _dated(size)))
    headings = (
        gettext("Edition"),
        gettext("Medicines"),
        gettext("Recommendations"),
        gettext("EML"),
        gettext("EMLc"),
        unnamed,
    )
    rows = [
        (
            _dated(size),
            *_figures(size.medicines, size.recommendations, size.eml, size.emlc, size.unnamed),
        )
        for size in found
    ]
    intro = gettext(
        "Medicines that are essential for some use, each counted once. The export of a list does not say on which of "
        "the two lists a medicine is: then it is counted as not stated."
    )
    return Plot(title, intro, bars(title, groups), headings, tuple(rows))


def _dated(size: Size) -> str:
    return f"EML {size.edition} ({size.year})" if size.edition else gettext("What holds now")


def outcomes(meetings: Sequence[MeetingRow]) -> Plot:
    """What each meeting decided, what it rejected and deferred included."""
    title = gettext("Outcomes by meeting")
    groups = [
        Group(tuple(Bar(name, count) for _outcome, name, count in row.told), row.name, is_name=True) for row in meetings
    ]
    rows = tuple(
        (format_html("<bdi{}>{}</bdi>", content_marks(), row.name), name, _figure(count))
        for row in meetings
        for _outcome, name, count in row.told
    )
    headings = (gettext("Meeting"), pgettext("decision", "Outcome"), gettext("Decisions"))
    return Plot(title, gettext("Each decision on a recommendation counts once."), bars(title, groups), headings, rows)


def aware(groups: Mapping[str, int], *, edition: str) -> Plot:
    """The antibiotics among the essential medicines, by AWaRe group."""
    title = gettext("Antibiotics by AWaRe group")
    found = [Bar(str(group.label), groups[group.value]) for group in AwareEntry.Group if group.value in groups]
    intro = gettext("Medicines that are essential for some use and that an AWaRe classification names.")
    if edition:
        intro = gettext(
            "Medicines that are essential for some use and that the AWaRe classification of %(edition)s, or a "
            "decision, puts in a group."
        ) % {"edition": edition}
    rows = tuple((bar.name, _figure(bar.value)) for bar in found)
    headings = (gettext("Antibiotic group (AWaRe)"), gettext("Medicines"))
    return Plot(title, intro, bars(title, [Group(tuple(found))]), headings, rows)


def bars(title: str, groups: Sequence[Group]) -> SafeString:
    """One accessible SVG of horizontal bars with the classes ``bars``, ``heading``, ``track`` and ``bar``.

    The longest bar is as wide as the drawing. Every bar has its name at its start and its number at its end.
    """
    longest = max((bar.value for group in groups for bar in group.bars), default=0) or 1
    drawn: list[SafeString] = []
    y = 0
    for group in groups:
        if group.heading:
            y += GAP if drawn else 0
            drawn.append(_words("heading", group.heading, y + 20, at_start=True, is_name=group.is_name))
            y += HEADING
        for bar in group.bars:
            drawn.append(_bar(bar, longest, y))
            y += ROW
    described = "; ".join(_described(group) for group in groups)
    return format_html(
        '<svg class="bars" width="100%" height="{}" role="img"><title>{}</title><desc>{}</desc>{}</svg>',
        max(y, 1),
        title,
        described,
        format_html_join("", "{}", ((part,) for part in drawn)),
    )


def _bar(bar: Bar, longest: int, y: int) -> SafeString:
    width = 100 * bar.value / longest
    start = 100 - width if get_language_bidi() else 0
    return format_html(
        '<g>{}{}<rect class="track" x="0" y="{}" width="100%" height="9" rx="2"/>'
        '<rect class="bar" x="{}%" y="{}" width="{}%" height="9" rx="2"/></g>',
        _words("name", bar.name, y + 15, at_start=True),
        _words("value", _figure(bar.value), y + 15, at_start=False),
        y + 22,
        f"{start:.2f}",
        y + 22,
        f"{width:.2f}",
    )


def _words(kind: str, words: str, y: int, *, at_start: bool, is_name: bool = False) -> SafeString:
    """Words at the start or the end of a line, as the page reads; a name in the record keeps its own direction."""
    bidi = get_language_bidi()
    marks = content_marks() if is_name else ""
    at_left = at_start != bidi
    runs_right = bool(marks) or not bidi
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" direction="{}"{}>{}</text>',
        kind,
        "0" if at_left else "100%",
        y,
        "start" if at_left == runs_right else "end",
        "ltr" if runs_right else "rtl",
        mark_safe(' lang="en"') if marks else "",
        words,
    )


def _described(group: Group) -> str:
    told = ", ".join(labelled(bar.name, _figure(bar.value)) for bar in group.bars)
    return labelled(group.heading, told) if group.heading else told


def _figure(value: int) -> str:
    return number_format(value, force_grouping=True)


def _figures(*values: int) -> tuple[str, ...]:
    return tuple(map(_figure, values))
