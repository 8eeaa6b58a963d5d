"""What makes a recommendation the one that it is: a medicine for an indication, with its partners."""

from medicines.content.schema import Facts
from medicines.sorting import folded, sort_key

LONGEST = {"medicine": 500, "indication": 1000, "partners": 500}
"""In characters, as names and as folded keys."""

LONGEST_SORT_KEYS = {"medicine": 600, "indication": 1200}

LONGEST_ENTRY = 2500
"""In bytes, of medicine and indication together as they are sorted: an index of the database holds no more."""

NEVER_TOO_LONG = 80
"""In ASCII characters: folded they are no more, and sorted at most six times as many, as numbers get six digits."""


def identity(facts: Facts) -> tuple[str, str, str]:
    """The folded names of medicine, indication and partners: two recommendations never share all three."""
    return folded(facts.medicine), folded(facts.indication), folded(partner_names(facts))


def partner_names(facts: Facts) -> str:
    """The partners as one text."""
    return " + ".join(facts.partners)


def too_long(facts: Facts) -> list[str]:
    """Which of ``medicine``, ``indication`` and ``partners`` are longer than the record can keep."""
    names = {"medicine": facts.medicine, "indication": facts.indication, "partners": partner_names(facts)}
    if all(len(words) <= NEVER_TOO_LONG and words.isascii() for words in names.values()):
        return []  # Nearly all are, and an import asks of each of them more than once.
    found = [field for field, words in names.items() if _is_too_long(field, words)]
    if not found and len(sort_key(f"{facts.medicine} / {facts.indication}").encode()) > LONGEST_ENTRY:
        found.append("indication")
    return found


def _is_too_long(field: str, words: str) -> bool:
    if max(len(words), len(folded(words))) > LONGEST[field]:
        return True
    return field in LONGEST_SORT_KEYS and len(sort_key(words)) > LONGEST_SORT_KEYS[field]
