"""Counts of the homes: read by those above without a name, because the rows are homes and kinds.

The database shows nobody above a home its residents. So the rows of these figures are counted by the
program, home by home, after the reader's permission was asked (`ground.figures`), and carry no person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Figure, Kind, Question, Row, Time
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.rooms.care.due import CHINA
from luodi.rooms.care.models import (
    LIVING,
    Assessment,
    Bed,
    Fact,
    Incident,
    Observation,
    Resident,
    Stay,
)

Words = str | Promise
STANDARD = "GB/T 42195-2022"
FALLS = ("fall", "bed_fall")
# The seven kinds of need: by the level of the last assessment, or by a fact that holds.
CATEGORIES: dict[str, Words] = {
    "independent": _("自理"),
    "disabled": _("失能"),
    "dementia": _("失智"),
    "bedridden": _("长期卧床"),
    "injured": _("伤残"),
    "illness": _("重疾"),
    "sequelae": _("慢性病后遗症"),
}
BY_FACT = ("dementia", "bedridden", "injured", "illness", "sequelae")


def figures() -> Iterator[Figure]:
    people, source = _("位"), STANDARD
    yield _figure(
        "residents",
        _("在住老人"),
        people,
        _("当日在养老机构有床位的老人（外出、住院的也计），按机构汇总，不含姓名。"),
        Kind.SUM,
        _residents,
        ("寄养老人", "住养老人", "residents in care"),
    )
    yield _figure(
        "categories",
        _("护理对象类别"),
        _("类"),
        _(
            "当日在住老人中有人属于的护理需要类别：自理、失能按最近一次能力评估，其余按档案中当日成立的事实。"
        ),
        Kind.COUNT,
        _categories,
        ("护理对象种类", "categories of need"),
        source=source,
    )
    for key, words in CATEGORIES.items():
        yield _figure(
            f"residents_{key}",
            words,
            people,
            _("当日在住老人中属于这一类的人数，按机构汇总；一人可属于几类。"),
            Kind.SUM,
            _of_category(key),
            (f"{key} residents",),
            source=source,
        )
    yield _figure(
        "beds_used",
        _("床位使用率"),
        "%",
        _("当日有人占用的床位占在用床位的比重。"),
        Kind.SHARE,
        _beds,
        ("入住率", "occupancy"),
        places=1,
    )
    yield _figure(
        "assessments_due",
        _("到期未评估的老人"),
        people,
        _("当日在住、应评估而未评估的老人。"),
        Kind.SUM,
        _due,
        ("assessments due",),
    )
    yield _figure(
        "falls_per_thousand",
        _("每千住养日跌倒次数"),
        _("次"),
        _("期间登记的跌倒和坠床次数除以住养日数，再乘一千。"),
        Kind.SUM,
        _falls,
        ("falls per 1,000 resident days",),
        places=2,
        time=Time.PERIOD,
    )
    yield _figure(
        "pressure_sores",
        _("有压力性损伤的老人"),
        people,
        _("期间登记过压力性损伤（观察或意外事件）的老人，每人计一次，按机构汇总。"),
        Kind.SUM,
        _sores,
        ("pressure sores",),
        time=Time.PERIOD,
    )


def _figure(
    key: str,
    name: Words,
    unit: Words,
    definition: Words,
    kind: Kind,
    count: Callable[[Question], list[Row]],
    synonyms: tuple[str, ...],
    *,
    source: str = "",
    places: int = 0,
    time: Time = Time.DAY,
) -> Figure:
    def rows(question: Question) -> list[Row]:
        with acting(SYSTEM):
            return count(question)

    return Figure(
        key=f"care.{key}",
        name=name,
        unit=unit,
        kind=kind,
        rows=rows,
        definition=definition,
        time=time,
        synonyms=synonyms,
        places=places,
        permission="care.figures",
        units=(UnitKind.COUNTY, UnitKind.ZONE, UnitKind.CARE_HOME),
        source=source,
    )


def _homes(question: Question) -> list[Unit]:
    homes = Unit.objects.below(question.unit).of_kind(UnitKind.CARE_HOME)
    return list(homes.order_by("path"))


def _row(home: Unit, amount: int, side: bool | None = None) -> Row:
    key = f"scope_unit:{home.pk}" + ("" if side is None else f":{'used' if side else 'free'}")
    return Row(key=key, label=str(home), amount=Decimal(amount), side=side)


def _there(home: Unit, day: dt.date) -> set[int]:
    stays = Stay.objects.filter(resident__unit=home, during__contains=day)
    return set(stays.values_list("resident_id", flat=True))


def _residents(question: Question) -> list[Row]:
    return [_row(home, len(_there(home, question.until))) for home in _homes(question)]


def _kinds(home: Unit, day: dt.date) -> dict[str, set[int]]:
    """The residents of a day by kind of need."""
    there = _there(home, day)
    found: dict[str, set[int]] = {key: set() for key in CATEGORIES}
    facts = Fact.objects.filter(resident__in=there, kind__in=BY_FACT, since__lte=day)
    for kind, pk in facts.filter(Q(until=None) | Q(until__gt=day)).values_list(
        "kind", "resident_id"
    ):
        found[kind].add(pk)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), CHINA)
    signed = Assessment.objects.filter(
        resident__in=there, scale="ability", second_at__isnull=False, at__lt=end
    )
    levels = dict(signed.order_by("at", "pk").values_list("resident_id", "level"))
    for pk, level in levels.items():
        found["independent" if level == "0" else "disabled"].add(pk)
    return found


def _categories(question: Question) -> list[Row]:
    here: set[str] = set()
    for home in _homes(question):
        here |= {key for key, people in _kinds(home, question.until).items() if people}
    return [
        Row(key=f"care_category:{key}", label=str(CATEGORIES[key]))
        for key in CATEGORIES
        if key in here
    ]


def _of_category(key: str) -> Callable[[Question], list[Row]]:
    return lambda question: [
        _row(home, len(_kinds(home, question.until)[key])) for home in _homes(question)
    ]


def _beds(question: Question) -> list[Row]:
    day, rows = question.until, []
    for home in _homes(question):
        beds = Bed.objects.filter(unit=home).filter(
            Q(opened_on=None) | Q(opened_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day)
        )
        used = len(_there(home, day))
        rows += [_row(home, used, True), _row(home, max(0, beds.count() - used), False)]
    return rows


def _due(question: Question) -> list[Row]:
    return [
        _row(
            home,
            Resident.objects.filter(
                unit=home, state__in=LIVING, assess_by__lte=question.until
            ).count(),
        )
        for home in _homes(question)
    ]


def _period(question: Question) -> tuple[dt.date, dt.date, dt.datetime, dt.datetime]:
    since = question.since or question.until
    end = question.until + dt.timedelta(days=1)
    begin = dt.datetime.combine(since, dt.time(), CHINA)
    return since, end, begin, dt.datetime.combine(end, dt.time(), CHINA)


def resident_days(home: Unit, since: dt.date, end: dt.date) -> int:
    """The nights that residents had a bed, from a day until a day (exclusive)."""
    stays = Stay.objects.filter(resident__unit=home, during__overlap=(since, end))
    return sum(
        (min(one.upper or end, end) - max(one.lower, since)).days
        for one in stays.values_list("during", flat=True)
    )


def _falls(question: Question) -> list[Row]:
    """One row: falls over days of all homes together, because rates do not add up."""
    since, end, begin, finish = _period(question)
    homes = _homes(question)
    days = sum(resident_days(home, since, end) for home in homes)
    falls = Incident.objects.filter(
        resident__unit__in=homes, kind__in=FALLS, at__gte=begin, at__lt=finish
    ).count()
    if not days:
        return []
    label = str(_("跌倒%(falls)s次，住养%(days)s日")) % {"falls": falls, "days": days}
    rate = Decimal(falls) * 1000 / days
    return [Row(key=f"scope_unit:{question.unit.pk}", label=label, amount=rate)]


def _sores(question: Question) -> list[Row]:
    _since, _end, begin, finish = _period(question)
    rows = []
    for home in _homes(question):
        span = {"resident__unit": home, "kind": "sore", "at__gte": begin, "at__lt": finish}
        people = set(Observation.objects.filter(**span).values_list("resident_id", flat=True))
        people |= set(Incident.objects.filter(**span).values_list("resident_id", flat=True))
        rows.append(_row(home, len(people)))
    return rows
