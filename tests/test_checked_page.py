"""The demonstration zone's report, checked: it agrees, and every altered number is seen."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from luodi import demo
from luodi.apps.figures.api import Checked, check_text
from luodi.apps.scope.api import SYSTEM, Unit, UnitKind, acting

ON = dt.date(2022, 12, 22)
# The figures of the founding page that the demonstration holds, in sentences of our own.
REPORT = """交口经济技术开发区现有2个企业党总支，2个党支部，党员人数达到90人。
党工委共选聘兼职委员3名，领导班子成员平均年龄从52.27岁下降到49.34岁，班子成员最小年龄从50岁下降到42岁。
党建指导员负责指导3户企业成立临时党支部或联合党支部。
围绕铝基新材料、压铸智能制造、新能源三大产业链划分了党建区。
开发区收集企业在项目建设中的各类问题，累计解决各类问题24个。
在专项整治中，开发区共办理实事4件，解决问题2个，建立制度8项。
有关公司先后被认定为高新技术企业，2户企业现拥有发明专利5项、实用新型专利7项。"""
NEXT = dict(zip("一二三四五六七八", "二三四五六七八九", strict=True))
FIGURE = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八]")


def checked(text: str) -> list[Checked]:
    zone = Unit.objects.get(kind=UnitKind.ZONE)
    return check_text(actor=SYSTEM, text=text, unit=zone, at=ON)


def altered(text: str, one: Checked) -> str:
    """The text with another number in the place of that quantity's."""
    found = FIGURE.search(text, one.quantity.start)
    assert found is not None
    old = found.group()
    new = NEXT.get(old) or (f"{float(old) + 0.5:.2f}" if "." in old else str(int(old) + 1))
    return text[: found.start()] + new + text[found.end() :]


@pytest.mark.slow
def test_the_report_agrees_and_each_altered_number_differs(db: None) -> None:
    demo.build()
    with acting(SYSTEM):
        found = checked(REPORT)
        assert [
            (one.quantity.text, one.verdict.value) for one in found if one.verdict != "agrees"
        ] == []
        assert len(found) == 17
        for number, one in enumerate(found):
            again = checked(altered(REPORT, one))
            verdicts = [each.verdict.value for each in again]
            assert verdicts[number] == "differs", (one.quantity.text, again[number])
            assert verdicts.count("differs") == 1, one.quantity.text
        elsewhere = checked(
            REPORT.replace("交口经济技术开发区", "孝义市").replace("开发区", "孝义市")
        )
        assert {one.verdict.value for one in elsewhere} <= {"unsure", "no-ledger"}
