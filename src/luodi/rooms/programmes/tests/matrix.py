"""What the tests that try every address know of programmes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.expect import (
    CASES,
    FOUNDED,
    OFFICERS,
    POST_ONLY,
    SEES,
    VIEWERS,
    Ids,
    Operation,
    Page,
    empty,
    holders,
    of_rows,
    on,
    reading,
    reason,
    text,
)
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.rooms.casework import api as casework
from luodi.rooms.programmes import api as programmes

COUNTY = frozenset({"county_officer"})  # a shared indicator is only the whole site's to change
BOARDS = Page(CASES.who - {"liaison"}, CASES.who - {"liaison"})
PAGES: dict[str, Page] = {
    "programmes:board": BOARDS,
    "programmes:roadmap": BOARDS,
    "programmes:workplan": BOARDS,
    "programmes:new_programme": holders(*OFFICERS),
    "programmes:programme": of_rows(SEES - {"liaison"}),
    "programmes:change_programme": of_rows(OFFICERS),
    "programmes:new_measure": of_rows(OFFICERS),
    "programmes:change_measure": of_rows(OFFICERS),
    "programmes:finish_measure": of_rows(OFFICERS),
    "programmes:reopen_measure": POST_ONLY,
    "programmes:link_case": of_rows(OFFICERS),
    "programmes:unlink_case": POST_ONLY,
    "programmes:new_target": of_rows(OFFICERS),
    "programmes:target": of_rows(SEES - {"liaison"}),
    "programmes:trend": of_rows(SEES - {"liaison"}),
    "programmes:change_target": of_rows(OFFICERS),
    "programmes:drop_target": of_rows(OFFICERS),
    "programmes:open_case": POST_ONLY,
    "programmes:indicators": BOARDS,
    "programmes:indicator": BOARDS,
    "programmes:new_indicator": holders(*OFFICERS),
    "programmes:change_indicator": holders(*OFFICERS),
    "programmes:observe": holders(*OFFICERS),
    "programmes:observation": of_rows(SEES - {"liaison"}),
    "programmes:correct": of_rows(OFFICERS),
    "programmes:withdraw": POST_ONLY,
}


def programme(ids: Ids) -> Any:
    return {
        "unit_id": ids["unit"],
        "name": "示例新工程",
        "since": "2024-01-01",
        "until": "2099-01-01",
    }


def duty(ids: Ids) -> Any:
    days = {"since": "2024-01-01", "due_on": "2099-01-01"}
    return {"text": "示例", "owner_unit_id": ids["unit"], **days}


def promised(ids: Ids) -> Any:
    return {
        "figure": "directory.enterprises",
        "comparison": ">=",
        "value": "3",
        "due_on": "2099-01-01",
    }


def statement(ids: Ids) -> Any:
    return {
        "unit_id": ids["unit"],
        "since": "2024-01-01",
        "until": "2024-12-31",
        "base": "100",
        "current": "120",
        "organisation": "示例统计局",
        "document": "示例公报",
    }


def linked(ids: Ids) -> Any:
    return {"code": ids["case:handling"]}


def indicator(ids: Ids) -> Any:
    words = {"name": "示例新指标", "definition": "示例口径"}
    return {"key": "example_new", "kind": "growth", **words}


OPERATIONS: dict[str, Operation] = {
    "GET /programmes": reading(VIEWERS, query="?unit={unit}"),
    "GET /programmes/{pk}": reading(SEES - {"liaison"}, "programme"),
    "POST /programmes": Operation(OFFICERS, programme),
    "POST /programmes/{pk}/measures": Operation(OFFICERS, duty, "programme"),
    "POST /programmes/measures/{pk}/finish": Operation(OFFICERS, on, "duty"),
    "POST /programmes/measures/{pk}/targets": Operation(
        OFFICERS, lambda ids: {"since": "2024-01-01", **promised(ids)}, "duty"
    ),
    "POST /programmes/targets/{pk}/change": Operation(
        OFFICERS, lambda ids: {"reason": "示例", "on": "2024-01-01", **promised(ids)}, "target"
    ),
    "POST /programmes/targets/{pk}/case": Operation(OFFICERS, about="target"),
    "PATCH /programmes/{pk}": Operation(OFFICERS, lambda ids: {"aim": "示例"}, "programme"),
    "PATCH /programmes/measures/{pk}": Operation(OFFICERS, text, "duty"),
    "POST /programmes/measures/{pk}/reopen": Operation(OFFICERS, empty, "duty"),
    "POST /programmes/measures/{pk}/cases": Operation(OFFICERS, linked, "duty"),
    "POST /programmes/measures/{pk}/cases/remove": Operation(
        OFFICERS, lambda ids: {"code": ids["case_linked"]}, "duty"
    ),
    "POST /programmes/targets/{pk}/drop": Operation(
        OFFICERS, lambda ids: on(ids) | reason(ids), "target"
    ),
    "GET /indicators": reading(VIEWERS),
    "POST /indicators": Operation(OFFICERS, indicator, outside=OFFICERS),
    "PATCH /indicators/{pk}": Operation(
        COUNTY, lambda ids: {"name": "示例指标名"}, "indicator", COUNTY
    ),
    "POST /observations/{pk}/correct": Operation(
        OFFICERS,
        lambda ids: {
            k: v for k, v in statement(ids).items() if k not in {"unit_id", "since", "until"}
        },
        "observation",
    ),
    "POST /observations/{pk}/withdraw": Operation(OFFICERS, empty, "observation"),
    "GET /indicators/{pk}/observations": Operation(VIEWERS, about="indicator", outside=VIEWERS),
    "POST /indicators/{pk}/observations": Operation(OFFICERS, statement, "indicator"),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("programmes:change_measure", "pk"): "duty",
    ("programmes:finish_measure", "pk"): "duty",
    ("programmes:reopen_measure", "pk"): "duty",
    ("programmes:link_case", "pk"): "duty",
    ("programmes:new_target", "pk"): "duty",
    ("programmes:unlink_case", "pk"): "case_link",
    ("programmes:target", "pk"): "target",
    ("programmes:change_target", "pk"): "target",
    ("programmes:trend", "pk"): "target",
    ("programmes:drop_target", "pk"): "target",
    ("programmes:open_case", "pk"): "target",
    ("programmes:indicator", "pk"): "indicator",
    ("programmes:change_indicator", "pk"): "indicator",
    ("programmes:observe", "pk"): "indicator",
    ("programmes:observation", "pk"): "observation",
    ("programmes:correct", "pk"): "observation",
    ("programmes:withdraw", "pk"): "observation",
    ("programmes:", "pk"): "programme",
}
NUMBERS: dict[str, str] = {
    "programmes:observation": "the amounts that the statement itself is",
    "programmes:target": "what was promised, beside its reading",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A programme with a measure, a target that is missed, a linked case; a statement."""
    until = dt.date(2022, 12, 31)
    programme = programmes.save_programme(
        actor=SYSTEM, unit=unit, name=f"示例工程{number}", since=FOUNDED, until=until
    )
    measure = programmes.save_measure(
        actor=SYSTEM,
        programme=programme,
        text="示例举措",
        owner_unit=unit,
        since=FOUNDED,
        due_on=until,
    )
    target = programmes.set_target(
        actor=SYSTEM,
        measure=measure,
        figure="directory.enterprises",
        comparison=">=",
        value="99",
        since=FOUNDED,
        due_on=until,
    )
    case = casework.raise_problem(actor=SYSTEM, unit=unit, text="示例问题，用于举措。")
    link = programmes.link_case(actor=SYSTEM, measure=measure, case=case)
    indicator = programmes.save_indicator(
        actor=SYSTEM, key=f"example_{number}", name="示例指标", kind="growth", definition="示例口径"
    )
    observation = programmes.observe(
        actor=SYSTEM,
        indicator=indicator,
        unit=unit,
        since=FOUNDED,
        until=until,
        base=Decimal(100),
        current=Decimal(130),
        organisation="示例统计局",
        document="示例公报",
    )
    return {
        "programme": programme.pk,
        "duty": measure.pk,
        "target": target.pk,
        "case_link": link.pk,
        "case_linked": case.code,
        "indicator": indicator.pk,
        "observation": observation.pk,
    }
