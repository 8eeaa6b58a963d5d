"""Keeping what the search looks through in step with the listings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from medicines.content import richtext
from medicines.content.schema import Facts, Narrative
from medicines.facets import ATC_LEVELS
from medicines.models import AtcCode, Icd11Entity, Listing, ListingText, SearchWord
from medicines.search.lexemes import Place, lexemes
from medicines.search.spelling import forms, is_spelt
from medicines.search.words import words

from .rows import write_rows


def write_texts(*, listings: Sequence[Listing]) -> None:
    """Write anew by what these listings are found. A constant number of queries; the listings are there already."""
    titles = _Titles(listings)
    texts = {listing.pk: _texts(listing, titles) for listing in listings}
    write_rows(
        [
            ListingText(listing_id=listing.pk, lexemes=lexemes(_names(listing), texts[listing.pk]))
            for listing in listings
        ],
        present="replace",
    )
    _learn(texts.values())


def forget_words() -> None:
    """Forget the words that mistyped ones are compared with. Rebuilding the listings brings them back."""
    SearchWord.objects.all().delete()


def _names(listing: Listing) -> list[str]:
    medicine = listing.medicine
    return [listing.version.content.facts.medicine, medicine.name, *medicine.synonyms, *medicine.former_names]


def _texts(listing: Listing, titles: _Titles) -> dict[Place, list[str]]:
    content = listing.version.content
    facts = content.facts
    return {
        Place.MEDICINE: _names(listing),
        Place.USE: [facts.indication, listing.indication.name, *facts.partners],
        Place.CODE: [*facts.atc, *listing.icd11, *titles.of(listing)],
        Place.SECTION: _sections(facts),
        Place.TEXT: _narrative(content.narrative),
    }


def _sections(facts: Facts) -> list[str]:
    steps = [step for placement in facts.placements if placement.section for step in placement.section.steps]
    return [words for step in steps for words in (step.number, step.title)]


def _narrative(narrative: Narrative) -> list[str]:
    findings = [words for each in narrative.findings for words in (each.outcome, each.comparison, each.comment)]
    return [*(richtext.text(section.html) for section in narrative.sections), *findings]


class _Titles:
    """The titles of the classes that the codes of listings stand in. Three queries."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        atc = {code for listing in listings for code in _classes(listing.atc)}
        icd11 = {code for listing in listings for code in listing.icd11}
        blocks = {block for listing in listings if (block := listing.indication.icd11_block_id)}
        self._atc: dict[str, str] = dict(AtcCode.objects.filter(code__in=atc).values_list("code", "name"))
        entities = Icd11Entity.objects.filter(code__in=icd11).exclude(code="").order_by("release")
        self._icd11: dict[str, str] = dict(entities.values_list("code", "title"))
        self._blocks: dict[int, str] = dict(Icd11Entity.objects.filter(pk__in=blocks).values_list("pk", "title"))

    def of(self, listing: Listing) -> list[str]:
        block = listing.indication.icd11_block_id
        return [
            *(self._atc.get(code, "") for code in _classes(listing.atc)),
            *(self._icd11.get(code, "") for code in listing.icd11),
            self._blocks.get(block, "") if block else "",
        ]


def _classes(codes: Iterable[str]) -> list[str]:
    """The codes with those of the classes above them."""
    return sorted({code[:level] for code in codes for level in ATC_LEVELS if len(code) >= level})


def _learn(texts: Iterable[Mapping[Place, Iterable[str]]]) -> None:
    """Remember the words that mistyped ones are compared with."""
    parts = {part for places in texts for place in places if place is not Place.TEXT for part in places[place]}
    # Titles and codes stand in many listings, and most words in several parts: each is looked at once.
    found = set(filter(is_spelt, {word for part in parts for word in words(part)}))
    known = set(SearchWord.objects.filter(word__any_of=found).values_list("word", flat=True))
    write_rows([SearchWord(word=word, keys=forms(word)) for word in sorted(found - known)], present="keep")
