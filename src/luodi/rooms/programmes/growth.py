"""Growth from a base and a current value: computed here and nowhere typed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _


def growth_of(
    base: Decimal | None, current: Decimal | None, places: int = 1
) -> tuple[Decimal | None, str]:
    """(current - base) / base in per cent, rounded half up; None with a sentence where it has none.

    A base of zero has no growth; against a negative base (a loss) a percentage misleads, so there
    is none either, as in the statistical bulletins, which write 扭亏 or leave the cell empty.
    """
    if base is None:
        return None, _("没有基期值，算不出增速。")
    if current is None:
        return None, _("没有报告期值，算不出增速。")
    if base == 0:
        return None, _("基期值为零，增速没有意义。")
    if base < 0:
        return None, _("基期值为负，增速没有意义。")
    exact = (current - base) * 100 / base
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0, ""
