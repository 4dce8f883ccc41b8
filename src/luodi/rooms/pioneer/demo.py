"""The backbone of the page, its posts; all people are invented (示例)."""

from __future__ import annotations

import datetime as dt

from luodi.ground.scope.api import SYSTEM, Unit, acting, actor_for, today
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Person, PostKind
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.pioneer import api
from luodi.rooms.pioneer.models import Project, Stand, Studio, StudioMember

BACKBONE = 25  # of whom MEMBERS are members: 36 % on the page's day, which says "over 30 %"
MEMBERS = (("示例压铸公司", 6), ("示例储能公司", 3))
OTHERS = ("示例压铸公司", "示例储能公司", "示例模具公司")
SINCE = dt.date(2022, 1, 10)

READINGS = {"pioneer.member_share": Asked("pioneer.member_share")}


def build(zone: Zone) -> None:
    """The backbone: members first, from the branches of two invented enterprises; then others."""
    members = [
        person
        for name, count in MEMBERS
        for person in _some_members(zone.enterprises[name].unit, count)
    ]
    others = []
    for place in range(BACKBONE - len(members)):
        unit = zone.enterprises[OTHERS[place % len(OTHERS)]].unit
        others.append(zone.person(unit, dt.date(1984 + place % 12, 1 + place % 12, 5)))
    for person in [*members, *others]:
        directory.appoint(
            actor=SYSTEM,
            person=person,
            unit=person.unit,
            kind=PostKind.BACKBONE,
            since=SINCE,
            at=noon(SINCE),
        )
    _managers(zone)
    _stands(zone, members)
    _studios(zone, members)
    _tasks(zone)


def _some_members(unit: Unit, count: int) -> list[Person]:
    found = directory.members(unit, SINCE).filter(unit=unit)
    return list(found.select_related("unit").order_by("id")[1 : count + 1])


def _managers(zone: Zone) -> None:
    """Two secretaries manage as well; in a third enterprise a member who manages has no office yet."""
    for name in ("示例压铸公司", "道尔铝业公司", "示例储能公司"):
        unit = zone.enterprises[name].unit
        place = 0 if name != "示例储能公司" else 4
        found = list(directory.members(unit, SINCE).order_by("id")[place : place + 1])
        for person in found:
            directory.appoint(
                actor=SYSTEM, person=person, unit=unit, kind=PostKind.MANAGER, since=SINCE,
                at=noon(SINCE),
            )  # fmt: skip


def _stands(zone: Zone, members: list[Person]) -> None:
    """Posts and areas: held, handed on, and one that stands empty."""
    texts = (
        ("post", "压铸一线先锋岗（示例）", "示例压铸公司", "压铸车间一线", "关键工序我来守"),
        ("post", "电池检测先锋岗（示例）", "示例储能公司", "检测室", "每一组电芯都查清楚"),
        ("area", "模具库责任区（示例）", "示例压铸公司", "模具库和东侧通道", "通道不堵，标识不错"),
        ("area", "充放电场地责任区（示例）", "示例储能公司", "充放电场地", "安全距离一米不少"),
    )
    for place, (kind, name, enterprise, where, sentence) in enumerate(texts):
        unit = zone.enterprises[enterprise].unit
        stand = Stand.objects.create(
            unit=unit, kind=kind, name=name, place=where, sentence=sentence, opened_on=SINCE,
            duties="每班检查一次，发现问题当班处理或上报。",
        )  # fmt: skip
        mine = [one for one in members if one.unit_id == unit.pk]
        if place == len(texts) - 1:
            continue
        api.hand_stand_on(
            actor=SYSTEM, stand=stand, person=mine[0], on=SINCE, agreed=["name", "since"]
        )
        if place < 2:
            api.hand_stand_on(
                actor=SYSTEM, stand=stand, person=mine[1], on=dt.date(2024, 3, 1), agreed=["name"]
            )


def _studios(zone: Zone, members: list[Person]) -> None:
    """The page's two innovation studios, at the enterprises that hold its patents."""
    for name, aim in (("道尔铝业公司", "铝加工工艺"), ("信发铝业", "电解铝节能")):
        unit = zone.enterprises[name].unit
        studio = Studio.objects.create(
            unit=unit, name=f"{name}党建+科技创新工作室", aim=f"{aim}（示例）",
            opened_on=dt.date(2021, 1, 1),
        )  # fmt: skip
        for person in directory.members(unit, SINCE).order_by("id")[1:4]:
            StudioMember.objects.create(studio=studio, person=person, opened_on=SINCE)
        Project.objects.create(
            studio=studio, name=f"{aim}改进（示例）", opened_on=SINCE, result="第二轮试验中"
        )


def _tasks(zone: Zone) -> None:
    """Tasks of these weeks: open, taken, handed on, done, and one that nobody claimed."""
    day, office = today(), actor_for(zone.accounts["office"])
    branch = zone.branches["示例储能公司党支部"]
    member = directory.Membership.objects.on(day).filter(branch=branch).order_by("person_id")
    first, second = (one.person for one in member.select_related("person")[1:3])
    texts = (
        ("冬季安全用电入户讲解（示例）", 12, 3), ("新员工叉车安全带教（示例）", 20, 1),
        ("设备档案整理（示例）", 5, 2), ("技能比武场地布置（示例）", 2, 2),
    )  # fmt: skip
    for place, (title, days, hands) in enumerate(texts):
        with acting(office):
            task = api.raise_task(
                actor=office, unit=zone.zone, title=title, hands=hands,
                due_on=day + dt.timedelta(days=days), place="开发区（示例）",
                at=noon(day - dt.timedelta(days=9)),
            )  # fmt: skip
        if place == 3:
            continue
        claim = api.claim_task(
            actor=SYSTEM, task=task, branch=branch, person=first, on=day - dt.timedelta(days=7)
        )
        if place == 1:
            api.finish_claim(actor=SYSTEM, claim=claim, sentence="两名新员工已能独立操作（示例）。")
        if place == 2:
            api.hand_claim_on(
                actor=SYSTEM, claim=claim, person=second, reason="倒班（示例）",
                on=day - dt.timedelta(days=2),
            )  # fmt: skip
