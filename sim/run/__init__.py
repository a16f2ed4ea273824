"""From a question to results: the model as an object, and its runs."""
