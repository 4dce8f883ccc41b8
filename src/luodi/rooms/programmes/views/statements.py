"""Indicators, and what outside documents say of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.evidence.api import files_of
from luodi.ground.figures.api import Figure, Question, address
from luodi.ground.scope.api import Request
from luodi.lib.errors import NotFound
from luodi.rooms.programmes.figures import ONE_DAY, TABLE, figures_of
from luodi.rooms.programmes.forms import IndicatorForm, ObservationForm
from luodi.rooms.programmes.growth import growth_of
from luodi.rooms.programmes.models import Indicator, Observation
from luodi.rooms.programmes.verbs import statements as say
from luodi.rooms.programmes.verbs.statements import indicators_of
from luodi.shell.forms import form_page, posted
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show


def value_of(one: Observation) -> str:
    """What the statement comes to, in words; for a growth that there is none of, why."""
    indicator = one.indicator
    match Indicator.Kind(indicator.kind):
        case Indicator.Kind.GROWTH:
            value, why = growth_of(one.base, one.current, indicator.places)
            return why or f"{value:f}%"
        case Indicator.Kind.AMOUNT:
            return f"{plain_amount(one.current)}{indicator.measure}"
        case Indicator.Kind.COUNT:
            return one.unit.name
        case Indicator.Kind.RANK:
            return _now("第 %(place)s 位，共 %(all)s 个单位") % {
                "place": one.place,
                "all": one.participants,
            }
    return one.word


def plain_amount(amount: Decimal | None) -> Decimal | None:
    """Without the zeros that the database keeps behind the point."""
    return None if amount is None else Decimal(f"{amount.normalize():f}")


def readings_of(one: Observation) -> list[tuple[Figure, str]]:
    """The figures that a statement is a row of, with the addresses of their readings."""
    assert one.until is not None  # the period of a document has an end
    question = Question(one.unit, one.until - ONE_DAY, one.since)
    return [(figure, address(figure, question)) for figure in figures_of(one.indicator)]


COLUMNS = [
    Column(
        "period",
        _("所属期"),
        sort="valid",
        value=lambda one: f"{one.since} — {one.until - ONE_DAY}",
        link=lambda one: reverse("programmes:observation", args=[one.pk]),
        phone="title",
    ),
    Column("unit", _("单位"), value=lambda one: one.unit.name),
    Column(
        "base", _("基期值"), align="end", phone="hide", value=lambda one: plain_amount(one.base)
    ),
    Column(
        "current",
        _("报告期值"),
        align="end",
        phone="hide",
        value=lambda one: plain_amount(one.current),
    ),
    Column("value", _("结果"), value=value_of, link=lambda one: readings_of(one)[0][1]),
    Column("organisation", _("来源单位"), sort="organisation"),
    Column("document", _("文号或文件名")),
]


@login_required
def indicators(request: Request) -> HttpResponseBase:
    """Every indicator, with how many statements of it the actor sees."""
    request.actor.require("programmes.view")
    listing = Listing(
        request,
        indicators_of(request.actor),
        columns=[
            Column(
                "name",
                _("名称"),
                sort="name",
                value=str,
                link=lambda one: reverse("programmes:indicator", args=[one.pk]),
                phone="title",
            ),
            Column("kind", _("类型"), sort="kind"),
            Column("measure", _("计量单位")),
            Column("definition", _("口径"), phone="hide"),
        ],
        default_sort="name",
        name="indicators",
        title=_("上级通报数据"),
        empty=_("还没有上级通报数据。先新设一项，再录入文件上的数据。"),
    )
    context = {"listing": listing, "may_write": request.actor.may("programmes.write")}
    return listing.export() or show(request, "programmes/indicators.html", context)


@login_required
def indicator(request: Request, pk: int) -> HttpResponseBase:
    """An indicator with the statements as known now."""
    request.actor.require("programmes.view")
    row = get_object_or_404(indicators_of(request.actor), pk=pk)
    listing = Listing(
        request,
        Observation.objects.known().filter(indicator=row).select_related("unit", "indicator"),
        columns=COLUMNS,
        default_sort="-period",
        name="observations",
        title=str(row),
        empty=_("还没有录入数据。"),
    )
    context = {
        "indicator": row,
        "listing": listing,
        "may_write": request.actor.may("programmes.write"),
        "synonyms": "、".join(row.synonyms),
        "words": "、".join(row.words),
    }
    return listing.export() or show(request, "programmes/indicator.html", context)


@login_required
def new_indicator(request: Request) -> HttpResponseBase:
    request.actor.require("programmes.write")
    return form_page(
        request,
        IndicatorForm(**posted(request), indicator=None),
        lambda data: say.save_indicator(actor=request.actor, **data),
        heading=_("新设上级通报数据"),
        back=reverse("programmes:indicators"),
        done=lambda made: reverse("programmes:indicator", args=[made.pk]),
    )


@login_required
def change_indicator(request: Request, pk: int) -> HttpResponseBase:
    request.actor.require("programmes.write")
    row = get_object_or_404(indicators_of(request.actor), pk=pk)
    fields = (
        "name",
        "name_en",
        "synonyms",
        "measure",
        "places",
        "words",
        "definition",
        "source",
    )
    initial = {name: getattr(row, name) for name in fields}
    return form_page(
        request,
        IndicatorForm(**posted(request), indicator=row, initial=initial),
        lambda data: say.save_indicator(
            actor=request.actor, key=row.key, kind=row.kind, indicator=row, **data
        ),
        heading=_("修改上级通报数据"),
        back=reverse("programmes:indicator", args=[pk]),
    )


@login_required
def observe(request: Request, pk: int) -> HttpResponseBase:
    request.actor.require("programmes.write")
    row = get_object_or_404(indicators_of(request.actor), pk=pk)
    return form_page(
        request,
        ObservationForm(**posted(request), actor=request.actor, indicator=row, correct=False),
        lambda data: say.observe(actor=request.actor, indicator=row, **data),
        heading=_now("录入：%(name)s") % {"name": row},
        note=row.definition,
        back=reverse("programmes:indicator", args=[pk]),
        done=lambda made: reverse("programmes:observation", args=[made.pk]),
    )


def find_observation(pk: int) -> Observation:
    return get_object_or_404(
        Observation.objects.select_related("unit", "indicator", "entered_by"), pk=pk
    )


@login_required
def observation(request: Request, pk: int) -> HttpResponseBase:
    """A statement: what the document says, what follows, its evidence, what was known before."""
    request.actor.require("programmes.view")
    row = find_observation(pk)
    versions = list(
        Observation.objects.filter(indicator=row.indicator, unit=row.unit, valid=row.valid)
        .select_related("unit", "indicator", "entered_by")
        .order_by("-known")
    )
    files = files_of({TABLE: [one.pk for one in versions]})
    assert row.until is not None
    last = row.until - ONE_DAY
    context = {
        "observation": row,
        "last": last,
        "base": plain_amount(row.base),
        "current": plain_amount(row.current),
        "value": value_of(row),
        "readings": readings_of(row),
        "versions": [(one, value_of(one), files.get((TABLE, one.pk), [])) for one in versions],
        "is_current": row.known.upper is None,
        "may_write": request.actor.may("programmes.write", row.unit.path),
    }
    return show(request, "programmes/observation.html", context)


def to_correct(request: Request, pk: int) -> Observation:
    row = find_observation(pk)
    request.actor.require("programmes.write", row.unit.path)
    return row


@login_required
def correct(request: Request, pk: int) -> HttpResponseBase:
    row = to_correct(request, pk)
    if row.known.upper is not None:
        raise NotFound(_now("这条数据已被更正，请打开现在的一条。"))
    fields = (
        "base",
        "current",
        "place",
        "participants",
        "word",
        "organisation",
        "document",
        "remark",
    )
    initial: dict[str, Any] = {name: getattr(row, name) for name in fields}
    return form_page(
        request,
        ObservationForm(
            **posted(request),
            actor=request.actor,
            indicator=row.indicator,
            correct=True,
            initial=initial,
        ),
        lambda data: say.correct_observation(actor=request.actor, observation=row, **data),
        heading=_now("更正：%(name)s") % {"name": row.indicator},
        note=_("原来的数据仍可查到，按当时所知读数时仍用原来的。"),
        back=reverse("programmes:observation", args=[pk]),
        done=lambda made: reverse("programmes:observation", args=[made.pk]),
    )


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    row = to_correct(request, pk)
    say.withdraw_observation(actor=request.actor, observation=row)
    return redirect(reverse("programmes:indicator", args=[row.indicator_id]))
