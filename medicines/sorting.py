"""Keys for matching and for sorting names, the same on every database."""

import re
import unicodedata

from medicines.remembered import remembered


@remembered
def folded(text: str) -> str:
    """Return ``text`` without accents, in lower case, with single blanks: for matching names."""
    if text.isascii():  # Most names are.
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


@remembered
def sort_key(text: str) -> str:
    """Return ``folded(text)`` with every number padded, so that 5.10 sorts after 5.9."""
    return re.sub(r"\d+", lambda number: number.group().zfill(6), folded(text))
