"""Business objectives from the command line: who owns which."""

from bot.cli.commands import RefusedError, clock, open_database
from bot.cli.slack import full_member
from db.enums import Membership
from workflows import intake
from workflows.intake import NoOwner, Owned
from workflows.people import Actor


def list_all() -> int:
    """Print every objective with its owner."""
    with open_database().reading() as session:
        found = intake.objectives(session)
    for each in found:
        print(f"{each.name}: {_called(each.owner) if each.owner else 'nobody'}")
    if not found:
        print("There is no objective yet. Each begins with the first use case that names it.")
    return 0


def set_owner(name: str, slack_id: str) -> int:
    """Make a full member the owner of an objective, for what is submitted from now on."""
    database = open_database()
    member = full_member(database, slack_id, what="own objectives")
    with database.transaction() as session:
        owned = _owned(name, intake.set_objective_owner(session, name, member, actor=None, now=clock().now()))
    if owned.is_new:
        print(f"{_called(member)} owns “{owned.objective.name}”. Requests in review keep whom they ask.")
    else:
        print(f"{_called(member)} owned “{owned.objective.name}” already.")
    return 0


def clear_owner(name: str) -> int:
    """Leave an objective without an owner; a lane that asks for them asks its fallback."""
    with open_database().transaction() as session:
        owned = _owned(name, intake.set_objective_owner(session, name, None, actor=None, now=clock().now()))
    if owned.is_new:
        print(f"“{owned.objective.name}” has no owner any more. Requests in review keep whom they ask.")
    else:
        print(f"“{owned.objective.name}” had no owner.")
    return 0


def _owned(name: str, outcome: Owned | NoOwner) -> Owned:
    match outcome:
        case NoOwner.UNKNOWN_OBJECTIVE:
            raise RefusedError(f"There is no objective “{name}”. Those there are: gatehouse objectives list")
        case NoOwner.NOT_A_MEMBER:
            raise RefusedError("Only full members of the organisation own objectives. Nothing was changed.")
        case Owned():
            return outcome


def _called(person: Actor) -> str:
    left = "" if person.membership is Membership.MEMBER else f", {person.membership.value}"
    return f"{person.name} ({person.slack_id}{left})"
