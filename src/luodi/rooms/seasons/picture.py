"""The map of a season, drawn by the server: villages by how often they are played in, homes of troupes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

from luodi.rooms.seasons.models import Troupe, Village

WIDTH, MARGIN = 640.0, 34.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map. `kind`: `none`, `planned` or `held` for a village, `home` for a troupe."""

    x: float
    y: float
    size: float
    kind: str
    name: str
    says: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    dots: Sequence[Dot]
    routes: Sequence[str]


def drawn(
    villages: Sequence[Village],
    troupes: Sequence[Troupe],
    counts: Mapping[int, tuple[int, int]],
    routes: Iterable[Sequence[Village | Troupe]],
    address: Mapping[int, str],
) -> Picture:
    """Villages with (planned, held) shows, the troupes' homes, and day trips as lines."""
    places: list[Village | Troupe] = [*villages, *troupes]
    if not places:
        return Picture(WIDTH, 0, (), ())
    lon, lat = [float(one.lon) for one in places], [float(one.lat) for one in places]
    narrow = cos(radians(sum(lat) / len(lat)))
    wide = max((max(lon) - min(lon)) * narrow, 0.01)
    tall = max(max(lat) - min(lat), 0.01)
    scale = (WIDTH - 2 * MARGIN) / wide
    height = min(tall * scale, 760.0) + 2 * MARGIN
    scale = min(scale, (height - 2 * MARGIN) / tall)

    def at(one: Village | Troupe) -> tuple[float, float]:
        x = MARGIN + (float(one.lon) - min(lon)) * narrow * scale
        return round(x, 1), round(height - MARGIN - (float(one.lat) - min(lat)) * scale, 1)

    dots = []
    for village in villages:
        planned, held = counts.get(village.pk, (0, 0))
        kind = "held" if held else "planned" if planned else "none"
        size = 4 + 2.2 * min(planned + held, 4)
        says = f"{village.township} {village}: {held}/{planned + held}"
        dots.append(Dot(*at(village), size, kind, village.name, says, address.get(village.pk, "")))
    dots += [Dot(*at(one), 7, "home", one.name, one.name) for one in troupes]
    lines = [" ".join(f"{x},{y}" for x, y in map(at, stops)) for stops in routes]
    return Picture(WIDTH, round(height, 1), dots, lines)
