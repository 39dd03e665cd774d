"""How much use cases are used, as sources count it: raw samples, and figures derived from them."""

from workflows.adoption.figures import Movement, Rate, SourceFigures, movement_of_enough, of_enough, rate_of_enough
from workflows.adoption.gathering import UsageFile
from workflows.adoption.importing import Outcome, PlannedUsage, Scope, carry_out, hidden, plan, scope_of
from workflows.adoption.reading import figures_of, uses_of, uses_of_many
from workflows.adoption.reading_files import read
from workflows.adoption.snapshots import Adoption, Figure, SourceUse, TeamUse, Telling
from workflows.adoption.sources import NAMES, named
from workflows.adoption.suppression import FEWEST
from workflows.adoption.weekly import adoption_in, sources_behind

__all__ = [
    "FEWEST",
    "NAMES",
    "Adoption",
    "Figure",
    "Movement",
    "Outcome",
    "PlannedUsage",
    "Rate",
    "Scope",
    "SourceFigures",
    "SourceUse",
    "TeamUse",
    "Telling",
    "UsageFile",
    "adoption_in",
    "carry_out",
    "figures_of",
    "hidden",
    "movement_of_enough",
    "named",
    "of_enough",
    "plan",
    "rate_of_enough",
    "read",
    "scope_of",
    "sources_behind",
    "uses_of",
    "uses_of_many",
]
