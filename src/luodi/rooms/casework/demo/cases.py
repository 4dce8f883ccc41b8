"""The cases: each carried by the users' own verbs, at its dates; all invented and marked 示例.

What was solved lies before the page's date; what is open is dated from today, so that lights and
reminders look as they do in use.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import Actor, acting
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Category
from luodi.rooms.directory.demo import Zone, noon

PROJECT, OPERATION, TALENT = "项目建设", "生产经营", "人才引进"

# (category, enterprise, text, raised on, days to the solution, measure, department asked for help)
Solved = tuple[str, str, str, dt.date, int, str, int | None]
SOLVED: tuple[Solved, ...] = (
    (PROJECT, "示例铝材公司", "二期厂房外电源线路受阻，施工队进不了场", dt.date(2021, 3, 9), 11, "与线路沿线村商定塔基位置并复工", 0),
    (OPERATION, "示例压铸公司", "旺季用电负荷不够，夜班开不满", dt.date(2021, 3, 22), 8, "调整变压器容量并错峰安排", 0),
    (TALENT, "示例储能公司", "招不到电气工程师，岗位空了四个月", dt.date(2021, 4, 12), 12, "参加专场招聘会并对接院校", 1),
    (PROJECT, "示例光伏公司", "升压站用地预审材料反复退回", dt.date(2021, 4, 27), 10, "由经办人一次告知所缺材料", 2),
    (OPERATION, "示例模具公司", "厂区门前道路破损，货车进出困难", dt.date(2021, 5, 18), 9, "修补路面并设置限速标志", None),
    (OPERATION, "示例铝箔公司", "污水接管口位置与图纸不符", dt.date(2021, 6, 3), 7, "现场核对后改接", None),
    (TALENT, "示例智造公司", "外地技术员子女入学不知道找谁办", dt.date(2021, 6, 24), 6, "列出所需材料并陪同办理", 1),
    (PROJECT, "示例风电公司", "进场道路需临时占用林地，手续不清楚", dt.date(2021, 7, 8), 14, "会同经办人踏勘并明确范围", 2),
    (OPERATION, "示例铝材公司", "天然气计量表读数异常", dt.date(2021, 8, 5), 5, "更换计量表并核对用量", None),
    (OPERATION, "示例压铸公司", "危险废物暂存间临近期满，转运单位排不上", dt.date(2021, 8, 26), 10, "协调增加转运批次", None),
    (PROJECT, "示例储能公司", "消防验收时间排不上，影响投产", dt.date(2021, 9, 14), 9, "提前指导整改后预约验收", None),
    (TALENT, "示例光伏公司", "高级技工职称申报窗口不明确", dt.date(2021, 10, 12), 8, "汇总本批申报并集中送审", 1),
    (OPERATION, "示例模具公司", "生产用水压力不足", dt.date(2021, 11, 3), 6, "更换加压泵并调整供水时段", None),
    (PROJECT, "示例智造公司", "厂房规划许可变更进度不明", dt.date(2021, 11, 25), 13, "补充图纸并跟踪审批节点", 2),
    (OPERATION, "示例铝箔公司", "冬季供热管网压力波动", dt.date(2021, 12, 14), 5, "检修换热站阀门", None),
    (PROJECT, "示例风电公司", "集电线路跨越公路需多家会签", dt.date(2022, 2, 15), 14, "召集一次会商完成会签", 0),
    (OPERATION, "示例储能公司", "原料到货后卸货场地不足", dt.date(2022, 3, 10), 7, "协调相邻闲置场地临时使用", None),
    (TALENT, "示例压铸公司", "一线模具工流失，想办定向培训班", dt.date(2022, 4, 6), 14, "与职业学校签订培训计划", 1),
    (OPERATION, "示例铝材公司", "电费结算单与抄表数不一致", dt.date(2022, 5, 9), 6, "逐户核对并更正结算", 0),
    (PROJECT, "示例光伏公司", "并网检测排期晚于计划", dt.date(2022, 6, 14), 10, "提前报送资料并确定日期", 0),
    (OPERATION, "示例智造公司", "物流专线停运，成品发不出去", dt.date(2022, 7, 19), 8, "联系承运单位恢复班次", None),
    (TALENT, "示例模具公司", "人才公寓申请没有回音", dt.date(2022, 8, 23), 7, "查明名额并安排入住", 1),
    (OPERATION, "示例铝箔公司", "循环水池防渗检测机构难找", dt.date(2022, 10, 11), 9, "推荐三家机构供选择", None),
    (PROJECT, "示例储能公司", "扩建项目环评公示时间冲突", dt.date(2022, 11, 15), 10, "调整公示安排并留足天数", None),
)  # fmt: skip

MATTERS: tuple[tuple[str, dt.date, int], ...] = (
    ("在园区主路口增设公交站点", dt.date(2021, 9, 6), 40),
    ("为夜班职工开设早餐供应点", dt.date(2021, 11, 8), 30),
    ("在服务中心设立劳动关系咨询窗口", dt.date(2022, 4, 11), 35),
    ("为企业职工子女开办暑期看护班", dt.date(2022, 6, 6), 30),
)
RECTIFIED: tuple[tuple[str, dt.date, int], ...] = (
    ("专项整治自查：个别闲置场地租用手续不全", dt.date(2022, 3, 21), 25),
    ("专项整治自查：会议过多过长，占用企业时间", dt.date(2022, 5, 16), 20),
)

DISTRICT_OF = {
    "示例铝材公司": 1, "示例铝箔公司": 1, "示例压铸公司": 2, "示例模具公司": 2,
    "示例智造公司": 2, "示例储能公司": 3, "示例光伏公司": 3, "示例风电公司": 3,
}  # fmt: skip
LIAISON_OF = {
    "示例铝材公司": 1, "示例铝箔公司": 2, "示例压铸公司": 3, "示例模具公司": 4,
    "示例储能公司": 5, "示例光伏公司": 6,
}  # fmt: skip


@dataclass
class Story:
    """Carries cases as their people would: every verb by its own actor, at its own hour."""

    zone: Zone
    categories: dict[str, Category] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        return scope.actor_for(self.zone.accounts[username])

    def instructor(self, enterprise: str) -> Actor:
        return self.actor(f"instructor{DISTRICT_OF[enterprise]}")

    def raised(self, category: str, enterprise: str, text: str, at: dt.datetime) -> Case:
        """By the enterprise's liaison; where it has none, by the instructor who was rung up."""
        known: dict[str, Any] = {
            "unit": self.zone.enterprises[enterprise].unit,
            "text": f"（示例）{text}。",
            "category": self.categories[category],
            "is_example": True,
            "at": at,
        }
        if enterprise in LIAISON_OF:
            with acting(self.actor(f"liaison{LIAISON_OF[enterprise]}")) as actor:
                return casework.raise_problem(actor=actor, **known)
        with acting(self.instructor(enterprise)) as actor:
            return casework.raise_on_behalf(
                actor=actor,
                reporter_name="车间主任（示例）",
                reporter_phone="13800009999",
                **known,
            )

    def received(self, case: Case, enterprise: str, at: dt.datetime) -> None:
        if case.state == "raised":
            with acting(self.instructor(enterprise)) as actor:
                casework.receive(actor=actor, case=case, at=at)

    def helped(self, case: Case, enterprise: str, department: int, at: dt.datetime) -> None:
        """A county department is asked, agrees, and answers."""
        with acting(self.instructor(enterprise)) as actor:
            casework.ask_department(
                actor=actor,
                case=case,
                unit=self.zone.departments[department],
                text="请协助核实并答复办理时间。",
                at=at,
            )
        with acting(self.actor(f"department{department + 1}")) as actor:
            casework.join(actor=actor, case=case, at=at + dt.timedelta(hours=3))
            casework.answer(
                actor=actor,
                case=case,
                text="已现场核实，按所列材料办理。",
                at=at + dt.timedelta(hours=20),
            )

    def verified(self, case: Case, enterprise: str, at: dt.datetime) -> None:
        """The reporter is asked; where nobody can sign in, the branch of the enterprise rings back."""
        if enterprise in LIAISON_OF:
            with acting(self.actor(f"liaison{LIAISON_OF[enterprise]}")) as actor:
                casework.verify(actor=actor, case=case, satisfied=True, words="已解决。", at=at)
        else:
            casework.confirm_by_time(case=case, at=at + dt.timedelta(days=30))


def build(zone: Zone) -> Story:
    """24 solved problems, 4 practical matters, 2 rectified faults, and open ones in every state."""
    story = Story(zone, {one.name: one for one in Category.objects.filter(unit=None)})
    for solved in SOLVED:
        solve(story, solved)
    for text, day, days in MATTERS:
        carry_own(story, "practical_matter", text, day, days)
    for text, day, days in RECTIFIED:
        carry_own(story, "special_rectification", text, day, days)
    open_ones(story, timezone.now())
    return story


def solve(story: Story, solved: Solved) -> Case:
    """One problem from its report to the reporter's word that it is solved."""
    category, enterprise, text, day, days, measure, department = solved
    case = story.raised(category, enterprise, text, noon(day))
    story.received(case, enterprise, noon(day, 11))
    if department is not None:
        story.helped(case, enterprise, department, noon(day, 15))
    done = noon(day + dt.timedelta(days=days), 16)
    with acting(story.instructor(enterprise)) as actor:
        step = casework.add_measure(
            actor=actor,
            case=case,
            text=f"{measure}（示例）",
            owner=story.zone.accounts[f"instructor{DISTRICT_OF[enterprise]}"],
            due_on=day + dt.timedelta(days=days),
            at=noon(day + dt.timedelta(days=2), 9),
        )
        casework.finish_measure(actor=actor, measure=step, result="已完成。", at=done)
        casework.submit(actor=actor, case=case, note="已办理完毕，请确认。", at=done)
    story.verified(case, enterprise, done + dt.timedelta(hours=18))
    return case


def carry_own(story: Story, procedure: str, text: str, day: dt.date, days: int) -> Case:
    """A matter of the zone itself, from its record to its confirmed end."""
    done = noon(day + dt.timedelta(days=days), 15)
    with acting(story.actor("office")) as office:
        case = casework.raise_problem(
            actor=office,
            unit=story.zone.zone,
            text=f"（示例）{text}。",
            procedure=procedure,
            is_example=True,
            at=noon(day),
        )
        casework.receive(actor=office, case=case, at=noon(day, 11))
        step = casework.add_measure(
            actor=office,
            case=case,
            text="明确牵头人和完成时间，按周跟进（示例）",
            owner=story.zone.accounts["office"],
            due_on=day + dt.timedelta(days=days),
            at=noon(day, 15),
        )
        proof = SimpleUploadedFile("办理说明（示例）.txt", f"（示例）{text}：已办成。".encode())
        casework.attach(actor=office, case=case, upload=proof, at=done)
        casework.finish_measure(actor=office, measure=step, result="已完成。", at=done)
        casework.submit(actor=office, case=case, note="已办成，请确认。", at=done)
        casework.verify(
            actor=office,
            case=case,
            satisfied=True,
            words="已确认。",
            at=done + dt.timedelta(hours=1),
        )
    return case


def open_ones(story: Story, now: dt.datetime) -> None:
    """What is on people's desks today: one or more in every state that the procedure has."""

    def ago(days: float) -> dt.datetime:
        return now - dt.timedelta(days=days)

    reason = "（示例）"
    story.raised(PROJECT, "示例铝材公司", "三期用电报装卡在线路走廊", ago(0.1))
    story.raised(OPERATION, "示例储能公司", "园区宽带夜间频繁中断", ago(2))

    running = story.raised(OPERATION, "示例压铸公司", "压缩空气站噪声影响宿舍", ago(6))
    story.received(running, "示例压铸公司", ago(5.9))
    with acting(story.actor("instructor2")) as actor:
        casework.add_measure(
            actor=actor, case=running, text="加装隔声罩（示例）",
            owner=story.zone.accounts["instructor2"],
            due_on=(now + dt.timedelta(days=6)).date(), at=ago(5),
        )  # fmt: skip

    late = story.raised(PROJECT, "示例光伏公司", "电缆沟穿越村道迟迟未批", ago(40))
    story.received(late, "示例光伏公司", ago(39.9))
    story.helped(late, "示例光伏公司", 2, ago(38))
    with acting(story.actor("liaison6")) as actor:
        casework.urge(actor=actor, case=late, at=ago(3))
    with acting(story.actor("secretary")) as actor:
        casework.supervise(actor=actor, case=late, text="请本周内答复企业。", at=ago(1))

    offered = story.raised(TALENT, "示例铝箔公司", "想引进铝箔轧制专家，需要政策支持", ago(5))
    story.received(offered, "示例铝箔公司", ago(4.8))
    with acting(story.actor("instructor1")) as actor:
        casework.escalate(actor=actor, case=offered, reason=f"涉及全区政策{reason}", at=ago(1))

    paused = story.raised(PROJECT, "示例模具公司", "道路改线等待雨季后施工", ago(25))
    story.received(paused, "示例模具公司", ago(24.9))
    with acting(story.actor("instructor2")) as actor:
        casework.pause(actor=actor, case=paused, reason=f"等待天气{reason}", at=ago(20))

    submitted = story.raised(OPERATION, "示例铝材公司", "地磅检定到期", ago(9))
    story.received(submitted, "示例铝材公司", ago(8.9))
    with acting(story.actor("instructor1")) as actor:
        casework.submit(actor=actor, case=submitted, note="检定已完成，请确认。", at=ago(1))

    for text, end in (
        ("反映重复的宽带问题", "withdraw"),
        ("要求减免尚未发生的费用", "reject"),
        ("邻县道路养护", "close"),
    ):
        case = story.raised(OPERATION, "示例储能公司", text, ago(12))
        if end == "withdraw":
            with acting(story.actor("liaison5")) as actor:
                casework.withdraw(actor=actor, case=case, reason=f"已自行解决{reason}", at=ago(11))
            continue
        if end == "close":
            story.received(case, "示例储能公司", ago(11.5))
        with acting(story.actor("office")) as actor:
            getattr(casework, end)(
                actor=actor, case=case, reason=f"不在本区职责范围，已告知去处{reason}", at=ago(10)
            )

    first = story.raised(OPERATION, "示例储能公司", "五号路路灯不亮", ago(4))
    second = story.raised(OPERATION, "示例光伏公司", "五号路夜间照明没有了", ago(3))
    with acting(story.actor("instructor3")) as actor:
        casework.merge(actor=actor, case=second, into=first, at=ago(2.5))
