"""From a `Program` to trajectories of many members at once.

kernel = build(program, outputs=["population"])
run = kernel.integrate({"birth rate": rates}, seed=1)
run.values  # [time, member, outcome]
"""

from sim.kernel.kernel import Kernel, Run, Status, build
from sim.kernel.reducers import Reducer

__all__ = ["Kernel", "Reducer", "Run", "Status", "build"]
