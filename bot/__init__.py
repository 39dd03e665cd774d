"""The composition root: settings, the app, the clock, the outbox worker, the command line."""
