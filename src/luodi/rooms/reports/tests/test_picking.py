"""Figures put into a text from menus: found by name, compared, conditional; with and without JavaScript."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM
from luodi.rooms.reports import api
from luodi.rooms.reports.language import parse
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.picking import PickForm

MEMBERS, SOLVED = "directory.members", "casework.solved"


@pytest.fixture
def office(zone: Zone, settings: Any, tmp_path: Path) -> Client:
    settings.DATA_DIR = tmp_path
    return zone.client("office")


def said(zone: Zone, **given: str) -> str:
    data = QueryDict(mutable=True)
    data.update({f"pick-{name.replace('__', '-')}": value for name, value in given.items()})
    form = PickForm(data, actor=zone.actor("office"), unit=zone.zone)
    return form.tag_text()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"figure": MEMBERS}, "{figure: directory.members}"),
        ({"figure": MEMBERS, "style": "中文"}, "{figure: directory.members | 中文}"),
        (
            {"figure": MEMBERS, "unit": "示例甲公司", "day": "2022-12-22"},
            "{figure: directory.members unit=示例甲公司 period=2022-12-22}",
        ),
        (
            {"figure": SOLVED, "period": "上月", "p-procedure": "enterprise_problem"},
            "{figure: casework.solved period=上月 procedure=enterprise_problem}",
        ),
        (
            {"figure": MEMBERS, "compared": "月"},
            "较上月末{change: directory.members from=上月末 | 变化 | 差额}",
        ),
        (
            {"figure": SOLVED, "compared": "月", "way": "百分比", "period": "本年"},
            "较上月{change: casework.solved from=上月 to=本月 | 变化 | 百分比}",
        ),
        (
            {"figure": SOLVED, "compared": "上年同期", "way": "从到"},
            "{change: casework.solved from=上年同期 | 变化}",
        ),
        (
            {"figure": MEMBERS, "claim": "超过", "bound": "30人"},
            "{figure: directory.members | 超过 30人}",
        ),
        (
            {"figure": MEMBERS, "condition": "有值"},
            "{if directory.members}{figure: directory.members}{end}",
        ),
        (
            {"figure": MEMBERS, "condition": "不低于", "limit": "5"},
            "{if directory.members 不低于 5}{figure: directory.members}{end}",
        ),
        (
            {"figure": MEMBERS, "condition": "有"},
            "{if any directory.members}{figure: directory.members}{end}",
        ),
        ({"figure": MEMBERS, "claim": "超过"}, ""),  # without a bound
        ({"figure": MEMBERS, "unit": "没有的单位"}, ""),
        ({"figure": "no.such"}, ""),
        ({"q": "党员"}, ""),
    ],
)
def test_what_menus_say(zone: Zone, given: dict[str, str], text: str) -> None:
    assert said(zone, **given) == text
    assert not parse(text).problems


def test_a_figure_is_found_by_its_name_and_shows_its_value(office: Client, zone: Zone) -> None:
    frame = {"unit": zone.zone.pk, "since": "2022-01-01", "until": "2022-12-22"}
    page = office.post("/reports/pick/", frame | {"pick-q": "党员人数"}).content.decode()
    assert MEMBERS in page and SOLVED not in page and "<html" not in page
    page = office.post("/reports/pick/", frame | {"pick-figure": SOLVED}).content.decode()
    assert "当前值" in page and 'class="reading"' in page and "pick-p-procedure" in page
    page = office.post(
        "/reports/pick/",
        frame | {"pick-figure": MEMBERS, "pick-claim": "超过", "pick-bound": "30人"},
    ).content.decode()
    assert "不成立" in page  # it would be wrong, and says so beforehand
    assert "请先选单位" not in page


def test_without_javascript_it_goes_into_the_text(office: Client, zone: Zone) -> None:
    day = dt.date(2022, 12, 22)
    report = api.draft_report(actor=SYSTEM, template="annual", unit=zone.zone, since=day, until=day)
    words = {"title": "示例", "text": "甲\r\n乙\r\n丙", "version": report.version}
    chosen = {"pick-figure": MEMBERS, "pick-line": "2", "insert": "1"}
    answer = office.post(f"/reports/{report.pk}/edit/", words | chosen)
    page = answer.content.decode()
    assert answer.status_code == 200 and "乙{figure: directory.members}\n丙" in page
    assert "乙<a" in page and "0人" in page  # the preview has it already
    assert Report.objects.get().text == report.text  # and nothing is saved
    page = office.post(f"/reports/{report.pk}/edit/", words | {"find": "1", "pick-q": "支部"})
    assert "directory.branches" in page.content.decode() and MEMBERS not in page.content.decode()


def test_only_figures_that_one_may_read_are_offered(zone: Zone) -> None:
    may = {
        key
        for key, _name in PickForm(None, actor=zone.actor("office"), unit=None)[
            "figure"
        ].field.choices
    }  # type: ignore[attr-defined]
    none = PickForm(None, actor=zone.actor("auditor"), unit=None)["figure"].field.choices  # type: ignore[attr-defined]
    assert MEMBERS in may and MEMBERS not in {key for key, _name in none}
