"""Presses and forms of the settings: each checks, in its own transaction, that whoever acts is an admin."""

from collections.abc import Callable
from dataclasses import dataclass

from db.session import Session
from handlers.acting import person_named, refusal_text
from handlers.blocks import BlockKit, choices
from handlers.ids import Block
from handlers.modals import open_modal, update_modal
from handlers.payloads import checked_id, optional, taken
from handlers.routing import Call, whisper
from handlers.settings import views
from handlers.settings.admins import NotAnAdmin, as_admin, why_not
from handlers.settings.channels import refusal_in_time
from handlers.settings.check_ins import asks_when_in, check_ins_page, when_text
from handlers.settings.payloads import (
    Page,
    RoleForm,
    Withdrawal,
    checked_role,
    digest_of,
    governance_channel,
    zones_matching,
)
from handlers.settings.trial_views import trial_page
from handlers.settings.words import LAST_ADMIN, UNKNOWN_GROUP, UNKNOWN_ROLE, given_by_nobody
from handlers.text import inline, named
from workflows import checkins, digests, people, settings, setup
from workflows.people import ADMIN, STAKEHOLDER, Actor, LastAdmin, NotAMember, Unchecked, UnknownGroup
from workflows.policy import RELATIONS
from workflows.settings import SettingName
from workflows.setup import Granted

OPTIONS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class WrongField:
    """Nothing was done, because of what a field holds."""

    block: Block
    text: str


def on_open(call: Call) -> None:
    """Open the settings from Home or from the message about what is left to set up."""
    _open(call, lambda session, _: views.overview(setup.picture_of(session)))


def on_page(call: Call) -> None:
    """Turn the window to another page."""
    page = Page.of_button(call.body)
    reads_files = call.deps.workspace.reads_files
    _turn(call, lambda session, actor: _draw(session, actor, page, reads_files=reads_files))


def on_withdraw(call: Call) -> None:
    """Take a role from a person or a user group, unless nobody would be admin any more."""
    withdrawal = Withdrawal.of_button(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit:
        now, role = call.deps.now(), withdrawal.role
        why_not_given = given_by_nobody(role)
        if why_not_given is not None:
            return _role_page(session, role, f"⚠️ {why_not_given}")
        if withdrawal.person is not None:
            done = setup.withdraw_from_person(session, role, withdrawal.person, actor=actor.id, now=now)
        else:
            group = withdrawal.group or ""
            done = setup.withdraw_from_group(session, role, group, actor=actor.id, now=now)
        if isinstance(done, LastAdmin):
            notice = f"⚠️ {LAST_ADMIN}"
        else:
            notice = (
                "✅ Withdrawn. Requests already asked about stay where they are." if done else "It was gone already."
            )
        if role == ADMIN and ADMIN not in people.roles_of(session, actor.id):
            return views.notice_page("You are no longer an admin. Somebody who is can make you one again.")
        return _role_page(session, role, notice)

    _turn(call, deed, changes=True)


def on_role_channel_removed(call: Call) -> None:
    """Ask the holders of a role one by one again."""
    role = checked_role(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> BlockKit:
        settings.set_role_channel(session, role, None, actor=actor.id, now=call.deps.now())
        return _role_page(session, role, "✅ This role has no channel any more.")

    _turn(call, deed, changes=True)


def on_digest_removed(call: Call) -> None:
    """Post no digest in a channel any more."""
    channel = checked_id(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> BlockKit:
        settings.remove_digest(session, channel, actor=actor.id, now=call.deps.now())
        return views.overview(setup.picture_of(session), f"✅ <#{channel}> gets no digest any more.")

    _turn(call, deed, changes=True)


def on_your_week_set(call: Call) -> None:
    """Have people told of their week as it begins, or not."""
    on = taken(call.body, "actions", 0, "value") == settings.ON

    def deed(session: Session, actor: Actor) -> BlockKit:
        changed = digests.turn_your_week(session, on=on, actor=actor.id, now=call.deps.now())
        told = "✅ People are told of their week." if on else "✅ Nobody is told of their week any more."
        return views.overview(setup.picture_of(session), told if changed else "Nothing was changed.")

    _turn(call, deed, changes=True)


def on_role_saved(call: Call) -> None:
    """Give a role to whoever was chosen, and keep its channel. What is wrong stands at its field."""
    form = RoleForm.parse(call.body)
    person = person_named(call.deps, call.client, form.person) if form.person else None
    if isinstance(person, NotAMember | Unchecked):
        text = (
            "Only full members of the organisation hold roles. Choose somebody else."
            if isinstance(person, NotAMember)
            else "Slack cannot be asked about this person right now. Please try again in a minute."
        )
        _refuse(call, Block.ROLE_PERSON, text)
        return
    if form.channel and form.channel != _channel_of(call, form.role):
        refusal = refusal_in_time(call.client, form.channel)
        if refusal:
            _refuse(call, Block.ROLE_CHANNEL, refusal)
            return

    def deed(session: Session, actor: Actor) -> BlockKit | WrongField:
        return _save_role(call, session, actor, form, person)

    _answer(call, deed, otherwise=Block.ROLE_CHANNEL if form.role == STAKEHOLDER else Block.ROLE_PERSON)


def on_governance_saved(call: Call) -> None:
    """Announce requests in another channel from now on."""
    channel = governance_channel(call.body)
    refusal = refusal_in_time(call.client, channel)
    if refusal:
        _refuse(call, Block.GOVERNANCE_CHANNEL, refusal)
        return

    def deed(session: Session, actor: Actor) -> BlockKit:
        settings.change(session, SettingName.GOVERNANCE_CHANNEL, channel, actor=actor.id, now=call.deps.now())
        return views.overview(setup.picture_of(session), f"✅ New requests are announced in <#{channel}>.")

    _answer(call, deed, otherwise=Block.GOVERNANCE_CHANNEL)


def on_digest_saved(call: Call) -> None:
    """Post a digest in a channel, every week at one time."""
    digest = digest_of(call.body)
    refusal = refusal_in_time(call.client, digest.channel)
    if refusal:
        _refuse(call, Block.DIGEST_CHANNEL, refusal)
        return

    def deed(session: Session, actor: Actor) -> BlockKit:
        settings.set_digest(session, digest, actor=actor.id, now=call.deps.now())
        return views.overview(setup.picture_of(session), f"✅ <#{digest.channel}> gets a weekly digest.")

    _answer(call, deed, otherwise=Block.DIGEST_CHANNEL)


def on_check_ins_saved(call: Call) -> None:
    """Ask people for numbers as the form says; what does not differ is not set."""
    wanted = asks_when_in(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit:
        changed = checkins.ask_when(session, wanted, actor=actor.id, now=call.deps.now())
        told = f"✅ People are asked for numbers: {when_text(wanted)}." if changed else "Nothing was changed."
        return views.overview(setup.picture_of(session), told)

    _answer(call, deed, otherwise=Block.CHECK_IN_CADENCE)


def on_groups_searched(call: Call) -> None:
    """Offer the user groups whose name holds what an admin typed."""
    typed = optional(call.body, "value") or ""

    def deed(session: Session, _: Actor) -> dict[str, str]:
        found = people.groups_matching(session, typed, limit=OPTIONS_SHOWN)
        return {group.id: f"@{group.handle} · {group.name}" for group in found}

    offered = as_admin(call, deed)
    call.ack(options=choices(offered) if isinstance(offered, dict) else [])


def on_zones_searched(call: Call) -> None:
    """Offer the time zones whose name holds what was typed."""
    found = zones_matching(optional(call.body, "value") or "", limit=OPTIONS_SHOWN)
    call.ack(options=choices({zone: zone.replace("_", " ") for zone in found}))


def _save_role(
    call: Call, session: Session, actor: Actor, form: RoleForm, person: Actor | None
) -> BlockKit | WrongField:
    """Do what the form says; the first page follows, because Slack would keep what was chosen on the same one."""
    now, done, opened = call.deps.now(), [], 0
    at = Block.ROLE_GROUP if form.group and not person else Block.ROLE_PERSON
    role = setup.role_of(session, form.role)
    why_not_given = given_by_nobody(form.role)
    if why_not_given is not None and (person or form.group or form.role in RELATIONS):
        return WrongField(at, why_not_given)
    if role is None or (setup.unknown_role(session, form.role) and (person or form.group)):
        return WrongField(at, UNKNOWN_ROLE)
    if form.group:
        granted = setup.grant_to_group(session, form.role, form.group, actor=actor.id, now=now)
        if isinstance(granted, UnknownGroup):
            return WrongField(Block.ROLE_GROUP, UNKNOWN_GROUP)
        done.append(_granted("The user group", role.name, granted))
        opened += granted.opened
    if person:
        granted = setup.grant_to_person(session, form.role, person.id, actor=actor.id, now=now)
        done.append(_granted(named(person.name), role.name, granted))
        opened += granted.opened
    if form.channel and settings.set_role_channel(session, form.role, form.channel, actor=actor.id, now=now):
        done.append(f"{named(role.name)}: when many are asked, they are asked in <#{form.channel}>.")
    if opened:
        done.append(f"{opened} blocked {'lane' if opened == 1 else 'lanes'} can be decided now.")
    return views.overview(setup.picture_of(session), f"✅ {' '.join(done)}" if done else "Nothing was changed.")


def _granted(who: str, role: str, granted: Granted) -> str:
    return f"{who} holds the role {named(role)} now." if granted.is_new else f"{who} held {named(role)} already."


def _draw(session: Session, actor: Actor, page: Page, *, reads_files: bool) -> BlockKit:
    match page.name:
        case "role":
            return _role_page(session, page.role, number=page.number)
        case "governance":
            return views.governance_page(settings.value_of(session, SettingName.GOVERNANCE_CHANNEL))
        case "digest":
            return views.digest_page(actor.zone)
        case "check_ins":
            return check_ins_page(checkins.asks_when(session), views.back())
        case "policy":
            return trial_page(reads_files=reads_files)
        case "gone":
            return views.gone_page(setup.people_gone(session), page.number)
        case _:
            return views.overview(setup.picture_of(session))


def _role_page(session: Session, role: str, notice: str = "", number: int = 0) -> BlockKit:
    found = setup.role_of(session, role)
    if found is None:
        gone = f"The role `{inline(role)}` is not in the policy in force, and nobody holds it."
        return views.overview(setup.picture_of(session), " ".join(filter(None, (notice, gone))))
    return views.role_page(found, number, notice)


def _channel_of(call: Call, role: str) -> str | None:
    with call.deps.reading() as session:
        return settings.role_channels(session).get(role)


def _open(call: Call, deed: Callable[[Session, Actor], BlockKit]) -> None:
    """Open a window with what `deed` returns, or say privately why not."""
    outcome = as_admin(call, deed)
    problem = (
        why_not(outcome) if isinstance(outcome, NotAnAdmin | NotAMember | Unchecked) else open_modal(call, outcome)
    )
    if problem:
        whisper(call, problem)
    call.ack()


def _turn(call: Call, deed: Callable[[Session, Actor], BlockKit], *, changes: bool = False) -> None:
    """Turn the window to what `deed` returns, or to why it was not done."""
    outcome = as_admin(call, deed, changes=changes)
    view = views.notice_page(why_not(outcome)) if isinstance(outcome, NotAnAdmin | NotAMember | Unchecked) else outcome
    problem = update_modal(call, view)
    if problem:
        whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()


def _answer(call: Call, deed: Callable[[Session, Actor], BlockKit | WrongField], *, otherwise: Block) -> None:
    """Answer a form with the next page, or at the field that is wrong; at `otherwise` when Slack cannot be asked."""
    outcome = as_admin(call, deed, changes=True)
    if isinstance(outcome, Unchecked):  # the form stays open
        outcome = WrongField(otherwise, refusal_text(outcome))
    if isinstance(outcome, WrongField):
        _refuse(call, outcome.block, outcome.text)
    elif isinstance(outcome, NotAnAdmin | NotAMember | Unchecked):
        call.ack(response_action="update", view=views.notice_page(why_not(outcome)))
    else:
        call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def _refuse(call: Call, block: Block, text: str) -> None:
    call.ack(response_action="errors", errors={str(block): text})
