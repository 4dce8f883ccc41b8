"""What follows from a verb's signature: permission, form, body, page, operation, options."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import pytest
from django import forms
from ninja import Router
from pydantic import ValidationError
from tests.zone import Zone

from luodi.ground.records.api import (
    Choice,
    Date,
    Field,
    Money,
    Number,
    Prose,
    Text,
    UnitOf,
    YesNo,
    form_of,
    operation_of,
    schema_of,
    verb,
)
from luodi.ground.scope.api import SYSTEM, Actor, Unit
from luodi.lib.errors import NotAllowed, UserError

KINDS = [("hall", "报告厅"), ("class", "教室")]


@verb(permission="units.write", on="unit")
def equip(
    *,
    actor: Actor,
    unit: Annotated[Unit, UnitOf(permission="units.write")],
    what: Annotated[str, Text("物品", most=10)],
    number: Annotated[int, Number("数量", least=1, most=9)] = 1,
    kind: Annotated[str, Choice("类型", choices=KINDS)] = "hall",
    since: Annotated[dt.date | None, Date("自")] = None,
    lent: Annotated[bool, YesNo("外借")] = False,
    note: Annotated[str, Prose("说明")] = "",
    by: str = "",
) -> dict[str, Any]:
    """Equips a unit."""
    return {
        "unit": unit,
        "what": what,
        "number": number,
        "kind": kind,
        "since": since,
        "lent": lent,
    }


def test_the_permission_is_asked_on_the_path(zone: Zone) -> None:
    office, liaison = zone.actor("office"), zone.actor("liaison")
    assert equip(actor=office, unit=zone.enterprise, what="示例")["number"] == 1
    for actor, unit in ((liaison, zone.enterprise), (office, zone.county)):
        with pytest.raises(NotAllowed):
            equip(actor=actor, unit=unit, what="示例")
    for wrong in ({"what": ""}, {"what": "长" * 11}, {"what": "示例", "kind": "palace"}):
        with pytest.raises(UserError) as refused:
            equip(actor=office, unit=zone.enterprise, **wrong)
        assert refused.value.field in wrong


def test_arguments_are_keyword_only_and_named() -> None:
    with pytest.raises(TypeError, match="keyword-only"):
        verb()(lambda actor: None)
    with pytest.raises(TypeError, match="takes"):

        @verb(permission="x", on="unit")
        def nothing(*, actor: Actor) -> None: ...


def test_its_form_offers_what_the_actor_reaches(zone: Zone) -> None:
    form = form_of(
        equip, zone.actor("office"), data={"unit": "示例甲公司", "what": " 示例 ", "number": "3"}
    )
    assert form.is_valid(), form.errors
    done = equip(actor=SYSTEM, **form.cleaned_data)
    assert (done["unit"], done["what"], done["number"]) == (zone.enterprise, "示例", 3)
    assert (done["kind"], done["since"], done["lent"]) == ("hall", None, False)
    assert "by" not in form.fields  # without a field type it is the caller's to give
    assert "what" not in form_of(equip, zone.actor("office"), {"what": "示例"}).fields
    beyond = form_of(equip, zone.actor("instructor"), data={"unit": "示例甲公司", "what": "示例"})
    assert not beyond.is_valid() and set(beyond.errors) == {"unit"}


def test_its_body_is_typed_and_bounded() -> None:
    body = schema_of("Equip", equip.fields)
    said = body(unit=3, what="示例", since="2022-12-22")
    assert said.since == dt.date(2022, 12, 22)
    for wrong in (
        {"unit": 0, "what": "x"},
        {"unit": 3},
        {"unit": 3, "what": "\0"},
        {"unit": 3, "what": "x", "number": 10},
        {"unit": 3, "what": "x", "kind": "palace"},
    ):
        with pytest.raises(ValidationError):
            body(**wrong)


def test_its_operation() -> None:
    router = Router()
    operation_of(router, "POST", "/equip", equip, response=dict)
    [(path, view)] = router.path_operations.items()
    assert path == "/equip" and view.operations[0].description == "Equips a unit."


@pytest.mark.parametrize(
    ("field", "good", "kept", "bad"),
    [
        (Text("名", "x", most=3), " 一\n二 ", "一 二", "一二三四"),
        (Prose("文", "x"), "一\r\n二", "一\n二", "x" * 10_001),
        (Number("数", "x", least=0, most=9), "9", 9, "10"),
        (Money("金额", "x"), "12.50", Decimal("12.50"), "1.234"),
        (Date("日", "x"), "2022-12-22", dt.date(2022, 12, 22), "2022-02-30"),
        (Choice("类", "x", choices=KINDS), "hall", "hall", "palace"),
    ],
)
def test_each_type_reads_its_form(field: Field, good: str, kept: object, bad: str) -> None:
    asked = field.asked(SYSTEM)
    assert field.kept(asked.clean(good)) == kept
    with pytest.raises(forms.ValidationError):
        asked.clean(bad)
