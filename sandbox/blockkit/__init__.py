"""Block Kit: what Slack accepts, and what it looks like."""
