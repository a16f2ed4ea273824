"""What an outcome hangs on: indices over time with intervals, and what to research next."""

from sim.sensitivity.guard import Sample
from sim.sensitivity.indices import Indices, convergence, indices
from sim.sensitivity.ranking import Rank, enough, ranked

__all__ = ["Indices", "Rank", "Sample", "convergence", "enough", "indices", "ranked"]
