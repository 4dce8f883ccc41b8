"""The registers: what the page says of named enterprises and brands, the rest invented (示例).

Patents and rules are invented rows that add up to the page's numbers. Recognitions and brands carry only what the page prints; a day that it does not give
is the first of the year that it gives. Heritage and brands are of 汾阳市, another county: the page
names them, so they stand in the county's registers with a note that says so, and are no part of the
zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.registers import api
from luodi.rooms.registers.api import Register

OF_ZONE = (
    "patents",
    "hightech",
    "rules",
    "honours",
    "investments",
    "families",
)
OF_COUNTY = ("heritage", "brands")
FENYANG = "汾阳市的项目：见报道，供展示县级台账"

INVENTIONS = (
    "低温熔铸控制方法",
    "压铸模具冷却方法",
    "铝液除气方法",
    "储能电池组均衡方法",
    "赤泥脱碱方法",
)
UTILITY_MODELS = (
    "模具顶出装置",
    "铝锭码垛装置",
    "烟气余热回收装置",
    "料仓防堵装置",
    "取样勺",
    "电解槽罩板",
    "铝箔收卷装置",
)
RULES = (
    ("integrity", "开发区资源使用公示制度"),
    ("integrity", "项目审批回避制度"),
    ("integrity", "闲置场地租用管理制度"),
    ("internal", "会议活动管理制度"),
    ("service", "涉企检查备案制度"),
    ("service", "办理时限公开制度"),
    ("internal", "印章和合同管理制度"),
    ("integrity", "政商交往正面清单制度"),
)  # fmt: skip
HERITAGE = ("地秧歌", "柳编", "核桃木雕")
BRANDS = ("杏花村", "汾阳王")

READINGS = {
    "innovation.hightech": Asked(
        "registers.hightech.recognised", dt.date(2021, 12, 31), dt.date(2020, 1, 1)
    ),
    "innovation.invention_patents": Asked("registers.patents.inventions"),
    "innovation.utility_patents": Asked("registers.patents.utility_models"),
    "integrity.rules_established": Asked("registers.rules.established"),
    "culture.heritage": Asked("registers.heritage.items", of=UnitKind.COUNTY),
    "culture.brands": Asked("registers.brands.brands", of=UnitKind.COUNTY),
}


def build(zone: Zone) -> None:
    """Opens the shipped registers and fills them."""
    registers = {key: api.install(actor=SYSTEM, unit=zone.zone, key=key) for key in OF_ZONE} | {
        key: api.install(actor=SYSTEM, unit=zone.county, key=key) for key in OF_COUNTY
    }
    for place, title in enumerate(INVENTIONS):
        _patent(registers["patents"], zone, title, "invention", place)
    for place, title in enumerate(UTILITY_MODELS):
        _patent(registers["patents"], zone, title, "utility", place + len(INVENTIONS))
    for name, year in (("道尔铝业公司", 2020), ("信发铝业", 2021)):
        unit = zone.enterprises[name].unit
        values = {"authority": "省科技厅"}
        _enter(registers["hightech"], unit, dt.date(year, 12, 1), values)
    for place, (field, title) in enumerate(RULES):
        _enter(
            registers["rules"],
            zone.zone,
            dt.date(2022, 2 + place, 20),
            {"title": f"{title}（示例）", "field": field},
        )
    for title in HERITAGE:
        values = {"title": title, "place": "汾阳市", "note": FENYANG}
        _enter(registers["heritage"], zone.county, dt.date(2022, 1, 1), values)
    for title in BRANDS:
        _enter(
            registers["brands"], zone.county, dt.date(2022, 1, 1), {"title": title, "note": FENYANG}
        )
    _others(registers, zone)
    _families(registers["families"], zone)


def _enter(register: Register, unit: Unit, since: dt.date, values: Mapping[str, Any]) -> None:
    api.record_entry(
        actor=SYSTEM,
        register=register,
        unit=unit,
        values=values,
        since=since,
        at=noon(max(since, dt.date(2020, 12, 10))),
    )


def _patent(register: Register, zone: Zone, title: str, kind: str, place: int) -> None:
    """The page says that the two enterprises have 5 and 7; which of them holds which it does not."""
    name = ("道尔铝业公司", "信发铝业")[place % 2]
    since = dt.date(2020 + place % 3, 3 + place % 6, 12)
    values = {"title": f"{title}（示例）", "type": kind}
    _enter(register, zone.enterprises[name].unit, since, values)


def _others(registers: Mapping[str, Register], zone: Zone) -> None:
    company = zone.enterprises["示例压铸公司"].unit
    honour = {"title": "县级工人先锋号（示例）", "level": "county", "granted_by": "示例县总工会"}
    _enter(registers["honours"], company, dt.date(2022, 4, 28), honour)
    centre = {"title": "党群活动服务中心", "amount": "120", "sector": "facility"}
    _enter(registers["investments"], zone.zone, dt.date(2021, 7, 1), centre)
    line = {"title": "压铸二号线（示例）", "amount": "860.5", "sector": "industry"}
    _enter(registers["investments"], company, dt.date(2022, 6, 30), line)


def _families(register: Register, zone: Zone) -> None:
    """A round that ended in an award, with an objection that did not hold; all invented."""
    at = [noon(dt.date(2022, 9, 1) + dt.timedelta(days=days)) for days in range(60)]
    office = scope.actor_for(zone.accounts["office"])
    with acting(office):
        round_ = api.open_round(
            actor=office,
            register=register,
            unit=zone.zone,
            name="2022年度文明家庭（示例）",
            seats=2,
            at=at[0],
        )
    for number, name in ((1, "示例赵家"), (3, "示例钱家"), (5, "示例孙家")):
        with acting(scope.actor_for(zone.accounts[f"liaison{number}"])) as liaison:
            unit = Unit.objects.get(pk=liaison.holdings[0].unit_id)
            api.nominate(
                actor=liaison, round_=round_, unit=unit, name=name, reason="邻里互助（示例）"
            )
    candidates = list(round_.candidacies.all())
    with acting(office):
        api.advance(actor=office, round_=round_, at=at[5])
        for one in candidates:
            api.review(actor=office, candidacy=one, passed=True)
        api.advance(actor=office, round_=round_, at=at[6])
        objection = api.object_to(
            actor=office,
            candidacy=candidates[0],
            text="材料与实际不符（示例）",
            by="示例某",
            at=at[8],
        )
        api.advance(actor=office, round_=round_, at=at[20])
    for username, chosen in (
        ("office", (0, 1)), ("secretary", (0, 1)), ("instructor1", (0, 2)), ("liaison1", (0,)),
        ("liaison3", (1,)), ("liaison5", (2,)), ("branch", (0, 1)),
    ):  # fmt: skip
        with acting(scope.actor_for(zone.accounts[username])) as voter:
            picked = [candidates[place].pk for place in chosen]
            api.cast_ballot(actor=voter, round_=round_, approves=picked, at=at[22])
    with acting(office):
        api.advance(actor=office, round_=round_, at=at[26])
        api.resolve(
            actor=office,
            objection=objection,
            upheld=False,
            answer="经核实不成立（示例）",
            at=at[27],
        )
        api.advance(actor=office, round_=round_, at=at[30])
