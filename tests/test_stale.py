"""Last save never wins silently: each record that people edit, edited by two who read it together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.programmes.api import Measure, Pledge, Programme
from luodi.rooms.registers import api as registers
from luodi.rooms.registers.models import Column, Register
from tests.casework_pages import post
from tests.programmes import measure_of, programme_of, target_of
from tests.rest import Rest, token_of
from tests.zone import Zone


def _register(zone: Zone) -> Register:
    return registers.define_register(
        actor=SYSTEM,
        unit=zone.zone,
        key="works",
        name="示例工程",
        date_label="完工日",
        columns=[{"key": "title", "kind": "text", "label": "名称"}],
    )


def _column(zone: Zone) -> Column:
    return _register(zone).columns.get()


# By kind: what makes one, its page, its address over REST, the field that both change.
Kind = tuple[Callable[[Zone], Any], str, tuple[str, str] | None, str, type[Model]]
KINDS: dict[str, Kind] = {
    "unit": (lambda zone: zone.district, "/units/{}/change/", None, "name", Unit),
    "programme": (
        programme_of,
        "/programmes/{}/change/",
        ("PATCH", "/programmes/{}"),
        "name",
        Programme,
    ),
    "measure": (
        measure_of,
        "/programmes/measures/{}/change/",
        ("PATCH", "/programmes/measures/{}"),
        "text",
        Measure,
    ),
    "register": (
        _register,
        "/registers/{}/change/",
        ("PATCH", "/registers/{}"),
        "name",
        Register,
    ),
    "column": (
        _column,
        "/registers/columns/{}/",
        ("PATCH", "/registers/columns/{}"),
        "label",
        Column,
    ),
}


def filled(page: Any) -> dict[str, Any]:
    """What the browser would send of a form that nobody touched."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value
        for name, value in values.items()
        if value is not None and value != "" and value is not False
    }


@pytest.mark.parametrize("kind", KINDS)
def test_who_saves_second_sees_both_and_then_decides(zone: Zone, kind: str) -> None:
    make, page, _rest, field, model = KINDS[kind]
    row = make(zone)
    client, url = zone.client("office" if kind != "unit" else "system_admin"), page.format(row.pk)
    first = filled(client.get(url))
    second = dict(first)
    assert post(client, url, **{**first, field: "示例先存"}).status_code == 302
    answer = post(client, url, **{**second, field: "示例后存"})
    text = answer.content.decode()
    assert answer.status_code in {409, 422} and "示例先存" in text and "示例后存" in text
    assert getattr(model._default_manager.get(pk=row.pk), field) == "示例先存"
    again = {**filled(answer), field: "示例后存"}
    assert post(client, url, **again).status_code == 302
    assert getattr(model._default_manager.get(pk=row.pk), field) == "示例后存"


@pytest.mark.parametrize("kind", [key for key, one in KINDS.items() if one[2]])
def test_over_rest_the_second_is_409(zone: Zone, kind: str) -> None:
    make, _page, rest, field, model = KINDS[kind]
    assert rest is not None
    row = make(zone)
    office, (method, path) = Rest(token_of(zone, "office")), rest
    row = model._default_manager.get(pk=row.pk)
    version: int = row.version  # type: ignore[attr-defined]
    given = {field: "示例先存", "version": version}
    assert office.send(method, path.format(row.pk), given).status_code < 300
    late = office.send(method, path.format(row.pk), {**given, field: "示例后存"})
    assert late.status_code == 409 and late.json()["theirs"][field] == "示例先存"
    header = office.send(
        method, path.format(row.pk), {field: "示例后存"}, **{"If-Match": f'"{version}"'}
    )
    assert header.status_code == 409
    assert getattr(model._default_manager.get(pk=row.pk), field) == "示例先存"


def test_two_who_change_a_target(zone: Zone) -> None:
    target = target_of(zone)
    client, url = zone.client("office"), f"/programmes/targets/{target.pk}/change/"
    sent = {**filled(client.get(url)), "reason": "示例", "on": "2021-06-01"}
    assert post(client, url, **{**sent, "value": "6"}).status_code == 302
    answer = post(client, url, **{**sent, "value": "7"})
    assert answer.status_code in {409, 422} and "6" in str(answer.context["form"].stale)
    latest = Pledge.objects.known().filter(target=target).order_by("-valid").first()
    assert latest is not None and latest.value == "6"
