"""The park's rows as the planner's problem: last year's loads as what is expected of the next.

Energy in MWh, prices in yuan per MWh, as the planner has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Sum
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit, today
from luodi.lib.errors import UserError
from luodi.planning import energy
from luodi.planning.core import Floats
from luodi.rooms.energy.computing import generating, terms_on
from luodi.rooms.energy.costs import PERIODS
from luodi.rooms.energy.inventory import factor_for
from luodi.rooms.energy.models import DayLoad, GreenContract, Meter, Tariff, Volume

DAYS = 365
MWH = 1e6  # watt-hours
ON_TOP = ("delivery", "line_loss", "system", "funds")


@dataclass(frozen=True)
class Question:
    """How a scenario departs from what is: shares of the volume, yuan per kWh, yuan per tonne, MW, MWh."""

    volume: float = 1.0
    price: float | None = None
    carbon_price: float = 0.0
    battery_mw: float = 0.0
    battery_mwh: float = 0.0

    @classmethod
    def of(cls, inputs: Mapping[str, object]) -> Question:
        """From a scenario's stored inputs."""
        said = {
            name: float(str(inputs[name]))
            for name in cls.__annotations__
            if inputs.get(name) not in (None, "")
        }
        return cls(**said)


@dataclass(frozen=True)
class ParkProblem:
    """The problem, whose enterprise each is, and how many hours had no reading."""

    problem: energy.EnergyProblem
    unit_ids: tuple[int, ...]
    filled: int
    since: dt.date


def park_of(unit: Unit, question: Question) -> ParkProblem:
    """The park of a unit: its contracts in force, their buyers, a year of hours until yesterday.
    Raises UserError where something is missing."""
    since = today() - dt.timedelta(days=DAYS)
    contracts = [
        one
        for one in GreenContract.objects.filter(path__startswith=unit.path).order_by("pk")
        if one.closed_on is None or one.closed_on > today()
    ]
    volumes = _volumes(contracts)
    tariff = Tariff.objects.filter(since__lte=today()).order_by("-since").first()
    if tariff is None:
        raise UserError(_("还没有登记电价，请先登记。"))
    units = list(Unit.objects.filter(pk__in={pk for _c, pk in volumes}).order_by("path"))
    hours = _hours(since, Meter.USE)
    filled = 0
    enterprises: list[energy.Enterprise] = []
    kept: list[int] = []
    price = _prices(tariff)
    for one in units:
        meters = [pk for pk, path in _paths(Meter.USE) if path.startswith(one.path)]
        load, holes = _summed([hours[pk] for pk in meters if pk in hours])
        if not load.any():
            continue
        filled += holes
        enterprises.append(energy.Enterprise(one.name, load, price))
        kept.append(one.pk)
    if not enterprises:
        raise UserError(_("购电企业还没有一年内的读数，算不出方案。"))
    enterprises = _with_battery(enterprises, question)
    made = _hours(since, Meter.GENERATION)
    offered = [
        _contract(
            one, sum(wh for (pk, _u), wh in volumes.items() if pk == one.pk), made, tariff, question
        )
        for one in contracts
        if any(pk == one.pk for pk, _u in volumes)
    ]
    grid = factor_for("grid", today().year)
    market = energy.CarbonMarket(
        shadow_price=question.carbon_price, grid_factor=float(grid.value) if grid else 0.0
    )
    if question.carbon_price:
        enterprises = [_shadow(one) for one in enterprises]
    problem = energy.EnergyProblem(tuple(enterprises), tuple(offered), since, 1.0, market)
    return ParkProblem(problem, tuple(kept), filled, since)


def _shadow(one: energy.Enterprise) -> energy.Enterprise:
    return replace(one, carbon_scope=energy.CarbonScope.SHADOW)


def _volumes(contracts: Sequence[GreenContract]) -> dict[tuple[int, int], int]:
    """kWh of the year that begins this month, by contract and buyer."""
    begin = today().replace(day=1)
    end = begin.replace(year=begin.year + 1)
    rows = Volume.objects.filter(contract__in=contracts, month__gte=begin, month__lt=end)
    sums = rows.values_list("contract", "unit").annotate(kwh=Sum("kwh"))
    return {(contract, unit): kwh for contract, unit, kwh in sums}


def _paths(direction: str) -> list[tuple[int, str]]:
    return list(Meter.objects.filter(direction=direction).values_list("pk", "path"))


def _hours(since: dt.date, direction: str) -> dict[int, Floats]:
    """MWh of each hour by meter, (T,); NaN where nothing is known."""
    found: dict[int, Floats] = {}
    rows = DayLoad.objects.filter(
        meter__direction=direction, known_until=None, day__gte=since, day__lt=today()
    )
    for meter, day, hours in rows.values_list("meter_id", "day", "hours"):
        series = found.setdefault(meter, np.full(DAYS * 24, np.nan))
        at = (day - since).days * 24
        series[at : at + 24] = [np.nan if one is None else one / MWH for one in hours]
    return found


def _summed(series: Sequence[Floats]) -> tuple[Floats, int]:
    """The sum of meters; a missing hour is the mean of the same hour of other days, and counted."""
    total, holes = np.zeros(DAYS * 24), 0
    for one in series:
        days = one.reshape(DAYS, 24)
        usual = np.nan_to_num(np.nanmean(np.where(np.isnan(days).all(axis=0), 0.0, days), axis=0))
        missing = np.isnan(days)
        holes += int(missing.sum())
        total += np.where(missing, usual, days).ravel()
    return total, holes


def _prices(tariff: Tariff) -> Floats:
    """Yuan per MWh delivered, for each hour of the year."""
    letters = (tariff.periods + "f" * 24)[:24]
    day = [float(getattr(tariff, PERIODS.get(one, "flat"))) + _on_top(tariff) for one in letters]
    return np.tile(np.array(day) * 1000, DAYS)


def _on_top(tariff: Tariff) -> float:
    return sum(float(getattr(tariff, name)) for name in ON_TOP)


def _contract(
    one: GreenContract, kwh: int, made: Mapping[int, Floats], tariff: Tariff, question: Question
) -> energy.Contract:
    profile, _holes = _summed([made[meter.pk] for meter in generating(one) if meter.pk in made])
    if not profile.any():
        raise UserError(_("合同“%(name)s”的电源还没有一年内的上网读数。") % {"name": one})
    terms = terms_on(one, today())
    price = float(terms.energy_price) if question.price is None else question.price
    volume = kwh / 1000 * question.volume
    return energy.Contract(
        name=one.name,
        profile_mwh=profile,
        volume_mwh=volume,
        price=np.full(1, price * 1000),
        price_cap=float(terms.price_cap) * 1000 if terms.price_cap is not None else np.inf,
        certificate_price=float(terms.certificate_price),
        delivery_price=_on_top(tariff) * 1000,
        take_or_pay=float(terms.take_or_pay) / 100,
        shortfall_price=float(terms.shortfall_price) * 1000,
    )


def _with_battery(
    enterprises: Sequence[energy.Enterprise], question: Question
) -> list[energy.Enterprise]:
    """Puts a battery at the largest consumer, where one is asked for."""
    found = list(enterprises)
    if question.battery_mw > 0 and question.battery_mwh > 0:
        at = int(np.argmax([one.load_mwh.sum() for one in found]))
        found[at] = replace(
            found[at], battery=energy.Battery(question.battery_mw, question.battery_mwh)
        )
    return found
