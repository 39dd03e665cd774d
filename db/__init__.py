"""Storage: tables, every query and every lock. Knows nothing above it."""
