"""Equations of XMILE, brought to spellings that PySD reads."""

from __future__ import annotations

import pytest

from sim.source import smile

NAMES = smile.Names(
    variables={
        "a": ["Port"],
        "b": ["Port", "Berth"],
        "x": [],
        "mean": [],
        "dt_of_mine": [],
        "graph": [],
    },
    ranges={"port": ("Port", ["north", "far west"]), "berth": ("Berth", ["1", "2", "3"])},
    tables={"x": '"graph of x"'},
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("x + 1", "x + 1"),
        ("x {of it} + 1", "x  + 1"),
        ("if x > 1 then 2 else 3", "IF_THEN_ELSE(x > 1, 2, 3)"),
        ("IF(x>1) THEN(2) ELSE(3)", "IF_THEN_ELSE((x>1), (2), (3))"),
        (
            "IF x > 1 THEN IF x > 2 THEN 1 ELSE 2 ELSE 3 + x",
            "IF_THEN_ELSE(x > 1, IF_THEN_ELSE(x > 2, 1, 2), 3 + x)",
        ),
        ("(IF x THEN 1 ELSE 2) * 3", "(IF_THEN_ELSE(x, 1, 2)) * 3"),
        ("ABS(IF x THEN 1 ELSE 2)", "ABS(IF_THEN_ELSE(x, 1, 2))"),
        ("SUM(a[*])", "SUM(a[Port!])"),
        ("SUM(a)", "SUM(a[Port!])"),
        ("SUM(b[north, *])", "SUM(b[north, Berth!])"),
        ("SUM(b[*, 2])", "SUM(b[Port!, 2])"),
        ("a[2]", "a[far_west]"),
        ('a["far west"]', "a[far_west]"),
        ("a[Port.north]", "a[north]"),
        ("a[Port]", "a[Port]"),
        ("SIZE(b[*, *])", "6"),
        ("SIZE(Berth)", "3"),
        ("MAX(1, 2, x)", "MAX(1, MAX(2, x))"),
        ("MAX(1, 2)", "MAX(1, 2)"),
        ("dt_of_mine * DT", "dt_of_mine * TIME_STEP"),
        ("LOOKUP(graph, x + 1)", "graph(x + 1)"),
        ("graph(x)", "graph(x)"),
        ("LOOKUP(x, 2)", '"graph of x"(2)'),
        ("LOOKUPINV(x, 2)", 'LOOKUP_INVERT("graph of x", 2)'),
        ("ALLOCATE(9, Port, a[Port.*], a, x)", "ALLOCATE(9, Port, a[Port], a[Port], x)"),
        # As tight as a product, from the left.
        ("1 + x MOD 3 * 2", "1 +MODULO(x, 3) * 2"),
        ("2 * x mod (3)", "MODULO(2 * x, (3))"),
        ("MOD(x, 3)", "MODULO(x, 3)"),
        ("RAMP(2)", "RAMP(2, INITIAL_TIME)"),
        ("MAX(a, 0)", "MAX(MAX(a[Port!]), 0)"),
        ("MIN(1, a[*])", "MIN(1, MIN(a[Port!]))"),
        ("POISSON(3, 7)", "RANDOM_POISSON(-1e300, 1e300, 3, 0, 1, 0)"),
        ("NORMAL(1, 2, NAN, 0, 9)", "RANDOM_NORMAL(0, 9, 1, 2, 0)"),
        ("MONTECARLO(20)", "IF_THEN_ELSE(RANDOM_UNIFORM(0, 100, 0) < (20)*TIME_STEP, 1, 0)"),
        ("NORMAL(1, 2)", "RANDOM_NORMAL(-1e300, 1e300, 1, 2, 0)"),
        ("", smile.UNFINISHED),
        (" ??? ", smile.UNFINISHED),
        # Its own variable goes before the function.
        ("mean(x)", "mean(x)"),
    ],
)
def test_an_equation_is_spelt_as_pysd_reads_it(written: str, read: str) -> None:
    assert " ".join(smile.spelt(written, NAMES).split()) == " ".join(read.split())


def test_in_an_equation_of_its_range_an_array_is_taken_element_by_element() -> None:
    assert smile.spelt("MAX(a, 0)", NAMES, "a") == "MAX(a, 0)"


@pytest.mark.parametrize(
    "written", ["(x", "x)", "IF x THEN 1", "a[9]", "x[*]", "f(x", "THEN 1", "x, 1", "(" * 2000]
)
def test_what_is_not_understood_is_left_as_it_is(written: str) -> None:
    assert smile.spelt(written, NAMES) == written
