"""A bill on paper, and a month's bills as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources

import typst
from django.utils.translation import gettext as _

from luodi.rooms.energy.models import Bill, BillLine


def as_rows(bills: Iterable[Bill]) -> tuple[list[str], Iterator[list[object]]]:
    """A month's bills: headings and rows, the sum below."""
    headings = [
        _("企业"),
        _("合同电量（千瓦时）"),
        _("发电侧应分（千瓦时）"),
        _("用电量（千瓦时）"),
        _("结算电量（千瓦时）"),
        _("绿证（张）"),
        _("结转（千瓦时）"),
        _("金额（元）"),
        _("状态"),
    ]

    def rows() -> Iterator[list[object]]:
        for one in bills:
            yield [
                one.unit.name,
                one.agreed_wh / 1000,
                one.generated_wh / 1000,
                one.consumed_wh / 1000,
                one.settled_wh / 1000,
                one.certificates,
                one.carried_wh / 1000,
                one.amount,
                one.get_state_display(),
            ]

    return headings, rows()


def as_pdf(bill: Bill, lines: Sequence[BillLine]) -> bytes:
    """The bill as a page to print and to sign."""
    content = {
        "title": _("绿电账单"),
        "unit": bill.unit.name,
        "facts": [
            [_("月份"), f"{bill.month:%Y-%m}"],
            [_("合同"), f"{bill.contract.name}（{bill.contract.number}）"],
            [_("售电方"), bill.contract.seller_name],
            [_("合同电量"), f"{bill.agreed_wh / 1000:,.3f} kWh"],
            [_("发电侧应分电量"), f"{bill.generated_wh / 1000:,.3f} kWh"],
            [_("用电量"), f"{bill.consumed_wh / 1000:,.3f} kWh"],
            [_("结算电量"), f"{bill.settled_wh / 1000:,.3f} kWh"],
            [
                _("绿证"),
                _("%(count)s 张，结转 %(rest)s kWh")
                % {"count": bill.certificates, "rest": f"{bill.carried_wh / 1000:,.3f}"},
            ],
        ],
        "heads": [_("项目"), _("所属月份"), _("数量"), _("单价（元）"), _("金额（元）")],
        "lines": [
            [
                one.get_kind_display() + (f"：{one.get_of_kind_display()}" if one.of_kind else ""),
                f"{one.of_month:%Y-%m}",
                f"{one.quantity:,.3f} {one.measure}"
                if one.measure == "kWh"
                else _("%(count)s 张") % {"count": f"{one.quantity:,.0f}"},
                "" if one.price is None else f"{one.price:,.5f}",
                f"{one.amount:,.2f}",
            ]
            for one in lines
        ],
        "total": [_("合计"), f"{bill.amount:,.2f}"],
        "state": bill.get_state_display(),
        "sign": [_("企业确认（盖章）"), _("园区能源管理"), _("售电方")],
    }
    made: bytes = typst.compile(
        resources.files(__package__).joinpath("bill.typ").read_bytes(),
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    return made
