"""From a `Program` to trajectories of many members at once."""
