"""What is wrong with a document: errors, which keep it from being published, and warnings, which ask for a look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from medicines.content import labels, richtext
from medicines.content.citations import Numbering
from medicines.content.evidence import RATIOS, number
from medicines.content.identity import too_long
from medicines.content.references import address_of, names_of, text_of, year_of
from medicines.content.schema import SCHEMA, Content, DraftContent, Facts, Finding, Narrative, Reference

Level = Literal["error", "warning"]
Words = str | Promise

ADDITIONS = frozenset({"first_added", "added"})

LONGEST_CODE = {"atc": 10, "icd11": 40, "section": 30}

# "$P < 0.001$" is a leftover; "US$ 5" and "from $5 to $6" are money.
_LATEX = re.compile(r"(?<!\w)\$(?=\S)[^$\n]*[\\^_<>={}][^$\n]*(?<=\S)\$|\\(?:[a-z]+\{|[()\[\]])")
_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,})[ \u00a0]\1(?![\w'’-])", re.IGNORECASE)
_RIGHTLY_DOUBLED = frozenset({"had", "that", "nous", "vous"})
_FIGURE = re.compile(r'<data data-finding="([^"]*)"></data>')


@dataclass(frozen=True)
class Problem:
    """One thing to mend. ``where`` is the path of the field: ``sections/harms``, ``references/r3/title``,
    ``proposals/1/medicine``, ``findings/f2/low``.
    """

    level: Level
    code: str
    where: str
    message: Words


def check(document: DraftContent | Content | Mapping[str, Any]) -> list[Problem]:
    """Return the problems of a document, errors first, else in reading order. Never raises.

    A mapping, as it is stored, is read first; one that cannot be read is a problem itself.
    """
    if isinstance(document, Mapping):
        read = _read(document)
        if isinstance(read, Problem):
            return [read]
        document = read
    found: list[Problem] = []
    if isinstance(document, DraftContent):
        found.extend(_proposals(document))
    else:
        found.extend(_facts("facts", document.facts))
    for narrative_check in NARRATIVE_CHECKS:
        found.extend(narrative_check(document.narrative))
    return sorted(found, key=lambda problem: problem.level != "error")


def errors(document: DraftContent | Content | Mapping[str, Any]) -> list[Problem]:
    """Only what keeps the document from being published."""
    return [problem for problem in check(document) if problem.level == "error"]


def unkeepable(facts: Facts) -> list[Problem]:
    """What the record cannot keep whoever publishes it: no name, or names and codes that are too long."""
    return [*_names("facts", facts), *_lengths("facts", facts)]


def _read(data: Mapping[str, Any]) -> DraftContent | Content | Problem:
    if data.get("schema", SCHEMA) != SCHEMA:
        message = _say(_("This document has the schema %(number)s, which is not known here."), number=data["schema"])
        return Problem("error", "unknown_schema", "schema", message)
    try:
        return (DraftContent if "proposals" in data else Content).from_dict(dict(data))
    except ValidationError as error:
        where = "/".join(str(step) for step in error.errors()[0]["loc"])
        return Problem("error", "unreadable", where, _say(_("“%(field)s” cannot be read."), field=where))


# --- facts


def _proposals(document: DraftContent) -> Iterator[Problem]:
    yield from _repeated("proposals", (proposal.key for proposal in document.proposals))
    for proposal in document.proposals:
        yield from _facts(f"proposals/{proposal.key}", proposal.facts)


def _facts(where: str, facts: Facts) -> Iterator[Problem]:
    yield from _names(where, facts)
    yield from _lengths(where, facts)
    for index, placement in enumerate(facts.placements):
        at = f"{where}/placements/{index}"
        if not placement.is_listed:
            continue
        if placement.section is None or not placement.section.steps:
            message = _say(_("“%(medicine)s” is listed, but in no section."), medicine=facts.medicine)
            yield Problem("error", "listed_without_section", f"{at}/section", message)
        if not placement.formulations:
            message = _say(_("“%(medicine)s” is listed without a formulation."), medicine=facts.medicine)
            yield Problem("warning", "listed_without_formulation", f"{at}/formulations", message)
    yield from _history(where, facts)


def _names(where: str, facts: Facts) -> Iterator[Problem]:
    if not facts.medicine.strip():
        yield Problem("error", "no_medicine", f"{where}/medicine", _("The medicine is not named."))
    if not facts.indication.strip():
        yield Problem("error", "no_indication", f"{where}/indication", _("The indication is not named."))


def _lengths(where: str, facts: Facts) -> Iterator[Problem]:
    """Names and codes that are longer than the record can keep."""
    for field in too_long(facts):
        message = _say(_("“%(field)s” is too long."), field=labels.FACTS[field])
        yield Problem("error", "too_long", f"{where}/{field}", message)
    for field, codes in (("atc", facts.atc), ("icd11", facts.icd11)):
        for code in codes:
            if len(code) > LONGEST_CODE[field]:
                message = _say(_("“%(code)s” is too long for a code: write one code a line."), code=code[:60])
                yield Problem("error", "too_long", f"{where}/{field}", message)
    for index, placement in enumerate(facts.placements):
        for step in placement.section.steps if placement.section else ():
            if len(step.number) > LONGEST_CODE["section"]:
                message = _say(_("“%(code)s” is too long for the number of a section."), code=step.number[:60])
                yield Problem("error", "too_long", f"{where}/placements/{index}/section", message)


def _history(where: str, facts: Facts) -> Iterator[Problem]:
    """The last addition or removal against what the facts say now; a rejected change alters neither."""
    moves = [
        entry for entry in sorted(facts.history, key=lambda entry: entry.year) if entry.event in {*ADDITIONS, "removed"}
    ]
    if not moves:
        return
    last = [entry for entry in moves if entry.year == moves[-1].year]
    listed = any(placement.is_listed for placement in facts.placements)
    values = {"medicine": facts.medicine, "year": last[0].year}
    if listed and all(entry.event == "removed" for entry in last):
        message = _say(_("“%(medicine)s” is listed, but its history ends with a removal in %(year)s."), **values)
        yield Problem("warning", "listed_after_removal", f"{where}/history", message)
    if facts.placements and not listed and all(entry.event in ADDITIONS for entry in last):
        message = _say(_("“%(medicine)s” is not listed, but its history ends with an addition in %(year)s."), **values)
        yield Problem("warning", "not_listed_after_addition", f"{where}/history", message)


# --- the text


def _unplaced(narrative: Narrative) -> Iterator[Problem]:
    if _has_words(narrative.section("unplaced")):
        message = _("There is text under “Unplaced”: move it to a section or delete it.")
        yield Problem("error", "unplaced", "sections/unplaced", message)


def _sections(narrative: Narrative) -> Iterator[Problem]:
    yield from _repeated("sections", (section.key for section in narrative.sections))
    written = [section.key for section in narrative.sections if section.key != "unplaced" and _has_words(section.html)]
    if not written:
        yield Problem("warning", "no_text", "sections", _("There is no text yet."))
    elif "recommendation" not in written:
        message = _("The section “Expert Committee recommendation” is empty.")
        yield Problem("error", "no_recommendation", "sections/recommendation", message)


def _blocks(narrative: Narrative) -> Iterator[Problem]:
    ids = Counter(block.id for section in narrative.sections for block in richtext.blocks(section.html))
    for block_id, count in ids.items():
        if count > 1:
            yield Problem("error", "repeated_block", f"blocks/{block_id}", _("Two paragraphs have the same identity."))


def _citations(narrative: Narrative) -> Iterator[Problem]:
    known = {reference.id for reference in narrative.references}
    for section in narrative.sections:
        for ref in dict.fromkeys(richtext.cited(section.html)):
            if ref not in known:
                message = _say(
                    _("A citation in “%(section)s” points at a reference that does not exist."),
                    section=labels.SECTIONS[section.key],
                )
                yield Problem("error", "dangling_citation", f"sections/{section.key}", message)
    for name, rows in (("findings", narrative.findings), ("costs", narrative.costs)):
        for row in rows:
            if row.reference and row.reference not in known:
                message = _say(
                    _("A row of “%(table)s” points at a reference that does not exist."), table=labels.PARTS[name]
                )
                yield Problem("error", "dangling_citation", f"{name}/{row.id}/reference", message)
    findings = {finding.id for finding in narrative.findings}
    for section in narrative.sections:
        for finding in dict.fromkeys(_FIGURE.findall(section.html)):
            if finding not in findings:
                message = _say(
                    _("A figure in “%(section)s” points at a finding that does not exist."),
                    section=labels.SECTIONS[section.key],
                )
                yield Problem("error", "dangling_figure", f"sections/{section.key}", message)


def _wording(narrative: Narrative) -> Iterator[Problem]:
    for section in narrative.sections:
        for block in richtext.blocks(section.html):
            for found in _LATEX.finditer(block.text):
                message = _say(_("This looks like a leftover of LaTeX: %(words)s"), words=found[0])
                yield Problem("warning", "latex", f"sections/{section.key}/{block.id}", message)
            for found in _DOUBLED.finditer(block.text):
                if found[1].lower() not in _RIGHTLY_DOUBLED:
                    message = _say(_("A word stands twice: “%(words)s”."), words=found[0])
                    yield Problem("warning", "doubled_word", f"sections/{section.key}/{block.id}", message)


# --- references and tables


def _references(narrative: Narrative) -> Iterator[Problem]:
    yield from _repeated("references", (reference.id for reference in narrative.references))
    for entry in Numbering(narrative).entries:
        at = f"references/{entry.reference.id}"
        for level, code, field, words in _reference(entry.reference):
            yield Problem(level, code, at + field, _say(words, number=entry.number))
        for name in _named_twice(entry.reference):
            message = _say(_("Reference %(number)s names an author twice: %(name)s."), number=entry.number, name=name)
            yield Problem("warning", "author_twice", f"{at}/author", message)
        if entry.reference.guessed:
            message = _say(
                _("Reference %(number)s has guessed fields that nobody has confirmed: %(fields)s."),
                number=entry.number,
                fields=lazy(lambda names: ", ".join(str(labels.CSL.get(name, name)) for name in names), str)(
                    entry.reference.guessed
                ),
            )
            yield Problem("warning", "guessed", at, message)
        if not entry.is_cited:
            message = _say(_("Reference %(number)s is cited nowhere."), number=entry.number)
            yield Problem("warning", "uncited", at, message)


def _reference(reference: Reference) -> Iterator[tuple[Level, str, str, Words]]:
    if not text_of(reference.csl.get("title")):
        yield "warning", "no_title", "/title", _("Reference %(number)s has no title.")
    if not year_of(reference.csl):
        yield "warning", "no_year", "/issued", _("Reference %(number)s has no year.")
    if not address_of(reference.csl):
        yield "warning", "no_address", "/DOI", _("Reference %(number)s has neither a DOI nor a web address.")


def _named_twice(reference: Reference) -> list[str]:
    names = Counter(
        " ".join(filter(None, (name.get("family"), name.get("given"), name.get("literal"))))
        for name in names_of(reference.csl)
    )
    return [name for name, count in names.items() if count > 1]


def _findings(narrative: Narrative) -> Iterator[Problem]:
    yield from _repeated("findings", (finding.id for finding in narrative.findings))
    for finding in narrative.findings:
        at = f"findings/{finding.id}"
        for code, field, words in _figures(finding):
            yield Problem("warning", code, f"{at}/{field}", _say(words, outcome=finding.outcome))
        if finding.certainty is None:
            message = _say(_("“%(outcome)s”: the certainty of evidence is not stated."), outcome=finding.outcome)
            yield Problem("warning", "no_certainty", f"{at}/certainty", message)


def _figures(finding: Finding) -> Iterator[tuple[str, str, Words]]:
    values = {field: number(getattr(finding, field)) for field in ("estimate", "low", "high")}
    for field, value in values.items():
        if getattr(finding, field) and value is None:
            yield "no_figure", field, _("“%(outcome)s”: a figure of the effect is not a number.")
    estimate, low, high = values.values()
    if bool(finding.low) != bool(finding.high):
        yield (
            "half_interval",
            "high" if finding.low else "low",
            _("“%(outcome)s”: one limit of the interval is missing."),
        )
    if estimate is not None and low is not None and high is not None and not low <= estimate <= high:
        yield "outside_interval", "estimate", _("“%(outcome)s”: the effect lies outside its own interval.")
    if finding.measure in RATIOS and any(value is not None and value <= 0 for value in values.values()):
        yield "no_ratio", "estimate", _("“%(outcome)s”: a ratio must be greater than nought.")
    if not finding.measure and estimate is not None:
        yield "no_measure", "measure", _("“%(outcome)s”: the effect is given without its measure.")


def _costs(narrative: Narrative) -> Iterator[Problem]:
    yield from _repeated("costs", (cost.id for cost in narrative.costs))
    for cost in narrative.costs:
        if cost.amount and not cost.currency:
            message = _say(_("“%(what)s”: the amount has no currency."), what=cost.what)
            yield Problem("warning", "no_currency", f"costs/{cost.id}/currency", message)


NARRATIVE_CHECKS: tuple[Callable[[Narrative], Iterable[Problem]], ...] = (
    _unplaced,
    _sections,
    _blocks,
    _citations,
    _wording,
    _findings,
    _costs,
    _references,
)


def _repeated(where: str, ids: Iterable[str]) -> Iterator[Problem]:
    for repeated, count in Counter(ids).items():
        if count > 1:
            message = _say(_("The identity “%(id)s” is used more than once."), id=repeated)
            yield Problem("error", "repeated_id", f"{where}/{repeated}", message)


def _has_words(html: str) -> bool:
    return any(block.text.strip() or richtext.cited(block.html) for block in richtext.blocks(html))


def _say(words: Words, /, **values: object) -> Words:
    """A message whose sentence is translated, and whose values are put in, when it is shown."""
    return lazy(lambda: str(words) % values, str)()
