import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import numbers


@pytest.mark.parametrize(
    ("value", "decimals", "en", "nb"),
    [
        (1234.5, 1, "1,234.5", "1\u202f234,5"),
        (-1234567.0, 0, "−1,234,567", "−1\u202f234\u202f567"),
        (-0.04, 1, "0.0", "0,0"),
        (math.nan, 1, "–", "–"),
        (math.inf, 0, "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_does(
    value: float, decimals: int, en: str, nb: str
) -> None:
    assert numbers.number(value, "en", decimals=decimals) == en
    assert numbers.number(value, "nb", decimals=decimals) == nb


def test_percent_has_a_narrow_space_in_norwegian_and_none_in_english() -> None:
    assert numbers.percent(0.125, "en", sign=True) == "+0.12%"
    assert numbers.percent(-3.1, "nb", sign=True) == "−3,10\u202f%"
    assert numbers.percent(math.nan, "nb") == "–"


def test_small_amounts_keep_one_decimal() -> None:
    assert numbers.amount(3.14, "en") == "3.1"
    assert numbers.amount(9.97, "en") == "10"
    assert numbers.amount(1234.6, "nb", sign=True) == "+1\u202f235"


@given(st.floats(-1e12, 1e12))
def test_what_vanishes_is_what_is_written_without_a_digit_above_zero(value: float) -> None:
    assert numbers.vanishes(value) == (
        not any(c in "123456789" for c in numbers.amount(value, "en"))
    )


@given(st.floats(-1e9, 1e9), st.sampled_from(["en", "nb"]), st.integers(0, 3))
def test_a_number_reads_back_as_itself(value: float, language: str, decimals: int) -> None:
    text = numbers.number(value, language, decimals=decimals)  # pyright: ignore[reportArgumentType]
    plain = text.replace("−", "-")
    plain = (
        plain.replace(",", "")
        if language == "en"
        else plain.replace("\u202f", "").replace(",", ".")
    )
    assert float(plain) == round(value, decimals)


def test_a_little_is_not_written_as_nothing() -> None:
    assert numbers.relative(0.004, "en", sign=True) == "under 0.01%"
    assert numbers.relative(-0.004, "nb") == "under 0,01\u202f%"
    assert numbers.relative(0.0, "en") == "0.00%"
    assert numbers.relative(0.03, "en", decimals=1) == "under 0.1%"
    assert numbers.relative(-3.1, "nb", sign=True) == "−3,10\u202f%"
