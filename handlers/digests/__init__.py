"""Screens of the weekly digest."""
