"""What the tests that try every address know of the home: nobody of the usual roles gets in.

Who works in a home has roles of the home's own; what they see, `test_care_walk.py` says.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.expect import NOBODY, POST_ONLY, Ids, Operation, Page, anyone
from tests.zone import Zone

from luodi.ground.records import fields
from luodi.ground.records.api import Verb
from luodi.ground.scope.api import Unit
from luodi.rooms.care.api import enquire
from luodi.rooms.care.rest import SENT
from luodi.rooms.care.tests.homes import build_home
from luodi.rooms.care.urls import urlpatterns

CLOSED = Page(NOBODY)
POSTED = {
    "confirm_routine",
    "end_contact",
    "countersign",
    "reject_assessment",
    "confirm_done",
    "correct_outcome",
    "give",
    "take_handover",
    "send",
    "invite",
}
PAGES: dict[str, Page] = {
    f"care:{one.name}": POST_ONLY if one.name in POSTED else CLOSED for one in urlpatterns
} | {"care:family": anyone(404, nobody=404)}


def _sample(field: fields.Field) -> Any:
    match field:
        case fields.RecordOf():
            return 1
        case fields.Choices():
            return []
        case fields.Choice():
            return field.choices[0][0]
        case fields.Number():
            least = field.least or 1
            return str(Decimal(least)) if field.places else int(least)
        case fields.Date():
            return "2022-12-01"
        case fields.Instant():
            return "2022-12-01T08:00:00+08:00"
    return "示例"


def _body(verb: Verb[..., Any], given: tuple[str, ...]) -> Any:
    return lambda ids: {one.name: _sample(one) for one in verb.asking(given) if one.required}


def _kept(ids: Ids) -> Any:
    return {"now": dt.datetime.now(dt.UTC).isoformat(), "items": []}


OPERATIONS: dict[str, Operation] = {
    "GET /care/residents": Operation(NOBODY, about=""),
    "GET /care/residents/{pk}": Operation(NOBODY, about="care_resident"),
    "GET /care/round": Operation(NOBODY, about=""),
    "POST /care/round/send": Operation(NOBODY, _kept, about=""),
    "POST /care/residents": Operation(NOBODY, _body(enquire, ()), about=""),
} | {
    f"POST {path}": Operation(NOBODY, _body(verb, (verb.on,)), about="care_resident")
    for path, verb in SENT
}
MEANINGS: dict[tuple[str, str], str] = {("care:", "pk"): "care_resident"}
NUMBERS = {f"care:{one.name}": "a home's own page; its counts are figures" for one in urlpatterns}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A home with somebody who lives there."""
    home = build_home(zone.county, f"示例养老院{number}")
    return {"care_home": home.unit.pk, "care_resident": home.resident(bed="101-1").pk}
