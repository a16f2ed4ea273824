"""Where stocks and flows stand."""

from itertools import combinations

import pytest

from reports.book.content import gather
from reports.book.diagram import draw, stocks, tallies
from reports.book.layout import BOX, EDGE, PIPE, Layout, layout
from sim.source import load
from sim.source.links import Flow, Links


def links(**stocks_: list[tuple[int, str]]) -> dict[str, Links]:
    """Stocks with their flows, as (sign, name); every flow reads `cause`."""
    found = {
        stock: Links((), (), tuple(Flow(s, f, (f,), f) for s, f in flows), delays=False)
        for stock, flows in stocks_.items()
    }
    for flows in stocks_.values():
        for _, flow in flows:
            found[flow] = Links(("cause", "fixed"), (), (), delays=False)
    return found


def placed(**stocks_: list[tuple[int, str]]) -> Layout:
    of = links(**stocks_)
    return layout(list(stocks_), of, {own: own for own in of}, "unnamed", {"cause"})


def test_inflows_come_from_the_left_and_outflows_leave_at_the_right() -> None:
    (box,) = placed(s=[(1, "in"), (-1, "out")]).boxes
    assert [row.flow.variable for row in box.left] == ["in"]
    assert [row.flow.variable for row in box.right] == ["out"]
    assert box.left[0].moved_by == ("cause",)


def test_what_one_stock_passes_on_comes_back_to_the_other() -> None:
    plan = placed(a=[(-1, "f")], b=[(1, "f")])
    first, second = plan.boxes
    (join,) = plan.joins
    assert join.start == first.right[0].y
    assert second.y < join.end < second.y + second.height
    assert second.left == ()


def test_stocks_that_flows_join_stand_together() -> None:
    plan = placed(a=[(-1, "f")], other=[(1, "g")], b=[(1, "f")])
    assert [box.stock for box in plan.boxes] == ["a", "b", "other"]


def test_a_stock_whose_groups_pass_on_returns_to_itself() -> None:
    plan = placed(s=[(-1, "age"), (1, "age")])
    (box,), (join,) = plan.boxes, plan.joins
    assert box.y < join.end < join.start < box.y + box.height


def test_lanes_that_would_cross_are_apart() -> None:
    plan = placed(a=[(-1, "f")], b=[(-1, "g"), (1, "f")], c=[(1, "g")])
    spans = [(min(j.start, j.end), max(j.start, j.end), j.lane) for j in plan.joins]
    for (a, b, lane), (c, d, other) in combinations(spans, 2):
        assert lane != other or b < c or d < a


@pytest.mark.parametrize("count", [1, 3, 12])
def test_nothing_overlaps_and_all_is_on_the_page(count: int) -> None:
    plan = placed(**{f"s{n}": [(1, f"in{n}"), (-1, f"out{n}"), (-1, "all")] for n in range(count)})
    rows = 0.0
    for box in plan.boxes:
        assert box.y >= rows
        for side in (box.left, box.right):
            end = box.y
            for row in side:
                assert row.y > end
                end = row.y - 26 + row.height
            assert end <= box.y + box.height + 1e-9
        rows = box.y + box.height
    assert rows <= plan.height
    assert plan.width >= 2 * EDGE + 2 * PIPE + BOX


def test_every_drawn_stock_and_flow_of_the_model_is_in_its_diagram() -> None:
    book = gather(load())
    for chapter in book.chapters:
        svg = draw(book, chapter, "unnamed")
        drawn = stocks(book, chapter)
        assert bool(svg) == bool(drawn)
        for own in drawn:
            assert svg.count(f'href="#v-{own}"') >= 1
            for flow in book.links[own].flows:
                assert not flow.variable or f'href="#v-{flow.variable}"' in svg
        assert svg == draw(book, chapter, "unnamed")


def test_a_stock_that_only_counts_is_not_drawn() -> None:
    book = gather(load())
    counted = {own for chapter in book.chapters for own in tallies(book, chapter)}
    assert {"people_come_and_gone", "jobs_gained_and_lost", "fish_put_out_and_taken"} <= counted
    assert not counted & {"capability", "fish", "jobs", "vacancies", "population", "knowledge"}
