"""Targets: promised, changed with what was promised before kept, dropped; a case for a gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.figures.api import figure as figure_of
from luodi.ground.scope.api import Account, Actor, stale
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.directory.api import dating
from luodi.rooms.programmes.lights import comparisons_of, wanted_of
from luodi.rooms.programmes.models import Measure, MeasureCase, Pledge, Target
from luodi.rooms.programmes.reading import Standing, open_cases, standing_of
from luodi.rooms.programmes.verbs.checks import owner_of, require_unit, written


def _taken() -> str:
    return _("这一天已有另一个目标值。")


@transaction.atomic
def set_target(
    *,
    actor: Actor,
    measure: Measure,
    figure: str,
    comparison: str,
    value: str,
    since: dt.date,
    due_on: dt.date,
    name: str = "",
    owner: Account | None = None,
    parameters: Mapping[str, str] | None = None,
    count_from: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Target:
    """Promises something for a measure from the day `since` on: `figure comparison value` by
    `due_on`. `name` is what the target is called, where the figure's own name does not tell it from
    another. Raises UserError for a value that the figure cannot have."""
    require_unit(actor, measure.programme.unit)
    row = Target.objects.create(measure=measure, name=name.strip()[:60])
    pledge = _checked(
        Pledge(target=row, valid=dating.period(since)),
        measure,
        figure=figure,
        comparison=comparison,
        value=value,
        due_on=due_on,
        owner=owner,
        parameters=dict(parameters or {}),
        count_from=count_from,
        reason="",
    )
    dating.opening(pledge, dating.moment(at), _taken())
    return row


@transaction.atomic
def change_target(
    *,
    actor: Actor,
    target: Target,
    on: dt.date,
    figure: str,
    comparison: str,
    value: str,
    due_on: dt.date,
    reason: str,
    owner: Account | None = None,
    parameters: Mapping[str, str] | None = None,
    count_from: dt.date | None = None,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Pledge:
    """Promises something else from the day `on`; what was promised until then stays on record.

    On the first day of what is promised now it is a correction: then nothing but this was ever
    promised, though what was believed can still be read. `version` is the
    promise that was read (its key): Stale where another stands in its place.
    """
    measure = target.measure
    require_unit(actor, measure.programme.unit)
    Target.objects.select_for_update().get(pk=target.pk)
    if target.dropped_on:
        raise UserError(_("这个目标已取消。"))
    old = dating.locked(latest(target))
    if version not in {None, old.pk}:
        names = ("figure", "comparison", "value", "count_from", "due_on", "owner")
        raise stale({name: getattr(old, name) for name in names} | {"version": old.pk})
    new = _checked(
        dating.clone(old, valid=dating.period(max(on, old.since), old.until)),
        measure,
        figure=figure,
        comparison=comparison,
        value=value,
        due_on=due_on,
        owner=owner,
        parameters=dict(parameters or {}),
        count_from=count_from,
        reason=written(reason, "reason"),
    )
    if on < old.since:
        raise UserError(_("现在的目标自%(day)s起，不能早于这一天更改。") % {"day": old.since}, "on")
    by = [new] if on == old.since else [dating.ended(old, on), new]
    return dating.replaced(old, by, dating.moment(at), _taken())[-1]


def latest(target: Target) -> Pledge:
    """What is promised last of a target, as known now."""
    found: Pledge | None = Pledge.objects.known().filter(target=target).order_by("-valid").first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    return found


def _checked(
    pledge: Pledge,
    measure: Measure,
    *,
    figure: str,
    comparison: str,
    value: str,
    due_on: dt.date,
    owner: Account | None,
    parameters: dict[str, str],
    count_from: dt.date | None,
    reason: str,
) -> Pledge:
    """The pledge with what is promised, if the figure can have it."""
    one = figure_of(figure)
    wanted = wanted_of(one.kind, value)
    if wanted is None:
        raise UserError(
            _("“%(name)s”没有这样的值：%(value)s。") % {"name": one.name, "value": value}, "value"
        )
    if comparison not in comparisons_of(one.kind):
        raise UserError(_("“%(name)s”只能用“等于”比较。") % {"name": one.name}, "comparison")
    given = {name: text for name, text in parameters.items() if text}
    if unknown := set(given) - set(one.parameters):
        raise UserError(
            _("“%(name)s”没有参数 %(parameter)s。")
            % {"name": one.name, "parameter": "、".join(sorted(unknown))},
            "parameters",
        )
    if due_on < pledge.since:
        raise UserError(_("期限不能早于目标开始的日期。"), "due_on")
    if count_from is not None and count_from > due_on:
        raise UserError(_("统计的开始日期不能晚于期限。"), "count_from")
    pledge.figure, pledge.comparison, pledge.value = figure, comparison, value.strip()
    pledge.parameters, pledge.count_from, pledge.due_on = given, count_from, due_on
    pledge.owner, pledge.reason = owner_of(owner, measure.programme.unit), reason
    return pledge


@transaction.atomic
def drop_target(*, actor: Actor, target: Target, on: dt.date, reason: str) -> Target:
    """Gives a target up from a day on, for a reason; until then it stands as it was promised."""
    require_unit(actor, target.measure.programme.unit)
    if target.dropped_on:
        raise UserError(_("这个目标已取消。"))
    target.dropped_on, target.dropped_why = on, written(reason, "reason")
    target.save(update_fields=["dropped_on", "dropped_why"])
    return target


@transaction.atomic
def open_case(
    *,
    actor: Actor,
    target: Target,
    on: dt.date | None = None,
    at: dt.datetime | None = None,
    is_example: bool = False,
) -> Case:
    """Raises a case for a target that is behind or missed, and links it to the measure.

    A gap has one open case at most: asked again, it gives that one. Raises UserError where there
    is no gap.
    """
    programme = target.measure.programme
    require_unit(actor, programme.unit)
    Target.objects.select_for_update().get(pk=target.pk)  # the second click waits for the first
    open_one = open_cases([target.pk]).get(target.pk)
    if open_one is not None:
        return open_one
    day = on or timezone.localdate(at)
    stands = standing_of(actor=actor, target=target, at=day)
    if not stands.light.is_gap:
        raise UserError(_("这个目标现在是“%(light)s”，没有差距。") % {"light": stands.light.label})
    mark = _("（示例）") if is_example else ""
    case = casework.raise_problem(
        actor=actor,
        unit=programme.unit,
        title=mark + _("目标差距：%(name)s") % {"name": stands.figure_name},
        text=_gap_text(stands),
        procedure="work_gap",
        channel=Case.Channel.BEHALF,
        is_example=is_example,
        at=at,
    )
    MeasureCase.objects.create(
        measure=target.measure, target=target, case=case, linked_at=at or timezone.now()
    )
    return case


def _gap_text(stands: Standing) -> str:
    return _(
        "%(programme)s：%(measure)s。\n目标：%(promise)s，期限%(due)s。\n"
        "%(day)s读数：%(value)s，%(light)s。%(gap)s"
    ) % {
        "programme": stands.measure.programme,
        "measure": stands.measure.text,
        "promise": stands.promise,
        "due": stands.pledge.due_on,
        "day": stands.read_on,
        "value": stands.text,
        "light": stands.light.label,
        "gap": stands.gap_text,
    }
