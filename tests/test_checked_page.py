"""The demonstration zone's report, checked: it agrees in any words, and every altered number is seen."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from luodi import demo
from luodi.ground.figures.api import Checked, check_text
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting

ON = dt.date(2022, 12, 22)
# The figures of the founding page that the demonstration holds, in sentences of our own.
REPORT = """交口经济技术开发区现有2个企业党总支，2个党支部，党员人数达到90人。
党工委共选聘兼职委员3名，领导班子成员平均年龄从52.27岁下降到49.34岁，班子成员最小年龄从50岁下降到42岁。
党建指导员负责指导3户企业成立临时党支部或联合党支部。
围绕铝基新材料、压铸智能制造、新能源三大产业链划分了党建区。
开发区收集企业在项目建设中的各类问题，累计解决各类问题24个。
在专项整治中，开发区共办理实事4件，解决问题2个，建立制度8项。
有关公司先后被认定为高新技术企业，2户企业现拥有发明专利5项、实用新型专利7项。
2021年，党工委积极推动完成区内4户规模以上企业复工复产，实现工业投资增速29.8%、规模以上工业增加值增速438.7%。
区内企业生产一线技术骨干中党员比例超过30%，今年拟把8名非公企业骨干培养成党员，三级管理架构基本形成。"""
# The same in other words, and what is like it but says something else: (a)grees, (d)iffers, (u)nsure.
OTHERWISE = (
    ("交口经济技术开发区目前有九十名党员。", "a"),
    ("全区党员总数为90名，分布在2个党支部和2个企业党总支。", "aaa"),
    ("开发区现有党员九十一名。", "d"),
    ("截至2022年12月22日，开发区共有党员90人。", "a"),
    ("2021年底，开发区有党员90人。", "d"),
    ("开发区有党员近百人，党员不到90人。", "ad"),
    ("党员达100多人。", "d"),
    ("班子平均年龄由五十二点二七岁降至四十九点三四岁，最小年龄由五十岁降为四十二岁。", "aaaa"),
    ("班子成员平均年龄约49岁。", "a"),
    ("帮助企业解决了二十四个问题，共划分四个党建区。", "ad"),
    ("区内企业拥有实用新型专利7项、发明专利6项。", "ad"),
    ("开发区发明专利和实用新型专利分别为5项和7项。", "aa"),
    ("2021年，工业投资增长29.8%，规模以上工业增加值增长439.7%。", "ad"),
    ("2021年推动4户规上企业复工复产。", "a"),
    ("2020年工业投资增长29.8%。", "u"),
    ("生产一线技术骨干中党员占比超过三成。", "a"),
    ("开发区党员由80人增加到90人。", "da"),
    ("开发区成立于2020年12月，有高新技术企业2家。", "a"),
    ("全市有党员90人，新发展党员90名，女党员占90%。", "uuu"),
    ("开发区计划发展到党员90人，预计2023年党员90人。", "uu"),
    ("开发区申请发明专利5项，拟取得发明专利5项，转让发明专利5项。", "uuu"),
    ("本月解决企业问题24个，计划解决企业问题24个。", "du"),
    ("示例公司解决企业问题24个，邻区有党员90人。", "uu"),
    ("开发区党员平均年龄49.34岁，职工平均年龄49.34岁。", "uu"),
    ("党员总数：90人；企业党总支：3个；发明专利：5项。", "ada"),
    ("全区共有党员90人（正式党员87人、预备党员3人）。", "aaa"),
    ("2021年，交口经济技术开发区工业投资增速达到29.8%，规上工业增加值增速高达448.7%。", "ad"),
    ("交口经开区自2020年12月挂牌以来，已有企业党总支2个、党支部2个，党员队伍发展到90名。", "aaa"),
    ("帮企业解决难题25个，我区高新技术企业数量为2户。", "da"),
)
NUMERALS = "一二三四五六七八九"
FIGURE = re.compile(rf"\d+(?:\.\d+)?|[{NUMERALS}]")
TURNED = {"超过": "不足"}
SHORT = {"agrees": "a", "differs": "d", "unsure": "u", "no-ledger": "u"}


def checked(text: str) -> list[Checked]:
    zone = Unit.objects.get(kind=UnitKind.ZONE)
    return check_text(actor=SYSTEM, text=text, unit=zone, at=ON)


def others(old: str) -> list[str]:
    """Other numbers that may stand by mistake for one: one more or less, ten times, two figures
    changed about, the last place off."""
    if old in NUMERALS:
        at = NUMERALS.index(old)
        return [NUMERALS[(at + step) % len(NUMERALS)] for step in (1, 4)]
    value, places = Decimal(old), len(old.partition(".")[2])
    last = Decimal(1).scaleb(-places)
    made = [value + 1, value - 1, value + 20, value + last, value - last, value * 10]
    figures = [at for at, char in enumerate(old) if char.isdigit()]
    for one, two in itertools.pairwise(figures):
        swapped = list(old)
        swapped[one], swapped[two] = old[two], old[one]
        made += [Decimal("".join(swapped))] if swapped[0] != "0" else []
    return [f"{new:.{places}f}" for new in dict.fromkeys(made) if new > 0 and new != value]


def altered(one: Checked) -> Iterator[tuple[str, str]]:
    """The report with another number in the place of that quantity's, or its bound turned round."""
    found = FIGURE.search(REPORT, one.quantity.start)
    assert found is not None
    for new in others(found.group()):
        yield new, REPORT[: found.start()] + new + REPORT[found.end() :]
    for word in TURNED.keys() & {one.quantity.text[: found.start() - one.quantity.start]}:
        start = one.quantity.start
        yield TURNED[word], REPORT[:start] + TURNED[word] + REPORT[start + len(word) :]


@pytest.mark.slow
def test_the_report_agrees_and_each_altered_number_differs(db: None) -> None:
    demo.build()
    with acting(SYSTEM):
        found = checked(REPORT)
        assert [
            (one.quantity.text, one.verdict.value) for one in found if one.verdict != "agrees"
        ] == []
        assert len(found) == 23
        for number, one in enumerate(found):
            for new, text in altered(one):
                verdicts = [each.verdict.value for each in checked(text)]
                assert verdicts[number] == "differs", (one.quantity.text, new)
                green = verdicts.count("agrees")
                # where a fall becomes a rise, what it fell from is not found
                assert green == len(found) - 1 or (one.quantity.part and green == len(found) - 2)
        for text, wanted in OTHERWISE:
            assert "".join(SHORT[each.verdict.value] for each in checked(text)) == wanted, text
        elsewhere = checked(
            REPORT.replace("交口经济技术开发区", "孝义市").replace("开发区", "孝义市")
        )
        assert {one.verdict.value for one in elsewhere} <= {"unsure", "no-ledger"}
