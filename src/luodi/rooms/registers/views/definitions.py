"""A register's definition: its facts, columns and figures, with a preview of its form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.rooms.registers import api
from luodi.rooms.registers.conditions import in_words
from luodi.rooms.registers.figures import described
from luodi.rooms.registers.forms.definitions import (
    ColumnForm,
    FigureForm,
    InstallForm,
    RegisterForm,
)
from luodi.rooms.registers.forms.entries import EntryForm
from luodi.rooms.registers.lookups import LOOKUPS
from luodi.rooms.registers.models import Column, Register, RegisterFigure
from luodi.rooms.registers.views.common import MOST, form_page, register_of
from luodi.shell.forms import posted
from luodi.shell.pages import show


def _definition(register: Register) -> str:
    return reverse("registers:definition", args=[register.pk])


def _defined(request: Request, pk: int) -> Register:
    register = register_of(request, pk)
    request.actor.require("registers.define", register.unit.path)
    return register


@login_required
def definition(request: Request, pk: int) -> HttpResponseBase:
    """What the register asks for, what it counts, and how its form looks."""
    register = _defined(request, pk)
    columns: list[dict[str, Any]] = [
        {"column": c, "source": LOOKUPS[c.lookup].label if c.lookup else ""}
        for c in register.all_columns
    ]
    figures = register.figures.filter(retired_at=None).select_related("register")
    preview = EntryForm(actor=request.actor, register=register, what="record")
    return show(
        request,
        "registers/definition.html",
        {
            "register": register,
            "columns": [one for one in columns if one["column"].retired_at is None],
            "gone": [one for one in columns if one["column"].retired_at is not None],
            "figures": [(one, described(one), in_words(register, one.side)) for one in figures],
            "preview": preview,
        },
    )


@login_required
def define(request: Request) -> HttpResponseBase:
    request.actor.require("registers.define")
    return form_page(
        request,
        RegisterForm(**posted(request), actor=request.actor),
        lambda data: api.define_register(actor=request.actor, **data),
        heading=_("新建台账"),
        note=_("先写名称和日期，保存后再添加列。"),
        back=reverse("registers:registers"),
        done=_definition,
    )


@login_required
def install(request: Request) -> HttpResponseBase:
    request.actor.require("registers.define")
    return form_page(
        request,
        InstallForm(**posted(request), actor=request.actor),
        lambda data: api.install(actor=request.actor, **data),
        heading=_("启用现成的台账"),
        note=_("列和指标都已设好，启用后可以再改。"),
        submit=_("启用"),
        back=reverse("registers:registers"),
        done=lambda made: reverse("registers:entries", args=[made.pk]),
    )


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    register = _defined(request, pk)
    return form_page(
        request,
        RegisterForm(**posted(request), actor=request.actor, register=register),
        lambda data: api.change_register(actor=request.actor, register=register, **data),
        heading=_("更改台账"),
        of=register,
        back=_definition(register),
    )


@login_required
@require_POST
def retire(request: Request, pk: int) -> HttpResponseBase:
    register = _defined(request, pk)
    api.retire_register(actor=request.actor, register=register)
    messages.success(request, gettext("已停用。已有的条目仍可查看。"))
    return redirect("registers:registers")


# --- columns --------------------------------------------------------------------------------------


def _column(request: Request, pk: int) -> Column:
    request.actor.require("registers.define")
    if pk > MOST:
        raise Http404
    found = get_object_or_404(Column.objects.select_related("register__unit"), pk=pk)
    request.actor.require("registers.define", found.register.unit.path)
    return found


@login_required
def add_column(request: Request, pk: int) -> HttpResponseBase:
    register = _defined(request, pk)
    return form_page(
        request,
        ColumnForm(**posted(request), register=register),
        lambda data: api.add_column(actor=request.actor, register=register, **data),
        heading=_("添加列"),
        back=_definition(register),
    )


@login_required
def change_column(request: Request, pk: int) -> HttpResponseBase:
    """Changes a column, and says what that did to the entries that stand."""
    column = _column(request, pk)

    def carry(data: dict[str, Any]) -> api.Effect:
        effect = api.change_column(actor=request.actor, column=column, **data)
        if effect.incomplete:
            said = ngettext(
                "%(count)s 个条目还没有填这一列，下次更改时会要求补上。",
                "%(count)s 个条目还没有填这一列，下次更改时会要求补上。",
                effect.incomplete,
            )
            messages.warning(request, said % {"count": effect.incomplete})
        return effect

    standing = api.effect_of(column=column)
    return form_page(
        request,
        ColumnForm(**posted(request), register=column.register, column=column),
        carry,
        heading=gettext("更改列：%(column)s") % {"column": column},
        of=column,
        note=gettext("已有 %(count)s 个条目。类型不能改；要换类型，请停用这一列，另加一列。")
        % {"count": standing.entries},
        back=_definition(column.register),
    )


@login_required
@require_POST
def move_column(request: Request, pk: int, way: str) -> HttpResponseBase:
    column = _column(request, pk)
    api.move_column(actor=request.actor, column=column, up=way == "up")
    return redirect(_definition(column.register) + "#columns")


@login_required
@require_POST
def retire_column(request: Request, pk: int) -> HttpResponseBase:
    column = _column(request, pk)
    try:
        api.retire_column(actor=request.actor, column=column)
    except UserError as problem:
        messages.error(request, str(problem))
    return redirect(_definition(column.register) + "#columns")


# --- figures --------------------------------------------------------------------------------------


def _figure(request: Request, pk: int) -> RegisterFigure:
    request.actor.require("registers.define")
    if pk > MOST:
        raise Http404
    rows = RegisterFigure.objects.filter(retired_at=None).select_related("register__unit")
    found = get_object_or_404(rows, pk=pk)
    request.actor.require("registers.define", found.register.unit.path)
    return found


@login_required
def add_figure(request: Request, pk: int) -> HttpResponseBase:
    register = _defined(request, pk)
    return form_page(
        request,
        FigureForm(**posted(request), register=register),
        lambda data: api.define_figure(actor=request.actor, register=register, **data),
        heading=_("添加指标"),
        note=_("指标随时从条目算出，可以打开看每一条；在报告和任务书里也能用。"),
        back=_definition(register),
        template="registers/figure_form.html",
    )


@login_required
def change_figure(request: Request, pk: int) -> HttpResponseBase:
    figure = _figure(request, pk)
    return form_page(
        request,
        FigureForm(**posted(request), register=figure.register, figure=figure),
        lambda data: api.change_figure(actor=request.actor, figure=figure, **data),
        heading=gettext("更改指标：%(figure)s") % {"figure": figure},
        back=_definition(figure.register),
        template="registers/figure_form.html",
    )


@login_required
@require_POST
def retire_figure(request: Request, pk: int) -> HttpResponseBase:
    figure = _figure(request, pk)
    api.retire_figure(actor=request.actor, figure=figure)
    return redirect(_definition(figure.register) + "#figures")
