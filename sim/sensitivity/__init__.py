"""From results to indices over time, and rankings."""
