"""What the tests that try every address know of cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.expect import (
    ALL,
    CASES,
    DEPARTMENT,
    LEAD,
    OFFICERS,
    PDF,
    PEOPLE,
    POST_ONLY,
    POSTS,
    REPORTERS,
    SEES,
    ZONE,
    Ids,
    Operation,
    Page,
    anyone,
    empty,
    holders,
    of_rows,
    reading,
    reason,
    text,
)
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Unit, acting
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case

STATES = (
    "raised",
    "handling",
    "offered",
    "suspended",
    "submitted",
    "confirmed",
    "closed",
    "withdrawn",
    "rejected",
    "merged",
    "asked",  # in hand, a department asked to help
)
PAGES: dict[str, Page] = {
    "cases:/cases/": anyone(302),
    "cases:problems": CASES,
    "cases:board": CASES,
    "cases:responsibilities": CASES,
    "cases:rectifications": CASES,
    "cases:statistics": CASES,
    "cases:assign": POST_ONLY,
    "cases:keep_filter": POST_ONLY,
    "cases:drop_filter": POST_ONLY,
    "cases:raise": holders(*SEES),
    "cases:behalf": holders(*SEES - {"liaison"}, "department_officer"),
    "cases:settings": holders(*CASES.who, "system_admin"),
    "cases:category": holders(*OFFICERS),
    "cases:template": holders(*OFFICERS),
    "cases:poster": of_rows(SEES),
    "cases:rotate": POST_ONLY,
    "cases:case": of_rows(SEES),
    "cases:phone": of_rows(SEES - {"liaison"}),
    "cases:forget": of_rows(POSTS),
    "cases:act": of_rows(SEES),
    "cases:act_measure": Page(  # who may only look is sent back to the case
        OFFICERS | {"instructor"}, OFFICERS, refused=frozenset({302, 404})
    ),
    # an enterprise's public form, for whoever holds its code
    "cases:report": anyone(nobody=200),
    "cases:reported": anyone(302),
    "cases:report_look_up": anyone(nobody=200),
    "cases:report_progress": anyone(302),
}


def measure(ids: Ids) -> Any:
    return {"text": "示例", "due_on": "2099-01-01", "owner_name": "示例某"}


def template(ids: Ids) -> Any:
    return {"kind": "answer", "name": "示例", "text": "示例", "unit": ids["unit"]}


OPERATIONS: dict[str, Operation] = {
    "GET /cases": reading(ALL),
    "GET /cases/statistics": Operation(
        SEES, query="?unit={unit}&since=2026-01-01&until=2026-12-31"
    ),
    "GET /cases/{code}": reading(SEES, "handling"),
    "GET /procedures": reading(ALL),
    "GET /categories": reading(ALL),
    "GET /templates": reading(ALL),
    "GET /filters": reading(ALL),
    "POST /cases": Operation(SEES, lambda ids: {"unit": ids["unit"], "text": "示例"}),
    "POST /cases/on-behalf": Operation(
        PEOPLE,
        lambda ids: {"unit": ids["unit"], "text": "示例", "reporter_name": "示例某"},
    ),
    "POST /cases/bulk-assign": Operation(
        OFFICERS | LEAD, lambda ids: {"unit": ids["department"], "cases": [ids["case"]]}
    ),
    "POST /cases/{code}/receive": Operation(OFFICERS | LEAD, empty, "raised"),
    "POST /cases/{code}/hand-over": Operation(
        OFFICERS | LEAD, lambda ids: {"unit": ids["department"]}
    ),
    "POST /cases/{code}/accept": Operation(DEPARTMENT, empty, "offered", DEPARTMENT),
    "POST /cases/{code}/return": Operation(DEPARTMENT, reason, "offered", DEPARTMENT),
    "POST /cases/{code}/take-back": Operation(OFFICERS | LEAD, empty, "offered"),
    "POST /cases/{code}/escalate": Operation(LEAD, reason, outside=ZONE),
    "POST /cases/{code}/ask-department": Operation(
        OFFICERS | LEAD, lambda ids: {"unit": ids["department"], "text": "示例"}
    ),
    "POST /cases/{code}/join": Operation(DEPARTMENT, empty, "asked", DEPARTMENT),
    "POST /cases/{code}/decline": Operation(DEPARTMENT, reason, "asked", DEPARTMENT),
    "POST /cases/{code}/answer": Operation(LEAD, text, outside=ZONE),
    "POST /cases/{code}/pause": Operation(OFFICERS | LEAD, reason),
    "POST /cases/{code}/resume": Operation(OFFICERS | LEAD, reason, "suspended"),
    "POST /cases/{code}/submit": Operation(LEAD, lambda ids: {"note": "示例"}, "asked", ZONE),
    "POST /cases/{code}/verify": Operation(REPORTERS, lambda ids: {"satisfied": True}, "submitted"),
    # whose turn it is does not urge, and is told so
    "POST /cases/{code}/urge": Operation(
        SEES - LEAD,
        empty,
        outside=OFFICERS - ZONE,
        otherwise=frozenset({403, 404, 422}),
    ),
    "POST /cases/{code}/supervise": Operation(OFFICERS, text),
    "POST /cases/{code}/set-deadline": Operation(
        OFFICERS, lambda ids: {"due_at": "2099-01-01T00:00:00Z", "reason": "示例"}
    ),
    "POST /cases/{code}/change-procedure": Operation(
        OFFICERS, lambda ids: {"procedure": "special_rectification", "reason": "示例"}
    ),
    "POST /cases/{code}/withdraw": Operation(REPORTERS, reason, "raised"),
    "POST /cases/{code}/reject": Operation(OFFICERS | LEAD, reason, "raised"),
    "POST /cases/{code}/close": Operation(OFFICERS, reason),
    "POST /cases/{code}/reopen": Operation(OFFICERS | REPORTERS, reason, "confirmed"),
    "POST /cases/{code}/link": Operation(
        OFFICERS | LEAD, lambda ids: {"other": ids["case:raised"]}
    ),
    "POST /cases/{code}/merge": Operation(
        OFFICERS | LEAD, lambda ids: {"into": ids["case:raised"]}
    ),
    "POST /cases/{code}/unmerge": Operation(OFFICERS | LEAD, reason, "merged"),
    "POST /cases/{code}/measures": Operation(OFFICERS | LEAD, measure),
    "PATCH /measures/{pk}": Operation(OFFICERS | LEAD, measure, "measure"),
    "POST /measures/{pk}/finish": Operation(OFFICERS | LEAD, empty, "measure"),
    "POST /measures/{pk}/drop": Operation(OFFICERS | LEAD, reason, "measure"),
    "POST /cases/{code}/files": Operation(SEES),
    "POST /measures/{pk}/files": Operation(SEES, about="measure"),
    "POST /cases/{code}/phone": Operation(PEOPLE, lambda ids: {"why": "示例"}),
    # nobody while a case is open: the office is told so (422)
    "POST /cases/{code}/forget-reporter": Operation(
        frozenset(), lambda ids: {"why": "示例"}, otherwise=frozenset({403, 404, 422})
    ),
    "POST /categories": Operation(
        OFFICERS, lambda ids: {"name": "示例新类别", "unit": ids["unit"]}
    ),
    "PATCH /categories/{pk}": Operation(OFFICERS, lambda ids: {"name": "示例改名"}, "category"),
    "POST /templates": Operation(OFFICERS, template),
    "PATCH /templates/{pk}": Operation(OFFICERS, template, "template"),
    "POST /filters": Operation(ALL, lambda ids: {"name": "示例", "query": "q=1"}, outside=ALL),
    "DELETE /filters/{pk}": Operation(
        frozenset({"liaison"}), about="filter", outside=frozenset({"office"})
    ),
    "POST /units/{pk}/intake": Operation(SEES, about="unit"),
    "POST /units/{pk}/intake/rotate": Operation(SEES, about="unit"),
}
REFERENCES: dict[str, str] = {
    "category": "category",
    "other": "case:raised",
    "into": "case:raised",
}
MEANINGS: dict[tuple[str, str], str] = {
    ("cases:drop_filter", "pk"): "filter",
    ("cases:category", "pk"): "category",
    ("cases:template", "pk"): "template",
    ("cases:", "unit_id"): "unit",
    ("cases:", "token"): "token",
    ("cases:", "code"): "case",
    ("cases:", "measure_id"): "measure",
}
KEYS: dict[str, str] = {
    "cases:act": "attach",
    "cases:act_measure": "finish_measure",
}
NUMBERS: dict[str, str] = {
    "cases:settings": "the parameters of procedures",
    "cases:case": "what is told of the case itself",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A case in each state, and what belongs to one."""
    found: Ids = {f"case:{state}": _case_in(zone, unit, state).code for state in STATES}
    handling = Case.objects.get(code=found["case:handling"])
    measure = casework.add_measure(
        actor=SYSTEM,
        case=handling,
        text="示例措施",
        due_on=scope.today() + dt.timedelta(days=30),
        owner_name="示例某",
    )
    file = casework.attach(actor=SYSTEM, case=handling, upload=SimpleUploadedFile("示例.pdf", PDF))
    category = casework.save_category(actor=SYSTEM, name="示例类别", unit=unit)
    template = casework.save_template(
        actor=SYSTEM, kind="answer", name="示例模板", text="示例", unit=unit
    )
    intake = casework.intake_of(actor=SYSTEM, unit=unit)
    owner = Account.objects.get(username="robot-liaison" if number == 0 else "robot-office")
    with acting(scope.actor_for(owner)) as actor:
        kept = casework.save_filter(actor=actor, name="示例", query="state=raised")
    return found | {
        "filter": kept.pk,
        "case": handling.code,
        "measure": measure.pk,
        "file": file.pk,
        "category": category.pk,
        "template": template.pk,
        "token": intake.token,
    }


def _case_in(zone: Zone, unit: Unit, state: str) -> Case:
    """A case of the unit in a state, carried there by the product itself."""
    made = casework.raise_problem(actor=SYSTEM, unit=unit, text=f"示例问题，用于“{state}”。")
    if state == "raised":
        return made
    if state == "rejected":
        return casework.reject(actor=SYSTEM, case=made, reason="示例")
    if state == "withdrawn":
        return casework.withdraw(actor=SYSTEM, case=made, reason="示例")
    casework.receive(actor=SYSTEM, case=made)
    if state == "handling":
        return Case.objects.get(pk=made.pk)
    if state == "asked":
        return casework.ask_department(actor=SYSTEM, case=made, unit=zone.department, text="示例")
    if state == "offered":
        return casework.hand_over(actor=SYSTEM, case=made, unit=zone.department)
    if state == "suspended":
        return casework.pause(actor=SYSTEM, case=made, reason="示例")
    if state == "closed":
        return casework.close(actor=SYSTEM, case=made, reason="示例")
    if state == "merged":
        other = _case_in(zone, unit, "raised")
        return casework.merge(actor=SYSTEM, case=made, into=other)
    casework.submit(actor=SYSTEM, case=made, note="示例")
    if state == "submitted":
        return Case.objects.get(pk=made.pk)
    return casework.verify(actor=SYSTEM, case=made, satisfied=True)
