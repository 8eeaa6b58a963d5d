"""What intake says about what it did: plain data that can be stored, with sentences made when they are read."""

from __future__ import annotations

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from medicines.content.schema import Part, SectionKey

Code = Literal[
    # recognised
    "title",
    "label",
    "badge",
    "section",
    "references",
    "reference",
    "formula",
    "rejoined",
    "tracked_changes",
    # guessed
    "heading_mapped",
    "sub_heading",
    "references_without_heading",
    "issuing_body",
    "reference_fields",
    "language",
    "medicine",
    "enumeration",
    # left over
    "head_line",
    "unknown_section",
    "note",
    "picture",
    "comment",
    "margin",
    "not_in_text",
    "not_a_reference",
    # warnings
    "citations_out_of_order",
    "author_twice",
    "heading_mislabelled",
    "reference_not_cited",
    "citation_unknown",
    "reference_numbers",
    "no_references",
    "no_medicine",
    "no_indication",
]

SENTENCES: dict[str, str | Promise] = {
    "title": _("The title of the document."),
    "label": _("Read as a fact."),
    "badge": _("The badge of the list for children."),
    "section": _("Read as the heading of a section."),
    "references": _("Read as the heading of the references."),
    "reference": _("Read as a reference."),
    "formula": _("A formula was turned into text."),
    "rejoined": _("A sentence that a page break had cut was joined again."),
    "tracked_changes": _("The file carried tracked changes; all of them were accepted."),
    "heading_mapped": _("This heading is not one of the committee’s; its text was put where it fits best."),
    "sub_heading": _("Read as a heading within its section."),
    "references_without_heading": _("The numbered list at the end was taken for the references."),
    "issuing_body": _("No author is named; the publisher was taken for the issuing body."),
    "reference_fields": _("This reference was not understood for certain; look at it."),
    "language": _("The language of the text was guessed from its words."),
    "medicine": _("The medicine was taken from the title."),
    "enumeration": _("A number in parentheses was taken for an enumeration, not for a citation."),
    "head_line": _("This line at the head of the document was not understood."),
    "unknown_section": _("No section of the committee’s text has this heading."),
    "note": _("A footnote was set apart."),
    "picture": _("A picture was left out."),
    "comment": _("A comment in the margin was set apart."),
    "margin": _("Words from the head or foot of the page were set apart."),
    "not_in_text": _("These words stand outside the flow of the text, for instance in a text box."),
    "not_a_reference": _("This stands among the references but is none."),
    "citations_out_of_order": _("Citations are not numbered in the order of the text. They will be renumbered."),
    "author_twice": _("Reference %(reference)s names an author twice: %(author)s."),
    "heading_mislabelled": _("The heading “%(heading)s” is a wrong translation; its text was read as harms."),
    "reference_not_cited": _("Reference %(reference)s is cited nowhere in the text."),
    "citation_unknown": _("“%(marker)s” looks like a citation, but there is no such reference. It was left as text."),
    "reference_numbers": _("The references are not numbered one by one; look at each citation."),
    "no_references": _("No references were found."),
    "no_medicine": _("No medicine was found at the head of the document."),
    "no_indication": _("No indication was found at the head of the document."),
}


Unit = Literal["line", "paragraph"]
"""A text file is counted in lines, a Word file and its like in paragraphs."""


class Finding(Part):
    """One entry of the report: what was found, its words as the source has them, and where.

    ``line`` counts from 1, in the ``unit`` of the format; 0 is the document as a whole. ``section`` names the place in
    the draft, where there is one.
    """

    code: Code
    line: int = 0
    unit: Unit = "line"
    words: str = ""
    section: SectionKey | None = None
    detail: dict[str, str | int] = {}

    @property
    def message(self) -> str:
        """What happened, as a sentence in the reader's language."""
        return str(SENTENCES[self.code]) % self.detail if self.detail else str(SENTENCES[self.code])

    @property
    def place(self) -> str:
        """Where in the source, for people; empty for the document as a whole."""
        if not self.line:
            return ""
        words = _t("line %(number)d") if self.unit == "line" else _t("paragraph %(number)d")
        return words % {"number": self.line}


class Split(Part):
    """A block that may hold more than one: always a guess, never applied by intake.

    ``heading``: ``words`` look like a sub-heading that runs into its paragraph. ``list``: ``words`` is one "•" of a
    paragraph. ``offset`` is where they begin in the text of the block.
    """

    kind: Literal["heading", "list"]
    section: SectionKey
    block: str
    words: str
    offset: int
    line: int = 0
    guessed: Literal[True] = True


class Counts(Part):
    sections: int = 0
    references: int = 0
    citation_markers: int = 0
    citations: int = 0
    formulations: int = 0


class Report(Part):
    """All that intake says about one file."""

    filename: str
    format: str
    language: str
    counts: Counts
    recognised: tuple[Finding, ...] = ()
    guessed: tuple[Finding, ...] = ()
    left_over: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    splits: tuple[Split, ...] = ()
