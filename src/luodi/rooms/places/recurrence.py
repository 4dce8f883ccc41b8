"""From a rule to its dates, in one loop with a cap: nothing is expanded again when it is read.

After RFC 5545, 3.3.10, with less: a step of days, weeks or months, always with an end. A rule that
has no date, or more than `MOST`, is refused with a sentence. What falls on a public holiday is a
date too, with the holiday's name, where it was asked to be skipped: it can be put back.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luodi.lib.calendars import WorkingCalendar
from luodi.lib.errors import UserError
from luodi.rooms.places.models import Repeat

MOST = 400  # dates of one booking
YEARS = 3  # that a rule may reach
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """How something repeats from a first day on. `weekdays`: Monday is 1, as in ISO 8601."""

    repeat: str = Repeat.ONCE
    every: int = 1
    weekdays: Sequence[str] = ()
    until: dt.date | None = None
    skip_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a rule; `skipped`: the holiday for which it is left out, "" for none."""

    on: dt.date
    skipped: str = ""


def dates_of(rule: Rule, first: dt.date, working: WorkingCalendar) -> list[Date]:
    """The dates of a rule from its first day on, in order. Raises UserError at the field at fault."""
    if rule.repeat == Repeat.ONCE:
        return [Date(first)]
    until = _end_of(rule, first)
    found: list[Date] = []
    for on in _days(rule, first, until, working):
        found.append(Date(on, holiday_on(working, on) if rule.skip_holidays else ""))
        if len(found) > MOST:
            raise UserError(_("最多重复 %(most)s 次，请提前结束。") % {"most": MOST}, "until")
    if not any(not one.skipped for one in found):
        raise UserError(_("按这个规则，到 %(until)s 一次也没有。") % {"until": until}, "repeat")
    return found


def holiday_on(working: WorkingCalendar, day: dt.date) -> str:
    """The name of the holiday that a day is; "" for an ordinary weekend or a working day."""
    rule = working.exceptions.get(day)
    if rule is None or rule.spans != ():
        return ""
    return rule.name or _("休息日")


def _end_of(rule: Rule, first: dt.date) -> dt.date:
    if rule.until is None:
        raise UserError(_("请填写重复到哪一天。"), "until")
    if rule.until < first:
        raise UserError(_("重复的结束日期不能早于第一次。"), "until")
    if rule.until > first.replace(day=min(first.day, 28), year=first.year + YEARS):
        raise UserError(_("最多重复 %(years)s 年，请提前结束。") % {"years": YEARS}, "until")
    if not 1 <= rule.every <= 52:
        raise UserError(_("间隔应在 1 到 52 之间。"), "every")
    if any(one not in {"1", "2", "3", "4", "5", "6", "7"} for one in rule.weekdays):
        raise UserError(_("请从给出的选项中选择。"), "weekdays")
    return rule.until


def _days(
    rule: Rule, first: dt.date, until: dt.date, working: WorkingCalendar
) -> Iterator[dt.date]:
    match rule.repeat:
        case Repeat.DAILY:
            yield from _every_day(first, until, rule.every)
        case Repeat.WORKDAYS:
            yield from filter(working.is_working_day, _every_day(first, until, 1))
        case Repeat.WEEKLY:
            yield from _weekly(rule, first, until)
        case _:
            yield from _monthly(rule, first, until)


def _every_day(first: dt.date, until: dt.date, step: int) -> Iterator[dt.date]:
    for offset in range(0, (until - first).days + 1, step):
        yield first + offset * ONE_DAY


def _weekly(rule: Rule, first: dt.date, until: dt.date) -> Iterator[dt.date]:
    """Weeks begin on Monday: every second week counts from the week of the first day."""
    wanted = {int(one) for one in rule.weekdays} or {first.isoweekday()}
    monday = first - (first.isoweekday() - 1) * ONE_DAY
    for day in _every_day(first, until, 1):
        if day.isoweekday() in wanted and (day - monday).days // 7 % rule.every == 0:
            yield day


def _monthly(rule: Rule, first: dt.date, until: dt.date) -> Iterator[dt.date]:
    year, month = first.year, first.month
    while (year, month) <= (until.year, until.month):
        day = _in_month(rule, first, year, month)
        if day is not None and first <= day <= until:
            yield day
        month += rule.every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def _in_month(rule: Rule, first: dt.date, year: int, month: int) -> dt.date | None:
    """The rule's day in a month; None where the month has no such day.

    The fifth Tuesday of a month is meant as its last: five there are not always.
    """
    last = calendar.monthrange(year, month)[1]
    if rule.repeat == Repeat.MONTH_END:
        return dt.date(year, month, last)
    if rule.repeat == Repeat.MONTH_DAY:
        return dt.date(year, month, first.day) if first.day <= last else None
    nth = (first.day - 1) // 7
    shift = (first.isoweekday() - dt.date(year, month, 1).isoweekday()) % 7
    day = 1 + shift + 7 * nth
    return dt.date(year, month, day if day <= last else day - 7)


def in_words(rule: Rule, first: dt.date) -> str:
    """A rule as people say it: 每 2 周的周四，到 2022-12-31，跳过节假日."""
    if rule.repeat == Repeat.ONCE:
        return ""
    days = _("、").join(_weekday(int(one)) for one in sorted(rule.weekdays))
    nth = (first.day - 1) // 7 + 1
    again = {
        Repeat.DAILY: _("每天") if rule.every == 1 else _("每 %(every)s 天"),
        Repeat.WORKDAYS: _("每个工作日"),
        Repeat.WEEKLY: _("每周%(days)s") if rule.every == 1 else _("每 %(every)s 周的%(days)s"),
        Repeat.MONTH_DAY: _("每月 %(day)s 日")
        if rule.every == 1
        else _("每 %(every)s 个月的 %(day)s 日"),
        Repeat.MONTH_WEEKDAY: (
            _("每月最后一个%(weekday)s") if nth > 4 else _("每月第 %(nth)s 个%(weekday)s")
        )
        if rule.every == 1
        else _("每 %(every)s 个月的第 %(nth)s 个%(weekday)s"),
        Repeat.MONTH_END: _("每月最后一天"),
    }[Repeat(rule.repeat)] % {
        "every": rule.every,
        "days": days or _weekday(first.isoweekday()),
        "day": first.day,
        "nth": nth,
        "weekday": _weekday(first.isoweekday()),
    }
    said = [again, _("到 %(until)s") % {"until": rule.until}]
    if rule.skip_holidays:
        said.append(_("跳过节假日"))
    return _("，").join(said)


def _weekday(number: int) -> str:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][number - 1]
