"""A dossier in Word: styles, bold lines, raised numbers, tracked changes, and what Word keeps outside the text."""

import io
import re

import pypandoc
import pytest
from django.conf import settings
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from applications.intake import Dossier, read_dossier
from medicines.content import richtext
from medicines.content.schema import Age, Formulation, Placement

REAL_PAGE = settings.BASE_DIR.parent / "shared" / "data" / "baclofen-2025-page.md"


def word_file() -> bytes:
    """A dossier after the committee's template for applications, about an invented medicine."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Confidential until the meeting"
    document.add_paragraph("Application for demolafen", style="Title")
    document.add_paragraph("Sent by a society that does not exist.")
    document.add_paragraph("1. Summary", style="Heading 1")
    document.add_paragraph("We ask for demolafen.")
    document.add_paragraph("2. Key facts", style="Heading 1")
    table = document.add_table(rows=0, cols=2)
    for label, value in (
        ("International nonproprietary name (INN)", "demolafen"),
        ("ATC code", "M03BX99"),
        ("Indication", "Spastic quadriplegia"),
        ("ICD-11 code", "8D20.1"),
        ("Dose forms and strengths", "Tablet: 5 mg; 10 mg (scored)"),
        ("Proposed lists", "EML and EMLc, core"),
        ("Age", "from 2 years"),
        ("Colour", "green"),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_paragraph("6. Public health relevance", style="Heading 1")
    paragraph = document.add_paragraph("Stiffness is common.")
    raised(paragraph, "1,2")
    paragraph.add_run(" It costs 10")
    raised(paragraph, "2")
    paragraph.add_run(" units per m")
    raised(paragraph, "2")
    paragraph.add_run(" of floor (")
    paragraph.add_run("2").italic = True
    paragraph.add_run(").")
    document.add_paragraph("Who is touched", style="Heading 2")
    document.add_paragraph("Mostly the stiff.")
    bold_line(document, "Benefits")
    formula(document.add_paragraph("Pain fell ("), "P<0.01").add_run(").")
    bold_line(document, "Trials in children")
    document.add_paragraph("One trial was done in children [1–2].")
    for words in ("It was small.", "It was short."):
        document.add_paragraph(words, style="List Bullet")
    document.add_paragraph("Daños", style="Heading 1")
    changed = document.add_paragraph("Few were ")
    tracked(changed, "ins", "seriously ")
    tracked(changed, "del", "hardly ")
    changed.add_run("harmed.")
    document.add_paragraph("Letters of support", style="Heading 1")
    document.add_paragraph("A letter came by pigeon.")
    text_box(document.add_paragraph(), "A box in the margin says hello.")
    document.add_paragraph("References", style="Heading 1")
    document.add_paragraph("Alpha BC. How stiff are people. J Invented Med. 2018;60(9):933-41.", style="List Number")
    document.add_paragraph("Zeta G. Stiffness asleep. Made Up Rev. 2020;1:12.", style="List Number")
    return saved(document)


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def raised(paragraph, text: str) -> None:
    paragraph.add_run(text).font.superscript = True


def bold_line(document, text: str) -> None:
    document.add_paragraph().add_run(text).bold = True


def tracked(paragraph, kind: str, text: str) -> None:
    tag = "t" if kind == "ins" else "delText"
    paragraph._p.append(
        parse_xml(
            f'<w:{kind} {nsdecls("w")} w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z">'
            f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r></w:{kind}>'
        )
    )


def formula(paragraph, text: str):
    paragraph._p.append(
        parse_xml(
            '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
            f"<m:r><m:t>{text.replace('<', '&lt;')}</m:t></m:r></m:oMath>"
        )
    )
    return paragraph


def text_box(paragraph, text: str) -> None:
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
        )
    )


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return read_dossier(word_file(), "dossier.DOCX")


def plain(dossier: Dossier, key) -> str:
    html = re.sub(r'<cite data-ref="([^"]*)"></cite>', r"{\1}", dossier.narrative.section(key))
    return re.sub(r' data-block="[^"]*"', "", html)


def test_a_table_of_key_facts_becomes_facts(dossier):
    facts = dossier.content.facts_of("p1")
    assert (facts.medicine, facts.indication) == ("demolafen", "Spastic quadriplegia")
    assert (facts.atc, facts.icd11, facts.age) == (("M03BX99",), ("8D20.1",), Age(kind="range", words="from 2 years"))
    assert facts.placements == (
        Placement(
            eml="core",
            emlc="core",
            formulations=(
                Formulation(
                    route=("Tablet",),
                    strengths=("5 mg", "10 mg (scored)"),
                    original="Tablet: 5 mg; 10 mg (scored)",
                ),
            ),
        ),
    )


def test_the_sections_of_an_application_go_where_they_fit_under_their_own_headings(dossier):
    assert [section.key for section in dossier.narrative.sections] == [
        "background",
        "public_health_relevance",
        "benefits",
        "harms",
        "unplaced",
    ]
    assert plain(dossier, "background") == "<h3>1. Summary</h3><p>We ask for demolafen.</p>"
    assert [(f.code, f.words) for f in dossier.report.guessed if f.code != "language"] == [
        ("heading_mapped", "1. Summary"),
        ("sub_heading", "Trials in children"),
    ]


def test_raised_numbers_are_citations_unless_they_are_powers(dossier):
    assert plain(dossier, "public_health_relevance") == (
        "<p>Stiffness is common. {alpha-2018}{zeta-2020} It costs 10<sup>2</sup> units per m<sup>2</sup> of floor "
        "{zeta-2020}.</p><h3>Who is touched</h3><p>Mostly the stiff.</p>"
    )


def test_a_bold_line_is_a_heading(dossier):
    assert plain(dossier, "benefits") == (
        "<p>Pain fell (<em>P</em> &lt; 0.01).</p><h3>Trials in children</h3>"
        "<p>One trial was done in children {alpha-2018}{zeta-2020}.</p>"
        "<ul><li><p>It was small.</p></li><li><p>It was short.</p></li></ul>"
    )


def test_tracked_changes_are_accepted_and_the_report_says_so(dossier):
    assert plain(dossier, "harms") == "<p>Few were seriously harmed.</p>"
    assert "tracked_changes" in [finding.code for finding in dossier.report.recognised]


def test_places_are_counted_in_paragraphs(dossier):
    assert [f.place for f in dossier.report.recognised if f.words == "References"] == ["paragraph 21"]


def test_what_fits_nowhere_is_unplaced_and_nothing_of_it_is_lost(dossier):
    assert plain(dossier, "unplaced") == (
        "<p>Sent by a society that does not exist.</p><p>Colour: green</p><h3>Letters of support</h3>"
        "<p>A letter came by pigeon.</p><p>A box in the margin says hello.</p><p>Confidential until the meeting</p>"
    )
    assert sorted((finding.code, finding.words) for finding in dossier.report.left_over) == [
        ("head_line", "Colour: green"),
        ("head_line", "Sent by a society that does not exist."),
        ("margin", "Confidential until the meeting"),
        ("not_in_text", "A box in the margin says hello."),
        ("unknown_section", "Letters of support"),
    ]
    assert (dossier.title, dossier.report.warnings) == ("Application for demolafen", ())


def test_an_automatic_list_gives_the_references(dossier):
    assert [(entry.id, entry.csl["title"]) for entry in dossier.narrative.references] == [
        ("alpha-2018", "How stiff are people"),
        ("zeta-2020", "Stiffness asleep"),
    ]


def test_other_formats_are_read_as_far_as_pandoc_does():
    page = (
        "<html><body><h1>Benefits</h1><p>It <em>helps</em> (1).</p><script>alert(1)</script>"
        '<p><a href="javascript:alert(1)">Click</a></p><h2>References</h2>'
        "<ol><li>Alpha BC. Help. J X. 2018;1:2.</li></ol></body></html>"
    )
    dossier = read_dossier(page.encode(), "page.html")
    assert plain(dossier, "benefits") == "<p>It <em>helps</em> {alpha-2018}.</p><p>Click</p>"
    rich = rb"{\rtf1\ansi {\b Benefits}\par It helps.\par}"
    assert plain(read_dossier(rich, "page.rtf"), "benefits") == "<p>It helps.</p>"


def test_the_real_page_says_the_same_as_a_word_file(tmp_path):
    if not REAL_PAGE.exists():
        pytest.skip("needs shared/data")
    word = tmp_path / "page.docx"
    pypandoc.convert_file(str(REAL_PAGE), "docx", format="markdown", outputfile=str(word))
    page, same = read_dossier(REAL_PAGE, REAL_PAGE.name), read_dossier(word, word.name)
    assert same.report.counts == page.report.counts
    assert same.content.facts_of("p1") == page.content.facts_of("p1")
    assert same.report.left_over == ()
    assert [f.code for f in same.report.warnings] == [f.code for f in page.report.warnings]
    assert [s.words for s in same.report.splits] == [s.words for s in page.report.splits]


def test_a_word_file_gives_clean_html(dossier):
    for section in dossier.narrative.sections:
        assert richtext.sanitise(section.html) == section.html
