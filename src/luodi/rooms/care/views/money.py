"""The cashier's pages: who owes what, an account, a bill, the kitchen's list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Case, F, Sum, When
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from luodi.ground.scope.api import Request, today
from luodi.lib.errors import NotFound
from luodi.rooms.care.models import (
    ACCOUNTS,
    ENTRIES,
    FACTS,
    ITEM_KINDS,
    KITCHEN,
    LEVELS,
    LIVING,
    MEALS,
    Agreement,
    Bill,
    Dish,
    Fact,
    Posting,
    Resident,
    Stay,
)
from luodi.rooms.care.reading import bed_of, home_for
from luodi.rooms.care.verbs.money import balance, months_end
from luodi.rooms.care.views.finding import find
from luodi.shell.pages import show

SHOWN = 60
BALANCES = ("owed", "prepaid", "deposit")


@login_required
def money(request: Request) -> HttpResponseBase:
    """Everybody with what is owed, paid ahead and deposited; whose month is not billed."""
    request.actor.require("care.money")
    home = home_for(request.actor, "care.money", request.GET.get("home"))
    last = (today().replace(day=1) - today().resolution).replace(day=1)
    rows = Posting.objects.filter(resident__unit=home)
    sums = {name: _sums(rows, name) for name in BALANCES}
    billed = set(
        Bill.objects.filter(resident__unit=home, month=last, countered_at=None).values_list(
            "resident_id", flat=True
        )
    )
    people = []
    for one in (
        Resident.objects.filter(unit=home, admitted_on__isnull=False)
        .defer("picture")
        .order_by("name", "pk")
    ):
        stands = {name: sums[name].get(one.pk, 0) for name in BALANCES}
        if one.state in LIVING or any(stands.values()):
            due = (
                one.pk not in billed
                and one.admitted_on is not None
                and one.admitted_on < months_end(last)
                and (one.ended_on is None or one.ended_on > last)
            )
            people.append((one, stands, due))
    total = {name: sum(found[name] for _one, found, _due in people) for name in BALANCES}
    context = {"home": home, "people": people, "total": total, "last": last}
    context["may_setup"] = request.actor.may("care.setup", home.path)
    return show(request, "care/money.html", context)


def _sums(rows: Any, account: str) -> dict[int, Any]:
    """The balance of an account by resident."""
    sign = 1 if account == "owed" else -1
    amount = Case(
        When(debit=account, then=F("amount") * sign), When(credit=account, then=F("amount") * -sign)
    )
    pairs = rows.order_by().values("resident").annotate(sum=Sum(amount))
    return {one["resident"]: one["sum"] or 0 for one in pairs}


@login_required
def account(request: Request, pk: int) -> HttpResponseBase:
    """One resident's account: balances, bills, entries."""
    row = find(Resident, pk)
    request.actor.require("care.money", row.path)
    agreement = Agreement.objects.filter(resident=row).order_by("-during").first()
    postings = Posting.objects.filter(resident=row).select_related("by", "counters")[:SHOWN]
    countered = set(
        Posting.objects.filter(resident=row, counters__isnull=False).values_list(
            "counters_id", flat=True
        )
    )
    context = {
        "row": row,
        "bed": bed_of(row, today()),
        "level": LEVELS.get(agreement.level, "") if agreement else "",
        "agreement": agreement,
        "balances": [(ACCOUNTS[name], balance(row, name)) for name in BALANCES],
        "bills": Bill.objects.filter(resident=row),
        "postings": [
            (
                one,
                ENTRIES[one.kind],
                ACCOUNTS[one.debit],
                ACCOUNTS[one.credit],
                one.bill_id is None and one.counters_id is None and one.pk not in countered,
            )
            for one in postings
        ],
        "gone": not row.lives_here,
    }
    return show(request, "care/account.html", context)


@login_required
def bill(request: Request, pk: int) -> HttpResponseBase:
    """A month's bill: it prints as it stands."""
    row = find(Bill, pk)
    request.actor.require("care.money", row.path)
    context = {
        "row": row,
        "resident": row.resident,
        "bed": bed_of(row.resident, row.since) or bed_of(row.resident, today()),
        "lines": [(one, ITEM_KINDS[one.kind]) for one in row.lines.all()],
        "used": sum(one.amount for one in row.postings.filter(kind="use")),
        "back": reverse("care:account", args=[row.resident_id]),
    }
    return show(request, "care/bill.html", context)


@login_required
def receipt(request: Request, pk: int) -> HttpResponseBase:
    """A receipt: all that was entered under its number; it prints as it stands."""
    row = find(Posting, pk)
    request.actor.require("care.money", row.path)
    if not row.receipt:
        raise NotFound(gettext("这一笔没有收据。"))
    parts = Posting.objects.filter(resident=row.resident, receipt=row.receipt).order_by("pk")
    found = [(one, ENTRIES[one.kind], ACCOUNTS[one.credit]) for one in parts]
    context = {
        "row": row,
        "resident": row.resident,
        "parts": found,
        "total": sum(one.amount for one, _kind, _account in found),
        "countered": Posting.objects.filter(counters__in=[one for one, _k, _a in found]).exists(),
        "back": reverse("care:account", args=[row.resident_id]),
    }
    return show(request, "care/receipt.html", context)


@login_required
def kitchen(request: Request) -> HttpResponseBase:
    """What each bed may eat and may not: no names; the week's menu, checked against it."""
    request.actor.require("care.kitchen")
    home = home_for(request.actor, "care.kitchen", request.GET.get("home"))
    day = today()
    facts: dict[int, list[Fact]] = {}
    for one in Fact.objects.filter(path=home.path, kind__in=KITCHEN, since__lte=day):
        if one.holds_on(day):
            facts.setdefault(one.resident_id, []).append(one)
    stays = Stay.objects.filter(path=home.path, during__contains=day).select_related("bed")
    beds = [
        (stay.bed, [(FACTS[one.kind], one) for one in facts.get(stay.resident_id, [])])
        for stay in stays.order_by("bed__building", "bed__floor", "bed__room", "bed__name")
    ]
    dishes = Dish.objects.filter(unit=home, on__gte=day, on__lt=day + 7 * day.resolution)
    menu = [(one, MEALS[one.meal], _conflicts(one, beds)) for one in dishes]
    return show(request, "care/kitchen.html", {"home": home, "beds": beds, "menu": menu})


def _conflicts(dish: Dish, beds: Any) -> list[str]:
    """The beds that may not have a dish, by what it contains."""
    inside = [one.strip() for one in dish.contains.replace("，", "、").split("、") if one.strip()]
    return [
        bed.name
        for bed, facts in beds
        if any(
            one.kind == "food_allergy"
            and any(word in one.text or one.text in word for word in inside)
            for _label, one in facts
            if one.text
        )
    ]
