"""What a plan says, and why a need cannot be met, for people who know no optimisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..core import Floats, Lang, Longs, Text
from .candidates import SLACK, VERDICTS, Arcs, Verdict, find_arcs
from .plan import MatchingPlan
from .problem import MatchingProblem

FEW = 5
NOT_COVERED = Text(
    "未涵盖：先在公共堆场混配、再分给多家的情形（混池问题）；混配限值只在用户处生效。",
    "Not covered: lots mixed in a common stockpile before they are shared out (the pooling "
    "problem); blending limits hold at the user's gate only.",
)


def explain(problem: MatchingProblem, plan: MatchingPlan, lang: Lang = "zh") -> str:
    """Tell the plan in paragraphs, one per line."""
    parts = [_result(plan), *_unmet(plan), *_worth(plan), NOT_COVERED]
    return "\n".join(part.say(lang) for part in parts)


def _result(plan: MatchingPlan) -> Text:
    p = plan.problem
    delivered, wanted = float(plan.delivered(p).sum()), float(p.needs.tonnes.sum())
    share = delivered / wanted if wanted else 1.0
    mean = plan.objective / delivered if delivered else 0.0
    lines, kept = len(plan.offer), len(p.contracts.offer)
    return Text(
        f"{len(p.offers)} 项供应、{len(p.needs)} 项需求：建议 {lines} 条新的供应关系"
        f"{f'，保留 {kept} 份现有合同' if kept else ''}，共 {delivered:,.0f} 吨，"
        f"满足需求的 {share:.1%}；到厂总成本 {plan.objective:,.0f} 元，平均每吨 {mean:,.2f} 元。",
        f"{len(p.offers)} offers, {len(p.needs)} needs: {lines} new deliveries"
        f"{f' beside {kept} contracts kept' if kept else ''}, {delivered:,.0f} t in all, "
        f"{share:.1%} of what is wanted; delivered cost {plan.objective:,.0f} yuan, "
        f"{mean:,.2f} yuan/t on average.",
    )


def _unmet(plan: MatchingPlan) -> list[Text]:
    p = plan.problem
    short = plan.unmet(p).sum(axis=1)
    worst = [int(j) for j in np.argsort(-short)[:FEW] if short[j] > 0]
    out = []
    for j in worst:
        why = why_refused(p, plan.rejected, j)
        out.append(
            Text(
                f"“{p.needs.key[j]}”还缺 {short[j]:,.0f} 吨{p.product_name(p.needs.product[j])}："
                f"{why.zh}。",
                f"“{p.needs.key[j]}” still lacks {short[j]:,.0f} t of "
                f"{p.product_name(p.needs.product[j])}: {why.en}.",
            )
        )
    more = int((short > 0).sum()) - len(worst)
    if more > 0:
        out.append(Text(f"另有 {more} 项需求未全部满足。", f"{more} more needs are not fully met."))
    return out


def why_refused(problem: MatchingProblem, rejected: Longs, j: int) -> Text:
    """How many offers of the product there are for need ``j``, and what became of them."""
    counts = rejected[j]
    if counts.sum() == 0:
        return Text("没有人供应这一品种", "nobody offers this product")
    parts = [
        Text(f"{counts[v]} 个{VERDICTS[v].zh}", f"at {counts[v]} {VERDICTS[v].en}")
        for v in VERDICTS
        if counts[v]
    ]
    good = int(counts[Verdict.GOOD])
    if good:
        parts.append(
            Text(
                f"合适的 {good} 个数量不够或受其他条件限制",
                f"the {good} that fit are exhausted or held by other limits",
            )
        )
    total = int(counts.sum())
    return Text(
        f"同品种的供应 {total} 个，其中" + "、".join(part.zh for part in parts),
        f"of {total} offers of the product " + "; ".join(part.en for part in parts),
    )


def _worth(plan: MatchingPlan) -> list[Text]:
    p, w = plan.problem, plan.worth
    out = []
    gain = w.offer_served.max(axis=1) * 1e9 + w.offer_saving.max(axis=1)
    for i in np.argsort(-gain)[:FEW]:
        served, saving = float(w.offer_served[i].max()), float(w.offer_saving[i].max())
        if served > SLACK:
            out.append(
                Text(
                    f"“{p.offers.key[i]}”若再多供 1 吨，可多满足 {served:.2g} 吨需求。",
                    f"One more tonne of “{p.offers.key[i]}” would meet {served:.2g} t more.",
                )
            )
        elif saving > 0.005:
            out.append(
                Text(
                    f"“{p.offers.key[i]}”若再多供 1 吨，总成本可省 {saving:,.2f} 元。",
                    f"One more tonne of “{p.offers.key[i]}” would save {saving:,.2f} yuan.",
                )
            )
    return out


def contract_clashes(problem: MatchingProblem) -> list[Text]:
    """Contracts that bind more than an offer has, a need wants, or limits allow."""
    c, out = problem.contracts, []
    for index, tonnes, keys, zh, en in (
        (c.offer, problem.offers.tonnes, problem.offers.key, "可供", "offers"),
        (c.need, problem.needs.tonnes, problem.needs.key, "需要", "wants"),
    ):
        bound = np.zeros_like(tonnes)
        np.add.at(bound, index, c.tonnes)
        for i, t in zip(*np.nonzero(bound > tonnes * (1 + 1e-9) + SLACK), strict=True):
            out.append(
                Text(
                    f"“{keys[i]}”只{zh} {tonnes[i, t]:,.6g} 吨，"
                    f"现有合同却占用 {bound[i, t]:,.6g} 吨",
                    f"“{keys[i]}” {en} {tonnes[i, t]:,.6g} t only, contracts bind "
                    f"{bound[i, t]:,.6g} t",
                )
            )
    supplier = np.array(problem.offers.supplier)[c.offer]
    for j in np.unique(c.need):
        count, most = len(set(supplier[c.need == j])), int(problem.needs.max_sources[j])
        if 0 < most < count:
            out.append(
                Text(
                    f"“{problem.needs.key[j]}”最多 {most} 家供应商，现有合同却有 {count} 家",
                    f"“{problem.needs.key[j]}” takes {most} suppliers at most, contracts name "
                    f"{count}",
                )
            )
    return out


def blend_clashes(problem: MatchingProblem) -> list[tuple[int, Text]]:
    """(need, why): contracts alone break a blending limit (others could still dilute them)."""
    c, out = problem.contracts, []
    for q, attribute in enumerate(problem.attributes):
        for worst, limit, sign in (
            (problem.offers.quality_high[:, q], problem.needs.quality_high[:, q], 1.0),
            (problem.offers.quality_low[:, q], problem.needs.quality_low[:, q], -1.0),
        ):
            held = problem.needs.blend[c.need] & ~np.isnan(limit[c.need])
            excess = np.zeros(len(problem.needs))
            over = sign * (worst[c.offer] - limit[c.need]) * c.tonnes.sum(axis=1)
            np.add.at(excess, c.need[held], over[held])
            for j in np.flatnonzero(excess > SLACK):
                key = problem.needs.key[j]
                text = Text(
                    f"“{key}”的现有合同使“{attribute}”超限，其余供应无法稀释",
                    f"contracts of “{key}” break “{attribute}” and no other offer can dilute it",
                )
                out.append((int(j), text))
    return out


def shortage(problem: MatchingProblem, plan: MatchingPlan, firm: NDArray[np.bool_]) -> list[Text]:
    """For firm needs that stay short: the needs and offers that clash, as an elastic set."""
    arcs = find_arcs(problem)
    short, seen, out = plan.unmet(problem), set(), []
    for j, t in zip(*np.nonzero(firm), strict=True):
        needs, offers = _closed_set(plan, arcs, int(j), int(t))
        key = (tuple(needs), t)
        if key in seen:
            continue
        seen.add(key)
        out.append(_say_shortage(problem, plan, needs, offers, int(j), int(t), short))
    return out


def _closed_set(plan: MatchingPlan, arcs: Arcs, j: int, t: int) -> tuple[list[int], list[int]]:
    """Needs that compete with ``j``, and all offers that can serve them (alternating paths)."""
    needs = {j}
    offers: set[int] = set()
    while True:
        reach = set(arcs.offer[np.isin(arcs.need, list(needs))].tolist())
        served = np.isin(plan.offer, list(reach)) & (plan.tonnes[:, t] > 0)
        wider = needs | set(plan.need[served].tolist())
        if wider == needs and reach == offers:
            return sorted(needs), sorted(offers)
        needs, offers = wider, reach


def _say_shortage(
    problem: MatchingProblem,
    plan: MatchingPlan,
    needs: list[int],
    offers: list[int],
    j: int,
    t: int,
    short: Floats,
) -> Text:
    when = problem.periods[t]
    head = Text(
        f"“{problem.needs.key[j]}”必须满足，{when}却缺 {short[j, t]:,.6g} 吨",
        f"“{problem.needs.key[j]}” must be met but lacks {short[j, t]:,.6g} t {when}".rstrip(),
    )
    why = why_refused(problem, plan.rejected, j)
    if not offers:
        return Text(f"{head.zh}（{why.zh}）", f"{head.en} ({why.en})")
    want = float(problem.needs.tonnes[needs, t].sum())
    have = float(problem.offers.tonnes[offers, t].sum())
    names = Text(
        "、".join(problem.needs.key[i] for i in needs[:FEW]) + (" 等" if len(needs) > FEW else ""),
        ", ".join(problem.needs.key[i] for i in needs[:FEW]) + (" …" if len(needs) > FEW else ""),
    )
    if have < want:
        return Text(
            f"{head.zh}：{names.zh} 共需 {want:,.6g} 吨，能供它们的 {len(offers)} 项供应合计只有"
            f" {have:,.6g} 吨（{why.zh}）",
            f"{head.en}: {names.en} want {want:,.6g} t together, the {len(offers)} offers that "
            f"can serve them have {have:,.6g} t ({why.en})",
        )
    return Text(
        f"{head.zh}：数量虽够，但最小批量、供应商数、份额或混配限值不允许（{why.zh}）",
        f"{head.en}: there is enough, but minimum lots, supplier limits, shares or blending "
        f"limits forbid it ({why.en})",
    )
