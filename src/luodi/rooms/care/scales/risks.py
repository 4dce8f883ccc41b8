"""From answers to the nine risks of GB 38600-2019, and to what a plan must answer: data, pure.

GB 38600-2019 asks for a risk assessment and for protection against each of nine risks; which answer
points to which risk is this table's, for a nurse to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from luodi.rooms.care.scales.ability import ABILITY
from luodi.rooms.care.scales.base import Words


@dataclass(frozen=True, slots=True)
class Sign:
    """That an item scored at most so much points to a risk."""

    risk: str
    item: str
    at_most: int


SIGNS = (
    Sign("choking", "eating", 2),
    Sign("intake", "understanding", 2),
    Sign("intake", "sight", 0),
    Sign("sore", "turning", 2),
    Sign("sore", "urine", 1),
    Sign("scald", "understanding", 2),
    Sign("scald", "bathing", 2),
    Sign("bed_fall", "turning", 3),
    Sign("bed_fall", "consciousness", 1),
    Sign("fall", "walking", 3),
    Sign("fall", "chair", 3),
    Sign("harm", "aggression", 0),
    Sign("harm", "depression", 0),
    Sign("lost", "place", 2),
    Sign("lost", "memory", 1),
    Sign("recreation", "walking", 2),
    Sign("recreation", "hearing", 0),
)
# Facts of a resident that point to a risk, whatever the answers say.
FACT_SIGNS = {
    "swallowing": ("choking",),
    "dementia": ("intake", "lost"),
    "mental": ("harm",),
    "bedridden": ("sore", "bed_fall"),
    "fall_risk": ("fall",),
}
# The protection that a plan offers against each risk, for a nurse to word anew.
PROTECTION: dict[str, Words] = {
    "choking": _("进食时看护，食物切小或做软"),
    "intake": _("药品、洗涤用品由工作人员保管"),
    "sore": _("定时翻身并查看皮肤"),
    "scald": _("洗浴前试水温，热水有人看护"),
    "bed_fall": _("加床挡，夜间巡视"),
    "fall": _("行走、如厕有人陪护，地面保持干燥"),
    "harm": _("留意情绪，收好尖锐物品"),
    "lost": _("外出有人陪同，佩戴联系卡"),
    "recreation": _("活动前询问身体情况，活动中有人看护"),
}


def risks_of(
    answers: Mapping[str, int], facts: Mapping[str, Words] | None = None
) -> dict[str, str]:
    """The risks found, each with the reasons in words: items with their answers, or facts
    (`facts`: their words by kind)."""
    labels = {one.key: one for one in ABILITY.items}
    found: dict[str, list[str]] = {}
    for sign in SIGNS:
        score = answers.get(sign.item)
        if score is not None and score <= sign.at_most:
            item = labels[sign.item]
            found.setdefault(sign.risk, []).append(f"{item.label}：{item.words_of(score)}")
    for fact, risks in FACT_SIGNS.items():
        if facts and fact in facts:
            for risk in risks:
                found.setdefault(risk, []).append(str(facts[fact]))
    return {risk: "；".join(why) for risk, why in found.items()}


def needs_of(answers: Mapping[str, int]) -> list[tuple[str, Words]]:
    """The items that a plan must answer: all that did not score full, the worst first."""
    short = [
        (answers[one.key] / one.most, place, one)
        for place, one in enumerate(ABILITY.items)
        if one.key in answers and answers[one.key] < one.most
    ]
    return [(one.key, one.label) for _share, _place, one in sorted(short, key=lambda s: s[:2])]
