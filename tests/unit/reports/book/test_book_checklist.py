"""The reporting checklist answers from facts, and falls with them."""

from dataclasses import replace

import pytest

from reports.book.checklist import ITEMS, Facts, findings
from reports.book.content import gather
from reports.book.facts import gathered
from sim.ir import Node, Op, Rule, State
from sim.source import load


@pytest.fixture(scope="module")
def facts() -> Facts:
    return gathered(gather(load()))


def answers(facts: Facts) -> dict[str, str]:
    return {item.asked: found.answer for item, found in findings(facts)}


def test_no_item_is_unanswered_and_every_answer_says_where(facts: Facts) -> None:
    found = findings(facts)
    assert len(found) == len(ITEMS) == len({item.asked for item, _ in found})
    assert all(finding.facts for _, finding in found)


def test_the_minimum_for_model_and_runs_is_met(facts: Facts) -> None:
    for item, found in findings(facts):
        if item.level == "minimum" and item.part != "optimisation":
            assert found.answer in {"yes", "na", "partly"}, item.asked
            if item.asked != "Distributions that inputs are drawn from":
                assert found.answer != "partly", f"{item.asked}: {found.facts}"


def bare(facts: Facts) -> Facts:
    """The same model with nothing said about it."""
    plain = {
        own: replace(each, units="", description="", sources=(), assumption="", low=None, high=None)
        for own, each in facts.variables.items()
    }
    return replace(facts, variables=plain | {"time_step": facts.variables["time_step"]})


@pytest.mark.parametrize(
    ("item", "change", "answer"),
    [
        ("Every equation and algorithm", {"equations": 1}, "partly"),
        ("Every parameter value and initial condition", {"started": frozenset[str]()}, "partly"),
        ("Source and rationale of every parameter", {"titled": frozenset[str]()}, "partly"),
        ("Source code in an open format", {"licence": ""}, "no"),
        ("One file that documents the whole model", {"verbs": frozenset[str]()}, "no"),
        ("Software and its versions", {"code": {}}, "no"),
        ("Number of runs", {"scenarios": {}}, "no"),
        ("Distributions that inputs are drawn from", {"experiments": ()}, "partly"),
        ("Distributions that inputs are drawn from", {"experiments": ("one",)}, "yes"),
        ("Parameters changed in each run", {"scenarios": {}}, "no"),
        ("What is done with results afterwards", {"verbs": frozenset[str]()}, "no"),
        ("Commands that make every table and figure again", {"verbs": frozenset[str]()}, "no"),
        ("Why each scenario is run", {"described": 1}, "partly"),
        ("Algorithm, starts and stopping rule", {"verbs": frozenset[str]()}, "na"),
        ("Algorithm, starts and stopping rule", {"verbs": frozenset({"calibrate"})}, "partly"),
    ],
)
def test_an_item_falls_with_what_it_rests_on(
    facts: Facts, item: str, change: dict[str, object], answer: str
) -> None:
    assert answers(replace(facts, **change))[item] == answer


def test_what_is_not_said_is_not_met(facts: Facts) -> None:
    found = answers(bare(facts))
    assert found["A unit for every variable"] == "partly"  # the step keeps its own
    assert found["A definition of every variable"] == "partly"
    assert found["Source and rationale of every parameter"] == "no"


def test_chance_and_jumps_are_seen_in_the_program(facts: Facts) -> None:
    assert answers(facts)["Distributions of random numbers in the model"] == "na"
    program = facts.program
    drawn = replace(program, nodes=(*program.nodes, Node(Op.RANDOM, (), 1)))
    assert answers(replace(facts, program=drawn))["Seeds of random numbers"] == "yes"
    assert answers(replace(facts, program=drawn))["Hardware, where runs hang on it"] == "partly"
    kept = replace(program, states=(*program.states, State("held", Rule.HELD, 0, 0)))
    assert answers(replace(facts, program=kept))["Logic that is no equation"] == "yes"
