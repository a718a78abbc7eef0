"""Measuring the rules and the repairs against text whose original is known."""
