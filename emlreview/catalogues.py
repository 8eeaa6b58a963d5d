"""The catalogues of translations: what the sources say, what each language says, and where the two part.

Babel does the work, since machines lack gettext's programs. It is there for development only: a site that runs needs
nothing but the compiled catalogues, which are therefore kept beside their texts in `emlreview/locale`.
"""

from __future__ import annotations

import ast
import csv
import gettext
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE = Path(__file__).resolve().parent / "locale"
GLOSSARY = LOCALE / "glossary.csv"

PYTHON = ("emlreview", "medicines", "applications")
TEMPLATES = "templates"
# Templates of ours that stand in for those of these packages. What they say in the package's own words, the package
# has translated.
PACKAGES = {"django.contrib.admin": "django", "django.contrib.auth": "django", "allauth": "allauth"}

Keywords = dict[str, Any]

# As gettext's manual has them. Each form also says which single number it is for, if it is for one only: such a form
# need not repeat the number ("one comment").
PLURALS: dict[str, tuple[str, dict[int, int]]] = {
    "fr": ("nplurals=2; plural=(n > 1);", {}),
    "es": ("nplurals=2; plural=(n != 1);", {0: 1}),
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        {},
    ),
    "zh_Hans": ("nplurals=1; plural=0;", {}),
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
        {0: 0, 1: 1, 2: 2},
    ),
}

KEYWORDS: Keywords = dict(DEFAULT_KEYWORDS) | {
    f"{name}{ending}": spec
    for name, spec in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for ending in ("", "_lazy", "_noop")
}
COMMENTS = ["Translators"]

Key = tuple[str | tuple[str, ...], str | None]


def po_path(locale: str) -> Path:
    """Where a language keeps its words."""
    return LOCALE / locale / "LC_MESSAGES" / "django.po"


# What the sources say


def source(root: Path = BASE_DIR) -> Catalog:
    """Every message that the code and the templates below this folder mark for translation."""
    found: dict[Key, set[str]] = {}
    for path in _python_files(root):
        for key, notes in _messages(path.read_text(encoding="utf-8"), str(path)):
            found.setdefault(key, set()).update(notes)
    for path in sorted((root / TEMPLATES).rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        package = _stands_in_for(path.relative_to(root / TEMPLATES))
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        code = "\n".join(line.strip() for line in code.splitlines())  # It is no Python that its indents could matter.
        for key, notes in _messages(code, str(path)):
            if not package or not _is_translated_by(package, key):
                found.setdefault(key, set()).update(notes)
    catalog = Catalog(fuzzy=False)
    for (words, context), comments in found.items():
        catalog.add(words, context=context, auto_comments=sorted(comments))
    return catalog


def _python_files(root: Path) -> Iterator[Path]:
    for folder in PYTHON:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _messages(code: str, origin: str) -> Iterator[tuple[Key, list[str]]]:
    try:
        keywords = KEYWORDS | _aliases(code, origin)
        for _line, words, comments, context in extract("python", io.BytesIO(code.encode()), keywords, COMMENTS):
            yield (words, context), [_without_mark(comment) for comment in comments]
    except SyntaxError as error:
        raise ValueError(f"{origin}: {error}") from error


def _aliases(code: str, origin: str) -> Keywords:
    """Names of a file's own for gettext and its kin: `from django.utils.translation import gettext as _t`."""
    if not origin.endswith(".py"):
        return {}
    return {
        name.asname: KEYWORDS[name.name]
        for node in ast.walk(ast.parse(code, origin))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in KEYWORDS
    }


def _without_mark(comment: str) -> str:
    return re.sub(r"^Translators:?\s*", "", comment.strip())


def _stands_in_for(template: Path) -> str | None:
    """The package whose template this one of ours replaces."""
    for package in PACKAGES:
        if (_folder(package) / "templates" / template).exists():
            return package
    return None


def _is_translated_by(package: str, key: Key) -> bool:
    words, context = key
    singular = words if isinstance(words, str) else words[0]
    wanted = singular if context is None else f"{context}\x04{singular}"
    return all(wanted in _package_words(package, locale) for locale in PLURALS)


def _package_words(package: str, locale: str) -> set[str]:
    if (package, locale) not in _read_packages:
        words: set[str] = set()
        for owner in {package, PACKAGES[package]}:
            base = _folder(owner) / ("conf/locale" if owner == "django" else "locale")
            path = base / locale / "LC_MESSAGES" / "django.mo"
            if path.exists():
                with path.open("rb") as file:
                    entries = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
                words |= {entry[0] if isinstance(entry, tuple) else entry for entry in entries}
        _read_packages[package, locale] = words
    return _read_packages[package, locale]


_read_packages: dict[tuple[str, str], set[str]] = {}


def _folder(package: str) -> Path:
    spec = find_spec(package)
    return Path(str(spec and spec.origin)).parent


# What a language says


def read(locale: str) -> Catalog:
    """The catalogue of a language, empty where there is none yet. Raises ValueError for a broken one."""
    path = po_path(locale)
    if not path.exists():
        return Catalog(locale=locale, fuzzy=False)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def update(sources: Catalog, old: Catalog, locale: str) -> Catalog:
    """What the sources say, with the words of the old catalogue where its message is exactly the same.

    Nothing is guessed: a message that was reworded has to be translated again. What the sources no longer say is
    dropped; its words are in the history.
    """
    new = Catalog(locale=locale, fuzzy=False)
    empty: str | tuple[str, ...]
    for message in _sorted(sources):
        empty = ("",) * forms(locale) if message.pluralizable else ""
        before = old.get(message.id, message.context)
        words = before.string if before and before.pluralizable == message.pluralizable else None
        if isinstance(empty, tuple) and (not isinstance(words, tuple) or len(words) != len(empty)):
            words = empty
        notes = before.user_comments if before else []
        flags = before.flags & {"fuzzy"} if before else set()
        new.add(
            message.id,
            words or empty,
            context=message.context,
            auto_comments=message.auto_comments,
            user_comments=notes,
            flags=flags,
        )
    return new


def text(catalog: Catalog, locale: str) -> bytes:
    """The catalogue as a file: sorted, and without dates and line numbers, which differ when nothing else does."""
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True, no_location=True, sort_output=True, ignore_obsolete=True)
    return (f'msgid ""\nmsgstr ""\n{_quoted(header(locale))}\n\n'.encode() + body.getvalue()).rstrip() + b"\n"


def header(locale: str) -> str:
    """What stands at the head of a catalogue."""
    return (
        f"Language: {locale}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        f"Plural-Forms: {PLURALS[locale][0]}\n"
    )


def compiled(catalog: Catalog, locale: str) -> bytes:
    """The catalogue as the site reads it: the same bytes for the same words."""
    dated = _Undated(locale=locale, fuzzy=False)
    for message in _sorted(catalog):
        if not message.fuzzy:
            dated[message.id] = message
    file = io.BytesIO()
    write_mo(file, dated)
    return file.getvalue()


class _Undated(Catalog):
    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        lines = header(str(self.locale_identifier)).splitlines()
        return [(name, value) for name, value in (line.split(": ", 1) for line in lines)]


def store(path: Path, content: bytes) -> None:
    """Write a file in one step, so that whoever reads it meanwhile gets the old one or the new one."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


def is_translated(message: Message) -> bool:
    """Whether a message has all its words in the language."""
    return not message.fuzzy and all(_tuple(message.string))


def forms(locale: str) -> int:
    """How many plural forms a language has."""
    found = re.match(r"nplurals=(\d+)", PLURALS[locale][0])
    assert found
    return int(found[1])


def _sorted(catalog: Catalog) -> list[Message]:
    return sorted((message for message in catalog if message.id), key=lambda message: (_first(message), _key(message)))


def _first(message: Message) -> str:
    return _tuple(message.id)[0]


def _key(message: Message) -> str:
    return message.context or ""


def _quoted(words: str) -> str:
    return "\n".join(f'"{line}\\n"' for line in words.splitlines())


# Where they part


def faults(sources: Catalog, locale: str) -> list[str]:
    """What is wrong with the catalogue of a language, a line each. Nothing: it says all that the sources say."""
    try:
        catalog = read(locale)
    except ValueError as error:
        return [str(error)]
    lines = [*_missing(sources, catalog), *_departures(catalog, locale)]
    for message in _sorted(catalog):
        lines += [f"{shown(message)}: {fault}" for fault in _faults(message, locale)]
    lines += [f"obsolete: {_first(message)!r}" for message in catalog.obsolete.values()]
    path = po_path(locale)
    if not lines and (not path.exists() or path.read_bytes() != text(update(sources, catalog, locale), locale)):
        lines.append("django.po is not as the messages command writes it")
    mo = path.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalog, locale):
        lines.append("django.mo is not compiled from django.po")
    return lines


def shown(message: Message) -> str:
    """A message as it is named to people."""
    context = f" ({message.context})" if message.context else ""
    return f"{_first(message)!r}{context}"


def _missing(sources: Catalog, catalog: Catalog) -> Iterator[str]:
    said = {_identity(message) for message in _sorted(catalog)}
    meant = {_identity(message) for message in _sorted(sources)}
    for message in _sorted(sources):
        if _identity(message) not in said:
            yield f"{shown(message)}: not in django.po"
    for message in _sorted(catalog):
        if _identity(message) not in meant:
            yield f"{shown(message)}: no longer in the sources"


def _identity(message: Message) -> tuple[tuple[str, ...], str | None]:
    return _tuple(message.id), message.context


def _faults(message: Message, locale: str) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    ids, strings = _tuple(message.id), _tuple(message.string)
    if message.pluralizable and len(strings) != forms(locale):
        yield f"{len(strings)} plural forms in place of {forms(locale)}"
    if not any(strings):
        yield "not translated"
        return
    if not all(strings):
        yield "plural forms incomplete"
        return
    for number, words in enumerate(strings):
        exact = PLURALS[locale][1].get(number) if message.pluralizable else None
        yield from _differing(ids, words, exact)


def _differing(ids: tuple[str, ...], words: str, exact: int | None) -> Iterator[str]:
    """A translation has the placeholders and the tags of its message, and white space at the same ends."""
    wanted = [_marks(each) for each in ids]
    got = _marks(words)
    # A plural form may leave out what one of the two English forms leaves out, and, where it is for one number only,
    # the number.
    needed, allowed = wanted[0] & wanted[-1], wanted[0] | wanted[-1]
    if exact is not None:
        needed = Counter({mark: count for mark, count in needed.items() if not _NUMBER.fullmatch(mark)})
    for mark in needed - got:
        yield f"{mark} is missing in {words!r}"
    for mark in got - allowed:
        yield f"{mark} is not in the message, but in {words!r}"
    first = ids[0]
    if (first[:1].isspace(), first[-1:].isspace()) != (words[:1].isspace(), words[-1:].isspace()):
        yield f"white space at an end differs in {words!r}"


_MARK = re.compile(
    r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-z]"  # %(name)s
    r"|%[sdrif%]"
    r"|\{\w*(?::[^{}]*)?\}"  # {name}
    r"|</?[a-zA-Z][^<>]*>"  # a tag, attributes and all
    r"|&[a-zA-Z#]\w*;"
)
_NUMBER = re.compile(r"%\((?:count|counter|number|total|n)\)[sd]|%d|\{(?:count|number|total|n)\}")


def _marks(words: str) -> Counter[str]:
    return Counter(_MARK.findall(words))


def _departures(catalog: Catalog, locale: str) -> Iterator[str]:
    """The words of the field are fixed by the glossary."""
    terms = glossary(locale)
    for message in _sorted(catalog):
        for words, string in zip(_tuple(message.id), _tuple(message.string), strict=False):
            term = terms.get((_as_message(words), message.context or ""))
            if string and term is not None and _as_message(string) != term:
                yield f"{shown(message)}: {string!r} departs from the glossary, which has {term!r}"


def _tuple(words: str | Iterable[str] | None) -> tuple[str, ...]:
    return (words or "",) if words is None or isinstance(words, str) else tuple(words)


def glossary(locale: str) -> dict[tuple[str, str], str]:
    """The glossary's term in this language for each English term and context, with years written %(year)s."""
    column = locale.lower().replace("_", "-")
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return {(_as_message(row["en"]), row["context"]): _as_message(row[column]) for row in csv.DictReader(file)}


def _as_message(term: str) -> str:
    return re.sub(r"\{(\w+)\}", r"%(\1)s", term)
