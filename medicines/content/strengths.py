"""The grammar of a strength: amount, unit, per, form.

    strength    = amounts [per] [form]
    amounts     = amount (("+" | "–" | "to" | "or") amount)*      250 mg + 125 mg; 75 – 100 mg
    amount      = number unit [words]                              500 mg; 1.2 million IU; 5%; 10 000 lipase units
    per         = ("per" | "/") [number] unit | "in" number unit   per 5 mL; µg/hour; in 2 mL
    form        = what is left                                     in vial powder for injection (as sodium salt)

A ratio ("1:10 000") is an amount without a unit. What does not open with an amount is no strength by this grammar:
its words are kept and nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from medicines.remembered import remembered

_NUMBER = r"[<>≤≥≈~±]?\s*\d+(?:[., \u00a0\u202f\u2009]\d{3})*(?:[.,]\d+)?(?:\s*[×x]\s*10\s*[*^]?\s*\d+)?(?:\s*million)?"
_UNIT = (
    r"%|‰|(?:mmol|mEq|mOsm|kBq|MBq|GBq|kg|mcg|µg|μg|mg|ng|g|mL|ml|µL|dL|L|cm2|cm²|cm|mm|mol|ppm|KIU|MIU|IU|IR|U|DL)\b"
    r"|(?:[a-z]+ )?units?\b|parts per million|(?:drops?|doses?|sachets?|tablets?|actuations?|vials?|ampoules?|puffs?)\b"
)
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})")
_RATIO = re.compile(r"(?P<number>\d+\s*:\s*\d+(?:[ ,]\d{3})*)")
_JOINED = re.compile(r"\s*(?:\+|–|-|\bto\b|\bor\b)\s*")
_RANGE = re.compile(rf"{_NUMBER}\s*(?:–|-|to)\s*(?={_NUMBER})")
_PER = re.compile(
    rf"\s*(?:(?:per|/)\s*(?P<per>(?:{_NUMBER})?\s*(?:{_UNIT}|hours?\b|h\b|days?\b))|in\s+(?P<within>{_NUMBER}\s*(?:{_UNIT})))"
)


@dataclass(frozen=True)
class Amount:
    number: str
    unit: str


@dataclass(frozen=True)
class Strength:
    """``per``: the quantity that the amounts are in, such as "5 mL"; ``form``: the words after them."""

    amounts: tuple[Amount, ...]
    per: str = ""
    form: str = ""


@remembered
def parse_strength(text: str) -> Strength | None:
    """Read one strength, or return ``None`` where it does not open with an amount. Never raises."""
    text = " ".join(text.split())
    amounts: list[Amount] = []
    place = 0
    while found := _amount_at(text, place):
        amount, place = found
        amounts.append(amount)
        joined = _JOINED.match(text, place)
        if not joined or not _amount_at(text, joined.end()):
            break
        place = joined.end()
    if not amounts:
        return None
    per = _PER.match(text, place)
    if per:
        place = per.end()
    return Strength(tuple(amounts), (per["per"] or per["within"]).strip() if per else "", text[place:].strip())


def _amount_at(text: str, place: int) -> tuple[Amount, int] | None:
    if ratio := _RATIO.match(text, place):
        return Amount(ratio["number"], ""), ratio.end()
    start = place
    if opening := _RANGE.match(text, place):
        start = opening.end()
    if amount := _AMOUNT.match(text, start):
        return Amount(text[place : amount.end("number")].strip(), amount["unit"]), amount.end()
    return None
