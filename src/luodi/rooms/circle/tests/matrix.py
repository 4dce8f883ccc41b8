"""What the tests that try every address know of the circle."""

from __future__ import annotations

from tests.expect import OFFICERS, READERS, Ids, Operation, Page, holders, of_rows, reading
from tests.zone import Zone

from luodi.ground.scope.api import Unit
from luodi.rooms.circle.models import Study

SEES = READERS | {"part_time_member"}
PAGES: dict[str, Page] = {
    "circle:studies": holders(*SEES),
    "circle:new_study": holders(*OFFICERS),
    "circle:study": of_rows(READERS),
    "circle:study_map": Page(frozenset(), get=404, refused=frozenset({403, 404})),
    "circle:streets": holders(*OFFICERS),
}
OPERATIONS: dict[str, Operation] = {
    "GET /circle/studies": reading(SEES),
    "GET /circle/studies/{pk}": reading(READERS, "circle_study"),
    "POST /circle/studies": Operation(
        OFFICERS, lambda ids: {"unit": ids["unit"], "kind": "any"}, otherwise=frozenset({403, 422})
    ),
}
NUMBERS: dict[str, str] = {"circle:settlement": "who lives there, as it was typed"}
MEANINGS: dict[tuple[str, str], str] = {("circle:stud", "pk"): "circle_study"}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    study = Study.objects.create(
        unit=unit, path=unit.path, kind="any", state=Study.State.FAILED, says="示例"
    )
    return {"circle_study": study.pk}
