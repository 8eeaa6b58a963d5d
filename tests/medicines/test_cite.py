"""Cite this: a sentence, RIS and BibTeX."""

import datetime
import re

import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content.schema import Reference
from medicines.documents.bibtex import cite_bibtex, references_bibtex
from medicines.documents.citation_text import CitationData, citation_text
from medicines.documents.ris import cite_ris, references_ris
from medicines.templatetags.site import with_addresses_apart

DATA = CitationData(
    title="Examplafen for an invented condition",
    medicine="examplafen",
    indication="an invented condition",
    number=12,
    version=3,
    date=datetime.date(2025, 9, 5),
    publisher="Institute & Co.",
    url="https://example.org/recommendations/12/v3/",
)


def test_a_citation_names_the_version_and_its_address():
    assert citation_text(DATA) == (
        "Institute & Co. Examplafen for an invented condition. Recommendation 12, version 3, 2025-09-05. "
        "https://example.org/recommendations/12/v3/"
    )


def test_a_version_as_ris():
    assert cite_ris(DATA) == (
        "TY  - RPRT\r\n"
        "ID  - recommendation-12-v3\r\n"
        "TI  - Examplafen for an invented condition\r\n"
        "AU  - Institute & Co.,\r\n"
        "PB  - Institute & Co.\r\n"
        "PY  - 2025\r\n"
        "DA  - 2025/09/05\r\n"
        "SN  - Recommendation 12\r\n"
        "ET  - Version 3\r\n"
        "KW  - examplafen\r\n"
        "KW  - an invented condition\r\n"
        "LA  - en\r\n"
        "UR  - https://example.org/recommendations/12/v3/\r\n"
        "ER  - \r\n\r\n"
    )


def test_a_version_as_bibtex():
    assert cite_bibtex(DATA) == (
        "@techreport{recommendation-12-v3,\n"
        "  author = {{Institute \\& Co.}},\n"
        "  title = {{Examplafen for an invented condition}},\n"
        "  institution = {{Institute \\& Co.}},\n"
        "  type = {Recommendation},\n"
        "  number = {12},\n"
        "  year = {2025},\n"
        "  date = {2025-09-05},\n"
        "  version = {3},\n"
        "  note = {Version 3},\n"
        "  keywords = {examplafen, an invented condition},\n"
        "  url = {https://example.org/recommendations/12/v3/},\n"
        "}\n"
    )


ARTICLE = Reference(
    id="r1",
    csl={
        "type": "article-journal",
        "author": [{"family": "Bölte", "given": "Sven"}, {"literal": "Study Group"}],
        "title": "100% of {cases} & more",
        "container-title": "Invented J",
        "issued": {"date-parts": [[2018]]},
        "volume": "60",
        "issue": "9",
        "page": "933-41",
        "DOI": "10.1000/a_b",
    },
)


def test_a_reference_as_ris_is_read_back():
    assert rispy.loads(references_ris([ARTICLE, ARTICLE]))[1] == {
        "type_of_reference": "JOUR",
        "id": "r1",
        "authors": ["Bölte, Sven", "Study Group,"],
        "title": "100% of {cases} & more",
        "secondary_title": "Invented J",
        "year": "2018",
        "volume": "60",
        "number": "9",
        "start_page": "933",
        "end_page": "41",
        "doi": "10.1000/a_b",
        "urls": ["https://doi.org/10.1000/a_b"],
    }


def test_references_as_bibtex_have_keys_of_their_own():
    first, second = references_bibtex([ARTICLE, ARTICLE]).split("\n\n")
    assert second.startswith("@article{bolte2018-2,\n")
    assert first + "\n" == (
        "@article{bolte2018,\n"
        "  author = {Bölte, Sven and {Study Group}},\n"
        "  title = {{100\\% of \\{cases\\} \\& more}},\n"
        "  journal = {Invented J},\n"
        "  year = {2018},\n"
        "  volume = {60},\n"
        "  number = {9},\n"
        "  pages = {933--41},\n"
        "  doi = {10.1000/a_b},\n"
        "  url = {https://doi.org/10.1000/a_b},\n"
        "}\n"
    )


def test_a_reference_that_was_not_understood_keeps_its_line():
    reference = Reference(id="r 2", csl={}, original="Somebody. Something. 1999.")
    assert references_ris([reference]) == "TY  - GEN\r\nID  - r 2\r\nTI  - Somebody. Something. 1999.\r\nER  - \r\n\r\n"
    assert references_bibtex([reference]) == "@misc{r2,\n  title = {{Somebody. Something. 1999.}},\n}\n"


NAME = st.dictionaries(st.sampled_from(["family", "given", "literal", "suffix"]), st.text(max_size=6))
CSL = st.dictionaries(
    st.sampled_from(
        ["title", "container-title", "page", "DOI", "URL", "publisher", "volume", "type", "author", "issued"]
    ),
    st.text(max_size=12) | st.lists(NAME, max_size=2) | st.none(),
)


@given(st.lists(st.builds(Reference, id=st.text(max_size=4), csl=CSL, original=st.text(max_size=8)), max_size=3))
@settings(print_blob=True, deadline=None)
def test_any_references_give_whole_records(references):
    ris = references_ris(references)
    assert ris.count("ER  - \r\n\r\n") == len(references)
    for line in ris.split("\r\n"):
        assert line == "" or re.match(r"[A-Z][A-Z0-9]  - ", line)
    bibtex = re.sub(r"\\.", "", references_bibtex(references))
    assert bibtex.count("{") == bibtex.count("}")
    keys = re.findall(r"^@\w+\{([^,]*),$", bibtex, re.MULTILINE)
    assert len(set(keys)) == len(references)


def test_an_address_keeps_its_direction_and_nothing_else_is_let_through():
    assert with_addresses_apart("<b> 5. https://example.org/r/1/v1/") == (
        '&lt;b&gt; 5. <bdi dir="ltr">https://example.org/r/1/v1/</bdi>'
    )
