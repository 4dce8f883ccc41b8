"""How a case looks: its light with words, its state, whose turn it is."""

from __future__ import annotations

import datetime as dt
from html import escape

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luodi.ground.scope.api import Actor
from luodi.rooms.casework.lines import Line
from luodi.rooms.casework.models import Case, Measure, Responsibility

register = template.Library()


@register.filter
def light(case: Case | Line) -> SafeString:
    """The case's light, always with words."""
    now = timezone.now()
    colour = case.light_at(now)
    words = light_words(case, colour, now)
    return (
        badge(words, {"paused": "blue", "none": ""}.get(colour, colour)) if words else SafeString()
    )


def badge(words: str, colour: str) -> SafeString:
    tone = f" light-{colour}" if colour else ""
    return mark_safe(f'<span class="light{tone}">{escape(words)}</span>')  # noqa: S308 - escaped


def light_words(case: Case | Line, colour: str, now: dt.datetime) -> str:
    if case.outcome == "solved":
        return _("超期办结") if colour == "red" else _("按期办结")
    if case.closed_at is not None:
        return ""
    if case.paused:
        return _("已挂起") if colour != "red" else _("已挂起，已超期")
    if case.next_due_at is None:
        return _("提交时已超期") if colour == "red" else _("已提交")
    left = span(abs(case.next_due_at - now))
    if colour == "red":
        return _("超期 %(time)s") % {"time": left} if case.next_due_at < now else _("已超期")
    return (_("临期，剩 %(time)s") if colour == "amber" else _("剩 %(time)s")) % {"time": left}


def span(time: dt.timedelta) -> str:
    """A length of time as people say it: days, or hours, or minutes."""
    if time.days:
        return ngettext("%(count)s 天", "%(count)s 天", time.days) % {"count": time.days}
    hours, minutes = time.seconds // 3600, max(1, time.seconds // 60)
    if hours:
        return ngettext("%(count)s 小时", "%(count)s 小时", hours) % {"count": hours}
    return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}


@register.filter
def state(case: Case | Line) -> str:
    return str(case.state_now.label)


@register.filter
def status_in(part: Responsibility, case: Case | Line) -> str:
    """Where a part in a case stands; what nobody gave up before the end ended as the case did."""
    living = part.status in (Responsibility.Status.OFFERED, Responsibility.Status.ACCEPTED)
    return state(case) if living and not case.is_open else str(part.get_status_display())


@register.filter
def turn(case: Case | Line) -> str:
    """Whose turn it is: the unit, and the person where one is named."""
    who = (case.waiting_unit, case.waiting_account)
    return " · ".join(str(one) for one in who if one is not None)


@register.filter
def measure_light(measure: Measure) -> SafeString:
    """Where a measure stands, as a light with words."""
    if measure.dropped_at:
        return badge(_("已取消"), "")
    if measure.done_at:
        return badge(_("已完成"), "green")
    if measure.due_on < timezone.localdate():
        return badge(_("超期未完成"), "red")
    return badge(_("进行中"), "blue")


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether the actor has a permission anywhere."""
    return actor.may(permission)
