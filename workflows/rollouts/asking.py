"""Ask whether an approved use case may go to one team more, on what differs there, and ask again when it changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from db.enums import Exclusion, RolloutStatus, UseCaseState
from db.queries import configuration
from db.queries import rollouts as stored
from db.session import Session
from workflows import approvals, intake, ledger, lessons, people, policy, programme, settings
from workflows.approvals import Refused
from workflows.intake import UseCaseSnapshot
from workflows.ledger import LedgerKind
from workflows.people import LEAD, Actor
from workflows.people.rules import team_key
from workflows.programme import Gate
from workflows.rollouts import settling
from workflows.rollouts.reading import SUBJECT_KIND, existing, rollout_of, subject
from workflows.rollouts.rules import NoRollout, why_not_ready, why_not_there
from workflows.rollouts.snapshots import NotRolledOut, RolledOut, RolloutSnapshot, Wanted
from workflows.settings import SettingName


def to_ask(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> UseCaseSnapshot | NotRolledOut:
    """Return the use case this person may take to another team now, or what is missing for it.

    May: its owner, its sponsor, and programme leads.
    """
    case = intake.use_case_of(session, use_case_id)
    if case is None:
        return NotRolledOut(NoRollout.UNKNOWN)
    if actor.id not in (case.owner.id, case.sponsor.id) and LEAD not in people.roles_of(session, actor.id):
        return NotRolledOut(NoRollout.NOT_YOURS, case.id)
    if SUBJECT_KIND not in policy.in_force(session).policy.subjects:
        return NotRolledOut(NoRollout.NO_RULE, case.id)
    gates = _closed_gates(session, now)
    why = why_not_ready(
        case.state if not case.provisional else UseCaseState.APPROVED,
        valid_until=case.valid_until,
        today=people.local_day(case.owner, now),
        gates_closed=bool(gates),
        has_checklist=lessons.checklist_of(session, case.id) is not None,
    )
    if why is None:
        return case
    return NotRolledOut(why, case.id, gates=gates if why is NoRollout.GATES else ())


def ask(
    session: Session, use_case_id: UUID, wanted: Wanted, *, actor: Actor, now: datetime
) -> RolledOut | NotRolledOut:
    """Ask for a rollout: only what differs is put before those who look at it.

    The counters and the use case are locked: of two who ask for the same team at once the later one is told of the
    first.
    """
    configuration.hold_counters(session)  # first, as whoever deploys a use case does
    intake.hold(session, use_case_id)
    found = _wanted(session, use_case_id, wanted, actor=actor, now=now)
    if isinstance(found, NotRolledOut):
        return found
    case, wanted = found
    number = configuration.next_number(session, SUBJECT_KIND)
    asked: dict[str, Any] = {"number": number, "use_case_id": case.id, "status": RolloutStatus.IN_REVIEW}
    asked |= {"salt": ledger.new_salt(), "asked_by": actor.id, "asked_at": now}
    rollout_id = stored.insert_rollout(session, {**asked, **_values(wanted)}, wanted.differences)
    data = {"number": number, "use_case": str(case.id), **_told(wanted)}
    settling.record(session, rollout_id, LedgerKind.ROLLOUT_ASKED, data, actor=actor, now=now)
    held = stored.lock_rollout(session, rollout_id)
    about = subject(session, held, 1, wanted) if held else None
    if about is None:
        raise LookupError(f"rollout {rollout_id} was stored and is gone")
    opened = approvals.open_request(
        session,
        about[0],
        policy.route(session, SUBJECT_KIND, about[1], sections=wanted.differences),
        requester=actor,
        excluded=_excluded(case, wanted, actor),
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        confidential=case.confidential,
        now=now,
    )
    settling.settle(session, rollout_id, opened.status, actor=None, now=now)
    return RolledOut(existing(session, rollout_id), opened.asked)


def to_revise(session: Session, rollout_id: UUID, *, actor: Actor, now: datetime) -> RolloutSnapshot | NotRolledOut:
    """Return a rollout that was given back and that this person may change now, or why they may not."""
    found = rollout_of(session, rollout_id)
    if found is None:
        return NotRolledOut(NoRollout.UNKNOWN)
    ready = to_ask(session, found.use_case_id, actor=actor, now=now)
    if isinstance(ready, NotRolledOut) and not (ready.why is NoRollout.NOT_YOURS and actor.id == found.asked_by.id):
        return replace(ready, other=found)
    if found.status is not RolloutStatus.CHANGES_REQUESTED:
        return NotRolledOut(NoRollout.NOT_EDITABLE, found.use_case_id, found)
    return found


def revise(
    session: Session, rollout_id: UUID, wanted: Wanted, *, seen: int, actor: Actor, now: datetime
) -> RolledOut | NotRolledOut:
    """Send a rollout again that was given back; `seen` is the revision the form began with. Its team stays.

    The request and then the use case are locked. Lanes whose approval still holds are not asked again.
    """
    request_id = approvals.hold_about(session, SUBJECT_KIND, rollout_id)
    found = to_revise(session, rollout_id, actor=actor, now=now)
    if isinstance(found, NotRolledOut):
        return found
    intake.hold(session, found.use_case_id)
    held = stored.lock_rollout(session, rollout_id)
    checked = _wanted(session, found.use_case_id, replace(wanted, team=found.team), actor=actor, of=found, now=now)
    if isinstance(checked, NotRolledOut):
        return checked
    if held is None or request_id is None or found.revision != seen:
        return NotRolledOut(NoRollout.CHANGED_MEANWHILE, found.use_case_id, found)
    case, wanted = checked
    stored.revise(session, held, seen + 1, _values(wanted), wanted.differences)
    settling.record(session, rollout_id, LedgerKind.ROLLOUT_CHANGED, _told(wanted), actor=actor, now=now)
    about = subject(session, held, seen + 1, wanted)
    if about is None:
        raise LookupError(f"{found.reference} was there and is gone")
    again = approvals.resubmit(
        session,
        request_id,
        about[0],
        policy.route(session, SUBJECT_KIND, about[1], subject_id=rollout_id, sections=wanted.differences),
        editor=actor,
        excluded={**_excluded(case, wanted, actor), found.asked_by.id: Exclusion.PROPOSER},
        confidential=case.confidential,
        now=now,
    )
    if isinstance(again, Refused):  # cannot be: its request is held, and was given back
        return NotRolledOut(NoRollout.NOT_EDITABLE, found.use_case_id, found)
    settling.settle(session, rollout_id, again.status, actor=None, now=now)
    return RolledOut(existing(session, rollout_id), again.asked)


def _wanted(
    session: Session,
    use_case_id: UUID,
    wanted: Wanted,
    *,
    actor: Actor,
    of: RolloutSnapshot | None = None,
    now: datetime,
) -> tuple[UseCaseSnapshot, Wanted] | NotRolledOut:
    """Return the use case and what is wanted in its proper form, or what is wrong with it. `of` is what is changed."""
    ready = to_ask(session, use_case_id, actor=actor, now=now)
    case = intake.use_case_of(session, use_case_id)
    if isinstance(ready, NotRolledOut) and (of is None or ready.why is not NoRollout.NOT_YOURS):
        return ready
    if case is None:
        return NotRolledOut(NoRollout.UNKNOWN)
    said = {section: text.strip() for section, text in wanted.differences.items() if text.strip()}
    proper = replace(wanted, team=" ".join(wanted.team.split()), differences=said)
    why = why_not_there(proper.team, case.team, proper.starts_on, said, today=people.local_day(actor, now))
    if why is not None:
        return NotRolledOut(why, case.id, of)
    there = stored.of_team(session, case.id, team_key(proper.team))
    if there is not None and (of is None or there.id != of.id):
        return NotRolledOut(NoRollout.TEAM_HAS_IT, case.id, existing(session, there.id))
    return case, proper


def _closed_gates(session: Session, now: datetime) -> tuple[Gate, ...]:
    return programme.why_closed(programme.programme_at(session, now).gates, UseCaseState.SCALING)


def _excluded(case: UseCaseSnapshot, wanted: Wanted, actor: Actor) -> dict[UUID, Exclusion]:
    owners = {case.owner.id: Exclusion.OWNER, wanted.owner.id: Exclusion.OWNER}
    return {**owners, actor.id: Exclusion.PROPOSER}


def _values(wanted: Wanted) -> dict[str, Any]:
    team = {"team": wanted.team, "team_key": team_key(wanted.team)}
    return {**team, "owner_id": wanted.owner.id, "people": wanted.people, "starts_on": wanted.starts_on}


def _told(wanted: Wanted) -> dict[str, ledger.Value]:
    differs = [each.value for each in wanted.differences]
    return {
        "owner": str(wanted.owner.id),
        "people": wanted.people,
        "starts_on": str(wanted.starts_on),
        "differs": differs,
    }
