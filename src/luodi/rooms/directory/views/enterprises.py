"""Enterprises: the list, one enterprise's file, and the forms that change it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request, holders_of, today
from luodi.rooms.directory import api
from luodi.rooms.directory.forms.enterprises import (
    DayForm,
    EnterpriseFilter,
    EnterpriseForm,
    SinceForm,
    searched_enterprises,
)
from luodi.rooms.directory.models import BranchSpan, Enterprise, Lead, Post, Standing
from luodi.shell.forms import form_page, posted
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts, moments_of

COLUMNS = [
    Column(
        "name",
        _("企业"),
        sort="unit__sort_key",
        value=lambda row: row.unit.name,
        link=lambda row: reverse("directory:enterprise", args=[row.pk]),
        phone="title",
    ),
    Column("code", _("统一社会信用代码"), sort="code", phone="hide"),
    Column(
        "district", _("党建区"), sort="unit__parent__sort_key", value=lambda row: row.unit.parent
    ),
    Column("chain", _("产业链"), sort="chain__name", value=lambda row: row.chain, phone="hide"),
    # what is not said is not denied: an empty cell, no "no"
    Column(
        "above_size", _("规模以上"), sort="above_size", value=lambda row: row.above_size or None
    ),
    Column(
        "non_public",
        _("非公企业"),
        sort="non_public",
        value=lambda row: row.non_public or None,
        phone="hide",
    ),
    Column("contact_name", _("联系人"), phone="hide"),
    Column("contact_phone", _("联系电话")),
]


@login_required
def enterprises(request: Request) -> HttpResponseBase:
    """The enterprises that are open today."""
    rows = Enterprise.objects.filter(unit__closed_on=None)
    listing = Listing(
        request,
        rows.select_related("unit__parent", "chain"),
        columns=COLUMNS,
        default_sort="name",
        name="enterprises",
        filters=EnterpriseFilter,
        search=searched_enterprises,
        title=_("企业"),
        empty=_("还没有企业。可以逐家登记，也可以用Excel导入。"),
    )
    return listing.export() or show(
        request,
        "directory/enterprises.html",
        {
            "listing": listing,
            "may_add": request.actor.may("enterprises.write"),
            "may_import": request.actor.may("imports.run"),
        },
    )


def find(pk: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.select_related("unit__parent", "chain"), pk=pk)


@login_required
def enterprise(request: Request, pk: int) -> HttpResponseBase:
    """One enterprise, one file (一企一档)."""
    row, on = find(pk), today()
    unit = row.unit
    posts = Post.objects.on(on).filter(api.inside(unit)).select_related("person", "unit")
    may_see = request.actor.may("people.view", unit.path)
    own = Standing.objects.on(on).filter(branch__unit__parent=unit)
    spans = BranchSpan.objects.on(on).filter(enterprise=row)
    joint = Standing.objects.on(on).filter(branch__in=spans.values("branch"))
    return show(
        request,
        "directory/enterprise.html",
        {
            "enterprise": row,
            "may_see": may_see,
            "posts": sorted(posts, key=lambda post: post.rank) if may_see else [],
            "standings": (own | joint).distinct().select_related("branch__unit"),
            "members": api.members(unit, on).count(),
            "instructors": holders_of("instructor", unit.parent, on) if unit.parent else [],
            "lead": Lead.objects.on(on).filter(enterprise=row).first(),
            "may_write": request.actor.may("enterprises.write", unit.path),
            "parts": filled_parts(request, "unit_page", unit),
            "moments": moments_of(request.actor, unit),
            "may_people": request.actor.may("people.write", unit.path),
            "may_found": request.actor.may("posts.write", unit.path),
        },
    )


@login_required
def add(request: Request) -> HttpResponseBase:
    request.actor.require("enterprises.write")
    return form_page(
        request,
        EnterpriseForm(**posted(request)),
        lambda data: api.add_enterprise(actor=request.actor, **data),
        heading=_("登记企业"),
        back=reverse("directory:enterprises"),
        done=lambda made: reverse("directory:enterprise", args=[made.pk]),
    )


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    row = find(pk)
    request.actor.require("enterprises.write", row.unit.path)
    return form_page(
        request,
        EnterpriseForm(**posted(request), enterprise=row),
        lambda data: api.change_enterprise(actor=request.actor, enterprise=row, **data),
        heading=_("更改企业信息"),
        back=reverse("directory:enterprise", args=[pk]),
    )


@login_required
def close(request: Request, pk: int) -> HttpResponseBase:
    row = find(pk)
    request.actor.require("enterprises.write", row.unit.path)
    return form_page(
        request,
        DayForm(**posted(request), initial={"on": today()}),
        lambda data: api.close_enterprise(actor=request.actor, enterprise=row, **data),
        heading=_("撤销企业"),
        note=_("企业迁出、注销时办理。撤销后不再列出，它的档案和历史仍然保留。"),
        back=reverse("directory:enterprise", args=[pk]),
    )


@login_required
def lead(request: Request, pk: int) -> HttpResponseBase:
    row = find(pk)
    district = row.unit.parent
    assert district is not None  # an enterprise always stands under a district or a zone
    request.actor.require("enterprises.write", district.path)
    return form_page(
        request,
        SinceForm(**posted(request), initial={"since": today()}),
        lambda data: api.set_leading_enterprise(
            actor=request.actor, district=district, enterprise=row, **data
        ),
        heading=_("设为龙头企业"),
        note=_("同一党建区同一时间只有一家龙头企业，原来的自这一天起不再是。"),
        back=reverse("directory:enterprise", args=[pk]),
    )
