"""老年人能力评估, GB/T 42195-2022: 26 items, 90 points, five levels, and what makes a level worse.

Items, maxima and levels are the standard's (two independent transcriptions, which sum to 90). The
words of the options are ours, in the standard's order: who assesses reads the standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from luodi.rooms.care.scales.base import Band, Item, Option, Result, Scale, Words, graded

HELPED = (
    _("独立完成，不需要他人"),
    _("需要提示或看护"),
    _("需要少量协助"),
    _("需要大量协助"),
    _("完全依赖他人"),
)
CONTROL = (
    _("能自行控制"),
    _("偶尔失控，能自行处理"),
    _("经常失控，需要提示或少量协助"),
    _("大部分时间失控，需要大量协助"),
    _("完全失控，或依赖导管、造口护理"),
)
KNOWS = (
    _("完全正确"),
    _("偶有差错"),
    _("经常差错，提示后能纠正"),
    _("大多不能，提示后也难纠正"),
    _("完全不能"),
)
TAKES_PART = (
    _("独立完成，与以往一样"),
    _("能完成，但比以往吃力或需提示"),
    _("需要少量协助"),
    _("需要大量协助"),
    _("完全不能"),
)


def _item(part: str, key: str, label: Words, options: tuple[Option, ...]) -> Item:
    return Item(key, label, part, options)


SELF_CARE = [
    _item("self_care", "eating", _("进食"), graded(*HELPED)),
    _item("self_care", "grooming", _("修饰"), graded(*HELPED)),
    _item("self_care", "bathing", _("洗澡"), graded(*HELPED)),
    _item("self_care", "upper", _("穿脱上衣"), graded(*HELPED)),
    _item("self_care", "lower", _("穿脱裤子和鞋袜"), graded(*HELPED)),
    _item("self_care", "urine", _("小便控制"), graded(*CONTROL)),
    _item("self_care", "stool", _("大便控制"), graded(*CONTROL)),
    _item("self_care", "toilet", _("如厕"), graded(*HELPED)),
]
MOVING = [
    _item("moving", "turning", _("床上体位转移"), graded(*HELPED)),
    _item("moving", "chair", _("床椅转移"), graded(*HELPED)),
    _item("moving", "walking", _("平地行走"), graded(*HELPED)),
    _item(
        "moving",
        "stairs",
        _("上下楼梯"),
        graded(_("独立上下"), _("需要扶手或看护"), _("需要他人协助"), _("不能上下")),
    ),
]
MIND = [
    _item("mind", "time", _("时间定向"), graded(*KNOWS)),
    _item("mind", "place", _("空间定向"), graded(*KNOWS)),
    _item("mind", "people", _("人物定向"), graded(*KNOWS)),
    _item("mind", "memory", _("记忆"), graded(*KNOWS)),
    _item("mind", "understanding", _("理解能力"), graded(*KNOWS)),
    _item("mind", "expression", _("表达能力"), graded(*KNOWS)),
    _item("mind", "aggression", _("攻击行为"), graded(_("没有"), _("有"))),
    _item("mind", "depression", _("抑郁症状"), graded(_("没有"), _("有"))),
    _item(
        "mind",
        "consciousness",
        _("意识水平"),
        graded(_("神志清醒"), _("嗜睡或意识模糊"), _("昏睡或昏迷")),
    ),
]
SENSES = [
    _item("senses", "sight", _("视力"), graded(_("正常"), _("减退"), _("严重减退或失明"))),
    _item("senses", "hearing", _("听力"), graded(_("正常"), _("减退"), _("严重减退或失聪"))),
    _item("senses", "affairs", _("执行日常事务"), graded(*TAKES_PART)),
    _item(
        "senses",
        "transport",
        _("使用交通工具外出"),
        graded(_("能独自外出"), _("需要陪同"), _("需要大量协助"), _("不能外出")),
    ),
    _item("senses", "social", _("社会交往能力"), graded(*TAKES_PART)),
]

ABILITY = Scale(
    "ability",
    _("老年人能力评估"),
    "GB/T 42195-2022",
    _("GB/T 42195-2022《老年人能力评估规范》"),
    {
        "self_care": _("自理能力"),
        "moving": _("基础运动能力"),
        "mind": _("精神状态"),
        "senses": _("感知觉与社会参与"),
    },
    (*SELF_CARE, *MOVING, *MIND, *SENSES),
    (
        Band("0", 90, 90, _("能力完好")),
        Band("1", 66, 89, _("轻度失能")),
        Band("2", 46, 65, _("中度失能")),
        Band("3", 30, 45, _("重度失能")),
        Band("4", 0, 29, _("完全失能")),
    ),
    optional=False,
)
WORST = 4


@dataclass(frozen=True, slots=True)
class Rules:
    """What the standard's text leaves to its reading, as parameters.

    coma: the level of somebody in a coma ("4" complete; the older standard says severe). events:
    how many risk events in 30 days count. each: whether several reasons raise by one level each;
    the standard says "any of these: one level worse".
    """

    coma: str = "4"
    events: int = 2
    each: bool = False


ADJUSTMENTS = Rules()


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What is known beside the 26 answers: diagnoses F00–F03 and F04–F99 (ICD-10), risk events
    (fall, choking, self-harm, suicide, getting lost) in the last 30 days, a coma."""

    dementia: bool = False
    mental: bool = False
    events: int = 0
    coma: bool = False


def level_of(answers: Mapping[str, int], given: Adjustments, rules: Rules = ADJUSTMENTS) -> Result:
    """The level after adjustment, with what it was before and the reasons (`coma`, `dementia`,
    `mental`, `events`). Raises Missing.

    A coma needs no score (GB/T 42195-2022, adjustment of levels); what was scored is still summed
    where all is there.
    """
    if given.coma:
        whole = {one.key: answers.get(one.key, 0) for one in ABILITY.items}
        found = ABILITY.result(whole)
        band = next(one for one in ABILITY.bands if one.key == rules.coma)
        return replace(found, band=band.key, words=band.words, adjusted=("coma",))
    found = ABILITY.result(answers)
    reasons = []
    if given.dementia:
        reasons.append("dementia")
    if given.mental:
        reasons.append("mental")
    if given.events >= rules.events:
        reasons.append("events")
    diagnosis = 1 if given.dementia or given.mental else 0
    events = 1 if given.events >= rules.events else 0
    steps = diagnosis + events if rules.each else min(1, diagnosis + events)
    level = str(min(WORST, int(found.band) + steps))
    band = next(one for one in ABILITY.bands if one.key == level)
    return replace(found, band=level, words=band.words, adjusted=tuple(reasons))
