"""What the tests that try every address know of notices."""

from __future__ import annotations

from typing import Any

from tests.expect import (
    ALL,
    CONFIGURE,
    OFFICERS,
    POST_ONLY,
    SEES,
    Ids,
    Operation,
    Page,
    account_of,
    anyone,
    holders,
    reading,
)
from tests.zone import Zone

from luodi.ground.notices import api as notices
from luodi.ground.scope.api import SYSTEM, Unit

PAGES: dict[str, Page] = {
    "notices:inbox": anyone(),
    "notices:read_all": POST_ONLY,
    "notices:follow": POST_ONLY,
    "notices:deliveries": anyone(),
    "notices:retry": POST_ONLY,
    "notices:delivery": Page(SEES | {"system_admin"}, OFFICERS | {"system_admin"}),
    "notices:by_mail": POST_ONLY,
    "notices:no_mail": anyone(404, nobody=404),  # a forged address
    "notices:address": anyone(),
    "notices:confirm_address": anyone(404),  # a forged link
    "notices:robots": holders(*CONFIGURE),
    "notices:remove_robot": POST_ONLY,
}


def robot(ids: Ids) -> Any:
    return {
        "unit": ids["unit"],
        "kind": "wecom",
        "name": "示例",
        "address": "https://example.org/",
    }


OPERATIONS: dict[str, Operation] = {
    "GET /notices": reading(ALL),
    "GET /deliveries": reading(ALL),
    "GET /robots": reading(CONFIGURE),
    "POST /notices/read": reading(ALL),
    "POST /notices/{pk}/read": Operation(ALL, about="notice", outside=ALL),
    "POST /deliveries/{pk}/retry": Operation(CONFIGURE, about="delivery", outside=CONFIGURE),
    "POST /robots": Operation(CONFIGURE, robot, outside=CONFIGURE),
    "DELETE /robots/{pk}": Operation(CONFIGURE, about="robot", outside=CONFIGURE),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("notices:follow", "pk"): "notice",
    ("notices:delivery", "pk"): "delivery",
    ("notices:retry", "pk"): "delivery",
    ("notices:remove_robot", "pk"): "robot",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A message to somebody, a group's robot, a delivery that failed."""
    account = account_of(zone, number)
    notices.tell(accounts=[account], key=f"example:{unit.pk}", text="示例消息", url="/me/")
    robot = notices.add_robot(
        actor=SYSTEM, unit=unit, kind="wecom", name="示例群", address="https://example.org/hook"
    )
    notices.tell_group(robot=robot, key=f"example:{unit.pk}", subject="示例", body="示例")
    notices.Delivery.objects.filter(robot=robot).update(status="failed", tries=6)
    return {
        "notice": notices.Notice.objects.get(key=f"example:{unit.pk}").pk,
        "robot": robot.pk,
        "delivery": notices.Delivery.objects.get(robot=robot).pk,
    }
