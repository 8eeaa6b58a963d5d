"""A dossier of our own, with every trap of the real one, taken in from Markdown and from Word."""

import re
from collections import Counter
from html import unescape

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from applications.intake import Dossier, IntakeRefused, read_dossier
from medicines.content import richtext
from medicines.content.schema import (
    Age,
    Alternatives,
    DraftContent,
    Facts,
    Formulation,
    Link,
    Patents,
    Placement,
    SectionPath,
    SectionStep,
    StatusEvent,
)

FIXTURES = settings.BASE_DIR / "tests" / "fixtures"
REAL_PAGE = settings.BASE_DIR.parent / "shared" / "data" / "baclofen-2025-page.md"


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return read_dossier(FIXTURES / "dossier.md", "dossier.md")


@pytest.fixture(scope="module")
def real() -> Dossier:
    if not REAL_PAGE.exists():
        pytest.skip("needs shared/data")
    return read_dossier(REAL_PAGE, REAL_PAGE.name)


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


def plain(dossier: Dossier, key) -> str:
    """The text of a section with its citations as ids in braces, without block ids."""
    html = re.sub(r'<cite data-ref="([^"]*)"></cite>', r"{\1}", dossier.narrative.section(key))
    return re.sub(r' data-block="[^"]*"', "", html)


# --- Facts


def test_the_head_of_the_page_becomes_facts(dossier):
    assert dossier.content.facts_of("p1") == Facts(
        medicine="Demolafen",
        indication="Spastic quadriplegia",
        atc=("M03BX99",),
        icd11=("8D20.1",),
        medicine_type="chemical",
        placements=(
            Placement(
                section=SectionPath(
                    steps=(
                        SectionStep(number="5", title="Medicines for neurological disorders"),
                        SectionStep(number="5.1", title="Medicines for central nervous system disorders"),
                        SectionStep(number="5.1.4", title="Medicines for cerebral palsy"),
                    )
                ),
                eml="complementary",
                emlc="complementary",
                formulations=(
                    Formulation(
                        route=("Oral", "Liquid"),
                        strengths=("2 mg per mL (as chloride; sugar-free)",),
                        original="Oral > Liquid: 2 mg per mL (as chloride; sugar-free)",
                    ),
                    Formulation(
                        route=("Parenteral", "Locoregional injections", "Intrathecal"),
                        strengths=("50 µg per mL in ampoule", "100 µg per mL in ampoule"),
                        original="Parenteral > Locoregional injections > Intrathecal: "
                        "50 µg per mL in ampoule; 100 µg per mL in ampoule",
                    ),
                ),
            ),
        ),
        sex="all",
        age=Age(kind="also_children"),
        alternatives=Alternatives(kind="specific"),
        patents=Patents(status="expired"),
        links=(
            Link(site="wikipedia", title="Demolafen", url="https://en.wikipedia.org/wiki/Demolafen"),
            Link(site="drugbank", title="Demolafen"),
        ),
        history=(StatusEvent(event="first_added", year=2027, report="TRS 9999"),),
    )


def test_a_line_of_the_head_that_nobody_understands_lands_under_unplaced(dossier):
    assert plain(dossier, "unplaced") == "<p>Supplied by the applicant on yellow paper</p>"
    assert [(f.code, f.words, f.line) for f in dossier.report.left_over] == [
        ("head_line", "Supplied by the applicant on yellow paper", 41)
    ]


def test_the_caller_names_the_proposal_and_the_edition():
    dossier = read_dossier(FIXTURES / "dossier.md", "dossier.md", proposal_key="p7", edition="25")
    assert dossier.content.facts_of("p7").placements[0].section.edition == "25"


# --- Sections


def test_headings_in_any_case_and_accents_and_with_any_apostrophe_name_their_sections(dossier):
    assert [section.key for section in dossier.narrative.sections] == [
        "recommendation",
        "background",
        "public_health_relevance",
        "benefits",
        "harms",
        "cost_effectiveness",
        "who_guidelines",
        "availability",
        "other_considerations",
        "unplaced",
    ]


def test_emphasis_stays(dossier):
    assert plain(dossier, "background") == (
        "<p>Nobody had asked for demolafen before. It was <strong>first sold in 1999</strong> and is made by "
        "<em>three</em> firms.</p>"
    )


def test_a_sentence_cut_by_a_page_break_is_whole_again_and_only_citations_are_citations(dossier):
    assert plain(dossier, "public_health_relevance") == (
        "<p>Stiffness troubles about 3 per 1000 people {alpha-2018}. In the survey of 2019 (2019), most of those who "
        "answered (343 participants) slept badly, and in a few the stiffness had been present for longer than anyone "
        "could remember or was willing to say {epsilon-2020}{o-eta-1985}. Two matters count: (i) sleep; and (ii) work "
        "(&gt; 90%).</p>"
    )


def test_formulas_become_text_and_run_in_headings_and_bullets_are_not_touched(dossier):
    assert plain(dossier, "benefits") == (
        "<p>Demolafen versus placebo A small trial of 2020 compared demolafen with placebo in 48 adults "
        "{institute-of-invented-2023}. Pain fell by 2 points on a scale of 10<sup>2</sup> steps "
        "(<em>P</em> &lt; 0.001). A trial cannot settle more than one question at a time. Demolafen versus exercise "
        "Another trial compared demolafen with daily exercise and cost US$ 5 a head {iota-2016}. Its authors drew "
        "three lessons: (1) start low, (2) go slowly, and (3) stop gently. Little else is known about exercise. "
        "Another view was taken elsewhere.</p>"
    )
    assert "• Begin" in plain(dossier, "who_guidelines")


def test_lists_and_tables_are_kept(dossier):
    assert plain(dossier, "cost_effectiveness") == (
        "<p>A month of tablets costs € 4.20 in one country and € 9.80 in another.</p>"
        "<ul><li><p>One price is for the public sector.</p></li>"
        "<li><p>The other price is for the private sector.</p></li></ul>"
        '<table><thead><tr><th scope="col"><p>Country</p></th><th scope="col"><p>Price (€)</p></th></tr></thead>'
        "<tbody><tr><td><p>Here</p></td><td><p>4.20 (1)</p></td></tr>"
        "<tr><td><p>There</p></td><td><p>9.80</p></td></tr></tbody></table>"
    )


def test_every_block_has_an_id_of_its_own(dossier):
    ids = [block.id for section in dossier.narrative.sections for block in richtext.blocks(section.html)]
    assert len(ids) == len(set(ids)) == 13


@pytest.mark.parametrize("language", range(6))
def test_each_section_is_found_by_the_term_of_the_glossary_in_each_language(language):
    terms = {
        "recommendation": (
            "Expert Committee recommendation",
            "Recommandation du Comité d’experts",
            "Recomendación del Comité de Expertos",
            "Рекомендация Комитета экспертов",
            "专家委员会推荐意见",
            "توصية لجنة الخبراء",
        ),
        "background": ("Background", "Contexte", "Antecedentes", "История вопроса", "背景", "معلومات أساسية"),
        "benefits": ("Benefits", "Effets bénéfiques", "Beneficios", "Польза", "获益", "الفوائد"),
        "harms": ("Harms", "Effets néfastes", "Efectos perjudiciales", "Вред", "危害", "الأضرار"),
        "who_guidelines": (
            "WHO guidelines",
            "Lignes directrices de l’OMS",
            "Directrices de la OMS",
            "Руководства ВОЗ",
            "世卫组织指南",
            "المبادئ التوجيهية للمنظمة",
        ),
        "availability": ("Availability", "Disponibilité", "Disponibilidad", "Наличие", "可获得性", "التوافر"),
    }
    text = "\n\n".join(f"{names[language]}\n\nSome words." for names in terms.values())
    assert [section.key for section in read_dossier(text.encode(), "a.txt").narrative.sections] == list(terms)


def test_headings_may_be_marked_numbered_bold_or_followed_by_their_text_at_once():
    text = (
        "# Title\n\n## 3. Benefits\n\nA.\n\n**Harms:**\n\nB.\n\n4 Availability\n\nC.\n\nBackground\nD goes on\nand on."
    )
    dossier = read_dossier(text.encode(), "a.md")
    assert {section.key: plain(dossier, section.key) for section in dossier.narrative.sections} == {
        "background": "<p>D goes on and on.</p>",
        "benefits": "<p>A.</p>",
        "harms": "<p>B.</p>",
        "availability": "<p>C.</p>",
    }


def test_a_heading_of_the_same_rank_that_is_no_section_opens_unplaced_and_a_deeper_one_stays():
    text = "## Benefits\n\nA.\n\n### Adults\n\nB.\n\n## Pigeons\n\nC.\n\n## Harms\n\nD."
    dossier = read_dossier(text.encode(), "a.md")
    assert plain(dossier, "benefits") == "<p>A.</p><h3>Adults</h3><p>B.</p>"
    assert plain(dossier, "unplaced") == "<h3>Pigeons</h3><p>C.</p>"


# --- Splits


def test_run_in_headings_and_bullets_are_offered_as_splits_with_their_place(dossier):
    blocks = {block.id: block.text for section in dossier.narrative.sections for block in richtext.blocks(section.html)}
    splits = dossier.report.splits
    assert [(split.kind, split.section, split.words) for split in splits] == [
        ("heading", "benefits", "Demolafen versus placebo"),
        ("heading", "benefits", "Demolafen versus exercise"),
        ("list", "who_guidelines", "• Begin with exercise. • Add"),
        ("list", "who_guidelines", "• Add demolafen. • Review after"),
        ("list", "who_guidelines", "• Review after a month."),
    ]
    assert all(blocks[split.block][split.offset :].startswith(split.words) for split in splits)
    assert {split.guessed for split in splits} == {True}


# --- References and citations


def test_references_are_read_into_csl(dossier):
    assert [reference.csl for reference in dossier.narrative.references] == [
        {
            "type": "article-journal",
            "author": [
                {"family": "Alpha", "given": "BC"},
                {"family": "de Beta", "given": "D"},
                {"family": "Gamma-Delta", "given": "E"},
            ],
            "title": "How stiff are people",
            "container-title": "J Invented Med",
            "issued": {"date-parts": [[2018]]},
            "volume": "60",
            "issue": "9",
            "page": "933-41",
            "DOI": "10.99999/inv.2018.1",
        },
        {
            "type": "article-journal",
            "author": [
                {"family": "Epsilon", "given": "F"},
                {"family": "Zeta", "given": "G"},
                {"family": "Epsilon", "given": "F"},
            ],
            "title": "Stiffness asleep: a survey?",
            "container-title": "Made Up Rev",
            "issued": {"date-parts": [[2020]]},
            "volume": "1",
            "page": "CD000001",
            "DOI": "10.99999/s0000-0001(20)30000-0",
        },
        {
            "type": "article-journal",
            "author": [
                {"family": "O’Eta", "given": "H"},
                {"family": "van der Theta", "given": "I"},
                {"literal": "et al."},
            ],
            "title": "Stiffness awake",
            "container-title": "Made Up Rev",
            "issued": {"date-parts": [[1985]]},
            "volume": "4",
            "issue": "5",
            "page": "278-84",
        },
        {
            "type": "article-journal",
            "author": [{"family": "Iota", "given": "J"}, {"family": "Kappa", "given": "K"}],
            "title": "Exercise or tablets",
            "container-title": "J Invented Med",
            "issued": {"date-parts": [[2016]]},
            "volume": "10",
            "issue": "6",
            "page": "Rc01-5",
            "DOI": "10.99999/inv.2016.2",
        },
        {
            "type": "report",
            "author": [{"literal": "Institute of Invented Care"}],
            "title": "Handbook of stiffness. Module 3: muscles. Web annex",
            "publisher-place": "Nowhere",
            "publisher": "Institute of Invented Care",
            "issued": {"date-parts": [[2023]]},
            "URL": "https://example.org/handbook",
        },
        {
            "type": "webpage",
            "author": [{"literal": "Institute of Invented Care"}],
            "title": "Stiffness at a glance",
            "medium": "online database",
            "publisher-place": "Nowhere",
            "publisher": "Institute of Invented Care",
            "issued": {"date-parts": [[2019]]},
            "URL": "https://example.org/glance",
        },
    ]
    assert [reference.guessed for reference in dossier.narrative.references] == [
        (),
        (),
        (),
        (),
        ("author",),
        ("author",),
    ]


def test_the_line_of_a_reference_is_kept(dossier):
    assert dossier.narrative.references[5].original == (
        "Stiffness at a glance [online database]. Nowhere: Institute of Invented Care; 2019 "
        "(https://example.org/glance)."
    )


def test_ranges_and_pairs_are_several_citations(dossier):
    assert richtext.cited(dossier.narrative.section("harms")) == ["epsilon-2020", "o-eta-1985", "iota-2016"]


def test_a_numbered_list_of_years_at_the_end_is_the_references_though_nothing_says_so():
    text = "Benefits\n\nIt helps (2), and (1).\n\n1. Alpha B. One. J X. 2018;1:2.\n2. Zeta G. Two. J Y. 2019;3:4."
    dossier = read_dossier(text.encode(), "a.txt")
    assert plain(dossier, "benefits") == "<p>It helps {zeta-2019}, and {alpha-2018}.</p>"
    assert codes(dossier.report.guessed) == ["references_without_heading", "language"]


def test_numbers_with_gaps_keep_their_references_and_are_warned_of():
    text = (
        "Benefits\n\nIt helps (7).\n\nReferences\n\n3. Alpha B. One. J X. 2018;1:2.\n\n7. Zeta G. Two. J Y. 2019;3:4."
    )
    dossier = read_dossier(text.encode(), "a.txt")
    assert plain(dossier, "benefits") == "<p>It helps {zeta-2019}.</p>"
    assert codes(dossier.report.warnings) == [
        "reference_numbers",
        "reference_not_cited",
        "no_medicine",
        "no_indication",
    ]


def test_two_references_of_one_author_and_year_have_two_ids():
    text = "Benefits\n\nA (1, 2).\n\nReferences\n\n1. Alpha B. One. J X. 2018;1:2.\n2. Alpha B. Two. J Y. 2018;3:4."
    assert plain(read_dossier(text.encode(), "a.txt"), "benefits") == "<p>A {alpha-2018}{alpha-2018-b}.</p>"


def test_warnings_name_what_is_wrong_with_the_source(dossier):
    assert [(finding.code, finding.message) for finding in dossier.report.warnings] == [
        ("heading_mislabelled", "The heading “Torts” is a wrong translation; its text was read as harms."),
        (
            "citation_unknown",
            "“(11)” looks like a citation, but there is no such reference. It was left as text.",
        ),
        ("author_twice", "Reference 2 names an author twice: Epsilon F."),
        (
            "citations_out_of_order",
            "Citations are not numbered in the order of the text. They will be renumbered.",
        ),
    ]


def test_the_report_counts_and_is_plain_data(dossier):
    report = dossier.report
    assert report.counts.to_dict() == {
        "sections": 9,
        "references": 6,
        "citation_markers": 6,
        "citations": 9,
        "formulations": 2,
    }
    assert type(report).from_dict(report.to_dict()) == report
    assert (report.language, report.format, report.filename) == ("en", "markdown", "dossier.md")
    assert codes(report.guessed) == ["enumeration"] * 3 + ["issuing_body", "issuing_body", "language"]


def test_the_draft_is_ready_to_be_stored(dossier):
    content = dossier.content
    assert DraftContent.from_dict(content.to_dict()) == content
    assert [richtext.sanitise(section.html) for section in content.narrative.sections] == [
        section.html for section in content.narrative.sections
    ]


# --- The real page


def test_the_real_page_is_read_as_its_authors_meant_it(real):
    facts = real.content.facts_of("p1")
    (placement,) = facts.placements
    assert real.report.counts.to_dict() == {
        "sections": 9,
        "references": 21,
        "citation_markers": 25,
        "citations": 26,
        "formulations": 3,
    }
    assert (facts.medicine, facts.atc, facts.icd11) == ("Baclofen", ("M03BX01",), ("8D20",))
    assert [step.number for step in placement.section.steps] == ["5", "5.1", "5.1.4"]
    assert (placement.eml, placement.emlc) == ("complementary", "complementary")
    assert [(f.route, f.strengths) for f in placement.formulations] == [
        (("Oral", "Liquid"), ("10 mg per 5 mL",)),
        (("Parenteral", "Locoregional injections", "Intrathecal"), ("500 µg per mL in ampoule",)),
        (("Oral", "Solid", "tablet"), ("10 mg",)),
    ]
    assert facts.history == (StatusEvent(event="first_added", year=2025, report="TRS 1064"),)
    assert (facts.sex, facts.age, facts.alternatives) == (
        "all",
        Age(kind="also_children"),
        Alternatives(kind="specific"),
    )
    assert (facts.medicine_type, facts.patents) == ("chemical", Patents(status="expired"))
    assert facts.links == (Link(site="wikipedia", title="Baclofen"), Link(site="drugbank", title="Baclofen"))


def test_the_real_references_all_have_title_and_year(real):
    items = [reference.csl for reference in real.narrative.references]
    assert all(item["title"] and item["issued"]["date-parts"][0][0] > 1980 for item in items)
    assert len([item for item in items if "DOI" in item or "URL" in item]) == 20
    assert len([item for item in items if "family" in item["author"][0]]) == 16
    assert [number for number, entry in enumerate(real.narrative.references, 1) if entry.guessed] == [
        14,
        15,
        16,
        17,
        21,
    ]


def test_the_real_citations_all_lead_to_references(real):
    ids = [reference.id for reference in real.narrative.references]
    cited = [ref for section in real.narrative.sections for ref in richtext.cited(section.html)]
    assert [ids.index(ref) + 1 for ref in cited] == [
        *(1, 2, 3, 4, 5, 3, 6),
        *(7, 8, 9, 10, 11, 12, 13),
        *(7, 10, 10, 10),
        *(18, 19, 20),
        *(14, 15, 16, 17),
        21,
    ]
    left = " ".join(richtext.text(section.html) for section in real.narrative.sections)
    assert re.findall(r"\(\d{1,2}(?:, \d{1,2})*\)", left) == []


def test_the_real_page_gives_three_warnings_and_leaves_nothing_over(real):
    assert codes(real.report.warnings) == ["heading_mislabelled", "author_twice", "citations_out_of_order"]
    assert real.report.left_over == ()
    assert codes(real.report.recognised).count("rejoined") == 3
    assert codes(real.report.guessed) == ["issuing_body"] * 5 + ["language"]


def test_the_real_run_in_headings_are_offered(real):
    assert [split.words for split in real.report.splits if split.kind == "heading"] == [
        "Intrathecal baclofen versus placebo",
        "Intrathecal baclofen versus other therapies",
        "Oral baclofen versus placebo",
        "Oral baclofen versus other therapies",
    ]
    assert [split.section for split in real.report.splits if split.kind == "list"] == ["who_guidelines"] * 5


def test_the_real_formulas_are_text(real):
    benefits = real.narrative.section("benefits")
    assert "; <em>P</em> &lt; 0.0001)" in benefits
    assert "; <em>P</em> = 0.003)" in benefits
    assert "(US$) per QALY" in real.narrative.section("cost_effectiveness")


# --- Nothing is dropped


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def all_words(dossier: Dossier) -> str:
    """Everything that the draft and the report say, in one text."""
    numbers = {reference.id: str(order) for order, reference in enumerate(dossier.narrative.references, 1)}
    parts = []
    for section in dossier.narrative.sections:
        html = re.sub(r'<cite data-ref="([^"]*)"></cite>', lambda found: f" {numbers[found[1]]} ", section.html)
        parts += re.findall(r'href="([^"]*)"', html)
        parts.append(re.sub(r"<[^>]*>", "", re.sub(r"</?(?:p|h3|h4|td|th)\b[^>]*>", " ", html)))
    for name in ("recognised", "guessed", "left_over", "warnings"):
        parts += [finding.words for finding in getattr(dossier.report, name)]
    return unescape(" ".join(parts)) + str(dossier.proposals[0].facts.to_dict())


@pytest.mark.parametrize("which", ["dossier", "real"])
def test_every_word_of_the_source_is_in_the_draft_or_in_the_report(which, request):
    path = FIXTURES / "dossier.md" if which == "dossier" else REAL_PAGE
    dossier = request.getfixturevalue(which)
    # A link's address mostly repeats its words; what it adds is in the facts and the references.
    source = re.sub(r"\]\((?:[^()\s]|\([^()\s]*\))*\)", "]", path.read_text("utf-8"))
    wanted = Counter(words_of(source))
    found = Counter(words_of(all_words(dossier)))
    assert {word: (count, found[word]) for word, count in wanted.items() if found[word] < count} == {}


ALPHABET = "ab AB1. 2\n\n#*_-|>$()[]\\`^~<&;:•–é中ш/"
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=120) | st.text(max_size=60)


@given(before=TEXTS, after=TEXTS, listed=TEXTS)
@example(before="# Benefits", after="x\n1. a\n3. b\n\n5. c", listed="1. A B. C. 2019.\n3. D")
def test_any_text_is_taken_in_or_refused_and_no_letter_is_dropped(before, after, listed):
    source = f"{before}\n\nBenefits\n\n{after}\n\nReferences\n\n{listed}"
    if "\0" in source:
        with pytest.raises(IntakeRefused):
            read_dossier(source.encode(), "any.txt")
        return
    dossier = read_dossier(source.encode(), "any.txt")
    # Numbers of lists and citations are computed again when they are shown, and "\mu" becomes its letter.
    wanted = Counter(character for character in without_commands(source) if character.isalpha())
    found = Counter(character for character in all_words(dossier) if character.isalpha())
    assert {letter: count for letter, count in wanted.items() if found[letter] < count} == {}


def without_commands(text: str) -> str:
    return re.sub(r"\\[A-Za-z]+", "", unescape(text))


# --- The head of the page in six languages

HEADS = {
    "en": (
        "INN\nDemolafen\nIndication: Stiffness\nICD-11 code: 8D20\nMedicine type: Chemical agent\n"
        "List type: Core list\n"
        "Status history: First added in 2027 (TRS 9999)\nSex: All\nAge: Also recommended for children\n"
        "Therapeutic alternatives: The recommendation is for this specific medicine\n"
        "Patent information: Patents have expired in most jurisdictions"
    ),
    "fr": (
        "Dénomination commune internationale (DCI)\nDemolafen\nIndication : Stiffness\nCode CIM-11 : 8D20\n"
        "Type de médicament : Médicament chimique\nType de liste : Liste de base\n"
        "Historique du statut : Ajouté pour la première fois en 2027 (TRS 9999)\nSexe : Tous les sexes\n"
        "Âge : Aussi recommandé pour les enfants\n"
        "Alternatives thérapeutiques : La recommandation concerne ce médicament précis\n"
        "Renseignements sur les brevets : Les brevets ont expiré dans la plupart des pays et territoires"
    ),
    "es": (
        "Denominación común internacional (DCI)\nDemolafen\nIndicación: Stiffness\nCódigo CIE-11: 8D20\n"
        "Tipo de medicamento: Medicamento de síntesis química\nTipo de lista: Lista básica\n"
        "Historial del estado: Añadido por primera vez en 2027 (TRS 9999)\nSexo: Ambos sexos\n"
        "Edad: También recomendado para niños\n"
        "Alternativas terapéuticas: La recomendación se refiere a este medicamento específico\n"
        "Información sobre patentes: Las patentes han expirado en la mayoría de las jurisdicciones"
    ),
    "ru": (
        "Международное непатентованное наименование (МНН)\nDemolafen\nПоказание: Stiffness\nКод МКБ-11: 8D20\n"
        "Тип лекарственного средства: Лекарственное средство химического происхождения\n"
        "Тип перечня: Основной перечень\n"
        "История статуса: Впервые включено в 2027 г. (TRS 9999)\nПол: Любой\nВозраст: Также рекомендовано для детей\n"
        "Терапевтические альтернативы: Рекомендация относится именно к этому лекарственному средству\n"
        "Сведения о патентах: Срок действия патентов истёк в большинстве юрисдикций"
    ),
    "zh": (
        "国际非专利名称 (INN)\nDemolafen\n适应症：Stiffness\nICD-11 编码：8D20\n药物类型：化学药物\n"
        "清单类型：核心清单\n"
        "状态历史：2027 年首次列入 (TRS 9999)\n性别：不限\n年龄：亦推荐用于儿童\n治疗替代药物：该推荐仅针对此特定药物\n"
        "专利信息：专利在大多数司法管辖区已到期"
    ),
    "ar": (
        "الاسم الدولي غير المسجل الملكية (INN)\nDemolafen\nدواعي الاستعمال: Stiffness\nرمز ICD-11: 8D20\n"
        "نوع الدواء: دواء كيميائي\nنوع القائمة: القائمة الأساسية\nسجل الحالة: أُضيف لأول مرة في 2027 (TRS 9999)\n"
        "الجنس: كلا الجنسين\nالعمر: موصى به للأطفال أيضًا\nالبدائل العلاجية: التوصية تخص هذا الدواء تحديدًا\n"
        "معلومات براءات الاختراع: انتهت صلاحية براءات الاختراع في معظم الولايات القضائية"
    ),
}


@pytest.mark.parametrize("language", HEADS)
def test_the_head_is_read_in_each_language(language):
    dossier = read_dossier(f"{HEADS[language]}\n\n# Benefits\n\nIt helps.".encode(), "a.md")
    assert dossier.content.facts_of("p1") == Facts(
        medicine="Demolafen",
        indication="Stiffness",
        icd11=("8D20",),
        medicine_type="chemical",
        placements=(Placement(eml="core"),),
        sex="all",
        age=Age(kind="also_children"),
        alternatives=Alternatives(kind="specific"),
        patents=Patents(status="expired"),
        history=(StatusEvent(event="first_added", year=2027, report="TRS 9999"),),
    )
    assert dossier.report.left_over == ()
