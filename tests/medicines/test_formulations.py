"""The grammar of a formulation line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medicines.content.formulations import parse_cell, parse_line
from medicines.content.schema import Formulation


@pytest.mark.parametrize(
    ("line", "route", "strengths"),
    [
        ("Oral > Liquid: 10 mg per 5 mL", ("Oral", "Liquid"), ("10 mg per 5 mL",)),
        ("Oral > Solid > tablet: 5 mg; 10 mg", ("Oral", "Solid", "tablet"), ("5 mg", "10 mg")),
        (
            "Parenteral > General injections > IV: 2 g in 2 mL (equal to 1 g; 50%); 3 g",
            ("Parenteral", "General injections", "IV"),
            ("2 g in 2 mL (equal to 1 g; 50%)", "3 g"),
        ),
        (
            "Parenteral > IV: 4% (30 mmol/L; 5% (150 mmol/L; 9); 6% (75 mmol/L)",
            ("Parenteral", "IV"),
            ("4% (30 mmol/L", "5% (150 mmol/L; 9)", "6% (75 mmol/L)"),
        ),
        ("Parenteral > General injections > IV: ", ("Parenteral", "General injections", "IV"), ()),
        ("Solution (aqueous): at least 150 parts", ("Solution (aqueous)",), ("at least 150 parts",)),
        (" Oral  > Solid :\u00a02 mg per  mL;; ", ("Oral", "Solid"), ("2 mg per mL",)),
    ],
)
def test_a_line_has_a_route_and_strengths(line, route, strengths):
    assert parse_line(line) == Formulation(route=route, strengths=strengths, original=line.strip())


@pytest.mark.parametrize("line", ["-", "", "All vaccines should comply.", "Iron: 30 mg", "> 50 IU: factor", "> : x"])
def test_a_line_that_does_not_fit_keeps_its_text_and_nothing_is_guessed(line):
    assert parse_line(line) == Formulation(original=line)


def test_a_cell_has_one_formulation_a_line():
    assert [one.original for one in parse_cell("\nOral > Solid: 5 mg\n\nOral > Liquid: 1 mg\n-\n")] == [
        "Oral > Solid: 5 mg",
        "Oral > Liquid: 1 mg",
    ]


def test_a_composition_stays_with_the_line_that_it_explains():
    cell = "Tablet containing:\nIron: 30 mg\nZinc: 15 mg\nOral > Liquid: 1 mg"
    assert parse_cell(cell) == (
        Formulation(original="Tablet containing:\nIron: 30 mg\nZinc: 15 mg"),
        parse_line("Oral > Liquid: 1 mg"),
    )


def test_a_cell_that_says_nothing_gives_nothing():
    assert parse_cell(" - \n.\n") == ()


@given(st.text(max_size=200) | st.text(st.sampled_from("Oral>:;() 1m\n"), max_size=200))
def test_no_text_breaks_it_and_the_original_is_kept(text):
    assert parse_line(text).original == text.strip()
    kept = "".join(one.original for one in parse_cell(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]
