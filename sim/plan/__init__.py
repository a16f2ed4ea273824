"""From experiments to tables of members, and their identity.

`load` reads an experiment file, `members` samples what it varies.
"""

from sim.plan.design import Design, Factor
from sim.plan.members import MemberTable, members
from sim.scenario.experiment import Experiment
from sim.scenario.experiments import bundled, load

__all__ = ["Design", "Experiment", "Factor", "MemberTable", "bundled", "load", "members"]
