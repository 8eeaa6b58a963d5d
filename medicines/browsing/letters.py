"""The letters of an A–Z, in whichever script names are written."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Left

from medicines.facet_index import Kind
from medicines.kept import kept
from medicines.models import Indication, Listing, Medicine

ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN"})
"""Scripts whose names are looked up letter by letter; names in another stand together under its own name."""

SCRIPTS = {
    "CJK": "汉字",
    "HANGUL": "한글",
    "HIRAGANA": "かな",
    "KATAKANA": "カナ",
    "DEVANAGARI": "देवनागरी",
    "THAI": "ไทย",
}

MODELS: dict[Kind, Any] = {"medicine": Medicine, "indication": Indication}


@dataclass(frozen=True)
class Letter:
    """A letter, or a group of characters, under which ``count`` names begin. ``slug`` stands in addresses."""

    slug: str
    label: str
    count: int
    characters: tuple[str, ...]


@kept()
def letters(kind: Kind) -> tuple[Letter, ...]:
    """The letters under which "medicine" or "indication" has names that readers can see, in their order."""
    rows = shown(kind).annotate(initial=Left("sort_key", 1)).values_list("initial").annotate(Count("pk"))
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for initial, count in rows.order_by("initial"):
        found[_slug(initial)].append((initial, count))
    groups = [
        Letter(slug, _label(slug), sum(count for _initial, count in each), tuple(initial for initial, _count in each))
        for slug, each in found.items()
    ]
    return tuple(sorted(groups, key=lambda letter: (not letter.label[:1].isalpha(), letter.characters)))


def names_under(kind: Kind, letter: Letter) -> QuerySet[Any]:
    """The medicines or indications whose names begin with the letter, in their order."""
    rows = shown(kind).only("name").order_by("sort_key", "pk")
    if len(letter.characters) == 1:
        return rows.filter(sort_key__startswith=letter.characters[0])
    return rows.alias(initial=Left("sort_key", 1)).filter(initial__in=letter.characters)


def shown(kind: Kind) -> QuerySet[Any]:
    """The medicines or indications that readers can see: they see vocabulary through listings only."""
    rows: QuerySet[Any] = MODELS[kind]._default_manager.all()
    return rows.filter(Exists(Listing.objects.filter(**{kind: OuterRef("pk")})))


def _slug(initial: str) -> str:
    if initial.isdigit():
        return "0"
    if not initial.isalpha():
        return "other"
    script = unicodedata.name(initial, "?").partition(" ")[0]
    return initial if script in ALPHABETS else script.lower()


def _label(slug: str) -> str:
    if slug == "0":
        return "0–9"
    if slug == "other":
        return "#"
    return slug.upper() if len(slug) == 1 else SCRIPTS.get(slug.upper(), slug.title())
