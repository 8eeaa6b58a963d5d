"""Sub-headings that run into their paragraph, and bullets that stand in one: offered, never applied.

A run-in heading is found by one thing that it leaves behind: "…versus placebo A 2024 review" has a capital in the
middle of what would be a sentence, on a word that the document elsewhere writes small, or that opens sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from medicines.content import richtext
from medicines.content.schema import SectionKey

from .report import Split

SENTENCE = re.compile(r"(?:^|(?<=[.!?…])[\"”’»)\]]*\s+)(?=[^\W\d_])", re.MULTILINE)
WORD = re.compile(r"[^\s]+")
BULLET = re.compile(r"(?:^|(?<=\s))[•▪◦‣]\s+")
STOP = re.compile(r"[.!?:;,()\[\]…]")
WORDS_LEAST, WORDS_MOST = 2, 10

OPENING = (
    "a an the this these those in one two three four five six most several no there it for of evidence data "
    "le la les un une des dans ce ces cette selon el los las una en este esta estos según"
)
LINKING = (
    "a an the of in on at by for from to with without and or as than is are was were be been has have had not that "
    "this these those which who versus using between during under per via into its their our some any all most each "
    "le la les un une des du de et ou à au aux en dans par pour avec sans sur que qui est sont "
    "el los las y o del al en por para con sin sobre es son se lo su sus"
)
OPENERS = frozenset(OPENING.split())
NEVER_LAST = frozenset(LINKING.split())


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def offered_splits(sections: Iterable[tuple[SectionKey, str]], lines: Mapping[str, int]) -> list[Split]:
    """Splits for sanitised sections. ``lines`` tells from which line of the source a block came, by block id."""
    sections = list(sections)
    small = {word for _, html in sections for word in re.findall(r"[^\W\d_]+", richtext.text(html)) if word.islower()}
    found = []
    for section, html in sections:
        for block in richtext.blocks(html):
            if block.tag != "p":
                continue
            line = lines.get(block.id, 0)
            for start, words in (*_run_in_headings(block.text, small), *_bullets(block.text)):
                found.append(
                    Split(
                        kind="list" if words[0] in "•▪◦‣" else "heading",
                        section=section,
                        block=block.id,
                        words=words,
                        offset=start,
                        line=line,
                    )
                )
    return found


def _run_in_headings(text: str, small: set[str]) -> Iterable[tuple[int, str]]:
    for sentence in SENTENCE.finditer(text):
        start = sentence.end()
        following = islice(WORD.finditer(text, start), WORDS_MOST + 2)
        words = [_Word(found[0], found.start(), found.end()) for found in following]
        length = _length_of_heading(words, small)
        if length:
            yield start, text[start : words[length - 1].end]


def _length_of_heading(words: list[_Word], small: set[str]) -> int:
    """How many of a sentence's first words are a heading; 0 where none are."""
    if not words or not words[0].text[0].isupper() or words[0].text.lower() in OPENERS:
        return 0
    for count, word in enumerate(words[: WORDS_MOST + 1]):
        if count >= WORDS_LEAST and _opens_sentence(words, count, small):
            return count
        if STOP.search(word.text):
            return 0
    return 0


def _opens_sentence(words: list[_Word], at: int, small: set[str]) -> bool:
    word, last = words[at].text, words[at - 1].text
    if not word[0].isupper() or last.lower() in NEVER_LAST or not last[-1].islower() or last[0].isupper():
        return False
    following = words[at + 1].text if at + 1 < len(words) else ""
    # A capital followed by another is a name ("Modified Ashworth Scale").
    if not following or following[0].isupper():
        return False
    lowered = word.lower()
    return lowered in OPENERS or (word[1:].islower() and lowered in small)


def _bullets(text: str) -> Iterable[tuple[int, str]]:
    """Each bullet of a paragraph with its first words."""
    for bullet in BULLET.finditer(text):
        words = text[bullet.start() : bullet.start() + 80].split(" ")
        yield bullet.start(), " ".join(words[:6])
