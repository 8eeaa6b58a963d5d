"""What a person has settled of an import: which names are one medicine, what a title means, which of two holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Holds = Literal["decision", "list"]
HOLDS: tuple[Holds, ...] = get_args(Holds)


class ChoiceRefused(Exception):
    """A choice cannot be carried out; the message says why and what to do."""


@dataclass(frozen=True)
class Choices:
    """Everything that is not settled stays a question of the report.

    ``edition``: what is known of an edition that the record does not have, by field; dates as ISO writes them.
    ``renames``: a name of the record and the name in the file that is the same medicine, "" where none of them is.
    ``sections``: a title of the file and the number of the section that it means, "" where it means none.
    ``conflicts``: the number of a recommendation and which of the two holds, the decision or the list.
    ``names``: of the printed list, a name and the medicine of the edition that it means, "" where it means none.
    ``boxes``: of the printed list, the place of an entry and the sections in which its square box stands.
    ``looser``: of ICD-11, whether indications get codes that match only without what stands in brackets.
    """

    edition: Mapping[str, Any] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[int, Holds] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    looser: bool = False

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Choices:
        """Read what ``to_dict`` wrote."""
        return cls(
            edition=dict(data.get("edition", {})),
            renames=dict(data.get("renames", {})),
            sections=dict(data.get("sections", {})),
            conflicts={int(number): holds for number, holds in data.get("conflicts", {}).items()},
            names=dict(data.get("names", {})),
            boxes=dict(data.get("boxes", {})),
            looser=bool(data.get("looser")),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "edition": dict(self.edition),
            "renames": dict(self.renames),
            "sections": dict(self.sections),
            "conflicts": {str(number): holds for number, holds in self.conflicts.items()},
            "names": dict(self.names),
            "boxes": {place: list(sections) for place, sections in self.boxes.items()},
            "looser": self.looser,
        }
