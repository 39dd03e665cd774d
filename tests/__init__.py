"""The checks of everything in this repository."""
