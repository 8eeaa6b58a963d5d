"""The words of a text, and the stretches in which two texts agree and differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape, unescape
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.safestring import mark_safe

from medicines.content import richtext
from medicines.content.citations import Numbering
from medicines.content.evidence import typographic
from medicines.content.labels import Words
from medicines.content.schema import Narrative

from .changes import FieldChange, Run, Side

LONGEST = 4_000_000
"""Above so many pairs of words a block is shown as replaced: nobody reads such a mixture, and it would take seconds."""

MOST = 20_000_000
"""The same for all blocks of one comparison together."""


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_WORD = re.compile(
    r"[\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # one by one
    r"|[-+\u2212]?\d+(?:[.,\u00b7]\d+)*%?"
    r"|(?:[^\W\d]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d])+(?:['’](?=\w)\w+)?"
    r"|\s+|.",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'="([^"]*)"')


class Token(NamedTuple):
    """A word, a space, a sign or an object, with its marks; equal tokens read the same."""

    text: str
    marks: tuple[str, ...] = ()
    object: tuple[str, str] = ("", "")

    @property
    def is_word(self) -> bool:
        return bool(self.object[0]) or any(character.isalnum() for character in self.text)


class NarrativeSide:
    """One of the two narratives, with what its citations and figures read as."""

    def __init__(self, narrative: Narrative):
        self.narrative = narrative
        self.numbering = Numbering(narrative)
        self.references = {reference.id: reference for reference in reversed(narrative.references)}
        self.findings = {finding.id: finding for finding in reversed(narrative.findings)}
        self._shapes: dict[str, Counter[Any]] = {}
        self._pairs_left = MOST
        self.blocks: dict[str, list[richtext.Block]] = {}
        for section in narrative.sections:
            self.blocks.setdefault(section.key, []).extend(richtext.blocks(section.html))

    def may_align(self, pairs: int) -> bool:
        """Whether so many pairs of words may still be compared; if so they count."""
        if pairs > min(LONGEST, self._pairs_left):
            return False
        self._pairs_left -= pairs
        return True

    def shape(self, block: richtext.Block) -> Counter[Any]:
        """How often each word, and each pair of neighbours, stands in a block."""
        if block.id not in self._shapes:
            words = [self.sense(token) for token in self.tokens(block.html) if token.is_word]
            self._shapes[block.id] = Counter([*words, *pairwise(words)])
        return self._shapes[block.id]

    def tokens(self, html: str) -> list[Token]:
        """The words of a piece of sanitised text, in reading order."""
        found: list[Token] = []
        marks: list[str] = []
        position = 0
        for tag in _TAG.finditer(html):
            found.extend(tokens_of(html[position : tag.start()], tuple(marks)))
            position = tag.end()
            closing, name, attributes = tag.groups()
            if name == "br":
                found.append(Token("", object=("br", "")))
            elif name in ("cite", "data"):
                if not closing:
                    found.append(Token("", object=(name, _ATTRIBUTE.findall(attributes)[0])))
            elif name in ("a", "strong", "em", "sub", "sup"):
                if closing:
                    marks.pop()
                else:
                    marks.append(tag[0])
        found.extend(tokens_of(html[position:], tuple(marks)))
        return found

    def sense(self, token: Token) -> tuple[Any, ...]:
        """What makes two tokens the same: a citation is its reference, whatever its id or number."""
        kind, target = token.object
        if kind == "cite":
            reference = self.references.get(target)
            return (kind, repr(sorted(reference.csl.items())) if reference and reference.csl else target)
        if kind == "data":
            finding = self.findings.get(target)
            return (kind, target, finding.estimate if finding else None)
        return token

    def html(self, tokens: Sequence[Token], after: str = "") -> str:
        """Tokens as safe HTML; ``after`` is the text that stands before them."""
        out: list[str] = []
        opened: tuple[str, ...] = ()
        index = 0
        while index < len(tokens):
            token = tokens[index]
            shared = 0
            while shared < min(len(opened), len(token.marks)) and opened[shared] == token.marks[shared]:
                shared += 1
            out.extend(_closing(mark) for mark in reversed(opened[shared:]))
            out.extend(token.marks[shared:])
            opened = token.marks
            if token.object[0] == "cite":
                group = []
                while index < len(tokens) and tokens[index].object[0] == "cite":
                    group.append(f'<cite data-ref="{tokens[index].object[1]}"></cite>')
                    index += 1
                before = out[-1] if out else after
                out.append("" if not before or before[-1:].isspace() or before[-1] in "(（" else " ")
                out.append(self.numbering.written("".join(group)))
                continue
            if token.object[0] == "br":
                out.append("<br>")
            elif token.object[0] == "data":
                finding = self.findings.get(token.object[1])
                out.append(escape(typographic(finding.estimate)) if finding else "?")
            else:
                out.append(escape(token.text, quote=False))
            index += 1
        out.extend(_closing(mark) for mark in reversed(opened))
        return "".join(out)


def tokens_of(html: str, marks: tuple[str, ...]) -> Iterator[Token]:
    for word in _WORD.findall(unescape(html)):
        yield Token(word, marks)


def _closing(mark: str) -> str:
    return f"</{mark[1:-1].split(' ')[0]}>"


def runs_between(
    before: NarrativeSide, old: Sequence[Token], after: NarrativeSide, new: Sequence[Token]
) -> tuple[Run, ...]:
    """Two texts as stretches: what is gone stands before what came in its place."""
    pieces: list[tuple[Side, Sequence[Token]]] = []
    for gone, come, is_same in _stretches(before, old, after, new):
        if is_same:
            pieces.append(("same", come))
        else:
            pieces.extend([("removed", gone), ("added", come)])
    runs: list[Run] = []
    last = {"removed": "", "added": ""}
    for side, tokens in pieces:
        if tokens:
            source = "removed" if side == "removed" else "added"
            html = (before if side == "removed" else after).html(tokens, last[source])
            runs.append(Run(side, mark_safe(html), sum(token.is_word for token in tokens)))  # noqa: S308  escaped
            for each in ("removed", "added") if side == "same" else (source,):
                last[each] = tokens[-1].text or " "
    return tuple(runs)


Stretch = tuple[list[Token], list[Token], bool]


def _stretches(
    before: NarrativeSide, old: Sequence[Token], after: NarrativeSide, new: Sequence[Token]
) -> list[Stretch]:
    """What is gone, what has come in its place, and whether both are the same."""
    if [before.sense(token) for token in old] == [after.sense(token) for token in new]:
        return [(list(old), list(new), True)]
    if not before.may_align(len(old) * len(new)):
        return [(list(old), list(new), False)]
    found: list[Stretch] = []
    aligned: list[Stretch] = []
    for stretch in _aligned(before, old, after, new):
        _append(aligned, stretch)
    for index, (gone, come, is_same) in enumerate(aligned):
        # A space or a comma alone between two changes is no landmark for a reader: it joins them.
        inner = 0 < index < len(aligned) - 1
        if is_same and inner and not any(token.is_word for token in come):
            is_same = False
        _append(found, (gone, come, is_same))
    return found


def _append(stretches: list[Stretch], stretch: Stretch) -> None:
    """Add a stretch; one of the same kind as the last becomes part of it."""
    if stretches and stretches[-1][2] == stretch[2]:
        stretches[-1][0].extend(stretch[0])
        stretches[-1][1].extend(stretch[1])
    else:
        stretches.append((list(stretch[0]), list(stretch[1]), stretch[2]))


def _aligned(
    before: NarrativeSide, old: Sequence[Token], after: NarrativeSide, new: Sequence[Token]
) -> Iterator[Stretch]:
    """The texts word by word. Spaces go with the word before them: most tokens are spaces, all of them alike, and to
    align them too takes ten times as long.
    """
    a, b = _with_spaces(old), _with_spaces(new)
    of_old, of_new = [before.sense(words[0]) for words in a], [after.sense(words[0]) for words in b]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, of_old, of_new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone, come, tail = _without_tail(_joined(a[i1:i2]), _joined(b[j1:j2]))
            yield gone, come, False
            if tail:
                yield tail, tail, True
            continue
        same: tuple[list[Token], list[Token]] = ([], [])
        for gone, come in zip(a[i1:i2], b[j1:j2], strict=True):
            for tokens, added in zip(same, (gone, come), strict=True):
                tokens.append(added[0])
            if gone[1:] == come[1:]:
                for tokens, added in zip(same, (gone, come), strict=True):
                    tokens.extend(added[1:])
                continue
            yield *same, True
            yield gone[1:], come[1:], False
            same = ([], [])
        if same[0]:
            yield *same, True


def _with_spaces(tokens: Sequence[Token]) -> list[list[Token]]:
    """Each token with the spaces after it."""
    found: list[list[Token]] = []
    for token in tokens:
        if found and token.text.isspace():
            found[-1].append(token)
        else:
            found.append([token])
    return found


def _without_tail(gone: list[Token], come: list[Token]) -> tuple[list[Token], list[Token], list[Token]]:
    """Both without the spaces that they end in alike, and these spaces."""
    at = 0
    while at < min(len(gone), len(come)) and gone[-1 - at] == come[-1 - at] and gone[-1 - at].text.isspace():
        at += 1
    return gone[: len(gone) - at], come[: len(come) - at], come[len(come) - at :]


def _joined(words: Sequence[Sequence[Token]]) -> list[Token]:
    return [token for each in words for token in each]


def whole_run(side: NarrativeSide, tokens: Sequence[Token], kind: Side) -> tuple[Run, ...]:
    if not tokens:
        return ()
    html = mark_safe(side.html(tokens))  # noqa: S308  escaped
    return (Run(kind, html, sum(token.is_word for token in tokens)),)


def field_change(label: Words, before: str | None, after: str | None) -> FieldChange:
    """A field whose words are plain text."""
    old, new = (list(tokens_of(escape(words or ""), ())) for words in (before, after))
    nothing = NarrativeSide(Narrative())
    return FieldChange(label, before, after, runs_between(nothing, old, nothing, new))
