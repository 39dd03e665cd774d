"""Say in words when people are away and who decides for them: answers, the form, and the lines on Home."""

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.away.payloads import Misread, Mistake
from handlers.blocks import BlockKit, button, context, day, modal, person, question, section
from handlers.ids import Action, Block, Callback
from handlers.text import counted, day_in_words, inline, listed, named
from workflows.people import Absence, Delegated, NoDelegation, NoLeave, NotAMember, Unchecked, days_of

TITLE = "I am away"
ABSENCES_SHOWN = 3
PROGRAMME_WORDS = (
    "`/gatehouse programme`: which phase the programme is in, what that permits, and its gates",
    "`/gatehouse blocks`: what blocks us, and who can do something about it",
)
STEERING_WORDS = (
    "`/gatehouse waits`: where requests wait, role by role",
    "`/gatehouse recertify`: ask the owners of a tier or a team whether their approvals still hold",
)
RECORDED_WORDS = (
    "`/gatehouse recorded`: what is in use already and still to be proposed; owners see theirs, leads all of it"
)
OBJECTIVE_WORDS = "`/gatehouse objectives`: the business objectives, and how their use cases stand"
DIGEST_WORDS = (
    "`/gatehouse digest`: the digest of the last whole week, of everybody",
    "`/gatehouse digest Customer Service 2026-W31`: of one team and one week; any day of the week will do",
    "`/gatehouse week`: your three things this week; `week on` and `week off` say whether you are told each week",
)
GLASS_WORDS = "`/gatehouse break-glass`: what went ahead before it was approved, and what became of it"
DELEGATE_REFUSED: dict[type, str] = {
    NotAMember: (
        "Only a full member of your organisation can decide for you: no guests, apps or people from elsewhere. "
        "Nothing was stored."
    ),
    Unchecked: "Slack cannot be asked right now who that is. Nothing was stored; please try again in a minute.",
}


def help_text(absences: Sequence[Absence], today: date, *, steers: bool = False, sees_glass: bool = False) -> str:
    """Return what can be typed, with dates that would be taken today, below what is known of this person.

    `steers`: they are programme lead or admin; `sees_glass`: they may read what break-glass let through.
    """
    first, last = _examples(today)
    lines = [
        *(absence_line(each, today) for each in absences[:ABSENCES_SHOWN]),
        f"`/gatehouse away until {last}`: you are away from today until that day, both included",
        f"`/gatehouse away from {first} until {last} delegate @somebody`: they decide for you meanwhile",
        "`/gatehouse away`: the same, in a form",
        "`/gatehouse back`: you are back, and nobody decides for you any more",
        f"`/gatehouse back {first}`: the leave that holds that day is cancelled",
        *PROGRAMME_WORDS,
        "`/gatehouse foundation`: how the eight parts of the foundation stand, and what they say",
        "`/gatehouse lessons`: what teams learnt from their use cases",
        "`/gatehouse scorecard`: how ready people think we are for AI",
        OBJECTIVE_WORDS,
        RECORDED_WORDS,
        *DIGEST_WORDS,
        *(STEERING_WORDS if steers else []),
        *([GLASS_WORDS] if sees_glass else []),
        "`/usecase help` lists what you can type about use cases.",
    ]
    return "\n".join(lines)


def mistake_text(mistake: Mistake, today: date) -> str:
    """Say what was not understood, and what would have been."""
    first, last = _examples(today)
    word = f"“{inline(mistake.word, limit=60)}”"
    match mistake.why:
        case Misread.NO_DATE:
            what = f"{word} is not a date I can read." if mistake.word else "A date is missing."
            return f"{what} Write it as year-month-day: `/gatehouse away from {first} until {last}`."
        case Misread.NO_LAST_DAY:
            return f"Until when? Say your last day away: `/gatehouse away until {last}`."
        case Misread.NO_PERSON:
            what = f"{word} is nobody I know." if mistake.word else "Who decides for you is missing."
            return (
                f"{what} Type @ and choose one person from Slack's list: "
                f"`/gatehouse away until {last} delegate @somebody`."
            )
        case Misread.NO_WEEK:
            return (
                f"{word} is no week I can read. Write it as `/gatehouse digest 2026-W31`, or a day of it: "
                f"`/gatehouse digest {today}`. `/gatehouse digest last` is the last whole week."
            )
        case Misread.NO_SWITCH:
            return "Type `/gatehouse week` to see yours, `/gatehouse week on` or `/gatehouse week off`."
        case Misread.UNKNOWN:
            return f"I do not know {word}. This is what you can type:\n{help_text((), today)}"


def no_leave_text(why: NoLeave, today: date) -> str:
    return {
        NoLeave.OVER: f"Those days are over; today is {day_in_words(today)}. Choose a last day that is still to come.",
        NoLeave.BACKWARDS: "The last day lies before the first one. Choose the same day or a later one.",
        NoLeave.TOO_FAR: "That is more than a year ahead. Choose an earlier last day, and say the rest later.",
    }[why] + " Nothing was stored."


def no_delegation_text(why: NoDelegation, absences: Sequence[Absence]) -> str:
    """Say why somebody cannot decide for this person; `absences` are theirs as they are."""
    given = [made for absence in absences for made in absence.delegations]
    others = listed([_who_until(made) for made in given], last="and") or "Somebody else decides for you"
    return {
        NoDelegation.THEMSELVES: "You cannot decide for yourself while you are away. Choose a colleague, or nobody.",
        NoDelegation.NOT_A_MEMBER: DELEGATE_REFUSED[NotAMember].removesuffix(" Nothing was stored."),
        NoDelegation.OVER: "Those days are over. Choose a last day that is still to come.",
        NoDelegation.OVERLAPS: f"{others} already. Begin after that, or type `/gatehouse back` first.",
    }[why] + " Nothing was stored."


def left_text(absence: Absence, today: date, *, handed: int, stays: int, also_away: Absence | None) -> str:
    """Say what happens now that somebody is away.

    `handed` requests go to the delegate now, `stays` do not. `also_away` is when the delegate is away themselves.
    """
    lines = [f"{_when(absence, today)}."]
    if absence.delegations:
        lines += [_delegation_text(each, absence, today, handed=handed, stays=stays) for each in absence.delegations]
        who = listed([named(each.delegate.name) for each in absence.delegations])
        lines.append(f"You may still decide yourself; whoever is first counts. {who} cannot pass it on to anybody.")
        if also_away:
            lines.append(
                f"⚠️ {who} will be away too, {span(also_away)}. What is not answered in time then goes to the next "
                "people the policy names."
            )
    else:
        last = absence.last_day
        waits = f"{counted(stays, 'request')} {'waits' if stays == 1 else 'wait'} for you. " if stays else ""
        lines.append(
            f"{waits}Nobody decides for you; where nobody else can either, the next people the policy names are asked. "
            f"To name somebody: `/gatehouse away {_from(absence, today)}until {last} delegate @somebody`."
        )
    lines.append("It ends by itself. If you return earlier, type `/gatehouse back`.")
    return "\n".join(lines)


def back_text(ended: Absence, today: date, *, waits: int, planned: Sequence[Absence]) -> str:
    """Say what it means to be back, or that a leave to come is cancelled."""
    lead = f"Your leave {span(ended)} is cancelled." if ended.first_day > today else "Welcome back."
    who = listed([named(each.delegate.name) for each in ended.delegations], last="and")
    verb = "decide" if len(ended.delegations) > 1 else "decides"
    lines = [f"{lead} {who} no longer {verb} for you." if who else lead]
    if waits:
        lines.append(f"{counted(waits, 'request')} {'waits' if waits == 1 else 'wait'} for you; Home lists them.")
    lines += [absence_line(each, today) for each in planned[:ABSENCES_SHOWN]]
    return "\n".join(lines)


def not_away_text(planned: Sequence[Absence], today: date) -> str:
    lead = "You are not away on that day, so nothing was changed."
    ways = [f"{absence_line(each, today)} `/gatehouse back {each.first_day}` cancels that." for each in planned]
    return "\n".join([lead, *ways[:ABSENCES_SHOWN]])


def absence_line(absence: Absence, today: date) -> str:
    """Return when somebody is away and who decides for them, in one line."""
    decides = [
        f"{named(each.delegate.name)} decides for you" + _until_when(each, absence) for each in absence.delegations
    ]
    return f"🌴 {_when(absence, today)}{'; ' if decides else ''}{listed(decides, last='and')}."


def away_button() -> BlockKit:
    return button(Action.AWAY, "I am away", "home", label="Say when you are away and who decides for you")


def home_blocks(absences: Sequence[Absence], today: date) -> list[BlockKit]:
    """Draw when this person is away, with the way back."""
    blocks = []
    for each in absences[:ABSENCES_SHOWN]:
        block = section(absence_line(each, today))
        is_now = each.first_day <= today
        text = "I am back" if is_now else "Cancel"
        label = "I am back" if is_now else f"Cancel the leave {span(each)}"
        # Whichever day it held when it was drawn, so that it never ends another leave than the one beside it.
        block["accessory"] = button(Action.RETURN, text, each.last_day.isoformat(), label=label)
        blocks.append(block)
    return blocks


def away_modal(today: date, zone: str) -> BlockKit:
    """Ask when somebody is away, and who decides for them."""
    blocks = [
        question(Block.AWAY_FROM, "First day away", day(chosen=today.isoformat())),
        question(Block.AWAY_UNTIL, "Last day away", day()),
        question(
            Block.AWAY_DELEGATE,
            "Who decides for you meanwhile",
            person(placeholder="Choose a colleague"),
            optional=True,
            hint="They get what waits for you and decide in your name. They cannot pass it on.",
        ),
        context(f"Both days are included, in your Slack time zone, {zone}. You may still decide yourself meanwhile."),
    ]
    return modal(Callback.SAVE_AWAY, TITLE, blocks, submit="Save")


def notice_modal(text: str) -> BlockKit:
    return modal(Callback.SAVE_AWAY, TITLE, [section(text)])


def _delegation_text(made: Delegated, absence: Absence, today: date, *, handed: int, stays: int) -> str:
    who = named(made.delegate.name)
    begins, _ = days_of(made)
    if begins > today:
        return (
            f"From {day_in_words(begins)} on {who} decides for you{_until_when(made, absence)}, also what waits then."
        )
    lead = f"{who} decides for you from now on{_until_when(made, absence)}"
    if not handed and not stays:
        return f"{lead}. Nothing waits for you now; what comes goes to {who}."
    got = f"{counted(handed, 'request')} that {'waits' if handed == 1 else 'wait'} for you"
    now = f"{lead} and gets {got} now." if handed else f"{lead}."
    kept = f" {counted(stays, 'request')} stay{'s' if stays == 1 else ''} with you: {who} may not decide there."
    return now + (kept if stays else "")


def _when(absence: Absence, today: date) -> str:
    if absence.first_day <= today:
        return f"You are away until {day_in_words(absence.last_day)}"
    return f"You will be away {span(absence)}"


def span(absence: Absence) -> str:
    """Return “on Fri 4 Dec 2026”, or “from … until …”."""
    if absence.first_day == absence.last_day:
        return f"on {day_in_words(absence.first_day)}"
    return f"from {day_in_words(absence.first_day)} until {day_in_words(absence.last_day)}"


def _until_when(made: Delegated, absence: Absence) -> str:
    """Return until when somebody decides, where that is not as long as the absence."""
    _, last = days_of(made)
    return "" if last == absence.last_day else f" until {day_in_words(last)}"


def _who_until(made: Delegated) -> str:
    return f"{named(made.delegate.name)} decides for you until {day_in_words(days_of(made)[1])}"


def _from(absence: Absence, today: date) -> str:
    return "" if absence.first_day <= today else f"from {absence.first_day} "


def _examples(today: date) -> tuple[date, date]:
    return today + timedelta(days=7), today + timedelta(days=10)
