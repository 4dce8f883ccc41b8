"""People in development: the page's eight of 2022, and some at every stage today. All invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from luodi.ground.scope.api import SYSTEM, Unit, today
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Branch, Person, PostKind, Stage
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.pathways import api
from luodi.rooms.pathways.rules.dues import first_of, months
from luodi.rooms.pathways.rules.times import Span, later
from luodi.rooms.pathways.verbs import dues, pairing, terms
from luodi.rooms.pathways.verbs.history import Past, enter_history

READINGS = {"pioneer.backbone_to_member": Asked("pathways.backbone_to_member")}
TO_MEMBER = 8
PLAN = 2022

# Days after the application on which a file of the demonstration takes each step.
OFFSETS = {
    "apply": 0, "talk": 20, "choose": 60, "file_activist": 65, "contacts": 66, "review": 235,
    "candidate": 430, "file_candidate": 436, "introducers": 440, "political": 455,
    "training": 470, "committee": 480, "prereview": 490, "form": 495, "meeting": 510,
    "interview": 525, "approve": 540, "file_member": 550, "group": 545, "oath": 560,
    "observe": 690, "ask": 860, "confirm": 878, "approve_formal": 900, "archive": 915,
}  # fmt: skip
PAPERS = {
    "apply": "入党申请书", "talk": "谈话记录", "choose": "支委会记录", "review": "考察登记表",
    "candidate": "支委会记录", "political": "政审材料", "committee": "支委会记录", "prereview": "预审意见",
    "form": "入党志愿书", "meeting": "支部大会决议", "interview": "谈话意见", "approve": "批复",
    "observe": "考察登记表", "ask": "转正申请书", "confirm": "支部大会决议", "approve_formal": "批复",
    "archive": "归档清单",
}  # fmt: skip
# How many days ago those of today applied, and whose branch: from a talk that is due to a file that
# waits for its last steps.
TODAY = (
    (8, 0),
    (45, 1),
    (250, 0),
    (330, 1),
    (452, 0),
    (492, 0),
    (532, 1),
    (600, 0),
    (870, 0),
    (893, 1),
)


def build(zone: Zone) -> None:
    """The eight of the page, then those of today."""
    for place, person in enumerate(_backbone(zone)):
        applied = dt.date(2021, 9, 6) + dt.timedelta(days=3 * place)
        _enter(zone, person, _branch(zone, person), applied, PLAN)
    day = today()
    branches = [zone.branches[name] for name in ("示例储能公司党支部", "道尔铝业公司党支部")]
    for ago, which in TODAY:
        branch = branches[which]
        person = zone.person(_home(branch), dt.date(1990 + ago % 9, 1 + ago % 12, 1 + ago % 28))
        year = day.year if ago > 400 else None
        _enter(zone, person, branch, day - dt.timedelta(days=ago), year)
    _interrupted(zone, branches[0])
    _dues(branches[0])
    _terms(zone)
    _pairings(branches[0])


def _home(branch: Branch) -> Unit:
    """The enterprise of a branch."""
    assert branch.unit.parent is not None
    return branch.unit.parent


def _backbone(zone: Zone) -> Sequence[Person]:
    """The first of the backbone that are no members: those whom the page's plan is about."""
    day = dt.date(2022, 12, 22)
    posts = directory.Post.objects.on(day).filter(kind=PostKind.BACKBONE)
    members = directory.members(zone.zone, day)
    rows = posts.exclude(person__in=members).order_by("person_id").select_related("person__unit")
    return [one.person for one in rows[:TO_MEMBER]]


def _branch(zone: Zone, person: Person) -> Branch:
    """The branch of the person's enterprise, or of the chain's leading one."""
    for branch in zone.branches.values():
        if branch.unit.parent_id == person.unit_id:
            return branch
    return zone.branches["示例压铸公司党总支"]


def _enter(zone: Zone, person: Person, branch: Branch, applied: dt.date, year: int | None) -> None:
    """A file up to today, each step on its usual day."""
    introducers = _formal(branch, applied)
    past = []
    for step, days in OFFSETS.items():
        on = applied + dt.timedelta(days=days)
        if on > today():
            break
        people = {"contacts": introducers[:1], "introducers": introducers[:2]}.get(step, [])
        values: dict[str, object] = {"paper": f"{PAPERS[step]}（示例）"} if step in PAPERS else {}
        if step in {"meeting", "confirm"}:
            values |= {"entitled": 7, "present": 7, "favour": 7}
        if step == "training":
            values |= {"days": 3, "hours": 24}
        past.append(Past(step, on, people, values))
    enter_history(
        actor=SYSTEM, person=person, branch=branch, past=past, plan_year=year, at=noon(past[-1].on)
    )


def _formal(branch: Branch, on: dt.date) -> list[Person]:
    rows = directory.Membership.objects.on(max(on, branch.term_started_on or on))
    held = rows.filter(branch=branch, stage=Stage.FORMAL).select_related("person")
    return [one.person for one in held.order_by("person_id")[1:3]]


def _interrupted(zone: Zone, branch: Branch) -> None:
    """One whose cultivation was interrupted, and one who withdrew."""
    day = today()
    for ago, ended in ((400, False), (300, True)):
        person = zone.person(_home(branch), dt.date(1993, 4, 1 + ago % 28))
        _enter(zone, person, branch, day - dt.timedelta(days=ago), None)
        journey = api.Journey.objects.get(person=person)
        if ended:
            api.end_journey(
                actor=SYSTEM, journey=journey, end="withdrawn", on=day - dt.timedelta(days=30),
                ground="本人书面申请（示例）", at=noon(day - dt.timedelta(days=30)),
            )  # fmt: skip
        else:
            api.interrupt(
                actor=SYSTEM, journey=journey, since=day - dt.timedelta(days=150),
                until=day - dt.timedelta(days=90), reason="外派学习两个月（示例）",
            )  # fmt: skip


def _dues(branch: Branch) -> None:
    """A year of dues up to last month, of one branch; two members are behind."""
    day = today()
    here = first_of(day)
    held = directory.Membership.objects.on(day).filter(branch=branch, stage=Stage.FORMAL)
    people = [one.person for one in held.select_related("person").order_by("person_id")]
    since = dt.date(here.year - 1, 1, 1)
    for place, person in enumerate(people):
        dues.set_base(
            actor=SYSTEM, branch=branch, person=person, category="wage", since=since,
            base=Decimal(3200 + 900 * place),
        )  # fmt: skip
    for month in months(since, here - dt.timedelta(days=1)):
        late = here - dt.timedelta(days=130)
        paying = people[2:] if month >= late else people
        dues.collect(
            actor=SYSTEM, branch=branch, month=month, people=paying,
            on=month + dt.timedelta(days=8), at=noon(month + dt.timedelta(days=8)),
        )  # fmt: skip


def _terms(zone: Zone) -> None:
    """Elections of 2023 and later: one falls due soon, one was put off with a reason."""
    day = today()
    for name, left in (("道尔铝业公司党支部", 80), ("示例储能公司党支部", 170)):
        started = later(day + dt.timedelta(days=left), Span(-36))
        directory.set_term(actor=SYSTEM, branch=zone.branches[name], started_on=started)
    branch = zone.branches["信发铝业党总支"]
    directory.set_term(actor=SYSTEM, branch=branch, started_on=later(day, Span(-37)))
    due = terms.due_of(branch)
    if due is not None:
        terms.shift_term(
            actor=SYSTEM, branch=branch, moved_to=later(due, Span(4)),
            reason="年底集中检修，经党工委同意延期（示例）",
        )  # fmt: skip


def _pairings(branch: Branch) -> None:
    """A member who learns a trade, and one of the backbone who is to become a member."""
    day = today()
    held = directory.Membership.objects.on(day).filter(branch=branch)
    formal = [one.person for one in held.filter(stage=Stage.FORMAL).order_by("person_id")[:3]]
    active = held.filter(stage=Stage.ACTIVIST).order_by("person_id").first()
    since = day - dt.timedelta(days=60)
    pairs = [(formal[1], "to_backbone", formal[2], "掌握电池组检测全流程（示例）")]
    if active is not None:
        pairs.append((active.person, "to_member", formal[0], "一年内达到发展对象条件（示例）"))
    for person, direction, companion, goal in pairs:
        made = pairing.begin_pairing(
            actor=SYSTEM, person=person, direction=direction, companion=companion, since=since,
            goal=goal,
        )  # fmt: skip
        for text, days in (("跟班学习（示例）", 30), ("独立完成一次并复盘（示例）", 90)):
            pairing.agree_on_step(
                actor=SYSTEM, pairing=made, text=text, due_on=since + dt.timedelta(days=days)
            )
        step = made.steps.first()
        if step is not None:
            pairing.finish_pairing_step(
                actor=SYSTEM,
                step=step,
                sentence="按时完成（示例）",
                on=since + dt.timedelta(days=28),
            )
