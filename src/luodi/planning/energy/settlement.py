"""The month's settlement: certificates in whole MWh, deviations, bills that add up to the cent.

Certificates follow the monthly rule of the southern market's green-power rules (V3.0, 2025): the
least of contract, generation and consumption, in whole MWh, the remainder carried over. What a
deviation costs differs by province and is a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import numpy as np

from ..core import Floats, Text
from .dispatch import PARTS, Dispatch, by_month, fixed_costs
from .plan import EnergyPlan
from .problem import DeviationRule, EnergyProblem

CENT, KWH = Decimal("0.01"), Decimal("0.001")

LINES: dict[str, Text] = {
    "green": Text("绿电电能量", "green energy"),
    "certificate": Text("绿证", "certificates"),
    "delivery": Text("绿电输配及附加", "delivery of green power"),
    "user_deviation": Text("用户侧偏差", "deviation of the user"),
    "supplier_deviation": Text("发电侧偏差补偿", "compensation by the supplier"),
    "shortfall": Text("照付不议缺额", "take-or-pay shortfall"),
    "grid": Text("电网电量电费", "grid energy"),
    "fixed": Text("基本电费", "demand or capacity charge"),
    "feed_in": Text("光伏余电收入", "income from surplus PV"),
}


# Shaanxi 2022: shortfall × 0.1 × mean contract price. Others: edit to the rule in force.
SHAANXI_2022 = DeviationRule("陕西 2022", "陕西省 2022 年电力中长期交易实施方案", 0.1, 0.1)


@dataclass(frozen=True)
class GreenMonth:
    """One enterprise under one contract in one month; MWh to the kWh."""

    contract: str
    enterprise: str
    month: int
    agreed: Decimal
    generated: Decimal
    consumed: Decimal
    settled: Decimal
    certificates: int
    carried: Decimal


@dataclass(frozen=True)
class Bill:
    """One enterprise, one month. ``lines`` in yuan and cents; negative is income."""

    enterprise: str
    month: int
    lines: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.lines.values(), Decimal(0))


@dataclass(frozen=True)
class Settlement:
    """``invoices``: what each contract's supplier asks for by (contract, month, line); the bills'
    lines of that kind sum to it exactly."""

    green: tuple[GreenMonth, ...]
    bills: tuple[Bill, ...]
    invoices: dict[tuple[str, int, str], Decimal]

    @property
    def total(self) -> Decimal:
        return sum((b.total for b in self.bills), Decimal(0))


def settle(
    problem: EnergyProblem,
    agreed: EnergyPlan,
    actual: Dispatch | None = None,
    rule: DeviationRule | None = None,
) -> Settlement:
    """Settle every month.

    ``agreed`` gives the monthly contract of each enterprise. ``problem`` and ``actual`` are what
    came true (by default the plan itself), ``rule`` is the problem's if not given. Green power
    taken that is not settled (above the agreed amount, or never generated) is the grid's, at its
    price in the hours it was taken.
    """
    actual = agreed.dispatch if actual is None else actual
    rule = problem.deviation if rule is None else rule
    n = len(problem.enterprises)
    lines: dict[tuple[int, int], dict[str, Decimal]] = {
        (i, m): {} for i in range(n) for m in range(problem.months)
    }
    green: list[GreenMonth] = []
    invoices: dict[tuple[str, int, str], Decimal] = {}
    own = _own_lines(problem, actual)
    for k in range(len(problem.contracts)):
        rows, exact, unsettled = _contract(problem, agreed, actual, k, rule)
        green += rows
        own["grid"] = own["grid"] + unsettled
        for kind, amounts in exact.items():
            for m in range(problem.months):
                invoice, shares = split_to_cents(amounts[:, m])
                invoices[problem.contracts[k].name, m + 1, kind] = invoice
                for i, part in enumerate(shares):
                    lines[i, m][kind] = lines[i, m].get(kind, Decimal(0)) + part
    for kind, amounts in own.items():
        for (i, m), line in lines.items():
            line[kind] = cents(float(amounts[i, m]))
    bills = tuple(
        Bill(problem.enterprises[i].name, m + 1, {k: v for k, v in line.items() if v})
        for (i, m), line in sorted(lines.items())
    )
    return Settlement(tuple(green), bills, invoices)


def from_bills_to_cost(plan: EnergyPlan, done: Settlement) -> list[tuple[Text, float]]:
    """Explain why the bills are not the total cost: their sum, what only one of them holds, cost.

    The last but one line is what is left: certificates not yet whole, and deviations.
    """
    parts = {k: float(v.sum()) for k, v in plan.parts.items()}
    lines = [(Text("账单合计", "all bills"), float(done.total))]
    lines += [(PARTS[k], parts[k]) for k in ("degradation", "carbon", "shadow") if parts[k]]
    rest = plan.objective - sum(v for _, v in lines)
    if abs(rest) >= 0.005:
        what = Text(
            "未满一张的绿证、偏差和进位", "certificates not yet whole, deviations, rounding"
        )
        lines.append((what, rest))
    return [*lines, (Text("总费用", "total cost"), plan.objective)]


def cents(yuan: float) -> Decimal:
    return Decimal(repr(float(yuan))).quantize(CENT, ROUND_HALF_UP)


def split_to_cents(amounts: Sequence[float] | Floats) -> tuple[Decimal, list[Decimal]]:
    """Give the sum to the cent and parts to the cent that add up to it, by largest remainder."""
    exact = [Decimal(repr(float(a))) for a in amounts]
    whole = sum(exact, Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    parts = [e.quantize(CENT, ROUND_DOWN) for e in exact]
    missing = int((whole - sum(parts, Decimal(0))) / CENT)
    sign = 1 if missing >= 0 else -1
    order = sorted(range(len(exact)), key=lambda i: sign * (parts[i] - exact[i]))
    for i in order[: abs(missing)]:
        parts[i] += sign * CENT
    return whole, parts


def _contract(
    problem: EnergyProblem, agreed: EnergyPlan, actual: Dispatch, k: int, rule: DeviationRule
) -> tuple[list[GreenMonth], dict[str, Floats], Floats]:
    """Give certificates of contract ``k``, its exact amounts (N, M) by line, and what of the green
    power taken the grid bills (N, M)."""
    c = problem.contracts[k]
    due = by_month(problem, agreed.dispatch.green[k])
    output = by_month(problem, c.profile_mwh)
    share = due / np.maximum(due.sum(axis=0), 1e-12)
    generated = share * np.minimum(output, np.maximum(due.sum(axis=0), 0))
    consumed = by_month(problem, actual.green[k])
    settled = np.minimum(np.minimum(due, generated), consumed)
    price = np.minimum(c.price, c.price_cap)
    paid = by_month(problem, actual.green[k] * price)
    mean = paid / np.maximum(consumed, 1e-12)
    usual = float(np.mean(price))
    mean = np.where(consumed > 1e-9, mean, usual)
    rows: list[GreenMonth] = []
    whole = np.zeros_like(due)
    for i, e in enumerate(problem.enterprises):
        carried = Decimal(0)
        for m in range(problem.months):
            agreed_mwh, made, used = (_kwh(a[i, m]) for a in (due, generated, consumed))
            least = min(agreed_mwh, made, used)
            ready = carried + least
            number = int(ready)
            carried = ready - number
            whole[i, m] = number
            rows.append(
                GreenMonth(c.name, e.name, m + 1, agreed_mwh, made, used, least, number, carried)
            )
    slack = 1 - rule.tolerance
    user = np.maximum(due * slack - consumed, 0) * rule.user_rate * mean
    # a user cannot leave what was never generated
    user = np.where(generated < due - 1e-9, 0.0, user)
    supplier = -np.maximum(due * slack - generated, 0) * rule.supplier_rate * mean
    year_end = np.zeros_like(due)
    missing = max(c.floor_mwh - float(settled.sum()), 0.0) * c.shortfall_price
    year_end[:, -1] = problem.entitlements * missing
    unsettled = _on_the_grid(problem, agreed.dispatch.green[k], actual.green[k], consumed - settled)
    return (
        rows,
        {
            "green": settled * mean,
            "certificate": whole * c.certificate_price,
            "delivery": settled * c.delivery_price,
            "user_deviation": user,
            "supplier_deviation": supplier,
            "shortfall": year_end,
        },
        unsettled,
    )


def _on_the_grid(
    problem: EnergyProblem, agreed: Floats, taken: Floats, unsettled: Floats
) -> Floats:
    """Price (N, M) what the contract does not settle: first what was taken above the agreed."""
    price = np.stack([e.grid_price for e in problem.enterprises])
    above = np.maximum(taken - agreed, 0)
    out = np.zeros_like(unsettled)
    for series in (above, taken):
        mwh, yuan = by_month(problem, series), by_month(problem, series * price)
        part = np.minimum(unsettled, mwh)
        out += part * yuan / np.maximum(mwh, 1e-12)
        unsettled = unsettled - part
    return out


def _kwh(mwh: float) -> Decimal:
    """Round to the kWh; solver noise below a Wh does not cost a certificate."""
    return (Decimal(repr(float(mwh))) + Decimal("0.000001")).quantize(KWH, ROUND_DOWN)


def _own_lines(problem: EnergyProblem, actual: Dispatch) -> dict[str, Floats]:
    """Give (N, M) lines that concern no contract."""
    grid = actual.grid(problem)
    prices = np.stack([e.grid_price for e in problem.enterprises])
    income = np.array([[e.feed_in_price] for e in problem.enterprises])
    return {
        "grid": by_month(problem, grid * prices),
        "fixed": fixed_costs(problem, actual),
        "feed_in": -by_month(problem, actual.export * income),
    }
