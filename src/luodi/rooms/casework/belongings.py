"""What casework asks accounts and units to answer for, and who is not there any more to do so."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, RoleHolding, below, serves, staffed, today
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.casework.models import Case, Event, Measure, Responsibility, Template
from luodi.rooms.casework.notify import url_of
from luodi.rooms.casework.verbs.leaving import pass_measure_on, pass_on, pass_report_on

Role, Status = Responsibility.Role, Responsibility.Status
LEADS = Q(role=Role.LEAD, status=Status.ACCEPTED)


def _within(rows: Any, owner: Owner) -> Any:
    if owner.within is None:
        return rows
    start, end = below(owner.within.path)
    return rows.filter(path__gte=start, path__lt=end)


def _parts(condition: Q) -> Any:
    """Parts in open cases: `of` an owner, and those that are adrift."""

    def living() -> Any:
        rows = Responsibility.objects.living().filter(condition, case__closed_at=None)
        return rows.select_related("case__unit", "unit", "account").order_by("id")

    def of(owner: Owner) -> Any:
        rows = _within(living(), owner)
        if owner.account is not None:
            rows = rows.filter(account=owner.account)
        return rows.filter(unit=owner.unit) if owner.unit is not None else rows

    def adrift(day: dt.date) -> Any:
        gone = Q(account__isnull=False) & ~Q(serves("account_id", "unit_id", day))
        empty = Q(account__isnull=True) & ~Q(staffed("unit_id", "cases.receive", day))
        return living().filter(gone | empty)

    return of, adrift


def _measures(owner: Owner) -> Any:
    rows = _within(_open_measures(), owner)
    if owner.account is not None:
        rows = rows.filter(owner=owner.account)
    if owner.unit is None:
        return rows
    parts = Responsibility.objects.living().filter(case=OuterRef("case_id"), unit=owner.unit)
    if owner.account is not None:
        return rows.filter(Exists(parts))
    serving = RoleHolding.objects.on(today()).filter(unit=owner.unit, account=OuterRef("owner_id"))
    return rows.filter(Exists(parts), Exists(serving))


def _open_measures() -> Any:
    rows = Measure.objects.open().filter(case__closed_at=None)
    return rows.select_related("case__unit", "owner").order_by("id")


def _measures_adrift(day: dt.date) -> Any:
    return _open_measures().filter(~Q(serves("owner_id", None, day)), owner__isnull=False)


def _reports(owner: Owner) -> Any:
    """Of an account that reported: whether it is solved would be asked of nobody."""
    rows = Case.objects.open().select_related("unit").order_by("id")
    if owner.account is None or owner.within is not None:
        return rows.none()
    passed_on = Event.objects.filter(
        case=OuterRef("pk"), transition="pass_on", payload__has_key="speaker"
    )
    waits = Q(waits_on="reporter", waiting_account=owner.account)
    rows = rows.filter(waits | (Q(reporter=owner.account) & ~Exists(passed_on)))
    return rows.filter(reporter_unit=owner.unit) if owner.unit is not None else rows


def _reports_adrift(day: dt.date) -> Any:
    """Where the unit has nobody either, silence confirms: that is no loose end."""
    rows = Case.objects.open().filter(waits_on="reporter", waiting_account__isnull=False)
    gone = ~Q(serves("waiting_account_id", None, day))
    return rows.filter(gone, staffed("reporter_unit_id", "cases.verify", day)).order_by("id")


def _templates(owner: Owner) -> Any:
    rows = Template.objects.filter(is_active=True).select_related("unit__parent").order_by("id")
    if owner.account is not None or owner.unit is None or owner.within is not None:
        return rows.none()
    return rows.filter(unit=owner.unit)


def _templates_adrift(day: dt.date) -> Any:
    return Template.objects.filter(is_active=True, unit__closed_on__lte=day).order_by("id")


def pass_template_on(*, actor: Actor, row: Template, heir: Heir, why: str = "") -> None:
    """Gives a unit's text to start from to the heir's unit, or to the superior one."""
    if row.unit is not None:
        actor.require("cases.template", row.unit.path)
        Template.objects.filter(pk=row.pk).update(unit=heir.unit or row.unit.parent)


def _template_line(row: Template) -> Hit:
    return Hit(row.name, reverse("cases:settings"), str(row.unit or ""))


def _line(row: Any) -> Hit:
    case, who = row.case, row.account or row.unit
    return Hit(case.title, url_of(case), f"{case.code} · {case.unit} · {who}")


def _measure_line(row: Measure) -> Hit:
    note = f"{row.case.code} · {row.case.unit} · {row.owner_name}"
    return Hit(str(row), f"{url_of(row.case)}#measures", note)


def _case_line(row: Case) -> Hit:
    return Hit(row.title, url_of(row), f"{row.code} · {row.unit}")


def _list(name: str, **more: str) -> Any:
    """The address of a list, narrowed to the owner."""

    def address(owner: Owner) -> str:
        asked = dict(more)
        if owner.account is not None:
            asked["person"] = str(owner.account.pk)
        elif owner.unit is not None:
            asked["unit"] = str(owner.unit.pk)
        return f"{reverse(name)}?{urlencode(asked)}"

    return address


_led, _led_adrift = _parts(LEADS)
_others, _others_adrift = _parts(~LEADS)
PARTS = "cases:responsibilities"

BELONGINGS = [
    Belonging(_("主办的问题"), _led, _led_adrift, _line, pass_on, _list(PARTS, role="lead")),
    Belonging(_("待接收的交办和协办"), _others, _others_adrift, _line, pass_on, _list(PARTS)),
    Belonging(
        _("未完成的整改措施"),
        _measures,
        _measures_adrift,
        _measure_line,
        pass_measure_on,
        _list("cases:rectifications", status="open"),
    ),
    Belonging(_("反映的问题（由其评价）"), _reports, _reports_adrift, _case_line, pass_report_on),
    Belonging(_("文字模板"), _templates, _templates_adrift, _template_line, pass_template_on),
]
