"""Later wins, each file is laid once, and every value knows its line."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError, Problem
from sim.scenario import Scenario, load

Wrote = Callable[..., Path]
SHARE = ("district_share_of_effort", ())
CELL = ("effort", ("research", "ocean_space"))


def at(scenario: Scenario, key: tuple[str, tuple[str, ...]], year: float) -> float:
    return float(scenario.values[key].path.at(np.array([float(year)]))[0])


def wrong(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        load(path)
    return error.value.problems


def test_parents_are_laid_from_left_to_right_and_the_file_itself_last(wrote: Wrote) -> None:
    wrote("one", "levers: {district_share_of_effort: 0.1, sea_area_factor: 1.1}")
    wrote("two", "levers: {district_share_of_effort: 0.2, permit_growth_factor: 1.2}")
    scenario = load(wrote("three", "extends: [one, two]\nlevers: {permit_growth_factor: 1.3}"))
    assert at(scenario, SHARE, 2030) == 0.2
    assert at(scenario, ("sea_area_factor", ()), 2030) == 1.1
    assert at(scenario, ("permit_growth_factor", ()), 2030) == 1.3
    assert scenario.layers == ("one", "two", "three")


def test_a_parent_that_two_parents_share_is_laid_once(wrote: Wrote) -> None:
    wrote("root", "levers: {district_share_of_effort: 0.1}")
    wrote("more", "extends: [root]\nlevers: {district_share_of_effort: {add: 0.1}}")
    wrote("other", "extends: [root]\nlevers: {sea_area_factor: 2}")
    scenario = load(wrote("both", "extends: [more, other]"))
    assert scenario.layers == ("root", "more", "other", "both")
    assert at(scenario, SHARE, 2030) == pytest.approx(0.2)


def test_a_parent_that_would_undo_its_own_child_is_refused(wrote: Wrote) -> None:
    wrote("root", "levers: {district_share_of_effort: 0.1}")
    wrote("more", "extends: [root]\nlevers: {district_share_of_effort: 0.3}")
    assert wrong(wrote("both", "extends: [more, root]"))[0].code == "repeated-parent"
    assert wrong(wrote("twice", "extends: [root, root]"))[0].code == "repeated-parent"
    assert at(load(wrote("fine", "extends: [root, more]")), SHARE, 2030) == 0.3


def test_a_ring_is_refused_with_its_members(wrote: Wrote) -> None:
    wrote("a", "extends: [b]")
    wrote("b", "extends: [c]")
    problems = wrong(wrote("c", "extends: [a]"))
    assert [p.sentence for p in problems] == ["extends itself: c → a → b → c"]


def test_a_long_line_of_parents_ends(wrote: Wrote) -> None:
    wrote("s0")
    for n in range(1, 100):
        path = wrote(f"s{n}", f"extends: [s{n - 1}]")
    assert {p.code for p in wrong(path)} == {"too-many-parents"}


def test_a_broken_parent_is_told_with_its_own_file_and_line(wrote: Wrote) -> None:
    parent = wrote("parent", "levers: {efort: 3}")
    problems = wrong(wrote("child", "extends: [parent]\nlevers: {sea_area: 1}"))
    assert [(Path(p.file).name, p.line, p.code) for p in problems] == [
        ("child.yaml", 5, "unknown-lever"),
        (parent.name, 4, "unknown-lever"),
    ]


def test_a_parent_is_found_by_its_id_and_must_bear_it(wrote: Wrote, tmp_path: Path) -> None:
    wrote("real").rename(tmp_path / "alias.yaml")
    assert wrong(wrote("child", "extends: [alias]"))[0].code == "wrong-id"


def test_a_bundled_scenario_can_be_extended_from_anywhere(wrote: Wrote) -> None:
    scenario = load(wrote("mine", "extends: [ocean_push]\nbudget: {per_year_max: 400}"))
    assert scenario.layers == ("baseline", "ocean_push", "mine")


def test_set_add_and_scale_are_relative_to_the_parent(wrote: Wrote) -> None:
    wrote(
        "root",
        "levers:\n  effort:\n    research.*: 10\n    technology.*: {2020: 0, 2030: 10}\n"
        "    mobilisation.*: 4",
    )
    scenario = load(
        wrote(
            "child",
            "extends: [root]\nlevers:\n  effort:\n"
            "    research.ocean_space: {add: {2020: 0, 2024: 8}}\n"
            "    technology.*: {scale: 2}\n"
            "    mobilisation.*: {set: {2020: 1, 2030: 3, interp: step}}\n",
        )
    )
    assert [at(scenario, CELL, y) for y in (2018, 2022, 2040)] == [10, 14, 18]
    assert at(scenario, ("effort", ("research", "bioeconomy")), 2022) == 10
    assert at(scenario, ("effort", ("technology", "bioeconomy")), 2025) == 10
    step = ("effort", ("mobilisation", "bioeconomy"))
    assert [at(scenario, step, y) for y in (2010, 2029.9, 2030)] == [1, 1, 3]


def test_without_a_parent_a_change_is_relative_to_the_default(wrote: Wrote) -> None:
    scenario = load(wrote("test", "levers: {sea_area_factor: {add: 0.5}}"))
    assert at(scenario, ("sea_area_factor", ()), 2030) == 1.5


def test_the_most_exact_name_counts_whatever_the_order(wrote: Wrote) -> None:
    lines = ["    '*.*': 1\n", "    research.*: 2\n", "    research.ocean_space: 3\n"]
    for order in (lines, lines[::-1]):
        scenario = load(wrote("test", "levers:\n  effort:\n" + "".join(order)))
        assert at(scenario, CELL, 2030) == 3
        assert at(scenario, ("effort", ("research", "bioeconomy")), 2030) == 2
        assert at(scenario, ("effort", ("competence", "bioeconomy")), 2030) == 1


def test_two_equally_exact_names_need_the_cell_itself(wrote: Wrote) -> None:
    body = "levers:\n  effort:\n    research.*: 1\n    '*.ocean_space': 2\n"
    assert [p.code for p in wrong(wrote("test", body))] == ["ambiguous-cell"]
    scenario = load(wrote("test", body + "    research.ocean_space: 3\n"))
    assert at(scenario, CELL, 2030) == 3


def test_steps_and_slopes_do_not_add_up(wrote: Wrote) -> None:
    wrote("root", "levers: {sea_area_factor: {2020: 1, 2030: 2}}")
    body = "extends: [root]\nlevers: {sea_area_factor: {add: {2020: 0, 2025: 1, interp: step}}}"
    assert [p.code for p in wrong(wrote("child", body))] == ["mixed-interp"]


def test_a_range_is_checked_on_what_comes_out(wrote: Wrote) -> None:
    wrote("root", "levers: {district_share_of_effort: 0.8}")
    body = "extends: [root]\nlevers:\n  district_share_of_effort: {add: 0.3}"
    [problem] = wrong(wrote("child", body))
    assert (problem.code, problem.line) == ("out-of-range", 6)
    assert "1.1" in problem.sentence


def test_one_line_out_of_range_is_one_problem_for_all_its_cells(wrote: Wrote) -> None:
    [problem] = wrong(wrote("test", "levers: {effort: {'*.*': 501}}"))
    assert "and 44 more cells" in problem.sentence


def test_every_value_knows_the_lines_it_comes_from(wrote: Wrote) -> None:
    wrote("root", "levers:\n  effort:\n    '*.*': 1\n")
    body = "extends: [root]\nlevers:\n  effort:\n    research.ocean_space: {add: 1}\n"
    scenario = load(wrote("child", body))
    lines = [(Path(o.file).name, o.line) for o in scenario.values[CELL].origins]
    assert lines == [("root.yaml", 6), ("child.yaml", 7)]


def test_the_merged_scenario_is_a_scenario_that_says_the_same(wrote: Wrote, tmp_path: Path) -> None:
    for id_ in ("ocean_push_salmon_slump", "districts_first"):
        whole = load(id_)
        file = tmp_path / f"{id_}.yaml"
        file.write_text(json.dumps(whole.merged()))
        again = load(file)
        assert again.merged() == whole.merged()
        assert again.layers == (id_,)


def test_numbers_that_overflow_are_out_of_range(wrote: Wrote) -> None:
    wrote("root", "levers: {effort: {'*.*': 1.0e+308}}\nbudget: {per_year_max: 1}")
    body = "extends: [root]\nlevers: {effort: {'*.*': {scale: {2020: 1.0e+308, 2030: 0}}}}"
    assert {p.code for p in wrong(wrote("child", body))} == {"out-of-range", "over-budget"}


def test_over_its_parents_limit_a_file_is_told_the_limit_of_its_own_that_mends_it(
    wrote: Wrote,
) -> None:
    fund = 'funds: [{id: sea, covers: ["*.ocean_space"], per_year_max: 5}]'
    wrote("root", f"budget: {{per_year_max: 20, {fund}}}")
    costs = "extends: [root]\nlevers: {effort: {'*.*': 0, research.ocean_space: 30.5}}"
    file = wrote("push", costs)
    whole, sea = wrong(file)
    for problem in (whole, sea):
        assert problem.code == "over-budget"
        assert Path(problem.file).name == "push.yaml"
        assert "levers" in file.read_text().splitlines()[problem.line - 1]
        assert "the limit is its parent's" in problem.sentence
        assert "root.yaml" in problem.sentence
    assert whole.hint.endswith("budget: {per_year_max: 31}")
    mend = sea.hint.partition("budget: ")[2].replace("{funds", "{per_year_max: 31, funds")
    assert load(wrote("mended", f"{costs}\nbudget: {mend}")).id == "mended"


def test_a_limit_of_its_own_is_raised_where_it_stands(wrote: Wrote) -> None:
    (own,) = wrong(wrote("own", "levers: {effort: {'*.*': 1}}\nbudget: {per_year_max: 2}"))
    assert own.hint == "spend less, or raise the limit under budget"
    (absurd,) = [
        each
        for each in wrong(wrote("absurd", "extends: [baseline]\nlevers: {effort: {'*.*': 1e40}}"))
        if each.code == "over-budget"
    ]
    assert len(str(absurd)) < 400
    assert absurd.hint == "spend less"


def test_a_name_is_one_line(wrote: Wrote) -> None:
    file = wrote("folded", "levers: {sea_area_factor: 1}")
    lines = [line for line in file.read_text().splitlines() if not line.startswith("name:")]
    file.write_text("\n".join([*lines, 'name: {en: "\\tTwo\\n =lines ", nb: "to"}']))
    assert load(file).name.said("en") == "Two =lines"
    file.write_text("\n".join([*lines, f"name: {{en: {'x' * 201}}}"]))
    assert wrong(file)[0].sentence == "name.en: is longer than 200 characters"


@pytest.mark.parametrize(
    ("said", "hint"),
    [("0,9", "write 0.9: the decimal sign is a dot"), ("-1,25", "write -1.25: the decimal sign")],
)
def test_a_decimal_comma_is_told_with_its_mend(wrote: Wrote, said: str, hint: str) -> None:
    (problem,) = wrong(wrote("comma", f"levers:\n  farmland_protection: {said}"))
    assert problem.hint.startswith(hint)
