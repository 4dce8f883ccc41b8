"""An entry's page, and the forms that record, change, correct, end and withdraw it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.evidence.api import files_of
from luodi.ground.records.api import ReasonForm
from luodi.ground.scope.api import Request, today
from luodi.lib.errors import NotAllowed
from luodi.rooms.registers import api
from luodi.rooms.registers.forms.entries import EndForm, EntryForm, FileForm
from luodi.rooms.registers.models import Entry, Evidence
from luodi.rooms.registers.reading import value_of, with_columns
from luodi.rooms.registers.verbs.recording import TABLE, may_write
from luodi.rooms.registers.views.common import entry_of, form_page, register_of
from luodi.shell.forms import posted
from luodi.shell.pages import show


@login_required
def entry(request: Request, pk: int) -> HttpResponseBase:
    """One entry: what it says, its evidence, how it was and how it was known."""
    rows = entry_of(request, pk)
    register = rows[0].register
    columns = register.all_columns
    found = with_columns(Entry.objects.filter(origin=pk), columns, today())
    beside = {one.pk: one for one in found}
    versions = []
    for row in rows:
        cells = [(column, value_of(beside[row.pk], column)) for column in columns]
        filled = [one for one in cells if one[0].retired_at is None or one[1] is not None]
        versions.append((row, filled))
    living = [one for one in versions if one[0].known.upper is None]
    writes = register.retired_at is None and may_write(request.actor, register, rows[0].path)
    return show(
        request,
        "registers/entry.html",
        {
            "register": register,
            "row": rows[0],
            "current": living[0] if living else None,
            "versions": versions if len(versions) > 1 or not living else [],
            "files": files_of({TABLE: [pk]}).get((TABLE, pk), []),
            "missing": register.evidence == Evidence.REQUIRED,
            "may_write": writes and bool(living),
            "takes_files": register.evidence != Evidence.NONE,
        },
    )


@login_required
def record(request: Request, pk: int) -> HttpResponseBase:
    register = register_of(request, pk)
    actor = request.actor
    if not any(may_write(actor, register, held.path) for held in actor.holdings):
        raise NotAllowed(_("您的角色不能登记这本台账，请联系建账单位。"))
    form = EntryForm(**posted(request), actor=actor, register=register, what="record")
    return form_page(
        request,
        form,
        lambda data: api.record_entry(actor=actor, register=register, **data),
        heading=gettext("登记：%(register)s") % {"register": register},
        note=register.description,
        back=reverse("registers:entries", args=[pk]),
        done=lambda made: reverse("registers:entry", args=[made.origin_id]),
        said=_("已登记。"),
    )


def _of(request: Request, pk: int) -> Entry:
    """The latest row of an entry that the actor may write."""
    row = entry_of(request, pk)[0]
    if not may_write(request.actor, row.register, row.path):
        raise NotAllowed(_("您的角色不能登记这本台账，请联系建账单位。"))
    return row


def _page(request: Request, row: Entry, form: Any, verb: Any, **words: Any) -> HttpResponseBase:
    back = reverse("registers:entry", args=[row.origin_id])
    return form_page(
        request,
        form,
        lambda data: verb(actor=request.actor, entry=row, **data),
        back=back,
        **words,
    )


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    row = _of(request, pk)
    form = EntryForm(
        **posted(request), actor=request.actor, register=row.register, what="change", row=row
    )
    return _page(
        request,
        row,
        form,
        api.change_entry,
        heading=_("变更"),
        note=_("情况变了：从某一天起是新的内容，之前的仍然保留。写错了请用“更正”。"),
    )


@login_required
def correct(request: Request, pk: int) -> HttpResponseBase:
    row = _of(request, pk)
    form = EntryForm(
        **posted(request), actor=request.actor, register=row.register, what="correct", row=row
    )
    return _page(
        request,
        row,
        form,
        api.correct_entry,
        heading=_("更正"),
        note=_("原来写错了：改成正确的，原来的写法和更正的原因仍查得到。"),
    )


@login_required
def end(request: Request, pk: int) -> HttpResponseBase:
    row = _of(request, pk)
    form = EndForm(**posted(request))
    return _page(request, row, form, api.end_entry, heading=_("结束"))


@login_required
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    row = _of(request, pk)
    register = row.register
    return form_page(
        request,
        ReasonForm(**posted(request)),
        lambda data: api.withdraw_entry(actor=request.actor, entry=row, **data),
        heading=_("撤回条目"),
        note=_("本不该登记的才撤回；不再有效的请用“结束”。撤回的原因会留在记录里。"),
        back=reverse("registers:entry", args=[pk]),
        done=lambda _none: reverse("registers:entries", args=[register.pk]),
        said=_("已撤回。"),
    )


@login_required
def attach(request: Request, pk: int) -> HttpResponseBase:
    row = _of(request, pk)
    return _page(request, row, FileForm(**posted(request)), api.attach, heading=_("上传佐证材料"))
