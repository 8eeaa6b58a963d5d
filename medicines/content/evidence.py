"""Findings as readers meet them: figures as written, certainty with its marks, and a forest plot.

A figure is shown as its source wrote it ("−1.70", not "−1.7"); a number is computed only to place it on a scale.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext, gettext_lazy

from medicines.content import labels
from medicines.content.labels import Words
from medicines.content.schema import Finding

RATIOS = frozenset({"RR", "OR", "HR"})
"""Measures whose scale is logarithmic and whose line of no effect is 1; it is 0 for the others."""

MEASURES: dict[str, Words] = {
    "RR": gettext_lazy("Risk ratio"),
    "OR": gettext_lazy("Odds ratio"),
    "HR": gettext_lazy("Hazard ratio"),
    "RD": gettext_lazy("Risk difference"),
    "MD": gettext_lazy("Mean difference"),
    "SMD": gettext_lazy("Standardized mean difference"),
}

CERTAINTY: dict[str, tuple[str, Words]] = {
    level: (marks, labels.VALUES["certainty"][level])
    for level, marks in (("high", "●●●●"), ("moderate", "●●●○"), ("low", "●●○○"), ("very_low", "●○○○"))
}
"""GRADE's marks and word for each certainty."""

MINUS = "\u2212"
_HYPHENS = re.compile(r"(?<![\w.,)])[-\u2010\u2011\u2013\ufe63\uff0d](?=\s?[\d.])")
_NUMBER = re.compile(r"[+-]?(\d{1,3}([ \u00a0\u202f]\d{3})+|\d+)?([.,·]\d+)?")

# The drawing's measures, in its own units: names to the left, the scale in the middle, the figures to the right.
WIDTH, LEFT, RIGHT, TOP, ROW = 720, 230, 520, 26, 30
NAME_LENGTH = 34


def typographic(figure: str) -> str:
    """The figure as written, with a true minus sign before a number."""
    return _HYPHENS.sub(MINUS, figure.strip())


def number(figure: str) -> float | None:
    """The value of a figure as written ("−1.70", "0,15", "32 737", "12%"), or ``None`` where it is not one number."""
    text = typographic(figure).replace(MINUS, "-").replace("- ", "-").removesuffix("%").strip()
    if not text or not _NUMBER.fullmatch(text) or not any(character.isdigit() for character in text):
        return None
    text = re.sub(r"[ \u00a0\u202f]", "", text).replace(",", ".").replace("·", ".")
    return float(text)


def effect(finding: Finding) -> str:
    """The effect in words: "SMD −1.70 (−2.15 to −1.25)"; what is not stated is left out."""
    estimate, low, high = (typographic(figure) for figure in (finding.estimate, finding.low, finding.high))
    if get_language_bidi() and estimate:
        estimate = f"\u2066{estimate}\u2069"  # Else a minus sign would stand behind its number.
    if low and high:
        between = gettext("%(low)s to %(high)s") % {"low": low, "high": high}
        estimate = f"{estimate} ({between})" if estimate else between
    return " ".join(filter(None, (finding.measure, estimate))) if estimate else ""


def certainty(value: str | None) -> SafeString:
    """GRADE's four marks and the word; the marks are hidden from screen readers, which get the word."""
    if value not in CERTAINTY:
        return mark_safe("")
    return format_html('<span class="grade-marks" aria-hidden="true">{}</span> {}', *CERTAINTY[value])


@dataclass(frozen=True)
class Labels:
    """The words of a plot: its title, else "Forest plot", and what stands under the scale, else the measure."""

    title: Words = ""
    favours: Words = ""


@dataclass(frozen=True)
class _Row:
    finding: Finding
    estimate: float | None
    low: float | None
    high: float | None

    @property
    def is_drawn(self) -> bool:
        return self.estimate is not None or self.low is not None


def plot(findings: Iterable[Finding], words: Labels | None = None) -> SafeString | None:
    """Return one accessible SVG a measure, with a row a finding; ``None`` where no row has a figure to draw.

    The drawing carries a title and a description with every figure, and no style but classes: ``forest`` and, inside
    it, ``soft``, ``zero``, ``ci``, ``axis``, ``tick``, ``point``, ``name``, for a style sheet that is light or dark. A
    row whose figures do not parse is shown as words.
    """
    words = words or Labels()
    groups: dict[str, list[_Row]] = {}
    for finding in findings:
        if finding.measure:
            groups.setdefault(finding.measure, []).append(_row(finding))
    drawn = [(measure, rows) for measure, rows in groups.items() if any(row.is_drawn for row in rows)]
    if not drawn:
        return None
    return mark_safe("".join(_svg(measure, rows, words) for measure, rows in drawn))  # noqa: S308  from format_html


def _row(finding: Finding) -> _Row:
    smallest = 1e-6 if finding.measure in RATIOS else -1e9

    def drawn(figure: str) -> float | None:
        value = number(figure)
        return value if value is not None and smallest <= value <= 1e9 else None

    estimate, low, high = drawn(finding.estimate), drawn(finding.low), drawn(finding.high)
    if low is None or high is None or low > high:
        low = high = None
    return _Row(finding, estimate, low, high)


def _svg(measure: str, rows: Sequence[_Row], words: Labels) -> SafeString:
    scale = _Scale.of(measure, rows)
    bottom = TOP + ROW * len(rows)
    name = MEASURES[measure]
    parts: list[SafeString] = []
    for tick in scale.ticks:
        x = _short(scale.x(tick))
        parts.append(format_html('<line class="tick" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', x, bottom, bottom + 5))
        parts.append(
            format_html('<text class="soft" x="{}" y="{}" text-anchor="middle">{}</text>', x, bottom + 20, _tick(tick))
        )
    zero = _short(scale.x(scale.no_effect))
    parts.append(format_html('<line class="zero" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', zero, TOP - 14, bottom))
    parts.append(format_html('<line class="axis" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>', LEFT, RIGHT, bottom))
    parts.extend(_draw(row, scale, TOP + ROW * index + 6) for index, row in enumerate(rows))
    described = "; ".join(_sentence(row.finding) for row in rows)
    return format_html(
        '<svg class="forest" viewBox="0 0 {} {}" role="img" direction="ltr">'
        "<title>{}</title><desc>{}</desc>"
        '<text class="soft" x="{}" y="{}" text-anchor="middle">{}</text>{}</svg>',
        WIDTH,
        bottom + 48,
        gettext("%(title)s: %(measure)s") % {"title": words.title or gettext("Forest plot"), "measure": name},
        described,
        (LEFT + RIGHT) // 2,
        bottom + 40,
        words.favours or name,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _draw(row: _Row, scale: _Scale, y: int) -> SafeString:
    finding = row.finding
    drawing = []
    if row.low is not None and row.high is not None:
        drawing.append(
            format_html(
                '<line class="ci" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>',
                _short(scale.x(row.low)),
                _short(scale.x(row.high)),
                y,
            )
        )
    if row.estimate is not None:
        x = scale.x(row.estimate)
        drawing.append(
            format_html('<rect class="point" x="{}" y="{}" width="9" height="9"/>', _short(x - 4.5), _short(y - 4.5))
        )
    return format_html(
        '<g class="row">{}<text class="name" x="0" y="{}">{}</text><text x="{}" y="{}">{}</text></g>',
        format_html_join("", "{}", ((part,) for part in drawing)),
        y + 4,
        _clipped(finding.outcome),
        RIGHT + 16,
        y + 4,
        _figures(finding),
    )


@dataclass(frozen=True)
class _Scale:
    """Values to positions: straight for differences, logarithmic for ratios; the line of no effect is always on it."""

    low: float
    high: float
    is_log: bool
    ticks: tuple[float, ...]

    @property
    def no_effect(self) -> float:
        return 1.0 if self.is_log else 0.0

    def x(self, value: float) -> float:
        low, high, at = (math.log(v) if self.is_log else v for v in (self.low, self.high, value))
        return LEFT + (RIGHT - LEFT) * (at - low) / (high - low)

    @classmethod
    def of(cls, measure: str, rows: Sequence[_Row]) -> _Scale:
        is_log = measure in RATIOS
        values = [1.0 if is_log else 0.0]
        values += [v for row in rows if row.is_drawn for v in (row.estimate, row.low, row.high) if v is not None]
        low, high = min(values), max(values)
        if is_log:
            ticks = _log_ticks(low, high)
            return cls(min(low, ticks[0]) / 1.04, max(high, ticks[-1]) * 1.04, is_log, ticks)
        if high - low < 1e-9:
            low, high = -1.0, 1.0
        margin = (high - low) * 0.05
        return cls(low - margin, high + margin, is_log, _ticks(low - margin, high + margin))


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Round steps of 1, 2 or 5 times a power of ten within the range, at most seven, zero among them."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(index * step, 12) for index in range(first, last + 1))


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    lowest, highest = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in ((1, 2, 5), (1,)):
        marks = [round(factor * 10.0**power, 12) for power in range(lowest - 1, highest + 2) for factor in factors]
        below = [mark for mark in marks if mark <= min(low, 0.5) * 1.001]
        above = [mark for mark in marks if mark >= max(high, 2) * 0.999]
        chosen = [mark for mark in marks if below[-1] <= mark <= above[0]]
        if len(chosen) <= 9:
            break
    step = math.ceil(len(chosen) / 9)
    return tuple(mark for index, mark in enumerate(chosen) if index % step == 0 or mark == 1)


def _sentence(finding: Finding) -> str:
    figures = effect(finding) or gettext("not stated")
    return f"{finding.outcome}: {figures}"


def _figures(finding: Finding) -> str:
    return effect(finding).removeprefix(finding.measure).strip()


def _clipped(name: str) -> str:
    """A name that fits the column; the description holds it whole."""
    width = 0
    for index, character in enumerate(name):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > NAME_LENGTH:
            return name[: index - 1].rstrip() + "…"
    return name


def _tick(value: float) -> str:
    return f"{value:.6g}".replace("-", MINUS)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
