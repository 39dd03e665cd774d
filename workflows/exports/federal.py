"""The register in the columns of the US federal inventory (M-25-21): what we know is mapped, the rest stays blank.

Nothing is guessed. What has no column there that says just that is left out, and a column nobody answered is empty:
whether something is high-impact by that memorandum, its topic or class of AI, authorisations, impact assessments.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from db.enums import Build, DataClass, UseCaseState
from workflows import people
from workflows.exports.snapshots import CaseEntry, Entry, RecordedEntry
from workflows.recorded import inventory

_STAGES: Final[Mapping[UseCaseState, str]] = {
    UseCaseState.APPROVED: "Pre-deployment",
    UseCaseState.APPROVED_WITH_CONDITIONS: "Pre-deployment",
    UseCaseState.IN_DEPLOYMENT: "Pre-deployment",
    UseCaseState.DEPLOYED: "Deployed",
    UseCaseState.OPTIMISING: "Deployed",
    UseCaseState.SCALING: "Deployed",
    UseCaseState.RETIRED: "Retired",
}
"""In the inventory's short forms. What is undecided, refused or suspended is at none of its stages."""

_BUILDS: Final[Mapping[Build, str]] = {Build.VENDOR: "a)", Build.IN_HOUSE: "b)", Build.BOTH: "c)"}
_PERSONAL: Final = (DataClass.PERSONAL, DataClass.SENSITIVE_PERSONAL)

Row = list[str | date | None]


def headings() -> list[str]:
    return [each.heading for each in inventory.columns()]


def row(entry: Entry) -> Row:
    """Return the cells of an entry, one for each column of the inventory."""
    said = _of_recording(entry) if isinstance(entry, RecordedEntry) else _of_case(entry)
    return [said.get(each.key) for each in inventory.columns()]


def _of_recording(entry: RecordedEntry) -> Mapping[str, str | date | None]:
    known = entry.recorded
    return {
        "id": known.reference,
        "use_case_name": known.name,
        "agency_bureau": known.team,
        inventory.STAGE: inventory.stage_in_words(known.stage) if known.stage else None,
        "problem_solved": known.problem,
        "vendor_name": known.vendor,
    }


def _of_case(entry: CaseEntry) -> Mapping[str, str | date | None]:
    case, says = entry.case, entry.case.says
    deployed = entry.entered.get(UseCaseState.DEPLOYED)
    return {
        "id": case.reference,
        "use_case_name": case.name,
        "agency_bureau": case.team,
        "is_withheld": _allowed("is_withheld", "d)") if case.confidential else None,
        inventory.STAGE: inventory.stage_in_words(_STAGES[case.state]) if case.state in _STAGES else None,
        "problem_solved": says.problem,
        "benefits": says.benefit,
        "system_outputs": says.outputs,
        "operational_date": people.local_day(case.owner, deployed) if deployed else None,
        "contracting_usage": _allowed("contracting_usage", _BUILDS[says.build]) if says.build in _BUILDS else None,
        "vendor_name": says.vendor or None,
        "has_pii": _has_pii(says.data_class),
    }


def _has_pii(data_class: DataClass) -> str | None:
    """Return whether there are personal data in it: the class named is that of the most sensitive data it uses."""
    if data_class is DataClass.UNKNOWN:
        return None
    return "Yes" if data_class in _PERSONAL else "No"


def _allowed(key: str, begins: str) -> str:
    """Return the one allowed value of a column that begins like this."""
    values = next(each.values for each in inventory.columns() if each.key == key)
    return next(each for each in values if each.startswith(begins))
