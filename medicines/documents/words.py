"""The sentences and the words of routes that a document adds to ``medicines.content.labels``.

All are in the reader's language; names, codes and doses stay as their source wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, gettext, gettext_lazy, pgettext, pgettext_lazy

Words = str | Promise

# Whole sentences, because the words for "the core list" bend in most languages.
ON_BOTH_LISTS: Mapping[str, Words] = {
    "core": gettext_lazy("On the core list of the EML and of the EMLc."),
    "complementary": gettext_lazy("On the complementary list of the EML and of the EMLc."),
    "listed": gettext_lazy("On the EML and on the EMLc."),
}
ON_ONE_LIST: Mapping[tuple[str, str], Words] = {
    ("EML", "core"): gettext_lazy("On the core list of the EML."),
    ("EML", "complementary"): gettext_lazy("On the complementary list of the EML."),
    ("EML", "listed"): gettext_lazy("On the EML."),
    ("EMLc", "core"): gettext_lazy("On the core list of the EMLc."),
    ("EMLc", "complementary"): gettext_lazy("On the complementary list of the EMLc."),
    ("EMLc", "listed"): gettext_lazy("On the EMLc."),
}

OUTCOME_BY_MEETING: Mapping[str, Words] = {
    "added": gettext_lazy("%(meeting)s: listing recommended."),
    "indication_added": gettext_lazy("%(meeting)s: addition of this indication recommended."),
    "formulation_added": gettext_lazy("%(meeting)s: addition of a formulation recommended."),
    "changed": gettext_lazy("%(meeting)s: change to the listing recommended."),
    "kept": gettext_lazy("%(meeting)s: no change to the listing."),
    "removed": gettext_lazy("%(meeting)s: removal from the List recommended."),
    "not_recommended": gettext_lazy("%(meeting)s: the proposal was not recommended."),
    "deferred": gettext_lazy("%(meeting)s: decision deferred."),
}

METHODS: Mapping[str, Words] = {
    "consensus": gettext_lazy("By consensus"),
    "poll": gettext_lazy("By vote"),
}

LINK_SITES: Mapping[str, str] = {"wikipedia": "Wikipedia", "drugbank": "DrugBank"}

# The words that route paths are made of. A word that is not here stays as its source wrote it.
ROUTES: Mapping[str, Words] = {
    "aerosol": pgettext_lazy("dosage form", "aerosol"),
    "buccal": pgettext_lazy("route", "Buccal"),
    "capsule": pgettext_lazy("dosage form", "capsule"),
    "chewing gum": pgettext_lazy("dosage form", "chewing gum"),
    "cream": pgettext_lazy("dosage form", "cream"),
    "dental": pgettext_lazy("route", "Dental"),
    "dispersible tablet": pgettext_lazy("dosage form", "dispersible tablet"),
    "dosage form": pgettext_lazy("dosage form", "dosage form"),
    "drops": pgettext_lazy("dosage form", "drops"),
    "dry powder": pgettext_lazy("dosage form", "dry powder"),
    "eye drops": pgettext_lazy("dosage form", "eye drops"),
    "gel": pgettext_lazy("dosage form", "gel"),
    "general injections": pgettext_lazy("route", "General injections"),
    "granules": pgettext_lazy("dosage form", "granules"),
    "im": pgettext_lazy("route", "Intramuscular"),
    "implant": pgettext_lazy("dosage form", "implant"),
    "inhalation": pgettext_lazy("route", "Inhalation"),
    "injection": pgettext_lazy("dosage form", "injection"),
    "intra-articular": pgettext_lazy("route", "Intra-articular"),
    "intradermal": pgettext_lazy("route", "Intradermal"),
    "intramuscular": pgettext_lazy("route", "Intramuscular"),
    "intrathecal": pgettext_lazy("route", "Intrathecal"),
    "intravenous": pgettext_lazy("route", "Intravenous"),
    "intravitreal": pgettext_lazy("route", "Intravitreal"),
    "iv": pgettext_lazy("route", "Intravenous"),
    "liquid": pgettext_lazy("dosage form", "liquid"),
    "local": pgettext_lazy("route", "Local"),
    "locoregional injections": pgettext_lazy("route", "Locoregional injections"),
    "lotion": pgettext_lazy("dosage form", "lotion"),
    "lozenge": pgettext_lazy("dosage form", "lozenge"),
    "mouthrinse": pgettext_lazy("dosage form", "mouthrinse"),
    "nasal": pgettext_lazy("route", "Nasal"),
    "ointment": pgettext_lazy("dosage form", "ointment"),
    "ophthalmological": pgettext_lazy("route", "Ophthalmological"),
    "oral": pgettext_lazy("route", "Oral"),
    "oral spray": pgettext_lazy("dosage form", "oral spray"),
    "other": pgettext_lazy("route", "Other"),
    "otological": pgettext_lazy("route", "Otological"),
    "parenteral": pgettext_lazy("route", "Parenteral"),
    "powder": pgettext_lazy("dosage form", "powder"),
    "powder for injection": pgettext_lazy("dosage form", "powder for injection"),
    "rectal": pgettext_lazy("route", "Rectal"),
    "respiratory": pgettext_lazy("route", "Respiratory"),
    "retention enema": pgettext_lazy("dosage form", "retention enema"),
    "sc": pgettext_lazy("route", "Subcutaneous"),
    "solid": pgettext_lazy("dosage form", "solid"),
    "solution": pgettext_lazy("dosage form", "solution"),
    "solution (eye drops)": pgettext_lazy("dosage form", "solution (eye drops)"),
    "spinal anaesthesia": pgettext_lazy("route", "Spinal anaesthesia"),
    "spray": pgettext_lazy("dosage form", "spray"),
    "subcutaneous": pgettext_lazy("route", "Subcutaneous"),
    "subdermal": pgettext_lazy("route", "Subdermal"),
    "sublingual": pgettext_lazy("route", "Sublingual"),
    "suppository": pgettext_lazy("dosage form", "suppository"),
    "suspension": pgettext_lazy("dosage form", "suspension"),
    "tablet": pgettext_lazy("dosage form", "tablet"),
    "topical": pgettext_lazy("route", "Topical"),
    "transdermal patch": pgettext_lazy("dosage form", "transdermal patch"),
    "unspecified": pgettext_lazy("route", "unspecified"),
    "vaginal": pgettext_lazy("route", "Vaginal"),
    "vaginal ring": pgettext_lazy("dosage form", "vaginal ring"),
    "varnish": pgettext_lazy("dosage form", "varnish"),
}


def route_word(step: str) -> Words | None:
    """One step of a route path in the reader's language, or ``None`` where the word is not a known one."""
    return ROUTES.get(step.casefold())


def day(value: date) -> str:
    """A day as the reader's language writes it; English has the day before the month here."""
    return date_format(value, "j F Y" if get_language() == "en" else "DATE_FORMAT")


def labelled(label: object, value: object) -> str:
    """A label with its value. Not all languages join the two by a colon and a space."""
    return pgettext("a label and its value", "%(label)s: %(value)s") % {"label": label, "value": value}


def labelled_html(label: object, value: object) -> SafeString:
    """The same as HTML. What is safe already stays as it is."""
    escaped = labelled(conditional_escape(str(label)), conditional_escape(str(value)))  # `str` leaves safe words safe.
    return mark_safe(escaped)  # noqa: S308


def content_marks() -> SafeString:
    """The language of names in the record, which are kept in English, where the page speaks another."""
    return mark_safe("" if get_language() == "en" else ' lang="en" dir="ltr"')  # noqa: S308  no foreign words


def only_in(language: str) -> str:
    """The sentence that names the language of a text which the page's own language does not have."""
    if language == "en":
        return gettext("This text is available in English only")
    try:
        name = get_language_info(language)["name_translated"]
    except KeyError:
        name = language
    return gettext("This text is available in one language only: %(language)s") % {"language": name}


@dataclass(frozen=True)
class Term:
    """A word of the lists with what it means."""

    name: str
    meaning: str


def explained(word: str) -> Term:
    """A word of the lists with its meaning, in the language that is active. Raises ``KeyError`` for another word."""
    return {
        "essential": lambda: Term(
            gettext("Essential medicine"),
            gettext("A medicine that meets priority health needs: it is on the EML, the EMLc or both for this use."),
        ),
        "core": lambda: Term(
            gettext("Core list"),
            gettext("The minimum needs of a basic health system."),
        ),
        "complementary": lambda: Term(
            gettext("Complementary list"),
            gettext("Medicines that need specialist care, tests or training, or that cost more for what they give."),
        ),
        "emlc": lambda: Term(
            gettext("EMLc"),
            gettext("The Model List of Essential Medicines for Children, up to 12 years of age."),
        ),
        "representative": lambda: Term(
            pgettext("medicine", "Representative"),
            gettext(
                "The medicine stands for the named alternatives or for its class, from which national lists choose."
            ),
        ),
        "removed": lambda: Term(
            pgettext("status", "Removed from the List"),
            gettext("It was on a list for this use in the past, and no longer is."),
        ),
        "not_recommended": lambda: Term(
            gettext("Not recommended for listing"),
            gettext("The Committee did not recommend it for the lists. It is no advice to patients."),
        ),
        "aware": lambda: Term(
            gettext("AWaRe"),
            gettext("Antibiotics are grouped as Access, Watch or Reserve, to guide their prudent use."),
        ),
    }[word]()
