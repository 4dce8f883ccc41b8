"""Rules of regulations as data: value, regulation with clause, how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Ruled:
    """A number that a regulation says. certainty: `read` in the text, `reported`, `recalled`."""

    value: Decimal
    source: str | Promise
    certainty: str


PREPAYMENT = _("《关于加强养老机构预收费监管的指导意见》（民发〔2024〕19号）")
CAPS: dict[str, Ruled] = {
    "prepaid_months": Ruled(Decimal(12), PREPAYMENT, "reported"),
    "deposit_months": Ruled(Decimal(12), PREPAYMENT, "reported"),
    "net_assets_share": Ruled(Decimal(1), PREPAYMENT, "recalled"),
}
REASSESS_MONTHS = Ruled(
    Decimal(6), _("GB 38600-2019《养老机构服务安全基本规范》：定期评估，至少每半年一次"), "recalled"
)
KEPT_YEARS = Ruled(
    Decimal(5), _("《养老机构管理办法》（民政部令第66号）：服务协议终止后保管不少于5年"), "recalled"
)
BEFORE_ADMISSION = _("GB 38600-2019：老年人入住前应进行评估")
