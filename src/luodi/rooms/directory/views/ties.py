"""Forms of what ties a person to organisations: memberships and posts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request, today
from luodi.rooms.directory import api
from luodi.rooms.directory.forms.enterprises import DayForm
from luodi.rooms.directory.forms.people import (
    CorrectMembershipForm,
    CorrectPostForm,
    MembershipForm,
    PostForm,
    TransferForm,
)
from luodi.rooms.directory.models import Membership, Post
from luodi.rooms.directory.views.people import find
from luodi.shell.forms import Text, form_page, posted


def back_to(pk: int) -> str:
    return reverse("directory:person", args=[pk])


def membership_of(request: Request, pk: int) -> Membership:
    rows = Membership.objects.known().select_related("branch__unit", "person")
    row = get_object_or_404(rows, pk=pk)
    request.actor.require("people.write", row.branch.unit.path)
    return row


def post_of(request: Request, pk: int) -> Post:
    row = get_object_or_404(Post.objects.known().select_related("unit", "person"), pk=pk)
    request.actor.require("people.view", row.unit.path)
    return row


def change(
    request: Request,
    row: Membership | Post,
    form: BaseForm,
    verb: Callable[[dict[str, Any]], object],
    heading: Text,
    note: Text = "",
) -> HttpResponseBase:
    """The page on which one tie of a person is changed."""
    note, back = note or f"{row.person} · {row}", back_to(row.person_id)
    return form_page(request, form, verb, heading=heading, note=note, back=back)


@login_required
def join(request: Request, pk: int) -> HttpResponseBase:
    person = find(request, pk)
    initial = {"branch": request.GET.get("branch", ""), "since": today()}
    return form_page(
        request,
        MembershipForm(**posted(request), initial=initial),
        lambda data: api.start_membership(actor=request.actor, person=person, **data),
        heading=_("登记组织关系"),
        note=person.name,
        back=back_to(pk),
    )


@login_required
def advance(request: Request, pk: int) -> HttpResponseBase:
    row = membership_of(request, pk)
    return change(
        request,
        row,
        DayForm(**posted(request), initial={"on": today()}),
        lambda data: api.advance_membership(actor=request.actor, membership=row, **data),
        _("进入下一阶段"),
    )


@login_required
def transfer(request: Request, pk: int) -> HttpResponseBase:
    row = membership_of(request, pk)
    return change(
        request,
        row,
        TransferForm(**posted(request), initial={"on": today()}),
        lambda data: api.transfer(actor=request.actor, membership=row, **data),
        _("转接组织关系"),
    )


@login_required
def leave(request: Request, pk: int) -> HttpResponseBase:
    row = membership_of(request, pk)
    return change(
        request,
        row,
        DayForm(**posted(request), initial={"on": today()}),
        lambda data: api.end_membership(actor=request.actor, membership=row, **data),
        _("结束组织关系"),
    )


@login_required
def correct_membership(request: Request, pk: int) -> HttpResponseBase:
    row = membership_of(request, pk)
    return change(
        request,
        row,
        CorrectMembershipForm(**posted(request), initial={"stage": row.stage, "since": row.since}),
        lambda data: api.correct_membership(actor=request.actor, membership=row, **data),
        _("更正登记"),
        _("用于登记有误；如果情况发生了变化，请用“进入下一阶段”或“转接”。"),
    )


@login_required
def appoint(request: Request, pk: int) -> HttpResponseBase:
    person = find(request, pk)
    return form_page(
        request,
        PostForm(**posted(request), initial={"since": today(), "unit": person.unit.name}),
        lambda data: api.appoint(actor=request.actor, person=person, **data),
        heading=_("登记任职"),
        note=person.name,
        back=back_to(pk),
    )


@login_required
def end_post(request: Request, pk: int) -> HttpResponseBase:
    row = post_of(request, pk)
    return change(
        request,
        row,
        DayForm(**posted(request), initial={"on": today()}),
        lambda data: api.end_post(actor=request.actor, post=row, **data),
        _("结束任职"),
    )


@login_required
def correct_post(request: Request, pk: int) -> HttpResponseBase:
    row = post_of(request, pk)
    initial = {"kind": row.kind, "title": row.title, "since": row.since}
    return change(
        request,
        row,
        CorrectPostForm(**posted(request), initial=initial),
        lambda data: api.correct_post(actor=request.actor, post=row, **data),
        _("更正登记"),
    )
