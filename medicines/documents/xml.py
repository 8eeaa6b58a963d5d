"""Text that XML can hold."""

from __future__ import annotations

import re

_NO_CHARACTER_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_words(text: str) -> str:
    """The words without what cannot stand in XML, such as control characters that somebody searched for."""
    return _NO_CHARACTER_OF_XML.sub("", text)
