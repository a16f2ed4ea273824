from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text as Written

from reports import frames, labels, style
from reports.figures import gaps, industries, paths, regions
from reports.labels import Labels
from sim.scenario.schema import Text

YEARS = [2022, 2026, 2033, 2043]
DRAWN = ["paths", "gaps", "industries", "regions"]
Draw = Callable[[str, Labels], Figure]


@pytest.fixture(scope="module")
def draw(datasets: dict[str, xr.Dataset], observed: pd.DataFrame) -> Draw:
    frame = frames.stack(datasets)
    years = frames.differences(frame, "baseline", YEARS)
    every = frames.differences(frame, "baseline")
    same = {"baseline": "baseline", "source": "Source: run 1a2b3c4d"}

    def drawn(figure: str, said: Labels) -> Figure:
        match figure:
            case "paths":
                return paths.draw(frame, observed, said, start=2018, **same)
            case "gaps":
                return gaps.draw(every, said, start=2018, **same)
            case "industries":
                return industries.draw(years, "ocean_push", said, **same)
            case _:
                return regions.draw(years, said, **same)

    return drawn


def words(figure: Figure) -> list[str]:
    return [found.get_text() for found in figure.findobj(Written) if found.get_text()]


def out_of_view(figure: Figure) -> set[Written]:
    """Labels of ticks beyond an axis's limits: matplotlib keeps but does not draw them."""
    found: set[Written] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = axis.get_major_ticks()
            found |= {tick.label1 for tick in ticks if not low <= tick.get_loc() <= high}
    return found


@pytest.mark.parametrize("figure", DRAWN)
def test_the_same_figure_gives_the_same_bytes(
    figure: str, draw: Draw, names: dict[str, Text], tmp_path: Path
) -> None:
    said = labels.load("nb", names)
    written = [
        [path.read_bytes() for path in style.save(lambda: draw(figure, said), tmp_path / each)]
        for each in ("one", "two")
    ]
    assert written[0] == written[1]
    assert b"<dc:date>" not in written[0][1]


@pytest.mark.parametrize("figure", DRAWN)
@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("long", [False, True])
def test_no_words_overlap_or_leave_the_page(
    figure: str, language: labels.Language, long: bool, draw: Draw, names: dict[str, Text]
) -> None:
    endless = {run: Text(en="A long name of a scenario, with the words " * 9) for run in names}
    with style.sheet():
        drawn = draw(figure, labels.load(language, endless if long else names))
        drawn.draw_without_rendering()
        page = drawn.bbox
        hidden = out_of_view(drawn)
        boxes = {
            f"{text.get_text()} {at}": text.get_window_extent()
            for at, text in enumerate(drawn.findobj(Written))
            if isinstance(text, Written) and text.get_text().strip() and text not in hidden
        }
    for name, box in boxes.items():
        assert box.x0 >= page.x0 - 1, name
        assert box.x1 <= page.x1 + 1, name
        assert box.y0 >= page.y0 - 1, name
        assert box.y1 <= page.y1 + 1, name
    for (one, first), (two, second) in combinations(boxes.items(), 2):
        # A pixel of two empty corners may meet.
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert wide <= 1 or high <= 1, f"'{one}' and '{two}' overlap"


@pytest.mark.parametrize("figure", DRAWN)
def test_a_figure_names_its_unit_its_source_and_its_baseline(
    figure: str, draw: Draw, names: dict[str, Text]
) -> None:
    with style.sheet():
        said = "\n".join(words(draw(figure, labels.load("nb", names))))
    assert "Source: run 1a2b3c4d" in said
    assert "Referansebanen" in said
    assert "prosent" in said if figure == "regions" else "mill. kroner per år, 2015-priser" in said


def test_observations_stand_on_the_paths(
    draw: Draw, names: dict[str, Text], observed: pd.DataFrame
) -> None:
    with style.sheet():
        figure = draw("paths", labels.load("en", names))
    points = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    county = observed[observed["outcome"] == "value_added_total"]
    assert [list(line.get_ydata()) for line in points] == [county["value"].tolist()]


def test_panels_that_are_compared_share_their_axis(draw: Draw, names: dict[str, Text]) -> None:
    said = labels.load("en", names)
    with style.sheet():
        assert len({axes.get_ylim() for axes in draw("regions", said).axes}) == 1
        assert len({axes.get_xlim() for axes in draw("industries", said).axes}) == 1


def test_a_name_with_signs_that_typesetting_knows_is_drawn_as_it_stands(
    draw: Draw, tmp_path: Path
) -> None:
    odd = {run: Text(en=f"$\\frac{run}$ & <b>") for run in ("baseline", "ocean_push")}
    said = labels.load("en", odd)
    for figure in DRAWN:
        style.save(lambda figure=figure: draw(figure, said), tmp_path / figure)


def test_numbers_beside_bars_of_both_signs_do_not_meet(
    datasets: dict[str, xr.Dataset], names: dict[str, Text]
) -> None:
    frame = frames.stack({run: datasets[run] for run in ("ocean_push", "salmon_slump")})
    years = frames.differences(frame, "ocean_push", [2020, 2022, 2025, 2026, 2033, 2043])
    with style.sheet():
        figure = industries.draw(
            years, "salmon_slump", labels.load("nb", names), baseline="ocean_push", source=""
        )
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for axes in figure.axes for text in axes.texts]
    assert len(figure.axes) == 4
    for one, two in combinations(boxes, 2):
        assert min(one.x1, two.x1) - max(one.x0, two.x0) <= 1 or (
            min(one.y1, two.y1) - max(one.y0, two.y0) <= 1
        )
