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
        ("NORMAL(1, 2)", "RANDOM_NORMAL(-1e300, 1e300, 1, 2, 0)"),
        ("", smile.UNFINISHED),
        (" ??? ", smile.UNFINISHED),
        # Its own variable goes before the function.
        ("mean(x)", "mean(x)"),
    ],
)
def test_an_equation_is_spelt_as_pysd_reads_it(written: str, read: str) -> None:
    assert " ".join(smile.spelt(written, NAMES).split()) == " ".join(read.split())


@pytest.mark.parametrize(
    "written", ["(x", "x)", "IF x THEN 1", "a[9]", "x[*]", "f(x", "THEN 1", "x, 1", "(" * 2000]
)
def test_what_is_not_understood_is_left_as_it_is(written: str) -> None:
    assert smile.spelt(written, NAMES) == written
