"""Text that XML can hold."""

from __future__ import annotations

import re

_NO_CHARACTER_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_words(text: str) -> str:
    """The words without what cannot stand in XML, such as control characters that somebody searched for."""
    return _NO_CHARACTER_OF_XML.sub("", text)


def xml_escaped(text: str) -> str:
    """The words as the text of an element, out of which they are read again, but for what cannot stand in XML."""
    words = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if words.isprintable():  # Nearly always, and looking for single characters takes long.
        return words
    return xml_words(words).replace("\r", "&#13;")
