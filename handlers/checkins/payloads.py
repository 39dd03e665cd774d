"""The forms about a KPI as typed values."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.enums import KpiSource
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, checked_id, chosen, picked_day, taken, taken_uuid, typed
from workflows.checkins import Measured, Rhythm, rhythm_read

NONE_YET = "-"


@dataclass(frozen=True, slots=True)
class KpiForm:
    """How a KPI is to be reported from now on. `seen` is the version the form was filled in with."""

    kpi_id: UUID
    seen: int
    rhythm: Rhythm
    source: KpiSource
    owner: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "KpiForm":
        carried, _, seen = taken(body, "view", "private_metadata").partition(".")
        rhythm = rhythm_read(chosen(body, Block.KPI_CADENCE, INPUT) or "")
        source, owner = chosen(body, Block.KPI_SOURCE, INPUT), chosen(body, Block.KPI_OWNER, INPUT)
        if rhythm is None or source not in set(KpiSource) or not seen.isdecimal():
            raise MalformedPayloadError("not what the form offers")
        return cls(taken_uuid(carried), int(seen), rhythm, KpiSource(source), checked_id(owner or ""))


@dataclass(frozen=True, slots=True)
class BaselineForm:
    """A baseline as typed. `amends` is the one that counted when the form was opened."""

    kpi_id: UUID
    amends: UUID | None
    said: Measured

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "BaselineForm":
        kpi_id, _, amends = taken(body, "view", "private_metadata").partition(".")
        said = Measured(
            value=typed(body, Block.BASELINE_VALUE, INPUT),
            first_day=picked_day(body, Block.BASELINE_FROM, INPUT),
            last_day=picked_day(body, Block.BASELINE_UNTIL, INPUT),
            n=typed(body, Block.BASELINE_N, INPUT),
            method=typed(body, Block.BASELINE_METHOD, INPUT),
            reason=typed(body, Block.BASELINE_REASON, INPUT),
        )
        return cls(taken_uuid(kpi_id), None if amends == NONE_YET else taken_uuid(amends), said)
