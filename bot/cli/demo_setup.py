"""`python -m bot.cli.demo_setup`: make the demo's database, and give its people their roles and channels.

All of it with the product's own commands.
"""

import sys
from typing import Final

from bot.cli import main

GOVERNANCE_CHANNEL: Final = "C0AIGOVERNANCE"
COUNCIL_CHANNEL: Final = "C0AICOUNCIL"
ROLES: Final = {
    "admin": ("U0TOMASFERREIRA",),
    "lead": ("U0MIRAKOVACS",),
    "auditor": ("U0HUGODUBOIS",),
    "break_glass": ("U0HANNAHWEISS", "U0NOORJANSEN"),
    "governance": ("U0ANNLINDQVIST", "U0ZANELEDUBE"),
    "privacy": ("U0CLAIREMOREAU", "U0JONASWEBER"),
    "security": ("U0DAVIDLEVI", "U0CARMENORTIZ"),
    "legal": ("S0LEGAL",),
    "risk": ("U0NADIARAHMAN", "U0HENRIKLUND"),
    "council": ("S0AICOUNCIL",),
}
DIGEST_AT: Final = ("--day", "Monday", "--at", "09:00", "--zone", "Europe/Berlin")
"""The last one is at most a week old when the seeding ends, and whoever moves the clock by a week sees the next."""
COMMANDS: Final = (
    ("db", "upgrade"),
    ("people", "sync"),
    *(("roles", "grant", role, who) for role, holders in ROLES.items() for who in holders),
    ("settings", "set", "governance-channel", GOVERNANCE_CHANNEL),
    ("settings", "set", "role-channel", "council", COUNCIL_CHANNEL),
    ("settings", "set", "digest-channel", GOVERNANCE_CHANNEL, *DIGEST_AT),
)


def run() -> int:
    """Run every command in this one process; return the first exit code that is not 0."""
    for command in COMMANDS:
        print("gatehouse", *command, flush=True)
        code = main(command)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(run())
