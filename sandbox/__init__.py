"""A local Slack workspace that any Bolt app can use through its base URL."""
