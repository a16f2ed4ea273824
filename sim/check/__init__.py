"""Checks of a model: units, text, balances, extremes, behaviour, steps and loops."""
