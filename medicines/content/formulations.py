"""The grammar of a formulation line: ``Route (> Subroute)*: strength (; strength)*``.

Sources bend it in every way, so a line that does not fit is kept as its original text and nothing is guessed.
"""

from __future__ import annotations

import re

from medicines.remembered import remembered

from .schema import Formulation

ROUTES = frozenset(
    {
        "oral",
        "parenteral",
        "local",
        "respiratory",
        "implant",
        "injection",
        "inhalation",
        "sublingual",
        "rectal",
        "vaginal",
        "nasal",
        "topical",
        "otological",
        "ophthalmological",
        "transdermal",
        "capsule",
        "cream",
        "eye drops",
        "ointment",
        "oral liquid",
        "oral solution",
        "oral suspension",
        "powder for injection",
        "solution",
        "suppository",
        "suspension",
        "tablet",
    }
)
"""What may stand alone before the colon. Any other words there ("Iron: 30 mg") are part of a composition."""

NO_FORMULATION = frozenset({"", "-", "–", "—", "."})


@remembered
def parse_line(text: str) -> Formulation:
    """Read one line. Never raises: what is no route with strengths comes back with ``original`` alone.

    Blanks of every kind are folded in the route and the strengths; ``original`` is the line, trimmed.
    """
    original = text.strip()
    head, colon, tail = original.partition(":")
    steps = tuple(_folded(step) for step in head.split(">"))
    if not colon or not _is_route(steps):
        return Formulation(original=original)
    strengths = (_folded(strength) for strength in _split_outside_parentheses(tail))
    return Formulation(
        route=steps,
        strengths=tuple(strength for strength in strengths if strength),
        original=original,
    )


def parse_cell(text: str) -> tuple[Formulation, ...]:
    """Read several lines. Lines that belong to the composition above them stay with it, in one ``original``."""
    groups: list[list[str]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line in NO_FORMULATION:
            continue
        if groups and _continues(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(
        parse_line(group[0]) if len(group) == 1 else Formulation(original="\n".join(group)) for group in groups
    )


def _continues(group: list[str], line: str) -> bool:
    if parse_line(line).route:
        return False
    return group[0].endswith(":") or not parse_line(group[0]).route


def _is_route(steps: tuple[str, ...]) -> bool:
    if not all(steps):
        return False
    alone = re.sub(r"\s*\([^()]*\)", "", steps[0]).casefold()
    return len(steps) > 1 or alone in ROUTES


def _split_outside_parentheses(text: str) -> list[str]:
    """Split at semicolons; a parenthesis that is never closed holds nothing together."""
    if ";" not in text:
        return [text]
    opened: list[int] = []
    enclosed: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")" and opened:
            enclosed.append((opened.pop(), place))
    # Only outermost pairs matter; they come in order of their end.
    outer: list[tuple[int, int]] = []
    for start, end in sorted(enclosed):
        if not outer or start > outer[-1][1]:
            outer.append((start, end))
    parts: list[str] = []
    begin = 0
    pairs = iter([*outer, (len(text), len(text))])
    pair = next(pairs)
    for place, character in enumerate(text):
        if place > pair[1]:
            pair = next(pairs)
        if character == ";" and not pair[0] < place < pair[1]:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def _folded(text: str) -> str:
    return " ".join(text.split())
