"""The duties that come with the product: what regulations ask, and the founding page's own two.

Each with regulation, clause and how sure we are of it (docs of 2018 and 2023; check the printed text
before relying on any). Which gatherings fulfil a duty, the kinds of gatherings say themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from luodi.ground.scope.api import UnitKind
from luodi.rooms.directory.api import BranchType, Certainty
from luodi.rooms.duties.models import Measure, Subject
from luodi.rooms.duties.windows import Every

# Chinese by nature: names of duties in both languages, regulations as they are called
BRANCH_RULES = "中国共产党支部工作条例（试行）（2018年）"
BRANCH_RULES_ON = dt.date(2018, 10, 28)
CADRE_RULES = "干部教育培训工作条例（2023年修订）"
CADRE_RULES_ON = dt.date(2023, 9, 19)
MEMBER_PLAN = "中国共产党党员教育管理工作条例（2019年）"
MEMBER_PLAN_ON = dt.date(2019, 5, 6)
PAGE = "交口经济技术开发区2022年做法（本单位自定，未见上级规定）"
PAGE_ON = dt.date(2022, 1, 1)

ALL_TYPES = tuple(BranchType.values)
# A temporary branch generally neither appraises nor is re-elected: its members do that at home.
LASTING = tuple(one for one in BranchType.values if one != BranchType.TEMPORARY)
PRIMARY = (BranchType.BRANCH, BranchType.TEMPORARY, BranchType.JOINT)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A duty as it is installed: its fields, and those of its first edition."""

    name: str
    name_en: str
    every: Every
    regulation: str
    clause: str
    certainty: str
    since: dt.date
    times: int = 1
    kinds: tuple[str, ...] = (UnitKind.BRANCH,)
    types: tuple[str, ...] = ALL_TYPES
    least_members: int = 0
    remind: int = 5
    subject: Subject = Subject.UNIT
    measure: Measure = Measure.TIMES
    people: str = ""


SHIPPED: Mapping[str, Shipped] = {
    "members_meeting": Shipped(
        "党员大会",
        "Members' meeting",
        Every.QUARTER,
        BRANCH_RULES,
        "第十一条",
        Certainty.SEEN,
        BRANCH_RULES_ON,
        remind=10,
    ),
    "committee_meeting": Shipped(
        "支部委员会会议",
        "Committee meeting",
        Every.MONTH,
        BRANCH_RULES,
        "第十二条",
        Certainty.SEEN,
        BRANCH_RULES_ON,
        types=tuple(one for one in PRIMARY if one != BranchType.TEMPORARY),
        least_members=7,  # with fewer formal members there is no committee
    ),
    "theme_day": Shipped(
        "主题党日",
        "Theme day",
        Every.MONTH,
        BRANCH_RULES,
        "第十六条",
        Certainty.SECONDARY,
        BRANCH_RULES_ON,
    ),
    "lesson": Shipped(
        "党课",
        "Lesson",
        Every.QUARTER,
        "各地通行做法（条例对党支部未规定次数）",
        "",
        Certainty.DISPUTED,
        BRANCH_RULES_ON,
        remind=10,
    ),
    "organisation_life": Shipped(
        "组织生活会",
        "Organisation-life meeting",
        Every.YEAR,
        BRANCH_RULES,
        "第十七条",
        Certainty.SEEN,
        BRANCH_RULES_ON,
        types=LASTING,
        remind=30,
    ),
    "appraisal": Shipped(
        "民主评议党员",
        "Appraisal of members",
        Every.YEAR,
        BRANCH_RULES,
        "第十八条",
        Certainty.SECONDARY,
        BRANCH_RULES_ON,
        types=LASTING,
        remind=30,
    ),
    "heart_to_heart": Shipped(
        "谈心谈话",
        "Heart-to-heart talks",
        Every.YEAR,
        BRANCH_RULES,
        "第十九条",
        Certainty.SECONDARY,
        BRANCH_RULES_ON,
        remind=30,
    ),
    "warning_education": Shipped(
        "警示教育会",
        "Warning education",
        Every.MONTH,
        PAGE,
        "每月至少一次",
        "own",
        PAGE_ON,
        kinds=(UnitKind.ZONE,),
        types=(),
    ),
    "integrity_talk": Shipped(
        "廉政谈心谈话",
        "Integrity talks",
        Every.QUARTER,
        PAGE,
        "每季度至少一次",
        "own",
        PAGE_ON,
        kinds=(UnitKind.ZONE,),
        types=(),
        remind=10,
    ),
    "member_hours": Shipped(
        "党员教育学时",
        "Members' hours of education",
        Every.YEAR,
        MEMBER_PLAN,
        "每年不少于32学时",
        Certainty.SECONDARY,
        MEMBER_PLAN_ON,
        times=32,
        remind=60,
        subject=Subject.PERSON,
        measure=Measure.HOURS,
        people="members",
    ),
    "committee_hours": Shipped(
        "书记和班子成员学时",
        "Secretaries' and committee members' hours",
        Every.YEAR,
        MEMBER_PLAN,
        "每年不少于56学时",
        Certainty.SECONDARY,
        MEMBER_PLAN_ON,
        times=56,
        remind=60,
        subject=Subject.PERSON,
        measure=Measure.HOURS,
        people="committee",
    ),
    "cadre_hours": Shipped(
        "科级以下干部学时",
        "Hours of cadres up to section level",
        Every.YEAR,
        CADRE_RULES,
        "第十四条（每年12天或90学时）",
        Certainty.SEEN,
        CADRE_RULES_ON,
        times=90,
        kinds=(UnitKind.ZONE, UnitKind.DEPARTMENT),
        types=(),
        remind=60,
        subject=Subject.PERSON,
        measure=Measure.HOURS,
        people="cadres",
    ),
}
