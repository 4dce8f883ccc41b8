"""The page's four programmes in our own words, and what outside documents said of the zone.

The page names growth rates and places, not the amounts behind them: amounts, documents and what
was promised are invented and marked 示例; the rates follow from the amounts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from luodi.ground.scope.api import Actor, acting, actor_for, today
from luodi.rooms.casework.api import Case
from luodi.rooms.directory.demo import ABOVE_SIZE, Asked, Zone, noon
from luodi.rooms.programmes import api
from luodi.rooms.programmes.api import Indicator, Measure, Target

BEGIN, PAGE_YEAR_END = dt.date(2021, 1, 1), dt.date(2022, 12, 31)
YEAR_2020 = (dt.date(2020, 1, 1), dt.date(2020, 12, 31))
YEAR_2021 = (BEGIN, dt.date(2021, 12, 31))
OFFICE = "office"

# (key, name, English, kind, unit, decimals, synonyms, definition)
INDICATORS: tuple[tuple[str, str, str, str, str, int, tuple[str, ...], str], ...] = (
    ("industrial_investment_growth", "工业投资增速", "Industrial investment growth", "growth", "万元", 1,
     ("工业投资增长", "工业固定资产投资增速"), "报告期工业投资与上年同期相比的增长；由两个数额算出。"),
    ("value_added_growth", "规上工业增加值增速", "Growth of industrial value added", "growth", "万元", 1,
     ("规模以上工业增加值增速", "规上工业增加值增长"), "规模以上工业增加值与上年同期相比的增长；由两个数额算出。"),
    ("enterprises_resumed", "规模以上企业复工复产数", "Enterprises that resumed production", "count", "户", 0,
     ("规模以上企业复工复产", "复工复产企业", "企业复工复产"), "期间内由文件确认复工复产的规模以上企业，逐户计数。"),
    ("provincial_assessment_rank", "全省考核排名", "Place in the provincial assessment", "rank", "", 0,
     ("全省考核位次", "开发区考核排名"), "年度考核中的位次；与参加单位数相等时为末位。"),
    ("provincial_assessment_class", "全省考核等次", "Class in the provincial assessment", "class", "", 0,
     ("全省开发区考核等次", "年终考核等次"), "年度考核公布的等次。"),
)  # fmt: skip
CLASSES = ("优秀", "良好", "合格", "不合格")

# (indicator, period, what was said); amounts in 万元, all invented
STATEMENTS: tuple[tuple[str, tuple[dt.date, dt.date], dict[str, Any]], ...] = (
    ("industrial_investment_growth", YEAR_2021, {"base": Decimal(41870), "current": Decimal(54347)}),
    ("value_added_growth", YEAR_2021, {"base": Decimal(1860), "current": Decimal(10020)}),
    ("provincial_assessment_rank", YEAR_2020, {"place": 60, "participants": 60}),
    ("provincial_assessment_class", YEAR_2021, {"word": "优秀"}),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A target: `figure comparison value` by a day. `this_year`: one of the running year."""

    figure: str
    comparison: str
    value: str
    due_on: dt.date = PAGE_YEAR_END
    parameters: tuple[tuple[str, str], ...] = ()
    this_year: bool = False
    name: str = ""
    since: dt.date | None = None  # counted from, where not from the programme's beginning


@dataclass(frozen=True)
class Plan:
    """A measure: what, who (an account of the demonstration), until when, done when, for what."""

    text: str
    owner: str
    due_on: dt.date
    done_on: dt.date | None
    targets: tuple[Wanted, ...] = ()


SOLVED = "casework.solved"
PROBLEM = (("procedure", "enterprise_problem"),)
MATTER = (("procedure", "practical_matter"),)
RECTIFIED = (("procedure", "special_rectification"),)
END_2021 = YEAR_2021[1]

PROGRAMMES: tuple[tuple[str, str, str, tuple[Plan, ...]], ...] = (
    ("领航工程", "Navigation", "把人选好、把组织建全、把管理理顺。", (
        Plan("聘企业党组织书记任兼职委员，调整班子年龄结构", "secretary", PAGE_YEAR_END, dt.date(2022, 6, 30), (
            Wanted("directory.part_time_members", ">=", "3"),
            Wanted("directory.leading_group_mean_age", "<=", "50"),
            Wanted("directory.leading_group_youngest", "<=", "42"))),
        Plan("指导人员流动大的新项目成立临时或联合党支部", "instructor1", PAGE_YEAR_END, dt.date(2022, 5, 31), (
            Wanted("directory.guided_enterprises", ">=", "3"),)),
        Plan("按三条产业链划分党建区，每区配专职党建指导员，理顺三级管理", OFFICE, PAGE_YEAR_END, dt.date(2021, 6, 30), (
            Wanted("directory.districts", "=", "3"),
            Wanted("directory.instructors_per_district", ">=", "1"),
            Wanted("directory.levels", "=", "3"))),
    )),
    ("筑基工程", "Foundation", "建好服务中心，让企业的问题有人接、有人办。", (
        Plan("建成有八个功能室的党群活动服务中心", OFFICE, PAGE_YEAR_END, dt.date(2022, 9, 30)),
        Plan("用三张清单收集、交办、销号企业问题", OFFICE, PAGE_YEAR_END, None, (
            Wanted(SOLVED, ">=", "24", dt.date(2022, 12, 22), PROBLEM, name="解决企业问题数"),
            Wanted("casework.on_time_share", ">=", "90", this_year=True),
            Wanted("casework.overdue", "<=", "1", this_year=True),
            Wanted(SOLVED, ">=", "30", parameters=PROBLEM, this_year=True, name="今年解决企业问题数"))),
    )),
    ("先锋工程", "Pioneer", "把骨干培养成党员，让党员在生产一线担重活。", (
        Plan("推行双向培养，壮大非公企业党员队伍", "instructor2", PAGE_YEAR_END, None, (
            Wanted("directory.members", ">=", "90"),
            Wanted("directory.members", ">=", "96", this_year=True))),
        Plan("推动规模以上企业复工复产，工业投资和增加值回升", "secretary", END_2021, END_2021, (
            Wanted("programmes.enterprises_resumed", ">=", "4", END_2021),
            Wanted("programmes.industrial_investment_growth", ">=", "20", END_2021),
            Wanted("programmes.value_added_growth", ">=", "100", END_2021),
            Wanted("programmes.provincial_assessment_class", "=", "优秀", END_2021))),
        Plan("指导企业建立“党建+”科技创新工作室", "instructor1", PAGE_YEAR_END, dt.date(2021, 12, 31), (
            Wanted("registers.hightech.recognised", ">=", "2", END_2021, since=YEAR_2020[0]),
            Wanted("registers.patents.inventions", ">=", "5"),
            Wanted("registers.patents.utility_models", ">=", "7"))),
    )),
    ("清风工程", "Clean Wind", "查问题、办实事、立规矩，清而有为。", (
        Plan("开展专项整治，问题逐项整改，为企业和群众办实事", OFFICE, PAGE_YEAR_END, dt.date(2022, 12, 20), (
            Wanted(SOLVED, ">=", "4", parameters=MATTER, name="办理实事数"),
            Wanted(SOLVED, ">=", "2", parameters=RECTIFIED, name="专项整治解决问题数"),
            Wanted("registers.rules.established", ">=", "8"))),
        Plan("每月开警示教育会，每季度开展廉政谈心谈话", "secretary", PAGE_YEAR_END, None),
    )),
)  # fmt: skip


def _stated(indicator: str, year: int) -> Asked:
    return Asked(f"programmes.{indicator}", dt.date(year, 12, 31), dt.date(year, 1, 1))


READINGS = {
    "econ.enterprises_resumed": _stated("enterprises_resumed", 2021),
    "econ.industrial_investment_growth": _stated("industrial_investment_growth", 2021),
    "econ.value_added_growth": _stated("value_added_growth", 2021),
    "econ.rank.before": _stated("provincial_assessment_rank.standing", 2020),
    "econ.rank.after": _stated("provincial_assessment_class", 2021),
}


def build(zone: Zone) -> None:
    """Statements first, as targets stand on their figures; then the programmes."""
    with acting(actor_for(zone.accounts[OFFICE])) as office:
        state(office, zone)
        for position, (name, english, aim, plans) in enumerate(PROGRAMMES, start=1):
            programme = api.save_programme(
                actor=office,
                unit=zone.zone,
                name=name,
                name_en=english,
                aim=aim,
                since=BEGIN,
                until=dt.date(today().year, 12, 31),
                position=position,
            )
            for place, plan in enumerate(plans, start=1):
                measure = _measure(office, zone, programme, plan, place)
                targets = [_target(office, zone, measure, plan, one) for one in plan.targets]
                _open_gap(office, targets)
        _link_open_cases(office)


def state(office: Actor, zone: Zone) -> None:
    """The indicators, and what the documents said; the file stays with who published it."""
    made: dict[str, Indicator] = {}
    for key, name, english, kind, unit, places, synonyms, definition in INDICATORS:
        made[key] = api.save_indicator(
            actor=office,
            key=key,
            name=name,
            name_en=english,
            kind=kind,
            measure=unit,
            places=places,
            synonyms=synonyms,
            definition=definition,
            words=CLASSES if kind == "class" else (),
        )
    for key, (since, until), said in STATEMENTS:
        api.observe(
            actor=office,
            indicator=made[key],
            unit=zone.zone,
            since=since,
            until=until,
            organisation="示例统计机构" if "base" in said else "示例考核机构",
            document=f"（示例）{until.year}年通报",
            remark="数额、位次总数为示例，报道只写了结果。",
            file=SimpleUploadedFile(
                "通报摘录（示例）.txt", f"（示例）{made[key].name}：{until.year}年。".encode()
            ),
            at=noon(dt.date(until.year + 1, 2, 15)),
            **said,
        )
    for name in ABOVE_SIZE:
        api.observe(
            actor=office,
            indicator=made["enterprises_resumed"],
            unit=zone.enterprises[name].unit,
            since=YEAR_2021[0],
            until=YEAR_2021[1],
            organisation="示例工信机构",
            document="（示例）2021年复工复产确认名单",
            at=noon(dt.date(2022, 1, 20)),
        )


def _measure(
    office: Actor, zone: Zone, programme: api.Programme, plan: Plan, position: int
) -> Measure:
    owner = zone.accounts[plan.owner]
    place = plan.owner.removeprefix("instructor")
    districts = list(zone.districts.values())
    measure = api.save_measure(
        actor=office,
        programme=programme,
        text=plan.text,
        owner_unit=districts[int(place) - 1] if place.isdecimal() else zone.zone,
        owner=owner,
        since=BEGIN,
        due_on=plan.due_on if plan.done_on else programme.until,
        position=position,
        at=noon(BEGIN),
    )
    if plan.done_on:
        api.finish_measure(actor=office, measure=measure, on=plan.done_on)
    return measure


def _target(office: Actor, zone: Zone, measure: Measure, plan: Plan, one: Wanted) -> Target:
    year = today().year
    since = dt.date(year, 1, 1) if one.this_year else BEGIN
    return api.set_target(
        actor=office,
        measure=measure,
        figure=one.figure,
        comparison=one.comparison,
        value=one.value,
        name=one.name,
        parameters=dict(one.parameters),
        since=since,
        count_from=since if one.this_year else one.since,
        due_on=dt.date(year, 12, 31) if one.this_year else one.due_on,
        owner=zone.accounts[plan.owner],
        at=noon(since),
    )


def _open_gap(office: Actor, targets: list[Target]) -> None:
    """The first gap of a measure has its case; others wait for somebody to click."""
    for target in targets:
        if api.standing_of(actor=office, target=target, at=today()).light.is_gap:
            api.open_case(actor=office, target=target, is_example=True)
            return


def _link_open_cases(office: Actor) -> None:
    """Open problems of enterprises belong to the measure of the three lists."""
    measure = Measure.objects.get(text__startswith="用三张清单")
    for case in Case.objects.filter(procedure="enterprise_problem", closed_at=None).order_by("id")[
        :4
    ]:
        api.link_case(actor=office, measure=measure, case=case)
