"""The exchange's part of the demonstration: the page's two brokered supplies, and invented others.

Of 道尔 and 信发, 天鹏 and 旺庄 the page says that supply was brought about, and no more: their
introductions carry no quantity agreed and no price but what is invented and marked 示例.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import Account, acting, today
from luodi.rooms.directory.demo import Asked, Zone, noon
from luodi.rooms.exchange import api
from luodi.rooms.exchange.models import Commodity, Introduction, Offer, Party

READINGS = {
    "exchange.bauxite": Asked("exchange.brokered", parameters={"commodity": "2606"}),
    "exchange.coal": Asked("exchange.brokered", parameters={"commodity": "2701"}),
}
EXAMPLE = "示例数字"


def build(zone: Zone) -> None:
    """The two supplies of the page, then the invented zone's own traffic until today."""
    office = zone.accounts["office"]
    with acting(scope.actor_for(office)) as actor:
        _bauxite(actor, zone)
        _coal(actor)
    _living(zone, office)


def _offer(actor: Any, at: dt.datetime, way: str, words: str, amount: str, **more: Any) -> Offer:
    return api.post_offer(
        actor=actor, way=way, words=words, amount=amount, note=EXAMPLE, at=at, **more
    )


def _supply(
    actor: Any,
    have: Offer,
    want: Offer,
    began: dt.date,
    quantity: str,
    months: list[tuple[int, str]],
    saved: str,
) -> Introduction:
    """From the idea to the deliveries of some months, counted from January 2022, and what they brought."""
    assert have.commodity is not None
    made = api.introduce(
        actor=actor,
        supplier=have.party,
        buyer=want.party,
        commodity=have.commodity,
        monthly=min(have.monthly, want.monthly),
        have=have,
        want=want,
        at=noon(began),
    )
    api.tell_sides(actor=actor, introduction=made, at=noon(began + dt.timedelta(days=3)))
    api.negotiate(actor=actor, introduction=made, at=noon(began + dt.timedelta(days=9)))
    signed = began + dt.timedelta(days=24)
    contract = api.sign(
        actor=actor,
        introduction=made,
        quantity=Decimal(quantity),
        since=signed.replace(day=1) + dt.timedelta(days=31),
        until=dt.date(2023, 6, 30),
        signed_on=signed,
        number=f"示例-{signed:%Y%m%d}",
        price_formula="随行就市，按月确认（示例）",
        at=noon(signed),
    )
    for month, came in months:
        day = dt.date(2022 + (month - 1) // 12, (month - 1) % 12 + 1, 25)
        api.record_delivery(
            actor=actor, contract=contract, month=day, quantity=Decimal(came), at=noon(day)
        )
    return api.finish(
        actor=actor, introduction=made, yuan=Decimal(saved), at=noon(dt.date(2023, 7, 12))
    )


def _bauxite(actor: Any, zone: Zone) -> None:
    unit = {name: zone.enterprises[name].unit for name in ("道尔铝业公司", "信发铝业")}
    have = _offer(
        actor, noon(dt.date(2022, 4, 11)), "have", "铝土矿", "每月3000吨",
        unit=unit["道尔铝业公司"], quality="三氧化二铝≥62、铝硅比5~7", contact="销售部",
    )  # fmt: skip
    want = _offer(
        actor, noon(dt.date(2022, 4, 12)), "want", "铝矾土", "每月5000吨",
        unit=unit["信发铝业"], quality="铝硅比≥4.5", contact="供应部",
    )  # fmt: skip
    months = [(7, "2600"), (8, "2950"), (9, "3000"), (10, "2880"), (11, "3000")]
    months += [(12, "2900"), (13, "2400"), (14, "2950"), (15, "3000"), (16, "3000"), (17, "2980"),
               (18, "3000")]  # fmt: skip
    _supply(actor, have, want, dt.date(2022, 5, 9), "36000", months, "1260000")


def _coal(actor: Any) -> None:
    have = _offer(
        actor, noon(dt.date(2022, 6, 6)), "have", "洗精煤", "每月2000吨",
        outsider="天鹏公司", quality="灰分≤10.5、硫分≤1.2", contact="销售科",
    )  # fmt: skip
    want = _offer(
        actor, noon(dt.date(2022, 6, 7)), "want", "精煤", "每月1500吨",
        outsider="旺庄公司", quality="灰分≤11", contact="采购科",
    )  # fmt: skip
    months = [(9, "1450"), (10, "1500"), (11, "1480")]
    months += [(12, "1500"), (13, "1100"), (14, "1490"), (15, "1500"), (16, "1500"), (17, "1500"),
               (18, "1480")]  # fmt: skip
    _supply(actor, have, want, dt.date(2022, 7, 4), "16500", months, "480000")


# Invented: who has and wants what, days before today.
TRAFFIC: tuple[tuple[str, str, str, str, int, dict[str, Any]], ...] = (
    ("liaison3", "want", "压铸铝合金", "每月400吨", 40, {"quality": "硅9~12", "price": "19500"}),
    ("liaison1", "have", "压铸铝合金", "每月300吨", 35, {"quality": "硅10~11.5", "price": "18900"}),
    ("liaison2", "have", "废铝", "每月60吨", 30, {"price": "15200"}),
    ("liaison1", "want", "废铝", "每月100吨", 28, {"price": "15800"}),
    ("liaison4", "have", "压铸模具", "每年24套", 26, {}),
    ("liaison3", "want", "压铸模具", "每年10套", 21, {"since_in": 10}),
    ("liaison5", "want", "木托盘", "每月500个", 12, {}),
    ("liaison6", "want", "木托盘", "每月300个", 9, {}),
    ("liaison3", "have", "铝灰", "每月8吨", 7, {"paper": "危废经营许可证（示例）"}),
    ("liaison4", "want", "脱模剂", "每月300公斤", 100, {}),
)
PLACES = {
    "liaison1": ("111.201", "36.981"),
    "liaison2": ("111.210", "36.975"),
    "liaison3": ("111.188", "36.990"),
    "liaison4": ("111.179", "36.968"),
    "liaison5": ("111.230", "36.955"),
    "liaison6": ("111.150", "36.940"),
}


# Enterprises outside the zone, invented, for whom the office has entered what they said.
CALLERS = (
    ("示例再生金属厂", "have", "废铝", "每月80吨", 18, {"price": "15600"}),
    ("示例铝厂", "have", "铝锭", "每月2000吨", 15, {"price": "20100"}),
    ("示例包装厂", "have", "木托盘", "每月600个", 6, {"price": "46"}),
    ("示例合金厂", "have", "铸造铝合金", "每月350吨", 4, {"quality": "硅8~11", "price": "18700"}),
)


def _living(zone: Zone, office: Account) -> None:
    """Offers of the last weeks, and an introduction in each stage."""
    made: dict[tuple[str, str], Offer] = {}
    for username, way, words, amount, days, more in TRAFFIC:
        with acting(scope.actor_for(zone.accounts[username])) as actor:
            at = noon(today() - dt.timedelta(days=days))
            values: dict[str, Any] = dict(more)
            if price := values.pop("price", None):
                values["price"] = Decimal(price)
            if days_in := values.pop("since_in", None):
                values["since"] = today() + dt.timedelta(days=days_in)
            made[username, words] = _offer(actor, at, way, words, amount, **values)
    for username, (longitude, latitude) in PLACES.items():
        with acting(scope.actor_for(zone.accounts[username])) as actor:
            party = Party.objects.get(unit_id=actor.holdings[0].unit_id)
            api.change_party(
                actor=actor,
                party=party,
                longitude=Decimal(longitude),
                latitude=Decimal(latitude),
                contact="供销科",
            )
            for way, name, monthly in PROFILES.get(username, ()):
                commodity = Commodity.objects.get(name=name)
                api.keep_profile(
                    actor=actor,
                    party=party,
                    way=way,
                    commodity=commodity,
                    monthly=Decimal(monthly),
                )
    with acting(scope.actor_for(office)) as actor:
        for outsider, way, words, amount, days, more in CALLERS:
            values = {**more, "price": Decimal(more["price"]), "outsider": outsider}
            _offer(actor, noon(today() - dt.timedelta(days=days)), way, words, amount, **values)
        _stages(actor, made)


PROFILES = {
    "liaison1": (("makes", "铝合金锭", "900"), ("uses", "废铝", "400")),
    "liaison2": (("makes", "铝箔坯料", "700"), ("uses", "铝锭", "720")),
    "liaison3": (
        ("makes", "压铸件", "52000"),
        ("uses", "铝合金锭", "450"),
        ("uses", "木托盘", "200"),
    ),
    "liaison4": (("makes", "压铸模具", "2"), ("uses", "脱模剂", "300")),
}


def _stages(actor: Any, made: dict[tuple[str, str], Offer]) -> None:
    """A contract that has come into its second month without a delivery, a talk, an idea, one lost."""
    now = noon(today())
    back = dt.timedelta(days=1)

    def pair(have: tuple[str, str], want: tuple[str, str], days: int) -> Introduction:
        one, two = made[have], made[want]
        assert one.commodity is not None
        return api.introduce(
            actor=actor,
            supplier=one.party,
            buyer=two.party,
            commodity=one.commodity,
            monthly=min(one.monthly, two.monthly),
            have=one,
            want=two,
            at=now - back * days,
        )

    scrap = pair(("liaison2", "废铝"), ("liaison1", "废铝"), 25)
    api.tell_sides(actor=actor, introduction=scrap, at=now - back * 24)
    last = (today().replace(day=1) - back).replace(day=1)
    api.sign(
        actor=actor,
        introduction=scrap,
        quantity=Decimal(720),
        since=last,
        until=last + dt.timedelta(days=364),
        signed_on=today() - back * 20,
        number="示例-废铝-01",
        price_formula="当月废铝均价×0.97（示例）",
        at=now - back * 20,
    )
    alloy = pair(("liaison1", "压铸铝合金"), ("liaison3", "压铸铝合金"), 20)
    api.tell_sides(actor=actor, introduction=alloy, at=now - back * 19)
    api.negotiate(actor=actor, introduction=alloy, at=now - back * 11)
    pair(("liaison4", "压铸模具"), ("liaison3", "压铸模具"), 5)
