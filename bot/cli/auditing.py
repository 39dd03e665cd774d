"""`gatehouse policy audits` and `reopen`: how the lines that approve stand, whether the draws hold, and reopening."""

from bot.cli.commands import RefusedError, clock, open_database
from handlers.auditing.words import summary_text, why_text
from handlers.text import counted
from workflows import auditing
from workflows.auditing import NotReopened

_WHY_NOT = {
    NotReopened.UNKNOWN: "The policy in force has no audited line {line!r}. Those there are: gatehouse policy audits",
    NotReopened.NOT_CLOSED: "The line {line!r} is open already. Nothing was changed.",
    NotReopened.REASON_MISSING: "Say with --reason why it may approve again; it stands on the record.",
}


def audits() -> int:
    """Print each line that approves, then whether the draws on the record are what their seeds say; 1 if not."""
    with open_database().reading() as session:
        lines, found = auditing.lines_of(session), auditing.verify(session)
    for line in lines:
        print(f"{line.line}: {summary_text(line, 'in all')}")
        if why_text(line):
            print(f"  {why_text(line)}")
    if not lines:
        print("No line of the policy approves anything by itself.")
    if found.wrong:
        print(f"{counted(found.draws, 'draw')} on the record, and these do not hold:")
        print(*(f"  - {problem}" for problem in found.wrong), sep="\n")
        return 1
    print(f"{counted(found.draws, 'draw')} on the record, each drawn again from its seed with the same outcome.")
    return 0


def reopen(line: str, reason: str) -> int:
    """Let a line its audits closed approve again; its audits are counted anew from now on."""
    with open_database().transaction() as session:
        refused = auditing.reopen(session, line, reason, actor=None, now=clock().now())
        if refused is not None:
            raise RefusedError(_WHY_NOT[refused].format(line=line))
    print(f"{line} approves again. Its audits are counted anew from now on.")
    return 0
