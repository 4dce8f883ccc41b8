"""Public scales that help a nurse to see: Barthel, Braden, Morse, NEWS2. They decide nothing alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.rooms.care.scales.base import Band, Item, Option, Scale, Words

_SELF, _HALF, _FULL = _("能独立完成"), _("需要部分帮助"), _("完全依赖")
_MUCH = _("需要大量帮助")


def _steps(*scores: int) -> tuple[Option, ...]:
    words = {
        2: (_SELF, _FULL),
        3: (_SELF, _HALF, _FULL),
        4: (_SELF, _HALF, _MUCH, _FULL),
    }[len(scores)]
    return tuple(Option(score, word) for score, word in zip(scores, words, strict=True))


BARTHEL = Scale(
    "barthel",
    _("Barthel 指数"),
    "Mahoney & Barthel 1965",
    "Mahoney FI, Barthel DW. Functional evaluation: the Barthel Index. Md State Med J 1965;14:61-65",
    {"all": _("合计")},
    (
        Item("feeding", _("进食"), "all", _steps(10, 5, 0)),
        Item("bathing", _("洗澡"), "all", _steps(5, 0)),
        Item("grooming", _("修饰"), "all", _steps(5, 0)),
        Item("dressing", _("穿衣"), "all", _steps(10, 5, 0)),
        Item("bowels", _("控制大便"), "all", _steps(10, 5, 0)),
        Item("bladder", _("控制小便"), "all", _steps(10, 5, 0)),
        Item("toilet", _("如厕"), "all", _steps(10, 5, 0)),
        Item("transfer", _("床椅转移"), "all", _steps(15, 10, 5, 0)),
        Item("mobility", _("平地行走"), "all", _steps(15, 10, 5, 0)),
        Item("stairs", _("上下楼梯"), "all", _steps(10, 5, 0)),
    ),
    (
        Band("none", 100, 100, _("无需依赖")),
        Band("slight", 61, 99, _("轻度依赖")),
        Band("moderate", 41, 60, _("中度依赖")),
        Band("severe", 0, 40, _("重度依赖")),
    ),
)

_FOUR = (_("没有限制"), _("轻度限制"), _("非常受限"), _("完全受限"))


def _one_to_four(*words: Words) -> tuple[Option, ...]:
    return tuple(Option(4 - place, word) for place, word in enumerate(words))


BRADEN = Scale(
    "braden",
    _("Braden 压力性损伤风险"),
    "Braden & Bergstrom 1987",
    "Bergstrom N, Braden BJ et al. The Braden Scale for predicting pressure sore risk. Nurs Res 1987;36:205-210",
    {"all": _("合计")},
    (
        Item("perception", _("感知能力"), "all", _one_to_four(*_FOUR)),
        Item(
            "moisture",
            _("潮湿程度"),
            "all",
            _one_to_four(_("很少潮湿"), _("有时潮湿"), _("经常潮湿"), _("持续潮湿")),
        ),
        Item(
            "activity",
            _("活动能力"),
            "all",
            _one_to_four(_("经常步行"), _("偶尔步行"), _("坐轮椅"), _("卧床")),
        ),
        Item("mobility", _("移动能力"), "all", _one_to_four(*_FOUR)),
        Item(
            "nutrition",
            _("营养摄取"),
            "all",
            _one_to_four(_("良好"), _("足够"), _("可能不足"), _("非常差")),
        ),
        Item(
            "friction",
            _("摩擦和剪切力"),
            "all",
            (Option(3, _("无明显问题")), Option(2, _("有潜在问题")), Option(1, _("有问题"))),
        ),
    ),
    (
        Band("none", 19, 23, _("无风险")),
        Band("low", 15, 18, _("低风险")),
        Band("moderate", 13, 14, _("中度风险")),
        Band("high", 10, 12, _("高风险")),
        Band("very_high", 6, 9, _("极高风险")),
    ),
)

MORSE = Scale(
    "morse",
    _("Morse 跌倒风险"),
    "Morse 1989",
    "Morse JM et al. Development of a scale to identify the fall-prone patient. Can J Aging 1989;8:366-377",
    {"all": _("合计")},
    (
        Item("history", _("近三个月跌倒过"), "all", (Option(0, _("没有")), Option(25, _("有")))),
        Item("second", _("不止一个诊断"), "all", (Option(0, _("否")), Option(15, _("是")))),
        Item(
            "aid",
            _("行走辅助"),
            "all",
            (
                Option(0, _("不用、卧床或有人扶")),
                Option(15, _("拐杖、手杖、助行器")),
                Option(30, _("扶家具行走")),
            ),
        ),
        Item("drip", _("静脉输液或置管"), "all", (Option(0, _("没有")), Option(20, _("有")))),
        Item(
            "gait",
            _("步态"),
            "all",
            (
                Option(0, _("正常、卧床或不能移动")),
                Option(10, _("虚弱")),
                Option(20, _("受损")),
            ),
        ),
        Item(
            "mind",
            _("认知"),
            "all",
            (Option(0, _("知道自己的能力")), Option(15, _("高估能力或忘记限制"))),
        ),
    ),
    (
        Band("none", 0, 24, _("低风险")),
        Band("moderate", 25, 44, _("中风险")),
        Band("high", 45, 125, _("高风险")),
    ),
)

NEWS2 = Scale(
    "news2",
    _("NEWS2 早期预警（参考）"),
    "RCP 2017",
    "Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017",
    {"all": _("合计")},
    (
        Item(
            "breath",
            _("呼吸（次/分）"),
            "all",
            (
                Option(0, "12–20"),
                Option(1, "9–11"),
                Option(2, "21–24"),
                Option(3, _("≤8 或 ≥25")),
            ),
        ),
        Item(
            "oxygen",
            _("血氧饱和度（%，一般人群）"),
            "all",
            (Option(0, "≥96"), Option(1, "94–95"), Option(2, "92–93"), Option(3, "≤91")),
        ),
        Item("air", _("吸氧"), "all", (Option(0, _("空气")), Option(2, _("吸氧")))),
        Item(
            "pressure",
            _("收缩压（mmHg）"),
            "all",
            (
                Option(0, "111–219"),
                Option(1, "101–110"),
                Option(2, "91–100"),
                Option(3, _("≤90 或 ≥220")),
            ),
        ),
        Item(
            "pulse",
            _("脉搏（次/分）"),
            "all",
            (
                Option(0, "51–90"),
                Option(1, _("41–50 或 91–110")),
                Option(2, "111–130"),
                Option(3, _("≤40 或 ≥131")),
            ),
        ),
        Item(
            "alert",
            _("意识"),
            "all",
            (
                Option(0, _("清醒")),
                Option(3, _("新出现的意识模糊，或仅对声音、疼痛有反应、无反应")),
            ),
        ),
        Item(
            "warmth",
            _("体温（℃）"),
            "all",
            (
                Option(0, "36.1–38.0"),
                Option(1, _("35.1–36.0 或 38.1–39.0")),
                Option(2, "≥39.1"),
                Option(3, "≤35.0"),
            ),
        ),
    ),
    (
        Band("low", 0, 4, _("低：常规观察")),
        Band("urgent", 5, 6, _("中：尽快请医生评估")),
        Band("emergency", 7, 20, _("高：立即请急救或医生评估")),
    ),
    note=_("仅供参考，不能代替医生的判断。© Royal College of Physicians 2017。"),
    alarm=3,
    urgent=_("有一项得3分：尽快请医生评估"),
)
