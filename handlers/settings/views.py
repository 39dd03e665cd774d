"""Draw the settings, page by page in one window. Snapshots in, Block Kit out."""

from collections.abc import Sequence

from db.enums import FoundationKind
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    header,
    modal,
    question,
    searched,
    section,
    select,
)
from handlers.ids import Action, Block, Callback
from handlers.settings.check_ins import check_ins_line
from handlers.settings.words import WEEKDAYS, gap_texts, when_text
from handlers.text import escape, inline, mention, moment, named
from workflows.people import BUILT_IN, STAKEHOLDER, Actor, GroupHolder
from workflows.settings import OFF, ON
from workflows.setup import Gone, Missing, RoleSnapshot, SetUp

TITLE = "Gatehouse settings"
GAPS_SHOWN, ROLES_SHOWN, DIGESTS_SHOWN = 12, 40, 10
HOLDERS_ON_PAGE, GONE_ON_PAGE = 30, 40
NAMES_IN_LINE = 6
_MAP = FoundationKind.STAKEHOLDER_MAP.value
_WHAT = {
    "admin": "Changes these settings, and reads everything.",
    "lead": "Runs the programme, and is asked when nobody else may decide.",
    "auditor": "Reads everything, and changes nothing.",
    "break_glass": "Two of them together may let something go ahead before it is approved, for at most 72 hours.",
    "stakeholder": (
        "Whoever the stakeholder map in force names as an approver: change the map by `/gatehouse foundation`, and "
        "have it approved. Nobody is given this role here."
    ),
}


_HOW = {
    False: "An admin puts another in force after trying it here, or on the host by `gatehouse policy apply FILE`.",
    True: "People decide about changes: an admin proposes one after trying it here, or by `gatehouse policy apply`.",
}


def setup_blocks(missing: Sequence[Missing] | None) -> list[BlockKit]:
    """Return the part of an admin's Home that leads to the settings; nothing for anybody else."""
    if missing is None:
        return []
    needed = sum(each.is_needed for each in missing)
    left = f"⚠️ {needed} {'thing is' if needed == 1 else 'things are'} left to set up." if needed else "All is set up."
    return [
        {"type": "divider"},
        header("You administer Gatehouse"),
        section(left) | {"accessory": button(Action.SETTINGS, "Settings", "home", label="Open Gatehouse settings")},
    ]


def gap_lines(missing: Sequence[Missing]) -> str:
    """Return what is left to set up as mrkdwn lines."""
    told = gap_texts(missing)
    lines = [f"{'⚠️' if is_needed else '•'} {escape(text)}" for is_needed, text in told[:GAPS_SHOWN]]
    if len(told) > GAPS_SHOWN:
        lines.append(f"… and {len(told) - GAPS_SHOWN} more: `gatehouse doctor` lists them.")
    return "\n".join(lines)


def overview(state: SetUp, notice: str = "") -> BlockKit:
    """Return the first page: what is left, channels, roles, the policy, and who left."""
    blocks = [
        *_notice(notice),
        header("Left to set up"),
        section(gap_lines(state.missing) or "✅ Nothing: all is set up."),
    ]
    blocks += [{"type": "divider"}, header("Channels"), *_channels(state), check_ins_line(state.asks_when)]
    blocks.append(_your_week(is_on=state.tells_week))
    blocks += [{"type": "divider"}, header("Roles"), *map(_role, state.roles[:ROLES_SHOWN])]
    if len(state.roles) > ROLES_SHOWN:
        blocks.append(context(f"{len(state.roles) - ROLES_SHOWN} more: `gatehouse roles list` shows all."))
    blocks += [{"type": "divider"}, header("Policy in force"), _policy(state), *_fast_lane(state)]
    blocks += [{"type": "divider"}, header("People who left"), _gone(state.gone)]
    return modal(Callback.SETTINGS, TITLE, blocks)


def role_page(role: RoleSnapshot, number: int = 0, notice: str = "") -> BlockKit:
    """Return who holds one role, with ways to withdraw it from each and to give it to others, where it is given."""
    blocks = [*_notice(notice), header(role.name), context(_about(role))]
    held: list[Actor | GroupHolder] = [*role.holders.people, *role.holders.groups]
    begun = number * HOLDERS_ON_PAGE if number * HOLDERS_ON_PAGE < len(held) else 0
    blocks += [_holder(role, each) for each in held[begun : begun + HOLDERS_ON_PAGE]]
    if not held:
        who = "Nobody was given this role" if role.key != STAKEHOLDER else "No map in force names an approver"
        blocks.append(section(f"{who} yet."))
    if len(held) > HOLDERS_ON_PAGE:
        following = (number + 1) * HOLDERS_ON_PAGE
        page = f"role:{role.key}:{number + 1 if following < len(held) else 0}"
        more = button(Action.SETTINGS_PAGE, "Show others", page, label=f"Show others who hold {role.name}")
        blocks.append(actions("settings.role.pages", more))
    is_given = role.key != STAKEHOLDER  # the map says who holds that one
    blocks += [{"type": "divider"}, *(_to_give() if is_given else [_to_the_map()]), _role_channel(role)]
    if role.channel:
        remove = button(Action.REMOVE_ROLE_CHANNEL, "Use no channel", role.key)
        blocks.append(actions("settings.role.channel_buttons", remove))
    blocks.append(back())
    return modal(Callback.SAVE_ROLE, TITLE, blocks, submit="Save", carries=role.key)


def _to_give() -> list[BlockKit]:
    """Ask to whom a role is given."""
    return [
        question(
            Block.ROLE_PERSON,
            "Give it to a person",
            {"type": "users_select"},
            optional=True,
            hint="A full member of your organisation.",
        ),
        question(
            Block.ROLE_GROUP,
            "Give it to a user group",
            searched(Block.ROLE_GROUP, placeholder="Type its name"),
            optional=True,
            hint="Everybody in it holds the role, as long as they are in it.",
        ),
    ]


def _to_the_map() -> BlockKit:
    label = "Open the stakeholder alignment map, which says who holds this role"
    return actions("settings.role.map", button(Action.OPEN_PART, "Open the map", _MAP, label=label))


def _role_channel(role: RoleSnapshot) -> BlockKit:
    return question(
        Block.ROLE_CHANNEL,
        "Channel",
        _conversations(role.channel),
        optional=True,
        hint="When more than five people are asked, they are asked here instead of one by one.",
    )


def governance_page(channel: str | None) -> BlockKit:
    """Ask for the governance channel."""
    blocks = [
        section("Requests and decisions are announced here: name, team, tier and state, never answers or reasons."),
        question(
            Block.GOVERNANCE_CHANNEL,
            "Governance channel",
            _conversations(channel),
            hint="Invite Gatehouse there first. A channel shared with another organisation is refused.",
        ),
        back(),
    ]
    return modal(Callback.SAVE_GOVERNANCE, TITLE, blocks, submit="Save")


def digest_page(zone: str, notice: str = "") -> BlockKit:
    """Ask where and when a digest is to be posted; the zone is the admin's own at first."""
    label = "Send me what would be posted now"
    blocks = [
        *_notice(notice),
        question(
            Block.DIGEST_CHANNEL,
            "Channel",
            _conversations(None),
            hint="Invite Gatehouse there first. A channel that gets a digest already gets it at the new time.",
        ),
        question(Block.DIGEST_WEEKDAY, "Day", _one_of(select(WEEKDAYS, placeholder="Day"), 0)),
        question(Block.DIGEST_TIME, "Time", {"type": "timepicker", "initial_time": "09:00"}),
        question(
            Block.DIGEST_ZONE,
            "Time zone",
            searched(Block.DIGEST_ZONE, placeholder="Type a city", chosen=(zone, zone)),
            hint="The time is this zone's, summer and winter.",
        ),
        context("A digest is about the seven days up to the day before. A preview comes in your direct messages."),
        actions("settings.digest.buttons", button(Action.PREVIEW_DIGEST, "Preview", "digest", label=label)),
        back(),
    ]
    return modal(Callback.SAVE_DIGEST, TITLE, blocks, submit="Save")


def gone_page(gone: Sequence[Gone], number: int = 0) -> BlockKit:
    """Show who left, and what still waits on each."""
    begun = number * GONE_ON_PAGE if number * GONE_ON_PAGE < len(gone) else 0
    blocks = [section("Their accounts are deactivated in Slack. What waits on them needs somebody else.")]
    blocks += [section(_waits_on(each)) for each in gone[begun : begun + GONE_ON_PAGE]]
    if len(gone) > GONE_ON_PAGE:
        page = f"gone::{number + 1 if (number + 1) * GONE_ON_PAGE < len(gone) else 0}"
        more = button(Action.SETTINGS_PAGE, "Show others", page, label="Show others who left")
        blocks.append(actions("settings.gone.pages", more))
    return modal(Callback.SETTINGS, TITLE, [*blocks, back()])


def notice_page(text: str) -> BlockKit:
    return modal(Callback.SETTINGS, TITLE, [section(text)])


def _notice(text: str) -> list[BlockKit]:
    return [section(text), {"type": "divider"}] if text else []


def _channels(state: SetUp) -> list[BlockKit]:
    channel = f"<#{state.governance_channel}>" if state.governance_channel else "none yet"
    choose = button(Action.SETTINGS_PAGE, "Choose", "governance", label="Choose the governance channel")
    blocks = [section(f"*Governance channel*: {channel}") | {"accessory": choose}]
    for digest in state.digests[:DIGESTS_SHOWN]:
        remove = button(Action.REMOVE_DIGEST, "Remove", digest.channel, label="Post no digest there any more")
        text = f"*Weekly digest*: <#{digest.channel}>, {escape(when_text(digest))}"
        blocks.append(section(text) | {"accessory": remove})
    if len(state.digests) > DIGESTS_SHOWN:
        blocks.append(context(f"{len(state.digests) - DIGESTS_SHOWN} more: `gatehouse settings show` lists all."))
    add = button(Action.SETTINGS_PAGE, "Add a digest channel", "digest")
    return [*blocks, actions("settings.channels.buttons", add)]


def _your_week(*, is_on: bool) -> BlockKit:
    """Return whether people are told of their week, with the way to change that."""
    what = "people are told of the three things that wait for them most, as their week begins; each can switch it off"
    text = f"*Your week*: {what}." if is_on else "*Your week*: switched off; `/gatehouse week` still answers who asks."
    value, says = (OFF, "Switch off") if is_on else (ON, "Switch on")
    change = button(Action.SET_YOUR_WEEK, says, value, label=f"{says} that people are told of their week")
    return section(text) | {"accessory": change}


def _role(role: RoleSnapshot) -> BlockKit:
    holders = _names(role) or "nobody"
    channel = f" · <#{role.channel}>" if role.channel else ""
    unknown = "" if role.is_named else " · not in the policy in force"
    change = button(Action.SETTINGS_PAGE, "Change", f"role:{role.key}", label=f"Change who holds {role.name}")
    return section(f"*{named(role.name)}*: {holders}{channel}{unknown}") | {"accessory": change}


def _names(role: RoleSnapshot) -> str:
    """Return who holds a role in one line; of many, the first few."""
    names = [mention(each.slack_id) for each in role.holders.people]
    names += [f"@{inline(each.group.handle)}{_size(each)}" for each in role.holders.groups]
    if len(names) > NAMES_IN_LINE:
        names = [*names[: NAMES_IN_LINE - 1], f"{len(names) - NAMES_IN_LINE + 1} others"]
    return ", ".join(names)


def _size(holder: GroupHolder) -> str:
    if not holder.group.is_active:
        return " (switched off in Slack)"
    if holder.members is None:
        return " (members are being read)"
    return f" ({holder.members} {'person' if holder.members == 1 else 'people'})"


def _about(role: RoleSnapshot) -> str:
    if role.key in BUILT_IN:
        return _WHAT[role.key]
    if not role.is_named:
        return "The policy in force does not name this role: whoever holds it decides nothing new."
    return f"Named by the policy in force as `{role.key}`."


def _holder(role: RoleSnapshot, holder: Actor | GroupHolder) -> BlockKit:
    if isinstance(holder, GroupHolder):
        text = f"@{inline(holder.group.handle)}, {named(holder.group.name)}{_size(holder)}"
        value, name = f"{role.key}:group:{holder.group.id}", f"@{holder.group.handle}"
    else:
        left = "" if holder.membership == "member" else f" · {holder.membership.value}"
        text = f"{mention(holder.slack_id)}{left}"
        value, name = f"{role.key}:person:{holder.id}", holder.name
    if role.key == STAKEHOLDER:  # the map says who that is
        return section(text)
    withdraw = button(
        Action.WITHDRAW_ROLE, "Withdraw", value, style="danger", label=f"Withdraw {role.name} from {name}"
    )
    return section(text) | {"accessory": withdraw}


def _policy(state: SetUp) -> BlockKit:
    policy = state.policy
    by = f"by {mention(policy.applied_by.slack_id)}" if policy.applied_by else "from the command line, or as shipped"
    text = (
        f"“{inline(policy.name)}”, version {policy.number}, since {moment(policy.applied_at)}, applied {by}.\n"
        f"{_HOW[state.policy.is_decided]}"
    )
    return section(text) | {"accessory": button(Action.SETTINGS_PAGE, "Try another policy", "policy")}


def _fast_lane(state: SetUp) -> list[BlockKit]:
    if not state.policy.has_fast_lane:
        return []
    look = button(Action.FAST_LANE, "Fast lane", "settings", label="Open the fast lane and its audits")
    return [section("Lines of it approve by themselves; some of that is audited.") | {"accessory": look}]


def _gone(count: int) -> BlockKit:
    if not count:
        return section("Nothing waits on anybody who left.")
    who = "person" if count == 1 else "people"
    show = button(Action.SETTINGS_PAGE, "Show", "gone", label="Show who left and what waits on them")
    return section(f"Something still waits on {count} {who} who left.") | {"accessory": show}


def _waits_on(gone: Gone) -> str:
    told = (
        ("holds", [f"`{role}`" for role in gone.roles]),
        ("is asked about", gone.seats),
        ("owns", gone.owns),
        ("sponsors", gone.sponsors),
    )
    waits = "; ".join(f"{verb} {_some(what)}" for verb, what in told if what)
    return f"*{named(gone.name)}* ({mention(gone.slack_id)}): {waits}."


def _some(what: Sequence[str]) -> str:
    shown = ", ".join(what[:NAMES_IN_LINE])
    return shown if len(what) <= NAMES_IN_LINE else f"{shown} and {len(what) - NAMES_IN_LINE} more"


def _conversations(chosen: str | None) -> BlockKit:
    return {
        "type": "conversations_select",
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
        **({"initial_conversation": chosen} if chosen else {}),
    }


def _one_of(element: BlockKit, position: int) -> BlockKit:
    return element | {"initial_option": element["options"][position]}


def back() -> BlockKit:
    return actions("settings.back.buttons", button(Action.SETTINGS_PAGE, "Back to all settings", "overview"))
