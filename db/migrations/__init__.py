"""One history for both engines, and the commands that walk it."""
