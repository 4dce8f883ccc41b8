"""The room's figures: what was agreed, at which price, what was delivered, consumed, certified."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Row, Rows, Time
from luodi.rooms.energy.models import Bill, DayLoad, Settlement, Terms, Volume

AMOUNT: DecimalField[Decimal, Decimal] = DecimalField(max_digits=24, decimal_places=9)


def _share(column: str, whole: int) -> Combinable:
    """A column in a larger unit, exactly."""
    one = Cast(F(column), AMOUNT) / Value(Decimal(whole), output_field=AMOUNT)
    return ExpressionWrapper(one, output_field=AMOUNT)


def _volumes(question: Question) -> Rows:
    """Volumes of the months of a period, of a contract's buyers at and below a unit."""
    path = question.unit.path
    rows = Volume.objects.filter(
        path__gte=path, path__lt=path[:-1] + "/", month__lte=question.until
    )
    if question.since:
        rows = rows.filter(month__gte=question.since)
    return rows.annotate(counted=_share("kwh", 100_000_000))


def _settled(question: Question) -> Rows:
    """Bills of closed months that lie in a period."""
    path = question.unit.path
    rows = Bill.objects.filter(path__gte=path, path__lt=path[:-1] + "/")
    rows = rows.filter(stage=Settlement.State.CLOSED, month__lte=question.until)
    if question.since:
        rows = rows.filter(month__gte=question.since)
    return rows.annotate(
        counted=_share("settled_wh", 10_000_000), pieces=Cast("certificates", AMOUNT)
    )


def _loads(question: Question) -> Rows:
    """Days of meters of consumption in a period."""
    path = question.unit.path
    rows = DayLoad.objects.filter(path__gte=path, path__lt=path[:-1] + "/", day__lte=question.until)
    rows = rows.filter(meter__direction="use")
    if question.since:
        rows = rows.filter(day__gte=question.since)
    if question.known_at:
        rows = rows.filter(known_from__lte=question.known_at)
        rows = rows.exclude(known_until__lte=question.known_at)
    else:
        rows = rows.filter(known_until=None)
    return rows.annotate(counted=_share("total_wh", 10_000_000))


def _prices(question: Question) -> list[Row]:
    """The price of each contract that is in force on a day, by its latest terms."""
    path = question.unit.path
    rows = Terms.objects.filter(since__lte=question.until).select_related("contract")
    rows = rows.filter(path__gte=path, path__lt=path[:-1] + "/").order_by("contract", "-since")
    found: dict[int, Row] = {}
    for one in rows:
        closed_on = one.contract.closed_on
        if one.contract_id in found or (closed_on and closed_on <= question.until):
            continue
        price = one.energy_price if one.price_cap is None else min(one.energy_price, one.price_cap)
        found[one.contract_id] = Row(
            key=f"energy_terms:{one.pk}",
            label=gettext("%(contract)s，自 %(since)s")
            % {"contract": one.contract, "since": one.since},
            amount=price,
            on=one.since,
            url=reverse("energy:terms", args=[one.pk]),
        )
    return list(found.values())


def _bill(pk: int) -> str:
    return reverse("energy:bill", args=[pk])


def figures() -> Iterator[Figure]:
    """What the room answers for."""
    yield Figure(
        key="energy.green_volume",
        name=_("绿电合同电量"),
        unit=_("亿千瓦时"),
        kind=Kind.SUM,
        time=Time.PERIOD,
        rows=_volumes,
        definition=_("期间内各月的绿电合同电量之和。"),
        synonyms=("绿电年供应量", "绿电供应", "green power agreed"),
        columns=Columns("unit__name", amount="counted", on="month", url=lambda pk: reverse("energy:volume", args=[pk])),
        places=4,
        permission="energy.view",
        rows_permission="energy.manage",
    )  # fmt: skip
    yield Figure(
        key="energy.price_cap",
        name=_("绿电最高价格"),
        unit=_("元/千瓦时"),
        kind=Kind.GREATEST,
        rows=_prices,
        definition=_(
            "当日有效的绿电合同中最高的电能量价格，不含绿证；合同有价格上限的，以上限为限。"
        ),
        synonyms=("绿电价格", "绿电价格上限", "price of green power"),
        places=4,
        permission="energy.park",
    )
    yield Figure(
        key="energy.delivered",
        name=_("结算绿电"),
        unit=_("万千瓦时"),
        kind=Kind.SUM,
        time=Time.PERIOD,
        rows=_settled,
        definition=_("期间内已关账月份的结算电量：合同电量、发电侧应分电量和用电量中最小的。"),
        synonyms=("市场化供绿电", "提供绿电", "green power delivered"),
        columns=Columns("unit__name", amount="counted", on="month", url=_bill),
        places=4,
        permission="energy.view",
    )
    yield Figure(
        key="energy.certificates_issued",
        name=_("结算绿证"),
        unit=_("张"),
        kind=Kind.SUM,
        time=Time.PERIOD,
        rows=_settled,
        definition=_("期间内已关账月份随绿电划转的绿证，1 张对应 1000 千瓦时。"),
        synonyms=("绿证", "green certificates"),
        columns=Columns("unit__name", amount="pieces", on="month", url=_bill),
        permission="energy.view",
    )
    yield Figure(
        key="energy.consumed",
        name=_("用电量"),
        unit=_("万千瓦时"),
        kind=Kind.SUM,
        time=Time.PERIOD,
        rows=_loads,
        definition=_("期间内各电能表每日电量之和；缺的读数不计，也不当作零。"),
        synonyms=("企业用电量", "electricity consumed"),
        columns=Columns(
            "meter__name",
            amount="counted",
            on="day",
            url=lambda meter: reverse("energy:curve", args=[meter]),
            url_of="meter_id",
        ),
        places=2,
        permission="energy.view",
    )
