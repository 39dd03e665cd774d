"""Who is in the workspace, as Slack tells it: page by page, patiently, and without forgetting anybody."""

import logging
from collections.abc import Callable
from datetime import timedelta
from urllib.error import URLError

import pytest
from sqlmodel import select

from bot import directory as module
from bot.directory import Directory
from db.enums import Membership, OutboxKind, WorkspaceRank
from db.session import Database
from db.tables import OutboxRow, Person
from handlers.deps import Workspace
from tests.support.fakes import TEAM, FakeSlack, ManualClock, World, member, user_group
from tests.support.races import Meeting, together
from workflows import people, policy


class Office:
    """A workspace with Olga, who owns it, and the directory that reads it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = ManualClock()
        self.world = World(
            people={
                each["id"]: each
                for each in (
                    member("U_OLGA", is_primary_owner=True, is_owner=True, is_admin=True),
                    member("U_ANN"),
                    member("U_BEN"),
                    member("U_OUT", is_restricted=True),
                    member("U_LEFT", deleted=True),
                )
            }
        )
        self.slack = FakeSlack(self.world)
        self.woken = 0
        self.directory = self.another()
        with database.transaction() as session:
            policy.apply_default_if_none(session, now=self.clock.now())

    def another(self) -> Directory:
        def wake() -> None:
            self.woken += 1

        workspace = Workspace(TEAM, None, "U_BOT")
        return Directory(self.database, FakeSlack(self.world), workspace, self.clock, wake_outbox=wake)

    def fail(self, method: str, error: str, **more: str | int) -> None:
        self.slack.fail_next(method, error, **more)  # type: ignore[arg-type]

    def everybody(self) -> dict[str, Person]:
        with self.database.reading() as session:
            return {row.slack_id: row for row in session.exec(select(Person))}

    def holders(self, role: str) -> list[str]:
        with self.database.reading() as session:
            return [each.name for each in people.holders_of(session, role)]

    def give(self, role: str, group: str) -> None:
        with self.database.transaction() as session:
            people.grant_group(session, role, group, actor=None, now=self.clock.now())

    def promised(self, kind: OutboxKind) -> list[str]:
        with self.database.reading() as session:
            return [row.conversation for row in session.exec(select(OutboxRow).where(OutboxRow.kind == kind))]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make waiting take no time; return how long was waited."""
    waited: list[float] = []

    def wait(_: object, seconds: float | None = None) -> bool:
        waited.append(seconds or 0)
        return False

    monkeypatch.setattr(module.threading.Event, "wait", wait)
    return waited


def test_everybody_is_read_page_by_page_with_what_they_are(office: Office) -> None:
    synced = office.directory.sync()

    known = office.everybody()
    assert (synced.people, synced.news) == (5, 5)
    assert office.world.calls.count("users.list") == 3
    assert known["U_OLGA"].rank is WorkspaceRank.PRIMARY_OWNER
    assert known["U_OUT"].membership is Membership.GUEST
    assert known["U_LEFT"].membership is Membership.DEACTIVATED
    assert known["U_ANN"].country == "DE"


def test_who_is_no_longer_listed_is_kept(office: Office) -> None:
    office.directory.sync()
    del office.world.people["U_BEN"]

    assert office.directory.sync().news == 0
    assert "U_BEN" in office.everybody()


def test_somebody_who_cannot_be_read_keeps_nobody_else_out(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.world.people["U_BAD"] = {"id": "no id at all!", "team_id": TEAM}
    office.world.people["U_WORSE"] = {"id": "U_WORSE", "name": 7}

    with caplog.at_level(logging.WARNING):
        office.directory.sync()

    assert {"U_ANN", "U_OLGA"} <= set(office.everybody())
    assert "cannot be read" in caplog.text


def test_slack_is_given_the_time_it_asks_for(office: Office, patient: list[float]) -> None:
    office.fail("users.list", "ratelimited", status=429, Retry_After="17")

    office.directory.sync()

    assert 17 in patient
    assert len(office.everybody()) == 5


def test_a_workspace_that_asks_for_too_long_is_asked_again_later(office: Office) -> None:
    office.fail("users.list", "ratelimited", status=429, Retry_After="900")
    office.directory.keep_up()
    assert office.everybody() == {}

    office.directory.keep_up()
    assert office.everybody() == {}
    office.clock.advance(minutes=2)
    office.directory.keep_up()
    assert len(office.everybody()) == 5


@pytest.mark.parametrize(
    "breaking",
    [
        pytest.param(lambda slack: slack.break_next("users.list", URLError(TimeoutError())), id="it is away"),
        pytest.param(lambda slack: slack.fail_next("users.list", "fatal_error"), id="it fails"),
        pytest.param(lambda slack: slack.fail_next("usergroups.list", "internal_error"), id="its groups fail"),
    ],
)
def test_slack_being_away_harms_nothing_and_is_tried_again(
    office: Office, breaking: Callable[[FakeSlack], None]
) -> None:
    breaking(office.slack)

    office.directory.keep_up()
    office.clock.advance(minutes=2)
    office.directory.keep_up()

    assert len(office.everybody()) == 5
    assert office.holders("admin") == ["Olga"]


def test_people_are_read_once_a_day(office: Office) -> None:
    for hours in (0, 1, 22, 2, 1):
        office.clock.advance(hours=hours)
        office.directory.keep_up()

    assert office.world.calls.count("users.list") == 2 * 3


def test_a_workspace_without_user_groups_is_read_all_the_same(office: Office) -> None:
    office.fail("usergroups.list", "plan_upgrade_required")

    assert office.directory.sync().groups == 0
    assert office.holders("admin") == ["Olga"]


def test_members_are_read_of_user_groups_that_hold_a_role_and_of_no_others(office: Office) -> None:
    office.world.groups = {
        "S_BOARD": user_group("S_BOARD", "U_ANN", "U_OUT"),
        "S_CHESS": user_group("S_CHESS", "U_BEN"),
    }
    office.directory.sync()
    office.give("council", "S_BOARD")
    office.directory.keep_up()
    office.directory.keep_up()

    assert office.holders("council") == ["Ann"]
    assert office.world.calls.count("usergroups.users.list") == 1


def test_a_member_nobody_knew_is_asked_for(office: Office) -> None:
    office.world.groups = {"S_BOARD": user_group("S_BOARD", "U_NEW", "U_GHOST")}
    office.directory.sync()
    office.world.people["U_NEW"] = member("U_NEW")
    office.give("council", "S_BOARD")

    office.directory.keep_up()

    assert office.holders("council") == ["New"]


@pytest.mark.parametrize("how", ["switched off", "deleted", "gone while it is read"])
def test_a_user_group_that_is_gone_gives_its_role_to_nobody_and_comes_back_with_it(office: Office, how: str) -> None:
    office.world.groups = {"S_BOARD": user_group("S_BOARD", "U_ANN")}
    office.directory.sync()
    office.give("council", "S_BOARD")
    office.directory.keep_up()
    assert office.holders("council") == ["Ann"]

    if how == "switched off":
        office.world.groups["S_BOARD"]["date_delete"] = 1
    elif how == "deleted":
        office.world.groups.clear()
    else:
        office.fail("usergroups.users.list", "no_such_subteam")
    office.directory.sync()
    assert office.holders("council") == []

    office.world.groups = {"S_BOARD": user_group("S_BOARD", "U_ANN")}
    office.directory.sync()
    assert office.holders("council") == ["Ann"]


def test_the_owner_of_the_workspace_is_the_first_admin_and_hears_of_it_once(office: Office) -> None:
    for _ in range(2):
        office.directory.sync()
    office.another().sync()

    assert office.holders("admin") == ["Olga"]
    assert office.promised(OutboxKind.SET_UP) == ["U_OLGA"]
    assert office.woken == 1


def test_two_processes_that_start_at_once_appoint_one_admin(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    meeting.after(monkeypatch, people, "was_ever_granted")

    together(office.directory.sync, office.another().sync)

    assert office.promised(OutboxKind.SET_UP) == ["U_OLGA"]


def test_where_somebody_is_admin_the_owner_is_not_made_one(office: Office) -> None:
    with office.database.transaction() as session:
        workspace = Workspace(TEAM, None, "U_BOT")
        ann = module.profile_of(office.world.people["U_ANN"], workspace)
        ann_id = people.store_profile(session, ann, now=office.clock.now() - timedelta(days=1))
        people.grant_role(session, people.ADMIN, ann_id, actor=None, now=office.clock.now())

    office.directory.sync()

    assert office.holders("admin") == ["Ann"]
    assert office.promised(OutboxKind.SET_UP) == []


def test_no_owner_in_sight_means_no_admin_until_there_is_one(office: Office) -> None:
    office.world.people["U_OLGA"] = member("U_OLGA")
    office.directory.sync()
    assert office.holders("admin") == []

    office.world.people["U_BEN"] = member("U_BEN", is_owner=True)
    office.directory.sync()
    assert office.holders("admin") == ["Ben"]


def test_stopping_ends_the_reading(office: Office) -> None:
    office.directory.stop()
    office.directory.keep_up()

    assert office.world.calls == []
