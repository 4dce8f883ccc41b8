"""The words of a text with their parts of speech, by offset."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import rjieba

# A long run without a break would be one sentence to the cutter; it is cut in pieces of this size.
PIECE = 20_000
NOMINAL = frozenset("长手员者率量师费金岗室站机额数会")  # what names end in
VERBAL = frozenset(
    [
        "增长",
        "延长",
        "成长",
        "生长",
        "助长",
        "着手",
        "入手",
        "动手",
        "下手",
        "携手",
        "联手",
        "握手",
        "动员",
        "测量",
        "衡量",
        "考量",
        "花费",
        "消费",
        "耗费",
        "收费",
        "缴费",
        "交费",
        "免费",
        "投机",
        "学会",
        "体会",
        "领会",
        "聚会",
        "开会",
        "约会",
        "理会",
        "误会",
        "拉长",
        "加长",
        "参数",
        "计数",
    ]
)
MENDED = {
    "平均 分为": [("平均分", "n"), ("为", "p")],
    "总 分为": [("总分", "n"), ("为", "p")],
    "占 比": [("占比", "n")],
    "占 比高": [("占比", "n"), ("高", "a")],
    "占 比降": [("占比", "n"), ("降", "v")],
    "惠 及": [("惠及", "v")],
}
# One word to the dictionary, or none of its words.
SPLIT = {
    "解决问题": [("解决", "v"), ("问题", "n")],
    "率控制": [("率", "n"), ("控制", "v")],
    "价格下降": [("价格", "n"), ("下降", "v")],
    "价格上涨": [("价格", "n"), ("上涨", "v")],
    "成本上升": [("成本", "n"), ("上升", "v")],
    "成本增加": [("成本", "n"), ("增加", "v")],
    "人口减少": [("人口", "n"), ("减少", "v")],
    "全年收入": [("全年", "t"), ("收入", "n")],
    "之比为": [("之比", "n"), ("为", "p")],
    "距今已有": [("距今", "v"), ("已有", "v")],
    "同口径": [("同", "p"), ("口径", "d")],
    "较原": [("较", "p"), ("原", "b")],
    "耗由": [("耗", "n"), ("由", "p")],
    "增进": [("增", "v"), ("进", "v")],
} | {
    f"{end}{verb}": [(end, "n"), (verb, "v")] for end in "率口数量额值费" for verb in "达超为近约仅"
}
# Words that the dictionary gets wrong for our purpose.
VERBAL_NOUNS = "转速 节拍 分红 授信 震中 速滑 缴费 提成 限速 产销 起重 批复 估算 决算 贴息 退税 停车 受灾 录取 报考 招生 求职 务工 就诊 报销 自助 演出 展览 应税 进账 在编 在读 支付 余量"
TAGS = dict.fromkeys(VERBAL_NOUNS.split(), "vn") | {
    "增速": "n", "增幅": "n", "降幅": "n", "兼职": "b", "党建": "n", "绿电": "n", "以上": "f",
    "规上": "b", "限上": "b", "参保": "vn", "非公": "b", "非遗": "n", "专职": "b", "一线": "n",
    "用电": "n", "发电": "vn", "总": "b", "年": "q", "投资": "vn", "工程": "n", "负荷": "n",
    "装机": "vn", "入托": "vn", "存栏": "n", "出栏": "n", "藏书": "n", "储蓄": "n", "存款": "n", "贷款": "n",
    "工作": "vn", "培训": "vn", "服务": "vn", "生活": "vn", "规定": "n", "报告": "n", "建议": "n", "意见": "n",
    "荣誉": "n", "奖励": "vn", "补助": "vn", "补贴": "vn", "收入": "n", "支出": "n", "总额": "n", "比例": "n", "比重": "n",
    "在": "p", "从": "p", "由": "p", "为": "p", "将": "d", "把": "p", "是": "v", "有": "v", "达": "v", "共": "d",
    "流转": "vn", "管网": "n", "时速": "n", "工期": "n", "产值": "n", "亩产": "n", "单产": "n", "均价": "n", "电价": "n",
    "气温": "n", "水位": "n", "降雨量": "n", "体温": "n", "血压": "n", "血糖": "n", "身高": "n", "体重": "n", "年龄": "n",
    "随访": "vn", "体检": "vn", "党课": "n", "活动": "vn", "会议": "n", "演练": "vn", "检查": "vn", "考核": "vn", "监测": "vn",
    "正式": "b", "预备": "b", "连续": "d", "满分": "n", "地": "n", "高速": "n", "口径": "n", "投运": "v", "健身": "vn", "限": "v", "周环比": "d", "上限": "n", "下限": "n", "限价": "n", "担保": "vn", "月供": "n",
    "近视": "n", "师生": "n", "居民": "n", "在岗": "b", "在职": "b", "在校": "b", "在册": "b", "专任": "b", "注册": "vn",
    "签约": "vn", "在建": "b", "新建": "v", "改建": "v", "改造": "vn", "种植": "v", "养殖": "vn", "配套": "vn",
    "问题": "n", "事项": "n", "领导": "n", "指导": "v", "代表": "n", "组织": "n", "制度": "n", "标准": "n", "教育": "vn",
    "谈心": "vn", "谈话": "vn", "警示": "vn", "廉政": "n", "健身圈": "n",
    "青年": "b", "女": "b", "男": "b", "老年": "b", "少年": "b", "中年": "b", "当地": "b",
    "率": "n", "点": "n", "村": "n", "增收": "n", "就业": "n", "缴税": "n", "户均": "b", "人均": "b",
    "出生": "vn", "投入": "vn", "排放": "vn", "消耗": "vn", "死亡": "vn", "到位": "vn", "奖补": "vn", "预算": "n", "审批": "vn", "调查": "vn", "集体": "n",
    "受益": "b", "外出": "b", "编制": "b", "专精": "b", "特新": "b", "成交": "vn", "应急": "b", "入住": "b", "受训": "b",
    "本科": "n", "零件": "n", "零售": "n", "零工": "n", "选调生": "n", "选聘生": "n", "低保": "n", "反对": "v", "赞成": "v", "同意": "v", "得分": "n", "弃权": "v", "走道": "n", "报废": "v", "党日": "n", "现": "d", "累计": "d", "办理": "v", "共计": "d", "合计": "d", "总计": "d",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token `i` is `words[i]` at `starts[i]` with the part of speech `tags[i]`."""

    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def at(self, offset: int) -> int:
        """The index of the token that holds an offset."""
        return bisect.bisect_right(self.starts, offset) - 1

    def begins(self, offset: int) -> bool:
        """Whether a token begins there (or the text ends)."""
        at = self.at(offset)
        return (
            at < 0 or self.starts[at] == offset or offset >= self.starts[-1] + len(self.words[-1])
        )

    def end(self, at: int) -> int:
        return self.starts[at] + len(self.words[at])


def cut(text: str) -> Tokens:
    """The words of a folded text; their lengths add up to it."""
    tokens, at = Tokens(), 0
    for piece in _pieces(text):
        for word, tag in _mended(rjieba.tag(piece, True)):
            tokens.words.append(word)
            tokens.tags.append(TAGS.get(word) or _nominal(word, tag))
            tokens.starts.append(at)
            at += len(word)
    return tokens


def _mended(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """平均 分为 is 平均分 为; 占 比 is 占比."""
    before: tuple[str, str] | None = None
    for word, tag in words:
        if word in SPLIT:
            if before:
                yield before
            yield from SPLIT[word][:-1]
            before = SPLIT[word][-1]
            continue
        if word[:2] in ("现有", "共有") and len(word) > 2:  # 现有企业
            if before:
                yield before
            yield word[:2], "v"
            before = word[2:], "n"
            continue
        pair = MENDED.get(f"{before[0]} {word}") if before else None
        if pair:
            yield from pair[:-1]
            before = pair[-1]
            continue
        if before:
            yield before
        before = word, tag
    if before:
        yield before


def _nominal(word: str, tag: str) -> str:
    """组长 and 选手 are verbs to the dictionary."""
    if tag == "v" and len(word) > 1 and word[-1] in NOMINAL and word not in VERBAL:
        return "n"
    return tag


def _pieces(text: str) -> list[str]:
    pieces, start = [], 0
    while start < len(text):
        end = start + PIECE
        if end < len(text):
            stop = max(text.rfind(mark, start, end) for mark in "。\n，, ")
            end = stop + 1 if stop > start else end
        pieces.append(text[start:end])
        start = end
    return pieces
