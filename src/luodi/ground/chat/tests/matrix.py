"""What the tests that try every address know of the chat platforms."""

from __future__ import annotations

from tests.expect import POST_ONLY, Ids, Page, anyone, holders
from tests.zone import Zone

from luodi.ground.chat import api
from luodi.ground.scope.api import SYSTEM, Unit

ADMIN = holders("system_admin")
PAGES: dict[str, Page] = {
    "chat:go_in": anyone(302, nobody=302),
    "chat:back": anyone(302, nobody=302),
    "chat:called": anyone(403, nobody=403),
    "chat:mine": anyone(),
    "chat:apps": ADMIN,
    "chat:new": ADMIN,
    "chat:app": ADMIN,
    "chat:check": POST_ONLY,
    "chat:proof": anyone(404, nobody=404),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("chat:", "pk"): "chat_app",
    ("chat:proof", "name"): "chat_proof",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    app = api.keep_app(
        actor=SYSTEM, app=None, vendor="wecom", corp=f"示例{number}", agent="1", is_active=True
    )
    return {"chat_app": app.pk, "chat_proof": "WW_verify_none.txt"}
