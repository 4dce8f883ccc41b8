"""The years since the page, up to today: invented and marked 示例, so that the zone is alive.

Every case is carried by its people's own verbs at its dates, as those of the page are. What happens is
the same at every build but for how far it has come by today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from luodi.ground.scope.api import acting, today
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.casework.demo.cases import (
    DISTRICT_OF,
    LIAISON_OF,
    OPERATION,
    PROJECT,
    TALENT,
    Story,
    carry_own,
)
from luodi.rooms.directory.demo import noon

BEGIN = dt.date(2023, 1, 3)
A_MONTH = 4  # problems

# (category, what is wrong, what is done about it)
PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (PROJECT, "新建厂房临时用电容量不足", "增设一台箱式变压器"),
    (PROJECT, "施工许可的消防设计审查排期较长", "并联办理并提前介入"),
    (PROJECT, "项目用地边界与管网走廊重叠", "会同设计单位调整管位"),
    (PROJECT, "环评批复所需的监测数据不全", "补测两期并一次报齐"),
    (PROJECT, "设备基础施工遇到地下旧管线", "查明归属后迁改"),
    (PROJECT, "道路开挖许可迟迟没有答复", "明确经办人并限期答复"),
    (PROJECT, "竣工测绘成果退回两次", "统一坐标后重新提交"),
    (PROJECT, "厂区雨水排口位置未定", "现场定位并签字确认"),
    (PROJECT, "扩建项目能评材料不知如何准备", "安排专人辅导一次"),
    (PROJECT, "铁路专用线接轨协议进展不明", "联系路局明确时间表"),
    (OPERATION, "夜间电压波动，精密设备停机", "加装稳压装置并巡检线路"),
    (OPERATION, "循环水泵房进水口淤积", "清淤并加设格栅"),
    (OPERATION, "天然气用量计划与实际不符", "按月核定并调整合同量"),
    (OPERATION, "货车排队占用非机动车道", "设置候车区并错时装卸"),
    (OPERATION, "固体废物处置费用上涨", "联合三家企业集中招标"),
    (OPERATION, "宽带专线月均中断两次", "更换光缆路由"),
    (OPERATION, "蒸汽管道保温破损", "分段更换保温层"),
    (OPERATION, "出口单证办理往返次数多", "在服务中心设代办窗口"),
    (OPERATION, "地下水位上升影响设备基坑", "增设降水井并监测"),
    (OPERATION, "园区公交末班车过早", "延后末班时间并试运行"),
    (OPERATION, "电费峰谷时段调整后成本上升", "测算移峰方案并调整班次"),
    (OPERATION, "食堂燃气报警器年检找不到机构", "统一组织一次检定"),
    (OPERATION, "原料堆场扬尘被投诉", "加装喷淋和围挡"),
    (OPERATION, "危化品运输路线临时管制", "协调备用路线"),
    (TALENT, "急需熔铸工艺工程师", "对接两所院校定向推荐"),
    (TALENT, "技术骨干职称评审资料不熟悉", "举办一次集中辅导"),
    (TALENT, "外地职工住房补贴未到账", "核对名单并补发"),
    (TALENT, "叉车司机持证人数不够", "组织一期培训取证"),
    (TALENT, "青年职工子女入托困难", "联系就近园所预留名额"),
    (TALENT, "高校实习生住宿无着落", "腾出人才公寓八间"),
    (TALENT, "电工技能等级认定点太远", "在园区设临时考点"),
    (TALENT, "引进专家的医保转移不畅", "由专人陪同办理"),
)
MATTERS = (
    "为园区主干道补装路灯",
    "开通企业职工夜间通勤班车",
    "设立企业服务代办窗口",
    "改造职工活动广场",
    "开办职工子女寒假托管班",
    "为一线职工安排健康体检",
    "增设新能源汽车充电桩",
    "修缮园区便民步道",
)


def build(story: Story) -> None:
    """Four problems a month and two practical matters a year, each as far as it can be by today."""
    dice = Random(2022)
    for number, day in enumerate(_days()):
        problem = PROBLEMS[number % len(PROBLEMS)]
        enterprise = dice.choice(sorted(DISTRICT_OF))
        carry(story, dice, problem, enterprise, day)
    for number, year in enumerate(range(BEGIN.year, today().year + 1)):
        for half, month in enumerate((3, 9)):
            day = dt.date(year, month, 6)
            if day + dt.timedelta(days=45) < today():
                text = MATTERS[(2 * number + half) % len(MATTERS)]
                carry_own(story, "practical_matter", text, day, 30)


def _days() -> Iterator[dt.date]:
    """The days on which a problem is raised: A_MONTH in each month, up to yesterday."""
    month = BEGIN.replace(day=1)
    while month < today():
        for place in range(A_MONTH):
            day = month + dt.timedelta(days=2 + 7 * place)
            if day < today():
                yield day
        month = (month + dt.timedelta(days=32)).replace(day=1)


def carry(
    story: Story, dice: Random, problem: tuple[str, str, str], enterprise: str, day: dt.date
) -> Case:
    """One problem, from its report as far as its dates allow: some late, some refused once."""
    category, text, measure = problem
    days = dice.choice((3, 4, 5, 6, 8, 9, 11, 14, 26))
    department = dice.choice((None, None, 0, 1, 2))
    refused = enterprise in LIAISON_OF and dice.random() < 0.08
    done = day + dt.timedelta(days=days)
    case = story.raised(category, enterprise, text, noon(day))
    if (today() - day).days < 1:
        return case
    story.received(case, enterprise, noon(day, 11))
    if department is not None and (today() - day).days > 2:
        story.helped(case, enterprise, department, noon(day, 15))
    if (today() - day).days <= 2:
        return case
    with acting(story.instructor(enterprise)) as actor:
        step = casework.add_measure(
            actor=actor,
            case=case,
            text=f"{measure}（示例）",
            owner=story.zone.accounts[f"instructor{DISTRICT_OF[enterprise]}"],
            due_on=done,
            at=noon(day + dt.timedelta(days=2), 9),
        )
        if done >= today():
            return case
        casework.finish_measure(actor=actor, measure=step, result="已完成。", at=noon(done, 16))
        casework.submit(actor=actor, case=case, note="已办理完毕，请确认。", at=noon(done, 16))
    if refused and (today() - done).days > 8:
        return _again(story, case, enterprise, done)
    if (today() - done).days > (1 if enterprise in LIAISON_OF else 32):
        story.verified(case, enterprise, noon(done + dt.timedelta(days=1), 10))
    return case


def _again(story: Story, case: Case, enterprise: str, done: dt.date) -> Case:
    """Not satisfied: it goes on, with its history and its clock, and is solved a week later."""
    with acting(story.actor(f"liaison{LIAISON_OF[enterprise]}")) as actor:
        casework.verify(
            actor=actor,
            case=case,
            satisfied=False,
            words="问题还在（示例）。",
            at=noon(done + dt.timedelta(days=1)),
        )
    again = done + dt.timedelta(days=6)
    with acting(story.instructor(enterprise)) as actor:
        casework.submit(actor=actor, case=case, note="已重新处理，请确认。", at=noon(again, 16))
    story.verified(case, enterprise, noon(again + dt.timedelta(days=1)))
    return case
