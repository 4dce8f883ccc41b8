"""Why a number is not marked: each rule with the sentence that tells it, and a text that shows it.

No rule makes a number agree. A clause that the vocabulary does not explain is never marked; the rules
only say why, in the order of this table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.checking_words import QUANTITY as Q


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]  # in the clause, with signs in the place of the number
    why: str | Promise
    example: str


def _rule(pattern: str, why: str | Promise, example: str) -> Rule:
    return Rule(re.compile(pattern.replace("Q", f"{Q}+")), why, example)


RULES: Final = (
    _rule(
        r"不是$|并非|不存在|并无|没有|(?:不是|非)Q", _("这句话说的是“不是”。"), "党建区不是3个。"
    ),
    _rule(
        r"计划|拟|将(?!近)|力争|预计|争取|打算|有望|目标|假如|如果|曾|一度|最初|据传|据说|最[多高少低]时",
        _("这里说的是打算、预计或者从前，记录的是实际发生的。"),
        "开发区计划发展到党员90人。",
    ),
    _rule(
        r"每|平均(?!年龄)|人均|户均|万人|日均|月均",
        _("说的是每一个有多少，不是一共有多少。"),
        "每个党总支下设2个党支部。",
    ),
    _rule(
        r"^(?:其他|除|非|不含)|除.+外", _("说的是除去一部分以后的数。"), "除开发区外有党建区3个。"
    ),
    _rule(
        r"新增|增加|净增|新建|新设|新发展|减少|转出|转入|发展(?!到|壮大)",
        _("说的是增减了多少，不是现在有多少。"),
        "新发展党员90名。",
    ),
    _rule(
        r"(?:组织|邀请|安排|选派|派出|慰问|培训|走访|表彰|为).*Q|Q.*(?:参加|参观|参与|受到|获得|获评|被|荣获|出席|前往|赴)",
        _("说的是做了一件事、受到什么的有多少，不是一共有多少。"),
        "组织90名党员参观。",
    ),
)
_OTHER: Final = _("说的可能是其中一部分，或者是别的：“%(words)s”不在台账的用词里。")
AMONG: Final = _("“其中”说的是前面那个数的一部分，台账没有这一部分。")
SUM: Final = _("说的是几个数合在一起，台账里没有这个合计。")
OWNER: Final = _("说的是这几家的，不是全部的。")
BEGUN: Final = _("说的是这段时间里新成立、新取得的，台账上是一共有多少。")
TIMES: Final = _("这句话里有几个时间，不能确定是哪一个。")


def why(clause: str, otherwise: str | Promise) -> str:
    """The sentence of the first rule that fits, else the other."""
    fits = (rule.why for rule in RULES if rule.pattern.search(clause))
    return str(next(fits, otherwise))


def not_known(words: str) -> str:
    """The sentence of what is not in the vocabulary."""
    return _OTHER % {"words": re.sub(r"[\ue000\ue001]+", "…", words)}
