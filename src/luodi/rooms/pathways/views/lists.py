"""The table of people and stages; the rolls of activists and candidates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request, today
from luodi.rooms.directory.api import Membership, Stage
from luodi.rooms.pathways.forms import JourneyFilter
from luodi.rooms.pathways.models import Helper, Journey
from luodi.rooms.pathways.reading import Standing, standings_of, with_facts
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

SHORT = {
    Stage.APPLICANT: _("申请"),
    Stage.ACTIVIST: _("积极分子"),
    Stage.CANDIDATE: _("发展对象"),
    Stage.PROBATIONARY: _("预备党员"),
    Stage.FORMAL: _("正式党员"),
}
ROLLS = {
    "activists": Stage.ACTIVIST,
    "candidates": Stage.CANDIDATE,
    "probationary": Stage.PROBATIONARY,
}
ROLL_TITLES = {
    "activists": _("入党积极分子名册"),
    "candidates": _("发展对象名册"),
    "probationary": _("预备党员名册"),
}


def _stage(stage: Stage) -> Column:
    return Column(
        stage.value, SHORT[stage], value=lambda row: row.since.get(stage, ""), phone="hide"
    )


def next_words(row: Standing) -> str:
    """What comes next, in a few words; how a file ended."""
    if row.journey.ended_on:
        return str(row.journey.get_end_display())
    return gettext("、").join(str(one.step.title) for one in row.next[:2])


def _earliest(row: Standing) -> dt.date | str:
    first = row.next[0] if row.next else None
    if first is None or first.earliest is None or first.earliest <= row.day:
        return ""
    return first.earliest


def _latest(row: Standing) -> dt.date | str:
    return (row.next[0].latest or "") if row.next else ""


def _light(row: Standing) -> str:
    return gettext("已超期") if row.late else ""


COLUMNS = [
    Column(
        "name",
        _("姓名"),
        sort="person__sort_key",
        value=lambda row: row.journey.person.name,
        link=lambda row: reverse("pathways:journey", args=[row.journey.pk]),
        phone="title",
    ),
    Column("branch", _("党组织"), value=lambda row: row.branch or "", phone="line"),
    Column(
        "unit",
        _("所在单位"),
        sort="person__unit__sort_key",
        value=lambda row: row.journey.person.unit,
        phone="hide",
    ),
    *(_stage(stage) for stage in SHORT),
    Column("next", _("下一步"), value=next_words),
    Column("earliest", _("最早"), value=_earliest, phone="hide"),
    Column("latest", _("最迟"), value=_latest),
    Column("late", _("提醒"), value=_light),
]  # fmt: skip
PAGE = [one for one in COLUMNS if one.name not in {"unit", Stage.FORMAL.value}]


def _shown(keys: Sequence[Any]) -> Mapping[Any, Standing]:
    rows = list(with_facts(Journey.objects.filter(pk__in=keys)))
    return {one.journey.pk: one for one in standings_of(rows)}


def found_by(rows: Any, text: str) -> Any:
    return rows.filter(person__name__icontains=text)


@login_required
def journeys(request: Request) -> HttpResponseBase:
    """The people in development and their stages; of a branch, a unit, a year's plan."""
    request.actor.require("pathways.view")
    listing = Listing(
        request,
        Journey.objects.select_related("person"),
        columns=PAGE,
        sheet=COLUMNS,
        default_sort="name",
        name="journeys",
        filters=JourneyFilter,
        search=found_by,
        show=_shown,
        title=_("发展党员"),
        empty=_("还没有培养材料。有人递交入党申请书后，从这里登记。"),
    )
    context = {
        "listing": listing,
        "may_write": request.actor.may("pathways.write"),
        "rolls": [
            (reverse("pathways:roll", args=[key]), title) for key, title in ROLL_TITLES.items()
        ],
    }
    return listing.export() or show(request, "pathways/journeys.html", context)


def _helpers(key: str) -> Callable[[Standing], list[str]]:
    def named(row: Standing) -> list[str]:
        facts = {one.pk for one in row.journey.facts.all() if one.step == key}
        return [str(one.person) for one in row.named if one.fact_id in facts]  # type: ignore[attr-defined]

    return named


def _roll_columns(key: str) -> list[Column]:
    """The columns of the usual form."""
    stage = ROLLS[key]
    last = {
        "activists": Column("contacts", _("培养联系人"), value=_helpers("contacts")),
        "candidates": Column("introducers", _("入党介绍人"), value=_helpers("introducers")),
        "probationary": Column(
            "ends", _("预备期满"), value=lambda row: row.probation[1] if row.probation else ""
        ),
    }[key]
    reached = list(SHORT)[: list(SHORT).index(stage) + 1]
    return [
        COLUMNS[0],
        Column("sex", _("性别"), value=lambda row: row.journey.person.get_sex_display()),
        Column("born_on", _("出生日期"), value=lambda row: row.journey.person.born_on or ""),
        Column(
            "education", _("学历"), value=lambda row: row.journey.person.get_education_display()
        ),
        COLUMNS[2],
        COLUMNS[1],
        *(_stage(one) for one in reached),
        last,
    ]


def _with_helpers(keys: Sequence[Any]) -> Mapping[Any, Standing]:
    found = _shown(keys)
    rows = Helper.objects.filter(fact__journey__in=keys).select_related("person", "fact")
    for standing in found.values():
        standing.named = []  # type: ignore[attr-defined]
    for one in rows:
        found[one.fact.journey_id].named.append(one)  # type: ignore[attr-defined]
    return found


@login_required
def roll(request: Request, stage: str) -> HttpResponseBase:
    """A roll in the usual form, to print or as a file."""
    request.actor.require("pathways.view")
    if stage not in ROLLS:
        raise Http404
    held = Membership.objects.on(today()).filter(person=OuterRef("person"), stage=ROLLS[stage])
    listing = Listing(
        request,
        Journey.objects.filter(Exists(held), ended_on=None).select_related("person"),
        columns=_roll_columns(stage),
        default_sort="name",
        name=f"roll-{stage}",
        filters=JourneyFilter,
        show=_with_helpers,
        title=ROLL_TITLES[stage],
        empty=_("现在没有人处于这一阶段。"),
    )
    context = {"listing": listing, "title": ROLL_TITLES[stage]}
    return listing.export() or show(request, "pathways/roll.html", context)
