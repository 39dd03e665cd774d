"""Fill a form in with what a use case says, as a person would have typed it."""

from collections.abc import Mapping
from typing import Final

from workflows.checkins.numbers import as_typed as number_as_typed
from workflows.checkins.rules import Kpi
from workflows.intake.answers import KPIS, OWN, SIMILAR, Answer, kpi_field
from workflows.intake.rules import LONGEST, NONE
from workflows.intake.snapshots import UseCaseSnapshot

CONFIDENTIAL: Final = ("confidential",)


def as_typed(use_case: UseCaseSnapshot) -> dict[str, Answer]:
    """Return the text of a use case as its form would be filled in."""
    says = use_case.says
    answers: dict[str, Answer] = {
        **{name: getattr(says, name) for name in LONGEST},
        **{name: getattr(says, name).value for name in ("output_use", "data_class", "processing", "build", "decision")},
        "owner": use_case.owner.slack_id,
        "sponsor": use_case.sponsor.slack_id,
        "affected": tuple(says.affected),
        "areas": tuple(says.areas) or (NONE,),
        "practices": tuple(says.practices) or (NONE,),
        "confidential": CONFIDENTIAL if says.confidential else (),
        SIMILAR: tuple(map(str, says.similar)),
        KPIS: str(len(says.kpis)),
        **{OWN + each.key: each.values if len(each.values) > 1 else each.values[0] for each in says.own},
    }
    for position, kpi in enumerate(says.kpis):
        answers |= {kpi_field(name, position): answer for name, answer in _kpi_as_typed(kpi).items()}
    return {field: answer for field, answer in answers.items() if answer}


def _kpi_as_typed(kpi: Kpi) -> Mapping[str, str]:
    target = number_as_typed(kpi.target)
    return {
        "kpi_name": kpi.name,
        "kpi_unit": kpi.unit,
        "kpi_direction": kpi.direction.value,
        "kpi_baseline": "" if kpi.baseline is None else number_as_typed(kpi.baseline),
        "kpi_target": target if kpi.target_high is None else f"{target} to {number_as_typed(kpi.target_high)}",
        "kpi_due": kpi.due.isoformat(),
    }
