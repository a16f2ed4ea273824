from __future__ import annotations

from pathlib import Path

import pytest

from sim.check import balance_of_units
from sim.source import load
from tests.unit.check.conftest import CheckUnits, failures, notes

# Names with units that the equations below use.
GIVEN = """
people = 10 ~ persons ~ |
other people = 5 ~ person ~ |
money = 3 ~ NOK ~ |
rate = 0.1 ~ 1/year ~ |
delay = 2 ~ year ~ |
share = 0.5 ~ dmnl ~ |
moment = 4 ~ year ~ |
"""

RIGHT = {
    "people + other people": "people",
    "people * rate": "people/year",
    "money / people": "NOK/person",
    "-people": "people",
    "people ^ 2": "people*people",
    "SQRT(people * people)": "people",
    "people ^ 0.5": "people^0.5",
    "(people / other people) ^ share": "dmnl",
    "POWER(people, 2)": "people^2",
    "EXP(-rate * Time)": "dmnl",
    "LN(people / other people)": "dmnl",
    "2 ^ (Time / delay)": "dmnl",
    "SIN(Time / delay)": "dmnl",
    "MAX(people, 0)": "people",
    "MIN(people, other people)": "people",
    "ABS(people)": "people",
    "INTEGER(people)": "people",
    "MODULO(people, other people)": "people",
    "QUANTUM(people, other people)": "people",
    "ZIDZ(money, people)": "NOK/person",
    "XIDZ(money, people, money / people)": "NOK/person",
    "XIDZ(people, other people, 1)": "dmnl",
    "IF THEN ELSE(people > other people, people, 0)": "people",
    "IF THEN ELSE(Time > moment :AND: share > 0, money, money)": "NOK",
    "STEP(people, moment)": "people",
    "RAMP(rate, moment, moment)": "dmnl",
    "PULSE(moment, delay)": "dmnl",
    "PULSE TRAIN(moment, delay, delay, moment)": "dmnl",
    "INTEG(people * rate, people)": "people",
    "INTEG(people * rate, 12)": "people",
    "SMOOTH(people, delay)": "people",
    "SMOOTHI(people, delay, 7)": "people",
    "SMOOTH3I(people, delay, other people)": "people",
    "SMOOTH N(people, delay, people, 2)": "people",
    "DELAY1(people, delay)": "people",
    "DELAY3I(people, delay, other people)": "people",
    "DELAY N(people, delay, people, 3)": "people",
    "DELAY FIXED(people, delay, other people)": "people",
    "TREND(people, delay, rate)": "1/year",
    "FORECAST(people, delay, delay)": "people",
    "SAMPLE IF TRUE(Time > moment, people, other people)": "people",
    "INITIAL(people)": "people",
    "ACTIVE INITIAL(people, other people)": "people",
    "GAME(people)": "people",
    "WITH LOOKUP(Time, ([(0,0)-(10,10)],(0,1),(10,2)))": "people",
    "RANDOM UNIFORM(people, other people, 1)": "people",
    "TIME STEP * rate": "dmnl",
    "people / TIME STEP": "people/year",
    "5": "people",
    "people * 5 / 2": "people",
    "people * rate - other people / delay": "people/year",
}


@pytest.mark.parametrize("equation", RIGHT)
def test_what_is_right_passes(check_units: CheckUnits, equation: str) -> None:
    report = check_units(f"x = {equation} ~ {RIGHT[equation]} ~ |\n{GIVEN}")
    assert [str(one) for one in failures(report)] == []
    assert [str(one) for one in notes(report)] == ([] if equation != "XIDZ(" else ["?"])


WRONG = {
    # equation: (the unit given, what the sentence must hold)
    "people + money": ("people", ["person ('people')", "NOK ('money')", "adds"]),
    "people - money * share": ("people", ["NOK ('money * share')"]),
    "people * rate": ("people", ["'x' is in person", "gives person/year"]),
    "people": ("NOK", ["'x' is in NOK", "gives person"]),
    "people ^ share": ("people", ["raised", "'people'"]),
    "share ^ people": ("dmnl", ["exponent", "person"]),
    "2 ^ Time": ("dmnl", ["exponent", "year"]),
    "EXP(rate)": ("dmnl", ["'rate' is in 1/year, not in dmnl"]),
    "LN(people)": ("dmnl", ["'people' is in person"]),
    "SIN(Time)": ("dmnl", ["year"]),
    "SQRT(people)": ("people", ["person^(1/2)"]),
    "MAX(people, money)": ("people", ["'money' is in NOK, not in person as 'people' is"]),
    "MODULO(people, delay)": ("people", ["'delay' is in year"]),
    "ZIDZ(money, people)": ("NOK", ["gives NOK/person"]),
    "XIDZ(money, people, money)": ("NOK/person", ["'money' over 'people'"]),
    "IF THEN ELSE(share > 0, people, money)": ("people", ["'money' is in NOK"]),
    "IF THEN ELSE(people > money, share, 0)": ("dmnl", ["compares person", "NOK"]),
    "IF THEN ELSE(people + money > 0, share, 0)": ("dmnl", ["adds person"]),
    "STEP(people, people)": ("people", ["'people' is in person, not in year"]),
    "RAMP(people, moment, moment)": ("people", ["gives person*year"]),
    "PULSE(people, delay)": ("dmnl", ["person, not in year"]),
    "INTEG(people, people)": ("people", ["flow times the unit of time is in person*year"]),
    "INTEG(people * rate, money)": ("people", ["the stock starts in NOK ('money')"]),
    "INTEG(people, 12)": ("people", ["gives person*year"]),
    "SMOOTH(people, people)": ("people", ["person, not in year"]),
    "SMOOTHI(people, delay, money)": ("people", ["'money' is in NOK"]),
    "DELAY1(people, rate)": ("people", ["'rate' is in 1/year, not in year"]),
    "DELAY FIXED(people, delay, money)": ("people", ["'money' is in NOK"]),
    "TREND(people, delay, 0)": ("people", ["gives 1/year"]),
    "FORECAST(people, delay, share)": ("people", ["'share' is in dmnl, not in year"]),
    "SAMPLE IF TRUE(share > 0, people, money)": ("people", ["NOK"]),
    "people + money * (people + rate)": ("people", ["1/year ('rate')"]),
    "RANDOM UNIFORM(people, money, 1)": ("people", ["NOK"]),
}  # fmt: skip


@pytest.mark.parametrize("equation", WRONG)
def test_what_is_wrong_is_named_once_with_place_and_both_units(
    check_units: CheckUnits, equation: str
) -> None:
    unit, parts = WRONG[equation]
    # What uses the wrong variable is not blamed.
    users = f"\ny = x * share ~ {unit} ~ |\nz = y ~ {unit} ~ |\n"
    report = check_units(f"\n\nx = {equation} ~ {unit} ~ |{users}{GIVEN}")
    (found,) = failures(report)
    assert found.subject == "x"
    assert found.file.endswith("model.mdl")
    assert found.line == 4
    for part in parts:
        assert part in found.sentence, found.sentence


def test_two_mistakes_are_two_findings(check_units: CheckUnits) -> None:
    report = check_units(f"x = people + money ~ people ~ |\ny = EXP(rate) ~ dmnl ~ |\n{GIVEN}")
    assert sorted(one.subject for one in failures(report)) == ["x", "y"]


def test_a_number_beside_a_unit_is_noted_but_for_zero(check_units: CheckUnits) -> None:
    report = check_units(
        "a = people + 3 ~ people ~ |\nb = MAX(people, 0) ~ people ~ |\n"
        f"c = 1 - share ~ dmnl ~ |\nd = SMOOTH(people, 5) ~ people ~ |\n{GIVEN}"
    )
    assert failures(report) == []
    assert sorted(one.subject for one in notes(report, "number-without-unit")) == ["a", "d"]


# --- variables without a unit -------------------------------------------------------------


def test_a_missing_unit_is_told_once_with_what_the_equations_say(check_units: CheckUnits) -> None:
    report = check_units(
        f"x = people * factor ~ NOK ~ |\nfactor = 2 ~ ~ |\ny = factor * people ~ NOK ~ |\n{GIVEN}"
    )
    assert failures(report) == []
    (found,) = notes(report)
    assert found.code == "no-unit"
    assert "NOK/person" in found.sentence


def test_no_choice_of_a_missing_unit_mends_a_contradiction(check_units: CheckUnits) -> None:
    report = check_units(
        f"x = people * f ~ NOK ~ |\nf = 2 ~ ~ |\ny = f * delay ~ NOK ~ |\nz = f ~ NOK ~ |\n{GIVEN}"
    )
    (found,) = failures(report)
    assert "'f', which has no unit, was taken from 'x'" in found.sentence


def test_a_model_without_any_units_has_no_errors(check_units: CheckUnits) -> None:
    report = check_units(
        "stock = INTEG(inflow - stock / 3, 10) ~ ~ |\ninflow = stock * 0.1 + 2 ~ ~ |\n"
        "table([(0,0)-(1,1)],(0,0),(1,1)) ~ ~ |\nread = table(stock / 10) ~ ~ |"
    )
    assert failures(report) == []
    assert len(notes(report, "no-unit")) == 4


def test_a_flow_without_unit_that_cannot_fill_its_stock_is_found(check_units: CheckUnits) -> None:
    report = check_units(f"s = INTEG(f, people) ~ people ~ |\nf = s * share ~ ~ |\n{GIVEN}")
    assert len(failures(report)) == 1


# --- lookups, arrays, macros, time --------------------------------------------------------


def test_a_lookup_gives_its_unit_and_is_read_at_one_unit(check_units: CheckUnits) -> None:
    table = "table([(0,0)-(9,9)],(0,0),(9,9)) ~ NOK ~ |\n"
    right = f"a = table(people) ~ NOK ~ |\nb = table(other people) ~ NOK ~ |\n{table}{GIVEN}"
    assert failures(check_units(right)) == []
    wrong = f"a = table(people) ~ NOK ~ |\nb = table(delay) ~ NOK ~ |\n{table}{GIVEN}"
    (found,) = failures(check_units(wrong))
    assert found.subject == "b"
    assert "'table' is read at person" in found.sentence
    (found,) = failures(check_units(f"a = table(people) ~ people ~ |\n{table}{GIVEN}"))
    assert "gives NOK" in found.sentence


def test_arrays_and_what_runs_over_them(check_units: CheckUnits) -> None:
    text = (
        "Side: left, right ~ ~ |\n"
        "a[Side] = 1, 2 ~ people ~ |\n"
        "b[left] = a[left] * rate ~ people/year ~ |\n"
        "b[right] = {0} ~ people/year ~ |\n"
        "c = SUM(a[Side!]) ~ people ~ |\n"
        "d = VMAX(a[Side!]) ~ people ~ |\n"
        "e = PROD(a[Side!]) ~ people^2 ~ |\n"
        "f = SUM(a[Side!]) / ELMCOUNT(Side) ~ people ~ |\n"
    )
    assert failures(check_units(text.format("a[right] / delay") + GIVEN)) == []
    (found,) = failures(check_units(text.format("a[right]") + GIVEN))
    assert (found.subject, found.line) == ("b", 5)


def test_a_macro_is_checked_for_each_call(check_units: CheckUnits) -> None:
    macro = (
        ":MACRO: SETTLED(input, time to settle)\n"
        "SETTLED = INTEG((input - SETTLED) / time to settle, input) ~ input ~ |\n"
        ":END OF MACRO:\n"
    )
    right = f"{macro}x = SETTLED(people, delay) ~ people ~ |\ny = SETTLED(money, delay) ~ NOK ~ |\n"
    assert [str(one) for one in failures(check_units(right + GIVEN))] == []
    (found,) = failures(check_units(f"{macro}x = SETTLED(people, rate) ~ people ~ |\n{GIVEN}"))
    assert "macro settled" in found.subject
    assert found.line == 3
    (found,) = failures(check_units(f"{macro}x = SETTLED(people, delay) ~ NOK ~ |\n{GIVEN}"))
    assert found.subject == "x"


def test_time_bounds_in_another_unit_than_the_step_are_found(check_units: CheckUnits) -> None:
    times = (
        "INITIAL TIME = 0 ~ year ~ |\nFINAL TIME = 10 ~ year ~ |\n"
        "TIME STEP = 1 ~ month ~ |\nSAVEPER = TIME STEP ~ month ~ |\nx = Time ~ year ~ |\n"
    )
    subjects = [one.subject for one in failures(check_units("", times=times))]
    assert subjects == ["x"]


def test_limits_beside_a_unit_do_not_count(check_units: CheckUnits) -> None:
    assert failures(check_units(f"x = people ~ people [0,100] ~ |\n{GIVEN}")) == []


def test_an_unreadable_unit_is_an_error_with_its_place(check_units: CheckUnits) -> None:
    (found,) = failures(check_units(f"x = people ~ people//year ~ |\n{GIVEN}"))
    assert (found.code, found.line) == ("unreadable-unit", 2)


def test_a_function_that_is_not_known_is_noted(check_units: CheckUnits) -> None:
    report = check_units(f"x = FIND SOMETHING(people) ~ NOK ~ |\n{GIVEN}")
    assert failures(report) == []
    assert [one.code for one in notes(report)] == ["unknown-function"]


# --- other people's words for units -------------------------------------------------------


def test_synonyms_in_the_settings_of_a_model_count(check_units: CheckUnits) -> None:
    text = "x = 2 ~ Kroner per Head ~ |\ny = x ~ price ~ |\n"
    assert len(failures(check_units(text))) == 1
    assert failures(check_units(text, settings="22:price,Kroner per Head\n15:0,0\n")) == []


def test_dollars_and_plurals_need_no_settings(check_units: CheckUnits) -> None:
    text = "a = 2 ~ $/Year ~ |\nb = a ~ Dollars/years ~ |\nc = 3 ~ Person ~ |\nd = c ~ people ~ |"
    assert failures(check_units(text)) == []


XMILE = """<?xml version="1.0" encoding="utf-8"?>
<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>m</name><vendor>v</vendor><product version="1">p</product></header>
<sim_specs method="Euler" time_units="Months"><start>0</start><stop>9</stop><dt>1</dt></sim_specs>
<model_units><unit name="head"><alias>heads</alias></unit>
<unit name="flow of heads"><eqn>head/month</eqn></unit></model_units>
<model><variables>
<stock name="crowd"><eqn>10</eqn><inflow>coming</inflow><units>heads</units></stock>
<flow name="coming"><eqn>crowd / pause</eqn><units>{0}</units></flow>
<aux name="pause"><eqn>4</eqn><units>Month</units></aux>
</variables></model></xmile>
"""


@pytest.mark.parametrize(("unit", "count"), [("head/month", 0), ("flow of heads", 0), ("heads", 1)])
def test_xmile_is_checked_with_its_own_units(tmp_path: Path, unit: str, count: int) -> None:
    path = tmp_path / "model.xmile"
    path.write_text(XMILE.format(unit), encoding="utf-8")
    found = {one.subject for one in failures(balance_of_units.check(load(path)))}
    assert found == ({"coming", "crowd"} if count else set())


def test_equations_nested_deep_and_long_are_read(check_units: CheckUnits) -> None:
    nested = "MAX(a, " * 60 + "a" + ")" * 60
    long = " + ".join(["a"] * 400)
    report = check_units(f"a = 1 ~ m ~ |\nb = {nested} ~ m ~ |\nc = {long} ~ s ~ |\n")
    assert [one.subject for one in failures(report)] == ["c"]
