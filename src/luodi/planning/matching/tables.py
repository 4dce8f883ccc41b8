"""Matching problems and plans as workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Floats, Lang, Text
from ..output import OutSheet, write_workbook
from ..tables import Column, Sheet, Table, flag, number, read_workbook, text
from .plan import MatchingPlan
from .problem import GOALS, Contracts, Goal, MatchingProblem, Needs, Offers, Transport

_WHERE = (
    number("longitude", "经度", "Longitude", "°", np.nan, -180, 180),
    number("latitude", "纬度", "Latitude", "°", np.nan, -90, 90),
    text("region", "地区", "Region", ""),
    text("name", "品名", "Product name", ""),
)
_KEY = text("key", "编号", "Key", unique=True)
_TONNES = number("tonnes", "数量", "Quantity", "t", np.nan)
_PAIR = (text("offer", "供应编号", "Offer"), text("need", "需求编号", "Need"))
_PERIODS = Text(
    "分期数量：每期一列，列名即期名（可带单位，如“3月 (万吨)”），此时“数量”列可以不要。",
    "By period: one column per period, named as the period; “Quantity” is not needed then.",
)
_PRODUCT = text(
    "product", "品种代码", "Product code",
    note=Text("需求的代码也匹配以它开头的供应代码。", "A need also accepts codes that begin so."),
)  # fmt: skip


def _sheet(key: str, zh: str, en: str, *columns: Column, **more: Any) -> Sheet:
    return Sheet(key, Text(zh, en), columns, **more)


SHEETS = (
    _sheet(
        "offers", "供应", "Offers", _KEY, text("supplier", "供应商", "Supplier", None), _PRODUCT,
        _TONNES, number("price", "出厂价", "Price ex works", "yuan/t"),
        number("min_lot", "最小批量", "Minimum lot", "t", 0.0),
        number("min_term", "最短合同期", "Minimum term", "months", 0.0), *_WHERE,
        series=True, series_minimum=0, series_units=("t",), note=_PERIODS,
    ),
    _sheet(
        "needs", "需求", "Needs", _KEY, text("buyer", "用户", "Buyer", None), _PRODUCT, _TONNES,
        number("cap", "到厂限价", "Price cap", "yuan/t", np.inf),
        number("priority", "优先级", "Priority", "", 1, whole=True,
               note=Text("0：必须满足；1、2、…：依次满足。", "0: must be met; then 1, 2, …")),
        Column("blend", Text("允许混配", "Blending"), "boolean", "", False, False,
               note=Text("是：质量限值按混配后的平均计。", "Yes: limits hold for the mix.")),
        number("max_sources", "供应商数上限", "Suppliers at most", "", 0, whole=True),
        number("max_share", "单家最大份额", "Largest share", "", 1.0, 0.001, 1),
        number("term", "合同期", "Term", "months", np.inf), *_WHERE,
        series=True, series_minimum=0, series_units=("t",), note=_PERIODS,
    ),
    *(
        _sheet(
            key, zh, en, text("key", "编号", "Key"), text("attribute", "指标", "Attribute"),
            number("low", "下限", "Low", "", np.nan, None),
            number("high", "上限", "High", "", np.nan, None), required=False,
        )
        for key, zh, en in (
            ("offer_quality", "供应质量", "Offer quality"),
            ("need_quality", "需求质量", "Need quality"),
        )
    ),
    _sheet(
        "contracts", "现有合同", "Contracts", *_PAIR,
        number("tonnes", "每期数量", "Quantity per period", "t"),
        number("price", "到厂价", "Delivered price", "yuan/t"), required=False,
    ),
    _sheet(
        "distances", "运距运费", "Distances", *_PAIR, number("km", "运距", "Distance", "km", np.nan),
        number("yuan", "运费", "Freight", "yuan/t", np.nan), required=False,
        note=Text("没有列出的供需对按经纬度估算。", "Pairs not listed are estimated."),
    ),
    _sheet(
        "settings", "设置", "Settings",
        text("order", "目标次序", "Order of goals", "served,cost",
             note=Text("served、local、cost，以逗号分隔。", "served, local, cost with commas.")),
        number("rate", "运价", "Freight rate", "yuan/(t km)", 0.5),
        number("detour", "绕行系数", "Detour factor", "", 1.3, 1),
        number("max_km", "最远距离", "Farthest", "km", np.inf),
        number("nearest", "候选数", "Candidates", "", 0, whole=True),
        flag("listed_only", "仅限所列", "Listed only", False), required=False,
    ),
)  # fmt: skip


def read_problem(path: str | Path) -> MatchingProblem:
    """Read a workbook. Raises :class:`BadData` with sheet, row and column."""
    return from_tables(read_workbook(path, SHEETS))


def from_tables(tables: dict[str, Table]) -> MatchingProblem:
    """The problem in tables that were read (keys as in ``SHEETS``)."""
    offers, needs = tables["offers"], tables["needs"]
    periods = tuple(offers.series) or tuple(needs.series) or ("",)
    wanted, given = tables["need_quality"], tables["offer_quality"]
    attributes = tuple(dict.fromkeys([*wanted["attribute"], *given["attribute"]]))
    contracts, distances = tables["contracts"], tables["distances"]
    _slips(offers, needs, wanted, given, distances)
    bound = np.repeat(contracts.array("tonnes")[:, None], len(periods), axis=1)
    return MatchingProblem(
        _offers(offers, given, periods, attributes),
        _needs(needs, wanted, periods, attributes),
        Contracts(
            contracts.positions("offer", offers["key"]),
            contracts.positions("need", needs["key"]),
            bound,
            contracts.array("price"),
        ),
        **_settings(
            tables["settings"],
            offer=distances.positions("offer", offers["key"]),
            need=distances.positions("need", needs["key"]),
            km=distances.array("km"),
            yuan=distances.array("yuan"),
        ),
        periods=periods,
        attributes=attributes,
        product_names=_names(offers) | _names(needs),
    )


def _slips(offers: Table, needs: Table, wanted: Table, given: Table, distances: Table) -> None:
    for table in (offers, needs):
        table.check_places("longitude", "latitude")
    for table in (wanted, given):
        table.no_pair_twice("key", "attribute")
    distances.no_pair_twice("offer", "need")
    if len(given):  # a limit on what no offer states would bind nobody
        wanted.positions("attribute", given["attribute"])


def _names(table: Table) -> dict[str, str]:
    pairs = zip(table["product"], table["name"], strict=True)
    return {code: name for code, name in pairs if name}


def _settings(table: Table, **pairs: Any) -> dict[str, Any]:
    row = table.only()
    words: list[Goal] = []
    for word in str(row.pop("order")).replace("，", ",").replace("、", ",").split(","):
        known = [g for g, text in GOALS.items() if word.strip() in (g, text.zh, text.en)]
        if not known:
            raise table.bad(0, "order", f"“{word}”不是目标。", f"“{word}” is no goal.")
        words.append(known[0])
    return {"order": tuple(words), "transport": Transport(**row, **pairs)}


def _quantities(table: Table, periods: Sequence[str]) -> Floats:
    if not table.series:
        single = table.array("tonnes")
        for i in np.flatnonzero(np.isnan(single)):
            raise table.bad(int(i), "tonnes", "不能为空。", "must not be empty.")
        return np.repeat(single[:, None], len(periods), axis=1)
    if tuple(table.series) != tuple(periods):
        raise BadData(
            "供应与需求的分期列不一致。",
            "Offers and needs have different periods.",
            sheet=table.name,
        )
    return np.stack([table.series[p] for p in periods], axis=1)


def _quality(table: Table, keys: list[str], attributes: Sequence[str]) -> tuple[Floats, Floats]:
    low, high = np.full((2, len(keys), len(attributes)), np.nan)
    place = table.positions("key", keys)
    column = table.positions("attribute", attributes)
    low[place, column], high[place, column] = table.array("low"), table.array("high")
    for i in np.flatnonzero(table.array("low") > table.array("high")):
        raise table.bad(int(i), "low", "下限高于上限。", "is above the upper limit.")
    return low, high


def _offers(
    table: Table, quality: Table, periods: Sequence[str], attributes: Sequence[str]
) -> Offers:
    low, high = _quality(quality, table["key"], attributes)
    return Offers(
        key=tuple(table["key"]),
        supplier=tuple(s or k for s, k in zip(table["supplier"], table["key"], strict=True)),
        product=tuple(table["product"]),
        tonnes=_quantities(table, periods),
        quality_low=low,
        quality_high=high,
        region=tuple(table["region"]),
        **{k: table.array(k) for k in ("price", "min_lot", "min_term", "longitude", "latitude")},
    )


def _needs(
    table: Table, quality: Table, periods: Sequence[str], attributes: Sequence[str]
) -> Needs:
    low, high = _quality(quality, table["key"], attributes)
    return Needs(
        key=tuple(table["key"]),
        buyer=tuple(b or k for b, k in zip(table["buyer"], table["key"], strict=True)),
        product=tuple(table["product"]),
        tonnes=_quantities(table, periods),
        priority=np.array(table["priority"], dtype=np.int64),
        max_sources=np.array(table["max_sources"], dtype=np.int64),
        blend=np.array(table["blend"], dtype=bool),
        quality_low=low,
        quality_high=high,
        region=tuple(table["region"]),
        **{k: table.array(k) for k in ("cap", "max_share", "term", "longitude", "latitude")},
    )


def write_plan(
    path: str | Path, problem: MatchingProblem, plan: MatchingPlan, lang: Lang = "zh"
) -> None:
    """Write deliveries, what every need gets, what one more tonne of an offer would be worth."""
    w, got = plan.worth, plan.delivered(problem).sum(axis=1)
    gain, saving = w.offer_served.max(axis=1), w.offer_saving.max(axis=1)
    head = (
        Text("供应编号", "Offer"), Text("供应商", "Supplier"), Text("需求编号", "Need"),
        Text("用户", "Buyer"), Text("品种", "Product"), Text("现有合同", "Contract"),
        Text("到厂价 (元/吨)", "Delivered price (yuan/t)"),
    )  # fmt: skip
    periods = [f"{p} (t)".strip() for p in problem.periods]
    sheets = [
        OutSheet(Text("供应方案", "Deliveries"), [*head, *periods], _lines(problem, plan)),
        OutSheet(
            Text("需求满足", "Needs met"),
            [head[2], Text("需要 (t)", "Wanted (t)"), Text("得到 (t)", "Gets (t)")],
            zip(problem.needs.key, problem.needs.tonnes.sum(axis=1), got, strict=True),
        ),
        OutSheet(
            Text("多一吨的价值", "One more tonne"),
            [
                head[0],
                Text("多供 1 吨可多满足 (t)", "1 t more meets (t)"),
                Text("多供 1 吨可节省 (元)", "1 t more saves (yuan)"),
            ],
            zip(plan.problem.offers.key, gain, saving, strict=True),
        ),
    ]
    write_workbook(path, sheets, lang)


def _lines(problem: MatchingProblem, plan: MatchingPlan) -> Iterator[list[Any]]:
    o, n, kept = problem.offers, problem.needs, len(problem.contracts.offer)
    for k, (i, j, tonnes, price) in enumerate(zip(*plan.all_lines(problem), strict=True)):
        product = problem.product_name(o.product[i])
        where = [o.key[i], o.supplier[i], n.key[j], n.buyer[j], product]
        yield [*where, k < kept, float(price), *tonnes]
