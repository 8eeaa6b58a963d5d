"""What an import says, by its codes. Reports are kept with codes and values, and worded in the language of the reader.

Reports are kept for ever, so a code that was given out keeps its meaning and its placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from django.utils.translation import get_language_bidi, gettext, ngettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from medicines.content import labels

FINDINGS = {
    # Of any table
    "empty": _("The field is empty. Every row needs it."),
    "longer": ngettext_lazy(
        "The text is longer than %(count)s character.", "The text is longer than %(count)s characters.", "count"
    ),
    # Of a list
    "too_long": _("The text is too long for the record."),
    "status_empty": _("The field is empty. Write Added or Removed."),
    "status_unknown": _("“%(status)s” is neither Added nor Removed."),
    "code_too_long": _("“%(code)s” is too long for a code."),
    "code_form_kept": _("“%(code)s” has not the form of a code. It is kept."),
    "lost_character": _(
        "A question mark may stand for a character that the file has lost, such as ≈ or ≥. Look at it."
    ),
    "section_empty": _("The field is empty. The section is not stated."),
    "section_unknown": _("“%(title)s” is no section of the edition. The title is kept without a number."),
    "section_ambiguous": _(
        "“%(title)s” may be any of these sections: %(numbers)s. The title is kept without a number."
    ),
    "no_sections": _("The edition has no sections yet, so none has a number. Bring its sections in first."),
    "facts_beside_columns": _(
        "The facts do not say what the other columns say. These are read, as those of the official export."
    ),
    "facts_disagree": _("The facts are not the same in all rows of this recommendation. Keep the rows of one list."),
    "facts_unkeepable": _("The record cannot keep these facts: something is missing or too long at %(where)s."),
    "entry_kept": _(
        "The edition has an entry for recommendation %(number)s already and keeps it. "
        "What is new makes a version beside it: %(fields)s."
    ),
    # Of sections
    "edition_differs": _("“%(stated)s” is not edition %(edition)s."),
    "number_form": _("“%(number)s” is no number of a section, such as 5.1.4."),
    "number_repeated": _("Section %(number)s stands in row %(row)s already."),
    "not_above": _("Section %(parent)s does not stand above %(number)s."),
    "parent_unknown": _("There is no section %(parent)s in the file or in the edition."),
    "previous_unsaid": _("The row continues a section of an earlier edition. Say which edition that is."),
    "continued_unknown": _("%(edition)s has no section %(number)s."),
    # Of the printed list
    "name_repeated": _("The name stands more than once in section %(number)s."),
    "section_form": _("“%(section)s” has not the form of a number and a title."),
    "list_unknown": _("The list is neither core nor complementary."),
    "box_not_taken": _(
        "The box of %(name)s is not taken: the medicine stands in sections too that the file has no entry for."
    ),
    "alternative_not_taken": _("“%(words)s” is not taken as an alternative of %(name)s."),
    "footnote": _("“%(words)s”, an alternative of %(name)s, has a footnote in print. See whether it sets a limit."),
    "choice_without_use": _("A choice for %(name)s is not taken: no indication of it has these words: %(words)s."),
    "choice_unclear": _("A choice for %(name)s is not taken: it is first and second at once, or neither: %(words)s."),
    # Of classifications
    "empty_code": _("The field is empty. Every category needs a code."),
    "code_form": _("“%(code)s” has not the form of a code."),
    "names_differ": ngettext_lazy(
        "%(code)s has %(count)s name. “%(name)s” is taken.",
        "%(code)s has %(count)s names. “%(name)s” is taken.",
        "count",
    ),
    "kind_unknown": _("“%(kind)s” is none of %(kinds)s."),
    "code_needless": _("Chapters and blocks have no code, and this one has “%(code)s”."),
    "no_sheet": _("The workbook has no sheet “Not recommended”, so no combination has that group."),
    "empty_in_sheet": _("The field is empty on the sheet “%(sheet)s”. Every row needs it."),
    "longer_in_sheet": ngettext_lazy(
        "The text on the sheet “%(sheet)s” is longer than %(count)s character.",
        "The text on the sheet “%(sheet)s” is longer than %(count)s characters.",
        "count",
    ),
    "group_unknown": _("“%(group)s” on the sheet “%(sheet)s” is none of Access, Watch and Reserve."),
    "groups_differ": _("“%(name)s” stands in several groups: %(groups)s. It can be in one only."),
    "synonym_too_long": ngettext_lazy(
        "A synonym is longer than %(count)s character. It is left out.",
        "A synonym is longer than %(count)s characters. It is left out.",
        "count",
    ),
}
"""What is said of rows."""

HEADINGS = {
    # Of a list
    "changed": pgettext_lazy("import", "Changed"),
    "renamed": pgettext_lazy("import", "Renamed"),
    "moved": pgettext_lazy("import", "Moved to other sections"),
    "removed": pgettext_lazy("import", "Removed"),
    "conflict": _("Left alone, because a decision says otherwise; a person has to look"),
    "upheld": _("Left as decided, although the list says otherwise"),
    "missing": _("Listed in the record and not in the file; left as they are"),
    "renames": _("Perhaps the same medicine under another name; a person has to say so"),
    # Of sections
    "sections_missing": _("In the record and not in the file; kept"),
    # Of the printed list
    "printed_elsewhere": _("Listed in other sections; not taken"),
    "printed_unmatched": _("Names that the edition does not have"),
    "printed_looser": _("Matched by the title of the section, or by a section above"),
    # Of classifications
    "atc_unknown": _("In the record and not in the file; kept"),
    "atc_gone": _("In the table and not in the file; taken out"),
    "icd11_taken": _("Matched without what is in brackets; taken"),
    "icd11_looser": _("Matched without what is in brackets; not taken unless asked for"),
    "icd11_unmatched": _("Indications without a match; left as they are"),
    "icd11_block": _("Indications linked to a block"),
    "aware_unmatched": _("Antibiotics of the record that the classification does not have"),
    "aware_matched": _("Antibiotics of the record with their groups"),
    "aware_gone": _("In the classification of this year and not in the file; taken out"),
    "synonyms_changed": _("Medicines with new synonyms"),
    "synonyms_ambiguous": _("Medicines whose name several drugs have; none is taken"),
    "synonyms_shared": _("Synonyms that another drug or medicine has too; not taken"),
    "synonyms_unmatched": _("Medicines that no drug has the name of"),
}
"""What a report tells of at length."""

FIGURES = {
    "rows": _("rows"),
    "entries": _("entries"),
    "entities": _("entities of the classification"),
    "codes": _("codes"),
    "codes in several rows": _("codes in several rows"),
    "drugs": _("drugs"),
    "synonyms": _("synonyms"),
    "recommendations": _("recommendations"),
    "medicines": _("medicines"),
    "indications": _("indications"),
    "listed recommendations": _("listed recommendations"),
    "listed medicines": _("listed medicines"),
    "in several sections at once": _("in several sections at once"),
    "created": pgettext_lazy("import", "Created"),
    "filled": pgettext_lazy("import", "Filled in for an earlier edition"),
    "changed": pgettext_lazy("import", "Changed"),
    "renamed": pgettext_lazy("import", "Renamed"),
    "renumbered": pgettext_lazy("import", "Only renumbered"),
    "moved": pgettext_lazy("import", "Moved to other sections"),
    "removed": pgettext_lazy("import", "Removed"),
    "gone": pgettext_lazy("import", "Taken out"),
    "unchanged": pgettext_lazy("import", "Unchanged"),
    "conflict": pgettext_lazy("import", "In conflict with a decision"),
    "upheld": pgettext_lazy("import", "Left as decided"),
    "missing": pgettext_lazy("import", "In the record and not in the file"),
    "rows merged": _("rows merged"),
    "rows repeated": _("rows repeated"),
    "rows refused": _("rows refused"),
    "warnings": _("warnings"),
    "edition entries": _("entries of the edition"),
    "names of the edition": _("names of the edition"),
    "names that the edition does not have": _("names that the edition does not have"),
    "sections matched by number": _("sections matched by number"),
    "sections matched by title": _("sections matched by title"),
    "sections matched as one above": _("sections matched as one above"),
    "in other sections": _("in other sections"),
    "core": pgettext_lazy("import", "core"),
    "complementary": pgettext_lazy("import", "complementary"),
    "representative": pgettext_lazy("import", "representative"),
    "with a choice": _("with a first or second choice"),
    "codes of the record without a name": _("codes of the record without a name"),
    "entities created": _("entities created"),
    "entities changed": _("entities changed"),
    "entities unchanged": _("entities unchanged"),
    "entities gone": _("entities taken out"),
    "indications with a code or more": _("indications with a code or more"),
    "of these with codes that published texts state": _("of these with codes that published texts state"),
    "indications linked to a block": _("indications linked to a block"),
    "indications with a looser match": _("indications with a looser match"),
    "indications without a match": _("indications without a match"),
    "indications changed": _("indications changed"),
    "access": pgettext_lazy("AWaRe", "Access"),
    "watch": pgettext_lazy("AWaRe", "Watch"),
    "reserve": pgettext_lazy("AWaRe", "Reserve"),
    "not recommended": pgettext_lazy("AWaRe", "Not recommended"),
    "antibiotics of the record with a group": _("antibiotics of the record with a group"),
    "antibiotics of the record without one": _("antibiotics of the record without a group"),
    "combinations, left alone": _("combinations, left alone"),
    "matched": _("medicines matched"),
    "synonyms added": _("synonyms added"),
}
"""The figures of reports, in the order in which they are told. The database keeps them in none."""

COLUMNS = {
    "row": _("Row"),
    "number": _("Number"),
    "code": _("Code"),
    "medicine": _("Medicine"),
    "medicines": _("Medicines"),
    "indication": _("Indication"),
    "partners": _("Combined with"),
    "name": _("Name"),
    "offered": _("Offered"),
    "section": _("Section"),
    "listed_in": _("Listed in"),
    "by": _("Matched by"),
    "codes": _("Codes"),
    "titles": _("Titles"),
    "group": _("Group"),
    "why": _("Reason"),
    "groups": _("Groups"),
    "drugs": _("Drugs"),
    "synonym": _("Synonym"),
    "synonyms": _("Synonyms"),
    "of": _("Also a name of"),
    "fields": _("What is new"),
    "holds": _("Settled"),
    "rows": _("Rows"),
}
"""The columns of what a report tells of, in their order."""

_GROUPS = {
    "access": FIGURES["access"],
    "watch": FIGURES["watch"],
    "reserve": FIGURES["reserve"],
    "not_recommended": FIGURES["not recommended"],
}

VALUES: Mapping[str, Mapping[str, Any]] = {
    "by": {"title": _("the title of the section"), "above": _("a section above")},
    "group": _GROUPS,
    "groups": _GROUPS,
    "why": {"by_route": _("The group depends on the route."), "no_entry": _("No entry has this name.")},
    "holds": {"decision": _("The decision holds"), "list": _("The list holds")},
    "fields": {
        **{name.replace("_", " "): words for name, words in labels.FACTS.items()},
        "name": _("Name"),
        "status": _("Status"),
        "status in a section": _("Status in a section"),
        "section number": _("Section number"),
        "ATC codes": labels.FACTS["atc"],
        "list type": _("List type"),
    },
}
"""Values of those columns that are words of ours."""

_CSV = {
    "comma": _("CSV, separated by commas, %(encoding)s"),
    "semicolon": _("CSV, separated by semicolons, %(encoding)s"),
    "tab": _("CSV, separated by tabs, %(encoding)s"),
    "bar": _("CSV, separated by bars, %(encoding)s"),
}

_FORM = re.compile(r"CSV, (?P<delimiter>\w+)-separated, (?P<encoding>[\w-]+)")


def file_form(stored: str) -> str:
    """How a file was read."""
    if (csv := _FORM.fullmatch(stored)) and csv["delimiter"] in _CSV:
        return str(_CSV[csv["delimiter"]] % {"encoding": csv["encoding"]})
    return gettext("Excel workbook") if stored == "Excel workbook" else stored


def listed(words: Iterable[str]) -> str:
    """Words one after the other. Chinese and Arabic have commas of their own for it."""
    two = pgettext("members of a list", "%(before)s, %(after)s")
    members = list(words)
    return reduce(lambda before, after: two % {"before": before, "after": after}, members) if members else ""


def quoted(words: str) -> str:
    """Words of a file, in quotation marks."""
    return pgettext("words of a file", "“%(words)s”") % {"words": words}


def said(code: str, values: Mapping[str, Any]) -> str:
    """What a finding says. Where the language runs from right to left its values are isolated."""
    return str(FINDINGS[code] % {name: _apart(name, value) for name, value in values.items()})


QUOTED = {"words"}
"""Lists under these names hold words as they stand in the file."""


def worded(column: str, value: Any) -> str:
    """A value of a column for a reader; lists as their members, words that are not ours as they are."""
    if isinstance(value, (list, tuple)):
        return "; ".join(worded(column, each) for each in value)  # Synonyms have commas.
    return "" if value is None else str(VALUES.get(column, {}).get(value, value))


def _apart(name: str, value: Any) -> Any:
    if isinstance(value, int):  # It chooses the plural.
        return value
    if isinstance(value, (list, tuple)):
        words = listed(quoted(each) if name in QUOTED else worded(name, each) for each in value)
    else:
        words = worded(name, value)
    return f"\u2068{words}\u2069" if get_language_bidi() else words
