"""What the numbers of each part of a digest are, in a sentence or two: the same words whoever looks behind them."""

from collections.abc import Mapping
from typing import Final

from handlers.digests.parts import Part
from handlers.use import HIDDEN_BECAUSE

DEFINITIONS: Final[Mapping[Part, str]] = {
    Part.FUNNEL: (
        "Use cases that first reached a stage, or one after it, in these days. Confidential ones count, and are named "
        "only to who may read them."
    ),
    Part.PROGRAMME: (
        "What the gates something can be done about lacked when this digest was made. The programme is the "
        "organisation's, whatever the team."
    ),
    Part.APPROVALS: (
        "Requests about use cases that people approved or rejected in these days, each with the working days it took "
        "of whoever sent it. Half of them took the median or less; what the policy decides by itself is not among them."
    ),
    Part.ADOPTION: (
        "What each source says of each use case in use, as it is known by now. Sources stand beside each other and are "
        "never added. Eligible could use it, assigned were given access, active used it in these days. "
        f"{HIDDEN_BECAUSE}"
    ),
    Part.KPIS: (
        "KPIs that need somebody first, with the last reading in these days and the last one before, as they counted "
        "when the digest was made. “Readings” shows each with who entered and confirmed it."
    ),
    Part.CORRECTIONS: (
        "Of the outputs people looked at in these days, how many had to be corrected, by root cause. An answer in "
        "which nobody looked counts for neither."
    ),
    Part.HOURS: (
        "Hours saved as people said, in ranges. Net is gross less what had to be corrected: gross × (1 − correction "
        "rate). Without a locked baseline hours are unverifiable and not among the total. "
        "Return is (value − cost) ÷ cost."
    ),
    Part.DUE: "Conditions and approvals that are due within the fortnight after these days, or late already.",
    Part.ANSWERS: (
        "Check-ins of these days that nobody answered. Away is away, and what was left out has a reason; neither is "
        "late, and missing is never nought."
    ),
}
