"""From text and scenario to trajectories."""
