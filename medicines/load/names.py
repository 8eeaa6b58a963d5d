"""Invented names that sound as names of medicines and of diseases do. None is meant to exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

ONSETS = ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "cl", "dr", "fl", "pl", "tr"]
VOWELS = ["a", "e", "i", "o", "u"]
CODAS = ["", "", "", "l", "m", "n", "r", "s", "x"]


@dataclass(frozen=True)
class Stem:
    """The end of a name, and the class of the ATC classification, at level 3, that such names mostly stand in."""

    ending: str
    atc: str
    is_biological: bool = False


STEMS = (
    Stem("cillin", "J01C"),
    Stem("micin", "J01G"),
    Stem("floxacin", "J01M"),
    Stem("penem", "J01D"),
    Stem("conazole", "J02A"),
    Stem("vir", "J05A"),
    Stem("prazole", "A02B"),
    Stem("gliptin", "A10B"),
    Stem("setron", "A04A"),
    Stem("parin", "B01A"),
    Stem("pril", "C09A"),
    Stem("sartan", "C09C"),
    Stem("olol", "C07A"),
    Stem("dipine", "C08C"),
    Stem("statin", "C10A"),
    Stem("tinib", "L01E"),
    Stem("mab", "L04A", is_biological=True),
    Stem("fenac", "M01A"),
    Stem("caine", "N01B"),
    Stem("azepam", "N05B"),
    Stem("triptan", "N02C"),
    Stem("quine", "P01B"),
    Stem("terol", "R03A"),
    Stem("lukast", "R03D"),
)

ANTIBIOTICS = "J01"

ORGANS = (
    *("airways", "bladder", "blood", "bones", "bowel", "brain", "breast", "ears", "eyes", "gums"),
    *("hands", "heart", "joints", "kidneys", "liver", "lungs", "lymph nodes", "mouth", "muscles", "nerves"),
    *("nose", "pancreas", "pelvis", "scalp", "sinuses", "skin", "spine", "stomach", "throat", "veins"),
)

CONDITIONS = {
    "infection": 30,
    "inflammation": 16,
    "pain": 12,
    "cancer": 10,
    "ulcer": 8,
    "weakness": 8,
    "bleeding": 6,
    "allergy": 5,
    "stiffness": 3,
    "swelling": 2,
}
"""What diseases are called, and how many of a hundred are called so: a search for "infection" finds very much."""


@dataclass(frozen=True)
class Substance:
    name: str
    stem: Stem
    atc: str

    @property
    def is_antibiotic(self) -> bool:
        return self.atc.startswith(ANTIBIOTICS)


@dataclass(frozen=True)
class Disease:
    """``organ`` and ``condition`` are places in ``ORGANS`` and ``CONDITIONS``, from 0."""

    name: str
    organ: int
    condition: int
    icd11: str


def substances(random: Random) -> Iterator[Substance]:
    """Substances without end, no two of one name."""
    taken: set[str] = set()
    while True:
        stem = random.choice(STEMS)
        name = _word(random, syllables=random.choice((2, 2, 3))) + stem.ending
        if name not in taken:
            taken.add(name)
            code = f"{stem.atc}{random.choice('ABCDEFGHJKLM')}{random.randint(1, 99):02}"
            yield Substance(name, stem, code)


def diseases(random: Random) -> Iterator[Disease]:
    """Diseases without end, no two of one name."""
    taken: set[str] = set()
    words, weights = list(CONDITIONS), list(CONDITIONS.values())
    while True:
        condition = random.choices(range(len(words)), weights)[0]
        organ = random.randrange(len(ORGANS))
        adjective = _word(random, syllables=2) + random.choice(("ic", "al", "oid", "ous"))
        name = f"{adjective.capitalize()} {words[condition]} of the {ORGANS[organ]}"
        if name not in taken:
            taken.add(name)
            yield Disease(name, organ, condition, _icd11(random, organ))


def _word(random: Random, *, syllables: int) -> str:
    return "".join(
        random.choice(ONSETS) + random.choice(VOWELS) + random.choice(CODAS if last else [""])
        for last in (place == syllables - 1 for place in range(syllables))
    )


def _icd11(random: Random, organ: int) -> str:
    """A code in the form of ICD-11; one disease of six has none."""
    if random.random() < 1 / 6:
        return ""
    chapter = "123456789ABCDEFGHJKLMNP"[organ % 23]
    return f"{chapter}{random.choice('ABCDEFGH')}{random.randint(0, 99):02}.{random.randint(0, 9)}"
