"""Figures for a memo: each module draws one from the long table and returns it."""
