"""What each variable's equation names."""

from collections.abc import Callable
from pathlib import Path

from sim.source import load
from sim.source.links import Links, links, readers

Write = Callable[..., Path]


def found(path: Path) -> dict[str, Links]:
    source = load(path)
    return links(source.abstract, source.variables)


def flows(of: Links) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(flow.sign, flow.variable, flow.reads) for flow in of.flows]


def test_an_equation_reads_what_it_names_once_in_order(written: Write) -> None:
    of = found(written("a = b + c * b ~~|\nb = 2 ~~|\nc = MAX(Time, 3) ~~|\n"))
    assert of["a"] == Links(("b", "c"), (), (), delays=False)
    assert of["c"].reads == ()


def test_what_sets_the_start_alone_is_kept_apart(written: Write) -> None:
    of = found(written("s = INTEG(in * s, first + in) ~~|\nin = 1 ~~|\nfirst = 2 ~~|\n"))
    assert of["s"].reads == ("in", "s")
    assert of["s"].at_start == ("first",)


def test_the_terms_of_a_stock_keep_their_signs_through_brackets(written: Write) -> None:
    text = "s = INTEG(a - (b - c) - d * e, 0) ~~|\n"
    of = found(written(text + "".join(f"{name} = 1 ~~|\n" for name in "abcde")))
    assert flows(of["s"]) == [
        (1, "a", ("a",)),
        (-1, "b", ("b",)),
        (1, "c", ("c",)),
        (-1, "", ("d", "e")),
    ]


def test_a_sum_over_a_range_is_the_flow_itself(written: Write) -> None:
    text = "R: x, y ~~|\nf[R] = 1 ~~|\ns = INTEG(-SUM(f[R!]), 0) ~~|\n"
    assert flows(found(written(text))["s"]) == [(-1, "f", ("f",))]


def test_groups_of_a_stock_that_pass_on_to_each_other_share_a_flow(written: Write) -> None:
    text = (
        "R: x, y ~~|\nf[R] = s[R] ~~|\n"
        "s[x] = INTEG(-f[x], 1) ~~|\ns[y] = INTEG(f[x] - f[y], 1) ~~|\n"
    )
    assert flows(found(written(text))["s"]) == [(-1, "f", ("f",)), (1, "f", ("f",))]


def test_a_flow_written_out_in_two_equations_is_one(written: Write) -> None:
    text = "a = INTEG(-a / b, 1) ~~|\nc = INTEG(a / b - c / b, 0) ~~|\nb = 2 ~~|\n"
    of = found(written(text))
    (out,), (in_, onward) = of["a"].flows, of["c"].flows
    assert (out.term, out.sign) == (in_.term, -in_.sign)
    assert onward.term != out.term


def test_a_smooth_delays_and_its_start_is_kept_apart(written: Write) -> None:
    text = "a = SMOOTHI(b, c, first) ~~|\nb = Time ~~|\nc = 2 ~~|\nfirst = 3 ~~|\n"
    of = found(written(text))
    assert of["a"] == Links(("b", "c"), ("first",), (), delays=True)
    assert not of["b"].delays


def test_a_called_table_is_read(written: Write) -> None:
    of = found(written("a = table(Time) ~~|\ntable((0,0),(1,1)) ~~|\n"))
    assert of["a"].reads == ("table",)


def test_readers_are_the_links_turned_round(written: Write) -> None:
    of = found(written("a = b ~~|\nb = 1 ~~|\ns = INTEG(a, b) ~~|\n"))
    back = readers(of)
    assert back["b"] == ("a", "s")
    assert back["s"] == ()


def test_every_variable_of_the_model_has_its_links() -> None:
    source = load()
    of = links(source.abstract, source.variables)
    assert set(of) == set(source.variables)
    for own, variable in source.variables.items():
        assert bool(of[own].flows) == (variable.kind == "stock"), own
