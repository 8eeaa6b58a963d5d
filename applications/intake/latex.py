"""Leftovers of LaTeX in prose: ``$P < 0.0001$`` becomes text, its single letters in italics."""

from __future__ import annotations

import re

from .blocks import Mark, Run, Runs, merged

SYMBOLS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "µ",
    "sigma": "σ",
    "chi": "χ",
    "tau": "τ",
    "times": "×",
    "cdot": "·",
    "div": "÷",
    "pm": "±",
    "mp": "∓",
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "lt": "<",
    "gt": ">",
    "ne": "≠",
    "neq": "≠",
    "approx": "≈",
    "sim": "~",
    "simeq": "≃",
    "infty": "∞",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "circ": "°",
    "degree": "°",
    "ldots": "…",
    "dots": "…",
    "euro": "€",
    "quad": " ",
    "qquad": " ",
}
SILENT = frozenset(
    {"text", "mathrm", "mathit", "mathbf", "mathsf", "operatorname", "left", "right", "rm", "displaystyle"}
)

TOKEN = re.compile(r"\\([A-Za-z]+)\s*|\\([,;:! ])|\\(.)|([\^_])|([{}])|([^\\^_{}]+)", re.DOTALL)
LETTER = re.compile(r"(?<![^\W\d_])[A-Za-z](?![^\W\d_])")


def runs_of_formula(formula: str, marks: frozenset[Mark] = frozenset()) -> Runs:
    """Return the formula as text. Commands that are not known stay as their names: no word is dropped."""
    runs: list[Run] = []
    raised: list[Mark | None] = []
    pending: Mark | None = None
    for command, blank, escaped, script, brace, text in TOKEN.findall(formula):
        if script:
            pending = "sup" if script == "^" else "sub"
            continue
        if brace == "{":
            raised.append(pending)
            pending = None
            continue
        if brace == "}":
            if raised:
                raised.pop()
            continue
        if command:
            piece = "" if command in SILENT else SYMBOLS.get(command, command + " ")
        else:
            piece = " " if blank else escaped or text
        if not piece:
            continue
        scripts = {mark for mark in raised if mark}
        if pending:
            # Without braces a script raises one character.
            runs += _italic_letters(piece[:1], marks | scripts | {pending})
            piece, pending = piece[1:], None
        runs += _italic_letters(piece, marks | scripts)
    return merged(runs)


def _italic_letters(text: str, marks: frozenset[Mark] | set[Mark]) -> list[Run]:
    runs, start = [], 0
    for letter in LETTER.finditer(text):
        runs.append(Run(text[start : letter.start()], frozenset(marks)))
        runs.append(Run(letter[0], frozenset(marks | {"em"})))
        start = letter.end()
    return [*runs, Run(text[start:], frozenset(marks))]
