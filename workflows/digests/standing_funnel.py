"""How far use cases came."""

from datetime import UTC

from db.queries import digest_standing as stored
from db.session import Session
from workflows.digests.snapshots import Count, Funnel, Reached, Stage
from workflows.digests.standing_scope import Scope


def funnel_at(session: Session, scope: Scope) -> tuple[Funnel, Count]:
    """Return the funnel, and how often break-glass was called: they are counted together."""
    reached = zip(Stage, stored.reached(session, scope.spans, scope.teams), strict=True)
    # A day to propose something by has passed once it is over in UTC, as wherever recordings are listed.
    counts = stored.counts(session, scope.spans, scope.teams, today=scope.at.astimezone(UTC).date())
    funnel = Funnel(
        reached=tuple(Reached(stage, *numbers) for stage, numbers in reached),
        rejected=Count(counts.rejected, counts.rejected_before),
        suspended=counts.suspended,
        retired=counts.retired,
        to_propose=counts.to_propose,
        late=counts.late,
    )
    return funnel, Count(counts.break_glass, counts.break_glass_before)
