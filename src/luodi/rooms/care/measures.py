"""What is measured at a bedside: its numbers, units, and what can be (parameters of ours, not norms)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.lib.errors import UserError


@dataclass(frozen=True, slots=True)
class Measured:
    """`least` and `most`: beyond them it is a slip of the pen. `numbers`: how many it has."""

    label: str | Promise
    unit: str
    least: Decimal
    most: Decimal
    numbers: int = 1


def _of(label: str | Promise, unit: str, least: int, most: int, numbers: int = 1) -> Measured:
    return Measured(label, unit, Decimal(least), Decimal(most), numbers)


KINDS: dict[str, Measured] = {
    "pressure": _of(_("血压和脉搏"), "mmHg", 20, 300, 3),
    "warmth": _of(_("体温"), "℃", 30, 45),
    "sugar": _of(_("血糖"), "mmol/L", 1, 60),
    "weight": _of(_("体重"), "kg", 20, 250),
    "oxygen": _of(_("血氧"), "%", 40, 100),
    "intake": _of(_("饮水量"), "ml", 0, 5000),
    "output": _of(_("尿量"), "ml", 0, 5000),
    "sore": _of(_("压力性损伤分期"), "", 1, 4),
    "pain": _of(_("疼痛（0—10）"), "", 0, 10),
}


def checked(kind: str, one: Decimal, two: Decimal | None, three: Decimal | None) -> None:
    """Raises UserError for a kind that there is not, or a number that cannot be."""
    if kind not in KINDS:
        raise UserError(gettext("请从给出的选项中选择。"), "kind")
    found = KINDS[kind]
    if found.numbers > 1 and two is None:
        raise UserError(gettext("血压要写收缩压和舒张压。"), "two")
    for name, value in (("one", one), ("two", two), ("three", three)):
        if value is not None and not found.least <= value <= found.most:
            raise UserError(
                gettext("%(label)s应在%(least)s到%(most)s之间，请核对。")
                % {"label": found.label, "least": found.least, "most": found.most},
                name,
            )
    if two is not None and found.numbers > 1 and two >= one:
        raise UserError(gettext("收缩压应高于舒张压，请核对。"), "two")
