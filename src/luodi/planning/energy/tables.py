"""The energy problem as a workbook. Here prices are yuan/kWh, energy is MWh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Floats, Lang, Text
from ..output import write_template as write_sheets
from ..tables import Column, Sheet, Table, day, flag, number, read_workbook, text
from .dispatch import TimeOfUse, hour_of_day
from .problem import (
    Battery,
    CarbonMarket,
    CarbonScope,
    Contract,
    DemandBasis,
    DeviationRule,
    EnergyProblem,
    Enterprise,
    feed_in_conflict,
)

SCOPES = {
    "direct": Text("仅直接排放", "direct only"),
    "pilot": Text("试点（含外购电）", "pilot with indirect"),
    "shadow": Text("影子碳价", "shadow price"),
}
BASES = {
    "none": Text("无", "none"),
    "max_demand": Text("最大需量", "max demand"),
    "capacity": Text("容量", "capacity"),
}
DEAREST = 10.0  # yuan/kWh: no power costs as much (350 would be yuan/MWh)
LARGEST_MW = 5000.0  # mean power of one enterprise's step: more is kWh taken for MWh


def _price(key: str, zh: str, en: str, default: Any = 0.0) -> Column:
    return number(key, zh, en, "yuan/kWh", default, 0, DEAREST)


def _share(key: str, zh: str, en: str, default: Any = 0.0, high: float = 1) -> Column:
    return number(key, zh, en, "1", default, 0, high)


def _choice(key: str, zh: str, en: str, choices: Mapping[str, Text], default: str) -> Column:
    return Column(key, Text(zh, en), "text", "", False, default, choices=choices)


SETTINGS = Sheet("settings", Text("参数", "Settings"), (
    day("start", "开始日期", "Start"), number("step_h", "步长", "Step", "h", 1.0, 0.05, 24),
    number("carbon_price", "碳价", "Carbon price", "yuan/t", 0.0),
    number("shadow_price", "影子碳价", "Shadow carbon price", "yuan/t", 0.0),
    number("grid_factor", "电网排放因子", "Grid emission factor", "tCO2/MWh", 0.5306),
    flag("resale", "配额盈余可出售", "Surplus can be sold", True),
), note=Text(
    "一行。步长 1 为小时，0.25 为 15 分钟。全国平均因子 2023：0.5306；剩余 2023：0.6096。",
    "One row. Step 1 is hourly, 0.25 quarter-hourly. National factor of 2023: 0.5306.",
))  # fmt: skip
TARIFFS = Sheet("tariffs", Text("分时电价", "Tariffs"), (
    text("name", "电价", "Tariff", unique=True), _price("flat", "平段电价", "Flat price", ...),
    text("peak", "高峰时段", "Peak hours", ""), text("valley", "低谷时段", "Valley hours", ""),
    _share("up", "高峰上浮", "Peak rise", 0.6, 5), _share("down", "低谷下浮", "Valley fall", 0.55),
), required=False, note=Text(
    "山西 2022（晋发改商品发〔2021〕479号）：高峰 8-11,17-23 上浮 60%；低谷 0-7,11-13 下浮 55%。"
    "请按当年文件修改。现货电价在“时序”表中另加一列“电价:企业名”，可以为负。",
    "Shanxi 2022; change to the year in question. Spot: add a series “price:NAME”, also negative.",
))  # fmt: skip
ENTERPRISES = Sheet("enterprises", Text("企业", "Enterprises"), (
    text("name", "企业", "Enterprise", unique=True), text("tariff", "电价", "Tariff", ""),
    _choice("basis", "基本电费", "Fixed charge", BASES, "none"),
    number("fixed_price", "基本电价", "Fixed price", "yuan/kW(kVA)/month", 0.0),
    number("capacity", "变压器容量", "Transformer capacity", "kVA", 0.0),
    _price("feed_in", "余电上网电价", "Feed-in price"),
    number("battery_mw", "储能功率", "Battery power", "MW", 0.0),
    number("battery_mwh", "储能容量", "Battery energy", "MWh", 0.0),
    _share("efficiency", "单向效率", "One-way efficiency", 0.94),
    _price("degradation", "储能损耗", "Battery wear", 0.06),
    _choice("scope", "碳核算", "Carbon scope", SCOPES, "direct"),
    number("direct_t", "直接排放", "Direct emissions", "t", 0.0),
    number("quota_t", "配额", "Quota", "t", 0.0),
    _share("green_min", "绿电占比目标", "Green share target"),
    number("entitlement", "绿电权益", "Entitlement", "weight", None),
), note=Text(
    "绿电权益空着按用电量。碳核算：全国市场不计外购电；试点按地方规则计入。",
    "An empty entitlement counts the load. The national carbon scheme leaves out bought power.",
))  # fmt: skip
CONTRACTS = Sheet("contracts", Text("绿电合同", "Contracts"), (
    text("name", "合同", "Contract", unique=True), number("volume", "总电量", "Volume", "MWh"),
    _price("price", "电能量价格", "Energy price", ...), _price("cap", "价格上限", "Price cap", np.inf),
    _price("certificate", "绿证价格", "Certificate price"),
    _price("delivery", "输配及附加", "Delivery"), _share("top", "照付不议比例", "Take-or-pay share"),
    _price("shortfall", "缺额单价", "Shortfall price"),
    flag("behind", "绿电直连", "Direct connection", False),
    _share("self_use", "直连最低自用比例", "Least self-use"),
    _share("load_share", "直连最低负荷占比", "Least load share"),
    text("monthly", "月度电量", "Monthly volumes", "",
         note=Text("每月一个数，以空格分隔，单位 MWh", "a number a month in MWh, by spaces")),
), required=False, note=Text(
    "月度电量以空格分隔。绿电直连（发改能源〔2025〕650号）：自用 ≥ 0.6，占负荷 ≥ 0.3。",
    "Monthly volumes are separated by spaces. Direct connections: self-use ≥ 0.6, load ≥ 0.3.",
))  # fmt: skip
DEVIATION = Sheet("deviation", Text("偏差考核", "Deviation"), (
    text("name", "规则", "Rule", "不考核"), text("citation", "依据", "Citation", ""),
    _share("user_rate", "用户侧比例", "User's rate", high=5),
    _share("supplier_rate", "发电侧比例", "Supplier's rate", high=5),
    _share("tolerance", "免考核偏差", "Tolerance"),
), required=False, note=Text(
    "少用（少发）的电量按比例乘合同均价。陕西 2022：0.1。各省不同，空表不考核。",
    "Shortfall × rate × mean contract price. Shaanxi 2022: 0.1. Empty: none.",
))  # fmt: skip
SERIES = Sheet("series", Text("时序", "Series"), (
    number("time", "序号", "Step", low=None, whole=True),
), series=True, series_units=("MWh", "yuan/kWh"), note=Text(
    "每步一行，单位 MWh：“负荷:企业名”“光伏:企业名”“发电:合同名”；"
    "逐时电价“电价:企业名”“电价:合同名”(yuan/kWh)。列名后可写单位，如“负荷:企业名 (kWh)”。",
    "One row per step in MWh: “load:NAME”, “pv:NAME”, “generation:NAME”; “price:NAME”.",
))  # fmt: skip
SHEETS = (SETTINGS, TARIFFS, ENTERPRISES, CONTRACTS, DEVIATION, SERIES)
PREFIXES = {
    "load": ("负荷", "load"),
    "pv": ("光伏", "pv"),
    "generation": ("发电", "generation"),
    "price": ("电价", "price"),
}


def read_problem(path: str | Path) -> EnergyProblem:
    """Read a workbook as made by :func:`write_template`. Raises :class:`BadData`."""
    return from_tables(read_workbook(path, SHEETS))


def from_tables(tables: dict[str, Table]) -> EnergyProblem:
    """Make the problem of tables that were read (keys as in ``SHEETS``)."""
    s = tables["settings"].only()
    market = CarbonMarket(s["carbon_price"], s["shadow_price"], s["grid_factor"], s["resale"])
    series, tariffs = tables["series"], tables["tariffs"]
    if not len(series):
        raise BadData("没有数据行。", "has no rows.", sheet=series.name)
    known = {row["name"]: time_of_use(tariffs, i, row) for i, row in enumerate(tariffs.rows())}
    enterprises = [
        _enterprise(tables, i, row, s["step_h"], known)
        for i, row in enumerate(tables["enterprises"].rows())
    ]
    contracts = [
        _contract(series, row, tables["contracts"], i)
        for i, row in enumerate(tables["contracts"].rows())
    ]
    _slips(tables, s["step_h"])
    rule = DeviationRule(**tables["deviation"].only())
    parts = (tuple(enterprises), tuple(contracts))
    return EnergyProblem(*parts, s["start"], s["step_h"], market, rule)


def read_actual(path: str | Path, problem: EnergyProblem) -> EnergyProblem:
    """Read what came true: a workbook whose sheet of series holds loads, generation and prices.

    A series that is not there came true as planned; the other sheets are not looked at.
    """
    table = read_workbook(path, (SERIES,))["series"]
    if len(table) != problem.steps:
        zh, en = (
            f"应有 {problem.steps} 行，与方案一致。",
            f"needs {problem.steps} rows, as planned.",
        )
        raise BadData(zh, en, sheet=table.name)
    firms = [e.name for e in problem.enterprises]
    offers = [c.name for c in problem.contracts]
    of = {"load": firms, "pv": firms, "generation": offers, "price": firms}
    _known_series(table, of)

    def came(kind: str, name: str, planned: Floats, unit: float = 1.0) -> Floats:
        found = _find(table, kind, name)
        return planned if found is None else found * unit

    enterprises = [
        replace(
            e,
            load_mwh=came("load", e.name, e.load_mwh),
            pv_mwh=came("pv", e.name, e.pv_mwh),
            grid_price=came("price", e.name, e.grid_price, 1000),
        )
        for e in problem.enterprises
    ]
    contracts = [
        replace(c, profile_mwh=came("generation", c.name, c.profile_mwh)) for c in problem.contracts
    ]
    return replace(problem, enterprises=tuple(enterprises), contracts=tuple(contracts))


def _slips(tables: dict[str, Table], step_h: float) -> None:
    """Refuse steps out of order, series of nobody, and units that cannot be meant."""
    series = tables["series"]
    for i, step in enumerate(series["time"]):
        if step != i + 1:
            zh, en = f"序号应为 {i + 1}：每步一行，按先后排列。", f"should be {i + 1}: in order."
            raise series.bad(i, "time", zh, en)
    enterprises, contracts = tables["enterprises"]["name"], tables["contracts"]["name"]
    of = {"load": enterprises, "pv": enterprises, "generation": contracts}
    of["price"] = [*enterprises, *contracts]
    for header, kind in _known_series(series, of).items():
        values = series.series[header]
        high = DEAREST if kind == "price" else LARGEST_MW * step_h
        over = np.abs(values) > high
        if kind != "generation" and over.any():
            i = int(np.argmax(over))
            unit = "yuan/kWh" if kind == "price" else "MWh"
            zh, en = f"{values[i]:g} 太大，单位应为 {unit}。", f"{values[i]:g}: give {unit}."
            raise series.bad(i, header, zh, en)


def _known_series(series: Table, of: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give the kind of every series by its header; :class:`BadData` for a series of nobody."""
    known = {_title(p, n): kind for kind, ns in of.items() for p in PREFIXES[kind] for n in ns}
    for header in series.series:
        if _plain(header) not in known:
            zh, en = "没有这家企业或这份合同。", "no such enterprise or contract."
            raise BadData(zh, en, sheet=series.name, row=1, column=series.headers[header])
    return {header: known[_plain(header)] for header in series.series}


def _title(prefix: str, name: str) -> str:
    return _plain(f"{prefix}:{name}")


def _titles(kind: str, name: str) -> set[str]:
    return {_title(prefix, name) for prefix in PREFIXES[kind]}


def _plain(header: str) -> str:
    """The colon in full or half width, with or without spaces around it."""
    prefix, _, name = header.replace("：", ":", 1).partition(":")
    return f"{prefix.strip()}:{name.strip()}"


def _find(series: Table, kind: str, name: str) -> np.ndarray | None:
    wanted = _titles(kind, name)
    for header, values in series.series.items():
        if _plain(header) in wanted:
            if kind != "price" and (values < 0).any():
                raise series.bad(int(values.argmin()), header, "不能为负。", "is negative.")
            return values
    return None


def _need(series: Table, kind: str, name: str) -> np.ndarray:
    found = _find(series, kind, name)
    if found is None:
        zh, en = PREFIXES[kind]
        raise BadData(
            f"缺少“{zh}:{name}”列。", f"Column “{en}:{name}” is missing.", sheet=series.name
        )
    return found


def _enterprise(
    tables: dict[str, Table],
    i: int,
    row: dict[str, Any],
    step_h: float,
    known: dict[str, TimeOfUse],
) -> Enterprise:
    series, table = tables["series"], tables["enterprises"]
    load = _need(series, "load", row["name"])
    price = _find(series, "price", row["name"])
    if price is None:
        if row["tariff"] not in known:
            raise table.bad(
                i,
                "tariff",
                f"“{row['tariff']}”不在分时电价表中。",
                f"“{row['tariff']}” is no tariff.",
            )
        price = known[row["tariff"]].prices(hour_of_day(load.size, step_h))
    _fits_transformer(table, i, row, float(load.max()) / step_h)
    battery = None
    if bool(row["battery_mw"]) != bool(row["battery_mwh"]):
        zh, en = "储能功率和容量要么都填，要么都不填。", "give both power and energy, or none."
        raise table.bad(i, "battery_mw", zh, en)
    if row["battery_mw"] and row["battery_mwh"]:
        wear = row["degradation"] * 1000
        battery = Battery(row["battery_mw"], row["battery_mwh"], row["efficiency"], wear)
    pv = _find(series, "pv", row["name"])
    made = Enterprise(
        name=row["name"],
        load_mwh=load,
        grid_price=price * 1000,
        pv_mwh=np.zeros(load.size) if pv is None else pv,
        feed_in_price=row["feed_in"] * 1000,
        demand_basis=DemandBasis(row["basis"]),
        fixed_price=row["fixed_price"],
        capacity_kva=row["capacity"],
        battery=battery,
        carbon_scope=CarbonScope(row["scope"]),
        direct_emissions_t=row["direct_t"],
        quota_t=row["quota_t"],
        green_share_min=row["green_min"],
        entitlement=row["entitlement"],
    )
    at = feed_in_conflict(made)
    if at is not None:
        zh = f"有光伏余电时，上网电价高于购电价 {price[at]:g}，储能会买进再卖出；请改上网电价或电价。"
        en = f"surplus sells above the price of {price[at]:g}: a battery would buy to sell."
        header = next((h for h in series.series if _plain(h) in _titles("price", row["name"])), "")
        raise series.bad(at, header, zh, en) if header else table.bad(i, "feed_in", zh, en)
    return made


def _fits_transformer(table: Table, i: int, row: dict[str, Any], peak_mw: float) -> None:
    """A load far above the transformer was given in another unit, or the capacity was."""
    capacity = row["capacity"]
    if capacity and peak_mw * 1000 > 3 * capacity:
        zh = f"{capacity:,.0f} kVA，而负荷最高 {peak_mw:,.1f} 兆瓦；请核对单位（kVA、兆瓦时）。"
        en = f"{capacity:,.0f} kVA, but the load reaches {peak_mw:,.1f} MW: check the units."
        raise table.bad(i, "capacity", zh, en)


def time_of_use(table: Table, i: int, row: dict[str, Any]) -> TimeOfUse:
    """A row like ``8-11,17-23``."""
    spans = {}
    for key in ("peak", "valley"):
        try:
            pairs = [p.split("-") for p in row[key].replace("，", ",").split(",") if p.strip()]
            spans[key] = [(int(a), int(b)) for a, b in pairs]
            if not all(0 <= a < b <= 24 for a, b in spans[key]):
                raise ValueError(key)
        except ValueError:
            raise table.bad(
                i, key, f"“{row[key]}”应写成 8-11,17-23。", f"“{row[key]}” is not like 8-11,17-23."
            ) from None
    return TimeOfUse(row["flat"], spans["peak"], spans["valley"], row["up"], row["down"])


def _contract(series: Table, row: dict[str, Any], table: Table, i: int) -> Contract:
    try:
        monthly = [float(x) for x in row["monthly"].replace(",", " ").split()]
    except ValueError:
        raise table.bad(i, "monthly", "应为以空格分隔的数。", "should be numbers.") from None
    hourly = _find(series, "price", row["name"])
    profile = _need(series, "generation", row["name"])
    if row["volume"] > 20 * profile.sum():
        zh = f"{row['volume']:,.0f} 兆瓦时，而全期只发 {profile.sum():,.0f} 兆瓦时；请核对单位。"
        en = f"{row['volume']:,.0f} MWh, but only {profile.sum():,.0f} MWh are generated."
        raise table.bad(i, "volume", zh, en)
    return Contract(
        name=row["name"],
        profile_mwh=profile,
        volume_mwh=row["volume"],
        price=np.full(1, row["price"] * 1000) if hourly is None else hourly * 1000,
        monthly_mwh=np.array(monthly),
        price_cap=row["cap"] * 1000,
        certificate_price=row["certificate"] * 1000,
        delivery_price=row["delivery"] * 1000,
        take_or_pay=row["top"],
        shortfall_price=row["shortfall"] * 1000,
        behind_meter=row["behind"],
        self_use_min=row["self_use"],
        load_share_min=row["load_share"],
    )


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """Write a workbook that holds the demonstration problem, ready to be overwritten."""
    from .example import example

    write_problem(path, example(), lang)


def write_problem(
    path: str | Path,
    problem: EnergyProblem,
    lang: Lang = "zh",
    more: Mapping[Sheet, Sequence[Sequence[Any]]] | None = None,
) -> None:
    """Write any problem as a workbook that reads back (prices as series), and ``more`` sheets."""
    market, rule, more = problem.carbon, problem.deviation, more or {}
    settings = [problem.start_on, problem.step_h, market.price, market.shadow_price]
    rows: dict[str, Any] = {
        "settings": [[*settings, market.grid_factor, market.resale]],
        "tariffs": [["山西2022", 0.48, "8-11,17-23", "0-7,11-13", 0.6, 0.55]],
        "enterprises": [_enterprise_row(e, lang) for e in problem.enterprises],
        "contracts": [_contract_row(c) for c in problem.contracts],
        "deviation": [
            [rule.name, rule.citation, rule.user_rate, rule.supplier_rate, rule.tolerance]
        ],
    }
    prefix = {kind: words[0 if lang == "zh" else 1] for kind, words in PREFIXES.items()}
    columns = {}
    for e in problem.enterprises:
        columns[f"{prefix['load']}:{e.name}"] = e.load_mwh
        if e.pv_mwh.any():
            columns[f"{prefix['pv']}:{e.name}"] = e.pv_mwh
    for c in problem.contracts:
        columns[f"{prefix['generation']}:{c.name}"] = c.profile_mwh
        if np.ptp(c.price) > 0:
            columns[f"{prefix['price']}:{c.name}"] = c.price / 1000
    for e in problem.enterprises:
        columns[f"{prefix['price']}:{e.name}"] = e.grid_price / 1000
    hourly = np.round(np.stack(list(columns.values()), axis=1), 6)
    rows["series"] = ([i + 1, *row] for i, row in enumerate(hourly))
    rows |= {sheet.key: given for sheet, given in more.items()}
    write_sheets(path, [*SHEETS, *more], rows, lang, {"series": list(columns)})


def _enterprise_row(e: Enterprise, lang: Lang) -> list[Any]:
    b = e.battery or Battery(0, 0)
    basis = BASES[e.demand_basis].say(lang)
    scope = SCOPES[e.carbon_scope].say(lang)
    return [
        *(e.name, None, basis, e.fixed_price, e.capacity_kva, e.feed_in_price / 1000),
        *(b.power_mw, b.energy_mwh, b.efficiency, b.degradation / 1000, scope),
        *(e.direct_emissions_t, e.quota_t, e.green_share_min, e.entitlement),
    ]


def _contract_row(c: Contract) -> list[Any]:
    cap = None if np.isinf(c.price_cap) else c.price_cap / 1000
    monthly = " ".join(f"{v:.6g}" for v in c.monthly_mwh)
    return [
        *(c.name, c.volume_mwh, float(np.mean(c.price)) / 1000, cap),
        *(c.certificate_price / 1000, c.delivery_price / 1000, c.take_or_pay),
        *(c.shortfall_price / 1000, c.behind_meter, c.self_use_min, c.load_share_min, monthly),
    ]
