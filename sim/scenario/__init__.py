"""From scenario files to names, values and paths that the model understands.

`load` reads a scenario with all that it extends and raises one `InputError` with every
problem; `resolve` puts its values where a model has them; `bundled` names the scenarios
that lie in `scenarios/`.
"""

from sim.path import Path
from sim.scenario.catalogues import Catalogues, catalogues
from sim.scenario.inputs import Inputs, resolve
from sim.scenario.library import bundled, load
from sim.scenario.scenario import Scenario

__all__ = ["Catalogues", "Inputs", "Path", "Scenario", "bundled", "catalogues", "load", "resolve"]
