"""What the tests that try every address know of workbench."""

from __future__ import annotations

from tests.expect import POST_ONLY, Ids, Page, account_of, anyone
from tests.zone import Zone

from luodi.ground.scope.api import Unit
from luodi.rooms.workbench.feed import token_of

PAGES: dict[str, Page] = {
    "home": anyone(),
    "pins": anyone(),
    "my_figures": anyone(),
    "calendar": anyone(),
    "change_calendar": POST_ONLY,
    "calendar_feed": anyone(nobody=200),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("calendar_feed", "token"): "feed",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    return {"feed": token_of(account_of(zone, number).pk)}
