"""What the tests that try every address know of seasons."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from tests.expect import OFFICERS, POST_ONLY, Ids, Operation, Page, empty, of_rows, reason
from tests.zone import Zone

from luodi.ground.scope.api import Unit
from luodi.rooms.seasons.models import Performance, Plan, Play, Quiet, Season, Troupe, Village, Wish

PAGES: dict[str, Page] = {
    "seasons:season": of_rows(OFFICERS),
    "seasons:village": of_rows(OFFICERS),
    "seasons:plan": of_rows(OFFICERS),
    "seasons:ask_plan": POST_ONLY,
    "seasons:publish_plan": POST_ONLY,
    "seasons:stop_plan": POST_ONLY,
    "seasons:add_performance": of_rows(OFFICERS),
    "seasons:hold_performance": of_rows(OFFICERS),
    "seasons:cancel_performance": of_rows(OFFICERS),
    "seasons:make_up": of_rows(OFFICERS),
}
OPERATIONS: dict[str, Operation] = {
    "GET /seasons/{pk}/performances": Operation(OFFICERS, about="season"),
    "POST /seasons/{pk}/performances": Operation(
        OFFICERS,
        lambda ids: {"village": ids["village"], "troupe": ids["troupe"], "on": "2024-05-20"},
        "season",
    ),
    "POST /seasons/{pk}/plans": Operation(OFFICERS, empty, "season"),
    "GET /seasons/plans/{pk}": Operation(OFFICERS, about="plan"),
    "POST /seasons/plans/{pk}/publish": Operation(OFFICERS, empty, "plan"),
    "POST /seasons/performances/{pk}/hold": Operation(
        OFFICERS, lambda ids: {"audience": 100}, "performance"
    ),
    "POST /seasons/performances/{pk}/cancel": Operation(OFFICERS, reason, "performance"),
    "POST /seasons/performances/{pk}/instead": Operation(
        OFFICERS, lambda ids: {"on": "2024-05-25"}, "performance:cancelled"
    ),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("seasons:season", "pk"): "season",
    ("seasons:ask_plan", "pk"): "season",
    ("seasons:add_performance", "pk"): "season",
    ("seasons:village", "pk"): "village",
    ("seasons:plan", "pk"): "plan",
    ("seasons:publish_plan", "pk"): "plan",
    ("seasons:stop_plan", "pk"): "plan",
    ("seasons:hold_performance", "pk"): "performance",
    ("seasons:cancel_performance", "pk"): "performance",
    ("seasons:make_up", "pk"): "performance:cancelled",
}
NUMBERS: dict[str, str] = {
    "seasons:season": "a season's own numbers, above the list of what they count",
    "seasons:plan": "what a plan costs and proves",
    "seasons:village": "what is known of the village itself",
}
FIRST = dt.date(2024, 5, 1)


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """A season of the unit with a village, a troupe, a plan and performances."""
    season = Season.objects.create(
        unit=unit,
        name="示例甲演出季",
        starts_on=FIRST,
        ends_on=FIRST + dt.timedelta(days=40),
        shows=1,
    )
    troupe = Troupe.objects.create(unit=unit, name="示例甲剧团", lon=111, lat=37)
    play = Play.objects.create(troupe=troupe, name="示例甲剧目")
    village = Village.objects.create(
        unit=unit, name="示例甲村", township="示例乡", people=900, lon=111.1, lat=37.1
    )
    wish = Wish.objects.create(village=village, occasion="示例甲庙会", since=FIRST, until=FIRST)
    quiet = Quiet.objects.create(unit=unit, why="harvest", since=FIRST, until=FIRST)
    plan = Plan.objects.create(
        season=season,
        state=Plan.State.READY,
        asked_at=timezone.now(),
        lines=_lines(village, troupe),
    )
    given = {"season": season, "village": village, "troupe": troupe}
    shown = Performance.objects.create(**given, on=FIRST + dt.timedelta(days=2))
    cancelled = Performance.objects.create(
        **given, on=FIRST + dt.timedelta(days=3), state=Performance.State.CANCELLED
    )
    return {
        "season": season.pk,
        "troupe": troupe.pk,
        "play": play.pk,
        "village": village.pk,
        "wish": wish.pk,
        "quiet": quiet.pk,
        "plan": plan.pk,
        "performance": shown.pk,
        "performance:cancelled": cancelled.pk,
    }


def _lines(village: Village, troupe: Troupe) -> list[dict[str, object]]:
    on = (FIRST + dt.timedelta(days=2)).isoformat()
    return [
        {"village": village.pk, "troupe": troupe.pk, "on": on, "order": 1, "km": 1.0, "wish": ""}
    ]
