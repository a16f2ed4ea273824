"""Verbs that the calibration offers."""
