"""The equation book: the model's text, its links and its evidence, as pages."""
