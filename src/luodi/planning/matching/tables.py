"""Matching problems and plans as workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import slips
from .. import tables as excel
from ..core import BadData, Lang, Text
from ..tables import Column, OutSheet, Sheet, Table
from .plan import MatchingPlan
from .problem import GOALS, Contracts, Floats, Goal, MatchingProblem, Needs, Offers, Transport

_WHERE = (
    Column("longitude", Text("经度", "Longitude"), "number", "°", False, np.nan, -180, 180),
    Column("latitude", Text("纬度", "Latitude"), "number", "°", False, np.nan, -90, 90),
    Column("region", Text("地区", "Region"), required=False, default=""),
    Column("name", Text("品名", "Product name"), required=False, default=""),
)
_TONNES = Column("tonnes", Text("数量", "Quantity"), "number", "t", False, np.nan, 0)
_PERIODS = Text(
    "分期数量：每期一列，列名即期名，此时“数量”列可以不要。",
    "By period: one column per period, named as the period; “Quantity” is not needed then.",
)
_PRODUCT = Column(
    "product",
    Text("品种代码", "Product code"),
    note=Text("需求的代码也匹配以它开头的供应代码。", "A need also accepts codes that begin so."),
)
OFFERS = Sheet(
    "offers",
    Text("供应", "Offers"),
    (
        Column("key", Text("编号", "Key"), unique=True),
        Column("supplier", Text("供应商", "Supplier"), required=False),
        _PRODUCT,
        _TONNES,
        Column("price", Text("出厂价", "Price ex works"), "number", "yuan/t", minimum=0),
        Column("min_lot", Text("最小批量", "Minimum lot"), "number", "t", False, 0.0, 0),
        Column("min_term", Text("最短合同期", "Minimum term"), "number", "months", False, 0.0, 0),
        *_WHERE,
    ),
    series=True,
    series_minimum=0,
    note=_PERIODS,
)
NEEDS = Sheet(
    "needs",
    Text("需求", "Needs"),
    (
        Column("key", Text("编号", "Key"), unique=True),
        Column("buyer", Text("用户", "Buyer"), required=False),
        _PRODUCT,
        _TONNES,
        Column("cap", Text("到厂限价", "Price cap"), "number", "yuan/t", False, np.inf, 0),
        Column(
            "priority",
            Text("优先级", "Priority"),
            "integer",
            required=False,
            default=1,
            minimum=0,
            note=Text("0：必须满足；1、2、…：依次满足。", "0: must be met; then 1, 2, …"),
        ),
        Column(
            "blend",
            Text("允许混配", "Blending"),
            "boolean",
            required=False,
            default=False,
            note=Text("是：质量限值按混配后的平均计。", "Yes: quality limits hold for the mix."),
        ),
        Column(
            "max_sources", Text("供应商数上限", "Suppliers at most"), "integer", "", False, 0, 0
        ),
        Column(
            "max_share", Text("单家最大份额", "Largest share"), "number", "", False, 1.0, 0.001, 1
        ),
        Column("term", Text("合同期", "Term"), "number", "months", False, np.inf, 0),
        *_WHERE,
    ),
    series=True,
    series_minimum=0,
    note=_PERIODS,
)
_QUALITY = (
    Column("key", Text("编号", "Key")),
    Column("attribute", Text("指标", "Attribute")),
    Column("low", Text("下限", "Low"), "number", "", False, np.nan),
    Column("high", Text("上限", "High"), "number", "", False, np.nan),
)
OFFER_QUALITY = Sheet("offer_quality", Text("供应质量", "Offer quality"), _QUALITY, required=False)
NEED_QUALITY = Sheet("need_quality", Text("需求质量", "Need quality"), _QUALITY, required=False)
CONTRACTS = Sheet(
    "contracts",
    Text("现有合同", "Contracts"),
    (
        Column("offer", Text("供应编号", "Offer")),
        Column("need", Text("需求编号", "Need")),
        Column("tonnes", Text("每期数量", "Quantity per period"), "number", "t", minimum=0),
        Column("price", Text("到厂价", "Delivered price"), "number", "yuan/t", minimum=0),
    ),
    required=False,
)
DISTANCES = Sheet(
    "distances",
    Text("运距运费", "Distances"),
    (
        Column("offer", Text("供应编号", "Offer")),
        Column("need", Text("需求编号", "Need")),
        Column("km", Text("运距", "Distance"), "number", "km", False, np.nan, 0),
        Column("yuan", Text("运费", "Freight"), "number", "yuan/t", False, np.nan, 0),
    ),
    required=False,
    note=Text("没有列出的供需对按经纬度估算。", "Pairs not listed are estimated from the places."),
)
SETTINGS = Sheet(
    "settings",
    Text("设置", "Settings"),
    (
        Column(
            "order",
            Text("目标次序", "Order of goals"),
            required=False,
            default="served,cost",
            note=Text("served、local、cost，以逗号分隔。", "served, local, cost with commas."),
        ),
        Column("rate", Text("运价", "Freight rate"), "number", "yuan/(t km)", False, 0.5, 0),
        Column("detour", Text("绕行系数", "Detour factor"), "number", "", False, 1.3, 1),
        Column("max_km", Text("最远距离", "Farthest"), "number", "km", False, np.inf, 0),
        Column("nearest", Text("候选数", "Candidates"), "integer", "", False, 0, 0),
        Column("listed_only", Text("仅限所列", "Listed only"), "boolean", "", False, False),
    ),
    required=False,
)
SHEETS = (OFFERS, NEEDS, OFFER_QUALITY, NEED_QUALITY, CONTRACTS, DISTANCES, SETTINGS)


def read_problem(path: str | Path) -> MatchingProblem:
    """Raises :class:`BadData` with sheet, row and column."""
    return from_tables(excel.read_workbook(path, SHEETS))


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
        slips.misplaced(table, "longitude", "latitude")
    for table in (wanted, given):
        table.no_pair_twice("key", "attribute")
    distances.no_pair_twice("offer", "need")
    if len(given):  # a limit on what no offer states would bind nobody
        wanted.positions("attribute", given["attribute"])


def _names(table: Table) -> dict[str, str]:
    pairs = zip(table["product"], table["name"], strict=True)
    return {code: name for code, name in pairs if name}


def _settings(table: Table, **pairs: Any) -> dict[str, Any]:
    row = table.only() if len(table) else {c.key: c.default for c in SETTINGS.columns}
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
            Text("供应与需求的分期列不一致。", "Offers and needs have different periods."),
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
    """Deliveries, what every need gets, what one more tonne of every offer would be worth."""
    excel.write_workbook(
        path, [_deliveries(problem, plan, lang), _met(problem, plan, lang), _worth(plan, lang)]
    )


def _say(lang: Lang, *pairs: tuple[str, str]) -> list[str]:
    return [Text(*pair).say(lang) for pair in pairs]


def _deliveries(problem: MatchingProblem, plan: MatchingPlan, lang: Lang) -> OutSheet:
    kept = len(problem.contracts.offer)
    headers = _say(
        lang,
        ("供应编号", "Offer"),
        ("供应商", "Supplier"),
        ("需求编号", "Need"),
        ("用户", "Buyer"),
        ("品种", "Product"),
        ("现有合同", "Contract"),
        ("到厂价 (元/吨)", "Delivered price (yuan/t)"),
    ) + [f"{p} (t)".strip() for p in problem.periods]

    def rows() -> Iterator[list[Any]]:
        for k, (i, j, tonnes, price) in enumerate(zip(*plan.all_lines(problem), strict=True)):
            offers, needs = problem.offers, problem.needs
            yield [
                offers.key[i], offers.supplier[i], needs.key[j], needs.buyer[j],
                problem.product_name(offers.product[i]), k < kept, float(price), *tonnes,
            ]  # fmt: skip

    return OutSheet(Text("供应方案", "Deliveries").say(lang), headers, rows())


def _met(problem: MatchingProblem, plan: MatchingPlan, lang: Lang) -> OutSheet:
    headers = _say(lang, ("需求编号", "Need"), ("需要 (t)", "Wanted (t)"), ("得到 (t)", "Gets (t)"))
    got = plan.delivered(problem).sum(axis=1)
    rows = zip(problem.needs.key, problem.needs.tonnes.sum(axis=1), got, strict=True)
    return OutSheet(Text("需求满足", "Needs met").say(lang), headers, rows)


def _worth(plan: MatchingPlan, lang: Lang) -> OutSheet:
    headers = _say(
        lang,
        ("供应编号", "Offer"),
        ("多供 1 吨可多满足 (t)", "1 t more meets (t)"),
        ("多供 1 吨可节省 (元)", "1 t more saves (yuan)"),
    )
    w = plan.worth
    gain, saving = w.offer_served.max(axis=1), w.offer_saving.max(axis=1)
    rows = zip(plan.problem.offers.key, gain, saving, strict=True)
    return OutSheet(Text("多一吨的价值", "One more tonne").say(lang), headers, rows)
