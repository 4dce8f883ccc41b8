"""Meetings of all branches and of the zone's committee, from 2022 until today; all invented (示例).

The year of the page, and the last months, have lists of who came; the years between have the numbers
of a book, as a zone has them that took its books over. The last gatherings are in every state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from luodi.ground.scope.api import SYSTEM, Account, Unit, acting, actor_for, today
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType, Person, PostKind, Stage
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.gatherings import api
from luodi.rooms.gatherings.kinds import kind_of
from luodi.rooms.gatherings.models import Attendance, Gathering, Minutes, Presence, State
from luodi.rooms.gatherings.verbs.planning import hours_of

FIRST = dt.date(2022, 1, 1)
LISTED = 2022  # the year with lists of who came
RECENT = dt.timedelta(days=75)  # and how far back from today
COMMITTEE = 7  # members from which on a branch has a committee (支部工作条例, 第四章)

READINGS: Mapping[str, Asked] = {}

TITLES = {
    "theme_day": ("主题党日：学习贯彻党的二十大精神", "主题党日：安全生产在岗位", "主题党日：走访困难职工", "主题党日：清洁厂区"),
    "members_meeting": ("支部党员大会：季度工作", "支部党员大会：讨论发展计划"),
    "committee_meeting": ("支委会：研究月度工作", "支委会：研究主题党日安排"),
    "warning_education": ("警示教育：典型案例通报", "警示教育：身边事教育身边人"),
    "integrity_talk": ("廉政谈心谈话：节前提醒", "廉政谈心谈话：项目审批岗位"),
    "organisation_life": ("年度组织生活会",),
}  # fmt: skip
TEXTS = {
    "theme_day": "集体学习，交流体会，开展实践活动。（示例）",
    "members_meeting": "听取支部委员会工作情况，讨论并形成决议。（示例）",
    "committee_meeting": "研究本月工作，明确分工。（示例）",
    "warning_education": "通报典型案例，讨论，提出要求。（示例）",
    "integrity_talk": "谈岗位风险，提醒纪律要求。（示例）",
    "organisation_life": "征求意见，对照检查，开展批评和自我批评，提出整改措施。（示例）",
}
EXCUSES = ("出差", "倒班", "病假", "探亲")


@dataclass(slots=True)
class Host:
    """A unit with the people whom a kind expects, each since when, and who writes for it."""

    unit: Unit
    since: dt.date
    people: list[tuple[Person, dt.date]]
    committee: list[Person]
    account: Account
    leader: Person | None

    def expected(self, kind: str, on: dt.date) -> list[Person]:
        if kind == "committee_meeting":
            return self.committee
        return [person for person, since in self.people if since <= on]


def build(zone: Zone) -> None:
    """Lays the years out; the last weeks go through the verbs."""
    hosts = [*_branches(zone), _committee(zone)]
    planned = [(host, kind, day) for host in hosts for kind, day in _days(host, today())]
    _lay(planned)
    _lately(zone, hosts)


def _branches(zone: Zone) -> Iterator[Host]:
    for name, branch in zone.branches.items():
        standing = branch.standings.get()
        held = branch.memberships.filter(stage__in=[Stage.FORMAL, Stage.PROBATIONARY])
        rows = sorted(held.select_related("person"), key=lambda one: one.person_id)
        people = [(one.person, one.since) for one in rows]
        committee = [people[0][0]]
        if len(people) >= COMMITTEE and standing.type != BranchType.TEMPORARY:
            for person, kind in (
                (people[1][0], PostKind.BRANCH_DEPUTY),
                (people[2][0], PostKind.BRANCH_MEMBER),
            ):
                directory.appoint(
                    actor=SYSTEM, person=person, unit=branch.unit, kind=kind, since=standing.since
                )
                committee.append(person)
        since = max(FIRST, standing.since + dt.timedelta(days=20))
        yield Host(branch.unit, since, people, committee, _writer(zone, name), people[0][0])


def _writer(zone: Zone, name: str) -> Account:
    """Who writes for a branch: its own secretary has an account, else the district's instructor."""
    if "储能" in name:
        return zone.accounts["branch"]
    chain = next((one for one in range(1, 4) if _district(zone, name) == one), 1)
    return zone.accounts[f"instructor{chain}"]


def _district(zone: Zone, name: str) -> int:
    path = zone.branches[name].unit.path
    for number, unit in enumerate(zone.districts.values(), start=1):
        if path.startswith(unit.path):
            return number
    return 1


def _committee(zone: Zone) -> Host:
    people = list(directory.leading_group(zone.zone, dt.date(2022, 12, 1)).order_by("pk"))
    known = [(one, FIRST) for one in people]
    return Host(zone.zone, FIRST, known, people, zone.accounts["office"], people[0])


def _days(host: Host, until: dt.date) -> Iterator[tuple[str, dt.date]]:
    """What a host holds, and when: the monthly, the quarterly, the yearly ones."""
    branch = host.unit.kind == "branch"
    for year in range(FIRST.year, until.year + 1):
        for month in range(1, 13):
            quarterly = month % 3 == 0
            wanted = [("theme_day", 15)] if branch else [("warning_education", 8)]
            if branch and len(host.committee) > 1:
                wanted.append(("committee_meeting", 5))
            if branch and month % 3 == 2:
                wanted.append(("members_meeting", 20))
            if not branch and quarterly:
                wanted.append(("integrity_talk", 12))
            if branch and month == 12:
                wanted.append(("organisation_life", 19))
            for kind, number in wanted:
                day = _working(dt.date(year, month, number))
                if host.since <= day < until - dt.timedelta(days=3):
                    yield kind, day


def _working(day: dt.date) -> dt.date:
    """The day, or the Monday after a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _lay(planned: list[tuple[Host, str, dt.date]]) -> None:
    """Writes what was held, with who came, and its signed minutes: few statements for many rows."""
    made = Gathering.objects.bulk_create(
        _gathering(host, kind, day, number) for number, (host, kind, day) in enumerate(planned)
    )
    people, minutes = [], []
    recent = today() - RECENT
    for number, (row, (host, kind, day)) in enumerate(zip(made, planned, strict=True)):
        assert row.recorded_at is not None
        counts = {"came": row.told_came} if row.told_came is not None else {}
        if day.year == LISTED or day > recent:
            found = list(_came(row, host.expected(kind, day), number))
            people += found
            counts = {one: sum(a.state == one for a in found) for one in Presence}
        minutes.append(
            Minutes(
                gathering=row,
                state=Minutes.State.SIGNED,
                text=TEXTS[kind],
                written_by=host.account,
                written_at=row.recorded_at,
                signed_by=host.account,
                signed_at=row.recorded_at + dt.timedelta(hours=1),
                counts=counts,
            )
        )
    Attendance.objects.bulk_create(people, batch_size=2000)
    Minutes.objects.bulk_create(minutes, batch_size=2000)


def _gathering(host: Host, kind: str, day: dt.date, number: int) -> Gathering:
    of, titles = kind_of(kind), TITLES[kind]
    starts_at = noon(day, 15)
    ends_at = starts_at + dt.timedelta(minutes=of.minutes)
    late = number % 97 == 40  # a few were entered long after
    recorded_at = ends_at + dt.timedelta(days=23 if late else 0, hours=2)
    also = ["lesson"] if kind == "theme_day" and day.month % 3 == 0 else []
    listed = day.year == LISTED or day > today() - RECENT
    count = len(host.expected(kind, day))
    return Gathering(
        unit=host.unit,
        kind=kind,
        also=also,
        title=f"{titles[number % len(titles)]}（示例）",
        starts_at=starts_at,
        ends_at=ends_at,
        place="党员活动室" if host.unit.kind == "branch" else "党群活动服务中心 多功能会议室",
        leader=host.leader,
        lecturer=host.leader.name if also and host.leader else "",
        state=State.HELD,
        hours=hours_of(of, also, starts_at, ends_at) or (Decimal("1.5") if also else None),
        told_expected=None if listed else count,
        told_came=None if listed else count - (number % 4 == 0 and count > 3),
        entered_by=host.account,
        entered_at=recorded_at if late else starts_at - dt.timedelta(days=4),
        recorded_at=recorded_at,
        changed_at=starts_at - dt.timedelta(days=4),
    )


def _came(row: Gathering, people: list[Person], number: int) -> Iterator[Attendance]:
    """Who came: nearly all, one in a while excused, late or absent."""
    for place, person in enumerate(people):
        state, reason, turn = Presence.CAME, "", (place * 7 + number * 3) % 29
        if turn == 5:
            state, reason = Presence.EXCUSED, EXCUSES[number % len(EXCUSES)]
        elif turn == 11:
            state = Presence.LATE
        elif turn == 17 and place % 2:
            state = Presence.ABSENT
        yield Attendance(gathering=row, person=person, state=state, reason=reason)


# --- the last weeks: by the verbs, in every state -------------------------------------------------


def _lately(zone: Zone, hosts: list[Host]) -> None:
    """A meeting with a vote, an election and a task; a draft; one to come; one cancelled."""

    by_name = {host.unit.name: host for host in hosts}
    storage = by_name["示例储能公司党支部"]
    casting = by_name["示例压铸公司党总支"]
    with acting(actor_for(storage.account)) as actor:
        meeting = api.plan_gathering(
            actor=actor,
            unit=storage.unit,
            kind="members_meeting",
            title="支部党员大会：接收预备党员、补选委员（示例）",
            starts_at=noon(today() - dt.timedelta(days=6), 15),
            place="党员活动室",
            agenda="讨论接收预备党员\n补选支部委员\n书记作工作报告 75分钟",
            again=True,
            tell=False,
        )
        meeting = api.record_attendance(
            actor=actor,
            gathering=meeting,
            exceptions={storage.people[4][0].pk: "excused"},
            reasons={storage.people[4][0].pk: "出差"},
            guests=["钱某（示例）（上级党组织）"],
        )
        vote = api.open_vote(
            actor=actor, gathering=meeting, rule="admission", subject="接收示例甲为预备党员"
        )
        api.close_vote(actor=actor, vote=vote, yes=6, no=0, abstain=1)
        election = api.open_vote(
            actor=actor,
            gathering=meeting,
            rule="election",
            subject="补选支部委员",
            seats=1,
            candidates=["示例乙", "示例丙"],
        )
        counted = [one.pk for one in election.candidates.all()]
        api.close_vote(actor=actor, vote=election, votes={counted[0]: 5, counted[1]: 2})
        points = [
            api.PointGiven(
                "讨论接收预备党员",
                "介绍人（示例）",
                "介绍培养情况，讨论。",
                "同意接收，报上级审批。",
            ),
            api.PointGiven("补选支部委员", "", "按选举办法投票。", "示例乙当选，报上级备案。"),
        ]
        api.write_minutes(actor=actor, gathering=meeting, text="应到8人，实到7人。", points=points)
        api.give_task(
            actor=actor,
            gathering=meeting,
            text="整理发展党员材料，报上级审批",
            person=storage.people[1][0],
            due_on=today() + dt.timedelta(days=20),
        )
        api.plan_gathering(
            actor=actor,
            unit=storage.unit,
            kind="theme_day",
            title="主题党日：安全生产在岗位（示例）",
            starts_at=noon(today() + dt.timedelta(days=9), 15),
            place="党员活动室",
            agenda="集体学习\n车间隐患排查",
            again=True,
        )
    with acting(actor_for(casting.account)) as actor:
        draft = api.plan_gathering(
            actor=actor,
            unit=casting.unit,
            kind="theme_day",
            title="主题党日：清洁厂区（示例）",
            starts_at=noon(today() - dt.timedelta(days=2), 9),
            place="一号车间",
            agenda="集体学习\n义务劳动",
            again=True,
            tell=False,
        )
        api.record_attendance(actor=actor, gathering=draft)
        api.write_minutes(actor=actor, gathering=draft, text="学习后到一号车间清理通道。（示例）")
        off = api.plan_gathering(
            actor=actor,
            unit=casting.unit,
            kind="committee_meeting",
            title="支委会：研究月度工作（示例）",
            starts_at=noon(today() + dt.timedelta(days=4), 16),
            again=True,
            tell=False,
        )
        api.cancel_gathering(actor=actor, gathering=off, why="与上级会议冲突，改期另行通知")
