"""The 25 steps of developing a member, as data with their articles.

《中国共产党发展党员工作细则》(2014): the division into 25 is practice, the articles are the text's. How
sure we are of each number stands beside it; check the printed text before relying on any.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.rooms.directory.api import Certainty, Stage
from luodi.rooms.pathways.rules.times import Span

Words = str | Promise
REGULATION = _("中国共产党发展党员工作细则")
SEEN, SECONDARY, DISPUTED = Certainty.SEEN, Certainty.SECONDARY, Certainty.DISPUTED
MONTH, HALF_YEAR, YEAR = Span(1), Span(6), Span(12)

# What a period counts from, beside the steps themselves.
BIRTH, PROBATION_END = "birth", "probation_end"

STAGE_LABELS: dict[Stage, Words] = {
    Stage.APPLICANT: _("申请入党"),
    Stage.ACTIVIST: _("入党积极分子的确定和培养教育"),
    Stage.CANDIDATE: _("发展对象的确定和考察"),
    Stage.PROBATIONARY: _("预备党员的接收"),
    Stage.FORMAL: _("预备党员的教育考察和转正"),
}


class Who(StrEnum):
    """Who acts in a step."""

    BRANCH = "branch"
    SUPERIOR = "superior"
    HIGHER = "higher"


class Outcome(StrEnum):
    """What came of a step that is decided upon."""

    PASSED = "passed"
    FAILED = "failed"
    EXTENDED = "extended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Bound:
    """A time that a step keeps to a day before it: not before (`least`) or not after (`most`).

    `pauses`: whether interruptions of the cultivation are left out. `hard`: what is later than this
    is refused; other late steps are entered and marked.
    """

    since: str
    span: Span
    article: Words
    certainty: Certainty
    pauses: bool = False
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `after`: the steps that must be done before; `people`: how many are named (at least,
    at most); `again`: it is repeated within `most`; `becomes`: the stage a person has from it on."""

    key: str
    number: int
    stage: Stage
    title: Words
    article: Words
    who: Who
    after: tuple[str, ...] = ()
    paper: Words = ""
    least: tuple[Bound, ...] = ()
    most: tuple[Bound, ...] = ()
    people: tuple[int, int] = (0, 0)
    people_label: Words = ""
    training: bool = False
    vote: bool = False
    outcomes: tuple[Outcome, ...] = (Outcome.PASSED,)
    again: bool = False
    becomes: Stage | None = None

    @property
    def citation(self) -> str:
        return cited(self.article)

    def __str__(self) -> str:
        return str(self.title)


def cited(article: Words) -> str:
    """An article with its regulation."""
    return gettext("《%(regulation)s》%(article)s") % {"regulation": REGULATION, "article": article}


DECIDED = (Outcome.PASSED, Outcome.FAILED)
TRAINING_DAYS, TRAINING_HOURS = 3, 24  # 第十七条: one of the two is enough
EXTENSION = (6, 12)  # months, once: 第三十二条
AGE = 18  # 第五条
DEFERRED = Span(6)  # 第三十六条: for who came from another organisation during probation

_STEPS = (
    Step(
        "apply", 1, Stage.APPLICANT, _("递交入党申请书"), _("第五条、第六条"), Who.BRANCH,
        paper=_("入党申请书"), becomes=Stage.APPLICANT,
        least=(Bound(BIRTH, Span(AGE * 12), _("第五条"), SEEN),),
    ),
    Step(
        "talk", 2, Stage.APPLICANT, _("党组织派人谈话"), _("第七条"), Who.BRANCH, ("apply",),
        paper=_("谈话记录"), most=(Bound("apply", MONTH, _("第七条"), SEEN),),
    ),
    Step(
        "choose", 3, Stage.ACTIVIST, _("推荐和确定入党积极分子"), _("第八条"), Who.BRANCH, ("talk",),
        paper=_("推荐和研究决定的会议记录"), outcomes=DECIDED, becomes=Stage.ACTIVIST,
    ),
    Step(
        "file_activist", 4, Stage.ACTIVIST, _("上级党委备案"), _("第八条"), Who.SUPERIOR, ("choose",),
    ),
    Step(
        "contacts", 5, Stage.ACTIVIST, _("指定培养联系人"), _("第九条"), Who.BRANCH, ("choose",),
        people=(1, 2), people_label=_("培养联系人"),
    ),
    Step(
        "review", 6, Stage.ACTIVIST, _("培养教育考察"), _("第十条、第十一条"), Who.BRANCH, ("choose",),
        paper=_("培养教育考察登记表"), again=True,
        most=(Bound("choose", HALF_YEAR, _("第十一条"), SEEN, pauses=True),),
    ),
    Step(
        "candidate", 7, Stage.CANDIDATE, _("确定发展对象"), _("第十三条"), Who.BRANCH,
        ("file_activist", "contacts", "review"), paper=_("征求意见和支委会会议记录"), outcomes=DECIDED,
        least=(Bound("choose", YEAR, _("第十三条"), SEEN, pauses=True),),
    ),
    Step(
        "file_candidate", 8, Stage.CANDIDATE, _("报上级党委备案"), _("第十三条"), Who.SUPERIOR,
        ("candidate",), becomes=Stage.CANDIDATE,
    ),
    Step(
        "introducers", 9, Stage.CANDIDATE, _("确定入党介绍人"), _("第十四条"), Who.BRANCH,
        ("file_candidate",), people=(2, 2), people_label=_("入党介绍人"),
    ),
    Step(
        "political", 10, Stage.CANDIDATE, _("进行政治审查"), _("第十六条"), Who.BRANCH,
        ("file_candidate",), paper=_("政治审查结论性材料"), outcomes=DECIDED,
    ),
    Step(
        "training", 11, Stage.CANDIDATE, _("开展集中培训"), _("第十七条"), Who.SUPERIOR,
        ("file_candidate",), training=True,
    ),
    Step(
        "committee", 12, Stage.PROBATIONARY, _("支部委员会审查"), _("第十九条"), Who.BRANCH,
        ("introducers", "political", "training"), paper=_("支委会审查会议记录"), outcomes=DECIDED,
    ),
    Step(
        "prereview", 13, Stage.PROBATIONARY, _("上级党委预审"), _("第十九条"), Who.SUPERIOR,
        ("committee",), paper=_("预审意见"), outcomes=DECIDED,
    ),
    Step(
        "form", 14, Stage.PROBATIONARY, _("填写入党志愿书"), _("第十九条"), Who.BRANCH, ("prereview",),
        paper=_("入党志愿书"),
    ),
    Step(
        "meeting", 15, Stage.PROBATIONARY, _("支部大会讨论接收"), _("第二十条至第二十二条"), Who.BRANCH,
        ("form",), paper=_("支部大会决议"), vote=True, outcomes=DECIDED,
        most=(Bound("prereview", MONTH, _("第二十条"), SECONDARY),),
    ),
    Step(
        "interview", 16, Stage.PROBATIONARY, _("上级党委派人谈话"), _("第二十五条"), Who.SUPERIOR,
        ("meeting",), paper=_("谈话意见"),
    ),
    Step(
        "approve", 17, Stage.PROBATIONARY, _("上级党委审批"), _("第二十四条、第二十七条"), Who.SUPERIOR,
        ("interview",), paper=_("接收预备党员的批复"), outcomes=DECIDED, becomes=Stage.PROBATIONARY,
        most=(
            Bound("meeting", Span(3), _("第二十七条"), SECONDARY),
            Bound("meeting", Span(6), _("第二十七条"), SECONDARY, hard=True),
        ),
    ),
    Step(
        "file_member", 18, Stage.PROBATIONARY, _("再上一级党委组织部门备案"), _("第二十七条"), Who.HIGHER,
        ("approve",),
    ),
    Step(
        "group", 19, Stage.FORMAL, _("编入党支部和党小组"), _("第三十条"), Who.BRANCH, ("approve",),
    ),
    Step(
        "oath", 20, Stage.FORMAL, _("入党宣誓"), _("第三十一条"), Who.BRANCH, ("approve",),
    ),
    Step(
        "observe", 21, Stage.FORMAL, _("继续教育考察"), _("第三十一条"), Who.BRANCH, ("approve",),
        paper=_("预备党员考察登记表"), again=True,
        most=(Bound("meeting", HALF_YEAR, _("第三十一条（间隔为本区约定）"), DISPUTED),),
    ),
    Step(
        "ask", 22, Stage.FORMAL, _("提出转正申请"), _("第三十三条"), Who.BRANCH,
        ("group", "oath", "observe"), paper=_("转正申请书"),
        least=(Bound(PROBATION_END, Span(-1), _("第三十三条（提前一个月为通行做法）"), DISPUTED),),
    ),
    Step(
        "confirm", 23, Stage.FORMAL, _("支部大会讨论转正"), _("第三十二条、第三十三条"), Who.BRANCH,
        ("ask",), paper=_("支部大会决议"), vote=True,
        outcomes=(Outcome.PASSED, Outcome.EXTENDED, Outcome.CANCELLED),
        least=(Bound(PROBATION_END, Span(), _("第三十二条"), SEEN),),
        most=(Bound(PROBATION_END, MONTH, _("第三十二条（一个月为通行做法）"), DISPUTED),),
    ),
    Step(
        "approve_formal", 24, Stage.FORMAL, _("上级党委审批转正"), _("第三十四条"), Who.SUPERIOR,
        ("confirm",), paper=_("转正批复"), outcomes=DECIDED, becomes=Stage.FORMAL,
        most=(Bound("confirm", Span(3), _("第三十四条"), SEEN),),
    ),
    Step(
        "archive", 25, Stage.FORMAL, _("材料归档"), _("第三十七条"), Who.SUPERIOR, ("approve_formal",),
        paper=_("归档清单"),
    ),
)  # fmt: skip
STEPS: dict[str, Step] = {step.key: step for step in _STEPS}
