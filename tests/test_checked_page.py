"""The demonstration zone's report, checked: it agrees in any words, and every altered number is seen."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from benchmarks.quantities import judged, rates

from luodi import demo
from luodi.ground.figures import checking
from luodi.ground.figures.api import Checked, Reading, check_text
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
NUMERALS = "一二三四五六七八九"
FIGURE = re.compile(rf"\d+(?:\.\d+)?|[{NUMERALS}]")
TURNED = {"超过": "不足"}


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
def test_the_report_agrees_and_each_altered_number_differs(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.build()
    read: dict[object, Reading] = {}  # hundreds of texts ask the same
    monkeypatch.setattr(checking, "Asker", functools.partial(checking.Asker, read=read))
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
        for name, wrong_at_most in (
            ("claims_tuned", 0),
            ("claims_held_out", 1),
            ("claims_unseen", 1),
        ):
            counts, wrong = judged(name, checked)
            green, alarms, agree, differ = rates(counts)
            assert green == 0 and alarms <= wrong_at_most, wrong
            assert agree >= 0.8 and differ >= 0.8, wrong
        elsewhere = checked(
            REPORT.replace("交口经济技术开发区", "孝义市").replace("开发区", "孝义市")
        )
        assert {one.verdict.value for one in elsewhere} <= {"unsure", "no-ledger"}
