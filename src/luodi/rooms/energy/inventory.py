"""A year's carbon of a unit in one accounting frame. Frames are never mixed: each has its own lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import Unit, today
from luodi.rooms.energy.models import FUELS, Claim, DayLoad, Factor, FuelUse

FRAMES: dict[str, tuple[str | Promise, str | Promise]] = {
    "market": (
        gettext_lazy("全国碳市场"),
        gettext_lazy("只计企业自身燃料燃烧；外购电力不计入（2025 年起的核算口径）。"),
    ),
    "location": (
        gettext_lazy("温室气体议定书：位置法"),
        gettext_lazy("范围一加范围二，外购电力按电网平均因子（GHG Protocol Scope 2, 2015）。"),
    ),
    "supplier": (
        gettext_lazy("温室气体议定书：市场法"),
        gettext_lazy("范围一加范围二，已声明用于本核算的绿证按零计，其余按剔除市场化非化石电量的因子（GHG Protocol Scope 2, 2015）。"),
    ),
    "park": (
        gettext_lazy("零碳园区"),
        gettext_lazy("只计二氧化碳；核心指标为单位能耗碳排放（发改环资〔2025〕910号，核算方法试行）。"),
    ),
}  # fmt: skip
ELECTRIC = {"location": "grid", "supplier": "residual", "park": "grid"}
CLAIMED = {"supplier": "market", "park": "park"}
TONNE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of an inventory: what of it, times which factor; `url` opens the rows behind it."""

    label: str
    quantity: Decimal
    measure: str
    factor: Factor | None
    tonnes: Decimal | None
    url: str = ""
    note: str = ""


@dataclass(slots=True)
class Inventory:
    """The lines of a frame for a unit and a year, and the park's indicators where they belong."""

    frame: str
    unit: Unit
    year: int
    lines: list[Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    tce: Decimal | None = None
    clean: Decimal | None = None
    limits: dict[str, Factor] = field(default_factory=dict)

    @property
    def label(self) -> str | Promise:
        return FRAMES[self.frame][0]

    @property
    def total(self) -> Decimal:
        return sum((one.tonnes for one in self.lines if one.tonnes is not None), Decimal(0))

    @property
    def per_tce(self) -> Decimal | None:
        if not self.tce or self.missing:
            return None
        return (self.total / self.tce).quantize(TONNE)


def factor_for(kind: str, year: int) -> Factor | None:
    """The factor of a year as last published; where it has none, the latest of an earlier year."""
    rows = Factor.objects.filter(kind=kind, year__lte=year, published_on__lte=today())
    return rows.order_by("-year", "-published_on", "-pk").first()


def inventory_of(unit: Unit, year: int, frame: str) -> Inventory:
    """A year's inventory in one frame, from readings, fuels, certificates and dated factors."""
    done = Inventory(frame, unit, year)
    for line in (*_fuels(done), *_power(done)):
        done.lines.append(line)
    if frame == "park":
        _indicators(done)
    return done


def _below(unit: Unit) -> dict[str, str]:
    return {"path__gte": unit.path, "path__lt": unit.path[:-1] + "/"}


def _fuels(done: Inventory) -> Iterator[Line]:
    rows = FuelUse.objects.filter(**_below(done.unit), month__year=done.year)
    for one in rows.values("fuel").annotate(quantity=Sum("quantity")).order_by("fuel"):
        fuel, quantity = one["fuel"], one["quantity"]
        factor = _needed(done, fuel)
        url = reverse("energy:fuel-uses") + "?" + urlencode({"fuel": fuel})
        yield _line(str(FUELS[fuel]), quantity, "", factor, url, done.year)


def _needed(done: Inventory, kind: str) -> Factor | None:
    found = factor_for(kind, done.year)
    if found is None:
        said = _("没有登记 %(kind)s，这一项没有计入合计。") % {
            "kind": dict(Factor._meta.get_field("kind").flatchoices)[kind]
        }
        done.missing.append(said)
    return found


def consumed_kwh(unit: Unit, year: int) -> tuple[Decimal, int]:
    """kWh of a year, and how many meter-days of it have gaps."""
    rows = DayLoad.objects.filter(**_below(unit), day__year=year, known_until=None)
    rows = rows.filter(meter__direction="use")
    wh = rows.aggregate(wh=Sum("total_wh"))["wh"] or 0
    return Decimal(wh) / 1000, rows.filter(missing__gt=0).count()


def claimed_mwh(unit: Unit, year: int, purpose: str) -> int:
    """Whole MWh of certificates that were claimed for a purpose and a year."""
    rows = Claim.objects.filter(**_below(unit), year=year, purpose=purpose, withdrawn_at=None)
    return sum(one.slice.count for one in rows.select_related("slice"))


def _power(done: Inventory) -> Iterator[Line]:
    kwh, gaps = consumed_kwh(done.unit, done.year)
    query = {"unit": done.unit.pk, "since": f"{done.year}-01-01", "until": f"{done.year}-12-31"}
    url = reverse("figures:reading", args=["energy.consumed"]) + "?" + urlencode(query)
    note = _("%(count)s 个表日有缺口，缺的没有计入。") % {"count": gaps} if gaps else ""
    if done.frame == "market":
        yield Line(_("外购电力（不计入）"), kwh, "kWh", None, None, url, note)
        return
    green = Decimal(0)
    if done.frame in CLAIMED:
        green = min(Decimal(claimed_mwh(done.unit, done.year, CLAIMED[done.frame]) * 1000), kwh)
        yield Line(
            _("已声明绿证的电力"),
            green,
            "kWh",
            None,
            Decimal(0),
            reverse("energy:certificates_held"),
        )
    factor = _needed(done, ELECTRIC[done.frame])
    yield _line(_("外购电力"), kwh - green, "kWh", factor, url, done.year, note)


def _line(
    label: str, quantity: Decimal, measure: str, factor: Factor | None, url: str, year: int, note: str = ""
) -> Line:  # fmt: skip
    tonnes = None
    if factor is not None:
        whole = quantity * factor.value
        tonnes = (whole / 1000 if measure == "kWh" else whole).quantize(TONNE)
        if factor.year != year:
            old = _("%(year)s 年因子尚未登记，沿用 %(old)s 年。") % {
                "year": year,
                "old": factor.year,
            }
            note = f"{old}{note}"
    return Line(label, quantity, measure, factor, tonnes, url, note)


def _indicators(done: Inventory) -> None:
    """Tonnes of standard coal, the clean share, and the limits that hold for the year."""
    kwh, _gaps = consumed_kwh(done.unit, done.year)
    tce = Decimal(0)
    power = _needed(done, "tce_power")
    if power:
        tce += kwh * power.value / 1000
    rows = FuelUse.objects.filter(**_below(done.unit), month__year=done.year)
    for one in rows.values("fuel").annotate(quantity=Sum("quantity")):
        factor = _needed(done, f"tce_{one['fuel']}")
        if factor:
            tce += one["quantity"] * factor.value
    done.tce = tce.quantize(TONNE)
    if power and tce:
        green = Decimal(claimed_mwh(done.unit, done.year, "park") * 1000)
        done.clean = (min(green, kwh) * power.value / 10 / tce).quantize(Decimal("0.1"))
    for kind in ("park_core", "park_clean"):
        if limit := factor_for(kind, done.year):
            done.limits[kind] = limit


def default_year() -> int:
    """The last whole year."""
    return today().year - 1


def years() -> list[int]:
    """The years with readings, the latest first."""
    found = DayLoad.objects.filter(known_until=None).dates("day", "year", order="DESC")
    return [one.year for one in found] or [default_year()]
