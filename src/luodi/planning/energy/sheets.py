"""The sheets of an energy workbook. Here prices are yuan/kWh, energy is MWh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core import Text
from ..tables import Column, Sheet, day, flag, number, text

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
