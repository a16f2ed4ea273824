"""What inputs are called."""

from reports import findings, labels
from sim.plan.design import Design, Factor


def test_inputs_have_names_in_the_language_asked_for():
    def factor(own: str, group: str, variable: str, column: str) -> Factor:
        return Factor(own, group, variable, (column,), "C", {})

    jobs = "jobs_initial_by_industry"
    factors = (
        factor(
            "migration_response", "migration_response", "migration_response", "migration response"
        ),
        factor(f"{jobs}[fisheries]", jobs, jobs, "jobs initial by industry[fisheries]"),
        factor("odd_one", "odd_one", "odd_one", "odd one"),
    )
    design = Design("sobol", "sobol", 8, 0, False, 0, 0, factors)
    norwegian = findings.called(design, labels.load("nb", {}))
    assert norwegian["migration_response"] == "Hvor sterkt folk flytter dit jobbene er"
    assert norwegian[jobs] == "Sysselsatte i 2008"
    assert norwegian[f"{jobs}[fisheries]"].startswith("Sysselsatte i 2008: ")
    assert norwegian["odd_one"] == "odd one"
