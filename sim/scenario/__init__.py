"""From scenario files to names, values and paths that the model understands."""
