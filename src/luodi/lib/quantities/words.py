"""The words around a number that say how it compares and whether it is a change."""

from __future__ import annotations

import re
from typing import Final

from luodi.lib.quantities.data import lines_of, words_of
from luodi.lib.quantities.model import Comparison as C

_BEFORE: Final = {
    C.AT_MOST: "不超过 不高于 不大于 不多于 不得超过 不应超过 不能超过 不宜超过 不得高于 不应高于 不得多于 不超 最多不超过 未超过 没超过 最多 至多 ≤ ⩽ ≦ <=",
    C.AT_LEAST: "至少 不少于 不低于 不小于 不得少于 不得低于 不应低于 不应少于 不宜少于 最少 起码 不下 ≥ ⩾ ≧ >=",
    C.MORE: "超过 超 逾 突破 高于 大于 多于 已超 远超 破 过 > ﹥",
    C.LESS: "低于 小于 少于 不足 不到 不满 未满 未达 未达到 没到 尚不足 尚不到 短于 跌破 <",
    C.ABOUT: "约 近 大约 大概 将近 接近 几近 约合 约占 约为 约有 上 几乎 差不多 ≈ 年近 平均约",
}
_NOT: Final = ("不", "不得", "不应", "不能", "不宜", "不可", "不许", "不准")
_BEFORE[C.AT_LEAST] += "".join(
    f" {no}{word}" for no in _NOT for word in ("少于", "低于", "小于", "短于")
)
_BEFORE[C.AT_MOST] += "".join(
    f" {no}{word}" for no in _NOT for word in ("超过", "高于", "大于", "多于", "长于", "超出")
)
BEFORE: Final = {word: sign for sign, words in _BEFORE.items() for word in words.split()}
LONGEST_BEFORE: Final = max(map(len, BEFORE))
BETWEEN: Final = "了过达占为到有 的"  # may stand between the word and the number: 超过了, 约占

AFTER: Final = re.compile(
    r"[ ]?(?P<most>(?:及|（含）|\(含\))?(?:以下|以内|之内)|内(?![部容外涝蒙心地存燃战销]))"
    r"|[ ]?(?P<least>(?:及|（含）|\(含\))?以上|起步|起(?=[，。；,;、）)]|$)|打底|开外|往上)"
    r"|[ ]?(?P<about>左右|出头|上下(?!级)|有余|以?来(?=[个名位人岁斤])|[多余](?=[，。；,;、的\s）)]|$|[^\d以以元]))"
)

_CHANGES: Final = {line.split()[0]: line.split()[1:] for line in lines_of("changes")}
CHANGES: Final = [*_CHANGES["rises"], *_CHANGES["falls"]]
FALLS: Final = frozenset(_CHANGES["falls"])
SHORT: Final = frozenset(_CHANGES["short"])
# 增长到: the number after is what it is now, not the difference.
TOWARDS: Final = re.compile(
    r"(?:到|至|为|成)了?(?:如今|现在|目前|当前|今年|去年|上年|\d{4}年|(?:\d{1,2}[-—~～至])?\d{1,2}月[份末底]?|[一二三四]季度|年[初末底]|全年|[上下]半年|期末)?的?$"
)
COMPARED: Final = re.compile(
    r"同比|环比|比(?!例|重|赛|率|值)|较(?!大|好|高|强|为|快|多)|与[^，。；,;]{1,12}相比"
)
STOPS: Final = frozenset("。！？!?；;\n")
CLAUSE: Final = STOPS | frozenset("，,：:")
# Words of a code before a number that has no unit of its own.
CODES: Final = re.compile(
    r"(?:电话|热线|手机|传真|邮编|邮政编码|编号|代码|号码|学号|工号|车牌|密码|账号|帐号|卡号|文号|证号|QQ|微信|版本|图号|货号|型号|门牌|案号|拨打|呼叫|联系|第|NO|No)[^，。；,;]{0,6}$"
)
VALUES: Final = tuple(words_of("values"))
EVERY: Final = re.compile(
    r"(?:每(?:隔)?|(?<![一-鿿])一(?=(?:日|天|周|月|年)[一二两三四五六七八九十\d]{1,2}[次回期场]|[天日](?:最多|至多|至少|不超过|不少于)[\d一二两三四五六七八九]))(?P<n>半|[0-9]{1,2}|[两一二三四五六七八九十])?个?"
    r"(?P<unit>工作日|季度|星期|学期|学年|年度|小时|分钟|年|月|周|日|天|季|晚|旬)"
)
EVERY_UNIT: Final = {
    "季": "季度", "年度": "年", "星期": "周", "天": "天", "日": "日", "晚": "晚", "旬": "旬",
}  # fmt: skip
COUNTED_OFTEN: Final = words_of("often")
