"""Screens of what leaves as a file."""
