"""The arguments by which a command names an edition."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from typing import Any


def add_edition_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--edition", type=int, required=True, help="the number of the edition, such as 24")
    new = parser.add_argument_group("of an edition that the record does not have")
    new.add_argument("--year", type=int)
    new.add_argument("--effective-date", type=date.fromisoformat, metavar="YYYY-MM-DD")
    new.add_argument("--in-report", metavar="REPORT", help='such as "TRS 1064"')
    new.add_argument("--children-edition", type=int, metavar="NUMBER", help="the children's list beside it")


def given_edition(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the person stated of the edition, by field."""
    return {
        "year": options["year"],
        "effective_date": options["effective_date"],
        "report": options["in_report"],
        "children_number": options["children_edition"],
    }
