"""The words that a subject is cut at, trimmed of, or goes on over."""

from __future__ import annotations

import re
from importlib import resources
from typing import Final

from luodi.lib.quantities.words import CHANGES


def _words(name: str) -> frozenset[str]:
    text = resources.files(__package__).joinpath("data", f"{name}.txt").read_text("utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


# Parts of speech that a noun phrase is made of, and those that it ends in.
NOUNS: Final = frozenset(
    ["n", "nr", "ns", "nt", "nz", "ng", "vn", "an", "b", "j", "l", "i", "s", "eng", "nrt", "nrfg", "a", "g", "k", "h", "vg", "z"]
)  # fmt: skip
HEADS: Final = NOUNS - frozenset(["b", "a", "h", "z"])  # and those that it ends in
STOPS: Final = frozenset("，,。；;：:！？!?|\n（）()【】")
OPEN, CLOSE = '“《「『"', '”》」』"'
FILLERS: Final = _words("fillers") | (
    frozenset(CHANGES) - {"增收", "节约", "增幅", "改善", "精简", "推迟", "扩大"}
)
LIMITS: Final = ("规模", "限额", "国家级", "省级", "市级", "县级", "科级", "县处级", "周岁", "岁")
LEARNED: Final = ("本科", "大专", "大专及", "专科", "高中", "中级", "硕士", "初中", "中层", "副高")
ALONE: Final = frozenset(["人", "次", "人次", "户次", "人员", "户", "个人"])
WITHIN: Final = re.compile(
    r"每(?:隔)?(?:半|[0-9两一二三四五六七八九十]{1,2})?个?(?:工作日|季度|星期|学期|学年|年度|小时|分钟|年|月|周|日|天|季|晚|旬)|原则上|接近|达到|可达|约|近|不足|至少|最少|不少于|不超过|最多|至多|起码|不低于"
)
VAGUE: Final = _words("vague")
EVENTS: Final = frozenset(
    ["开展", "召开", "组织", "举办", "进行", "举行", "讲", "开", "安排", "做", "固定", "推出"]
)
OPENING: Final = _words("actions_opening")
DONE: Final = _words("actions") | OPENING
# A measured property: a verb before it says of what, 采样间隔, 成交均价, 办结率.
ATTRIBUTE: Final = re.compile(
    r"(?:[率量额值距]|数(?!字)|密度|速度|长度|宽度|高度|厚度|深度|跨度|温度|湿度|浓度|强度|精度|满意度|比例|比重|占比|面积|时间|时限|时长|周期|"
    r"工期|[日学假保孕]期|期限|间隔|[均单电报房地油售票标]价|价格|收入|支出|成本|产值|费用|规模|能力|里程|年龄|指数|系数|标准|能耗|电耗|容积|负荷|水平|寿命|增速|增幅|余额)$"
)
# A verb with one of these is one noun: 充电桩, 接种点, 处理站.
SUFFIXES: Final = frozenset(
    "桩点员者站村社期区岗店厂馆园线队户机车桥金费款卡证书课会源网器室厅生会圈路率量数额值组所院部品物具件类型级式表单库屏灯"
)
# The whole that a share is of does not name it: 女党员占党员总数的31.5%.
SHARE: Final = re.compile(r"占(?!比|地|道|用|有|领)")
SHARED: Final = ("比重", "比例", "份额", "占比", "百分比", "率")
TRIMMED: Final = re.compile(
    r"^(?:各类|各种|各|其他|其中|全部|有关|相关|等|的|和|及|以及|目前|全年|今年|主要|多家|与|或|预计|力争|距离?|确保|现有|现(?![场金代状货役象实])|共|可|年(?=用电|发电|均产)|"
    r"(?:[全我本该][国省市县区州镇乡村街园][区]?|全街道|全社区|全园区)(?!级|性|各)|新(?=签约|开工|批|引进|注册|投产|发展|成立|认定|入库|培育|增|建|改建|铺设))+"
    r"|(?:等|的|和|及|以及|分别|中|基本|全部|同时|年|同比|环比|最高|最低|最长|最短|最多|一般|控制|历时|为期|高达|(?<=..)(?:发展|壮大|扩充)|之日起|之日|(?<=..)占地)+$"
)
