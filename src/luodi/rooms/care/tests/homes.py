"""A small invented home for the room's tests: beds, prices, staff, somebody who lives there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Actor, Unit, UnitKind, acting
from luodi.rooms.care import api
from luodi.rooms.care.api import Bed, PriceItem, Resident, Terms
from luodi.rooms.care.due import CHINA
from luodi.rooms.care.scales import ABILITY

SINCE = dt.date(2022, 1, 1)
STAFF = {
    "head": "home_manager",
    "nurse": "nurse",
    "second": "nurse",
    "carer": "carer",
    "other": "carer",
    "cook": "cook",
    "cashier": "cashier",
}
FULL = {one.key: one.most for one in ABILITY.items}
FRAIL = {**FULL, "walking": 1, "bathing": 1, "stairs": 0, "toilet": 2, "turning": 2, "chair": 1}


@dataclass
class Home:
    """A home with its beds by name, and its staff by their names above."""

    unit: Unit
    beds: dict[str, Bed] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return scope.actor_for(self.accounts[name])

    def resident(
        self, name: str = "示例张桂兰", bed: str = "", on: dt.date = SINCE, level: str = "2"
    ) -> Resident:
        """Somebody assessed and admitted, by the usual verbs; without a bed, only assessed."""
        made = api.enquire(
            actor=SYSTEM,
            unit=self.unit,
            name=name,
            sex="f",
            born_on=dt.date(1940, 5, 1),
            on=on,
        )
        api.switch_on(actor=SYSTEM, resident=made, kind="consent_health", since=on)
        assessed(self, made, FRAIL, noon(on))
        if bed:
            made = api.admit(actor=SYSTEM, resident=made, bed=self.beds[bed], on=on, level=level)
        return made


def noon(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    """An hour of a day in China."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def assessed(
    home: Home, resident: Resident, answers: dict[str, int], at: dt.datetime
) -> api.Assessment:
    """An assessment, signed by two nurses."""
    first, second = home.actor("nurse"), home.actor("second")
    with acting(first):
        found = api.begin_assessment(actor=first, resident=resident, purpose="admission", at=at)
        api.score(actor=first, assessment=found, answers=answers, sign=True)
    with acting(second):
        return api.countersign(actor=second, assessment=found)


def build_home(parent: Unit, name: str = "示例养老院") -> Home:
    """A home of four beds below a county, with staff and prices."""
    unit = scope.create_unit(
        actor=SYSTEM, kind=UnitKind.CARE_HOME, name=name, parent=parent, opened_on=SINCE
    )
    home = Home(unit)
    for floor, room, bed in (
        (1, "101", "101-1"),
        (1, "101", "101-2"),
        (2, "203", "203-1"),
        (2, "203", "203-2"),
    ):
        home.beds[bed] = Bed.objects.create(
            unit=unit, building="一号楼", floor=floor, room=room, name=bed
        )
    for kind, title, level, per, amount in (
        ("bed", "床位费", "", "month", "900"),
        ("care", "中度护理费", "2", "month", "1200"),
        ("care", "重度护理费", "3", "month", "1800"),
        ("meal", "伙食费", "", "day", "20"),
    ):
        PriceItem.objects.create(
            unit=unit, kind=kind, name=title, level=level, per=per, amount=Decimal(amount)
        )
    Terms.objects.create(unit=unit, custody="示例银行存管户", bed_share=50)
    for username, role in STAFF.items():
        account = scope.create_account(
            actor=SYSTEM,
            username=f"{unit.pk}-{username}",
            name=f"示例{username}",
            password="correct-horse-battery",
            must_change_password=False,
        )
        scope.grant_role(actor=SYSTEM, account=account, unit=unit, role=role, since=SINCE)
        home.accounts[username] = account
    return home
