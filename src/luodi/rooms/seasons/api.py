"""What other rooms may use of seasons."""

from luodi.rooms.seasons.models import (
    Performance,
    Plan,
    Play,
    Quiet,
    Season,
    Troupe,
    Village,
    Wish,
)
from luodi.rooms.seasons.verbs.performing import (
    add_performance,
    cancel_performance,
    hold_performance,
    make_up,
)
from luodi.rooms.seasons.verbs.planning import (
    ask_plan,
    difference,
    publish_plan,
    published,
    stop_plan,
)

__all__ = [
    "Performance",
    "Plan",
    "Play",
    "Quiet",
    "Season",
    "Troupe",
    "Village",
    "Wish",
    "add_performance",
    "ask_plan",
    "cancel_performance",
    "difference",
    "hold_performance",
    "make_up",
    "publish_plan",
    "published",
    "stop_plan",
]
