"""From designs to tables of members, and their identity."""
