"""Read every number of a use case: baselines, readings with who stands for them, and what check-ins said."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.queries import evidence as stored
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, Reading
from workflows import checkins, people
from workflows.checkins import KpiSnapshot
from workflows.exports.packs import CheckInRecord, KpiRecord, Opinion, ReadingRecord
from workflows.people import Actor

_TEXTS: Final = {
    "Why off track": "why_id",
    "Help needed": "help_id",
    "How hours were counted": "hours_method_id",
    "Blockers": "blockers_id",
    "Wins": "wins_id",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The KPIs and check-ins of a use case; `check_in_ids` are those of all its check-ins."""

    kpis: tuple[KpiRecord, ...]
    check_ins: tuple[CheckInRecord, ...]
    check_in_ids: tuple[UUID, ...]


def numbers_of(session: Session, use_case_id: UUID) -> Numbers:
    rows, answers = stored.check_ins_of(session, use_case_id), stored.answers_of(session, use_case_id)
    return Numbers(
        kpis=tuple(_kpis(session, checkins.kpis_of(session, [use_case_id]).get(use_case_id, ()))),
        check_ins=tuple(_check_ins(session, rows, answers)),
        check_in_ids=tuple(row.id for row in rows),
    )


def _kpis(session: Session, kpis: Sequence[KpiSnapshot]) -> Iterator[KpiRecord]:
    ids = [each.id for each in kpis]
    rows, said = stored.readings_of(session, ids), stored.verdicts_of(session, ids)
    known = people.named(
        session, {row.entered_by for row in rows if row.entered_by} | {each.person_id for each in said}
    )
    opinions: defaultdict[UUID, list[Opinion]] = defaultdict(list)
    for each in said:
        if each.person_id in known:
            opinions[each.reading_id].append(Opinion(known[each.person_id], each.verdict, each.said_at, each.reason))
    readings: defaultdict[UUID, list[ReadingRecord]] = defaultdict(list)
    for row in rows:
        readings[row.kpi_id].append(_reading(row, opinions[row.id], known))
    changes, progress = checkins.changes_of(session, ids), checkins.progress_of(session, kpis)
    for kpi in kpis:
        changed = tuple(reversed(changes.get(kpi.id, ())))
        yield KpiRecord(kpi, checkins.hit_at(progress[kpi.id]), changed, tuple(readings[kpi.id]))


def _reading(row: Reading, opinions: Sequence[Opinion], known: Mapping[UUID, Actor]) -> ReadingRecord:
    return ReadingRecord(
        on=row.read_for,
        value=row.value,
        unit=row.unit,
        source=row.source,
        by=known.get(row.entered_by) if row.entered_by else None,
        at=row.entered_at,
        superseded_at=row.superseded_at,
        opinions=tuple(opinions),
    )


def _check_ins(session: Session, rows: Sequence[CheckIn], answers: Sequence[CheckInAnswer]) -> Iterator[CheckInRecord]:
    """Yield each date with each revision of its answer; where nobody answered with why it was left out, if it was."""
    known = people.named(session, {row.asked_id for row in rows} | {each.answered_by for each in answers})
    said = stored.texts(session, _text_ids(rows, answers))
    given: defaultdict[UUID, list[CheckInAnswer]] = defaultdict(list)
    for each in answers:
        given[each.check_in_id].append(each)
    for row in rows:
        for answer in given[row.id]:
            yield _answered(row, answer, known, said)
        if not given[row.id]:
            why = {"Reason": said[row.reason_id]} if row.reason_id and row.reason_id in said else {}
            yield CheckInRecord(on=row.on_date, state=row.state, asked=known[row.asked_id], said=why)


def _answered(
    row: CheckIn, answer: CheckInAnswer, known: Mapping[UUID, Actor], said: Mapping[UUID, str]
) -> CheckInRecord:
    words = {label: said[key] for label, name in _TEXTS.items() if (key := getattr(answer, name)) in said}
    if answer.active is not None or answer.eligible is not None:
        words["People"] = f"{_known(answer.active)} active of {_known(answer.eligible)} who could use it"
    if answer.hours_low is not None or answer.hours_high is not None:
        words["Hours saved"] = f"{_known(answer.hours_low)} to {_known(answer.hours_high)}"
    if answer.cost is not None:
        words["Cost"] = f"{_known(answer.cost)} {answer.currency or ''}".strip()
    if answer.evidence_link:
        words["Evidence"] = answer.evidence_link
    return CheckInRecord(
        on=row.on_date,
        state=row.state,
        asked=known[row.asked_id],
        revision=answer.revision,
        by=known[answer.answered_by],
        at=answer.answered_at,
        counts=answer.revision == row.revision,
        confidence=answer.confidence,
        said=words,
        looked_at=answer.looked_at,
        corrected=(answer.corrected_prompt, answer.corrected_context, answer.corrected_workflow),
    )


def _text_ids(rows: Sequence[CheckIn], answers: Sequence[CheckInAnswer]) -> set[UUID]:
    ids = {row.reason_id for row in rows} | {getattr(each, name) for each in answers for name in _TEXTS.values()}
    return {each for each in ids if each is not None}


def _known(value: float | None) -> str:
    return "not said" if value is None else checkins.plain_number(value)
