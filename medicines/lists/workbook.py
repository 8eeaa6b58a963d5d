"""The report of an import as a workbook, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from medicines.documents.sheets import Column, Properties, Sheet, workbook

from .shown import figures, parts
from .wording import file_form, worded


def report_workbook(report: Mapping[str, Any]) -> Iterator[bytes]:
    """A report that is kept as an .xlsx in pieces: the figures, the recommendations, the rows with what is said of
    them, the questions with their answers, and the rest on a sheet each. What looks like a formula stays text.
    """
    return workbook(Properties(title=report.get("file", "")), _sheets(report))


def _sheets(report: Mapping[str, Any]) -> Iterator[Sheet]:
    found = parts(report)
    mentions = [(part, each) for part in found if part.form == "recommendations" for each in part.rows]
    yield Sheet(
        pgettext("sheet of a report", "Figures"), [Column(_("Figure"), 40), Column(_("Value"), 40)], _figures(report)
    )
    if mentions:
        yield Sheet(_("Recommendations"), _columns(), (_recommendation(part.heading, each) for part, each in mentions))
    if rows := [*_rows(found)]:
        said = Column(_("Kind"), 24), Column(_("Rows")), Column(_("Field"), 20), Column(_("What is said"), 80)
        yield Sheet(_("Rows"), said, rows)
    if asked := [*_questions(report.get("questions", {}))]:
        of = (
            Column(_("Question"), 34),
            Column(_("Name"), 34),
            Column(_("Offered"), 50),
            Column(pgettext("to a question", "Answer"), 34),
        )
        yield Sheet(_("To be settled"), of, asked)
    for part in found:
        if part.form == "table":
            yield Sheet(str(part.heading), [Column(str(label), 30) for label in part.columns], part.rows)
        elif part.form == "lines":
            yield Sheet(str(part.heading), [Column(str(part.heading), 100)], ((line,) for line in part.rows))


def _figures(report: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    yield _("File"), report.get("file", "")
    yield "SHA-256", report.get("sha256", "")
    yield _("Form"), file_form(report.get("form", ""))
    yield _("Edition"), report.get("edition") or report.get("release") or ""
    yield _("Written"), pgettext("answer", "Yes") if report.get("written") else pgettext("answer", "No")
    found = figures(report)
    for figure in (*found.done, *found.read):
        yield str(figure.label), figure.count


def _columns() -> Sequence[Column]:
    return (
        Column(_("What is done"), 24),
        Column(_("Number")),
        Column(_("Medicine"), 30),
        Column(_("Indication"), 34),
        Column(_("Combined with"), 24),
        Column(_("Rows")),
        Column(_("What is new"), 34),
        Column(_("Settled")),
    )


def _recommendation(heading: Any, each: Mapping[str, Any]) -> Sequence[Any]:
    partners, rows = " + ".join(each.get("partners", ())), _numbers(each.get("rows", ()))
    names = each["medicine"], each["indication"]
    return str(heading), each["number"], *names, partners, rows, each["fields"], each["holds"]


def _rows(found: Iterable[Any]) -> Iterable[Sequence[Any]]:
    for part in found:
        if part.form == "findings":
            for each in part.rows:
                yield str(part.heading), _numbers(each.rows), each.field, each.message
        elif part.form == "repeated":
            for rows in part.rows:
                yield str(part.heading), _numbers(rows), "", ""


def _questions(asked: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """What a person may settle, each with the answer that it has: see ``medicines.lists.choices``."""
    for each in asked.get("renames", ()):
        yield _("One medicine under two names"), each["name"], worded("", each["offered"]), _answer(each)
    for each in asked.get("sections", ()):
        yield _("Sections"), each["title"], worded("", each["numbers"]), _answer(each)
    for each in asked.get("conflicts", ()):
        yield _("Decisions that say otherwise"), f"{each['number']} {each['medicine']}", "", _answer(each)
    for each in asked.get("names", ()):
        yield _("Names in print"), each["name"], worded("", each["offered"]), _answer(each)
    for each in asked.get("boxes", ()):
        yield _("Square boxes"), each["medicine"], worded("", each["sections"]), _answer(each)


def _answer(each: Mapping[str, Any]) -> str:
    if each["chosen"] is None:
        return _("Not settled")
    return worded("holds", each["chosen"]) or _("None of these")


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))
