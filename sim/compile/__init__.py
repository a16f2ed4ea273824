"""From the abstract model to a `Program`: a scalar expression graph, without side effects."""
