"""The energy problem as a workbook. Here prices are yuan/kWh, energy is MWh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core import BadData, Floats, Lang
from ..output import write_template as write_sheets
from ..tables import Sheet, Table, read_workbook
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
from .sheets import BASES, DEAREST, LARGEST_MW, PREFIXES, SCOPES, SERIES, SHEETS


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
