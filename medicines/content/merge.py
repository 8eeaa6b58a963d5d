"""Three-way merging of drafts: two people's changes to one base, with nobody's words lost.

Text is merged by blocks, facts by fields, placements and other rows by what identifies them, references, findings and
costs by id. Where both changed the same thing differently there is a ``Conflict`` with both texts; the merged content
then holds theirs. A deletion never wins over an edit: the edited text stays until somebody chooses.

What a block says and where it stands are merged apart, so that one may rewrite what the other moves.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

from django.utils.translation import gettext_lazy

from medicines.content import labels, richtext
from medicines.content.labels import Words
from medicines.content.schema import (
    Cost,
    DraftContent,
    Facts,
    Finding,
    Formulation,
    Link,
    Narrative,
    NarrativeSection,
    Part,
    Placement,
    ProposalFacts,
    Reference,
    SectionKey,
    StatusEvent,
)

Choice = Literal["mine", "theirs", "both"]
Row = TypeVar("Row", bound=Part)
Key = TypeVar("Key", bound=Hashable)


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()
"""What a side has where it holds nothing: deleted, or not yet written. ``None`` is a value: *not stated*."""


_TOP_LEVEL = re.compile(r"<(?:h[34]|table) data-block=")


@dataclass(frozen=True)
class Conflict:
    """One thing that both changed differently, with all three texts; an empty text is a deletion.

    ``labels`` say where, from the outside in. ``is_text``: the texts are sanitised HTML of one block, and "both" is a
    choice; otherwise they are plain words.
    """

    key: str
    labels: tuple[Words, ...]
    base: str
    mine: str
    theirs: str
    is_text: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        return ("theirs", "mine", "both") if self.is_text else ("theirs", "mine")


@dataclass(frozen=True)
class Merge:
    """The merged content, what is still to be chosen, and the three contents that it was made from."""

    content: DraftContent
    conflicts: tuple[Conflict, ...]
    base: DraftContent
    mine: DraftContent
    theirs: DraftContent
    chosen: tuple[tuple[str, Choice], ...] = ()


def merge(base: DraftContent, mine: DraftContent, theirs: DraftContent) -> Merge:
    """Bring two contents that began as ``base`` together.

    ``merge(b, m, b)`` is ``m``, ``merge(b, b, t)`` is ``t``. A word that either side wrote stands in the merged content
    or in a conflict. A conflict keeps theirs in the content, or mine where theirs deleted it.
    """
    return _merged(base, mine, theirs, {})


def resolve(merge: Merge, choices: Mapping[str, Choice]) -> Merge:
    """Settle conflicts by key; those that are not named stay as they are.

    Raises ``KeyError`` for a key that is no conflict of this merge and ``ValueError`` for a choice that it does not
    offer.
    """
    known = {conflict.key: conflict for conflict in merge.conflicts}
    for key, choice in choices.items():
        if choice not in known[key].choices:
            raise ValueError(f"{key}: {choice!r} is no choice")
    return _merged(merge.base, merge.mine, merge.theirs, {**dict(merge.chosen), **choices})


def _merged(base: DraftContent, mine: DraftContent, theirs: DraftContent, choices: Mapping[str, Choice]) -> Merge:
    merger = _Merger(choices)
    content = merger.draft(base, mine, theirs)
    return Merge(content, tuple(merger.conflicts), base, mine, theirs, tuple(choices.items()))


class _Merger:
    def __init__(self, choices: Mapping[str, Choice]):
        self.choices = choices
        self.conflicts: list[Conflict] = []

    # --- the document

    def draft(self, base: DraftContent, mine: DraftContent, theirs: DraftContent) -> DraftContent:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        proposals = self.rows(
            _Where("proposals"),
            base.proposals,
            mine.proposals,
            theirs.proposals,
            identity=lambda proposal: proposal.key,
            each=self.proposal,
        )
        salt = mine.salt if theirs.salt == base.salt else theirs.salt
        narrative = self.narrative(base.narrative, mine.narrative, theirs.narrative)
        return theirs.model_copy(update={"salt": salt, "proposals": proposals, "narrative": narrative})

    def proposal(self, where: _Where, base: Any, mine: ProposalFacts, theirs: ProposalFacts) -> ProposalFacts:
        facts = self.facts(where.under("facts"), MISSING if base is MISSING else base.facts, mine.facts, theirs.facts)
        return theirs.model_copy(update={"facts": facts})

    def narrative(self, base: Narrative, mine: Narrative, theirs: Narrative) -> Narrative:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        mine = _apart(base, mine, theirs)
        where = _Where("narrative")
        language = self.value(where.under("language", gettext_lazy("Language")), *_of("language", base, mine, theirs))
        sections = self.sections(base, mine, theirs)
        merged = Narrative(
            language=language,
            sections=sections,
            findings=self.named_rows("findings", base, mine, theirs),
            costs=self.named_rows("costs", base, mine, theirs),
            references=self.named_rows("references", base, mine, theirs),
        )
        return _with_cited(merged, theirs, mine, base)

    def named_rows(self, name: str, *narratives: Narrative) -> tuple[Any, ...]:
        base, mine, theirs = (getattr(narrative, name) for narrative in narratives)
        where = _Where(name, (labels.PARTS[name],))
        each = self.reference if name == "references" else self.fields
        return self.rows(where, base, mine, theirs, identity=lambda row: row.id, each=each)

    # --- values

    def value(self, where: _Where, base: Any, mine: Any, theirs: Any) -> Any:
        """One value that is merged whole: the changed one, or a conflict."""
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        return self.settle(where, base, mine, theirs)

    def settle(self, where: _Where, base: Any, mine: Any, theirs: Any, *, is_text: bool = False) -> Any:
        choice = self.choices.get(where.key)
        if choice == "mine":
            return mine
        if choice == "theirs":
            return theirs
        if choice == "both" and is_text:
            return "".join(filter(None, (theirs, richtext.reblock(mine) if theirs else mine)))
        texts = [value if is_text else words_of(value, where.field) for value in (base, mine, theirs)]
        self.conflicts.append(Conflict(where.key, where.labels, texts[0], texts[1], texts[2], is_text=is_text))
        return mine if theirs is MISSING or (is_text and not theirs) else theirs

    def words(self, where: _Where, base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
        """A list of words without identity (codes, partners, strengths): additions and removals of both."""
        if mine in (base, theirs):
            return tuple(theirs)
        if theirs == base:
            return tuple(mine)
        gone = {word for word in base if word not in mine or word not in theirs}
        kept = dict.fromkeys(word for word in (*base, *mine, *theirs) if word not in gone)
        return tuple(_order(_unique(base), _unique(mine), _unique(theirs), kept))

    def fields(self, where: _Where, base: Any, mine: Any, theirs: Any) -> Any:
        """A row field by field; a field of a row that both added has no base."""
        names = {"findings": labels.FINDING, "costs": labels.COST}.get(where.path[0], labels.FACTS)
        update = {}
        for field in type(theirs).model_fields:
            at = where.under(field, names.get(field, field))
            versions = _of(field, base, mine, theirs)
            if field == "formulations":
                rows = (() if version is MISSING else version for version in versions)
                update[field] = self.rows(at, *rows, identity=_formulation_identity, each=self.fields)
            elif isinstance(versions[2], tuple) and all(isinstance(word, str) for word in versions[2]):
                update[field] = self.words(at, *(() if version is MISSING else version for version in versions))
            else:
                update[field] = self.value(at, *versions)
        return theirs.model_copy(update=update)

    def facts(self, where: _Where, base: Any, mine: Facts, theirs: Facts) -> Facts:
        update: dict[str, Any] = {}
        rows: dict[str, tuple[Callable[[Any], Hashable], Callable[..., Any]]] = {
            "placements": (_placement_identity, self.fields),
            "history": (lambda entry: (entry.event, entry.year), self.value),
            "links": (lambda link: (link.site, link.title), self.value),
        }
        for field in Facts.model_fields:
            at = where.under(field, labels.FACTS[field])
            versions = _of(field, base, mine, theirs)
            if isinstance(versions[2], tuple):
                versions = tuple(() if version is MISSING else version for version in versions)
            if field in rows:
                identity, each = rows[field]
                update[field] = self.rows(at, *versions, identity=identity, each=each)
            elif isinstance(versions[2], tuple):
                update[field] = self.words(at, *versions)
            else:
                update[field] = self.value(at, *versions)
        return theirs.model_copy(update=update)

    def reference(self, where: _Where, base: Any, mine: Reference, theirs: Reference) -> Reference:
        versions: list[Any] = [MISSING if version is MISSING else version.csl for version in (base, mine, theirs)]
        csl: dict[str, Any] = {}
        for field in dict.fromkeys(itertools.chain(theirs.csl, mine.csl)):
            at = where.under(field, labels.CSL.get(field, field))
            value = self.value(
                at, *(MISSING if version is MISSING else version.get(field, MISSING) for version in versions)
            )
            if value is not MISSING:
                csl[field] = value
        at = where.under("original", labels.FACTS["original"])
        original = self.value(at, *_of("original", base, mine, theirs))
        guessed = self.words(where.under("guessed"), getattr(base, "guessed", ()), mine.guessed, theirs.guessed)
        return Reference(id=theirs.id, csl=csl, original=original, guessed=guessed)

    def rows(
        self,
        where: _Where,
        base: Sequence[Row],
        mine: Sequence[Row],
        theirs: Sequence[Row],
        *,
        identity: Callable[[Row], Hashable],
        each: Callable[..., Row],
    ) -> tuple[Row, ...]:
        """Rows with an identity. A row that one deleted and the other changed is a conflict and stays."""
        if mine in (base, theirs):
            return tuple(theirs)
        if theirs == base:
            return tuple(mine)
        sides = [_keyed(rows, identity) for rows in (base, mine, theirs)]
        merged: dict[Hashable, Row] = {}
        for key in dict.fromkeys(itertools.chain(*sides)):
            versions: list[Any] = [side.get(key, MISSING) for side in sides]
            at = where.under(_slug(key), _name_of(next(v for v in reversed(versions) if v is not MISSING)))
            # Rows are taken apart only where both changed them.
            if MISSING not in versions[1:] and _all_differ(*versions):
                row = each(at, *versions)
            else:
                row = self.value(at, *versions)
            if row is not MISSING:
                merged[key] = row
        of_base, of_mine, of_theirs = (list(side) for side in sides)
        return tuple(merged[key] for key in _order(of_base, of_mine, of_theirs, merged))

    # --- the text

    def sections(self, *narratives: Narrative) -> tuple[NarrativeSection, ...]:
        base, mine, theirs = (_Text(narrative) for narrative in narratives)
        texts = _Blocks(self, base, mine, theirs)
        empty = {key for key in base.html if key not in mine.html or key not in theirs.html}
        keys = _order(list(base.html), list(mine.html), list(theirs.html), dict.fromkeys([*theirs.html, *mine.html]))
        merged = [NarrativeSection(key=key, html=texts.section(key)) for key in keys]
        return tuple(section for section in merged if section.html or section.key not in empty)


class _Where:
    """A place in the document: its path, and what people call it."""

    def __init__(self, first: str, names: tuple[Words, ...] = (), path: tuple[str, ...] = ()):
        self.path = (*path, first)
        self.labels = names

    def under(self, step: str, name: Words = "") -> _Where:
        return _Where(step, (*self.labels, name) if name else self.labels, self.path)

    @property
    def key(self) -> str:
        return "/".join(self.path)

    @property
    def field(self) -> str:
        return self.path[-1]


class _Text:
    """The sections of one narrative, taken apart into blocks and what stands around them."""

    def __init__(self, narrative: Narrative):
        self.html: dict[SectionKey, str] = {}
        for section in narrative.sections:
            self.html[section.key] = self.html.get(section.key, "") + section.html
        minted = (f"again-{number}" for number in itertools.count(1))
        unique = richtext.unique_blocks(self.html.values(), mint=lambda: next(minted))
        self.html = dict(zip(self.html, unique, strict=True))
        self.block: dict[str, richtext.Block] = {}
        self.home: dict[str, SectionKey] = {}
        self.order: dict[SectionKey, list[str]] = {}
        self.around: dict[SectionKey, list[str]] = {}
        for key, html in self.html.items():
            self.order[key], self.around[key] = [], []
            position = 0
            for block in richtext.blocks(html):
                start = html.index(block.html, position)
                self.around[key].append(html[position:start])
                position = start + len(block.html)
                self.order[key].append(block.id)
                self.block[block.id] = block
                self.home[block.id] = key
            self.around[key].append(html[position:])

    def skeleton(self, key: SectionKey) -> tuple[list[str], list[str]]:
        """The order of the blocks and the markup around them, without what they say."""
        return self.order.get(key, []), self.around.get(key, [""])

    def said(self, block_id: str) -> Any:
        return self.block[block_id].html if block_id in self.block else MISSING

    def wraps(self, block_id: str) -> tuple[str, ...]:
        return tuple(tag for tag, _ in self.block[block_id].path)


class _Blocks:
    """The blocks of three narratives: which stay, what they say, and where they stand."""

    def __init__(self, merger: _Merger, base: _Text, mine: _Text, theirs: _Text):
        self.base, self.mine, self.theirs = base, mine, theirs
        self.home: dict[str, SectionKey] = {}
        self.said: dict[str, str] = {}
        for block_id in dict.fromkeys(itertools.chain(theirs.block, mine.block)):
            html = self._say(merger, block_id)
            if html is not MISSING and html != "":
                self.said[block_id] = html
                self.home[block_id] = self._place(block_id)

    def _say(self, merger: _Merger, block_id: str) -> Any:
        base, mine, theirs = (side.said(block_id) for side in (self.base, self.mine, self.theirs))
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        home = self._place(block_id)
        where = _Where("blocks", (labels.SECTIONS[home],)).under(block_id)
        texts = ("" if said is MISSING else said for said in (base, mine, theirs))
        return merger.settle(where, *texts, is_text=True)

    def _place(self, block_id: str) -> SectionKey:
        base, mine, theirs = (side.home.get(block_id) for side in (self.base, self.mine, self.theirs))
        return cast("SectionKey", mine if theirs is None or (theirs == base and mine is not None) else theirs)

    def section(self, key: SectionKey) -> str:
        members = dict.fromkeys(block_id for block_id, home in self.home.items() if home == key)
        base, mine, theirs = (side.skeleton(key) for side in (self.base, self.mine, self.theirs))
        if mine in (base, theirs) or theirs == base:
            side = self.theirs if mine in (base, theirs) else self.mine
            order, around = side.skeleton(key)
            if set(order) == set(members) and all(self._fits(block_id, side.wraps(block_id)) for block_id in order):
                return "".join(itertools.chain(*zip(around, (self.said[i] for i in order), strict=False), around[-1:]))
        order = _order(base[0], mine[0], theirs[0], members)
        return richtext.sanitise(self._rebuilt(order))

    def _rebuilt(self, order: Iterable[str]) -> str:
        """The blocks in lists and quotations again: neighbours that shared one on any side share it here."""
        out: list[str] = []
        opened: tuple[str, ...] = ()
        previous = ""
        for block_id in order:
            wraps = self._wraps(block_id)
            shared = self._shared(previous, opened, block_id, wraps)
            out.extend(f"</{tag}>" for tag in reversed(opened[shared:]))
            out.extend(f"<{tag}>" for tag in wraps[shared:])
            out.append(self.said[block_id])
            opened, previous = wraps, block_id
        out.extend(f"</{tag}>" for tag in reversed(opened))
        return "".join(out)

    def _fits(self, block_id: str, wraps: tuple[str, ...]) -> bool:
        """Headings and tables stand in no list or quotation."""
        return not wraps or not _TOP_LEVEL.search(self.said[block_id])

    def _wraps(self, block_id: str) -> tuple[str, ...]:
        wraps = self._changed_wraps(block_id)
        return wraps if self._fits(block_id, wraps) else ()

    def _changed_wraps(self, block_id: str) -> tuple[str, ...]:
        sides = [side for side in (self.theirs, self.mine) if block_id in side.block]
        wraps = sides[0].wraps(block_id)
        if len(sides) == 2 and block_id in self.base.block and wraps == self.base.wraps(block_id):
            return sides[1].wraps(block_id)
        return wraps

    def _shared(self, previous: str, opened: tuple[str, ...], block_id: str, wraps: tuple[str, ...]) -> int:
        for side in (self.theirs, self.mine, self.base):
            if (
                previous in side.block
                and block_id in side.block
                and side.home[previous] == side.home[block_id]
                and side.wraps(previous) == opened
                and side.wraps(block_id) == wraps
            ):
                return _common(side.block[previous].path, side.block[block_id].path)
        shared = _common(opened, wraps)
        # Blocks that never stood together may share a list, but not an item of it.
        while shared and wraps[shared - 1] == "li":
            shared -= 1
        return shared


def _common(first: Sequence[Any], second: Sequence[Any]) -> int:
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _order(base: Sequence[Key], mine: Sequence[Key], theirs: Sequence[Key], members: Mapping[Key, Any]) -> list[Key]:
    """The members in their order: theirs, with what mine added or moved put after what precedes it in mine."""
    moved = moved_keys(base, mine) - moved_keys(base, theirs)
    merged = [key for key in theirs if key in members and key not in moved]
    placed = set(merged)
    at = 0
    for key in mine:
        if key in placed:
            at = merged.index(key) + 1
        elif key in members:
            merged.insert(at, key)
            placed.add(key)
            at += 1
    merged.extend(key for key in members if key not in placed)
    return merged


def moved_keys(base: Sequence[Key], side: Sequence[Key]) -> set[Key]:
    """The fewest keys whose moving turns the order of ``base`` into that of ``side``."""
    rank = {key: index for index, key in enumerate(base)}
    common = [key for key in side if key in rank]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, key in enumerate(common):
        at = bisect_left(tails, rank[key])
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [rank[key]]
        ends[at : at + 1] = [index]
    stay, index = set(), ends[-1] if ends else -1
    while index >= 0:
        stay.add(common[index])
        index = before[index]
    return set(common) - stay


def _all_differ(base: Any, mine: Any, theirs: Any) -> bool:
    return mine not in (base, theirs) and theirs != base


def _of(field: str, *versions: Any) -> tuple[Any, ...]:
    return tuple(MISSING if version is MISSING else getattr(version, field) for version in versions)


def _unique(words: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys(words))


def _keyed(rows: Iterable[Row], identity: Callable[[Row], Hashable]) -> dict[Hashable, Row]:
    """Rows by identity; of two alike the later is told apart by counting."""
    keyed: dict[Hashable, Row] = {}
    for row in rows:
        key = identity(row)
        number = 1
        while (key, number) in keyed:
            number += 1
        keyed[(key, number)] = row
    return keyed


def _placement_identity(placement: Placement) -> Hashable:
    section = placement.section
    return (section.edition, *((step.number, step.title) for step in section.steps)) if section else ()


def _formulation_identity(formulation: Formulation) -> Hashable:
    return (formulation.route, formulation.original if not formulation.route else "")


def _slug(key: object) -> str:
    identity, number = cast("tuple[object, int]", key)
    parts = _leaves(identity)
    return ".".join([*parts, str(number)] if number > 1 else parts) or "-"


def _leaves(value: object) -> list[str]:
    if isinstance(value, Part):
        value = [getattr(value, field) for field in type(value).model_fields]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [leaf for entry in value for leaf in _leaves(entry)]
    return [] if value is None or value is MISSING or value == "" else [str(value)]


def words_of(value: object, field: str = "") -> str:
    """Any value of a document as plain words; fixed values as they are called."""
    if isinstance(value, Placement):
        field = "eml"
    if isinstance(value, StatusEvent):
        heading = str(labels.HISTORY[value.event]) % {"year": value.year}
        return ", ".join([heading, *filter(None, (value.report, value.words))])
    known: Mapping[str, Words] = labels.VALUES.get(field, {})
    if field in ("eml", "emlc", "unnamed_list"):
        known = labels.LIST_STATUS
    return ", ".join(filter(None, (str(known.get(leaf, leaf)) for leaf in _leaves(value))))


def _name_of(row: object) -> Words:
    """What people call a row."""
    match row:
        case Finding():
            return row.outcome
        case Cost():
            return row.what
        case Reference():
            return str(row.csl.get("title") or row.original)
        case Placement():
            return f"{row.section.leaf.number} {row.section.leaf.title}".strip() if row.section else ""
        case Formulation():
            return " > ".join(row.route) or row.original
        case StatusEvent():
            return str(row.year)
        case Link():
            return row.title
        case ProposalFacts():
            return " – ".join(filter(None, (row.facts.medicine, row.facts.indication)))
    return ""


def _apart(base: Narrative, mine: Narrative, theirs: Narrative) -> Narrative:
    """Give my new references, findings and costs ids of their own where theirs took the same ids for others."""
    refs = _clashes(base.references, mine.references, theirs.references)
    findings = _clashes(base.findings, mine.findings, theirs.findings)
    costs = _clashes(base.costs, mine.costs, theirs.costs)
    if not (refs or findings or costs):
        return mine

    def renamed(html: str) -> str:
        html = richtext.rename_refs(html, refs)
        return re.sub(
            r'<data data-finding="([^"]*)"></data>',
            lambda found: f'<data data-finding="{findings.get(found[1], found[1])}"></data>',
            html,
        )

    def row(entry: Any, ids: Mapping[str, str]) -> Any:
        update = {"id": ids.get(entry.id, entry.id)}
        if hasattr(entry, "reference"):
            update["reference"] = refs.get(entry.reference, entry.reference)
        return entry.model_copy(update=update)

    return mine.model_copy(
        update={
            "sections": tuple(section.model_copy(update={"html": renamed(section.html)}) for section in mine.sections),
            "references": tuple(row(entry, refs) for entry in mine.references),
            "findings": tuple(row(entry, findings) for entry in mine.findings),
            "costs": tuple(row(entry, costs) for entry in mine.costs),
        }
    )


def _clashes(base: Iterable[Any], mine: Iterable[Any], theirs: Iterable[Any]) -> dict[str, str]:
    old = {row.id for row in base}
    new = {row.id: row for row in theirs if row.id not in old}
    taken = old | set(new) | {row.id for row in mine}
    names: dict[str, str] = {}
    for row in mine:
        if row.id in new and row != new[row.id] and row.id not in names:
            names[row.id] = next(name for n in itertools.count(2) if (name := f"{row.id}-{n}") not in taken)
            taken.add(names[row.id])
    return names


def _with_cited(merged: Narrative, *sides: Narrative) -> Narrative:
    """Bring back a reference that one deleted while the other cited it."""
    have = {reference.id for reference in merged.references}
    wanted = [ref for section in merged.sections for ref in richtext.cited(section.html)]
    wanted += [finding.reference for finding in merged.findings] + [cost.reference for cost in merged.costs]
    back: dict[str, Reference] = {}
    for ref in wanted:
        if ref in have or ref in back:
            continue
        for entry in (entry for side in sides for entry in side.references if entry.id == ref):
            back.setdefault(ref, entry)
    return merged.model_copy(update={"references": (*merged.references, *back.values())}) if back else merged
