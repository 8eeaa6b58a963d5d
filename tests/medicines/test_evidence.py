"""Figures, certainty and forest plots."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from medicines.content.evidence import Labels, certainty, effect, number, plot, typographic
from medicines.content.schema import Finding


def finding(outcome="Stiffness", measure="SMD", estimate="-1.70", low="-2.15", high="-1.25", **other):
    return Finding(id=outcome, outcome=outcome, measure=measure, estimate=estimate, low=low, high=high, **other)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("-1.70", -1.7),
        ("−1.70", -1.7),
        ("– 0.5", -0.5),
        ("0,15", 0.15),
        ("32 737", 32737),
        ("12%", 12),
        ("+3", 3),
        ("", None),
        ("not pooled", None),
        ("1 to 2", None),
        ("1.2.3", None),
        ("-", None),
    ],
)
def test_a_figure_is_read_as_it_is_written(written, value):
    assert number(written) == value


def test_a_figure_keeps_its_noughts_and_gains_a_minus_sign():
    assert typographic("-1.70") == "−1.70"
    assert typographic("2015-2016") == "2015-2016"
    assert effect(finding()) == "SMD −1.70 (−2.15 to −1.25)"
    assert effect(finding(low="")) == "SMD −1.70"
    assert effect(finding(estimate="", low="", high="")) == ""


def test_certainty_is_marks_and_a_word():
    assert certainty("low") == '<span class="grade-marks" aria-hidden="true">●●○○</span> Low'
    assert certainty(None) == ""


def test_a_plot_says_every_figure_in_words():
    root = ET.fromstring(plot([finding(), finding("Withdrawals", estimate="not pooled", low="", high="")]))
    assert root.find("title").text == "Forest plot: Standardized mean difference"
    assert root.find("desc").text == "Stiffness: SMD −1.70 (−2.15 to −1.25); Withdrawals: SMD not pooled"
    texts = [[text.text for text in row.iter("text")] for row in root.iter("g")]
    assert texts == [["Stiffness", "−1.70 (−2.15 to −1.25)"], ["Withdrawals", "not pooled"]]
    assert [len(list(row.iter("rect"))) for row in root.iter("g")] == [1, 0]


def test_differences_stand_on_a_straight_scale_with_no_effect_at_nought():
    root = ET.fromstring(plot([finding(estimate="-1", low="-2", high="0")]))
    ticks = [text.text for text in root.iter("text") if text.get("class") == "soft"]
    assert ticks == ["Standardized mean difference", "−2", "−1.5", "−1", "−0.5", "0"]


def test_ratios_stand_on_a_logarithmic_scale_with_no_effect_at_one():
    root = ET.fromstring(plot([finding(measure="RR", estimate="1", low="0.5", high="2")]))
    line = next(line for line in root.iter("line") if line.get("class") == "ci")
    zero = next(line for line in root.iter("line") if line.get("class") == "zero")
    middle = (float(line.get("x1")) + float(line.get("x2"))) / 2
    assert abs(middle - float(zero.get("x1"))) < 0.2


def test_each_measure_has_its_own_plot():
    html = plot([finding(), finding("Death", "RR", "0.75", "0.5", "1.12"), finding("Falls", "MD", "2", "1", "3")])
    assert html.count("<svg ") == 3


def test_nothing_to_draw_gives_no_plot():
    assert plot([]) is None
    assert plot([finding(measure="")]) is None
    assert plot([finding(estimate="none", low="", high="")]) is None
    assert plot([finding(measure="OR", estimate="0", low="", high="")]) is None


def test_a_plot_of_six_rows_is_small_and_breaks_no_policy():
    html = plot([finding(f"Outcome number {index}") for index in range(6)])
    assert len(html) < 5000
    assert "style=" not in html
    assert "<style" not in html


def test_markup_in_an_outcome_is_text():
    html = plot([finding("<script>alert(1)</script>")], Labels(title="<b>"))
    assert "<script" not in html
    assert "<b>" not in html


FIGURES = st.one_of(
    st.text(max_size=8),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.decimals(-1000, 1000, places=2).map(str),
)


@given(
    st.lists(st.builds(finding, st.text(), st.sampled_from(["RR", "SMD", ""]), FIGURES, FIGURES, FIGURES), max_size=4)
)
@settings(print_blob=True, deadline=None)
def test_any_findings_give_a_drawing_within_its_frame_and_no_error(findings):
    html = plot(findings)
    for x in re.findall(r' x\d?="([^"]*)"', html or ""):
        assert 0 <= float(x) <= 720


def test_an_estimate_without_a_measure_keeps_its_minus_sign_before_it_in_arabic():
    with translation.override("ar"):
        assert effect(finding(measure="", low="", high="")) == "\u2066−1.70\u2069"
