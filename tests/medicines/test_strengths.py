"""The grammar of a strength: amount, unit, per, form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medicines.content.strengths import Amount, Strength, parse_strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("10 mg", Strength((Amount("10", "mg"),))),
        ("0.5 mL", Strength((Amount("0.5", "mL"),))),
        ("10 mg per 5 mL (as salt)", Strength((Amount("10", "mg"),), "5 mL", "(as salt)")),
        ("500 mg per  mL in 2 mL ampoule", Strength((Amount("500", "mg"),), "mL", "in 2 mL ampoule")),
        ("500 mg in 2 mL ampoule", Strength((Amount("500", "mg"),), "2 mL", "ampoule")),
        ("1 g in vial powder", Strength((Amount("1", "g"),), "", "in vial powder")),
        ("5 mg + 2.5 mg tablet", Strength((Amount("5", "mg"), Amount("2.5", "mg")), "", "tablet")),
        ("1.2 million IU in vial (≈ 900 mg)", Strength((Amount("1.2 million", "IU"),), "", "in vial (≈ 900 mg)")),
        ("10 000 lipase units + 600 units", Strength((Amount("10 000", "lipase units"), Amount("600", "units")))),
        ("4% + 0.18% (equal", Strength((Amount("4", "%"), Amount("0.18", "%")), "", "(equal")),
        ("50 µg/hour", Strength((Amount("50", "µg"),), "hour")),
        ("1:10 000 solution", Strength((Amount("1:10 000", ""),), "", "solution")),
        ("75 – 100 mg", Strength((Amount("75 – 100", "mg"),))),
        ("≥ 150 ppm", Strength((Amount("≥ 150", "ppm"),))),
    ],
)
def test_a_strength_has_amounts_what_they_are_in_and_a_form(text: str, strength: Strength):
    assert parse_strength(text) == strength


@pytest.mark.parametrize("text", ["", "injectable solution", "2 immediate-release", "250 (as salt)", "5 per %", "mg"])
def test_what_does_not_open_with_an_amount_is_no_strength(text: str):
    assert parse_strength(text) is None


@given(st.text(max_size=100) | st.text(st.sampled_from("1 0,.mgLper+–:%×*≥("), max_size=60))
def test_no_text_breaks_it(text: str):
    strength = parse_strength(text)
    assert strength is None or strength.amounts
