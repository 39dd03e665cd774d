"""How much use cases are used, as sources count it: raw samples, and figures derived from them."""

from workflows.adoption.snapshots import Adoption, Figure, SourceUse, TeamUse, Telling
from workflows.adoption.weekly import adoption_in, sources_behind

__all__ = ["Adoption", "Figure", "SourceUse", "TeamUse", "Telling", "adoption_in", "sources_behind"]
