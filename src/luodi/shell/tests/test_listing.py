"""Lists: whitelisted sorting, filters, pages, files that cannot carry a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import openpyxl
import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.scope.api import Unit, UnitKind
from luodi.lib.errors import UserError
from luodi.shell.cells import sheet_response, text_of
from luodi.shell.listing import Column, Listing, cell_of

COLUMNS = [
    Column("name", "名称", sort="sort_key", phone="title", link=lambda unit: f"/units/{unit.pk}/"),
    Column("kind", "类型"),
    Column("parent.name", "上级"),
    Column("depth", "层级", align="end"),
]


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[("", "全部"), *Unit._meta.get_field("kind").choices], required=False
    )


def listing(address: str = "/", **rest: Any) -> Listing:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    rest = {"columns": COLUMNS, "default_sort": "name", "name": "units", **rest}
    return Listing(request, Unit.objects.select_related("parent"), **rest)


def names(listing: Listing) -> list[str]:
    return [row.name for row in listing.rows]


def test_sorts_by_whitelisted_columns_only(zone: Zone) -> None:
    by_name = names(listing("/?sort=name"))
    assert by_name == [u.name for u in Unit.objects.order_by("sort_key", "pk")]
    assert names(listing("/?sort=-name")) == by_name[::-1]
    assert names(listing("/?sort=kind")) == by_name  # not sortable: the default holds
    assert names(listing("/?sort=path;drop")) == by_name


def test_pages_do_not_overlap_and_stay_in_range(zone: Zone) -> None:
    seen = [name for page in (1, 2, 3) for name in names(listing(f"/?page={page}", page_size=3))]
    assert sorted(seen) == sorted(Unit.objects.values_list("name", flat=True))
    assert listing("/?page=99", page_size=3).number == 3
    assert listing("/?page=-1").number == listing("/?page=x").number == 1


def test_filters_by_field_and_shows_an_error_for_a_wrong_one(zone: Zone) -> None:
    assert set(names(listing("/?kind=enterprise", filters=KindForm))) == {
        "示例甲公司",
        "示例乙公司",
        "示例丙公司",
    }
    wrong = listing("/?kind=spaceship", filters=KindForm)
    assert wrong.count == 0 and not wrong.rows and "看不懂" in wrong.refusal
    assert wrong.form is not None and "kind" in wrong.form.errors
    for way in ("xlsx", "print"):
        with pytest.raises(UserError, match="看不懂"):
            listing(f"/?kind=spaceship&format={way}", filters=KindForm).export()


def test_a_parameter_that_nobody_reads_shows_nothing_and_is_named(zone: Zone) -> None:
    strange = listing("/?kidn=enterprise", filters=KindForm)
    assert strange.count == 0 and "kidn" in strange.refusal
    assert strange.clear() == "/" and strange.kept() == []
    assert listing("/?view=x", also=("view",)).count == Unit.objects.count()
    assert "q" in listing("/?q=甲").refusal  # this list has no search
    assert not listing("/?kidn=&page=1&sort=name&filters=1", filters=KindForm).refusal


def test_searches_and_keeps_other_parameters(zone: Zone) -> None:
    found = listing(
        "/?q=示例甲&sort=-name&view=x",
        search=lambda rows, text: rows.filter(name__contains=text),
        also=("view",),
    )
    assert names(found) == ["示例甲公司"]
    assert found.kept() == [("sort", "-name"), ("view", "x")]
    assert "view=x" in found.clear() and "q=" not in found.clear()


def test_cells_show_labels_relations_and_links(zone: Zone) -> None:
    (cells,) = listing("/?kind=department", filters=KindForm).lines()
    shown = re.findall(r'data-label="([^"]+)" class="([^"]+)">(.*?)</td>', cells)
    assert [re.sub("<.*?>", "", text) for _, _, text in shown] == [
        "示例县供电公司", "县直部门", "示例县", "1",
    ]  # fmt: skip
    assert '<a href="/units/' in shown[0][2]
    assert "num" in shown[3][1]


def test_what_people_wrote_is_text_in_a_cell() -> None:
    column = Column("x", '"甲"', value=str, link='/a?b="><script>{}'.format, phone="title")
    assert cell_of(column)('<b>&"') == (
        '<td role="cell" data-label="&quot;甲&quot;" class="p-title nowrap">'
        '<a href="/a?b=&quot;&gt;&lt;script&gt;&lt;b&gt;&amp;&quot;">&lt;b&gt;&amp;&quot;</a></td>'
    )


def test_exports_all_rows_as_filtered(zone: Zone) -> None:
    response = listing(
        "/?format=xlsx&kind=enterprise&page=2", filters=KindForm, page_size=1
    ).export()
    assert response is not None
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)))  # type: ignore[arg-type]
    rows = list(book.active.values)  # type: ignore[union-attr]
    assert rows[0] == ("名称", "类型", "上级", "层级")
    assert len(rows) == 4


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://x.test/"]
)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    response, count = sheet_response("示例", ["甲"], [[text]])
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active  # type: ignore[arg-type]
    assert count == 1
    assert sheet is not None
    assert sheet["A2"].value == text
    assert sheet["A2"].data_type == "s" and sheet["A2"].hyperlink is None


@given(st.dates(), st.integers(-(10**6), 10**6))
def test_values_as_text(day: dt.date, number: int) -> None:
    assert text_of(day) == day.isoformat()
    assert text_of(number).replace(",", "") == str(number)


def test_rows_to_pick_from_have_a_box_with_a_name(zone: Zone) -> None:
    (cells,) = listing("/?kind=department", filters=KindForm, pick="assign").lines()
    box = f'name="pick" value="{Unit.objects.get(name="示例县供电公司").pk}" form="assign"'
    assert box in cells and 'aria-label="选择 示例县供电公司"' in cells


def test_labels_of_kinds_have_words(zone: Zone) -> None:
    cells = "".join(listing().lines())
    assert ">企业</td>" in cells and ">县直部门</td>" in cells
    assert UnitKind.ENTERPRISE
