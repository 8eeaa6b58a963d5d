"""A content as a page: what templates/public/parts/decision.html shows, for the public and for a preview alike.

Use it so::

    page = DecisionPage(content)                                   # a preview of words that are not published
    page = DecisionPage(content, about=VersionWords(...))          # a version of the record
    page = DecisionPage(content, anchors=True, after=threads)      # a draft that people comment on

    {% include "public/parts/decision.html" with page=page %}

- ``anchors`` gives every block of the narrative ``id="block-<id>"`` beside its ``data-block``, so that talk can point
  at it. ``block_ids`` lists them in reading order.
- ``after`` maps block ids to safe HTML that is put right behind the block (behind its scroll box, for a table): the
  place for a comment button or a thread, without a script.
- ``has_neighbours`` says that related recommendations are shown beside the facts (``related``, a template variable).
- ``aside`` (a template variable beside ``page``) names a template for the side column; without it there is none.
- ``heading`` (likewise) is the level of the title, 1 unless told; a preview inside another page passes 2.

Nothing here touches the database, and nothing is remembered between languages: make a page for each rendering.
Values that templates print are plain strings or ``SafeString``; ``marks`` is an attribute string to be put into a tag
around words of the content's own language: ``<p{{ page.marks }}>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from html import unescape
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from medicines.content import labels
from medicines.content.citations import Entry, Numbering
from medicines.content.evidence import certainty, effect, plot, typographic
from medicines.content.references import format_entry
from medicines.content.richtext import blocks
from medicines.content.schema import (
    LISTED,
    SECTION_KEYS,
    Content,
    Cost,
    Facts,
    Finding,
    Formulation,
    ListName,
    Placement,
    SectionPath,
)
from medicines.documents import words
from medicines.models.recommendation import OutcomeChoices, StatusChoices

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

FEW_STRENGTHS = 6
"""What a narrow screen shows of the formulations before it asks whether to go on."""

_BLOCK = re.compile(r'<(?:p|h3|h4|table) data-block="([^"]*)"')
_TABLE = re.compile(r"<table[ >].*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption>(.*?)</caption>", re.DOTALL)
_FIGURE = re.compile(r'<data data-finding="([^"]*)"></data>')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Pages:
    """Addresses of the pages that a decision leads to; "" where there is none. ``atc`` gives that of a code."""

    medicine: str
    indication: str
    meeting: str = ""
    edition: str = ""
    atc: Callable[[str], str] | None = None


@dataclass(frozen=True)
class VersionWords:
    """What a version of the record says about itself. ``lists`` are the editions that it speaks for ("EML 24").

    ``pages`` are the pages of the record that it leads to; without them, as in every preview, the page has no links
    into the vocabulary.
    """

    number: int
    version: int
    kind: str
    outcome: str
    effective_date: date
    published_at: datetime
    provenance: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    fingerprint: str = ""
    corrects: int | None = None
    lists: tuple[str, ...] = ()
    pages: Pages | None = None

    @property
    def meeting(self) -> str:
        return str(self.provenance.get("meeting") or "")


@dataclass(frozen=True)
class Badge:
    """A short mark; ``tone`` is yes, no, wait or plain, and never says more than the words."""

    words: SafeString
    tone: str = "plain"


@dataclass(frozen=True)
class Fact:
    term: str
    html: SafeString


@dataclass(frozen=True)
class Dissent:
    """A named opinion beside the decision."""

    name: str
    opinion: str


@dataclass(frozen=True)
class FormulationLine:
    route: SafeString
    strengths: tuple[str, ...]
    original: str = ""


@dataclass(frozen=True)
class FormulationGroup:
    """Formulations of the same lists. The lines behind ``first`` are those that a narrow screen keeps folded away."""

    heading: str
    lines: tuple[FormulationLine, ...]
    shown: int

    @property
    def first(self) -> tuple[FormulationLine, ...]:
        return self.lines[: self.shown]

    @property
    def rest(self) -> tuple[FormulationLine, ...]:
        return self.lines[self.shown :]

    @property
    def show_rest(self) -> str:
        count = len(self.rest)
        return ngettext("%(count)s more formulation", "%(count)s more formulations", count) % {"count": count}


@dataclass(frozen=True)
class Place:
    """One section with the formulations there."""

    section: SectionPath | None
    badges: tuple[Badge, ...]
    groups: tuple[FormulationGroup, ...]


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    html: SafeString

    @property
    def anchor(self) -> str:
        return self.key.replace("_", "-")


@dataclass(frozen=True)
class FindingRow:
    finding: Finding
    effect: str
    studies: str
    participants: str
    risk_without: str
    risk_with: str
    certainty: SafeString
    citation: SafeString

    @property
    def more(self) -> tuple[str, ...]:
        """What stands in small below the outcome."""
        found = (self.finding.comparison, self.finding.follow_up, self.finding.comment)
        return tuple(words for words in found if words)


@dataclass(frozen=True)
class CostRow:
    cost: Cost
    citation: SafeString

    @property
    def where(self) -> str:
        return ", ".join(filter(None, (self.cost.place, self.cost.date)))

    @property
    def perspective(self) -> str:
        return ", ".join(filter(None, (self.cost.perspective, self.cost.horizon)))


class DecisionPage:
    """Everything that the page of one decision shows, in the language that is active. See the module's words."""

    def __init__(
        self,
        content: Content,
        *,
        about: VersionWords | None = None,
        anchors: bool = False,
        after: Mapping[str, SafeString] | None = None,
        has_neighbours: bool = False,
    ) -> None:
        self.content = content
        self.about = about
        self.anchors = anchors
        self.after = after or {}
        self.has_neighbours = has_neighbours
        self.facts: Facts = content.facts
        self.numbering = Numbering(content.narrative)

    # The language of the words

    @cached_property
    def language(self) -> str:
        return self.content.narrative.language

    @cached_property
    def is_foreign(self) -> bool:
        """Whether the content speaks another language than the page."""
        return self.language != (get_language() or "en")

    @cached_property
    def marks(self) -> SafeString:
        """Attributes for an element with words of the content; empty where the page speaks the same language."""
        if not self.is_foreign:
            return mark_safe("")
        return format_html(' lang="{}" dir="{}"', self.language, self.direction)

    @cached_property
    def direction(self) -> str:
        return "rtl" if self.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"

    @cached_property
    def only_in(self) -> str:
        return words.only_in(self.language) if self.is_foreign else ""

    def own(self, text: str) -> SafeString:
        """Words of the content inside a line of the page."""
        return format_html("<bdi{}>{}</bdi>", self.marks, text)

    @cached_property
    def own_medicine(self) -> SafeString:
        return self.own(self.medicine)

    @cached_property
    def own_indication(self) -> SafeString:
        return self.own(self.indication)

    # The answer

    @cached_property
    def medicine(self) -> str:
        return str(capfirst(self.facts.medicine))

    @cached_property
    def indication(self) -> str:
        return self.facts.indication

    @cached_property
    def title(self) -> str:
        return f"{self.medicine} – {self.indication}"

    @cached_property
    def status(self) -> str:
        return self.facts.status

    @cached_property
    def status_badge(self) -> Badge:
        return status_badge(self.status, self.about.outcome if self.about else "")

    @cached_property
    def badges(self) -> tuple[Badge, ...]:
        """The status, then each list that has one, then the AWaRe group."""
        found = [self.status_badge, *list_badges(self.facts.list_status("EML"), self.facts.list_status("EMLc"))]
        if self.facts.aware:
            group = labels.VALUES["aware"][self.facts.aware.group]
            found.append(Badge(format_html("<span>AWaRe</span> {}", group)))
        return tuple(found)

    @cached_property
    def answer(self) -> SafeString:
        """The answer in a sentence or two: which lists, since when."""
        # Chinese has no blank between sentences.
        between = "" if (get_language() or "").startswith("zh") else " "
        return format_html_join(between, "{}", ((sentence,) for sentence in self._on_lists()))

    @cached_property
    def decided_by(self) -> SafeString:
        """Which meeting decided what; empty where the version comes of no meeting."""
        about = self.about
        if not about or not about.meeting or about.outcome not in words.OUTCOME_BY_MEETING:
            return mark_safe("")
        sentence = _escaped(words.OUTCOME_BY_MEETING[about.outcome])
        return mark_safe(sentence % {"meeting": self.own(about.meeting)})  # noqa: S308  both are escaped

    @cached_property
    def as_of(self) -> str:
        """ "As of EML 24 and EMLc 10"."""
        lists = self.about.lists if self.about and self.about.lists else self._editions_of_sections()
        if len(lists) == 2:
            return gettext("As of %(eml)s and %(emlc)s") % {"eml": lists[0], "emlc": lists[1]}
        return gettext("As of %(edition)s") % {"edition": lists[0]} if lists else ""

    def _editions_of_sections(self) -> tuple[str, ...]:
        editions = {p.section.edition for p in self.facts.placements if p.section and p.section.edition}
        return (f"EML {editions.pop()}",) if len(editions) == 1 else ()

    def _on_lists(self) -> Iterable[str | Promise]:
        eml, emlc = (status if status in LISTED else None for status in self._list_statuses())
        if eml and eml == emlc:
            yield words.ON_BOTH_LISTS[eml]
        else:
            if eml:
                yield words.ON_ONE_LIST["EML", eml]
            if emlc:
                yield words.ON_ONE_LIST["EMLc", emlc]
            if self.status == "essential" and not (eml or emlc):
                yield gettext("On the Model List of Essential Medicines.")
        if self.status == "essential" and self.facts.year_listed:
            yield gettext("Listed since {year}.").format(year=self.facts.year_listed)
        if self.status == "removed":
            years = [entry.year for entry in self.facts.history if entry.event == "removed"]
            if years:
                yield gettext("Removed in {year}.").format(year=max(years))
        decided = self.about.outcome if self.about else ""
        if self.status == "not_recommended" or (self.status == "not_listed" and decided):
            yield gettext("It is not on the EML or the EMLc for this use.")

    def _list_statuses(self) -> tuple[str | None, str | None]:
        return self.facts.list_status("EML"), self.facts.list_status("EMLc")

    @cached_property
    def summary(self) -> str:
        """The page in some plain sentences, for search machines and links."""
        sentences = [
            gettext("%(title)s: %(status)s.") % {"title": self.title, "status": _plain(self.status_badge.words)},
            _plain(self.answer),
            _plain(self.decided_by),
        ]
        return " ".join(filter(None, sentences))

    @cached_property
    def asked(self) -> str:
        """What the committee asks for before it takes up a deferred matter again."""
        return str(self._provenance.get("asked") or "")

    @cached_property
    def dissents(self) -> tuple[Dissent, ...]:
        return tuple(
            Dissent(str(entry.get("name") or ""), str(entry.get("opinion") or ""))
            for entry in self._provenance.get("dissents") or ()
            if entry.get("opinion")
        )

    @cached_property
    def source(self) -> tuple[Fact, ...]:
        """How the version came about, as far as its provenance says so."""
        provenance = self._provenance
        found = [
            Fact(term, _linked(self.own(str(provenance[key])), self.pages.meeting if key == "meeting" else ""))
            for key, term in (
                ("meeting", gettext("Meeting")),
                ("item", gettext("Item")),
                ("report", gettext("Report")),
                ("source", gettext("Source")),
            )
            if provenance.get(key)
        ]
        if provenance.get("decided_on"):
            day = _day(str(provenance["decided_on"]))
            found.insert(len(found) and 1, Fact(gettext("Decided on"), _escaped(day)))
        if provenance.get("method") in words.METHODS:
            found.append(Fact(gettext("How it was decided"), _escaped(self._method())))
        return tuple(found)

    @cached_property
    def pages(self) -> Pages:
        """Where the page leads; nowhere, where it does not speak of the published record."""
        return (self.about.pages if self.about else None) or Pages("", "")

    @property
    def _provenance(self) -> Mapping[str, Any]:
        return self.about.provenance if self.about else {}

    def _method(self) -> str:
        how = str(words.METHODS[self._provenance["method"]])
        votes = self._provenance.get("votes")
        if not votes or len(votes) != 3:
            return how
        counted = gettext("%(votes_for)s for, %(against)s against, %(abstentions)s abstentions") % {
            "votes_for": votes[0],
            "against": votes[1],
            "abstentions": votes[2],
        }
        return f"{how} ({counted})"

    # Where it stands

    @cached_property
    def paths(self) -> tuple[SectionPath, ...]:
        """The numbered sections, root to leaf, each once."""
        return tuple(dict.fromkeys(p.section for p in self.facts.placements if p.section))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Formulations by section and list; a section without formulations is shown only beside others."""
        room = FEW_STRENGTHS
        found = []
        for placement in self.facts.placements:
            if not placement.formulations and len(self.facts.placements) == 1:
                continue
            groups = []
            for heading, lines in self._groups(placement):
                shown = 0
                while shown < len(lines) and room > 0:
                    room -= max(len(lines[shown].strengths), 1)
                    shown += 1
                groups.append(FormulationGroup(heading, lines, shown))
            found.append(Place(placement.section, list_badges(placement.eml, placement.emlc), tuple(groups)))
        return tuple(found)

    def _groups(self, placement: Placement) -> Iterator[tuple[str, tuple[FormulationLine, ...]]]:
        headings: dict[tuple[ListName, ...], str] = {
            ("EML", "EMLc"): gettext("On the EML and the EMLc"),
            ("EML",): gettext("On the EML only"),
            ("EMLc",): gettext("On the EMLc only"),
            (): "",
        }
        for lists, heading in headings.items():
            own = [f for f in placement.formulations if tuple(sorted(set(f.lists))) == lists]
            if own:
                yield heading, tuple(self._line(formulation) for formulation in _by_route(own))

    def _line(self, formulation: Formulation) -> FormulationLine:
        if not (formulation.route or formulation.strengths):
            return FormulationLine(mark_safe(""), (), formulation.original)
        steps = format_html_join(
            mark_safe(' <span class="step" aria-hidden="true"></span> '),
            "{}",
            ((self._route_step(step),) for step in formulation.route),
        )
        return FormulationLine(steps, formulation.strengths)

    def _route_step(self, step: str) -> SafeString:
        known = words.route_word(step)
        return format_html("<span>{}</span>", known) if known is not None else self.own(step)

    # Facts

    @cached_property
    def key_facts(self) -> tuple[Fact, ...]:
        """What a reader needs beside the formulations; what is not stated is left out."""
        facts = self.facts
        found: list[Fact] = []

        def add(term: str, html: str | Promise | SafeString) -> None:
            if html:
                found.append(Fact(term, _escaped(html)))

        if facts.icd11:
            add(gettext("Indication"), self._indication_with_codes())
        add(gettext("Combined with"), self._names(facts.partners))
        add(gettext("Choice for this indication"), labels.VALUES["choice"].get(facts.choice or "", ""))
        add(gettext("Age"), self._age())
        add(gettext("Sex"), labels.VALUES["sex"].get(facts.sex or "", ""))
        add(gettext("Weight"), self.own(facts.weight) if facts.weight else "")
        add(gettext("Therapeutic alternatives"), self._alternatives())
        if facts.aware and facts.aware.edition:
            add(
                gettext("Antibiotic group"),
                format_html("{} ({})", labels.VALUES["aware"][facts.aware.group], self.own(facts.aware.edition)),
            )
        return tuple(found)

    @cached_property
    def lesser_facts(self) -> tuple[Fact, ...]:
        """What a reader needs last. The name alone is no fact more: the page is headed with it."""
        facts = self.facts
        found = [Fact(gettext("International nonproprietary name (INN)"), self.own(facts.medicine))]
        if facts.atc:
            found.append(Fact(gettext("ATC codes"), _codes(facts.atc, self.pages.atc)))
        if facts.medicine_type:
            found.append(Fact(gettext("Medicine type"), _escaped(labels.VALUES["medicine_type"][facts.medicine_type])))
        if facts.patents and (facts.patents.status or facts.patents.url):
            found.append(Fact(gettext("Patent information"), self._patents()))
        if facts.links:
            found.append(Fact(gettext("Elsewhere"), self._links()))
        return tuple(found) if len(found) > 1 else ()

    @cached_property
    def has_further(self) -> bool:
        return bool(self.lesser_facts or self.has_neighbours)

    def _indication_with_codes(self) -> SafeString:
        return format_html(
            '{} <span class="codes"><span>{}</span> {}</span>',
            self.own(self.facts.indication),
            gettext("ICD-11"),
            _codes(self.facts.icd11),
        )

    def _names(self, names: Iterable[str]) -> SafeString:
        return format_html_join(" + ", "{}", ((self.own(name),) for name in names))

    def _age(self) -> SafeString | str:
        age = self.facts.age
        if not age:
            return ""
        fixed = labels.VALUES["age"][age.kind]
        if fixed and age.words:
            return format_html("{} ({})", fixed, self.own(age.words))
        return _escaped(fixed) if fixed else self.own(age.words)

    def _alternatives(self) -> SafeString | str:
        found = self.facts.alternatives
        if not found:
            return ""
        if found.kind == "specific":
            shown = _escaped(gettext("The recommendation is for this specific medicine"))
        elif found.kind == "atc_class":
            sentence = _escaped(gettext("Other medicines of the class %(atc)s"))
            shown = mark_safe(sentence % {"atc": _codes([found.atc], self.pages.atc)})  # noqa: S308  both are escaped
        else:
            shown = format_html_join(", ", "{}", ((self.own(name),) for name in found.medicines))
        return format_html("{} ({})", shown, self.own(found.limits)) if found.limits else shown

    def _patents(self) -> SafeString:
        patents = self.facts.patents
        assert patents is not None
        shown = _escaped(labels.VALUES["patents"].get(patents.status or "", ""))
        if not _is_web(patents.url):
            return shown
        site = "MedsPaL" if "medspal" in patents.url.casefold() else gettext("Read more")
        return format_html('{} <a href="{}" rel="external">{}</a>', shown, patents.url, site)

    def _links(self) -> SafeString:
        return format_html_join(
            mark_safe('<span class="dot" aria-hidden="true"> · </span>'),
            "{}",
            ((self._link(link),) for link in self.facts.links),
        )

    def _link(self, link: Any) -> SafeString:
        site = words.LINK_SITES.get(link.site, "")
        if site and link.title:
            title = words.labelled_html(site, self.own(link.title))
        else:
            title = _escaped(site) if site else self.own(link.title)
        return format_html('<a href="{}" rel="external">{}</a>', link.url, title) if _is_web(link.url) else title

    # The text

    @cached_property
    def has_text(self) -> bool:
        return not self.content.narrative.is_empty

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections that say something, in the order of the page; ``unplaced`` last, which a draft may have."""
        return tuple(
            Section(key, str(labels.SECTIONS[key]), self._section_html(key))
            for key in (*SECTION_KEYS, "unplaced")
            if self.content.narrative.section(key)  # type: ignore[arg-type]
        )

    @cached_property
    def recommendation(self) -> Section | None:
        return next((section for section in self.sections if section.key == "recommendation"), None)

    @cached_property
    def evidence(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.key != "recommendation")

    @cached_property
    def findings_after(self) -> str:
        """The key of the section behind which the findings stand: the last one on benefits and harms."""
        keys = [section.key for section in self.evidence]
        for key in ("additional_evidence", "harms", "benefits", "public_health_relevance", "background"):
            if key in keys:
                return key
        return ""

    @cached_property
    def costs_after(self) -> str:
        return "cost_effectiveness" if any(s.key == "cost_effectiveness" for s in self.evidence) else ""

    @cached_property
    def block_ids(self) -> tuple[str, ...]:
        return tuple(
            block.id
            for key in (*SECTION_KEYS, "unplaced")
            for block in blocks(self.content.narrative.section(key))  # type: ignore[arg-type]
        )

    def _section_html(self, key: str) -> SafeString:
        html = str(self.numbering.linked(key))
        html = _FIGURE.sub(self._figure, html)
        if self.after:
            html = self._with_after(html)
        html = _TABLE.sub(_in_scroll_box, html)
        if self.anchors:
            html = re.sub(r' data-block="([^"]*)"', r' data-block="\1" id="block-\1"', html)
        return mark_safe(html)  # noqa: S308  sanitised when stored; what is added is escaped

    def _figure(self, match: re.Match[str]) -> str:
        row = next((row for row in self.content.narrative.findings if row.id == match[1]), None)
        if row is None:
            return ""
        return format_html('<data data-finding="{}"><bdi>{}</bdi></data>', row.id, effect(row))

    def _with_after(self, html: str) -> str:
        """Put what belongs behind a block behind it. Blocks do not nest, so that the next closing tag is its own."""
        out, position = [], 0
        for opening in _BLOCK.finditer(html):
            more = self.after.get(opening[1])
            if not more:
                continue
            tag = html[opening.start() + 1 :].partition(" ")[0]
            end = html.index(f"</{tag}>", opening.end()) + len(f"</{tag}>")
            out += [html[position:end], _escaped(more)]
            position = end
        return "".join([*out, html[position:]])

    # Figures

    @cached_property
    def findings(self) -> tuple[FindingRow, ...]:
        return tuple(
            FindingRow(
                finding=row,
                effect=effect(row),
                studies=row.studies,
                participants=row.participants,
                risk_without=typographic(row.risk_without),
                risk_with=typographic(row.risk_with),
                certainty=certainty(row.certainty),
                citation=self.numbering.linked_row(row),
            )
            for row in self.content.narrative.findings
        )

    @cached_property
    def findings_have_risks(self) -> bool:
        return any(row.risk_without or row.risk_with for row in self.findings)

    @cached_property
    def plot(self) -> SafeString | None:
        return plot(self.content.narrative.findings)

    @cached_property
    def costs(self) -> tuple[CostRow, ...]:
        return tuple(CostRow(row, self.numbering.linked_row(row)) for row in self.content.narrative.costs)

    @cached_property
    def costs_have_perspective(self) -> bool:
        return any(row.perspective for row in self.costs)

    @cached_property
    def references(self) -> tuple[tuple[Entry, SafeString], ...]:
        return tuple((entry, format_entry(entry.reference)) for entry in self.numbering.entries)

    # The list's history

    @cached_property
    def history(self) -> tuple[tuple[str, str, str], ...]:
        """(what happened, the report, further words), newest first."""
        events = sorted(self.facts.history, key=lambda entry: entry.year, reverse=True)
        return tuple(
            (str(labels.HISTORY[entry.event] % {"year": entry.year}), entry.report, entry.words) for entry in events
        )

    @cached_property
    def where_printed(self) -> str:
        """The newest report that the history names: where the text of a facts-only page is to be found."""
        for _event, report, _words in self.history:
            if report:
                return report
        return ""

    @cached_property
    def own_where_printed(self) -> SafeString:
        return self.own(self.where_printed)

    # The way through

    @cached_property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """(anchor, title) of every part, in the order of the page."""
        found: list[tuple[str, str]] = []
        if self.places:
            found.append(("formulations", gettext("Formulations")))
        if self.recommendation:
            found.append((self.recommendation.anchor, self.recommendation.title))
        elif not self.has_text:
            found.append(("text", gettext("Text of the decision")))
        if self.findings and not self.findings_after:
            found.append(("findings", gettext("Summary of findings")))
        if self.costs and not self.costs_after:
            found.append(("costs", gettext("Costs")))
        for section in self.evidence:
            found.append((section.anchor, section.title))
            if self.findings and section.key == self.findings_after:
                found.append(("findings", gettext("Summary of findings")))
        if self.has_further:
            found.append(("further", gettext("Further facts")))
        if self.references:
            found.append(("references", gettext("References")))
        return tuple(found)

    @cached_property
    def terms(self) -> tuple[words.Term, ...]:
        """The words of the lists that this page uses, explained."""
        statuses = {status for status in self._list_statuses() if status}
        found: list[words.Term] = []
        if self.status == "essential":
            found.append(words.explained("essential"))
        found += [words.explained(status) for status in ("core", "complementary") if status in statuses]
        if self.facts.list_status("EMLc") in LISTED or any(
            "EMLc" in f.lists for p in self.facts.placements for f in p.formulations
        ):
            found.append(words.explained("emlc"))
        if self.facts.alternatives and self.facts.alternatives.kind != "specific":
            found.append(words.explained("representative"))
        if self.status == "removed":
            found.append(words.explained("removed"))
        if self.status_badge.tone == "no" and self.status != "removed":
            found.append(words.explained("not_recommended"))
        if self.facts.aware:
            found.append(words.explained("aware"))
        return tuple(found)


def list_badges(eml: str | None, emlc: str | None) -> tuple[Badge, ...]:
    """A mark for each list whose status is stated: "EML Core list"."""
    return tuple(
        Badge(format_html("<span>{}</span> {}", name, labels.LIST_STATUS[status]))
        for name, status in (("EML", eml), ("EMLc", emlc))
        if status
    )


def status_badge(status: str, outcome: str = "") -> Badge:
    """The status as a mark. What was never listed shows its outcome, which tells more."""
    if status == "not_listed" and outcome == "deferred":
        return Badge(_escaped(OutcomeChoices.DEFERRED.label), "wait")
    if status == "not_listed" and outcome == "not_recommended":
        status = "not_recommended"
    tone = {"essential": "yes", "not_recommended": "no", "removed": "no"}.get(status, "plain")
    return Badge(_escaped(StatusChoices(status).label), tone)


def _by_route(formulations: Iterable[Formulation]) -> list[Formulation]:
    """Formulations of one route as one, in the order in which routes first appear."""
    found: dict[tuple[str, ...], Formulation] = {}
    apart: list[Formulation] = []
    for formulation in formulations:
        if not formulation.route:
            apart.append(formulation)
            continue
        known = found.get(formulation.route)
        strengths = (*(known.strengths if known else ()), *formulation.strengths)
        found[formulation.route] = formulation.model_copy(update={"strengths": strengths})
    return [*found.values(), *apart]


def _codes(codes: Iterable[str], address: Callable[[str], str] | None = None) -> SafeString:
    shown = [(code, format_html("<code><bdi>{}</bdi></code>", code)) for code in codes]
    if address is None:
        return format_html_join(" ", "{}", ((html,) for _code, html in shown))
    return format_html_join(" ", "{}", ((_linked(html, address(code)),) for code, html in shown))


def _linked(html: SafeString, address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, html) if address else html


def _escaped(words: object) -> SafeString:
    """Words as HTML, those of a catalogue too; what is safe already stays as it is."""
    return conditional_escape(str(words))


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _day(iso: str) -> str:
    """A day as the page writes it; what is no day stays as it stands."""
    try:
        return words.day(date.fromisoformat(iso))
    except ValueError:
        return iso


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _in_scroll_box(match: re.Match[str]) -> str:
    """A table may be wider than the screen: it scrolls in its own box, which the keyboard can reach."""
    caption = _CAPTION.search(match[0])
    name = _TAG.sub("", caption[1]) if caption else gettext("Table")
    # The caption comes from sanitised HTML, where only a quotation mark could leave the attribute.
    label = name.replace('"', "&quot;")
    return f'<div class="swipe" role="group" tabindex="0" aria-label="{label}">{match[0]}</div>'
