from __future__ import annotations

import pytest

from sim.units import DIMENSIONLESS, Unit, UnitError, Vocabulary, named

WORDS = Vocabulary([["dmnl", "fraction", "1"], ["person", "people", "persons"], ["year", "years"]])


def read(text: str) -> Unit:
    unit = WORDS.parse(text)
    assert unit is not None
    return unit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("people/Year", "persons/year"),
        ("NOK million/person/year", "NOK million/(people*Years)"),
        ("1/year", "per year"),
        ("dmnl", "Fraction"),
        ("m^2", "m*m"),
        ("m²", "m**2"),
        ("m^-1", "1/m"),
        ("m^(1/2)*m^0.5", "m"),
        ("(NOK million/(million kg))/(NOK/kg)", "NOK million*kg/(million kg*NOK)"),
        ("kg*year/fish", "kg/fish*year"),
        ("widget_a", "Widget  A"),
        ("100", "dmnl"),
        ("year/year", "dmnl"),
    ],
)
def test_the_same_unit_may_be_written_in_many_ways(one: str, other: str) -> None:
    assert read(one) == read(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NOK", "NOK million"),
        ("million kg", "kg"),
        ("kg", "kg^2"),
        ("a/b/c", "a/(b/c)"),
        ("people", "1/people"),
    ],
)
def test_different_units_are_told_apart(one: str, other: str) -> None:
    assert read(one) != read(other)


@pytest.mark.parametrize(
    "text", ["a//b", "(a", "a)", "*a", "a/", "m^x", "m^", "a(b)", "m^(1/0)", "(" * 99, "a" * 999]
)
def test_what_is_no_unit_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnitError, match=r"\w"):
        WORDS.parse(text)


def test_an_empty_text_says_nothing() -> None:
    assert WORDS.parse("  ") is None


def test_units_multiply_and_are_written_out() -> None:
    money, year = named("NOK"), named("year")
    assert money / year * year == money
    assert (money / money) == DIMENSIONLESS
    assert str(money / year) == "NOK/year"
    assert str(DIMENSIONLESS / year) == "1/year"
    assert str((money * money / year).to(0.5)) == "NOK/year^(1/2)"
    assert str(DIMENSIONLESS) == "dmnl"


def test_the_first_spelling_is_shown() -> None:
    words = Vocabulary()
    assert words.said(words.parse("NOK Million/Year") or DIMENSIONLESS) == "NOK Million/Year"
    assert words.said(words.parse("nok million") or DIMENSIONLESS) == "NOK Million"


def test_later_groups_keep_what_a_name_means_already() -> None:
    words = Vocabulary()
    words.equal(["Tag", "Day"])
    words.equal(["day", "days"])
    assert words.parse("tag") == words.parse("days")
