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
    "POST /quiets": Operation(
        OFFICERS,
        lambda ids: {
            "unit": ids["unit"],
            "since": "2024-06-01",
            "until": "2024-06-10",
            "why": "exams",
        },
        outside=OFFICERS,
        otherwise=frozenset({403, 404, 422}),
    ),
    "GET /seasons/{pk}/performances": Operation(OFFICERS, about="shown_season"),
    "POST /seasons/{pk}/performances": Operation(
        OFFICERS,
        lambda ids: {
            "village": ids["shown_village"],
            "troupe": ids["shown_troupe"],
            "on": "2024-05-20",
        },
        "shown_season",
    ),
    "POST /seasons/{pk}/plans": Operation(OFFICERS, empty, "shown_season"),
    "GET /seasons/plans/{pk}": Operation(OFFICERS, about="shown_plan"),
    "POST /seasons/plans/{pk}/publish": Operation(OFFICERS, empty, "shown_plan"),
    "POST /seasons/performances/{pk}/hold": Operation(
        OFFICERS, lambda ids: {"audience": 100}, "shown_performance"
    ),
    "POST /seasons/performances/{pk}/cancel": Operation(OFFICERS, reason, "shown_performance"),
    "POST /seasons/performances/{pk}/instead": Operation(
        OFFICERS, lambda ids: {"on": "2024-05-25"}, "shown_performance:cancelled"
    ),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("seasons:season", "pk"): "shown_season",
    ("seasons:ask_plan", "pk"): "shown_season",
    ("seasons:add_performance", "pk"): "shown_season",
    ("seasons:village", "pk"): "shown_village",
    ("seasons:plan", "pk"): "shown_plan",
    ("seasons:publish_plan", "pk"): "shown_plan",
    ("seasons:stop_plan", "pk"): "shown_plan",
    ("seasons:hold_performance", "pk"): "shown_performance",
    ("seasons:cancel_performance", "pk"): "shown_performance",
    ("seasons:make_up", "pk"): "shown_performance:cancelled",
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
    Play.objects.create(troupe=troupe, name="示例甲剧目")
    village = Village.objects.create(
        unit=unit, name="示例甲村", township="示例乡", people=900, lon=111.1, lat=37.1
    )
    Wish.objects.create(village=village, occasion="示例甲庙会", since=FIRST, until=FIRST)
    Quiet.objects.create(unit=unit, why="harvest", since=FIRST, until=FIRST)
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
        "shown_season": season.pk,
        "shown_troupe": troupe.pk,
        "shown_village": village.pk,
        "shown_plan": plan.pk,
        "shown_performance": shown.pk,
        "shown_performance:cancelled": cancelled.pk,
    }


def _lines(village: Village, troupe: Troupe) -> list[dict[str, object]]:
    on = (FIRST + dt.timedelta(days=2)).isoformat()
    return [
        {"village": village.pk, "troupe": troupe.pk, "on": on, "order": 1, "km": 1.0, "wish": ""}
    ]
