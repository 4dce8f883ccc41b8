"""The home that the page names, with as many residents and kinds of need as it says, and nothing else;
and an invented one (示例) in which every day is lived until today. All residents are invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Actor, Unit, UnitKind
from luodi.rooms.care import api
from luodi.rooms.care.api import Bed, Measure, OnDuty, PriceItem, Resident, Terms
from luodi.rooms.care.models import Dish, Dose, Due, Risk
from luodi.rooms.care.scales import ABILITY, PROTECTION
from luodi.rooms.directory.demo import Asked, Zone, noon

SEEN_ON = dt.date(2022, 12, 21)
READINGS = {
    "care.residents": Asked("care.residents", SEEN_ON, of=UnitKind.COUNTY),
    "care.categories": Asked("care.categories", SEEN_ON, of=UnitKind.COUNTY),
}
OPENED_ON = dt.date(2022, 1, 10)
# Of the page's home: what each of its kinds of need is known by, and how many have it.
KINDS = ("dementia", "bedridden", "injured", "illness", "sequelae")
NAMED, INVENTED = 22, 9
TWINS = (1, 4)  # two of one name, so that the warning is seen
FULL = {one.key: one.most for one in ABILITY.items}
FRAIL = {
    **FULL,
    "walking": 1,
    "bathing": 1,
    "stairs": 0,
    "toilet": 2,
    "chair": 2,
    "transport": 1,
    "memory": 2,
    "affairs": 1,
}
LYING = {one.key: 1 if one.most > 2 else one.most for one in ABILITY.items}
SURNAMES = "张王李赵刘陈杨马高郭武任郝薛冯田段"
GIVEN = ("桂兰", "秀英", "玉珍", "福生", "改莲", "润年", "巧云", "存柱", "爱莲", "保全", "月娥")
STAFF = (
    ("home", "梁院长", "home_manager"),
    ("nurse", "护士甲", "nurse"),
    ("nurse2", "护士乙", "nurse"),
    ("carer", "护理员甲", "carer"),
    ("carer2", "护理员乙", "carer"),
    ("cook", "厨师", "cook"),
    ("cashier", "收费员", "cashier"),
)


def build(zone: Zone) -> None:
    """Both homes, their residents, and the invented one's days."""
    named = _home(zone, "吕梁尚亲养老院", "尚亲养老院", 24)
    for place in range(NAMED):
        _resident(named, place, noon(OPENED_ON + dt.timedelta(days=place * 9)))
    home = _home(zone, "示例颐年养老院", "示例颐年养老院", 12)
    staff = {key: _account(zone, home, key, name, role) for key, name, role in STAFF}
    _prices(home)
    start = timezone.localtime() - dt.timedelta(days=100)
    people = [
        _resident(
            home, place + NAMED, start, staff=staff, name="示例张桂兰" if place in TWINS else ""
        )
        for place in range(INVENTED)
    ]
    _live(home, people, staff)


def _home(zone: Zone, name: str, short: str, beds: int) -> Unit:
    unit = scope.create_unit(
        actor=SYSTEM,
        kind=UnitKind.CARE_HOME,
        name=name,
        short_name=short,
        parent=zone.county,
        opened_on=OPENED_ON,
    )
    Bed.objects.bulk_create(
        Bed(
            unit=unit,
            building="一号楼",
            floor=1 + place // 8,
            room=f"{1 + place // 8}{1 + place % 8 // 2:02d}",
            name=f"{1 + place // 8}{1 + place % 8 // 2:02d}-{1 + place % 2}",
            charge="双人间床位费",
        )
        for place in range(beds)
    )
    return unit


def _account(zone: Zone, home: Unit, key: str, name: str, role: str) -> Account:
    made = scope.create_account(
        actor=SYSTEM,
        username=key,
        name=f"{name}（示例）",
        password=None,
        must_change_password=False,
    )
    made.password = zone.accounts["office"].password
    made.save(update_fields=["password"])
    scope.grant_role(actor=SYSTEM, account=made, unit=home, role=role, since=OPENED_ON)
    zone.accounts[key] = made
    return made


def _resident(
    home: Unit,
    place: int,
    at: dt.datetime,
    *,
    staff: dict[str, Account] | None = None,
    name: str = "",
) -> Resident:
    """One more resident: assessed by two, admitted, with the facts of their kind of need."""
    on, beds = at.date(), list(Bed.objects.filter(unit=home).order_by("name"))
    made = api.enquire(
        actor=SYSTEM,
        unit=home,
        name=name or f"示例{SURNAMES[place % len(SURNAMES)]}{GIVEN[place % len(GIVEN)]}",
        sex="m" if GIVEN[place % len(GIVEN)] in {"福生", "润年", "存柱", "保全"} else "f",
        born_on=dt.date(1932 + place % 18, 1 + place % 12, 1 + place % 27),
        on=on,
    )
    api.switch_on(actor=SYSTEM, resident=made, kind="consent_health", since=on)
    kind = KINDS[place % 7] if place % 7 < len(KINDS) else ""
    if kind:
        api.switch_on(actor=SYSTEM, resident=made, kind=kind, text="示例", since=on)
    answers = FULL if place % 7 == 6 else LYING if kind == "bedridden" else FRAIL
    _assess(made, answers, at, staff)
    level = api.Assessment.objects.filter(resident=made).latest("pk").level
    taken = api.Stay.objects.filter(bed__unit=home).count()
    return api.admit(
        actor=SYSTEM,
        resident=made,
        bed=beds[taken],
        on=on,
        level=level,
        agent="示例家属",
        deposit=Decimal(3000),
    )


def _assess(
    resident: Resident, answers: dict[str, int], at: dt.datetime, staff: dict[str, Account] | None
) -> None:
    first, second = (
        (scope.actor_for(staff["nurse"]), scope.actor_for(staff["nurse2"]))
        if staff
        else (SYSTEM, SYSTEM)
    )
    found = api.begin_assessment(actor=first, resident=resident, purpose="admission", at=at)
    api.score(actor=first, assessment=found, answers=answers, sign=True)
    api.countersign(actor=second, assessment=found, at=at)


def _prices(home: Unit) -> None:
    rows = (
        ("bed", "双人间床位费", "", "month", "900"),
        ("care", "能力完好照护费", "0", "month", "300"),
        ("care", "轻度失能护理费", "1", "month", "700"),
        ("care", "中度失能护理费", "2", "month", "1200"),
        ("care", "重度失能护理费", "3", "month", "1800"),
        ("care", "完全失能护理费", "4", "month", "2400"),
        ("meal", "伙食费", "", "day", "20"),
    )
    PriceItem.objects.bulk_create(
        PriceItem(unit=home, kind=kind, name=name, level=level, per=per, amount=Decimal(amount))
        for kind, name, level, per, amount in rows
    )
    Terms.objects.create(unit=home, custody="示例银行存管户", bed_share=50)


def _live(home: Unit, people: list[Resident], staff: dict[str, Account]) -> None:
    """The last days: plans, a round, doses, a fall, one on leave, one in hospital, a bill, a handover."""
    now = timezone.now()
    nurse, carer, cashier = (scope.actor_for(staff[key]) for key in ("nurse", "carer", "cashier"))
    for one in people:
        _plan(nurse, one)
    for place, (kind, text) in enumerate(
        (
            ("diet", "低盐"),
            ("food_allergy", "花生"),
            ("diet", "糖尿病饮食、软食"),
            ("drug_allergy", "青霉素"),
            ("swallowing", "饮水易呛"),
        )
    ):
        api.switch_on(actor=nurse, resident=people[place], kind=kind, text=text)
    for place, words in enumerate(("女儿", "儿子", "儿媳")):
        api.add_contact(
            actor=nurse,
            resident=people[place],
            name=f"示例家属{place + 1}",
            relation=words,
            phone=f"1390000000{place}",
            decides=["daily", "emergency"],
        )
    _medicines(nurse, people)
    _made_due(home, now)
    _round(carer, people, now)
    api.leave(
        actor=nurse,
        resident=people[5],
        kind="leave",
        at=now - dt.timedelta(days=1),
        due_at=now + dt.timedelta(days=2),
        place="回家（示例）",
        with_whom="示例家属",
    )
    api.leave(
        actor=nurse,
        resident=people[6],
        kind="hospital",
        at=now - dt.timedelta(days=5),
        place="示例县人民医院",
    )
    fall = api.report_incident(
        actor=carer,
        resident=people[2],
        kind="fall",
        at=now - dt.timedelta(hours=9),
        harm="slight",
        text="晨起如厕时滑倒（示例）",
        measures="扶起检查，测血压，通知护士（示例）",
    )
    api.tell_about(actor=nurse, incident=fall, whom="儿媳（示例）", at=now - dt.timedelta(hours=8))
    last = (timezone.localdate().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for one in people[:4]:
        api.receive_deposit(actor=cashier, resident=one, amount=Decimal(3000), on=last)
        api.issue_bill(actor=cashier, resident=one, month=last)
    api.receive_payment(
        actor=cashier,
        resident=people[0],
        amount=Decimal(9000),
        on=timezone.localdate(),
        text="示例",
    )
    _others(home, nurse, staff)


def _plan(nurse: Actor, one: Resident) -> None:
    risks = Risk.objects.filter(resident=one, until=None).values_list("kind", flat=True)
    acts = [
        Measure(
            str(PROTECTION[kind]),
            ("morning", "afternoon", "evening") if kind in {"fall", "sore"} else ("evening",),
            protects=(kind,),
        )
        for kind in risks
    ]
    acts += [
        Measure("晨间洗漱、整理床铺", ("morning",), routine=True),
        Measure("协助进餐、饮水", ("morning", "noon", "evening"), routine=True),
        Measure("称体重", clock=dt.time(9), every="week", days=(1,)),
    ]
    api.replace_plan(
        actor=nurse,
        resident=one,
        need="行走、洗澡需要协助（示例）",
        aim="三个月内不跌倒，体重不下降（示例）",
        evaluate_on=timezone.localdate() + dt.timedelta(days=60),
        acts=acts,
    )


def _medicines(nurse: Actor, people: list[Resident]) -> None:
    today = timezone.localdate()
    for one in people[:3]:
        api.prescribe(
            actor=nurse,
            resident=one,
            medicine="示例降压片 5mg",
            quantity=Decimal(1),
            unit_name="片",
            doctor="示例医生",
            since=today - dt.timedelta(days=30),
            times="08:00",
        )
        api.stock_in(
            actor=nurse,
            resident=one,
            medicine="示例降压片 5mg",
            quantity=Decimal(28),
            unit_name="片",
            expires_on=today + dt.timedelta(days=300),
            lot="示例2211",
        )
    api.prescribe(
        actor=nurse,
        resident=people[1],
        medicine="示例止痛片",
        quantity=Decimal(1),
        unit_name="片",
        doctor="示例医生",
        since=today - dt.timedelta(days=9),
        when_needed=True,
        most_a_day=3,
        gap_minutes=360,
        check_minutes=60,
        reason="关节痛（示例）",
    )


def _made_due(home: Unit, now: dt.datetime) -> None:
    """What would have been due in the last half day, had the plans been in force: so that a round has work."""
    residents = list(Resident.objects.filter(unit=home))
    api.refresh(residents, now - dt.timedelta(hours=12), now)


def _round(carer: Actor, people: list[Resident], now: dt.datetime) -> None:
    late = Due.objects.filter(
        resident__in=people[:5], due_at__lt=now - dt.timedelta(hours=3), outcome="open"
    )
    for place, due in enumerate(late.order_by("due_at", "pk")[:14]):
        if place == 4:
            api.confirm(actor=carer, due=due, outcome="refused", why="不愿起床（示例）")
        else:
            api.confirm(
                actor=carer, due=due, outcome="done", at=due.due_at + dt.timedelta(minutes=6)
            )
    for dose in Dose.objects.filter(resident=people[0], due_at__lt=now, state="open"):
        api.give(actor=carer, dose=dose)
    for place in range(8):
        at = now - dt.timedelta(days=7 * (8 - place), hours=1)
        api.observe(
            actor=carer,
            resident=people[0],
            kind="weight",
            one=Decimal("61.5") - Decimal(place) / 5,
            at=at,
        )
        api.observe(
            actor=carer,
            resident=people[0],
            kind="pressure",
            one=Decimal(128 + place % 4 * 5),
            two=Decimal(78 + place % 3),
            three=Decimal(72),
            at=at,
        )
    api.write_note(
        actor=carer,
        resident=people[0],
        text="下午和同屋一起看戏，精神好（示例）。",
        at=now - dt.timedelta(hours=4),
    )


def _others(home: Unit, nurse: Actor, staff: dict[str, Account]) -> None:
    today = timezone.localdate()
    waiting = api.enquire(
        actor=SYSTEM,
        unit=home,
        name="示例段福生",
        sex="m",
        born_on=dt.date(1944, 3, 2),
        phone="13900000009",
        wish="想要一楼朝南的房间（示例）",
        on=today,
    )
    api.record_visit(actor=SYSTEM, resident=waiting, on=today, note="家属一同参观（示例）")
    api.enquire(
        actor=SYSTEM, unit=home, name="示例田秀英", sex="f", born_on=dt.date(1941, 7, 9), on=today
    )
    OnDuty.objects.bulk_create(
        OnDuty(unit=home, on=today + dt.timedelta(days=day), shift=shift, who=staff[key])
        for day in range(3)
        for shift, key in (("day", "nurse"), ("late", "carer"), ("night", "carer2"))
    )
    Dish.objects.bulk_create(
        Dish(
            unit=home,
            on=today + dt.timedelta(days=day),
            meal=meal,
            name=name,
            contains=contains,
            suits=suits,
        )
        for day in range(3)
        for meal, name, contains, suits in (
            ("breakfast", "小米粥、蒸蛋", "鸡蛋", "软食、低盐"),
            ("lunch", "莜面、炖豆腐", "黄豆", "软食"),
            ("supper", "花生山药汤", "花生", ""),
        )
    )
    api.hand_over_shift(
        actor=nurse,
        unit=home,
        on=today - dt.timedelta(days=1),
        shift="late",
        sentence="夜里多看203房（示例）。",
    )
