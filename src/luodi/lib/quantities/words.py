"""The words around a number that say how it compares and whether it is a change."""

from __future__ import annotations

import re
from typing import Final

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

CHANGES: Final = [
    "增长",
    "加快",
    "放缓",
    "增加",
    "增产",
    "减产",
    "提高",
    "提升",
    "上升",
    "上涨",
    "上调",
    "扩大",
    "攀升",
    "增幅",
    "净增",
    "多出",
    "升高",
    "升",
    "涨",
    "增",
    "翻",
    "高出",
    "高",
    "多",
    "延长",
    "拓宽",
    "新增加",
    "回升",
    "反弹",
    "改善",
    "增收",
    "下降",
    "减少",
    "降低",
    "下跌",
    "下滑",
    "下调",
    "回落",
    "缩短",
    "压缩",
    "压减",
    "缩减",
    "缩小",
    "减亏",
    "降",
    "跌",
    "减",
    "少",
    "低",
    "收窄",
    "萎缩",
    "净减",
    "节约",
    "下行",
    "减轻",
    "提前",
    "推迟",
    "削减",
    "消减",
    "精简",
    "微增",
    "微涨",
    "微升",
    "多增",
    "偏多",
    "偏高",
    "猛增",
    "骤增",
    "微降",
    "微跌",
    "少增",
    "偏少",
    "偏低",
    "骤降",
    "锐减",
    "大",
    "小",
    "便宜",
    "贵",
]
FALLS: Final = frozenset(
    [
        "下降",
        "减少",
        "降低",
        "下跌",
        "下滑",
        "下调",
        "回落",
        "缩短",
        "压缩",
        "压减",
        "缩减",
        "缩小",
        "减亏",
        "降",
        "跌",
        "减",
        "少",
        "低",
        "收窄",
        "萎缩",
        "净减",
        "下行",
        "减轻",
        "削减",
        "消减",
        "精简",
        "减产",
        "微降",
        "微跌",
        "少增",
        "偏少",
        "偏低",
        "骤降",
        "锐减",
        "小",
        "便宜",
    ]
)
# 增长到: the number after is what it is now, not the difference.
TOWARDS: Final = re.compile(
    r"(?:到|至|为|成)了?(?:如今|现在|目前|当前|今年|去年|上年|\d{4}年)?的?$"
)
COMPARED: Final = re.compile(
    r"同比|环比|比(?!例|重|赛|率|值)|较(?!大|好|高|强|为|快|多)|与[^，。；,;]{1,12}相比"
)
# Short words that are changes only beside a comparison: 比上年多12人.
SHORT: Final = frozenset(
    [
        "高",
        "多",
        "少",
        "低",
        "增",
        "减",
        "升",
        "降",
        "涨",
        "跌",
        "大",
        "小",
        "便宜",
        "贵",
        "翻",
        "提前",
        "推迟",
        "节约",
        "增收",
        "改善",
        "延长",
        "压缩",
        "精简",
    ]
)

STOPS: Final = frozenset("。！？!?；;\n")
CLAUSE: Final = STOPS | frozenset("，,：:")
# Words of a code before a number that has no unit of its own.
CODES: Final = re.compile(
    r"(?:电话|热线|手机|传真|邮编|邮政编码|编号|代码|号码|学号|工号|车牌|密码|账号|帐号|卡号|文号|证号|QQ|微信|版本|图号|货号|型号|门牌|案号|拨打|呼叫|联系|第|NO|No)[^，。；,;]{0,6}$"
)
VALUES: Final = (
    "达到",
    "达",
    "为",
    "是",
    "升至",
    "降至",
    "增至",
    "减至",
    "提高到",
    "下降到",
    "上升到",
    "控制在",
    "保持在",
    "约为",
    "仅为",
    "仅",
    "值",
    "率",
    "比",
    "指数",
    "得分",
    "系数",
    "因数",
    "积率",
)
EVERY: Final = re.compile(
    r"(?:每(?:隔)?|(?<![一-鿿])一(?=(?:日|天|周|月|年)[一二两三四五六七八九十\d]{1,2}[次回期场]|[天日](?:最多|至多|至少|不超过|不少于)[\d一二两三四五六七八九]))(?P<n>半|[0-9]{1,2}|[两一二三四五六七八九十])?个?"
    r"(?P<unit>工作日|季度|星期|学期|学年|年度|小时|分钟|年|月|周|日|天|季|晚|旬)"
)
EVERY_UNIT: Final = {
    "季": "季度", "年度": "年", "星期": "周", "天": "天", "日": "日", "晚": "晚", "旬": "旬",
}  # fmt: skip
COUNTED_OFTEN: Final = frozenset(
    [
        "次",
        "场",
        "期",
        "回",
        "遍",
        "节",
        "轮",
        "课时",
        "学时",
        "堂",
        "批",
        "趟",
        "篇",
        "条",
        "个",
        "次会议",
        "小时",
        "分钟",
        "件",
        "份",
    ]
)
