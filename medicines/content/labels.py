"""What fields, sections and fixed values are called, in words that are translated when they are shown."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = str | Promise

SECTIONS: dict[str, Words] = {
    "recommendation": gettext_lazy("Expert Committee recommendation"),
    "background": gettext_lazy("Background"),
    "public_health_relevance": gettext_lazy("Public health relevance"),
    "benefits": gettext_lazy("Benefits"),
    "harms": gettext_lazy("Harms"),
    "additional_evidence": gettext_lazy("Additional evidence"),
    "cost_effectiveness": gettext_lazy("Cost and cost-effectiveness"),
    "who_guidelines": gettext_lazy("WHO guidelines"),
    "availability": gettext_lazy("Availability"),
    "other_considerations": gettext_lazy("Other considerations"),
    "implementation": gettext_lazy("Implementation considerations"),
    "unplaced": gettext_lazy("Unplaced"),
}

PARTS: dict[str, Words] = {
    "facts": gettext_lazy("Facts"),
    "findings": gettext_lazy("Summary of findings"),
    "costs": gettext_lazy("Costs"),
    "references": gettext_lazy("References"),
}

FACTS: dict[str, Words] = {
    "medicine": gettext_lazy("Medicine"),
    "indication": gettext_lazy("Indication"),
    "partners": gettext_lazy("Combined with"),
    "atc": gettext_lazy("ATC codes"),
    "icd11": gettext_lazy("ICD-11 codes"),
    "medicine_type": gettext_lazy("Medicine type"),
    "aware": gettext_lazy("Antibiotic group (AWaRe)"),
    "choice": gettext_lazy("Choice"),
    "placements": gettext_lazy("Section"),
    "section": gettext_lazy("Section"),
    "eml": gettext_lazy("EML"),
    "emlc": gettext_lazy("EMLc"),
    "unnamed_list": gettext_lazy("List status"),
    "formulations": gettext_lazy("Formulations"),
    "route": gettext_lazy("Route"),
    "strengths": gettext_lazy("Strengths"),
    "lists": gettext_lazy("Lists"),
    "original": gettext_lazy("Original text"),
    "sex": gettext_lazy("Sex"),
    "age": gettext_lazy("Age"),
    "weight": gettext_lazy("Weight"),
    "alternatives": gettext_lazy("Therapeutic alternatives"),
    "patents": gettext_lazy("Patent information"),
    "links": gettext_lazy("Links"),
    "history": gettext_lazy("Status history"),
    "title": gettext_lazy("Title"),
    "url": gettext_lazy("Address"),
    "words": gettext_lazy("Words"),
    "report": gettext_lazy("Report"),
}

FINDING: dict[str, Words] = {
    "outcome": pgettext_lazy("what a study measured", "Outcome"),
    "follow_up": gettext_lazy("Follow-up"),
    "comparison": gettext_lazy("Comparison"),
    "studies": gettext_lazy("Studies"),
    "participants": gettext_lazy("Participants"),
    "measure": gettext_lazy("Measure"),
    "estimate": gettext_lazy("Effect"),
    "low": gettext_lazy("Lower limit"),
    "high": gettext_lazy("Upper limit"),
    "risk_without": gettext_lazy("Risk without"),
    "risk_with": gettext_lazy("Risk with"),
    "certainty": gettext_lazy("Certainty of evidence"),
    "comment": gettext_lazy("Comment"),
    "reference": gettext_lazy("Reference"),
}

COST: dict[str, Words] = {
    "what": gettext_lazy("What is counted"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "unit": gettext_lazy("Unit"),
    "place": gettext_lazy("Place"),
    "date": gettext_lazy("Date"),
    "perspective": gettext_lazy("Perspective"),
    "horizon": gettext_lazy("Time horizon"),
    "reference": gettext_lazy("Reference"),
}

CSL: dict[str, Words] = {
    "author": gettext_lazy("Authors"),
    "editor": gettext_lazy("Editors"),
    "title": gettext_lazy("Title"),
    "container-title": gettext_lazy("Journal or book"),
    "issued": gettext_lazy("Year"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "page": gettext_lazy("Pages"),
    "publisher": gettext_lazy("Publisher"),
    "publisher-place": gettext_lazy("Place"),
    "type": gettext_lazy("Type"),
}

LIST_STATUS: dict[str, Words] = {
    "core": gettext_lazy("Core list"),
    "complementary": gettext_lazy("Complementary list"),
    "listed": gettext_lazy("Listed"),
    "removed": pgettext_lazy("status on a list", "Removed"),
    "not_listed": gettext_lazy("Not listed"),
}

HISTORY: dict[str, Words] = {
    "first_added": gettext_lazy("First added in %(year)s"),
    "added": gettext_lazy("Added in %(year)s"),
    "changed": gettext_lazy("Changed in %(year)s"),
    "removed": gettext_lazy("Removed in %(year)s"),
    "not_recommended": gettext_lazy("Not recommended for listing in %(year)s"),
    "deferred": gettext_lazy("Deferred in %(year)s"),
}

VALUES: dict[str, dict[str, Words]] = {
    "medicine_type": {
        "chemical": gettext_lazy("Chemical agent"),
        "biological": gettext_lazy("Biological agent"),
    },
    "aware": {
        "access": gettext_lazy("Access group"),
        "watch": gettext_lazy("Watch group"),
        "reserve": gettext_lazy("Reserve group"),
    },
    "certainty": {
        "high": pgettext_lazy("certainty of evidence", "High"),
        "moderate": pgettext_lazy("certainty of evidence", "Moderate"),
        "low": pgettext_lazy("certainty of evidence", "Low"),
        "very_low": pgettext_lazy("certainty of evidence", "Very low"),
    },
    "choice": {
        "first": gettext_lazy("First choice"),
        "second": gettext_lazy("Second choice"),
    },
    "sex": {
        "all": pgettext_lazy("sexes", "All"),
        "female": gettext_lazy("Female"),
        "male": gettext_lazy("Male"),
    },
    "age": {
        "all": pgettext_lazy("ages", "All"),
        "also_children": gettext_lazy("Also recommended for children"),
        "children": gettext_lazy("Children"),
        "adolescents_adults": gettext_lazy("Adolescents and adults"),
        "adults": gettext_lazy("Adults"),
        "range": "",
    },
    "alternatives": {
        "specific": gettext_lazy("The recommendation is for this specific medicine"),
        "atc_class": gettext_lazy("Medicines of one class"),
        "named": gettext_lazy("Named medicines"),
    },
    "patents": {
        "expired": gettext_lazy("Patents have expired in most jurisdictions"),
        "main_expired": gettext_lazy("Main patents have expired; secondary patents may remain active"),
        "active_one": gettext_lazy("Main patent is active in one jurisdiction"),
        "active_several": gettext_lazy("Main patents are active in several jurisdictions"),
    },
}
