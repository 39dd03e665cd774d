"""Which scopes a token has, as Slack says with every answer."""

from collections.abc import Mapping

READ_FILES = "files:read"
"""Optional: without it no file that people choose in a form can be read."""

READ_QUIET_TIMES = "dnd:read"
"""Optional: without it people are asked for numbers in their hours, whether or not they switched notifications off."""


def scopes_in(headers: Mapping[str, object]) -> frozenset[str] | None:
    """Return the scopes an answer's headers name, or None when they do not say."""
    said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    if said is None:
        return None
    text = ",".join(map(str, said)) if isinstance(said, list) else str(said)
    return frozenset(scope.strip() for scope in text.split(","))
