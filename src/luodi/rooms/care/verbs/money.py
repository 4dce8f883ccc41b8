"""Money: bills by day, payments, deposits, refunds as double entries; corrected by counter-entries."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Date, Money, Reason, Text, verb
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.care.charges import Line, Lived, Out, Price, Rule, lines_of
from luodi.rooms.care.models import (
    Absence,
    Agreement,
    Bill,
    BillLine,
    Posting,
    PriceItem,
    Resident,
    Stay,
    Terms,
)
from luodi.rooms.care.rules import CAPS
from luodi.rooms.care.verbs.common import day_of, locked, own, terms_of

AMOUNT = Money(_("金额（元）"), least=Decimal("0.01"), most=Decimal("99999999"))
# The sides of a balance: what grows by debit, and what grows by credit.
ASSETS = ("cash", "custody", "owed")
RECEIPTS = 426_018  # the class of the locks under which a home numbers its receipts


def balance(resident: Resident, account: str) -> Decimal:
    """What an account of a resident stands at: assets by debit less credit, others the other way."""
    rows = Posting.objects.filter(resident=resident)
    debit = rows.filter(debit=account).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    credit = rows.filter(credit=account).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    found: Decimal = debit - credit if account in ASSETS else credit - debit
    return found


@verb(permission="care.money", on="resident")
def receive_payment(
    *,
    actor: Actor,
    resident: Resident,
    amount: Annotated[Decimal, AMOUNT],
    on: Annotated[dt.date, Date(_("收款日期"))],
    text: Annotated[str, Text(_("摘要"), most=200)] = "",
    client: uuid.UUID | None = None,
) -> list[Posting]:
    """Takes a payment: what is owed first, the rest is paid ahead. Raises UserError beyond the months
    that may be taken ahead."""
    found = locked(resident)
    if sent := _sent(client):
        return sent
    _require_past(on)
    owed = max(Decimal(0), balance(found, "owed"))
    settled, ahead = min(amount, owed), max(Decimal(0), amount - owed)
    if ahead:
        _within_months(found, balance(found, "prepaid") + ahead, on)
    words = text or gettext("收款")
    receipt, made = _receipt(found.unit, on), []
    if settled:
        made.append(
            _post(actor, found, on, "payment", ("cash", "owed"), settled, words, receipt, client)
        )
    if ahead:
        key = None if made else client
        made.append(
            _post(actor, found, on, "payment", ("cash", "prepaid"), ahead, words, receipt, key)
        )
    return made


@verb(permission="care.money", on="resident")
def receive_deposit(
    *,
    actor: Actor,
    resident: Resident,
    amount: Annotated[Decimal, AMOUNT],
    on: Annotated[dt.date, Date(_("收款日期"))],
    client: uuid.UUID | None = None,
) -> Posting:
    """Takes a deposit, into the custody account: it is no income. Raises UserError beyond the cap."""
    found, terms = locked(resident), terms_of(resident.unit)
    if sent := _sent(client):
        return sent[0]
    _require_past(on)
    if not terms.custody:
        raise UserError(
            gettext("请先在机构规则中填写押金存管账户（%(rule)s）。")
            % {"rule": CAPS["deposit_months"].source}
        )
    monthly = _monthly(found, on, "bed")
    cap = monthly * min(Decimal(terms.deposit_months), CAPS["deposit_months"].value)
    if monthly and balance(found, "deposit") + amount > cap:
        raise UserError(
            gettext("押金不得超过月床位费的%(times)s倍，即%(cap)s元（%(rule)s）。")
            % {"times": terms.deposit_months, "cap": cap, "rule": CAPS["deposit_months"].source},
            "amount",
        )
    _within_assets(found.unit, terms, amount)
    pair, words = ("custody", "deposit"), gettext("收押金")
    return _post(actor, found, on, "deposit", pair, amount, words, _receipt(found.unit, on), client)


@verb(permission="care.money", on="resident")
def issue_bill(
    *,
    actor: Actor,
    resident: Resident,
    month: Annotated[dt.date, Date(_("月份（任一日）"))],
    until: Annotated[dt.date | None, Date(_("算到（不含）"))] = None,
) -> Bill:
    """Issues a month's bill once, from stays, level, prices and absences; what was paid ahead is used."""
    found, first = locked(resident), month.replace(day=1)
    lines = bill_lines(found, first, until)
    if not lines:
        raise UserError(gettext("这个月没有应收的费用。"), "month")
    total = sum((one.amount for one in lines), Decimal(0))
    end = until or months_end(first)
    try:
        with transaction.atomic():
            bill = Bill.objects.create(
                resident=found,
                month=first,
                since=first,
                until=end,
                total=total,
                at=timezone.now(),
                by_id=own(actor),
            )
    except IntegrityError:
        raise UserError(gettext("这个月已经出账；有误请先冲销。"), "month") from None
    BillLine.objects.bulk_create(
        BillLine(
            resident=found,
            bill=bill,
            kind=one.kind,
            text=one.text,
            quantity=one.quantity,
            price=one.price,
            amount=one.amount,
            note=gettext("外出期间减收") if one.away else "",
        )
        for one in lines
    )
    day = min(end, day_of(timezone.now()))
    words = gettext("%(month)s账单") % {"month": f"{first:%Y-%m}"}
    if total:
        _post(actor, found, day, "bill", ("owed", "income"), total, words, bill=bill)
    if use := min(balance(found, "prepaid"), total):
        _post(actor, found, day, "use", ("prepaid", "owed"), use, gettext("预收抵扣"), bill=bill)
    return bill


@verb(permission="care.money", on="bill")
def counter_bill(*, actor: Actor, bill: Bill, reason: Annotated[str, Reason()]) -> Bill:
    """Counters a wrong bill by entries the other way round; the month can then be billed anew."""
    found = locked(bill)
    if found.countered_at is not None:
        raise UserError(gettext("它已经冲销。"))
    for one in found.postings.filter(counters=None, countered_by=None).order_by("pk"):
        _counter(actor, one, reason)
    found.countered_at, found.counter_why = timezone.now(), reason[:200]
    found.save(update_fields=["countered_at", "counter_why"])
    return found


@verb(permission="care.money", on="posting")
def counter_posting(*, actor: Actor, posting: Posting, reason: Annotated[str, Reason()]) -> Posting:
    """Counters a payment, a deposit or a refund that was entered by mistake; nothing is changed."""
    locked(posting.resident)
    if posting.bill_id is not None:
        raise UserError(gettext("账单请整张冲销。"))
    if posting.counters_id is not None or Posting.objects.filter(counters=posting).exists():
        raise UserError(gettext("它已经冲销。"))
    return _counter(actor, posting, reason)


@verb(permission="care.money", on="resident")
def settle_departure(
    *, actor: Actor, resident: Resident, on: Annotated[dt.date, Date(_("结算日期"))]
) -> list[Posting]:
    """Settles with who has left: what is owed is taken from the deposit, the rest goes back."""
    found = locked(resident)
    if found.lives_here or found.ended_on is None:
        raise UserError(gettext("老人仍在住，离院后再结算。"))
    _require_past(on)
    if missing := _unbilled(found):
        raise UserError(gettext("%(month)s还没有出账，请先出账。") % {"month": f"{missing:%Y-%m}"})
    made = []
    if part := min(balance(found, "owed"), balance(found, "deposit")):
        words = gettext("押金抵扣欠费")
        made.append(_post(actor, found, on, "from_deposit", ("deposit", "owed"), part, words))
        made.append(_post(actor, found, on, "from_deposit", ("cash", "custody"), part, words))
    receipt = _receipt(found.unit, on)
    for account, purse in (("deposit", "custody"), ("prepaid", "cash")):
        if (rest := balance(found, account)) > 0:
            pair = (account, purse)
            made.append(_post(actor, found, on, "refund", pair, rest, gettext("离院退款"), receipt))
    if not made:
        raise UserError(gettext("没有需要结算的款项。"))
    return made


# --- what is charged -------------------------------------------------------------------------------


def bill_lines(resident: Resident, first: dt.date, until: dt.date | None = None) -> list[Line]:
    """The lines of a month, as its stays, agreements, prices and absences stand now."""
    terms, here = terms_of(resident.unit), {"resident": resident}
    stays = [
        Lived(one.during.lower, one.during.upper, one.bed.charge)
        for one in Stay.objects.filter(**here).select_related("bed")
    ]
    levels = [
        Lived(one.during.lower, one.during.upper, one.level)
        for one in Agreement.objects.filter(**here)
    ]
    out = [
        Out(day_of(one.during.lower), day_of(one.during.upper) if one.during.upper else None)
        for one in Absence.objects.filter(**here)
    ]
    rule = Rule(terms.free_from, terms.meal_back, terms.care_back, terms.bed_share)
    return lines_of(first, stays, levels, prices_of(resident.unit), out, rule, until)


def prices_of(home: Unit) -> list[Price]:
    """A home's prices, each with its days."""
    return [
        Price(one.kind, one.name, one.per, one.amount, one.level, one.opened_on, one.closed_on)
        for one in PriceItem.objects.filter(unit=home)
    ]


def months_end(first: dt.date) -> dt.date:
    """The first day of the month after."""
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def _monthly(resident: Resident, on: dt.date, kind: str = "") -> Decimal:
    """What a whole month costs as of a day: all, or of one kind."""
    first = on.replace(day=1)
    stay = Stay.objects.filter(resident=resident).select_related("bed").order_by("-during").first()
    level = Agreement.objects.filter(resident=resident).order_by("-during").first()
    lived = [Lived(first, None, stay.bed.charge if stay else "")]
    levels = [Lived(first, None, level.level if level else "")]
    lines = lines_of(first, lived, levels, prices_of(resident.unit))
    return sum((one.amount for one in lines if kind in {"", one.kind}), Decimal(0))


def _within_months(resident: Resident, ahead: Decimal, on: dt.date) -> None:
    terms = terms_of(resident.unit)
    months = min(Decimal(terms.prepaid_months), CAPS["prepaid_months"].value)
    monthly = _monthly(resident, on)
    if monthly and ahead > monthly * months:
        raise UserError(
            gettext("预收服务费不得超过%(months)s个月，即%(cap)s元（%(rule)s）。")
            % {"months": months, "cap": monthly * months, "rule": CAPS["prepaid_months"].source},
            "amount",
        )
    _within_assets(resident.unit, terms, Decimal(0))


def _within_assets(home: Unit, terms: Terms, more: Decimal) -> None:
    """All that is paid ahead stays within the net fixed assets, where the home has said them."""
    if terms.net_assets is None:
        return
    sides = {"credit": Decimal(0), "debit": Decimal(0)}
    rows = Posting.objects.filter(resident__unit=home)
    for side in sides:
        held = rows.filter(Q(**{f"{side}__in": ["prepaid", "deposit"]}))
        sides[side] = held.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if sides["credit"] - sides["debit"] + more > terms.net_assets * CAPS["net_assets_share"].value:
        raise UserError(
            gettext("预收总额超过固定资产净额（%(rule)s）。")
            % {"rule": CAPS["net_assets_share"].source},
            "amount",
        )


def _unbilled(resident: Resident) -> dt.date | None:
    """The first month of the stay that has a charge and no bill."""
    billed = set(
        Bill.objects.filter(resident=resident, countered_at=None).values_list("month", flat=True)
    )
    day = resident.admitted_on or resident.ended_on
    assert day is not None and resident.ended_on is not None
    first = day.replace(day=1)
    while first <= resident.ended_on:
        if first not in billed and bill_lines(resident, first):
            return first
        first = months_end(first)
    return None


# --- entries ---------------------------------------------------------------------------------------


def _post(
    actor: Actor,
    resident: Resident,
    on: dt.date,
    kind: str,
    pair: tuple[str, str],
    amount: Decimal,
    text: str,
    receipt: str = "",
    client: uuid.UUID | None = None,
    *,
    bill: Bill | None = None,
    counters: Posting | None = None,
) -> Posting:
    return Posting.objects.create(
        resident=resident,
        on=on,
        kind=kind,
        debit=pair[0],
        credit=pair[1],
        amount=amount,
        text=text[:200],
        receipt=receipt,
        bill=bill,
        counters=counters,
        client=client,
        at=timezone.now(),
        by_id=own(actor),
    )


def _counter(actor: Actor, one: Posting, reason: str) -> Posting:
    words = gettext("冲销：%(reason)s") % {"reason": reason}
    pair = (one.credit, one.debit)
    return _post(
        actor,
        one.resident,
        day_of(timezone.now()),
        "counter",
        pair,
        one.amount,
        words,
        bill=one.bill,
        counters=one,
    )


def _sent(client: uuid.UUID | None) -> list[Posting]:
    """What the same form has written before."""
    first = Posting.objects.filter(client=client).first() if client else None
    if first is None:
        return []
    same = Posting.objects.filter(resident=first.resident_id, receipt=first.receipt)
    return list(same.order_by("pk"))


def _receipt(home: Unit, on: dt.date) -> str:
    """The next receipt's number of a home in a year: never used twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [RECEIPTS, home.pk])
    given = Posting.objects.filter(resident__unit=home, receipt__startswith=f"{on.year}-")
    last = given.aggregate(last=Max("receipt"))["last"]
    return f"{on.year}-{int(last[5:]) + 1 if last else 1:06d}"


def _require_past(on: dt.date) -> None:
    if on > day_of(timezone.now()):
        raise UserError(gettext("日期不能晚于今天。"), "on")
