"""References in the committee's form."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content.references import (
    address_of,
    doi_of,
    format_reference,
    initials,
    names_of,
    plain_reference,
    year_of,
)

ARTICLE = {
    "type": "article-journal",
    "author": [{"family": "Author", "given": "Mary Jane"}, {"family": "van Writer", "given": "GPA"}],
    "title": "A trial of an invented medicine",
    "container-title": "Invented J",
    "issued": {"date-parts": [[2018]]},
    "volume": "60",
    "issue": "9",
    "page": "933-941",
    "DOI": "10.1000/s0140-6736(20)1-0",
}


def test_an_article_reads_as_in_the_reports():
    assert plain_reference(ARTICLE) == (
        "Author MJ, van Writer GPA. A trial of an invented medicine. Invented J. 2018;60(9):933–41 "
        "(https://doi.org/10.1000/s0140-6736(20)1-0)."
    )


def test_the_journal_is_in_italics_and_the_doi_is_a_link():
    assert format_reference(ARTICLE) == (
        "Author MJ, van Writer GPA. A trial of an invented medicine. <i>Invented J</i>. 2018;60(9):933–41 "
        '(<a href="https://doi.org/10.1000/s0140-6736(20)1-0" rel="external noopener noreferrer" dir="ltr">'
        "https://doi.org/10.1000/s0140-6736(20)1-0</a>)."
    )


def test_seven_authors_become_six_and_et_al():
    six = [{"family": name, "given": "A"} for name in "BCDEFG"]
    assert plain_reference({"title": "T", "author": six}) == "B A, C A, D A, E A, F A, G A. T."
    assert (
        plain_reference({"title": "T", "author": [*six, {"family": "H"}]}) == "B A, C A, D A, E A, F A, G A, et al. T."
    )


def test_authors_that_the_source_left_out_stay_left_out():
    names = [{"family": "B", "given": "A"}, {"literal": "et al"}]
    assert plain_reference({"title": "T", "author": names}) == "B A, et al. T."


def test_pages_are_shortened_and_never_more_than_that():
    shown = [
        plain_reference({"container-title": "J", "page": page})
        for page in ("546-52", "933-941", "CD0045", "1-9, 20-25")
    ]
    assert shown == ["J. 546–52.", "J. 933–41.", "J. CD0045.", "J. 1–9, 20–25."]


def test_a_body_that_publishes_its_own_book_is_named_once():
    book = {
        "type": "book",
        "author": [{"literal": "Invented Institute"}],
        "title": "Package",
        "publisher": "Invented Institute",
        "publisher-place": "Geneva",
        "issued": {"date-parts": [["2019"]]},
        "URL": "https://example.org/a?b=1&c=2",
        "accessed": {"date-parts": [[2025, 5, 5]]},
    }
    assert plain_reference(book) == (
        "Package. Geneva: Invented Institute; 2019 (https://example.org/a?b=1&c=2, accessed 5 May 2025)."
    )


def test_a_chapter_names_its_book():
    chapter = {
        "type": "chapter",
        "author": [{"family": "王", "given": "伟"}],
        "title": "Part",
        "container-title": "Whole",
        "publisher": "Press",
        "issued": {"literal": "about 2019"},
        "page": "1-9",
    }
    assert plain_reference(chapter) == "王伟. Part. In: Whole. Press; 2019:1–9."


def test_a_question_in_a_title_needs_no_full_stop():
    assert plain_reference({"title": "Does it work?", "container-title": "J"}) == "Does it work? J."


def test_only_the_emphasis_that_csl_allows_is_markup():
    html = format_reference({"title": "CO<sub>2</sub> and <i>in vitro</i> <script>alert(1)</script> <i onclick=x>"})
    assert html == ("CO<sub>2</sub> and <i>in vitro</i> &lt;script&gt;alert(1)&lt;/script&gt; &lt;i onclick=x&gt;.")


def test_an_address_that_is_not_of_the_web_is_no_link():
    assert format_reference({"title": "T", "URL": "javascript:alert(1)"}) == "T (javascript:alert(1))."


def test_notes_and_abstracts_are_never_printed():
    private = {"title": "T", "note": "canary", "abstract": "canary", "annote": "canary", "keyword": "canary"}
    assert plain_reference(private) == "T."


def test_what_cannot_be_printed_falls_back_to_the_line_it_was_read_from():
    assert format_reference({"foo": 1}, "Line <b> as it stood") == "Line &lt;b&gt; as it stood"
    assert format_reference({}) == ""


def test_the_parts_that_other_files_need_are_found():
    assert doi_of({"URL": "https://doi.org/10.1000/abc"}) == "10.1000/abc"
    assert address_of({"URL": "ftp://example.org"}) == ""
    assert year_of({"issued": {"raw": "May 2016"}}) == "2016"
    assert names_of({"author": "Somebody"}) == ({"literal": "Somebody"},)
    assert [initials(given) for given in ("GPA", "Jean-Pierre", "M. J.", "")] == ["GPA", "JP", "MJ", ""]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["author", "editor", "title", "container-title", "issued", "accessed", "page", "volume", "issue"]
)
KEYS = NAMES | st.sampled_from(["DOI", "URL", "type", "id", "publisher", "edition", "date-parts", "collection-number"])
NAME = st.dictionaries(st.sampled_from(["family", "given", "literal", "suffix", "non-dropping-particle"]), JSON)
DATE = st.fixed_dictionaries({"date-parts": st.lists(st.lists(JSON, max_size=3), max_size=2)})


@given(st.dictionaries(KEYS, JSON | st.lists(NAME, max_size=8) | DATE, max_size=8))
@settings(print_blob=True, deadline=None)
def test_any_reference_gives_safe_text_and_no_error(csl):
    html = format_reference(csl, "original")
    bare = re.sub(r"</?(i|b|sub|sup|a)>", "", html)
    bare = re.sub(r'<a href="https?://[^"<>]*" rel="external noopener noreferrer" dir="ltr">', "", bare)
    assert not set("<>\"'") & set(bare)
