"""What a refusal says: the sentence with the article."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luodi.rooms.pathways.rules import STEPS, Done, Obstacle, Why
from luodi.rooms.pathways.rules.steps import EXTENSION, TRAINING_DAYS, TRAINING_HOURS, cited


def sentence(obstacle: Obstacle, fact: Done) -> str:
    """What stands against a step, with the article that says so."""
    step = STEPS[fact.step]
    day = obstacle.day.isoformat() if obstacle.day else ""
    match obstacle.why:
        case Why.BEFORE:
            names = _("、").join(f"“{STEPS[key].title}”" for key in obstacle.steps)
            words = _("还没有完成%(names)s。") % {"names": names}
        case Why.EARLY if obstacle.age:
            words = _("那一天不满十八周岁：%(day)s年满。") % {"day": day}
        case Why.EARLY:
            words = _("早了%(days)s天：最早%(day)s。") % {"days": obstacle.days, "day": day}
        case Why.LATE:
            words = _("超过最长期限%(days)s天：最迟%(day)s。") % {"days": obstacle.days, "day": day}
        case Why.PAPER:
            words = _("还没有材料：%(paper)s。") % {"paper": step.paper}
        case Why.PEOPLE:
            words = _people(step.key)
        case Why.TRAINING:
            words = _("集中培训一般不少于%(days)s天或%(hours)s学时。") % {
                "days": TRAINING_DAYS,
                "hours": TRAINING_HOURS,
            }
        case Why.QUORUM:
            words = _("实到会有表决权的人数须超过应到会的半数。")
        case Why.MAJORITY:
            words = _("赞成人数须超过应到会有表决权的正式党员的半数，且不多于实到会人数。")
        case Why.EXTENSION:
            words = _("延长预备期不少于%(least)s个月，最长%(most)s个月。") % {
                "least": EXTENSION[0],
                "most": EXTENSION[1],
            }
        case Why.EXTENDED:
            words = _("预备期只能延长一次。")
        case Why.AGAIN:
            words = _("这一步已于%(day)s完成。") % {"day": day}
        case Why.PAUSED:
            words = _("培养中断还没有结束，不能计算满一年的日期。")
        case Why.BIRTH:
            words = _("没有登记出生日期，不能确认年满十八周岁。")
    return words + _("（%(citation)s）") % {"citation": cited(obstacle.article)}


def _people(key: str) -> str:
    least, most = STEPS[key].people
    values = {"label": STEPS[key].people_label, "least": least, "most": most}
    if least == most:
        return _("%(label)s应为%(least)s名正式党员。") % values
    return _("%(label)s应为%(least)s至%(most)s名正式党员。") % values
