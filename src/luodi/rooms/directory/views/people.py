"""People: the list, a person's page, and what may be done with a person's data."""

from __future__ import annotations

import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import ReasonForm
from luodi.ground.scope.api import Request, today
from luodi.lib.errors import NotFound
from luodi.manifest import manifests
from luodi.rooms.directory import api
from luodi.rooms.directory.forms.people import PersonFilter, PersonForm, searched_people
from luodi.rooms.directory.models import Membership, Person, Post
from luodi.rooms.directory.privacy import MASKED
from luodi.rooms.directory.verbs.people import UNCHANGED
from luodi.shell.forms import carry_out, form_page, posted
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts

MASKED_LABELS = {"identity": _("身份证号"), "phone": _("手机号")}
COLUMNS = [
    Column(
        "name",
        _("姓名"),
        sort="sort_key",
        link=lambda row: reverse("directory:person", args=[row.pk]),
        phone="title",
    ),
    Column("sex", _("性别"), phone="hide"),
    Column("born_on", _("出生日期"), sort="born_on", phone="hide"),
    Column("unit", _("所在单位"), sort="unit__sort_key"),
    Column(
        "branch",
        _("党组织"),
        value=lambda row: [held.branch for held in row.current],
    ),
    Column(
        "stage", _("阶段"), value=lambda row: [held.get_stage_display() for held in row.current]
    ),
    Column("phone", _("手机号"), value=lambda row: row.phone_masked, phone="hide"),
]


@login_required
def people(request: Request) -> HttpResponseBase:
    """The people whose records the actor may see, values masked."""
    request.actor.require("people.view")
    current = Membership.objects.on(today()).select_related("branch__unit")
    rows = Person.objects.filter(erased_at=None).select_related("unit")
    listing = Listing(
        request,
        rows.prefetch_related(Prefetch("memberships", current, to_attr="current")),
        columns=COLUMNS,
        default_sort="name",
        name="people",
        filters=PersonFilter,
        search=searched_people,
        title=_("人员"),
        empty=_("还没有人员。可以逐人登记，也可以用Excel导入。"),
    )
    return listing.export() or show(
        request,
        "directory/people.html",
        {
            "listing": listing,
            "may_add": request.actor.may("people.write"),
            "may_import": request.actor.may("imports.run"),
        },
    )


def find(request: Request, pk: int) -> Person:
    row = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    request.actor.require("people.view", row.unit.path)
    return row


@login_required
def person(request: Request, pk: int) -> HttpResponseBase:
    """A person: masked values, posts and memberships, the past ones too."""
    row, on, actor = find(request, pk), today(), request.actor
    memberships = Membership.objects.known().filter(person=row).select_related("branch__unit")
    posts = Post.objects.known().filter(person=row).select_related("unit")
    return show(
        request,
        "directory/person.html",
        {
            "person": row,
            "today": on,
            "memberships": memberships.order_by("-valid"),
            "posts": posts.order_by("-valid"),
            "may_write": actor.may("people.write", row.unit.path) and row.erased_at is None,
            "may_reveal": actor.may("people.reveal", row.unit.path) and row.erased_at is None,
            "parts": filled_parts(request, "person_page", row),
        },
    )


@login_required
def add(request: Request) -> HttpResponseBase:
    request.actor.require("people.write")
    return form_page(
        request,
        PersonForm(**posted(request), initial={"unit": request.GET.get("unit", "")}),
        lambda data: api.add_person(actor=request.actor, **data),
        heading=_("登记人员"),
        note=_("只登记工作需要的内容；每一项的用途和保存期限见个人信息清单。"),
        back=reverse("directory:people"),
        done=lambda made: reverse("directory:person", args=[made.pk]),
    )


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    row = find(request, pk)
    request.actor.require("people.write", row.unit.path)
    return form_page(
        request,
        PersonForm(**posted(request), person=row),
        lambda data: api.change_person(actor=request.actor, person=row, **_kept(data)),
        heading=_("更改人员信息"),
        back=reverse("directory:person", args=[pk]),
    )


def _kept(data: dict[str, Any]) -> dict[str, Any]:
    """What the form says; a masked value that was left empty stays as it is."""
    return {key: value or (UNCHANGED if key in MASKED else value) for key, value in data.items()}


@login_required
def reveal(request: Request, pk: int, field: str) -> HttpResponseBase:
    """Asks why, then shows one plain value, once, on a page that is not kept."""
    row = find(request, pk)
    request.actor.require("people.reveal", row.unit.path)
    if field not in MASKED:
        raise NotFound(_now("没有这一项。"))
    form = ReasonForm(**posted(request))
    value = (
        carry_out(
            request,
            form,
            lambda data: api.reveal(actor=request.actor, person=row, field=field, **data),
        )
        if form.is_bound
        else None
    )
    response = show(
        request,
        "directory/reveal.html",
        {"person": row, "form": form, "value": value, "what": MASKED_LABELS[field]},
        status=422 if form.is_bound and value is None else 200,
    )
    response["Cache-Control"] = "no-store"
    return response


@login_required
def export(request: Request, pk: int) -> HttpResponseBase:
    """A copy of all that is kept of a person (PIPL 45), as a JSON file."""
    row = find(request, pk)
    request.actor.require("people.reveal", row.unit.path)
    form = ReasonForm(**posted(request))
    if form.is_bound:
        copy = carry_out(
            request, form, lambda data: api.export_person(actor=request.actor, person=row, **data)
        )
        if copy is not None:
            stream = io.BytesIO(api.as_json(copy))
            name = f"person-{row.pk}-{today().isoformat()}.json"
            return FileResponse(stream, as_attachment=True, filename=name)
    context = {
        "form": form,
        "heading": _("导出本人全部信息"),
        "note": _("依《个人信息保护法》第四十五条应本人要求提供；内容不遮盖，导出记入审计记录。"),
        "submit": _("导出"),
        "back": reverse("directory:person", args=[pk]),
    }
    return show(request, "shell/form_page.html", context, status=422 if form.is_bound else 200)


@login_required
def erase(request: Request, pk: int) -> HttpResponseBase:
    row = find(request, pk)
    day = api.may_erase_on(row)
    note = _now("姓名、证件、电话、出生日期等将被删除，不能恢复；党员和任职的人数统计不变。")
    if day is None:
        note += _now("这个人还有未结束的党员关系或职务，现在不能清除。")
    elif day > today():
        note += _now("保存期未满，%(day)s起才可以清除。") % {"day": day}
    return form_page(
        request,
        ReasonForm(**posted(request)),
        lambda data: api.erase_person(actor=request.actor, person=row, **data),
        heading=_("清除个人信息"),
        note=note,
        submit=_("清除"),
        back=reverse("directory:person", args=[pk]),
    )


@login_required
def privacy(request: Request) -> HttpResponseBase:
    """Every personal field with its purpose, legal basis and retention."""
    fields = [one for manifest in manifests() for one in manifest.personal]
    return show(request, "directory/privacy.html", {"fields": fields})
