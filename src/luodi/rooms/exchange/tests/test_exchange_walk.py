"""The walk of the page's two supplies, what verbs refuse, and a plan."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.scope.api import SYSTEM, acting, actor_for, today
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.exchange import amounts, api, sheets
from luodi.rooms.exchange.models import Answer, Introduction, Offer, Run, Stage
from luodi.rooms.exchange.partners import candidates_for
from luodi.rooms.exchange.standing import light_of, standing_of
from luodi.rooms.exchange.verbs import planning

HAVE = {"way": "have", "words": "铝土矿", "amount": "每月3000吨", "price": Decimal(300)}
WANT = {"way": "want", "words": "铝矾土", "amount": "3.6万吨/年", "price": Decimal(420)}


def traded(zone: Zone) -> tuple[Introduction, api.Contract]:
    have = api.post_offer(actor=SYSTEM, unit=zone.enterprise, **HAVE)
    want = api.post_offer(actor=SYSTEM, unit=zone.second, **WANT)
    assert have.commodity is not None
    made = api.introduce(
        actor=SYSTEM,
        supplier=have.party,
        buyer=want.party,
        commodity=have.commodity,
        have=have,
        want=want,
    )
    api.tell_sides(actor=SYSTEM, introduction=made)
    contract = api.sign(
        actor=SYSTEM,
        introduction=made,
        quantity=Decimal(12000),
        since=dt.date(2022, 1, 1),
        until=dt.date(2022, 12, 31),
        signed_on=dt.date(2021, 12, 20),
    )
    return made, contract


def test_from_offer_to_delivery(zone: Zone) -> None:
    """Each by who does it: the enterprise offers, the instructor introduces, either delivers."""
    with acting(zone.actor("liaison")) as liaison:
        have = api.post_offer(actor=liaison, **HAVE)
        assert have.party.unit == zone.enterprise and have.broker == zone.district
    with acting(zone.actor("instructor")) as guide:
        want = api.post_offer(actor=guide, unit=zone.second, **WANT)
        assert (want.came, want.monthly) == (Offer.Came.CALL, Decimal(3000))
        (candidate,) = candidates_for(have)
        assert (candidate.offer, candidate.why) == (want, "")
        made = api.introduce(
            actor=guide,
            supplier=have.party,
            buyer=want.party,
            commodity=have.commodity,
            have=have,
            want=want,
        )
        with pytest.raises(UserError, match="已在对接"):
            api.introduce(
                actor=guide, supplier=have.party, buyer=want.party, commodity=have.commodity
            )
    with acting(zone.actor("liaison")) as liaison:
        assert not Introduction.objects.exists()  # an idea is the broker's alone
    with acting(zone.actor("instructor")) as guide:
        api.tell_sides(actor=guide, introduction=made)
    with acting(zone.actor("liaison")) as liaison:
        seen = Introduction.objects.get()
        assert str(seen.buyer) == "示例乙公司"
        (side,) = seen.sides.all()  # what the other was told of itself stays with it
        assert "您" in side.reason and side.offer == have
        api.negotiate(actor=liaison, introduction=seen)
        contract = api.sign(
            actor=liaison,
            introduction=seen,
            quantity=Decimal(36000),
            since=today().replace(day=1),
            until=today() + dt.timedelta(days=364),
            signed_on=today(),
        )
        api.record_delivery(actor=liaison, contract=contract, month=today(), quantity=Decimal(10))
        api.record_delivery(actor=liaison, contract=contract, month=today(), quantity=Decimal(10))
        assert contract.deliveries.count() == 1
        with pytest.raises(NotAllowed):
            api.finish(actor=liaison, introduction=seen)
    with acting(zone.actor("instructor")) as guide:
        done = api.finish(actor=guide, introduction=made, yuan=Decimal(5))
        assert (done.stage, done.tonnes) == (Stage.DONE, Decimal(10))
        reading = read(actor=guide, key="exchange.brokered", unit=zone.district, until=today())
        assert reading.value == 1


def test_what_is_refused(zone: Zone) -> None:
    made, contract = traded(zone)
    with pytest.raises(UserError, match="样子"):
        api.post_offer(actor=SYSTEM, unit=zone.enterprise, **HAVE | {"amount": "很多"})
    with pytest.raises(UserError, match="换算"):
        api.post_offer(actor=SYSTEM, unit=zone.enterprise, **HAVE | {"amount": "20车"})
    with pytest.raises(UserError, match="手续"):
        api.post_offer(actor=SYSTEM, unit=zone.enterprise, **HAVE | {"words": "赤泥"})
    with pytest.raises(UserError, match="还没有到"):
        api.record_delivery(
            actor=SYSTEM, contract=contract, month=dt.date(2098, 1, 1), quantity=Decimal(1)
        )
    with pytest.raises(UserError, match="开始"):
        api.record_delivery(
            actor=SYSTEM, contract=contract, month=dt.date(2021, 12, 1), quantity=Decimal(1)
        )
    with pytest.raises(UserError, match="不能改为"):
        api.tell_sides(actor=SYSTEM, introduction=made)
    offer = Offer.objects.get(way="have")
    read_at = offer.version
    api.renew_offer(actor=SYSTEM, offer=offer, at=None)
    api.change_offer(actor=SYSTEM, offer=offer, words="铝土矿", amount="每月10吨")
    with pytest.raises(Stale):
        api.change_offer(
            actor=SYSTEM, offer=offer, words="铝土矿", amount="每月9吨", version=read_at
        )
    api.withdraw_offer(actor=SYSTEM, offer=offer)
    with pytest.raises(UserError, match="撤下"):
        api.renew_offer(actor=SYSTEM, offer=offer)
    for role in ("part_time_member", "county_officer", "department_officer", "auditor"):
        with acting(zone.actor(role)) as actor, pytest.raises(UserError):
            api.post_offer(actor=actor, unit=zone.enterprise, **HAVE)
    with acting(zone.actor("liaison")) as liaison, pytest.raises(UserError):
        api.post_offer(actor=liaison, unit=zone.second, **HAVE)


def test_a_contract_turns_amber_in_its_second_month(zone: Zone) -> None:
    made, contract = traded(zone)
    assert light_of(made, dt.date(2022, 1, 31)) is None
    light = light_of(Introduction.objects.get(), dt.date(2022, 2, 1))
    assert light is not None and light.tone == "amber"
    api.record_delivery(
        actor=SYSTEM, contract=contract, month=dt.date(2022, 2, 3), quantity=Decimal(900)
    )
    assert light_of(Introduction.objects.get(), dt.date(2022, 3, 1)) is None
    standing = standing_of(contract, dt.date(2022, 3, 2))
    assert (standing.delivered, standing.due, standing.share) == (900, 2000, 7)


def test_a_delivery_that_was_none_counts_no_more(zone: Zone) -> None:
    _made, contract = traded(zone)
    delivery = api.record_delivery(
        actor=SYSTEM, contract=contract, month=dt.date(2022, 3, 1), quantity=Decimal(5)
    )

    def brokered() -> object:
        until = dt.date(2022, 12, 22)
        return read(actor=SYSTEM, key="exchange.brokered", unit=zone.zone, until=until).value

    assert brokered() == 1
    api.remove_delivery(actor=SYSTEM, delivery=delivery, reason="记错合同")
    assert brokered() == 0
    assert Introduction.objects.get().stage == Stage.CONTRACT
    api.record_delivery(
        actor=SYSTEM, contract=contract, month=dt.date(2022, 5, 1), quantity=Decimal(5)
    )
    assert brokered() == 1


def test_a_party_is_handed_to_another_desk(zone: Zone) -> None:
    made, _contract = traded(zone)
    with acting(zone.actor("instructor")) as guide:
        api.hand_over(actor=guide, party=made.supplier, desk=zone.other_district)
        assert not Offer.objects.filter(way="have").exists()
        assert not Introduction.objects.exists()
    assert Introduction.objects.get().broker == zone.zone  # stands over both desks
    with acting(zone.actor("office")):
        assert Introduction.objects.exists() and Offer.objects.count() == 2


def test_a_plan_is_kept_answers_and_becomes_introductions(zone: Zone) -> None:
    for unit, values in (
        (zone.enterprise, HAVE),
        (zone.second, HAVE | {"price": Decimal(350), "amount": "每月1000吨"}),
        (zone.elsewhere, WANT | {"amount": "每月3000吨"}),
        (zone.elsewhere, {"way": "want", "words": "木托盘", "amount": "每月5个"}),
    ):
        api.post_offer(actor=SYSTEM, unit=unit, **values)
    office = zone.actor("office")
    with acting(office):
        run = planning.ask_plan(actor=office, desk=zone.zone)
        assert planning.ask_plan(actor=office, desk=zone.zone) == run
    planning.carry_out(run.pk, office.account_id)
    run.refresh_from_db()
    assert (run.state, run.summary["met"], run.summary["cost"]) == (Run.State.READY, 1, 900000)
    assert run.summary["bound"] == pytest.approx(900000)
    (line,) = run.lines
    assert (line["monthly"], line["cost"]) == (3000, pytest.approx(350))
    answers = dict(Answer.objects.values_list("offer__price", "why"))
    assert answers == {
        Decimal(300): "chosen",
        Decimal(350): "quantity",
        Decimal(420): "chosen",
        None: "nobody",
    }
    with acting(office):
        (made,) = planning.use_lines(actor=office, run=run, places=[0, 0, 7])
        assert (made.monthly, made.stage) == (Decimal(3000), Stage.IDEA)
        with pytest.raises(UserError, match="已在对接"):
            planning.use_lines(actor=office, run=run, places=[0])
    with acting(zone.actor("liaison")):
        assert [one.why for one in Answer.objects.all()] == ["chosen"]
        assert not Run.objects.exists()


def test_whoever_holds_a_role_no_more_sees_nothing(zone: Zone) -> None:
    traded(zone)
    zone.accounts["liaison"].roles.update(valid=(dt.date(2020, 12, 1), today()))
    with acting(actor_for(zone.accounts["liaison"])):
        assert not Offer.objects.exists()


def test_cards_and_excel_enter_each_row_once(zone: Zone) -> None:
    """A bad card stays in the table with its reason; the good ones are entered."""
    client = zone.client("office")
    sent = {
        "c0-party": "示例甲公司",
        "c0-way": "have",
        "c0-words": "铝土矿",
        "c0-amount": "每月5吨",
        "c1-party": "示例区外厂",
        "c1-way": "want",
        "c1-words": "铝土矿",
        "c1-amount": "好多",
    }
    page = client.post("/exchange/workshop/", sent)
    assert page.status_code == 422 and "好多" in page.content.decode()
    assert [str(one.party) for one in Offer.objects.all()] == ["示例甲公司"]
    sent = {key: value for key, value in sent.items() if key.startswith("c1")}
    assert client.post("/exchange/workshop/", sent | {"c1-amount": "每月7吨"}).status_code == 302
    assert Offer.objects.get(way="want").came == Offer.Came.CARD
    office = zone.actor("office")
    row = {"way": "have", "party": "示例甲公司", "words": "铝土矿", "amount": "每月6吨"}
    with acting(office):
        found = sheets.find(office, row)
        assert found is not None and sheets.before(found)["amount"] == "每月5吨"
        sheets.write(office, found, row)
        assert sheets.find(office, row | {"party": "示例乙公司"}) is None
    assert Offer.objects.get(way="have").quantity == 6


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("每月3000吨", (3000, "吨", "month")),
        ("3万吨/年", (30000, "吨", "year")),
        ("年产80万吨", (800000, "吨", "year")),
        ("一次性200吨", (200, "吨", "once")),
        ("5000t/月", (5000, "吨", "month")),
        ("每月2000-3000吨", (2000, "吨", "month")),
        ("每月500千克", (Decimal("0.5"), "吨", "month")),
    ],
)
def test_quantities_as_people_write_them(text: str, read: tuple[object, str, str]) -> None:
    amount = amounts.amount_of(text, api.Commodity(name="铝土矿", code="260600", measure="吨"))
    assert (amount.quantity, amount.measure, amount.per) == read


def test_qualities_as_people_write_them() -> None:
    read = amounts.qualities_of("灰分≤10.5%、铝硅比5~7，三氧化二铝≥62%；水分8%以下")
    assert read == {
        "灰分": [None, "10.5"],
        "铝硅比": ["5", "7"],
        "三氧化二铝": ["62", None],
        "水分": [None, "8"],
    }
    assert amounts.qualities_of(amounts.written(read)) == read
    with pytest.raises(UserError):
        amounts.qualities_of("很好")
