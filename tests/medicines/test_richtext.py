"""Rich text has one form, loses no words and runs no scripts."""

import re
from html import unescape
from html.parser import HTMLParser
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medicines.content import richtext
from medicines.content.richtext import (
    BlockNotFound,
    blocks,
    cited,
    reblock,
    rename_refs,
    replace_block,
    sanitise,
    text,
    unique_blocks,
)


def minted():
    numbers = count(1)
    return lambda: f"b{next(numbers)}"


def clean(html: str) -> str:
    return sanitise(html, mint=minted())


FORMS = {
    "nothing is nothing": ("", ""),
    "white space alone is nothing": (" \n\t<p> &nbsp; </p><p><br></p>", ""),
    "bare text becomes a paragraph": ("hello", '<p data-block="b1">hello</p>'),
    "text around a block is parted from it": (
        "a<p>b</p>c",
        '<p data-block="b1">a</p><p data-block="b2">b</p><p data-block="b3">c</p>',
    ),
    "an id is kept": ('<p data-block="keep">a</p>', '<p data-block="keep">a</p>'),
    "an id that is no id is replaced": ('<p data-block="a b">a</p>', '<p data-block="b1">a</p>'),
    "of two equal ids the first keeps it": (
        '<p data-block="x">a</p><h3 data-block="x">b</h3>',
        '<p data-block="x">a</p><h3 data-block="b1">b</h3>',
    ),
    "a minted id is none that the text has": (
        '<p data-block="b1">a</p><p>b</p>',
        '<p data-block="b1">a</p><p data-block="b2">b</p>',
    ),
    "headings come down to two levels": (
        "<h1>a</h1><h4>b</h4><h6>c</h6>",
        '<h3 data-block="b1">a</h3><h4 data-block="b2">b</h4><h4 data-block="b3">c</h4>',
    ),
    "white space is one space, none at the edges": (
        "<p>\n a <strong> b</strong>\t c \n</p>",
        '<p data-block="b1">a <strong>b</strong> c</p>',
    ),
    "no-break and thin spaces are words": (
        "<p>10&nbsp;mg\u2009≥\u20095 µg</p>",
        '<p data-block="b1">10\xa0mg\u2009≥\u20095 µg</p>',
    ),
    "three signs are escaped": (
        "<p>a &lt; b &amp;amp; &gt; \"c\" 'd' &eacute;</p>",
        '<p data-block="b1">a &lt; b &amp;amp; &gt; "c" \'d\' é</p>',
    ),
    "marks nest in one order": (
        '<p><sup><em><b><a href="https://e.org/">x</a></b></em></sup></p>',
        '<p data-block="b1"><a href="https://e.org/"><strong><em><sup>x</sup></em></strong></a></p>',
    ),
    "marks that go on are not closed": (
        "<p><i>a</i><i><b>b</b></i></p>",
        '<p data-block="b1"><em>a</em><strong><em>b</em></strong></p>',
    ),
    "marks reach into the blocks that they hold": (
        "<b><p>a</p><ul><li>b</li></ul></b>",
        '<p data-block="b1"><strong>a</strong></p><ul><li><p data-block="b2"><strong>b</strong></p></li></ul>',
    ),
    "breaks stand between words only": (
        "<p><br>a <br> b<br><br></p>",
        '<p data-block="b1">a<br>b</p>',
    ),
    "citations are empty and outside marks": (
        '<p><b>a <cite data-ref="r1">4</cite><cite data-ref="r2"></cite> b</b></p>',
        (
            '<p data-block="b1"><strong>a </strong><cite data-ref="r1"></cite><cite data-ref="r2"></cite>'
            "<strong> b</strong></p>"
        ),
    ),
    "a citation of nothing is its text": (
        '<p><cite>Lancet</cite> <cite data-ref="?">x</cite></p>',
        '<p data-block="b1">Lancet x</p>',
    ),
    "figures are kept": (
        '<p><data data-finding="f-1">1.70</data></p>',
        '<p data-block="b1"><data data-finding="f-1"></data></p>',
    ),
    "a list item begins with a paragraph": (
        "<ul><li>a<ul><li>b</li></ul></li><li></li><li><ol><li>c</li></ol></li></ul>",
        (
            '<ul><li><p data-block="b1">a</p><ul><li><p data-block="b2">b</p></li></ul></li>'
            '<li><p data-block="b3"></p><ol><li><p data-block="b4">c</p></li></ol></li></ul>'
        ),
    ),
    "the empty paragraph of an item keeps its id": (
        '<ul><li><p data-block="x"></p><ul><li><p data-block="y">c</p></li></ul></li></ul>',
        '<ul><li><p data-block="x"></p><ul><li><p data-block="y">c</p></li></ul></li></ul>',
    ),
    "a list between items joins the item before": (
        "<ul><li>a</li><ul><li>b</li></ul>stray <b>words</b></ul>",
        (
            '<ul><li><p data-block="b1">a</p><ul><li><p data-block="b2">b</p></li></ul></li>'
            '<li><p data-block="b3">stray <strong>words</strong></p></li></ul>'
        ),
    ),
    "a quotation holds paragraphs and lists": (
        "<blockquote><h3>a</h3><blockquote>b</blockquote><table><tr><td>c</table></blockquote>",
        '<blockquote><p data-block="b1">a</p><p data-block="b2">b</p><p data-block="b3">c</p></blockquote>',
    ),
    "a table is one block, with its head and scopes": (
        "<table><caption>T</caption><tr><th>a<th>b<tr><th>c<td>1</table>",
        (
            '<table data-block="b1"><caption>T</caption><thead><tr><th scope="col"><p>a</p></th>'
            '<th scope="col"><p>b</p></th></tr></thead><tbody><tr><th scope="row"><p>c</p></th><td><p>1</p></td></tr>'
            "</tbody></table>"
        ),
    ),
    "an empty corner stays a plain cell of the head": (
        "<table><thead><tr><td><td>b<tbody><tr><td>c<td>1</table>",
        (
            '<table data-block="b1"><thead><tr><td><p></p></td><th scope="col"><p>b</p></th></tr></thead>'
            "<tbody><tr><td><p>c</p></td><td><p>1</p></td></tr></tbody></table>"
        ),
    ),
    "a row of one heading is a sub-heading of the body": (
        "<table><tr><th>a<th>b<tr><th colspan=2>Adults<tr><td>c<td>1</table>",
        (
            '<table data-block="b1"><thead><tr><th scope="col"><p>a</p></th><th scope="col"><p>b</p></th></tr></thead>'
            '<tbody><tr><th scope="rowgroup" colspan="2"><p>Adults</p></th></tr>'
            "<tr><td><p>c</p></td><td><p>1</p></td></tr>"
            "</tbody></table>"
        ),
    ),
    "a ragged table is made whole": (
        "<table><tr><td rowspan=9>a<td colspan=2>b<tr><td>c</table>",
        (
            '<table data-block="b1"><tbody><tr><td rowspan="2"><p>a</p></td><td colspan="2"><p>b</p></td></tr>'
            "<tr><td><p>c</p></td><td><p></p></td></tr></tbody></table>"
        ),
    ),
    "a table without cells leaves its caption": ("<table><caption>T</caption></table>", '<p data-block="b1">T</p>'),
    "what is unknown is its text": (
        "<div>a<section>b</section></div><dl><dt>c<dd>d</dl><span style='x'>e</span> <u>f</u><img src=x alt=g>",
        (
            '<p data-block="b1">a</p><p data-block="b2">b</p><p data-block="b3">c</p><p data-block="b4">d</p>'
            '<p data-block="b5">e f</p>'
        ),
    ),
    "controls go, direction marks stay": (
        "<p>a\x00\x01&#2;b\ufeff\ud800\u200fc\x0bd\u2028e</p>",
        '<p data-block="b1">ab\u200fc d e</p>',
    ),
}


@pytest.mark.parametrize(("given", "form"), FORMS.values(), ids=FORMS)
def test_has_one_form(given, form):
    assert clean(given) == form
    assert clean(form) == form


HREFS = {
    "https://e.org/a?b=1&c='d'": "https://e.org/a?b=1&amp;c='d'",
    "HTTP://E.org": "HTTP://E.org",
    " https://e.org/a b ": "https://e.org/a%20b",
    'https://e.org/"<`': "https://e.org/%22%3C%60",
    "mailto:a@e.org": "mailto:a@e.org",
    "javascript:alert(1)": None,
    "java\nscript:alert(1)": None,
    "\x01javascript:alert(1)": None,
    "data:text/html,x": None,
    "vbscript:x": None,
    "file:///etc/passwd": None,
    "//e.org": None,
    "/admin/": None,
    "#x": None,
    "https:": None,
    "https:///x": None,
    "": None,
}


@pytest.mark.parametrize(("href", "kept"), HREFS.items())
def test_links_lead_to_the_web_or_to_mail_only(href, kept):
    escaped = href.replace("&", "&amp;").replace('"', "&quot;")
    link = f'<a href="{kept}">x</a>' if kept else "x"
    assert clean(f'<a href="{escaped}" onclick="x" target="_blank" style="y">x</a>') == f'<p data-block="b1">{link}</p>'


VECTORS = [
    "<script>alert(1)</script>safe",
    "<ScRiPt src=//e.org></sCrIpT>safe",
    "<img src=x onerror=alert(1)>safe",
    "<svg onload=alert(1)><style><a title='</style><img src=x onerror=alert(1)>'>safe",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>safe",
    "<p data-block='\" onmouseover=\"alert(1)'>safe",
    "<cite data-ref='\"><script>alert(1)</script>'>safe</cite>",
    "<data data-finding='x\" onclick=\"y'>safe</data>",
    "<td colspan='1\" onclick=\"y'>safe</td>",
    "<a href='jav&#x09;ascript:alert(1)'>safe</a>",
    "<a href='&#1;javascript:alert(1)'>safe</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>safe",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>safe",
    "<form><button formaction=javascript:alert(1)>safe</button></form>",
    "<base href=//e.org><meta http-equiv=refresh content='0;url=//e.org'>safe",
    "<p style='background:url(javascript:alert(1))' class=x id=y>safe",
    "<object data=x><embed src=y>safe",
    "<template><script>alert(1)</script></template>safe",
    "<!--><script>alert(1)</script>-->safe",
    "<![CDATA[<script>alert(1)</script>]]>safe",
    "<p><scr<script>ipt>alert(1)</script>safe",
    "<table><tr><td background=javascript:alert(1)>safe",
    "<plaintext>safe<script>",
]

ALLOWED = {
    "p": {"data-block"}, "h3": {"data-block"}, "h4": {"data-block"}, "ul": set(), "ol": set(), "li": set(),
    "strong": set(), "em": set(), "sub": set(), "sup": set(), "a": {"href"}, "table": {"data-block"},
    "caption": set(), "thead": set(), "tbody": set(), "tr": set(), "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"}, "br": set(), "blockquote": set(), "cite": {"data-ref"}, "data": {"data-finding"},
}  # fmt: skip


class Inspector(HTMLParser):
    """Reads HTML with another parser than the sanitiser's, and complains of what is not in the list."""

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ALLOWED[tag], attrs
        href = dict(attrs).get("href")
        assert href is None or re.match(r"(https?://|mailto:)", href, re.IGNORECASE), href

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def assert_safe(html: str) -> None:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()


@pytest.mark.parametrize("vector", VECTORS)
def test_runs_nothing(vector):
    html = clean("<p>before</p>" + vector)
    assert_safe(html)
    assert text(html).startswith("before")
    assert clean(html) == html


def words(html: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", "", html)))


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], exclude_characters="<>&\ufeff"), max_size=12)
TAGS = sorted([*ALLOWED, "div", "span", "b", "h1", "tfoot", "pre", "dd", "section", "u"])
ATTRIBUTES = st.sampled_from(
    [
        "",
        "",
        ' data-block="x"',
        ' data-block="y"',
        ' colspan="3"',
        ' rowspan="2"',
        ' scope="row"',
        ' href="https://e.org"',
    ]
)
TREES = st.recursive(
    WORDS | st.sampled_from(["<br>", "<hr>", " ", "\n", '<cite data-ref="r1">', '<cite data-ref="r2"></cite>']),
    lambda inner: st.builds(
        lambda tag, attributes, children: f"<{tag}{attributes}>{''.join(children)}</{tag}>",
        st.sampled_from(TAGS),
        ATTRIBUTES,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@given(TREES | st.text() | st.lists(st.sampled_from(VECTORS) | TREES, max_size=3).map("".join))
@example("<ul><li>" * 200 + "x")
@example("<table><tr><td>" * 100 + "x")
@example("<blockquote><div>" * 5000 + "x")
def test_any_html_becomes_safe_and_stays_as_it_is(html):
    once = clean(html)
    assert_safe(once)
    assert sanitise(once, mint=lambda: pytest.fail("everything has an id")) == once
    ids = re.findall('<[a-z0-9]+ data-block="([^"]*)"', once)
    assert len(ids) == len(set(ids))
    assert [block.id for block in blocks(once)] == ids


def without_objects(html: str) -> str:
    return re.sub(r"<cite data-ref[^>]*>", "", html)


@given(TREES.map(without_objects))
def test_no_word_is_lost(html):
    """As html5ever reads it: it moves stray words out of tables, so the letters are compared without their order."""
    assert sorted(words(clean(html))) == sorted(words(html))


def test_a_table_that_would_be_mostly_padding_is_reduced_to_its_words():
    html = "<table><tr>" + "<td>a" * 200 + "<tr><td>b" * 200 + "</table>"
    assert text(clean(html)) == "\n".join(["a"] * 200 + ["b"] * 200)


BODY = clean(
    '<h3>Title</h3><ul><li>one <cite data-ref="r2"></cite>.<ol><li>in</li></ul><blockquote>said</blockquote>'
    '<table><caption>T <cite data-ref="r1"></cite></caption><tr><th>a<th>b<tr><td>1<p>2</p><td><ul><li>x<li>y</table>'
    '<p>end (<cite data-ref="r2"></cite><cite data-ref="r3"></cite>) &amp; more<br>line</p>'
)


def test_blocks_come_in_reading_order_with_their_places():
    assert [(block.id, block.tag, block.text, block.path) for block in blocks(BODY)] == [
        ("b1", "h3", "Title", ()),
        ("b2", "p", "one.", (("ul", 1), ("li", 0))),
        ("b3", "p", "in", (("ul", 1), ("li", 0), ("ol", 1), ("li", 0))),
        ("b4", "p", "said", (("blockquote", 2),)),
        ("b5", "table", "T\na\tb\n1 2\tx y", ()),
        ("b6", "p", "end () & more\nline", ()),
    ]
    assert "".join(block.html for block in blocks(BODY) if not block.path) == re.sub("<ul>.*?</blockquote>", "", BODY)


def test_text_is_a_line_a_paragraph():
    assert text(BODY) == "Title\none.\nin\nsaid\nT\na\tb\n1 2\tx y\nend () & more\nline"


def test_a_block_is_replaced_and_keeps_its_id():
    html = replace_block(BODY, "b3", "<p>new</p>")
    assert html == BODY.replace(">in<", ">new<")


def test_a_block_replaced_by_several_keeps_its_id_for_the_first():
    html = replace_block('<p data-block="x">a</p><p data-block="y">b</p>', "x", "<p>1</p><p>2</p>")
    assert [(block.id == "x", block.text) for block in blocks(html)] == [(True, "1"), (False, "2"), (False, "b")]


def test_a_block_replaced_by_nothing_takes_its_empty_item_with_it():
    assert (
        replace_block('<ul><li><p data-block="x">a</p></li></ul><p data-block="y">b</p>', "x", "")
        == '<p data-block="y">b</p>'
    )


def test_a_block_that_is_not_there_is_named():
    with pytest.raises(BlockNotFound, match="none"):
        replace_block(BODY, "none", "x")


def test_a_copy_has_ids_of_its_own():
    copy = reblock(BODY)
    assert not {block.id for block in blocks(copy)} & {block.id for block in blocks(BODY)}
    assert text(copy) == text(BODY)
    assert sanitise(copy) == copy


def test_ids_are_unique_across_the_sections_of_a_document():
    first, second = '<p data-block="x">a</p>', '<p data-block="x">b</p><p data-block="y">c</p>'
    assert unique_blocks([first, second], mint=minted()) == [first, second.replace('"x"', '"b1"')]
    assert unique_blocks([first, '<p data-block="z">b</p>']) == [first, '<p data-block="z">b</p>']


def test_citations_are_listed_and_renamed():
    assert cited(BODY) == ["r2", "r1", "r2", "r3"]
    assert cited(rename_refs(BODY, {"r2": "new", "r3": "r1"})) == ["new", "r1", "new", "r1"]
    with pytest.raises(ValueError, match="Not a reference id"):
        rename_refs(BODY, {"r2": '"><script>'})


def test_what_looks_like_an_id_in_the_text_is_text():
    html = '<p data-block="x">write &lt;p data-block="x"&gt; or data-block="x"</p>'
    assert clean(html) == html
    assert unique_blocks([html, html], mint=minted()) == [html, html.replace('<p data-block="x"', '<p data-block="b1"')]
    assert reblock(html, mint=minted()) == html.replace('<p data-block="x"', '<p data-block="b1"')
    assert [block.id for block in blocks(html)] == ["x"]


def test_minted_ids_are_valid_and_differ():
    ids = {richtext.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{10}", block_id) for block_id in ids)
