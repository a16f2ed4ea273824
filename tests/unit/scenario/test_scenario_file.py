"""One pass shows everything that is wrong with a file, with line and nearest valid name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import InputError, Problem
from sim.scenario import Scenario, load
from sim.scenario.library import MOST_PROBLEMS

Found = Callable[[str], tuple[Problem, ...]]
Loaded = Callable[[str], Scenario]


def told(found: tuple[Problem, ...]) -> dict[str, tuple[int, str]]:
    return {problem.code: (problem.line, problem.hint) for problem in found}


def test_five_and_more_mistakes_are_named_at_once(problems: Found) -> None:
    found = problems(
        "extends: [baselin]\n"
        "levers:\n"
        "  efort: 3\n"
        "  district_share_of_effort: 1.7\n"
        "  sea_area_factor: much\n"
        "  effort:\n"
        "    research.ocean_space: 300\n"
        "    reserch.bioeconomy: 1\n"
        "budget: {per_year_max: 140}\n"
        "goals: strategi\n"
        "goals: strategy\n"
        "story: {no: tekst}\n"
    )
    assert told(found) == {
        "unknown-parent": (4, "did you mean 'baseline'?"),
        "unknown-lever": (6, "did you mean 'effort'?"),
        "out-of-range": (7, ""),
        "wrong-type": (8, ""),
        "unknown-cell": (11, "did you mean 'research'?"),
        "over-budget": (12, "spend less, or raise the limit under budget"),
        "unknown-goals": (13, "did you mean 'strategy'?"),
        "duplicate-key": (14, "first in line 13"),
        "unknown-key": (15, "Norwegian is nb (bokmål) or nn (nynorsk)"),
    }
    assert [p.line for p in found] == sorted(p.line for p in found)


def test_a_missing_head_does_not_hide_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("levers: {efort: 3}\nid: Not An Id\n")
    with pytest.raises(InputError) as error:
        load(file)
    codes = [(p.code, p.line) for p in error.value.problems]
    assert codes == [("missing-key", 1), ("missing-key", 1), ("unknown-lever", 1), ("bad-id", 2)]
    assert "write 'not_an_id'" in error.value.problems[-1].hint


@pytest.mark.parametrize(
    ("body", "code", "hint"),
    [
        ("level: {}", "unknown-key", "did you mean 'levers'?"),
        ("extends: baseline", "wrong-type", "write [baseline]"),
        ("story: {en: 2030}", "wrong-type", "put it in quotes"),
        ("story: {}", "no-language", ""),
        ("levers: [effort]", "wrong-type", ""),
        ("levers: {district_share_of_effort: '0.5'}", "wrong-type", "stands without quotes"),
        ("levers: {district_share_of_effort: 0,5}", "bad-id", ""),
        ("levers: {district_share_of_effort: true}", "wrong-type", ""),
        ("levers: {district_share_of_effort: .nan}", "not-finite", ""),
        ("levers: {district_share_of_effort: -.inf}", "not-finite", ""),
        ("levers: {district_share_of_effort: 1e999}", "not-finite", ""),
        ("levers: {district_share_of_effort: }", "wrong-type", ""),
        ("levers: {district_share_of_effort: {a.b: 1}}", "wrong-type", ""),
        ("levers: {district_share_of_effort: {2026-01-01: 1}}", "bad-year", "four digits"),
        ("levers: {district_share_of_effort: {2060: 1}}", "bad-year", ""),
        ("levers: {district_share_of_effort: {2026: 1, interp: smooth}}", "not-allowed", ""),
        ("levers: {district_share_of_effort: {interp: step}}", "no-year", ""),
        ("levers: {district_share_of_effort: {set: 1, add: 1}}", "not-one", ""),
        ("levers: {salmon_price_factor: 1}", "unknown-lever", "belongs under external"),
        ("external: {effort: 1}", "unknown-external", "belongs under levers"),
        ("external: {salmon_price: 1}", "unknown-external", "salmon_price_factor"),
        ("levers: {effort: 5}", "wrong-type", ""),
        ("levers: {effort: {add: 5}}", "wrong-type", ""),
        ("levers: {effort: {research: 5}}", "unknown-cell", "a * stands for all"),
        ("levers: {effort: {ocean_space.research: 5}}", "unknown-cell", "research.ocean_space"),
        ("levers: {effort: {Research.ocean_space: 5}}", "bad-pattern", ""),
        ("levers: {effort: {competence.*: 1, '*.bioeconomy': 1}}", "ambiguous-cell", "competence"),
        ("budget: {per_year_max: -1}", "out-of-range", ""),
        ("budget: {funds: [{id: a, covers: [x.y], per_year_max: 1}]}", "unknown-cell", ""),
        ("budget: {funds: [{id: a, covers: [], per_year_max: 1}]}", "too-short", ""),
        ("budget: {funds: [{id: a, covers: ['*.*']}]}", "missing-key", ""),
        ("extends: [../../etc/passwd]", "bad-id", ""),
        ("extends: [levers]", "unknown-parent", ""),
        ("extends: [test]", "cycle", ""),
        ('story: {en: "a\\u202eb"}', "invisible", ""),
        ('story: {en: "a\\eb"}', "invisible", ""),
        ("<<: {goals: strategy}", "unknown-key", ""),
    ],
)
def test_each_mistake_has_its_code_and_mend(
    problems: Found, body: str, code: str, hint: str
) -> None:
    found = problems(body)
    assert [problem.code for problem in found if problem.code == code] == [code]
    assert any(hint in problem.hint for problem in found if problem.code == code)
    assert all(problem.line == 4 for problem in found)


def test_sections_with_everything_commented_out_say_nothing(loaded: Loaded) -> None:
    scenario = loaded("extends:\nlevers:\n  effort:\nexternal:\nbudget:\nstory:\n")
    assert scenario.values == {}


def test_problems_are_no_more_than_a_person_can_take_in(problems: Found) -> None:
    found = problems("levers:\n" + "".join(f"  x{n}: 1\n" for n in range(3000)))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].sentence == f"and {3000 - MOST_PROBLEMS} more problems"


def test_a_wrong_item_in_a_list_does_not_move_the_lines_of_the_others(problems: Found) -> None:
    funds = "".join(
        f"    - {{id: f{n}, covers: {'[]' if n in (2, 9, 10) else '[x.y]'}, per_year_max: 1}}\n"
        for n in range(12)
    )
    found = problems("budget:\n  funds:\n" + funds)
    short = [p.line for p in found if p.code == "too-short"]
    assert short == [8, 15, 16]
    assert len([p for p in found if p.code == "unknown-cell"]) == 9
