"""What the history of a register and of its entries says, and to whom."""

from __future__ import annotations

import datetime as dt
import re

from django.urls import reverse
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.directory import api as directory
from luodi.rooms.registers import api
from luodi.rooms.registers.conditions import in_words
from luodi.rooms.registers.forms.definitions import FigureForm
from luodi.rooms.registers.models import Entry

D = dt.date


def history(zone: Zone, role: str, subject: str, pk: int) -> str:
    answer = zone.client(role).get(reverse("audit:history", args=[subject, pk]))
    if answer.status_code != 200:
        return ""
    told = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub("<[^>]*>", " ", told).split())


def recorded(zone: Zone, key: str, **values: object) -> Entry:
    register = api.install(actor=SYSTEM, unit=zone.zone, key=key)
    made: Entry = api.record_entry(
        actor=SYSTEM, register=register, unit=zone.enterprise, values=values, since=D(2021, 5, 1)
    )
    return made


def test_an_entry_is_told_by_its_columns_and_choices(zone: Zone) -> None:
    entry = recorded(zone, "patents", title="示例模具", type="发明专利", number="例1")
    api.change_entry(
        actor=SYSTEM, entry=entry, values={**entry.values, "type": "design"}, on=D(2022, 1, 1)
    )
    for role in ("office", "liaison"):
        told = history(zone, role, "registers_entry", entry.pk)
        assert "专利名称：示例模具" in told and "专利类型：发明专利" in told
        assert "专利类型：外观设计" in told
        assert not re.search(r"\b(title|type|invention|design)[=：]", told)


def test_people_in_an_entry_are_named_to_who_may_see_them(zone: Zone) -> None:
    person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例赵")
    entry = recorded(zone, "backbone", person=person.pk, field="示例焊接")
    told = history(zone, "branch_secretary", "registers_entry", entry.pk)
    assert "列：骨干" in told and "人员：示例赵" in told and "技术专长：示例焊接" in told
    assert history(zone, "liaison", "registers_entry", entry.pk) == ""


def test_what_was_defined_is_told_by_labels(zone: Zone) -> None:
    register = api.install(actor=SYSTEM, unit=zone.zone, key="pathways")
    api.install(actor=SYSTEM, unit=zone.zone, key="patents")
    api.change_register(actor=SYSTEM, register=register, write_roles=["office"])
    told = history(zone, "office", "registers_register", register.pk)
    assert "标题列：培养对象" in told and "党工委办公室" in told
    assert "条件：培养方向为骨干培养成党员，目标年度为2022，非公企业为是" in told
    assert "选项：骨干培养成党员、党员培养成骨干" in told
    assert not re.search("write_roles|test=|value=|person[.]stage", told)


def test_an_award_is_told_by_its_stages(zone: Zone) -> None:
    register = api.install(actor=SYSTEM, unit=zone.zone, key="families")
    round_ = api.open_round(
        actor=SYSTEM, register=register, unit=zone.zone, name="示例年度", seats=3
    )
    api.nominate(actor=SYSTEM, round_=round_, unit=zone.enterprise, name="示例赵家", reason="示例")
    api.advance(actor=SYSTEM, round_=round_)
    told = history(zone, "office", "registers_round", round_.pk)
    assert "把阶段从 推荐 改为 审核" in told and f"填写审核：{today()}" in told
    assert "公示（5个工作日） → 投票" in told and "名额：3" in told and "最低得票率：50%" in told
    assert "评审组的权重：60" in told
    assert not re.search("nomination|review|stage=|seats", told)


def test_conditions_are_edited_by_labels_and_kept_as_codes(zone: Zone) -> None:
    register = api.install(actor=SYSTEM, unit=zone.zone, key="patents")
    figure = register.figures.get(key="inventions")
    with acting(zone.actor("office")) as office:
        form = FigureForm(register=register, figure=figure)
        assert form["conditions_0_value"].initial == "发明专利"
        given = [{"column": "type", "test": "is", "value": "发明专利"}]
        assert api.change_figure(actor=office, figure=figure, conditions=given).version == 1
        assert figure.conditions[0]["value"] == "invention"
        given = [{"column": "type", "test": "is", "value": "发明专利、Utility model"}]
        assert api.change_figure(actor=office, figure=figure, conditions=given).version == 2
    assert figure.conditions[0]["value"] == "invention、utility"
    assert in_words(register, figure.conditions) == "专利类型为发明专利、实用新型专利"
