"""Measurements of Gatehouse against floors taken in the same run."""
