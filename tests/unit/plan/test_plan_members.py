"""From an experiment to the table of its members."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import plan
from sim.plan import Design
from sim.plan.design import rows, sampled
from sim.scenario import bundled
from tests.unit.plan.conftest import RANGES, VARIABLES, Read

LHS = "design: {kind: lhs, n: 64, seed: 3}\n"


def test_all_constants_with_a_range_vary_within_it(sampled: Read) -> None:
    table = sampled(LHS + "constants: all\n").table
    assert list(table.columns) == [
        "birth rate", "growth", "weights[the Coast]", "weights[Inland]", "weights[Town]", "start",
    ]  # fmt: skip
    assert table["birth rate"].between(0.01, 0.04).all()
    assert table["growth"].between(-0.02, 0.03).all()
    assert table["weights[Town]"].between(0.1, 0.3).all()
    assert table["birth rate"].median() == pytest.approx(0.02, rel=0.02)


def test_constants_are_left_out_by_name_or_element(sampled: Read) -> None:
    body = LHS + "constants: all\nleave_out: [start, 'weights[the_coast]']\n"
    columns = list(sampled(body).table.columns)
    assert "start" not in columns
    assert "weights[the Coast]" not in columns
    assert "weights[Town]" in columns


def test_what_is_given_wins_over_the_range(sampled: Read) -> None:
    body = LHS + "constants: all\ninputs:\n  growth: {distribution: uniform, low: 0, high: 0.01}\n"
    table = sampled(body).table
    assert table["growth"].between(0.0, 0.01).all()
    assert table.columns.is_unique


def test_elements_of_an_array_vary_by_themselves_and_are_judged_as_one(sampled: Read) -> None:
    members = sampled("design: {kind: sobol, n: 64}\nconstants: [weights, growth]\n")
    assert members.sample.groups == ("weights", "growth")
    assert len(members.sample.factors) == 4
    assert len(members.table) == 64 * (2 + 2)
    assert abs(members.table.corr().iloc[0, 1]) < 0.3
    given = sampled(LHS + "constants: [weights]\n")
    assert given.sample.groups == (
        "weights[the_coast]", "weights[inland]", "weights[town]",
    )  # fmt: skip


def test_an_array_moves_together_by_a_relative_factor(sampled: Read) -> None:
    body = LHS + (
        "inputs:\n  weights: {distribution: uniform, low: 0.9, high: 1.1, relative: true}\n"
    )
    members = sampled(body)
    factors = members.table.to_numpy() / [0.5, 0.3, 0.2]
    np.testing.assert_allclose(factors, factors[:, :1] * np.ones(3))
    assert [each.id for each in members.sample.factors] == ["weights"]


def test_shares_keep_their_sum_and_their_means(sampled: Read) -> None:
    body = "design: {kind: sobol, n: 512}\nshares:\n  split: {of: [weights], concentration: 50}\n"
    members = sampled(body)
    table = members.table
    np.testing.assert_allclose(table.sum(axis=1), 1.0)
    np.testing.assert_allclose(table.mean(), [0.5, 0.3, 0.2], atol=0.01)
    np.testing.assert_allclose(table.iloc[:, 0].std(), np.sqrt(0.25 / 51), rtol=0.1)
    assert members.sample.groups == ("split",), "they move together, so they are judged as one"


def test_correlated_inputs_have_the_correlation_and_are_judged_as_one(sampled: Read) -> None:
    inputs = (
        "inputs:\n"
        "  birth_rate: {distribution: uniform, low: 0.01, high: 0.04}\n"
        "  growth: {distribution: normal, mean: 0, sd: 0.01, low: -0.02, high: 0.02}\n"
        "correlated:\n  tied: {inputs: [birth_rate, growth], correlation: -0.7}\n"
    )
    members = sampled("design: {kind: lhs, n: 2000}\n" + inputs)
    assert members.table.corr("spearman").iloc[0, 1] == pytest.approx(-0.69, abs=0.04)
    assert members.table["birth rate"].mean() == pytest.approx(0.025, rel=0.01)
    assert sampled("design: {kind: sobol, n: 64}\n" + inputs).sample.groups == ("tied",)


def test_a_curve_bends_an_array_by_few_parameters(sampled: Read) -> None:
    body = LHS + (
        "curves:\n  shape:\n    of: weights\n"
        "    level: {distribution: uniform, low: -0.1, high: 0.1}\n"
        "    tilt: {distribution: uniform, low: -0.2, high: 0.2}\n"
    )
    members = sampled(body)
    logs = np.log(members.table.to_numpy() / [0.5, 0.3, 0.2])
    np.testing.assert_allclose(logs[:, 1], (logs[:, 0] + logs[:, 2]) / 2.0, atol=1e-12)
    assert np.abs(logs[:, 1]).max() <= 0.1
    assert [each.id for each in members.sample.factors] == ["shape:level", "shape:tilt"]


def test_draws_are_taken_row_by_row_each_once_by_a_hypercube_as_long(
    sampled: Read, tmp_path: Path
) -> None:
    drawn = [(0.01 + 0.001 * row, -0.01 + 0.002 * row) for row in range(10)]
    lines = [f"{one},{other}" for one, other in drawn]
    (tmp_path / "draws.csv").write_text("birth_rate,growth\n" + "\n".join(lines))
    members = sampled("design: {kind: lhs, n: 10}\ndraws: {file: draws.csv}\n")
    assert sorted(map(tuple, members.table.to_numpy().tolist())) == sorted(drawn)


def test_a_posterior_design_takes_every_row_once_and_the_rest_from_a_hypercube(
    sampled: Read, tmp_path: Path
) -> None:
    drawn = {"birth rate": np.linspace(0.01, 0.04, 300), "weights[the Coast]": np.arange(300.0)}
    frame = pd.DataFrame({**drawn, "_chain": ["a"] * 300})
    frame.to_parquet(tmp_path / "fit.parquet")
    body = "design: {kind: posterior%s}\ndraws: {file: fit.parquet}\nconstants: [growth]\n"
    members = sampled(body % "")
    table = members.table
    assert set(table.columns) == {"growth", *drawn}
    assert sorted(table["weights[the Coast]"]) == list(range(300))
    np.testing.assert_allclose(table["birth rate"], 0.01 + table["weights[the Coast]"] * 0.03 / 299)
    assert not (np.diff(table["weights[the Coast]"]) == 1).all()
    assert table["growth"].nunique() == 300
    some = sampled(body % ", n: 40, seed: 3")
    assert len(some.table) == some.table["weights[the Coast]"].nunique() == 40
    assert np.array_equal(sampled_cube(Design.of(some.design)), sampled_cube(some.sample))
    assert [each.id for each in some.sample.factors if each.own] == [
        "birth_rate", "weights[the_coast]",
    ]  # fmt: skip


def test_sobol_judges_a_table_of_draws_as_one(sampled: Read, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("birth_rate,growth\n0.01,1\n0.02,2\n0.03,3\n")
    body = "design: {kind: sobol, n: 16}\ndraws: {file: d.csv}\nconstants: [start]\n"
    members = sampled(body)
    assert set(members.sample.groups) == {"draws", "start"}
    assert len(members.table) == 16 * 4
    np.testing.assert_allclose(members.table["growth"], 100 * members.table["birth rate"])


def test_categories_switches_whole_numbers_and_dates(sampled: Read) -> None:
    body = "design: {kind: lhs, n: 400}\n" + (
        "inputs:\n"
        "  bare: {distribution: category, values: [1, 2, 7], weights: [1, 1, 2]}\n"
        "  fixed: {distribution: switch, probability: 0.25, beyond_range: true}\n"
        "  start: {distribution: date, low: 2026-07-01, high: 2030}\n"
        "  growth: {distribution: integer, low: -3, high: 3, beyond_range: true}\n"
    )
    table = sampled(body).table
    assert table["bare"].value_counts().to_dict() == {7.0: 200, 1.0: 100, 2.0: 100}
    assert table["fixed"].mean() == pytest.approx(0.25)
    assert table["start"].min() == pytest.approx(2026 + 181 / 365, abs=0.02)
    assert table["start"].max() < 2030
    assert sorted(table["growth"].unique()) == [-3, -2, -1, 0, 1, 2, 3]


@pytest.mark.parametrize(
    "design",
    ["sobol, n: 32", "sobol, n: 32, second_order: true", "morris, n: 6, levels: 6",
     "morris, n: 12, optimal: 4", "fast, n: 65", "rbd_fast, n: 100", "delta, n: 100",
     "pawn, n: 100", "dgsm, n: 8", "ff", "hdmr, n: 300", "lhs, n: 50", "halton, n: 50",
     "full, levels: 3"],
)  # fmt: skip
def test_every_design_is_the_same_twice_finite_and_can_be_made_again(
    sampled: Read, design: str
) -> None:
    body = f"design: {{kind: {design}, seed: 5}}\nconstants: [birth_rate, growth, start]\n"
    one, two = sampled(body), sampled(body)
    assert one.digest == two.digest
    assert np.isfinite(one.table.to_numpy()).all()
    other = sampled(body.replace("seed: 5", "seed: 6"))
    if one.sample.kind not in {"ff", "full", "dgsm"}:
        assert other.digest != one.digest
        assert not np.array_equal(other.table.to_numpy(), one.table.to_numpy())
    said = one.sample
    kept = said.optimal or said.n
    assert len(one.table) == rows(said.kind, kept, 3, 3, said.second_order, said.levels)
    again = Design.of(one.design)
    assert again == said
    assert np.array_equal(sampled_cube(again), sampled_cube(said))
    assert one.design["estimator"] == said.estimator


def sampled_cube(design: Design) -> np.ndarray:
    return sampled(design)


def test_the_same_table_for_every_scenario(tmp_path: Path, sampled: Read) -> None:
    one = sampled(LHS + "constants: all\nscenarios: [a]\n")
    many = sampled(LHS + "constants: all\nscenarios: [a, b]\n")
    assert one.table.equals(many.table)
    assert many.scenarios == ("a", "b")


def test_every_problem_is_told_at_once_with_its_line(
    complaints: Callable[[str], list[tuple[str, int, str]]],
) -> None:
    body = (
        "design: {kind: sobol, n: 64}\n"  # line 5
        "constants: [birth_rat, bare]\n"
        "inputs:\n"
        "  growth: {distribution: uniform, low: -1, high: 1}\n"  # 8
        "  people: {distribution: uniform, low: 0, high: 1}\n"
        "  weights: {distribution: uniform, low: 0.1, high: 0.2}\n"  # 10
        "  weights[city]: {distribution: uniform, low: 0.1, high: 0.2}\n"
        "correlated:\n"
        "  tied: {inputs: [growth, birth_rate], correlation: [[1, 2], [2, 1]]}\n"  # 13
    )
    told = complaints(body)
    assert [code for code, *_ in told] == [
        "outside-range", "not-a-constant", "array-input", "unknown-element", "unknown-input",
        "no-range", "unknown-input", "no-correlation",
    ]  # fmt: skip
    assert [line for _, line, _ in told] == [8, 9, 10, 11, 6, 6, 13, 13]
    assert told[4][2] == "did you mean 'birth_rate'?"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("design: {kind: sobol, n: 1000}\nconstants: all\n", "not-a-power-of-two"),
        ("design: {kind: sobool, n: 64}\nconstants: all\n", "not-allowed"),
        ("design: {kind: lhs}\nconstants: all\n", "design-n"),
        ("design: {kind: full, n: 5}\nconstants: all\n", "design-n"),
        ("design: {kind: lhs, n: 50, levels: 4}\nconstants: all\n", "design-setting"),
        ("design: {kind: morris, n: 5, levels: 5}\nconstants: all\n", "odd-levels"),
        ("design: {kind: fast, n: 40}\nconstants: [growth]\n", "too-few"),
        ("design: {kind: full, levels: 50}\nconstants: all\n", "too-many-members"),
        ("design: {kind: morris, n: 9}\nconstants: all\nstop: {ci_halfwidth: 0.1}\n",
         "no-interval"),
        (LHS + "constants: all\nstop: {ci_halfwidth: 0.1, of: total}\n", "no-interval"),
        (LHS + "constants: all\nstop: {ci_halfwidth: 0.1}\nstorage: {keep: summary}\n",
         "stop-summary"),
        (LHS + "constants: all\nstop: {ci_halfwidth: 0.1}\nstorage: {members_per_part: 99}\n",
         "stop-parts"),
        (LHS + "constants: all\nstop: {ci_halfwidth: 0}\n", "out-of-range"),
        ("design: {kind: lhs, n: 50}\n", "nothing-varies"),
        ("design: {kind: lhs, n: 99999999999}\nconstants: all\n", "out-of-range"),
        ("design: {kind: lhs, n: 1e3}\nconstants: all\n", "wrong-type"),
        ("design: {kind: lhs, n: true}\nconstants: all\n", "wrong-type"),
        ("design: {kind: lhs, n: 50, sed: 1}\nconstants: all\n", "unknown-key"),
        (LHS + "inptus: {}\nconstants: all\n", "unknown-key"),
        (LHS + "inputs:\n  growth: {distribution: uniform, low: .nan, high: 1}\n", "not-finite"),
        (LHS + "inputs:\n  growth: {distribution: uniform, low: 0, high: .inf}\n", "not-finite"),
        (LHS + "inputs:\n  growth: {distribution: uniform, low: false, high: 1}\n", "wrong-type"),
        (LHS + "inputs:\n  growth: {distribution: uniform, low: '0', high: 1}\n", "wrong-type"),
        (LHS + "inputs: !!python/object/apply:os.system ['true']\n", "tag"),
        (LHS + "constants: ['<script>']\n", "bad-element"),
        (LHS + "constants: all\nfailed: {at_most: 0.9}\n", "out-of-range"),
        ("design: {kind: lhs, n: 50}\nconstants: all\nscenarios: [a, a]\n", "scenario-twice"),
        (LHS + "inputs:\n  growth: {distribution: unifrom, low: 0, high: 1}\n", "not-allowed"),
        (LHS + "inputs:\n  growth: {low: 0, high: 1}\n", "missing-key"),
        (LHS + "inputs:\n  growth: {distribution: uniform, low: 1, high: 1}\n", "not-rising"),
        (LHS + "inputs:\n  growth: {distribution: normal, mean: 0, sd: 0}\n", "out-of-range"),
        (LHS + "inputs:\n  Growth rate: {distribution: switch}\n", "bad-element"),
        (LHS + "inputs:\n  start: {distribution: date, low: 2026-13-01, high: 2030}\n", "bad-day"),
        (LHS + "inputs:\n  start: {distribution: date, low: 2026-02-29, high: 2030}\n",
         "no-such-day"),
        (LHS + "constants: [growth]\ninputs:\n  growth: {distribution: by_grade}\n",
         "varied-twice"),
        (LHS + "shares:\n  s: {of: [growth], concentration: 5}\n", "no-shares"),
        (LHS + "curves:\n  c: {of: growth, tilt: {distribution: normal, mean: 0, sd: 1}}\n",
         "no-curve"),
        (LHS + "draws: {file: none.csv}\n", "no-such-file"),
        (LHS + "draws: {file: .hidden/d.csv}\n", "bad-table"),
        (LHS + "draws: {file: /etc/d.csv}\n", "bad-table"),
        (LHS + "draws: {file: a/../../d.csv}\n", "bad-table"),
        (LHS + "draws: {file: d.xlsx}\n", "bad-table"),
        ("model: other.mdl\ndesign: {kind: posterior}\nconstants: all\n", "no-draws"),
        ("design: {kind: dgsm, n: 8}\ninputs:\n  start: {distribution: integer, low: 2020, "
         "high: 2030}\n", "no-slope"),
        (LHS + "draws: {file: ../secret.csv}\n", "bad-table"),
        ("design: {kind: fast, n: 65}\nshares:\n  s: {of: [weights], concentration: 5}\n",
         "not-independent"),
        ("design: {kind: rbd_fast, n: 100}\ninputs:\n"
         "  growth: {distribution: by_grade, group: g}\n  start: {distribution: by_grade}\n",
         "not-independent"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    complaints: Callable[[str], list[tuple[str, int, str]]], body: str, code: str
) -> None:
    assert code in [each for each, *_ in complaints(body)]


def test_an_unknown_output_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "schema: experiment/1\nid: x\nname: {en: X}\noutputs: [peple]\n" + LHS + "constants: all\n"
    )
    with pytest.raises(Exception, match="did you mean 'people'"):
        plan.members(plan.load(path), VARIABLES, RANGES)


@pytest.mark.parametrize(
    ("design", "code"),
    [
        ("morris, n: 4", "no-rows"),
        ("fast, n: 65", "no-rows"),
        ("posterior, n: 9", "too-many-draws"),
    ],
)
def test_draws_go_with_designs_that_can_take_rows_whole(
    complaints: Callable[[str], list[tuple[str, int, str]]], tmp_path: Path, design: str, code: str
) -> None:
    (tmp_path / "d.csv").write_text("birth_rate,growth\n0.01,1\n0.02,2\n0.03,3\n")
    told = complaints(f"design: {{kind: {design}}}\ndraws: {{file: d.csv}}\n")
    assert code in [each for each, *_ in told]
    tied = "correlated:\n  c: {inputs: [growth, start], correlation: 0.5}\nconstants: [start]\n"
    told = complaints(f"{LHS}draws: {{file: d.csv}}\n{tied}")
    assert [each for each, *_ in told] == ["unknown-input"]


def test_a_link_that_leads_out_is_refused(
    complaints: Callable[[str], list[tuple[str, int, str]]],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    away = tmp_path_factory.mktemp("away")
    (away / "d.csv").write_text("growth\n1\n2\n")
    (tmp_path / "fits").symlink_to(away)
    assert complaints(LHS + "draws: {file: fits/d.csv}\n")[0][0] == "outside"


@pytest.mark.parametrize(
    ("body", "code"),
    [(LHS + "inputs: {growth: {distribution: date, low: 2026-13, high: 2030}}\n", "bad-day"),
     (LHS + "constants: all\ncorrelated: {c: {inputs: [a, b], correlation: 1.4}}\n",
      "out-of-range"),
     (LHS + "draws: {file: ../d.csv}\n", "bad-table")],
)  # fmt: skip
def test_of_what_may_be_two_things_only_the_one_it_is_is_complained_about(
    complaints: Callable[[str], list[tuple[str, int, str]]], body: str, code: str
) -> None:
    assert [each for each, *_ in complaints(body)] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [("birth_rate\n0.01\n", "too-few-draws"), ("1st\n1\n2\n", "bad-element"),
     ("growth\n0.1\nx\n", "bad-row"), ("growth\n0.1\nnan\n", "bad-row"),
     ("growth,start\n0.1\n1,2\n", "bad-row"), ("growth,growth\n1,2\n1,2\n", "column-twice")],
)  # fmt: skip
def test_draws_that_are_no_table_of_numbers_are_refused(
    complaints: Callable[[str], list[tuple[str, int, str]]], tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "d.csv").write_text(text)
    assert code in [each for each, *_ in complaints(LHS + "draws: {file: d.csv}\n")]


def test_an_experiment_reads_back_what_it_wrote() -> None:
    for name in plan.bundled():
        said = plan.load(name)
        assert plan.Experiment.model_validate(said.plain()).plain() == said.plain()


def test_sobol_of_the_thirty_is_of_every_scenario_and_takes_minutes() -> None:
    said = plan.load("headline_sobol")
    assert set(said.scenarios) == set(bundled())
    assert said.scenarios[0] == "baseline"
    assert len(said.constants) == 30
    runs = rows("sobol", said.design.n or 0, 0, 30, second_order=False, levels=0)
    assert runs * len(said.scenarios) / 4000 < 10 * 60  # at 4,000 runs a second on two processors
