"""Everything that reaches us from outside, Slack and the clock: parse, call one service, render."""

from slack_bolt import App

from handlers import (
    approvals,
    auditing,
    away,
    breaking_glass,
    checkins,
    conditions,
    digests,
    exports,
    foundation,
    home,
    intake,
    lessons,
    lifecycle,
    objectives,
    people,
    programme,
    recertifying,
    recorded,
    rollouts,
    scorecards,
    settings,
)
from handlers.errors import on_error


def register(app: App) -> None:
    """Register every listener: one per feature and kind of payload, because Bolt tries them one after the other."""
    approvals.register(app)
    intake.register(app)
    home.register(app)
    people.register(app)
    away.register(app)
    conditions.register(app)
    checkins.register(app)
    settings.register(app)
    breaking_glass.register(app)
    auditing.register(app)
    recertifying.register(app)
    programme.register(app)
    foundation.register(app)
    lessons.register(app)
    rollouts.register(app)
    lifecycle.register(app)
    recorded.register(app)
    objectives.register(app)
    scorecards.register(app)
    digests.register(app)
    exports.register(app)
    app.error(on_error)
