"""A line of a list of references into CSL-JSON.

The committee writes in the Vancouver form; the author-and-year form of other journals is read too. What is not
certain is named in ``guessed``, and the line itself is always kept.
"""

from __future__ import annotations

import re
from typing import Any

from medicines.content.references import is_et_al
from medicines.content.schema import Reference

from .blocks import Runs, fold, text_of

NUMBER = re.compile(r"\A\s*[\[(]?(\d{1,3})(?:[.)\]]+)\s+(?=\S)")

LONGEST = 4_000
"""A longer line is no reference, and looking for one in it would take long."""

PARTICLES = (
    "de la|de los|de las|de|van der|van den|van de|van|von der|von|der|den|da|das|dos|do|di|della|del|du|la|le|el|al|"
    "bin|ben|ten|ter|st"
)
FAMILY = (
    rf"(?:(?:{PARTICLES})[ ])*(?:[dDOL]['’])?[^\W\d_][\w'’.]*"
    rf"(?:[- ‐‑](?:(?:{PARTICLES})[ ])?[^\W\d_][\w'’]*){{0,3}}"
)
PERSON = re.compile(
    rf"(?P<family>{FAMILY})[ ](?P<given>(?:[^\W\d_a-z]\.?[ -]?){{1,4}})(?:[ ](?P<suffix>Jr|Sr|2nd|3rd|II|III)\.?)?",
)
ET_AL = re.compile(r",?\s*\b(?:et al|and others|и др|等)\b\.?\s*$", re.IGNORECASE)
YEAR_PERSON = re.compile(r"(?P<family>[^\W\d_][\w'’‐‑ -]*), (?P<given>(?:[^\W\d_]\.[ -]?)+)")
YEAR_FORM = re.compile(
    r"(?P<authors>[^()]{2,600}?)[. ]*\((?P<year>(?:19|20)\d{2})[a-z]?\)[.,:]?\s+(?P<title>[^.?!]+[.?!])\s*(?P<rest>.*)",
    re.DOTALL,
)
YEAR_TAIL = re.compile(
    r"(?P<journal>[^,;]+?),\s*(?P<volume>\d+)\s*(?:\((?P<issue>[^()]*)\))?(?:[,:]\s*(?:pp?\.\s*)?(?P<page>\w+(?:[-‐-―]\w+)?))?\.?\s*$"
)

ARTICLE = re.compile(
    r"(?P<title>.+[.?!][\"”’»]?)\s+(?P<journal>[^?!;]{2,150}?)[.,]?\s+"
    r"(?P<year>(?:19|20)\d{2})(?P<date>\s+[^\W\d_]{3,9}\.?(?:[-/ ][^\W\d_]{3,9}\.?)?(?:\s+\d{1,2})?)?\s*[;,]\s*"
    r"(?P<volume>[\w.\- ]{0,30}?)\s*(?:\((?P<issue>[^()]{0,40})\))?"
    r"(?:\s*:\s*(?P<page>[\w.\-‐-―/ ]{1,40}?))?\s*(?:\.|$)",
    re.DOTALL,
)
BOOK = re.compile(
    r"(?P<title>.+[.?!\]])\s+(?P<place>[^.:;?!]{2,60}):\s+(?P<publisher>[^;:]{2,200}?)\s*[;,]\s*"
    r"(?:[^\W\d_]{3,9}\s+)?(?P<year>(?:19|20)\d{2})(?!\d)",
    re.DOTALL,
)
IMPRINT = re.compile(r"[^.:;?!]{2,60}:\s+[^;:]{2,200}[;,]\s*\d{4}")
YEAR = re.compile(r"(?<![\d/.:-])((?:19|20)\d{2})(?![\d/-])")
ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")

URL = re.compile(r"https?://[^\s<>\"”]+")
DOI = re.compile(
    r"(?:doi\s*[:.]?\s*)(10\.\d{4,9}/[^\s<>\"”]+)|https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/[^\s<>\"”]+)",
    re.IGNORECASE,
)
MEDIUM = re.compile(
    r"\s*\[((?:internet|online|website|web site|en ligne|en línea|database)[^\[\]]*)\]",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"[(,;]?\s*(?:Li[cs]en[cs]e:.*|\[?(?:accessed|cited|consulté|consultado)\b[^.;)\]]*[\])]?|"
    r"Available (?:from|at):)\s*",
    re.IGNORECASE,
)

BODY = re.compile(
    r"\b(?:Organi[sz]ation|Organisation|Organización|Institute|Instituto|Institut|Committee|Comité|Ministry|Minist[eè]re|"
    r"Ministerio|Agency|Agence|Agencia|Fund|Group|Groupe|Grupo|Society|Société|Sociedad|Association|Asociación|Network|"
    r"Collaboration|Collaborators|University|Université|Universidad|Administration|Programme|Program|Centre|Center|Council|"
    r"Commission|Board|Federation|Foundation|Department|Consortium|Alliance|Bank|Nations|WHO|UNICEF|NICE|FDA|EMA)\b"
    r"|организаци|министерств|комитет|институт|组织|委员会|部|منظمة|وزارة",
)


def starts_reference(text: str) -> int | None:
    """The number with which a line of a list begins, or ``None``."""
    found = NUMBER.match(text)
    return int(found[1]) if found else None


def without_number(text: str) -> str:
    return NUMBER.sub("", text, count=1)


def looks_like_reference(text: str) -> bool:
    """Whether a line of a list might be a reference: it names a year or an address."""
    return bool(ANY_YEAR.search(text) or URL.search(text) or DOI.search(text))


def parse_reference(runs: Runs, id: str) -> Reference:
    """Read one reference. ``runs`` are its line without the number; the original is kept as text. Never raises."""
    original = " ".join(text_of(runs).split())
    csl, guessed = parse_line(original, [run.href for run in runs if run.href])
    return Reference(id=id, csl=csl, original=original, guessed=tuple(sorted(guessed)))


def parse_line(line: str, addresses: list[str] | None = None) -> tuple[dict[str, Any], set[str]]:
    """Return the CSL-JSON of one line, and the names of the fields that were guessed."""
    csl: dict[str, Any] = {}
    guessed: set[str] = set()
    if len(line) > LONGEST:
        return {"type": "document", "title": line}, {"author", "issued", "title", "type"}
    text = _take_address(line, addresses or [], csl)
    text = ASIDE.sub(" ", text)
    text = " ".join(text.split()).strip(" ,;")
    if not _read_year_form(text, csl):
        authors, rest = _split_authors(text)
        if authors:
            csl["author"] = authors
        _read_work(rest, csl, guessed)
    if medium := MEDIUM.search(csl.get("title", "")):
        csl["title"] = MEDIUM.sub("", csl["title"])
        csl["medium"] = medium[1]
        csl["type"] = "webpage"
    csl["title"] = csl.get("title", "").strip().removesuffix(".").strip()
    if not csl["title"]:
        csl["title"] = line.strip()
        guessed.add("title")
    if not csl.get("author"):
        _name_issuing_body(csl, guessed)
    elif any("literal" in author and not is_et_al(author) for author in csl["author"]):
        guessed.add("author")
    if "issued" not in csl:
        if year := YEAR.search(text) or ANY_YEAR.search(text):
            csl["issued"] = {"date-parts": [[int(year[1])]]}
        guessed.add("issued")
    return csl, guessed


def authors_named_twice(csl: dict[str, Any]) -> list[str]:
    """The names that stand more than once among the authors, as they are printed."""
    seen: set[str] = set()
    twice: list[str] = []
    for author in csl.get("author", ()):
        name = author.get("literal") or f"{author.get('family', '')} {author.get('given', '')}".strip()
        folded = fold(name)
        if folded in seen and name not in twice:
            twice.append(name)
        seen.add(folded)
    return twice


def reference_id(csl: dict[str, Any], taken: set[str], number: int) -> str:
    """A short id in letters, digits and hyphens, the same for the same list: "smith-2018", then "smith-2018-b"."""
    author: dict[str, str] = next(iter(csl.get("author", ())), {})
    name = fold(author.get("family") or author.get("literal") or csl["title"])
    words = name.split()[:3]
    while words and words[-1] in ("and", "for", "in", "of", "on", "the"):
        words.pop()
    word = "-".join(words)
    if not word or not word.isascii():
        word = f"ref-{number}"
    year = csl.get("issued", {}).get("date-parts", [[""]])[0][0]
    stem = f"{word[:40].strip('-')}-{year}" if year else word[:40].strip("-")
    candidate, count = stem, 1
    while candidate in taken:
        count += 1
        candidate = f"{stem}-{_letters(count)}"
    taken.add(candidate)
    return candidate


def _letters(count: int) -> str:
    return chr(ord("a") + count - 1) if count <= 26 else str(count)


def _take_address(line: str, addresses: list[str], csl: dict[str, Any]) -> str:
    """Move the DOI or URL out of the line, parentheses around it included."""
    found = DOI.search(line) or next(filter(None, map(DOI.search, addresses)), None)
    if found:
        csl["DOI"] = _balanced(found[1] or found[2])
    url = URL.search(line)
    address = _balanced(url[0]) if url else next((a for a in addresses if a.startswith("http")), "")
    if address and not found:
        csl["URL"] = address
    for taken in (address, found and _balanced(found[0])):
        if taken:
            line = re.sub(rf"[(<\[]?\s*{re.escape(taken)}\s*[)>\]]?", " ", line, count=1)
    return re.sub(r"(?<=[.,;])\s+[.,;](?=\s|$)", "", line)


def _balanced(address: str) -> str:
    """An address without the punctuation of its sentence: "…30240-0)." loses the parenthesis that it did not open."""
    while address:
        last = address[-1]
        closes = last in ")]" and address.count(last) > address.count("(" if last == ")" else "[")
        if last not in ".,;:>" and not closes:
            break
        address = address[:-1]
    return address


def _split_authors(text: str) -> tuple[list[dict[str, str]], str]:
    """The authors at the head of a Vancouver line, and the rest of it."""
    end = -1
    while (end := text.find(". ", end + 1)) > 0:
        head = text[:end]
        if len(head) > 1_500:
            break
        authors = _people(head)
        if authors:
            return authors, text[end + 2 :].strip()
        # "Smith J. A. Title" and "St. John A. Title": go on while what stands before the stop is very short.
        if len(head.rsplit(" ", 1)[-1]) > 2:
            break
    head, stop, rest = text.partition(". ")
    if stop and len(head) <= 200 and BODY.search(head) and _names_body(head, rest):
        return [{"literal": name.strip()} for name in head.split(";") if name.strip()], rest
    return [], text


def _people(head: str) -> list[dict[str, str]]:
    named = ET_AL.sub("", head)
    names = [name.strip() for name in re.split(r"[,;]|\band\b|&", named) if name.strip()]
    people = [_person(name) for name in names]
    known = sum(person is not None for person in people)
    begins_well = people[0] if people else None
    if not known or known * 2 < len(names) or not (begins_well or BODY.search(names[0])):
        return []
    others = [{"literal": "et al."}] if named != head else []  # That more wrote it must not be lost.
    return [person or {"literal": name} for person, name in zip(people, names, strict=True)] + others


def _person(name: str) -> dict[str, str] | None:
    found = PERSON.fullmatch(name)
    if not found:
        return None
    person = {"family": found["family"], "given": found["given"].strip()}
    if found["suffix"]:
        person["suffix"] = found["suffix"]
    return person


def _names_body(head: str, rest: str) -> bool:
    """Whether the first sentence is the body that speaks and no title: what follows must be more than an imprint."""
    return bool(re.match(r"[^.?!]{8,}[.?!\]]", rest)) and not IMPRINT.match(rest)


def _read_work(text: str, csl: dict[str, Any], guessed: set[str]) -> None:
    text = text if re.search(r"[.?!\]]$", text) else text + "."
    if found := ARTICLE.match(text):
        csl |= {
            "type": "article-journal",
            "title": found["title"],
            "container-title": found["journal"].strip(),
            "issued": {"date-parts": [[int(found["year"])]]},
        }
        for field in ("volume", "issue", "page"):
            if value := (found[field] or "").strip():
                csl[field] = value
    elif found := BOOK.match(text):
        csl |= {
            "type": "book" if any("family" in author for author in csl.get("author", ())) else "report",
            "title": found["title"],
            "publisher-place": found["place"].strip(),
            "publisher": found["publisher"].strip(),
            "issued": {"date-parts": [[int(found["year"])]]},
        }
    else:
        title = re.match(r".+?[.?!](?=\s|$)", text, re.DOTALL)
        csl |= {"type": "webpage" if "URL" in csl else "document", "title": title[0] if title else text}
        guessed |= {"type", "title"}


def _read_year_form(text: str, csl: dict[str, Any]) -> bool:
    """ "Smith, J. A., & Doe, B. (2019). Title. Journal, 12(3), 45–56." False: it is not of this form."""
    found = YEAR_FORM.match(text)
    people = list(YEAR_PERSON.finditer(found["authors"] + ".")) if found else []
    if not found or not people or people[0].start() != 0:
        return False
    csl |= {
        "type": "document",
        "author": [{"family": person["family"].strip(), "given": person["given"].strip()} for person in people],
        "title": found["title"],
        "issued": {"date-parts": [[int(found["year"])]]},
    }
    if tail := YEAR_TAIL.match(found["rest"].strip()):
        csl |= {"type": "article-journal", "container-title": tail["journal"].strip(), "volume": tail["volume"]}
        csl |= {field: tail[field] for field in ("issue", "page") if tail[field]}
    elif rest := found["rest"].strip(" ."):
        csl |= {"type": "book", "publisher": rest}
    return True


def _name_issuing_body(csl: dict[str, Any], guessed: set[str]) -> None:
    if csl.get("publisher"):
        csl["author"] = [{"literal": csl["publisher"]}]
        guessed.add("author")
