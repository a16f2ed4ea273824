"""Run folders: manifest, parts written once, results as labelled arrays."""
