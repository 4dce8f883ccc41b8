"""The room's first page, a contract's month, a bill."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.audit.api import note
from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.rooms.energy.bills import as_pdf, as_rows
from luodi.rooms.energy.home import home_of
from luodi.rooms.energy.models import LINES, Bill, BillLine, GreenContract, Settlement
from luodi.rooms.energy.verbs import bills, months
from luodi.shell.cells import sheet_response
from luodi.shell.pages import show


@login_required
def home(request: Request) -> HttpResponseBase:
    """What there is of energy for who asks: months, bills, meters."""
    request.actor.require("energy.view")
    return show(request, "energy/home.html", home_of(request.actor))


def find_settlement(request: Request, pk: int) -> Settlement:
    rows = Settlement.objects.select_related("contract__unit", "contract__seller")
    row = get_object_or_404(rows, pk=pk)
    if not sells(request, row.contract):
        request.actor.require("energy.park", row.path)
    return row


def sells(request: Request, contract: GreenContract) -> bool:
    """Whether who asks is of the one who sells under a contract."""
    seller = contract.seller
    return seller is not None and request.actor.may("energy.view", seller.path)


@login_required
def settlement(request: Request, pk: int) -> HttpResponseBase:
    """A month of a contract: its bills, what is open, what can be done."""
    row = find_settlement(request, pk)
    theirs = list(row.bills.select_related("unit", "decided_by").order_by("unit__path"))
    if request.GET.get("format") == "xlsx":
        title = f"{row.contract} {row.month:%Y-%m}"
        response, count = sheet_response(title, *as_rows(theirs))
        note("export", "listing", "settlement", row.path, kind="xlsx", rows=count)
        return response
    lines = (
        BillLine.objects.filter(bill__settlement=row)
        .values("kind")
        .annotate(amount=Sum("amount"), quantity=Sum("quantity"), many=Count("id"))
    )
    labels = LINES
    context = {
        "row": row,
        "bills": theirs,
        "total": sum((one.amount for one in theirs), start=0),
        "generated_kwh": row.generated_wh / 1000,
        "settled_kwh": sum(one.settled_kwh for one in theirs),
        "certificates": sum(one.certificates for one in theirs),
        "invoice": [(labels[one["kind"]], one["amount"]) for one in lines],
        "may": request.actor.may("energy.manage", row.path),
        "waiting": sum(one.state != Bill.State.AGREED for one in theirs),
    }
    return show(request, "energy/settlement.html", context)


def _back(row: Settlement) -> str:
    return reverse("energy:settlement", args=[row.pk])


@login_required
@require_POST
def step(request: Request, pk: int, verb: str) -> HttpResponseBase:
    """Takes a month a step on; what refuses says why on its page."""
    row = find_settlement(request, pk)
    try:
        match verb:
            case "draft":
                months.draft_month(actor=request.actor, contract=row.contract, month=row.month)
            case "check":
                months.check_month(actor=request.actor, settlement=row)
            case "close":
                months.close_month(actor=request.actor, settlement=row)
    except UserError as problem:
        if problem.status != 422:
            raise
        messages.error(request, str(problem))
    return redirect(_back(row))


def find_bill(request: Request, pk: int, permission: str = "energy.view") -> Bill:
    """A bill that who asks may see: an enterprise's own not while it is a draft."""
    rows = Bill.objects.select_related("unit", "contract__seller", "decided_by")
    row = get_object_or_404(rows, pk=pk)
    party = sells(request, row.contract) and permission == "energy.view"
    if not party:
        request.actor.require(permission, row.path)
    if not (
        party or request.actor.may("energy.park", row.path) or row.stage != Settlement.State.DRAFT
    ):
        raise Http404
    return row


@login_required
def bill(request: Request, pk: int) -> HttpResponseBase:
    """One enterprise's bill, on a phone first; as PDF and Excel."""
    row = find_bill(request, pk)
    lines = list(row.lines.all())
    wanted = request.GET.get("format", "")
    if wanted == "pdf":
        note("export", "energy_bill", row.pk, row.path, kind="pdf", rows=len(lines))
        answer = HttpResponse(as_pdf(row, lines), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="bill-{row.month:%Y-%m}.pdf"'
        return answer
    if wanted == "xlsx":
        response, count = sheet_response(
            f"{row.unit} {row.month:%Y-%m} " + gettext("绿电账单"),
            [gettext("项目"), gettext("所属月份"), gettext("数量"), gettext("单位"), gettext("单价（元）"), gettext("金额（元）")],
            [
                [one.get_kind_display(), f"{one.of_month:%Y-%m}", one.quantity, one.measure, one.price, one.amount]
                for one in lines
            ],
        )  # fmt: skip
        note("export", "energy_bill", row.pk, row.path, kind="xlsx", rows=count)
        return response
    state = row.stage
    actor = request.actor
    context: dict[str, Any] = {
        "row": row,
        "lines": lines,
        "month_state": row.get_stage_display(),
        "can_agree": state == Settlement.State.CHECKED
        and row.state != Bill.State.AGREED
        and actor.may("energy.agree", row.path),
        "can_agree_for": state == Settlement.State.CHECKED
        and row.state != Bill.State.AGREED
        and actor.may("energy.manage", row.path),
        "park": actor.may("energy.park", row.path) or sells(request, row.contract),
    }
    return show(request, "energy/bill.html", context)


@login_required
@require_POST
def agree(request: Request, pk: int) -> HttpResponseBase:
    row = find_bill(request, pk, "energy.agree")
    try:
        bills.agree_bill(actor=request.actor, bill=row)
        messages.success(request, gettext("已确认，谢谢。"))
    except UserError as problem:
        if problem.status != 422:
            raise
        messages.error(request, str(problem))
    return redirect("energy:bill", pk=pk)


object_to = page_of(
    bills.object_to_bill,
    find=lambda request, pk: {"bill": find_bill(request, pk, "energy.agree")},
    heading=_("对账单提出异议"),
    note=_("异议会成为一件问题，由党工委办公室办理；本月在解决之前不会关账。"),
    back=lambda given: reverse("energy:bill", args=[given["bill"].pk]),
    submit=_("提出异议"),
    said=_("已提出异议。"),
)
agree_for = page_of(
    bills.agree_for,
    find=lambda request, pk: {"bill": find_bill(request, pk, "energy.manage")},
    heading=_("代企业登记确认"),
    back=lambda given: reverse("energy:bill", args=[given["bill"].pk]),
    submit=_("登记确认"),
    said=_("已登记。"),
)
return_month = page_of(
    months.return_month,
    find=lambda request, pk: {"settlement": find_settlement(request, pk)},
    heading=_("退回草稿"),
    note=_("账单将按现在的读数和条款重新计算，各企业需要重新确认。"),
    back=lambda given: _back(given["settlement"]),
    submit=_("退回草稿"),
    said=_("已退回草稿。"),
)


def find_contract(request: Request, pk: int) -> dict[str, GreenContract]:
    row = get_object_or_404(GreenContract.objects.select_related("unit"), pk=pk)
    request.actor.require("energy.manage", row.path)
    return {"contract": row}


new_month = page_of(
    months.draft_month,
    find=find_contract,
    heading=lambda given: gettext("结算一个月：%(contract)s") % {"contract": given["contract"]},
    note=_("填要结算月份里的任意一天。"),
    back=lambda given: reverse("energy:home"),
    submit=_("计算草稿"),
    initial=lambda request, given: {"month": months.next_to_settle(given["contract"])},
    done=_back,
)
