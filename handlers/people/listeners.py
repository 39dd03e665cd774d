"""What Slack tells of people and user groups, and the form in which people describe themselves."""

from db.session import Session
from handlers.acting import act, refresh, refusal_text
from handlers.blocks import BlockKit, choices
from handlers.ids import Block
from handlers.modals import open_modal
from handlers.payloads import checked_id, found, optional, taken, user_of
from handlers.people import views
from handlers.people.payloads import AboutMeForm, members_in
from handlers.profiles import group_of, profile_of
from handlers.routing import Call, whisper
from workflows import people
from workflows.people import Actor, NotAMember, Unchecked

OPTIONS_SHOWN = 100


def on_person_changed(call: Call) -> None:
    """Keep what Slack says of a person who joined, left, became a guest, moved, or changed their name."""
    profile = profile_of(found(call.body, "event", "user"), call.deps.workspace)
    with call.deps.transaction() as session:
        people.store_profile(session, profile, now=call.deps.now())
    call.ack()


def on_group_changed(call: Call) -> None:
    """Keep what a user group is called and whether it is switched off; who is in it is read anew soon."""
    group = group_of(found(call.body, "event", "subteam"))
    with call.deps.transaction() as session:
        people.store_group(session, group, now=call.deps.now())
    call.ack()


def on_members_changed(call: Call) -> None:
    """Let who joined a user group have its roles at once, and who left it lose them.

    Who is not known here is asked for as long as Slack waits; the rest comes when the group is read anew.
    """
    group_id = checked_id(taken(call.body, "event", "subteam_id"))
    added, removed = members_in(call.body, "added_users"), members_in(call.body, "removed_users")
    with call.deps.reading() as session:
        unknown = people.unknown_among(session, added) if people.is_watched(session, group_id) else ()
    known_as = {each: refresh(call.deps, call.client, each) or each for each in unknown}
    with call.deps.transaction() as session:
        present = [known_as.get(each, each) for each in added]
        people.change_members(session, group_id, added=present, removed=removed, now=call.deps.now())
    call.ack()


def on_about_me(call: Call) -> None:
    """Open the form with what is known of the person."""

    def deed(session: Session, actor: Actor) -> BlockKit:
        return views.about_me_modal(people.details_of(session, actor.id), actor.zone)

    view = act(call.deps, call.client, user_of(call.body), deed)
    problem = refusal_text(view) if isinstance(view, NotAMember | Unchecked) else open_modal(call, view)
    if problem:
        whisper(call, problem)
    call.ack()


def on_about_me_saved(call: Call) -> None:
    """Keep what the person says of themselves."""
    form = AboutMeForm.parse(call.body)
    problem = form.problem()
    if problem is not None:
        call.ack(response_action="errors", errors={str(Block.MY_END): problem})
        return

    def deed(session: Session, actor: Actor) -> bool:
        return people.describe(session, actor, form.said, now=call.deps.now())

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, Unchecked):  # the form stays open
        call.ack(response_action="errors", errors={str(Block.MY_TEAM): refusal_text(outcome)})
    elif isinstance(outcome, NotAMember):
        call.ack(response_action="update", view=views.notice_modal(refusal_text(outcome)))
    else:
        call.ack()


def on_countries_searched(call: Call) -> None:
    """Offer the countries whose name holds what was typed."""
    offered = people.countries_matching(optional(call.body, "value") or "", limit=OPTIONS_SHOWN)
    call.ack(options=choices(offered))
