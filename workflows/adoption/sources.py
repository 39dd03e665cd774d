"""What counts how an AI is used, and what each source can tell. Values in, values out."""

from collections.abc import Mapping
from typing import Final

from db.enums import UsageMeasure, UsageSource

CHECK_IN: Final = "check_in"
"""The source that is no file: what people say when they are asked for their numbers."""

NAMES: Final[Mapping[str, str]] = {
    UsageSource.CSV: "CSV file",
    UsageSource.GITHUB_COPILOT: "GitHub Copilot",
    UsageSource.MICROSOFT_365_COPILOT: "Microsoft 365 Copilot",
    UsageSource.CLAUDE_CODE: "Claude Code",
    UsageSource.OPENAI: "OpenAI",
    CHECK_IN: "Check-in",
}

COUNTED: Final[Mapping[UsageSource, frozenset[UsageMeasure]]] = {
    UsageSource.CSV: frozenset({UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE}),
    UsageSource.GITHUB_COPILOT: frozenset({UsageMeasure.ACTIVE}),
}
"""How many people a source can count without telling who. What is missing here it cannot tell in numbers."""

# Definitions: what stands with a number, so that nobody takes one for another.
AS_COUNTED = "as the file counts them"
BY_DAY = "people with any activity on a day of the window"
BY_LAST_ACTIVITY = "people whose last activity lies in the window, as of its last day"
SAID = "as said in a check-in, since the one before"
NO_PEOPLE = "requests or sessions only, of nobody in particular"
DAILY = "daily_active_users: unique people on the day"
WEEKLY = "weekly_active_users: unique people in the seven days up to the last"
MONTHLY = "monthly_active_users: unique people in the 28 days up to the last"
PROMPTS = "user_initiated_interaction_count: prompts on the day, of all people"
KEY_SESSIONS = "num_sessions of API keys: sessions of nobody in particular"
REQUESTS = "num_model_requests, not told by person"
LEFT_OVER_REQUESTS = "num_model_requests without a user_id, beside those told by person"


def named(text: str) -> UsageSource | None:
    """Return the source somebody means; hyphens and capitals are fine."""
    wanted = text.strip().lower().replace("-", "_")
    return next((each for each in UsageSource if each.value == wanted), None)
