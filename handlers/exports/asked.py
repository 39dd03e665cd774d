"""The first half of a page of evidence: what was proposed, in every version, and what people were asked and decided."""

from collections.abc import Iterator

from db.enums import LaneRule
from handlers.exports.parts import Cell, Facts, Heading, Mark, Part, Section, Text, facts, section, table
from handlers.exports.words import VERBS, moment_text, reason_text, said, who
from handlers.subjects import use_case_picture
from handlers.text import REQUEST_STATUSES, SUSPENDED_BECAUSE, TIERS, USE_CASE_STATES
from workflows import intake, policy, rollouts
from workflows.exports import Lane, Pack, Request, Round, Seat
from workflows.intake import UseCaseSnapshot
from workflows.programme import PHASES

_KINDS = {intake.SUBJECT_KIND: "The use case", policy.AUDIT_KIND: "An audit", rollouts.SUBJECT_KIND: "A rollout"}


def summary(pack: Pack) -> Facts:
    """Return where the use case stands, in a few lines."""
    entry, case = pack.entry, pack.use_case
    decided = entry.decided
    was = f", was {USE_CASE_STATES[entry.was].lower()}" if entry.was is not case.state else ""
    causes = "; ".join(dict.fromkeys(SUSPENDED_BECAUSE[each.cause] for each in entry.suspensions))
    open_conditions = sum(each.is_in_force for each in entry.conditions)
    return facts(
        [
            ("State", USE_CASE_STATES[case.state] + was),
            ("Suspended because", Mark(causes, "warn")),
            ("Programme phase", PHASES[entry.phase] if entry.phase else ""),
            ("Tier", TIERS[decided.tier] if decided else ""),
            ("Why", "\n".join(map(reason_text, decided.reasons)) if decided else ""),
            ("Decision", _decision(pack)),
            ("Valid until", str(case.valid_until or "")),
            ("Break-glass", "In use before it is approved" if case.provisional else ""),
            ("Team", case.team),
            ("Owner", who(case.owner)),
            ("Sponsor", who(case.sponsor)),
            ("Proposer", who(case.proposer)),
            ("Objective", case.says.objective),
            (
                "Conditions",
                f"{len(entry.conditions)}, {open_conditions} to be met" if entry.conditions else "",
            ),
            ("Events on the record", str(len(pack.events))),
            ("Head of the record", Mark(pack.head, "mono")),
        ]
    )


def _decision(pack: Pack) -> str:
    decided = pack.entry.decided
    if decided is None:
        return ""
    by = f", by the policy's line “{decided.line}”" if decided.line else ""
    when = f", {moment_text(decided.settled_at)}" if decided.settled_at else ""
    newer = pack.entry.asked
    asked = f". A change is asked for: version {newer.revision}" if newer else ""
    return f"{REQUEST_STATUSES[decided.status]}: version {decided.revision}{by}{when}{asked}"


# --------------------------------------------------------------------------------------------- the texts


def proposal(pack: Pack) -> Section:
    """Return the first text whole, what each later one changed, and the newest whole."""
    return section("proposal", "What was proposed", _versions(pack), empty="No text of it is stored.")


def _versions(pack: Pack) -> Iterator[Part]:
    recorded = pack.entry.recorded
    if recorded is not None:
        origin = f", from {recorded.origin}" if recorded.origin else ""
        yield Text(
            f"Recorded as in use already on {moment_text(recorded.recorded_at)}{origin}; proposed later.", "note"
        )
    before: dict[str, str] | None = None
    for text in pack.texts:
        now = answers(text.says)
        yield Heading(f"Version {text.revision}, sent by {who(text.by)}, {moment_text(text.at)}")
        if before is None:
            yield facts(now.items())
        else:
            changed = [key for key in {**before, **now} if before.get(key, "") != now.get(key, "")]
            rows: list[list[Cell]] = [[key, Mark(before.get(key, ""), "struck"), now.get(key, "")] for key in changed]
            caption = f"What changed since version {text.revision - 1}; everything else is word for word the same"
            yield table(caption, ["Answer", "Before", "Since"], rows)
            if not changed:
                yield Text("Nothing changed but who may know of it.", "note")
        before = now
    if len(pack.texts) > 1 and before is not None:
        yield Heading(f"Version {pack.texts[-1].revision} in full")
        yield facts(before.items())


def answers(case: UseCaseSnapshot) -> dict[str, str]:
    """Return everything a use case says, by what it answers; several KPIs stand below one another."""
    told = {"Name": case.name, "Problem": case.says.problem}
    for label, value in use_case_picture(case).whole:
        told[label] = "\n".join(filter(None, (told.get(label), value)))
    return told


# ------------------------------------------------------------------------------------------ the requests


def requests(pack: Pack) -> Section:
    """Return every request, round by round: chain and policy, who was asked, every vote with its content."""
    parts = [part for each in pack.requests for part in _request(each)]
    return section("decisions", "What people were asked, and decided", parts, empty="Nobody was asked to decide.")


def _request(request: Request) -> Iterator[Part]:
    kind = _KINDS.get(request.kind, said_kind(request.kind))
    amends = f", a change of version {request.amends}" if request.amends is not None else ""
    yield Heading(f"{request.reference}: {kind.lower()}, version {request.revision}{amends}")
    barred = "\n".join(f"{who(person)} ({said(why)})" for person, why in request.barred)
    yield facts(
        [
            ("Status", REQUEST_STATUSES[request.status]),
            ("Opened", moment_text(request.opened_at)),
            ("Settled", moment_text(request.settled_at)),
            ("Decided by", f"the policy's line “{request.line}”" if request.line else ""),
            ("May not vote on it", barred),
            ("Request", Mark(str(request.id), "mono")),
        ]
    )
    for each in request.rounds:
        yield from _round(each, many=len(request.rounds) > 1)
    asked: list[list[Cell]] = [
        [
            f"{who(each.asked_by)}\n{moment_text(each.asked_at)}",
            each.text,
            f"{who(each.answered_by)}\n{moment_text(each.answered_at)}".strip(),
            each.answer or Mark("not answered", "warn"),
        ]
        for each in request.questions
    ]
    yield table("Questions on the record", ["Asked by", "Question", "Answered by", "Answer"], asked)


def said_kind(kind: str) -> str:
    return kind.replace("_", " ")


def _round(each: Round, *, many: bool) -> Iterator[Part]:
    called = f"Round {each.number}, {said(each.cause)}: tier" if many else "Tier"
    decided = f"\nDecided by the policy: {each.pinned.decided}" if each.pinned.decided else ""
    yield facts(
        [
            (
                f"{called} and why",
                f"{TIERS[each.tier]}: " + "\n".join(map(reason_text, each.pinned.reasons)) + decided,
            ),
            ("On", f"version {each.revision}, laid out {moment_text(each.at)} by {who(each.by) or 'the command line'}"),
            ("Policy", f"version {each.policy_number}"),
            ("SHA-256 of its file", Mark(each.policy_file, "mono")),
            ("SHA-256 as pinned", Mark(each.policy_hash, "mono")),
        ]
    )
    votes = [row for stage in each.stages for lane in stage.lanes for row in _seats(stage.name, lane)]
    yield table(
        "Stages and lanes: everybody asked, and every vote with the digest of the content it was given on",
        ["Lane", "Asked", "Decision", "Reason", "On content"],
        votes,
        layout="wide",
    )
    yield table(
        "Digests of the parts of the text, salted; a lane's content is the digest over those it looks at",
        ["Part", "SHA-256"],
        [[name.replace("_", " "), Mark(digest, "mono")] for name, digest in each.sections.items()],
        layout="wide",
    )


def _seats(stage: str, lane: Lane) -> Iterator[list[Cell]]:
    kept = "\nkept from the round before: nothing it looks at changed" if lane.is_kept else ""
    by_name = "\nasked by name" if lane.is_by_name else ""
    rule = f"\n{_rule(lane)}\n{said(lane.status)}"
    settled = f", {moment_text(lane.settled_at)}" if lane.settled_at else ""
    called = f"{stage} · {lane.name}{rule}{settled}{kept}{by_name}"
    if not lane.seats:
        yield [called, "nobody yet", "", "", Mark(lane.content_digest, "mono")]
    for number, seat in enumerate(lane.seats):
        yield [called if number == 0 else "", _asked(seat), *_ballot(seat, lane)]


def _asked(seat: Seat) -> str:
    lines = [who(seat.person), f"asked {moment_text(seat.asked_at)}"]
    if seat.delegate is not None:
        lines.append(f"{who(seat.delegate)} may decide for them")
    if seat.reminders:
        lines.append(f"reminded {seat.reminders} times")
    if seat.left_at is not None:
        lines.append(f"left; others were asked, {moment_text(seat.left_at)}")
    return "\n".join(lines)


def _ballot(seat: Seat, lane: Lane) -> list[Cell]:
    ballot = seat.ballot
    if ballot is None:
        return ["no vote", "", Mark(lane.content_digest, "mono")]
    by = f"\ngiven by {who(ballot.by)} for {who(seat.person)}" if ballot.by.id != seat.person.id else ""
    told = f"{VERBS[ballot.verb]}\n{moment_text(ballot.at)}{by}"
    return [Mark(told, "strong"), ballot.reason or "", Mark(ballot.content_digest, "mono")]


def _rule(lane: Lane) -> str:
    amount = lane.amount
    match lane.rule:
        case LaneRule.AT_LEAST:
            rule = f"at least {amount} of those asked"
        case LaneRule.PERCENT:
            rule = f"{amount} % of those asked"
        case LaneRule.ALL:
            rule = "all of those asked"
        case LaneRule.ANY:
            rule = "any one of those asked"
    return f"{rule}; {lane.rejections} rejection{'' if lane.rejections == 1 else 's'} end it"
